import { eq } from 'drizzle-orm'
import Link from 'next/link'
import { Suspense } from 'react'
import { createBooking } from '~/features/bookings/actions'
import { db } from '~/server/db'
import { bookings, rooms } from '~/server/db/schema'
import { requireMember } from '~/server/guards'

export default async function Bookings() {
  const member = await requireMember()
  const all = await db.query.bookings.findMany({ where: eq(bookings.organizationId, member.organizationId) })
  return (
    <main>
      <ul>
        {all.map((booking) => (
          <li key={booking.id}>
            <Link href={`/bookings/${booking.id}`}>{booking.title}</Link>
          </li>
        ))}
      </ul>
      <form action={createBooking}>
        <input name="title" required />
        <Suspense fallback={null}>
          <RoomList />
        </Suspense>
        <input name="startsAt" type="datetime-local" required />
        <button>Book</button>
      </form>
    </main>
  )
}

/** A component that loads data itself asks for itself. */
async function RoomList() {
  const member = await requireMember()
  const all = await db.query.rooms.findMany({ where: eq(rooms.organizationId, member.organizationId) })
  return (
    <select name="roomId">
      {all.map((room) => (
        <option key={room.id} value={room.id}>
          {room.name}
        </option>
      ))}
    </select>
  )
}
