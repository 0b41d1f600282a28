import 'server-only'
import { createSafeActionClient } from 'next-safe-action'
import { currentSession, requireMember } from './guards'

/** Checks the shape of what is sent, and nothing else. */
export const actionClient = createSafeActionClient()

/** Members only. */
export const memberAction = createSafeActionClient().use(async ({ next }) => {
  const member = await requireMember()
  return next({ ctx: { member } })
})

/** Knows who is calling, if anybody. */
export const viewerAction = createSafeActionClient().use(async ({ next }) => {
  const session = await currentSession()
  return next({ ctx: { user: session?.user } })
})
