/** What is known of bindings and properties after a test. */
import type { Expr } from '../../model/form.ts'
import { callFunction } from './function-calls.ts'
import { lookup, envOf, moduleForm } from './module-values.ts'
import { bindingKey } from '../state/keys.ts'
import type { Machine } from '../machine.ts'
import { prove } from '../caller/proving.ts'
import { callerChosen, kept } from '../values/origins.ts'
import { evaluateQuietly } from './quiet.ts'
import { withMember } from '../values/shapes.ts'
import { standingOf } from '../caller/standing.ts'
import { meet } from '../caller/ties.ts'
import {
  alternatives,
  givenWith,
  isNullish,
  mayBeMissing,
  truth,
  union,
  type FunctionValue,
  type ObjectCell,
  type Value,
} from '../values/value.ts'

/** Narrows what the test speaks about, in the state of the branch where it came out as `outcome`. */
export function refine(m: Machine, test: Expr, outcome: boolean): void {
  switch (test.t) {
    case 'unary':
      if (test.op === '!') refine(m, test.expr, !outcome)
      return
    case 'logical':
      if ((test.op === '&&' && outcome) || (test.op === '||' && !outcome)) {
        refine(m, test.left, outcome)
        if (m.state.alive) refine(m, test.right, outcome)
        return
      }
      // one side is known to have come out the other way, so it was the other side
      for (const [side, other] of [
        [test.left, test.right],
        [test.right, test.left],
      ] as const) {
        const known = evaluateQuietly(m, side)
        if (test.op === '??' || !known || truth(known) !== !outcome) continue
        refine(m, other, outcome)
        return
      }
      return
    case 'chain':
      if (outcome)
        for (const link of optionalLinks(test.expr)) keep(m, link, (value) => isNullish(value) !== true, true)
      refine(m, test.expr, outcome)
      return
    case 'assign':
      if (test.target.t === 'bind')
        keep(
          m,
          { t: 'name', binding: test.target.binding, range: test.range },
          (value) => truth(value) !== !outcome,
          outcome,
        )
      return
    case 'name':
    case 'member':
      keep(m, test, (value) => truth(value) !== !outcome, outcome)
      return
    case 'binary':
      refineBinary(m, test, outcome)
      return
    case 'call':
      refineCall(m, test, outcome)
      return
    default:
  }
}

/** What has to be there for the chain to come to its end: `a` and `a.b` of `a?.b?.c`. */
function optionalLinks(e: Expr): Expr[] {
  if (e.t === 'chain') return optionalLinks(e.expr)
  if (e.t !== 'member' && e.t !== 'call') return []
  const before = e.t === 'member' ? e.object : e.callee
  return [...(e.optional ? [before] : []), ...optionalLinks(before)]
}

function refineBinary(m: Machine, test: Extract<Expr, { t: 'binary' }>, outcome: boolean): void {
  const negative = test.op === '!=' || test.op === '!=='
  if (negative || test.op === '==' || test.op === '===') {
    const same = outcome !== negative
    if (same && lengthsOfBoth(m, test.left, test.right)) m.state.sameLength = true
    for (const [side, other] of [
      [test.left, test.right],
      [test.right, test.left],
    ] as const) {
      const literal = evaluateQuietly(m, other)
      if (same && m.tracing && literal) tieRow(m, side, literal)
      if (side.t === 'unary' && side.op === 'typeof' && literal?.t === 'const') {
        keep(m, side.expr, (value) => matchesType(value, String(literal.value)) !== !same, undefined)
        continue
      }
      if (literal?.t !== 'const') continue
      const nothing = literal.value === null || literal.value === undefined
      const loose = test.op.length === 2
      keep(
        m,
        side,
        (value) => {
          if (nothing && loose) return isNullish(value) !== !same
          if (value.t === 'const') return (value.value === literal.value) === same
          if (value.t === 'unknown') return !(nothing && same && value.nullish === 'no')
          return !same
        },
        nothing && !same ? true : undefined,
      )
    }
    return
  }
  if (test.op === 'in' && test.left.t === 'literal') {
    const key = String(test.left.value)
    keep(
      m,
      test.right,
      (value) => {
        const cell = m.heap.object(value)
        if (!cell) return true
        const inner = cell.props.get(key) ?? cell.rest
        return inner ? outcome || !cell.props.has(key) || mayBeMissing(inner) : !outcome
      },
      undefined,
    )
  }
  if (test.op === 'instanceof') {
    keep(
      m,
      test.left,
      (value) => {
        const cell = m.heap.object(value)
        if (value.t === 'const') return !outcome
        if (!cell) return true
        const isResponse =
          test.right.t === 'global' || test.right.t === 'name' ? nameEnds(m, test.right, 'Response') : false
        return isResponse ? (cell.is === 'response') === outcome : true
      },
      undefined,
    )
  }
}

/** `row.organizationId === mine`: whichever row it is, it is the caller's. */
function tieRow(m: Machine, side: Expr, other: Value): void {
  const place = side.t === 'chain' ? side.expr : side
  if (place.t !== 'member' || place.object.t !== 'name' || standingOf(m, other) !== 'proved') return
  const env = envOf(m, place.object.binding)
  const value = lookup(m, place.object.binding)
  if (!env || value.t !== 'union') return
  const tied = value.of.map((part) =>
    part.t === 'unknown' && part.term?.row !== undefined ? { ...part, mine: true } : part,
  )
  m.heap.narrow(bindingKey(env.id, place.object.binding), union(tied))
}

/** One is the length of what the caller sent, the other that of what only the server knows. */
function lengthsOfBoth(m: Machine, left: Expr, right: Expr): boolean {
  const lengths = [left, right].map((side) => {
    const value = evaluateQuietly(m, side)
    return value?.t === 'unknown' ? (value.lengthOf ?? 0) : 0
  })
  return lengths.some((of) => (of & kept) !== 0) && lengths.some((of) => (of & kept) === 0 && (of & callerChosen) !== 0)
}

const nameEnds = (m: Machine, e: Expr, suffix: string): boolean => {
  if (e.t === 'global') return e.name.endsWith(suffix)
  const value = evaluateQuietly(m, e)
  return value?.t === 'library' && (value.path.at(-1) ?? '').endsWith(suffix)
}

function refineCall(m: Machine, test: Extract<Expr, { t: 'call' }>, outcome: boolean): void {
  // Array.isArray(x)
  const first = test.args[0]
  if (test.callee.t === 'member' && test.callee.key === 'isArray' && first && first.t !== 'spread') {
    keep(
      m,
      first,
      (value) => (value.t === 'unknown' ? true : (m.heap.array(value) !== undefined) === outcome),
      undefined,
    )
    return
  }
  const answers = predicateAnswers(m, test)
  if (answers) keep(m, first as Expr, (value) => answers.get(value) !== !outcome, undefined)
}

/** Where the test asks a type predicate that says the same of all that it may have been asked of: what it says. */
export function saidOfAll(m: Machine, test: Expr): boolean | undefined {
  if (test.t === 'unary' && test.op === '!') {
    const said = saidOfAll(m, test.expr)
    return said === undefined ? undefined : !said
  }
  if (test.t !== 'call') return undefined
  const [said, ...others] = new Set(predicateAnswers(m, test)?.values())
  return others.length === 0 ? said : undefined
}

/** What a type predicate says of each of the values that it may have been asked of. */
function predicateAnswers(
  m: Machine,
  test: Extract<Expr, { t: 'call' }>,
): ReadonlyMap<Value, boolean | undefined> | undefined {
  const [asked, ...others] = test.args
  if (!asked || asked.t === 'spread' || others.length > 0) return undefined
  const callee = evaluateQuietly(m, test.callee)
  if (callee?.t !== 'function') return undefined
  if (moduleForm(m, callee.file).functions[callee.fn]?.signature !== 'predicate') return undefined
  const value = evaluateQuietly(m, asked)
  return value && new Map(alternatives(value).map((part) => [part, holds(m, callee, part, test)]))
}

/** Undefined where it may say either. */
function holds(m: Machine, predicate: FunctionValue, value: Value, test: Expr): boolean | undefined {
  const apart = m.apart()
  const answer = callFunction(apart, predicate, [value], m.site(test.range), { awaited: true })
  return apart.state.alive && apart.sink.thrown.length === 0 ? truth(answer) : undefined
}

function matchesType(value: Value, type: string): boolean | undefined {
  if (value.t === 'const') return (value.value === null ? 'object' : typeof value.value) === type
  if (value.t === 'unknown') return type === 'undefined' && value.nullish === 'no' ? false : undefined
  return type === (value.t === 'function' || value.t === 'class' || value.t === 'native' ? 'function' : 'object')
}

/** Keeps those alternatives of a binding or property for which the test can have come out so. */
function keep(m: Machine, e: Expr, possible: (value: Value) => boolean, there: boolean | undefined): void {
  const place = e.t === 'chain' ? e.expr : e
  if (place.t === 'name') {
    const value = lookup(m, place.binding)
    const kept = alternatives(value).filter(possible)
    if (kept.length === 0) return
    prove(m, kept.map(givenWith).reduce(meet))
    const narrowed = narrowedTo(value, kept, there)
    const env = envOf(m, place.binding)
    if (env && narrowed !== value) m.heap.narrow(bindingKey(env.id, place.binding), narrowed)
    return
  }
  if (place.t === 'member' && typeof place.key === 'string') {
    const key = place.key
    const object = evaluateQuietly(m, place.object)
    if (!object) return
    const parts = alternatives(object)
    if (there) keepMember(m, place.object, key)
    // discriminated unions: keep the objects whose property passes
    const kept = parts.filter((part) => {
      const cell = part.t === 'object' ? m.heap.cellFor(part, key) : undefined
      if (part.t === 'const') return isNullish(part) === true ? possible(part) : true
      if (cell?.t !== 'object') return true
      const inner = cell.props.get(key) ?? cell.rest
      return inner
        ? alternatives(inner).some(possible)
        : possible({ t: 'const', value: undefined, origins: { flags: 0, refs: [] } })
    })
    if (kept.length > 0) prove(m, kept.map(givenWith).reduce(meet))
    if (kept.length > 0 && kept.length < parts.length) keep(m, place.object, (value) => kept.includes(value), undefined)
    for (const part of kept) narrowProperty(m, part, key, possible, there)
  }
}

/** `if (!data.token) throw …`: what the schema lets be left out is there. */
function keepMember(m: Machine, e: Expr, key: string): void {
  const env = e.t === 'name' ? envOf(m, e.binding) : undefined
  if (e.t !== 'name' || !env?.parent) return
  const value = lookup(m, e.binding)
  if (
    !alternatives(value).some((part) => part.t === 'unknown' && part.shaped && part.shape?.members?.get(key)?.optional)
  )
    return
  const present = alternatives(value).map((part) =>
    part.t === 'unknown' && part.shaped && part.shape ? { ...part, shape: withMember(part.shape, key) } : part,
  )
  m.heap.narrow(bindingKey(env.id, e.binding), union(present))
}

function narrowProperty(
  m: Machine,
  object: Value,
  key: string,
  possible: (value: Value) => boolean,
  there: boolean | undefined,
): void {
  if (object.t !== 'object') return
  const cell = m.heap.cellFor(object, key)
  const inner = cell.t === 'object' ? cell.props.get(key) : undefined
  if (cell.t !== 'object' || !inner) return
  const kept = alternatives(inner).filter(possible)
  if (kept.length === 0) return
  const narrowed = narrowedTo(inner, kept, there)
  if (narrowed === inner) return
  m.memory.addNarrowed(inner, narrowed)
  const next: ObjectCell = { ...cell, props: new Map(cell.props).set(key, narrowed) }
  m.heap.narrow(object.cell, next)
}

/** The alternatives that are left; the value itself where the test has told nothing. */
function narrowedTo(value: Value, kept: readonly Value[], there: boolean | undefined): Value {
  const known = kept.map((part) =>
    there && part.t === 'unknown' && part.nullish !== 'no' ? { ...part, nullish: 'no' as const } : part,
  )
  const before = alternatives(value)
  return known.length === before.length && known.every((part, i) => part === before[i]) ? value : union(known)
}
