/** What a guard must do beyond refusing strangers. */
import { isRightOver } from '../analysis/caller/rights.ts'
import type { Proof } from '../catalog/meaning.ts'

export interface Wanted {
  readonly proofs?: readonly string[]
  /** Keys of the context. */
  readonly writes?: readonly string[]
  /** It asks for a right over the rows of these models: a role that may do more than others, or a permission about them. */
  readonly rightOver?: readonly string[]
  /** A file whose own calls come first: the layout around a page. */
  readonly as?: string
}

/** @param wanted undefined: any guard will do */
export const does = (
  wanted: Wanted | undefined,
  guard: { readonly proofs: readonly string[]; readonly writes: readonly string[] },
): boolean => {
  const { proofs = [], writes = [], rightOver } = wanted ?? {}
  return (
    proofs.every((proof) => guard.proofs.includes(proof)) &&
    writes.every((key) => guard.writes.includes(key)) &&
    (rightOver === undefined || guard.proofs.some((proof) => isRightOver(proof as Proof, rightOver)))
  )
}
