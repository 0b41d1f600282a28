import { createServerFn } from '@tanstack/react-start'
import { and, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { comments, featureRequests } from '~/server/db/schema'
import { authedFn } from '~/server/functions'
import { HttpError } from '~/server/http-error'
import { sessionMiddleware, signedInMiddleware, viewerMiddleware } from '~/server/middleware'

const requestId = z.object({ requestId: z.string() })

export const listFeatureRequests = authedFn().handler(() => {
  return db.query.featureRequests.findMany({ with: { comments: true }, orderBy: desc(featureRequests.votes) })
})

export const voteForFeature = createServerFn({ method: 'POST' })
  .middleware([signedInMiddleware])
  .validator(requestId)
  .handler(async ({ data }) => {
    await db
      .update(featureRequests)
      .set({ votes: sql`${featureRequests.votes} + 1` })
      .where(eq(featureRequests.id, data.requestId))
  })

export const commentOnFeature = createServerFn({ method: 'POST' })
  .middleware([sessionMiddleware])
  .validator(requestId.extend({ body: z.string().min(1).max(500) }))
  .handler(async ({ data, context }) => {
    const id = crypto.randomUUID()
    await db.insert(comments).values({
      id,
      featureRequestId: data.requestId,
      authorId: context.session?.user.id,
      body: data.body,
    })
    return { id }
  })

export const withdrawFeatureRequest = createServerFn({ method: 'POST' })
  .middleware([viewerMiddleware])
  .validator(requestId)
  .handler(async ({ data, context }) => {
    if (!context.user) throw new HttpError(401, 'Sign in to withdraw a request')
    await db
      .delete(featureRequests)
      .where(and(eq(featureRequests.id, data.requestId), eq(featureRequests.requestedBy, context.user.id)))
  })

export const requestFeature = authedFn({ method: 'POST' })
  .validator(z.object({ title: z.string().min(1), requestedBy: z.string() }))
  .handler(async ({ data }) => {
    await db
      .insert(featureRequests)
      .values({ id: crypto.randomUUID(), title: data.title, requestedBy: data.requestedBy })
  })
