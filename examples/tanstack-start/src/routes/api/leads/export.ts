import { createFileRoute } from '@tanstack/react-router'
import { asc } from 'drizzle-orm'
import { db } from '~/server/db'
import { leads } from '~/server/db/schema'

export const Route = createFileRoute('/api/leads/export')({
  server: {
    handlers: {
      GET: async ({ request }) => {
        // The gateway sets it when it has checked the caller.
        if (request.headers.get('x-user-role') !== 'admin') return new Response('Staff only', { status: 403 })
        const rows = await db.select().from(leads).orderBy(asc(leads.createdAt))
        const lines = rows.map((row) => [row.company, row.email].join(','))
        return new Response(['company,email', ...lines].join('\n'), { headers: { 'content-type': 'text/csv' } })
      },
    },
  },
})
