/** What of that which was read reaches the caller. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Effect } from '../effects.ts'
import type { Heap } from '../state/heap.ts'
import type { Machine } from '../machine.ts'
import type { Origins } from '../values/origins.ts'
import { alternatives, shallowOrigins, type Value } from '../values/value.ts'

/** The value is part of the answer that the caller gets. */
export function show({ heap, log }: Machine, value: Value): void {
  log.shows++
  showWhat(heap, value, () => true)
}

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
