import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from '../auth'
import { HttpError } from '../http-error'

export function currentSession() {
  return auth.api.getSession({ headers: getRequestHeaders() })
}

export async function requireUser() {
  const session = await currentSession()
  if (!session) throw new HttpError(401, 'Sign in to continue')
  return session.user
}

/** For what Tallybook lets single people do. */
export async function requireGrant(grant: string) {
  const user = await requireUser()
  if (!user.grants.includes(grant)) throw new HttpError(403, `Only for those with ${grant}`)
  return user
}

export async function requireStaff() {
  const user = await requireUser()
  if (user.role !== 'admin') throw new HttpError(403, 'Staff only')
  return user
}
