/** What an answer tells of rows that are not in it: by the keys under which things stand, and by which of two answers it is. */

import { errorMember, successMember } from '../../catalog/names.ts'
import type { Machine } from '../machine.ts'
import { isRefusal } from '../caller/decisions.ts'
import { hintOf, type Origins, type ReadRef } from './origins.ts'
import { show } from '../caller/shown.ts'
import { alternatives, constant, isNullish, shallowOrigins, truth, unknown, withOrigins, type Value } from './value.ts'

const readIn = (from: Origins): readonly ReadRef[] => from.refs.filter((ref): ref is ReadRef => ref.t === 'read')

/** What stands under a key that was read: who gets the object gets the key. */
export function underKey(m: Machine, value: Value, key: Value): Value {
  const refs = readIn(m.heap.originsOf(key))
  return refs.length === 0 ? value : withOrigins(value, { flags: 0, refs })
}

/** A key under which something stands, when all that is left of it is what stands there: what was read of it is in that. */
export const keyAbove = (value: Value): Value => unknown({ flags: 0, refs: readIn(shallowOrigins(value)) })

/** The yes or no that a test of rows leaves in what hangs on it. */
export function tested(from: Origins): Origins | undefined {
  const refs = readIn(from).flatMap((ref) => (ref.effect.kind === 'db' ? [hintOf(ref)] : []))
  return refs.length === 0 ? undefined : { flags: 0, refs: [...new Set(refs)] }
}

/** Of two values one is chosen by a test of rows: `plan === 'pro' ? 'pro' : 'free'`. */
export function chosenBy(from: Origins, first: Value, second: Value): readonly [Value, Value] {
  const hint = first === second ? undefined : tested(from)
  return hint ? [said(first, hint), said(second, hint)] : [first, second]
}

const said = (value: Value, hint: Origins): Value => (value.t === 'const' ? withOrigins(value, hint) : value)

/** How many answers the function has given, and the run has sent. */
export interface Answered {
  readonly given: number
  readonly sent: number
}

export const answered = (m: Machine): Answered => ({ given: m.frame?.returns.length ?? 0, sent: m.log.sent.length })

/**
 * Answers that are given where a test of rows went one way, and another may be given where it goes the other way:
 * `if (taken) return { free: false }`. An answer that is none (`null`, `{ error }`, a refusal) says that there is nothing to say.
 *
 * @param since what was answered before the test
 */
export function toldBy(m: Machine, from: Origins, since: Answered): void {
  const returns = m.frame?.returns ?? []
  const { sent } = m.log
  if (returns.length === since.given && sent.length === since.sent) return
  const hint = tested(from)
  if (!hint) return
  for (let i = since.given; i < returns.length; i++) {
    const { state, value } = returns[i]!
    if (saysSomething(m, value)) returns[i] = { state, value: withOrigins(value, hint) }
  }
  if (sent.slice(since.sent).some((answer) => saysSomething(m, answer))) show(m, constant(true, hint))
}

function saysSomething(m: Machine, answer: Value): boolean {
  if (isRefusal(m, answer)) return false
  return alternatives(answer).some((part) => {
    if (part.t === 'const') return isNullish(part) !== true && truth(part) !== false
    const cell = part.t === 'object' ? m.heap.object(part) : undefined
    if (!cell || cell.cls) return false
    if (cell.is !== undefined) return cell.is === 'response'
    const { props } = cell
    if (
      props.size === 0 ||
      [...props.keys()].some((key) => errorMember.test(key)) ||
      ![...props.values()].every(isData)
    )
      return false
    return ![...props].some(([key, value]) => successMember.test(key) && truth(value) === false)
  })
}

/** A response that the framework hands in answers by its methods, whatever is returned. */
const isData = ({ t }: Value): boolean => t !== 'native' && t !== 'function' && t !== 'library'
