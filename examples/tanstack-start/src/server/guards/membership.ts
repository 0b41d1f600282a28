import { and, eq } from 'drizzle-orm'
import { db } from '../db'
import { member } from '../db/schema'
import { HttpError } from '../http-error'
import { requireUser } from './session'

/** For what a member of several organisations does in one of them. */
export async function requireMembership(organizationId: string) {
  const user = await requireUser()
  const membership = await db.query.member.findFirst({
    where: and(eq(member.userId, user.id), eq(member.organizationId, organizationId)),
  })
  if (!membership) throw new HttpError(403, 'You are not a member of this organisation')
  return membership
}
