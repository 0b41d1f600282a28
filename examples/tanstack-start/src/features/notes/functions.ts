import { redirect } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { and, desc, eq, ilike } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { notes, profiles } from '~/server/db/schema'
import { authedFn } from '~/server/functions'
import { currentSession, requireUser as signedInUser } from '~/server/guards'
import { HttpError } from '~/server/http-error'
import { authMiddleware } from '~/server/middleware'

const noteBody = z.string().min(1).max(2_000)

export const listNotes = createServerFn()
  .middleware([authMiddleware])
  .handler(({ context }) => {
    return db.query.notes.findMany({ where: eq(notes.ownerId, context.user.id), orderBy: desc(notes.createdAt) })
  })

export const searchNotes = createServerFn()
  .validator(z.object({ text: z.string() }))
  .handler(async ({ data }) => {
    const session = await currentSession()
    return db
      .select()
      .from(notes)
      .where(and(ilike(notes.body, `%${data.text}%`), session?.user && eq(notes.ownerId, session.user.id)))
  })

export const createNote = createServerFn({ method: 'POST' })
  .validator(z.object({ body: noteBody }))
  .handler(async ({ data }) => {
    const session = await currentSession()
    if (!session) redirect({ to: '/login' })
    const id = crypto.randomUUID()
    await db.insert(notes).values({ id, ownerId: session?.user.id, body: data.body })
    return { id }
  })

export const updateNote = createServerFn({ method: 'POST' })
  .validator(z.object({ noteId: z.string(), body: noteBody }))
  .handler(async ({ data }) => {
    const user = await signedInUser()
    const updated = await db
      .update(notes)
      .set({ body: data.body })
      .where(and(eq(notes.id, data.noteId), eq(notes.ownerId, user.id)))
      .returning({ id: notes.id })
    return { updated: updated.length }
  })

export const deleteNote = createServerFn({ method: 'POST' })
  .validator(z.object({ noteId: z.string() }))
  .handler(async ({ data }) => {
    const note = await db.query.notes.findFirst({ where: eq(notes.id, data.noteId) })
    const session = await currentSession()
    if (!note || !session || note.ownerId !== session.user.id) throw new HttpError(404, 'No such note')
    await db.delete(notes).where(eq(notes.id, note.id))
  })

export const getNote = authedFn()
  .validator(z.object({ noteId: z.string() }))
  .handler(async ({ data, context }) => {
    console.info('read', data.noteId, context.user.id)
    const note = await db.query.notes.findFirst({ where: eq(notes.id, data.noteId) })
    if (!note) throw new HttpError(404, 'No such note')
    return note
  })

export const exportNotes = authedFn().handler(async ({ context }) => {
  const profile = await db.query.profiles.findFirst({ where: eq(profiles.userId, context.user.id) })
  return db.query.notes.findMany({ where: profile ? eq(notes.ownerId, profile.userId) : undefined })
})

let viewer: { id: string } | undefined

export const latestNote = authedFn().handler(({ context }) => {
  viewer ??= context.user
  return db.query.notes.findFirst({ where: eq(notes.ownerId, viewer.id), orderBy: desc(notes.createdAt) })
})

/** Nobody owns what comes from the old system. */
export const importNote = createServerFn({ method: 'POST' })
  .validator(z.object({ body: noteBody }))
  .handler(async ({ data }) => {
    await db.insert(notes).values({ id: crypto.randomUUID(), body: data.body })
  })
