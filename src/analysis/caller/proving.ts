/** What a path comes to know of the caller. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Machine } from '../machine.ts'
import type { State } from '../state/state.ts'

/** It is proved from here on. A call that proves what was known before has proved it all the same (`met.ts`). */
export function prove(m: Machine, proofs: readonly Proof[] | undefined, state: State = m.state): void {
  if (!proofs?.length) return
  const added = proofs.filter((proof) => !state.proofs.includes(proof))
  for (const proof of proofs) if (!added.includes(proof)) m.commons.met.addProofAgain(proof)
  if (added.length > 0) state.proofs = [...state.proofs, ...added]
}
