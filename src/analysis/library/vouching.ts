/**
 * What the server vouches for later (a sealed session, a signed token) says who somebody is by the caller's own word, and
 * nothing has asked them to show that they are.
 */
import type { CallMeaning } from '../../catalog/meaning.ts'
import { saysWho, snake } from '../../catalog/names.ts'
import { argumentAt } from './arguments.ts'
import type { Effect } from '../effects.ts'
import type { Machine } from '../machine.ts'
import type { RunLog } from '../run-log.ts'
import { callerChosen, type Origins } from '../values/origins.ts'
import { alternatives, undefinedValue, type Value } from '../values/value.ts'

/** The call makes a session, or a token, of what the caller says of themselves. */
export function vouchesForCaller(
  m: Machine,
  { vouches }: CallMeaning,
  args: readonly Value[],
  self: Value | undefined,
): boolean {
  if (vouches === undefined || !m.anonymous) return false
  const given = vouches === 'self' ? self : argumentAt(m, vouches, args)
  return alternatives(given ?? undefinedValue).some((part) =>
    [...(m.heap.object(part)?.props ?? [])].some(
      ([key, value]) => saysWho.test(snake(key)) && isOwnWord(m.heap.originsOf(value)),
    ),
  )
}

/** The caller's word, and nothing else: nothing that was found by it, or that a service has answered to it. */
const isOwnWord = ({ flags, refs }: Origins): boolean =>
  (flags & callerChosen) !== 0 && (flags & ~callerChosen) === 0 && refs.length === 0

/** Before, somebody was given what the caller sent, and may have found it wrong: a service that checks credentials. */
export const wasAsked = ({ credentials, opaque, effects }: RunLog, minting: Effect): boolean =>
  credentials.length > 0 ||
  opaque.length > 0 ||
  effects.some(
    ({ id, kind, fromInput, mints }) => id < minting.id && fromInput && !mints && kind !== 'db' && kind !== 'mail',
  )
