import { createFileRoute } from '@tanstack/react-router'
import { asc, eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { invoices } from '~/server/db/schema'
import { orgMiddleware } from '~/server/middleware'

export const Route = createFileRoute('/api/invoices/export')({
  server: {
    middleware: [orgMiddleware],
    handlers: {
      GET: async ({ context }) => {
        const rows = await db.query.invoices.findMany({
          where: eq(invoices.organizationId, context.organizationId),
          orderBy: asc(invoices.number),
        })
        const lines = rows.map((row) => [row.number, row.customer, row.amountCents, row.status].join(','))
        return new Response(['number,customer,amount,status', ...lines].join('\n'), {
          headers: { 'content-type': 'text/csv', 'cache-control': 'private, no-store' },
        })
      },
    },
  },
})
