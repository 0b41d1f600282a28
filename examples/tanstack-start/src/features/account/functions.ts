import { createServerFn } from '@tanstack/react-start'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { profiles } from '~/server/db/schema'
import { accountMiddleware, authMiddleware } from '~/server/middleware'

export const getProfile = createServerFn()
  .middleware([authMiddleware])
  .handler(async ({ context }) => {
    const profile = await db.query.profiles.findFirst({ where: eq(profiles.userId, context.user.id) })
    return profile ?? { userId: context.user.id, displayName: context.user.name, timezone: 'UTC' }
  })

export const updateProfile = createServerFn({ method: 'POST' })
  .validator(z.object({ userId: z.string(), displayName: z.string().min(1), timezone: z.string() }))
  .handler(async ({ data }) => {
    const { displayName, timezone } = data
    await db.update(profiles).set({ displayName, timezone }).where(eq(profiles.userId, data.userId))
  })

export const saveProfile = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .validator((changes: Partial<typeof profiles.$inferInsert>) => changes)
  .handler(async ({ data, context }) => {
    await db.update(profiles).set(data).where(eq(profiles.userId, context.user.id))
  })

export const getTimezone = createServerFn()
  .middleware([accountMiddleware])
  .handler(({ context }) => {
    return db.query.profiles.findFirst({ where: eq(profiles.userId, context.user.id) })
  })
