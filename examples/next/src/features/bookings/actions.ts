'use server'

import { and, eq } from 'drizzle-orm'
import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { actionClient, memberAction, viewerAction } from '~/server/action-clients'
import { auth } from '~/server/auth'
import { db } from '~/server/db'
import { bookings, rooms } from '~/server/db/schema'
import { currentSession, requireMember } from '~/server/guards'

const newBooking = z.object({ roomId: z.string(), title: z.string().min(1), startsAt: z.coerce.date() })

export async function createBooking(form: FormData) {
  const member = await requireMember()
  const { roomId, ...data } = newBooking.parse(Object.fromEntries(form))
  const room = await db.query.rooms.findFirst({
    where: and(eq(rooms.id, roomId), eq(rooms.organizationId, member.organizationId)),
  })
  if (!room) throw new Error('No such room')
  await db
    .insert(bookings)
    .values({ ...data, roomId: room.id, organizationId: member.organizationId, userId: member.userId })
  revalidatePath('/bookings')
}

export const renameBooking = memberAction
  .inputSchema(z.object({ id: z.string(), title: z.string().min(1) }))
  .action(async ({ parsedInput, ctx }) => {
    await db
      .update(bookings)
      .set({ title: parsedInput.title })
      .where(and(eq(bookings.id, parsedInput.id), eq(bookings.organizationId, ctx.member.organizationId)))
  })

/** The client is the one that checks the shape of the input, and is called like the one that checks the caller. */
export const moveBooking = actionClient
  .inputSchema(z.object({ id: z.string(), startsAt: z.coerce.date() }))
  .action(async ({ parsedInput }) => {
    await db.update(bookings).set({ startsAt: parsedInput.startsAt }).where(eq(bookings.id, parsedInput.id))
  })

/** The client's middleware knows the caller and lets everybody through. */
export const markPaid = viewerAction.inputSchema(z.object({ id: z.string() })).action(async ({ parsedInput, ctx }) => {
  await db.update(bookings).set({ paid: true }).where(eq(bookings.id, parsedInput.id))
  return { by: ctx.user?.name }
})

/** The guard is not awaited. */
export async function cancelBooking(id: string) {
  requireMember()
  await db.delete(bookings).where(eq(bookings.id, id))
  revalidatePath('/bookings')
}

/** The session is asked for, and nobody looks at it. */
export async function transferBooking(id: string, userId: string) {
  await currentSession()
  await db.update(bookings).set({ userId }).where(eq(bookings.id, id))
}

/** The refusal is caught, and the work goes on. */
export async function repeatBooking(id: string) {
  try {
    await requireMember()
  } catch (error) {
    console.warn('not a member', error)
  }
  const booking = await db.query.bookings.findFirst({ where: eq(bookings.id, id) })
  if (booking) await db.insert(bookings).values({ ...booking, id: crypto.randomUUID() })
}

/** A helper of the page that became an endpoint because its file says 'use server'. */
export async function bookingsOfClub(organizationId: string) {
  return db.query.bookings.findMany({ where: eq(bookings.organizationId, organizationId) })
}

/** The caller's own session, and nothing else. */
export async function whoAmI() {
  const session = await auth.api.getSession({ headers: await headers() })
  return session ? { name: session.user.name } : null
}
