import { and, eq, lt } from 'drizzle-orm'
import { db } from '~/server/db'
import { bookings } from '~/server/db/schema'

export async function GET(request: Request) {
  const secret = process.env.CRON_SECRET
  if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`)
    return new Response('Unauthorized', { status: 401 })
  await db.delete(bookings).where(and(eq(bookings.paid, false), lt(bookings.startsAt, new Date())))
  return Response.json({ ok: true })
}
