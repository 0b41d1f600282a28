/** Type predicates: what they were asked of is what they said it is. */
import { describe } from 'vitest'
import { guarded, handler, session, unguarded, work } from './harness.ts'

/** A wrapper that hands back what stopped it, and a helper that gives either. */
const helpers = `
  const isProblem = (value: unknown): value is { problem: string } => typeof value === 'object' && value !== null && 'problem' in value
  async function contextOf() {
    ${session}
    if (process.env.CLOSED) return { problem: 'closed' }
    return { user: session?.user }
  }
  async function checked() {
    const found = await contextOf()
    if (isProblem(found)) return found
    if (!found.user) return { problem: 'sign in' }
    return found
  }\n`

describe('a predicate that is asked twice', () => {
  guarded({
    'of what a helper handed on': `${helpers}${handler(`const found = await checked(); if (isProblem(found)) throw redirect({ to: '/login' }); ${work}`)}`,
  })
  unguarded({
    'of something else': `${helpers}${handler(`const found = await checked(); if (isProblem(data)) throw redirect({ to: '/login' }); ${work}`)}`,
    'and is wrong': `${helpers.replace("'problem' in value", "'other' in value")}${handler(`const found = await checked(); if (isProblem(found)) throw redirect({ to: '/login' }); ${work}`)}`,
    'and asks itself': `${helpers}
      const isNested = (value: any): value is { inner: object } => value && isNested(value.inner)
      ${handler(`const found: any = data.deep ? { inner: { inner: data } } : { user: 1 }; if (isNested(found)) return; ${work}`)}`,
  })
})
