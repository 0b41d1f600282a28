import { eq } from 'drizzle-orm'
import { createRoom, deleteRoom } from '~/features/rooms/actions'
import { db } from '~/server/db'
import { rooms } from '~/server/db/schema'
import { requireOwner } from '~/server/guards'

export default async function Rooms() {
  const owner = await requireOwner()
  const all = await db.query.rooms.findMany({ where: eq(rooms.organizationId, owner.organizationId) })
  return (
    <main>
      {all.map((room) => (
        <form key={room.id} action={deleteRoom.bind(null, room.id)}>
          {room.name} <button>Delete</button>
        </form>
      ))}
      <form action={createRoom}>
        <input name="name" required />
        <input name="hourlyCents" type="number" required />
        <button>Add</button>
      </form>
    </main>
  )
}
