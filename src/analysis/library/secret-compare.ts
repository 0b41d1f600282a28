/** What the caller sends, compared with what only the server knows: nobody guesses a secret. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Machine } from '../machine.ts'
import { addSource } from '../caller/decisions.ts'
import { tiesOf } from '../caller/ties.ts'
import { shownByHand } from '../caller/unforged.ts'
import { callerChosen, From, kept, merge, origins, type OpaqueRef, type Origins, type Site } from '../values/origins.ts'
import { alternatives, constant, unknown, type Value } from '../values/value.ts'

/** What the caller sends is compared with something that only the server knows. */
export function secretCompare(m: Machine, a: Value, b: Value, site: Site, proves?: Proof): Value | undefined {
  const fromA = m.heap.originsOf(a)
  const fromB = m.heap.originsOf(b)
  const settingOf = (from: Origins): boolean => (from.flags & From.setting) !== 0 && (from.flags & kept) === 0
  const sent = (from: Origins): boolean => (from.flags & callerChosen) !== 0 && (from.flags & kept) === 0
  if ((settingOf(fromA) && sent(fromB)) || (settingOf(fromB) && sent(fromA))) {
    const name = nameOfSecret(settingOf(fromA) ? a : b) ?? 'a variable'
    const reason = 'nothing tells whether it is a secret'
    const ref = m.world.same<OpaqueRef>({ t: 'opaque', name, reason, site, mayBeEffect: false })
    return unknown(merge(merge(fromA, fromB), origins(From.nothing, ref)), { nullish: 'no' })
  }
  const secretIsA = knows(fromA, fromB, isDigested(b))
  if (!secretIsA && !knows(fromB, fromA, isDigested(a))) return undefined
  const [secret, sentBy] = secretIsA ? [fromA, fromB] : [fromB, fromA]
  const proof: Proof =
    proves ??
    ((secret.flags & From.secret) === 0 ? 'capability' : (secret.flags & callerChosen) !== 0 ? 'signature' : 'secret')
  const name = nameOfSecret(secretIsA ? a : b) ?? 'a secret'
  const link = proof === 'signature' && ((fromA.flags | fromB.flags) & From.input) !== 0
  const source = addSource(m, { t: 'source', proof, name, site, trust: 'verified', ...(link ? { ofLink: true } : {}) })
  const from = merge(merge(fromA, fromB), origins(0, source))
  const whenTrue = [proof, ...shownByHand(proof, sentBy.flags), ...ownedBySecret(m, secretIsA ? a : b)]
  return m.lacks(proof) ? constant(false, from) : unknown(from, { nullish: 'no', whenTrue })
}

/** Whose owner alone knows it, that row is the caller's who does: a tracking code, the hash of one. */
const ownedBySecret = (m: Machine, value: Value): readonly Proof[] =>
  m.tracing && value.t === 'unknown' && value.term?.row !== undefined ? tiesOf(value.term) : []

/** One side is known to the server (or to the owner of the row), the other is what the caller sends, or was made of that. */
function knows(server: Origins, caller: Origins, isDigest: boolean): boolean {
  if ((caller.flags & callerChosen) === 0) return false
  // the hash of what was sent may be made with a secret beside, or with a salt that is kept along with the hash
  if ((server.flags & From.stored) !== 0 && (server.flags & callerChosen) === 0)
    return isDigest || (caller.flags & From.stored) === 0
  return (server.flags & kept) !== 0 && (caller.flags & kept) === 0
}

const isDigested = (value: Value): boolean =>
  alternatives(value).every((part) => part.t === 'unknown' && part.digested === true)

const nameOfSecret = (value: Value): string | undefined => (value.t === 'unknown' ? value.key : undefined)
