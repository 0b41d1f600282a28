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

export async function requireStaff() {
  const user = await requireUser()
  if (user.role !== 'admin') throw new HttpError(403, 'Staff only')
  return user
}
