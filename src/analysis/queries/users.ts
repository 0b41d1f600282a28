/** Users that are looked for by what names them. */
import type { Proof } from '../../catalog/meaning.ts'
import { snake, userModel } from '../../catalog/names.ts'
import { From } from '../values/origins.ts'
import { shallowOrigins, type ConditionPair } from '../values/value.ts'
import type { ModelFacts } from '../world.ts'

/** It finds one user. */
export const isUsersId = ({ name }: ModelFacts, { op, column }: ConditionPair): boolean =>
  op === 'eq' && column === 'id' && userModel.test(snake(name))

/** It is read out of what the caller's browser or client keeps, and a signature over that has been checked. */
export function isSignedCredential({ value }: ConditionPair, proofs: readonly Proof[]): boolean {
  const { flags } = shallowOrigins(value)
  const isCredential = (flags & (From.cookie | From.header)) !== 0 && (flags & (From.input | From.row)) === 0
  return isCredential && proofs.includes('signature')
}
