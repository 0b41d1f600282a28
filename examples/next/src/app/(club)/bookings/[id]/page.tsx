import { and, eq } from 'drizzle-orm'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { db } from '~/server/db'
import { bookings } from '~/server/db/schema'
import { requireMember } from '~/server/guards'

interface Props {
  params: Promise<{ id: string }>
}

/** The page is guarded, its title is not. */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  const booking = await db.query.bookings.findFirst({ where: eq(bookings.id, id) })
  return { title: booking?.title }
}

export default async function Booking({ params }: Props) {
  const member = await requireMember()
  const { id } = await params
  const booking = await db.query.bookings.findFirst({
    where: and(eq(bookings.id, id), eq(bookings.organizationId, member.organizationId)),
  })
  if (!booking) notFound()

  async function pay() {
    'use server'
    const payer = await requireMember()
    await db
      .update(bookings)
      .set({ paid: true })
      .where(and(eq(bookings.id, id), eq(bookings.organizationId, payer.organizationId)))
  }

  return (
    <main>
      <h1>{booking.title}</h1>
      <form action={pay}>
        <button>Pay</button>
      </form>
    </main>
  )
}
