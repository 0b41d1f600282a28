/** What of that which was read reaches the caller. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Effect } from '../effects.ts'
import type { Heap } from '../state/heap.ts'
import type { Machine } from '../machine.ts'
import type { Origins, ReadRef } from '../values/origins.ts'
import { alternatives, givenWith, shallowOrigins, type Value } from '../values/value.ts'
import { tiesOf } from './ties.ts'

/**
 * The value is part of the answer that the caller gets, sent while the run goes on.
 *
 * @param given what was proved besides on the way that gave it
 */
export function show(m: Machine, value: Value, given: readonly Proof[] = []): void {
  m.log.shows++
  if (m.tracing) m.log.rendered.push(...readsIn(m, value, given))
  showAnswer(m, value)
}

/** The value is what the run ends with. */
export const showAnswer = ({ heap }: Machine, value: Value): void => showWhat(heap, value, () => true)

/** A read whose rows are in an answer, and what is proved where it is answered with them. */
export interface ShownRead {
  readonly effect: ReadRef['effect']
  readonly proofs: readonly Proof[]
}

/** The reads whose rows are in an answer that is given here. */
export const readsIn = (m: Machine, answer: Value, given: readonly Proof[] = []): readonly ShownRead[] =>
  alternatives(answer).flatMap((part) => {
    const proofs = [...m.state.proofs, ...given, ...givenWith(part), ...ownTies(part)]
    return m.heap
      .originsOf(part, 8)
      .refs.flatMap((ref) => (ref.t === 'read' && !ref.hint ? [{ effect: ref.effect, proofs }] : []))
  })

/** The row that is answered with was found to be the caller's, whichever of several it is. */
const ownTies = (part: Value): readonly Proof[] =>
  part.t === 'unknown' && part.mine && part.term ? tiesOf(part.term) : []

/** They are sent while the run goes on; of those that tell of no row there is nothing to keep. */
export function showReads(m: Machine, values: readonly Value[]): void {
  if (m.heap.originsOfAll(values).refs.some((ref) => ref.t === 'read')) for (const value of values) show(m, value)
}

/** An answer is sent while the run goes on: when it is sent may tell something as well (`telling.ts`). */
export function send(m: Machine, answer: Value): void {
  m.log.shows++
  m.log.sent.push(answer)
}

/** The caller gets this error. What a service says of its own failure is in many; rows are in those that leak. */
export function showError({ heap }: Machine, value: Value): void {
  showWhat(heap, value, (kind) => kind === 'db')
}

function showWhat(heap: Heap, value: Value, leaks: (kind: Effect['kind']) => boolean): void {
  noteColumns(heap, value)
  for (const ref of heap.originsOf(value, 8).refs) {
    if (ref.t !== 'read' || ref.effect.exposed === 'shown' || !leaks(ref.effect.kind)) continue
    ref.effect.exposed = ref.hint ? 'hinted' : 'shown'
  }
}

/** Which columns of what was read are in the answer: all of them where it is not told. */
function noteColumns(heap: Heap, value: Value, depth = 8, seen: Set<Value> = new Set()): void {
  if (seen.has(value)) return
  seen.add(value)
  for (const part of alternatives(value)) {
    if (depth > 0) for (const inner of heap.partsOf(part)) noteColumns(heap, inner, depth - 1, seen)
    // that something is absent tells nothing of what would be in it
    if (part.t === 'const') continue
    const column = part.t === 'unknown' && !/^(?:\d+|each)?$/.test(part.key ?? '') ? part.key! : '*'
    for (const ref of shallowOrigins(part).refs)
      if (ref.t === 'read') (ref.effect.shownColumns ??= new Set()).add(column)
  }
}

/** What comes from there is part of a page, which is rendered where this was proved besides. */
export function addRendered(m: Machine, from: Origins, given: readonly Proof[]): Origins {
  if (!m.tracing) return from
  const proofs = [...m.state.proofs, ...given]
  for (const ref of from.refs) {
    if (ref.t === 'read' && !ref.hint) m.log.rendered.push({ effect: ref.effect, proofs })
  }
  return from
}
