/** What operators give, and what either answer of theirs shows. */
import { atMost, wordingOf, type Chance } from '../values/wording.ts'
import { equal } from './equality.ts'
import type { Machine } from '../machine.ts'
import { callerChosen, From, hintOf, merge, origins, type Origins, type Site } from '../values/origins.ts'
import { secretCompare } from '../library/secret-compare.ts'
import { shown, type TestProofs } from './test-proofs.ts'
import {
  alternatives,
  constant,
  MAX_TEXT,
  mayBeMissing,
  nameOfSecretIn,
  shallowOrigins,
  truth,
  undefinedValue,
  unknown,
  type ConstValue,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

const equality = new Set(['==', '===', '!=', '!=='])

/**
 * What an operator gives, whose sides are these.
 *
 * @param written null or undefined stands in the code as such, so the test asks whether there is something
 */
export function compare(m: Machine, op: string, left: Value, right: Value, site: Site, written = true): Value {
  if (!m.state.alive) return undefinedValue
  if (equality.has(op)) {
    const result = withoutRows(equal(m, left, right, op.length === 2, site, written))
    if (op === '===' || op === '==') return result
    const known = truth(result)
    if (known !== undefined) return constant(!known, shallowOrigins(result))
    return result.t === 'unknown' ? { ...result, ...swap(result) } : unknown(shallowOrigins(result))
  }
  const from = merge(m.heap.originsOf(left), m.heap.originsOf(right))
  const some = amountProofs(op, left, right)
  if (some) return withoutRows(unknown(from, { nullish: 'no', ...shown(some) }))
  if (left.t === 'const' && right.t === 'const') {
    const known = compute(op, left, right)
    if (known !== undefined) return constant(known, from)
  }
  if (op === '^') return differs(m, left, right, site)
  // one bit that is set stays set
  if (op === '|' && (truth(left) === true || truth(right) === true))
    return unknown(from, { nullish: 'no', truthy: true })
  const wording = op === '+' ? wordingOf([left, right]) : {}
  if (op === '+' && left.t === 'const')
    return unknown(withToken(String(left.value), from), { nullish: 'no', begins: String(left.value), ...wording })
  if (op === '+' && left.t === 'unknown' && left.begins)
    return unknown(from, { nullish: 'no', begins: left.begins, ...wording })
  if (op === 'instanceof') return instanceOf(m, left, right)
  if (op === 'in' && left.t === 'const') {
    const answers = alternatives(right).map((part) => {
      const cell = m.heap.object(part)
      if (!cell) return undefined
      const inner = cell.props.get(String(left.value)) ?? cell.rest
      if (!inner) return false
      return cell.props.has(String(left.value)) && !mayBeMissing(inner) ? true : undefined
    })
    if (answers.length > 0 && answers.every((answer) => answer !== undefined && answer === answers[0]))
      return constant(answers[0], from)
  }
  const chance = op === '%' || op === '&' ? chosenOf(op, left, right) : {}
  return op === '<' || op === '>' || op === '<=' || op === '>=' || op === 'in'
    ? withoutRows(unknown(from, { nullish: 'no' }))
    : unknown(from, { nullish: 'no', ...(op === '+' ? nameOfSecretIn([left, right]) : {}), ...wording, ...chance })
}

/** `byte % 62`, `byte & 31`: one of so many numbers. */
function chosenOf(op: '%' | '&', left: Value, right: Value): Chance {
  if (left.t !== 'unknown' || right.t !== 'const' || typeof right.value !== 'number' || right.value < 1) return {}
  const bits = op === '%' ? Math.log2(right.value) : right.value.toString(2).replaceAll('0', '').length
  return atMost(bits, left)
}

/** `rows.length > 0`, `count < 1`: whether there is any. */
function amountProofs(op: string, left: Value, right: Value): TestProofs | undefined {
  if (left.t !== 'unknown' || !left.whenTrue || right.t !== 'const' || typeof right.value !== 'number') return undefined
  const least = right.value
  if ((op === '>' && least >= 0) || (op === '>=' && least >= 1)) return { whenTrue: left.whenTrue }
  if ((op === '<' && least === 1) || (op === '<=' && least === 0)) return { whenFalse: left.whenTrue }
  return undefined
}

/** Yes or no: what was compared does not leave with the answer, only a hint of it. */
function withoutRows(value: Value): Value {
  const from = shallowOrigins(value)
  if (!from.refs.some((ref) => ref.t === 'read') || (value.t !== 'const' && value.t !== 'unknown')) return value
  return {
    ...value,
    origins: { flags: from.flags, refs: [...new Set(from.refs.map((ref) => (ref.t === 'read' ? hintOf(ref) : ref)))] },
  }
}

/** The bits in which two values differ: some do, between what the caller sends and what only the server knows. */
function differs(m: Machine, left: Value, right: Value, site: Site): Value {
  const same = secretCompare(m, left, right, site)
  const from = same ? shallowOrigins(same) : merge(m.heap.originsOf(left), m.heap.originsOf(right))
  return unknown(from, { nullish: 'no', ...(same && truth(same) === false ? { truthy: true } : {}) })
}

/** `Bearer ${token}` with what the caller sent, or what was made out for the caller, and nothing that the server keeps. */
export const withToken = (prefix: string, from: Origins): Origins =>
  /^(bearer|token|basic|dpop) $/i.test(prefix) &&
  (from.flags & (callerChosen | From.principal)) !== 0 &&
  (from.flags & (From.secret | From.row)) === 0
    ? merge(from, origins(From.token))
    : from

const swap = (value: UnknownValue): Partial<UnknownValue> => ({
  ...(value.whenTrue ? { whenFalse: value.whenTrue } : { whenFalse: undefined }),
  ...(value.whenFalse ? { whenTrue: value.whenFalse } : { whenTrue: undefined }),
})

function compute(op: string, left: ConstValue, right: ConstValue): string | number | boolean | undefined {
  const a = left.value
  const b = right.value
  if (op === '+' && (typeof a === 'string' || typeof b === 'string')) {
    const text = String(a) + String(b)
    return text.length <= MAX_TEXT ? text : undefined
  }
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '<':
      return a < b
    case '>':
      return a > b
    case '<=':
      return a <= b
    case '>=':
      return a >= b
    default:
      return undefined
  }
}

function instanceOf(m: Machine, left: Value, right: Value): Value {
  const wanted =
    right.t === 'library'
      ? right.path.join('.')
      : right.t === 'native'
        ? right.name
        : right.t === 'class'
          ? right
          : undefined
  const answers = alternatives(left).map((part): boolean | undefined => {
    if (part.t === 'const') return false
    const cell = m.heap.object(part)
    if (!cell)
      return part.t === 'unknown' && part.denial && typeof wanted === 'string' && wanted.endsWith('Response')
        ? true
        : undefined
    if (typeof wanted === 'string' && wanted.endsWith('Response')) return cell.is === 'response'
    if (wanted === 'Request' || wanted === 'Headers')
      return cell.is === undefined ? undefined : cell.is === wanted.toLowerCase()
    if (typeof wanted === 'string' && wanted.endsWith('Error'))
      return cell.is === 'error' ? (wanted === 'Error' ? true : undefined) : undefined
    if (wanted && typeof wanted !== 'string')
      return cell.cls ? (cell.cls.cls === wanted.cls && cell.cls.file === wanted.file) || undefined : false
    return undefined
  })
  const from = m.heap.originsOf(left, 1)
  const first = answers[0]
  return first !== undefined && answers.every((answer) => answer === first)
    ? constant(first, from)
    : unknown(from, { nullish: 'no' })
}
