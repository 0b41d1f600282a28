import { eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { rooms } from '~/server/db/schema'
import { withMember } from '~/server/handlers'

/** The answer is the club's, and any cache on the way may hand it to others. */
export const GET = withMember(async (_request, member) =>
  Response.json(await db.query.rooms.findMany({ where: eq(rooms.organizationId, member.organizationId) }), {
    headers: { 'Cache-Control': 'public, max-age=300' },
  }),
)
