import 'server-only'
import { eq } from 'drizzle-orm'
import { auth } from './auth'
import { db } from './db'
import { members } from './db/schema'

type Member = typeof members.$inferSelect

/** Refuses whoever is no member of a club. */
export const withMember =
  (handler: (request: Request, member: Member) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const session = await auth.api.getSession({ headers: request.headers })
    if (!session) return Response.json({ error: 'Sign in to continue' }, { status: 401 })
    const member = await db.query.members.findFirst({ where: eq(members.userId, session.user.id) })
    if (!member) return Response.json({ error: 'Members only' }, { status: 403 })
    return handler(request, member)
  }

/** Says how long a request took, and answers errors. */
export const withTiming =
  (handler: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const start = performance.now()
    try {
      return await handler(request)
    } catch (error) {
      console.error(error)
      return Response.json({ error: 'Something went wrong' }, { status: 500 })
    } finally {
      console.info(`${request.method} ${request.url} ${(performance.now() - start).toFixed(0)} ms`)
    }
  }
