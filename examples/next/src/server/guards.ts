import 'server-only'
import { eq } from 'drizzle-orm'
import { headers } from 'next/headers'
import { redirect, unauthorized } from 'next/navigation'
import { cache } from 'react'
import { auth } from './auth'
import { db } from './db'
import { members } from './db/schema'

/** Who is calling, if anybody. */
export const currentSession = cache(async () => auth.api.getSession({ headers: await headers() }))

/** The caller is signed in. */
export async function requireUser() {
  const session = await currentSession()
  if (!session) redirect('/login')
  return session.user
}

/** The caller belongs to a club. */
export const requireMember = cache(async () => {
  const user = await requireUser()
  const member = await db.query.members.findFirst({ where: eq(members.userId, user.id) })
  if (!member) redirect('/login')
  return member
})

/** The caller owns the club. */
export async function requireOwner() {
  const member = await requireMember()
  if (member.role !== 'owner') unauthorized()
  return member
}
