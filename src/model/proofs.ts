/** What proofs say. */
import type { Proof } from '../catalog/meaning.ts'

/** It says what somebody may do, and not only who it is. */
export const isPrivilegeProof = (proof: Proof): boolean => /^(?:role|permission):/.test(proof)

/** It is for the analysis alone, and never shown to anyone: see `Proof`. */
export const isHidden = (proof: Proof): boolean => proof === 'unforged' || /^(?:bound|asked|wanted):/.test(proof)

/** `permission:a,b` asks for both. */
export const permissionsIn = (proofs: readonly Proof[]): readonly string[] => [
  ...new Set(
    proofs.flatMap((proof) => (proof.startsWith('permission:') ? proof.slice('permission:'.length).split(',') : [])),
  ),
]
