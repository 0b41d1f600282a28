import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { bookings } from '~/server/db/schema'
import { isSignedByPayments } from '~/server/signature'

const event = z.object({ bookingId: z.string() })

export async function POST(request: Request) {
  const body = await request.text()
  if (!isSignedByPayments(body, request.headers.get('x-payments-signature')))
    return new Response('Bad signature', { status: 401 })
  const { bookingId } = event.parse(JSON.parse(body))
  await db.update(bookings).set({ paid: true }).where(eq(bookings.id, bookingId))
  return Response.json({ received: true })
}
