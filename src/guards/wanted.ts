/** What a guard must do beyond refusing strangers. */
import { isRightOver } from '../analysis/rights.ts'
import type { Proof } from '../catalog/meaning.ts'

export interface Wanted {
  readonly proofs?: readonly string[]
  /** Keys of the context. */
  readonly writes?: readonly string[]
  /** It asks for a right over the rows of these models: a role that may do more than others, or a permission about them. */
  readonly rightOver?: readonly string[]
}

export const does = (
  { proofs = [], writes = [], rightOver }: Wanted = {},
  guard: { readonly proofs: readonly string[]; readonly writes: readonly string[] },
): boolean =>
  proofs.every((proof) => guard.proofs.includes(proof)) &&
  writes.every((key) => guard.writes.includes(key)) &&
  (rightOver === undefined || guard.proofs.some((proof) => isRightOver(proof as Proof, rightOver)))
