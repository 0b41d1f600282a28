import { eq } from 'drizzle-orm'
import { unstable_cache } from 'next/cache'
import { db } from '~/server/db'
import { bookings, rooms } from '~/server/db/schema'
import { requireMember } from '~/server/guards'

const roomsOf = unstable_cache(
  (club: string) => db.query.rooms.findMany({ where: eq(rooms.organizationId, club) }),
  ['rooms'],
  { revalidate: 600 },
)

/** The rooms are kept for each club apart; the bookings of whoever came first are kept for all. */
export default async function Spending() {
  const member = await requireMember()
  const bookingsOfMember = unstable_cache(
    () => db.query.bookings.findMany({ where: eq(bookings.userId, member.userId) }),
    ['bookings'],
    { revalidate: 600 },
  )
  const [all, mine] = await Promise.all([roomsOf(member.organizationId), bookingsOfMember()])
  const cents = mine.map((booking) => all.find((room) => room.id === booking.roomId)?.hourlyCents ?? 0)
  return <main>{(cents.reduce((sum, each) => sum + each, 0) / 100).toFixed(2)}</main>
}
