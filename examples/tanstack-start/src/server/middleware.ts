import { redirect } from '@tanstack/react-router'
import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { and, eq } from 'drizzle-orm'
import { authClient } from '~/lib/auth-client'
import { auth } from './auth'
import { db } from './db'
import { member } from './db/schema'
import { HttpError } from './http-error'

/** The caller is signed in. */
export const authMiddleware = createMiddleware().server(async ({ next, request }) => {
  const session = await auth.api.getSession({ headers: request.headers })
  if (!session) throw new HttpError(401, 'Sign in to continue')
  return next({ context: { user: session.user, activeOrganizationId: session.session.activeOrganizationId } })
})

/** The caller is a member of the organisation that is selected in the session. */
export const orgMiddleware = createMiddleware()
  .middleware([authMiddleware])
  .server(async ({ next, context }) => {
    if (!context.activeOrganizationId) throw new HttpError(403, 'Select an organisation first')
    const membership = await db.query.member.findFirst({
      where: and(eq(member.userId, context.user.id), eq(member.organizationId, context.activeOrganizationId)),
    })
    if (!membership) throw new HttpError(403, 'You are not a member of this organisation')
    return next({ context: { organizationId: membership.organizationId, orgRole: membership.role } })
  })

/** The caller has one of the roles in the organisation. */
export function orgRoleMiddleware(...allowed: string[]) {
  return createMiddleware({ type: 'function' })
    .middleware([orgMiddleware])
    .server(async ({ next, context }) => {
      if (!allowed.includes(context.orgRole)) throw new HttpError(403, `Only for ${allowed.join(' and ')}`)
      return next()
    })
}

/** The caller works for Tallybook. */
export const staffMiddleware = createMiddleware()
  .middleware([authMiddleware])
  .server(async ({ next, context }) => {
    if (context.user.role !== 'admin') throw new HttpError(403, 'Staff only')
    return next()
  })

/** Who is calling, if anybody. */
export const sessionMiddleware = createMiddleware().server(async ({ next, request }) => {
  const session = await auth.api.getSession({ headers: request.headers })
  return next({ context: { session } })
})

/** The user, for pages that work without one. */
export const viewerMiddleware = createMiddleware({ type: 'function' }).server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  return next({ context: { ...(session && { user: session.user }) } })
})

/** Sends people who are not signed in to the login page. */
export const signedInMiddleware = createMiddleware({ type: 'function' }).client(async ({ next }) => {
  const { data } = await authClient.getSession()
  if (!data) throw redirect({ to: '/login' })
  return next()
})

/** The caller works for Tallybook. */
export const requireStaffMiddleware = createMiddleware().server(async ({ next, request }) => {
  const session = await auth.api.getSession({ headers: request.headers })
  if (session && session.user.role !== 'admin') throw new HttpError(403, 'Staff only')
  return next()
})

/** The caller is signed in, except while support looks at an installation together with a customer. */
export const supportMiddleware = createMiddleware().server(async ({ next, request }) => {
  if (process.env.SUPPORT_MODE !== 'on') {
    const session = await auth.api.getSession({ headers: request.headers })
    if (!session) throw new Error('Sign in to continue')
  }
  return next()
})

/** The caller, for the account page. */
export const accountMiddleware = createMiddleware().server(async ({ next, request }) => {
  const session = await auth.api.getSession({ headers: request.headers })
  return next({ context: { user: session!.user } })
})
