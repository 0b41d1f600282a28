/** What proofs say. */
import type { Proof } from '../catalog/meaning.ts'

/** `permission:a,b` asks for both. */
export const permissionsIn = (proofs: readonly Proof[]): readonly string[] => [
  ...new Set(
    proofs.flatMap((proof) => (proof.startsWith('permission:') ? proof.slice('permission:'.length).split(',') : [])),
  ),
]
