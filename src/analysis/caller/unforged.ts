/**
 * What shows that no page of another site made the caller's browser send a request: it carries what such a page cannot send
 * along. That says nothing of who calls.
 */
import type { Proof } from '../../catalog/meaning.ts'
import type { Machine } from '../machine.ts'
import { callerChosen, From, kept } from '../values/origins.ts'
import { isNullish, type Value } from '../values/value.ts'

/**
 * What a secret was shown with. Whoever makes up a link does not know it, and no link sets a header; what a browser keeps for
 * its user goes along by itself, and a link that was signed is whoever's that got it.
 */
export function shownByHand(proof: Proof, sent: number): readonly Proof[] {
  if ((sent & From.cookie) !== 0) return []
  const isInHeader = (sent & callerChosen) === From.header
  return proof === 'secret' || (proof === 'signature' && isInHeader) ? ['unforged'] : []
}

/**
 * What was sent is what the caller's browser keeps, as `state` of OAuth is: the request was begun in that browser, by this
 * application (RFC 6749, 10.12). Where both are missing they are equal as well.
 */
export function begunHere(m: Machine, a: Value, b: Value): readonly Proof[] {
  const [one, other] = [m.heap.originsOf(a).flags, m.heap.originsOf(b).flags]
  const isPair = (kept: number, sent: number): boolean =>
    (kept & callerChosen) === From.cookie && (sent & From.input) !== 0 && (sent & From.cookie) === 0
  if (((one | other) & kept) !== 0 || !(isPair(one, other) || isPair(other, one))) return []
  return isNullish(a) === false || isNullish(b) === false ? ['unforged'] : []
}
