/** What a test of a value shows, whichever way it comes out. */
import type { Proof } from '../../catalog/meaning.ts'
import { meet } from '../caller/ties.ts'
import { alternatives, givenWith, truth, type Value } from '../values/value.ts'

/** What either answer shows. */
export type TestProofs = Partial<Record<'whenTrue' | 'whenFalse', readonly Proof[] | undefined>>

/** What either answer to a test of the value shows. */
export function proofsOf(value: Value): TestProofs {
  const parts = alternatives(value)
  const truthy = parts.filter((part) => truth(part) !== false)
  const falsy = parts.filter((part) => truth(part) !== true)
  return { whenTrue: common(truthy, 'whenTrue'), whenFalse: common(falsy, 'whenFalse') }
}

function common(parts: readonly Value[], field: 'whenTrue' | 'whenFalse'): readonly Proof[] | undefined {
  if (parts.length === 0) return undefined
  const lists: (readonly Proof[])[] = parts.map((part) => [
    ...givenWith(part),
    ...(part.t === 'unknown' ? (part[field] ?? []) : []),
  ])
  return lists.reduce(meet)
}

/** Only what is shown. */
export const shown = (proofs: TestProofs): TestProofs => ({
  ...(proofs.whenTrue?.length ? { whenTrue: proofs.whenTrue } : {}),
  ...(proofs.whenFalse?.length ? { whenFalse: proofs.whenFalse } : {}),
})
