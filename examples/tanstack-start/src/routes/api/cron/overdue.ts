import { createFileRoute } from '@tanstack/react-router'
import { and, eq, lt } from 'drizzle-orm'
import { db } from '~/server/db'
import { invoices } from '~/server/db/schema'
import { env } from '~/server/env'

export const Route = createFileRoute('/api/cron/overdue')({
  server: {
    handlers: {
      POST: async ({ request }) => {
        if (request.headers.get('authorization') !== `Bearer ${env.cronSecret}`) {
          return new Response('Unauthorized', { status: 401 })
        }
        const overdue = await db
          .update(invoices)
          .set({ status: 'overdue' })
          .where(and(eq(invoices.status, 'open'), lt(invoices.dueAt, new Date())))
          .returning({ id: invoices.id })
        return Response.json({ overdue: overdue.length })
      },
    },
  },
})
