import { createFileRoute } from '@tanstack/react-router'
import { eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { invoices } from '~/server/db/schema'

export const Route = createFileRoute('/api/cron/remind')({
  server: {
    handlers: {
      POST: async ({ request }) => {
        if (request.headers.get('authorization') !== `Bearer ${process.env.REMINDER_SECRET}`) {
          return new Response('Unauthorized', { status: 401 })
        }
        const reminded = await db
          .update(invoices)
          .set({ remindedAt: new Date() })
          .where(eq(invoices.status, 'overdue'))
          .returning({ id: invoices.id })
        return Response.json({ reminded: reminded.length })
      },
    },
  },
})
