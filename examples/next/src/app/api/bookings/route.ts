import { eq } from 'drizzle-orm'
import { db } from '~/server/db'
import { bookings } from '~/server/db/schema'
import { withMember, withTiming } from '~/server/handlers'

export const GET = withTiming(
  withMember(async (_request, member) =>
    Response.json(await db.query.bookings.findMany({ where: eq(bookings.organizationId, member.organizationId) })),
  ),
)

/** The wrapper that is around it only takes the time. */
export const DELETE = withTiming(async (request) => {
  const id = new URL(request.url).searchParams.get('id') ?? ''
  await db.delete(bookings).where(eq(bookings.id, id))
  return Response.json({ deleted: id })
})
