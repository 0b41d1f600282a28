/** What is left of a list of which every item is known, where a callback has taken some out. */
import { callValue } from '../code/calls.ts'
import { proofsOf } from '../code/test-proofs.ts'
import type { Machine } from '../machine.ts'
import { merge, type Origins, type Site } from '../values/origins.ts'
import {
  alternatives,
  isNullish,
  truth,
  undefinedValue,
  union,
  type ArrayCell,
  type ConditionValue,
  type ObjectValue,
  type Value,
} from '../values/value.ts'

/** So many items are asked for one by one. */
const maxItems = 12

interface Asked {
  /** Those of its alternatives that may be left. */
  readonly left: readonly Value[]
  /** It is left, whichever of them it is. */
  readonly sure: boolean
}

/**
 * The items that are left, those first that are left for sure.
 *
 * @returns undefined where nothing is known of single items
 */
export function filtered(m: Machine, list: ArrayCell, test: Value, from: Origins, site: Site): ObjectValue | undefined {
  const { items, rest } = list
  if (items.length === 0 || items.length > maxItems || (test.t !== 'function' && test.t !== 'native')) return undefined
  let origins = from
  const ask = (item: Value, args: readonly Value[]): Asked => {
    const left: Value[] = []
    let sure = true
    for (const part of alternatives(item)) {
      const answer = m.split([() => callValue(m, test, [part, ...args], site, {})])
      const passes = truth(answer)
      if (passes !== false) left.push(passing(part, answer))
      if (passes === true) continue
      sure = false
      // how many are left hangs on it
      origins = merge(origins, m.heap.originsOf(answer, 1))
    }
    return { left, sure }
  }
  const asked = items.map((item, i) => ask(item, [{ t: 'const', value: i, origins: { flags: 0, refs: [] } }]))
  const others = rest ? ask(rest, []).left : []
  const kept = asked.filter(({ left }) => left.length > 0)
  const known = kept.findIndex(({ sure }) => !sure)
  const first = known < 0 ? kept : hasNoOrder(list) ? kept.filter(({ sure }) => sure) : kept.slice(0, known)
  const unsure = kept.filter((one) => !first.includes(one)).flatMap(({ left }) => left)
  return m.heap.newArray(
    first.map(({ left }) => union(left)),
    unsure.length + others.length > 0 ? union([...unsure, ...others]) : undefined,
    origins,
  )
}

/** What the test has shown is known of what passed it. */
export function passing(part: Value, answer: Value): Value {
  const shown = proofsOf(answer).whenTrue
  return part.t === 'unknown' && shown?.length ? { ...part, whenTrue: [...(part.whenTrue ?? []), ...shown] } : part
}

/** Conditions hold all together, in whatever order they are written. */
export const hasNoOrder = ({ items, rest }: ArrayCell): boolean =>
  [...items, ...(rest ? [rest] : [])]
    .flatMap(alternatives)
    .every((part) => isCondition(part) || isNullish(part) === true)

/** Of a list of unknown length: nothing says that any of them is there. A condition that may be missing holds for nobody. */
export const ifThere = (rest: Value): Value =>
  alternatives(rest).some(isCondition) ? union([rest, undefinedValue]) : rest

export const isCondition = (value: Value): value is ConditionValue => value.t === 'condition'
