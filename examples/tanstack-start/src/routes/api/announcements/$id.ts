import { createFileRoute } from '@tanstack/react-router'
import { eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { announcements } from '~/server/db/schema'
import { staffMiddleware } from '~/server/middleware'

export const Route = createFileRoute('/api/announcements/$id')({
  server: {
    handlers: ({ createHandlers }) =>
      createHandlers({
        GET: {
          middleware: [staffMiddleware],
          handler: async ({ params }) => {
            const announcement = await db.query.announcements.findFirst({
              where: eq(announcements.id, params.id),
            })
            return announcement ? Response.json(announcement) : new Response('Not found', { status: 404 })
          },
        },
        DELETE: async ({ params }) => {
          await db.delete(announcements).where(eq(announcements.id, params.id))
          return new Response(null, { status: 204 })
        },
      }),
  },
})
