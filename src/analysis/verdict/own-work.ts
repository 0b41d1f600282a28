/** Helpers that ask who calls in front of what they read themselves: what they answer is no check of whoever calls them. */
import { membershipModel, snake, userModel } from '../../catalog/names.ts'
import type { Decision } from '../caller/decisions.ts'
import type { Effect } from '../effects.ts'
import { From, siteKey } from '../values/origins.ts'
import { shallowOrigins } from '../values/value.ts'
import type { Run } from './runs.ts'
import { whereAsked } from './stacks.ts'

/**
 * The decisions that are left without those which stood before what a helper reads and answers with, and kept this caller from it.
 *
 * @param a the run of somebody who proves nothing
 * @param b the run of somebody who is signed in
 */
export function withoutOwnWork(decisions: readonly Decision[], a: Run, b: Run): readonly Decision[] {
  const open = callsOf(a.reached)
  const behind = callsOf(b.reached.filter(isShown))
  return decisions.filter(({ stack }) => {
    const asked = whereAsked(stack)
    return !asked || open.has(siteKey(asked)) || !behind.has(siteKey(asked))
  })
}

/** The calls in the entry point's own code that led to them. */
const callsOf = (effects: readonly Effect[]): ReadonlySet<string> =>
  new Set(effects.map(({ stack }) => whereAsked(stack)).flatMap((site) => (site ? [siteKey(site)] : [])))

/** What a lookup of the caller writes, it writes for itself: a session that is renewed, or forgotten. */
const isShown = (effect: Effect): boolean => !effect.write && effect.exposed === 'shown' && !isIdentity(effect)

/** Who somebody is: their session, or their own row among the users' and the members'. */
function isIdentity({ kind, model, conditions = [] }: Effect): boolean {
  if (kind === 'identity' || model?.session === true) return true
  const isOwn = conditions.some(({ value }) => (shallowOrigins(value).flags & From.principal) !== 0)
  const name = snake(model?.name ?? '')
  return isOwn && (userModel.test(name) || membershipModel.test(name))
}
