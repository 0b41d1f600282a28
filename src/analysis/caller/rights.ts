/** What rights are about. */
import type { Proof } from '../../catalog/meaning.ts'
import { isAbout, privilegedWord, snake } from '../../catalog/names.ts'
import { permissionsIn } from '../../model/proofs.ts'

/** A role that may do more than others, or a permission about rows of one of these models. `role:owner|admin` is one of the two. */
export function isRightOver(proof: Proof, models: readonly string[]): boolean {
  if (proof.startsWith('role:'))
    return proof
      .slice('role:'.length)
      .split('|')
      .every((role) => privilegedWord.test(snake(role)))
  return permissionsIn([proof]).some((permission) => isAbout(permission, models))
}
