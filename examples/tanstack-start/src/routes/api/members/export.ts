import { createFileRoute } from '@tanstack/react-router'
import { asc, eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { member, user } from '~/server/db/schema'
import { orgMiddleware } from '~/server/middleware'

export const Route = createFileRoute('/api/members/export')({
  server: {
    middleware: [orgMiddleware],
    handlers: {
      GET: async ({ context }) => {
        const rows = await db
          .select({ name: user.name, email: user.email, role: member.role })
          .from(member)
          .innerJoin(user, eq(user.id, member.userId))
          .where(eq(member.organizationId, context.organizationId))
          .orderBy(asc(user.name))
        const lines = rows.map((row) => [row.name, row.email, row.role].join(','))
        return new Response(['name,email,role', ...lines].join('\n'), {
          headers: { 'content-type': 'text/csv', 'cache-control': 'public, max-age=300' },
        })
      },
    },
  },
})
