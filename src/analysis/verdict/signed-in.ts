/** A session that the application signs itself: who shows it is somebody, and not only holds something that was signed. */
import type { Effect } from '../effects.ts'
import { isSignedCredential, isUsersId } from '../queries/users.ts'
import { From, type Source } from '../values/origins.ts'
import { shallowOrigins, type ConditionPair } from '../values/value.ts'

/**
 * Each of these signatures is over what the caller's browser or client keeps, and what it says is taken for who the caller is:
 * a user, or the rows of one, are looked for by it. Nobody is known by a signed link, nor by the signature of a service.
 *
 * @param sources those of them that are signatures
 */
export const isSession = (sources: readonly Source[], effects: readonly Effect[]): boolean =>
  sources.length > 0 &&
  sources.every((source) => source.ofLink !== true) &&
  effects.some((effect) => (effect.conditions ?? []).some((pair) => namesUser(effect, pair, sources)))

function namesUser({ model, proofs }: Effect, pair: ConditionPair, sources: readonly Source[]): boolean {
  if (!model || pair.op !== 'eq') return false
  if (!model.ownerKeys.includes(pair.column) && !isUsersId(model, pair)) return false
  const { flags, refs } = shallowOrigins(pair.value)
  // else what was signed is read again, apart from its signature
  return (flags & From.principal) !== 0
    ? sources.some((source) => refs.includes(source))
    : isSignedCredential(pair, proofs)
}
