'use server'

import { and, eq } from 'drizzle-orm'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { db } from '~/server/db'
import { rooms } from '~/server/db/schema'
import { requireOwner } from '~/server/guards'

const newRoom = z.object({ name: z.string().min(1), hourlyCents: z.coerce.number().int() })

export async function createRoom(form: FormData) {
  const owner = await requireOwner()
  await db.insert(rooms).values({ ...newRoom.parse(Object.fromEntries(form)), organizationId: owner.organizationId })
  revalidatePath('/rooms')
}

export async function renameRoom(id: string, name: string) {
  const owner = await requireOwner()
  await db
    .update(rooms)
    .set({ name })
    .where(and(eq(rooms.id, id), eq(rooms.organizationId, owner.organizationId)))
  revalidatePath('/rooms')
}

/** Nothing checks the caller: the layout of the page that has the button does not protect what the button calls. */
export async function deleteRoom(id: string) {
  await db.delete(rooms).where(eq(rooms.id, id))
  revalidatePath('/rooms')
}

/** The guard comes after the work. */
export async function repriceRoom(id: string, hourlyCents: number) {
  await db.update(rooms).set({ hourlyCents }).where(eq(rooms.id, id))
  await requireOwner()
  revalidatePath('/rooms')
}
