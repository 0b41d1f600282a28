/** Tests: which branch this caller takes, what a comparison says, and what is known afterwards. */
import type { Proof } from '../catalog/meaning.ts'
import { membershipColumn, permissionMember } from '../catalog/names.ts'
import type { Expr } from '../model/form.ts'
import { evaluate, nameOf, noteUnawaited } from './expressions.ts'
import { bindingName } from './module-values.ts'
import { evaluateQuietly } from './quiet.ts'
import { withGiven, withProofs } from './answers.ts'
import { refine, saidOfAll } from './narrowing.ts'
import type { Machine } from './machine.ts'
import {
  callerChosen,
  From,
  hasSource,
  hintOf,
  kept,
  merge,
  noOrigins,
  origins,
  sourcesOf,
  type OpaqueRef,
  type Origins,
  type Site,
  type Source,
} from './origins.ts'
import { askedOf } from './claims.ts'
import { foundProofs, openRow, privilegeOf, standingOf, tieProofs, tiesIn } from './standing.ts'
import { State, type Decision, type Doubt } from './state.ts'
import { bound, meet, tiesOf } from './ties.ts'
import {
  alternatives,
  constant,
  givenWith,
  isNullish,
  nameOfSecretIn,
  shallowOrigins,
  truth,
  undefinedValue,
  union,
  unknown,
  MAX_TEXT,
  type ConstValue,
  type UnknownValue,
  type Value,
} from './value.ts'
import { wordingOf } from './wording.ts'

/** Runs `then` or `otherwise`, or both, as the test says for this caller. */
export function branch(m: Machine, test: Expr, then: () => Value, otherwise: () => Value): Value {
  const value = evaluate(m, test)
  if (!m.state.alive) return undefinedValue
  const known = truth(value) ?? saidOfAll(m, test)
  if (known !== undefined) return taken(m, value, test, known ? then : otherwise)
  return both(m, value, test, then, otherwise)
}

/** One branch is taken for sure; when that is because of who the caller is, it is a denial in the making. */
function taken(m: Machine, value: Value, test: Expr, path: () => Value): Value {
  noteUnawaited(m, value)
  const from = m.originsOf(value, 1)
  if (!hasSource(from)) return path()
  const before = m.state.denying
  const decision = m.decide(from, m.site(test.range))
  if (m.anonymous && before === 'no') m.state.denying = 'branch'
  const thrown = m.sink.thrown.length
  const result = path()
  // a helper that returns early has not stopped anybody yet
  if (!m.state.alive) m.denied(decision, m.sink.thrown.length > thrown || m.stack.at(-1)?.how !== 'call')
  if (m.state.alive && m.state.denying === 'branch') m.state.denying = before
  return result
}

function both(m: Machine, value: Value, test: Expr, then: () => Value, otherwise: () => Value): Value {
  const before = m.state
  const from = m.originsOf(value, 2)
  const doubts = doubtsAbout(m, from, before.doubts)
  if ((from.flags & (From.env | From.installation)) !== 0 && (from.flags & callerChosen) === 0)
    m.log.switches.push({
      name: keyName(value) || (variableIn(m, test) ?? readIn(m, test) ?? ''),
      site: m.site(test.range),
    })
  const proofs = proofsOf(value)

  const yes = before.fork()
  m.state = yes
  yes.doubts = doubts
  m.prove(proofs.whenTrue)
  refine(m, test, true)
  const first = m.state.alive ? then() : undefinedValue
  const afterYes = m.state

  const no = before.fork()
  m.state = no
  no.doubts = doubts
  m.prove([...(proofs.whenFalse ?? []), ...emptyTies(m, value)])
  refine(m, test, false)
  const second = m.state.alive ? otherwise() : undefinedValue
  const afterNo = m.state

  if (afterYes.alive && afterNo.alive) {
    const ends = withProofs(m, [
      { state: afterYes, value: first },
      { state: afterNo, value: second },
    ])
    m.state = State.join([afterYes, afterNo])
    // neither answer stopped anything, so the test cannot have been the guard
    if (doubts !== before.doubts) {
      const added = doubts.filter((doubt) => !before.doubts.includes(doubt))
      m.state.doubts = m.state.doubts.filter((doubt) => !added.includes(doubt))
    }
    return union(ends.map((end) => end.value))
  }
  if (afterYes.alive !== afterNo.alive) {
    // one answer stops the caller, and the caller chooses the other
    noteWeakTest(m, value, from, test)
    mayRefuse(m, doubts, before.doubts, test)
  }
  m.state = afterYes.alive ? afterYes : afterNo
  return afterYes.alive ? first : second
}

/** Runs something that may or may not run. */
export function branchOn(m: Machine, path: () => Value): Value {
  return m.split([path, () => undefinedValue])
}

/** A test of something that an unreadable call gave may be the guard. */
function doubtsAbout(m: Machine, from: Origins, already: readonly Doubt[]): readonly Doubt[] {
  const all = from.refs.filter((ref): ref is OpaqueRef => ref.t === 'opaque')
  const opaque = all.filter((ref) => !already.some((doubt) => doubt.ref === ref))
  for (const ref of all) if (!opaque.includes(ref)) m.commons.met.addDoubtAgain(ref)
  if (opaque.length === 0) return already
  for (const ref of opaque) m.opaque(ref)
  return [...already, ...opaque.map((ref) => ({ ref }))]
}

/** One answer stops the caller, if the caller is one of those of whom nobody knows. */
function mayRefuse(m: Machine, doubts: readonly Doubt[], before: readonly Doubt[], test: Expr): void {
  const sources = doubts.flatMap((doubt) => (doubt.ref.asks && !before.includes(doubt) ? [doubt.ref.asks] : []))
  if (sources.length === 0) return
  const decision: Decision = { sources, site: m.site(test.range), stack: m.stack, lastWrite: m.state.lastWrite }
  for (const source of sources) m.log.decided.add(source)
  m.log.decisions.push(decision)
  m.denied(decision)
}

type Known = Partial<Record<'whenTrue' | 'whenFalse', readonly Proof[] | undefined>>

/** What either answer to a test of the value shows. */
export function proofsOf(value: Value): Known {
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

/** An id that is empty names nobody's row. */
const emptyTies = (m: Machine, value: Value): readonly Proof[] =>
  m.tracing && standingOf(m, value) === 'chosen' ? tiesIn(value).map(bound) : []

/** The test looks like a guard, but the caller decides how it ends. */
function noteWeakTest(m: Machine, value: Value, from: Origins, test: Expr): void {
  const site = m.site(test.range)
  if ((from.flags & From.context) !== 0) m.note('injectableContext', readIn(m, test) ?? keyName(value), site)
  else if (!m.anonymous) return
  else if ((from.flags & (From.cookie | From.header)) !== 0 && (from.flags & (From.secret | From.row)) === 0)
    m.note('untrusted', readIn(m, test) ?? keyName(value), site)
  else {
    const asked = sourcesOf(from).find((source) => source.proof === 'authenticated')
    if (asked) m.note('passesNull', asked.name, site)
  }
}

/** The first thing that a test reads, as it is written: `context.user` of `!context.user`, `x-role` of `headers.get('x-role')`. */
function readIn(m: Machine, e: Expr): string | undefined {
  switch (e.t) {
    case 'name':
    case 'member':
      return nameOf(e, (id) => bindingName(m, id)) || undefined
    case 'chain':
    case 'await':
    case 'unary':
      return readIn(m, e.expr)
    case 'binary':
    case 'logical':
      return readIn(m, e.left) ?? readIn(m, e.right)
    case 'call': {
      const [arg, ...more] = e.args
      return arg?.t === 'literal' && more.length === 0 ? String(arg.value) : undefined
    }
    default:
      return undefined
  }
}

/** The variable of the environment whose value the first name in a test holds. */
function variableIn(m: Machine, e: Expr): string | undefined {
  switch (e.t) {
    case 'chain':
    case 'unary':
      return variableIn(m, e.expr)
    case 'binary':
    case 'logical':
      return variableIn(m, e.left) ?? variableIn(m, e.right)
    case 'name': {
      const value = evaluateQuietly(m, e)
      return value && (shallowOrigins(value).flags & From.env) !== 0 ? keyName(value) || undefined : undefined
    }
    default:
      return undefined
  }
}

const keyName = (value: Value): string => (value.t === 'unknown' ? (value.key ?? '') : '')

export function logical(m: Machine, e: Extract<Expr, { t: 'logical' }>): Value {
  if (e.op === '??') {
    const left = evaluate(m, e.left)
    const nothing = isNullish(left)
    if (!m.state.alive || nothing === false) return left
    if (nothing) {
      const right = afterDecision(m, left, e)
      // `session?.user.id ?? 'x'`: what follows hangs on the caller all the same
      return withOrigins(right, shallowOrigins(left))
    }
    const kept = alternatives(left).filter((part) => isNullish(part) !== true)
    const right = m.split([() => evaluate(m, e.right), () => undefinedValue])
    const fallback =
      alternatives(right).length > 1 ? union(alternatives(right).filter((part) => part !== undefinedValue)) : right
    return union([...kept.map((part) => (part.t === 'unknown' ? { ...part, nullish: 'no' as const } : part)), fallback])
  }
  const left = evaluate(m, e.left)
  if (!m.state.alive) return undefinedValue
  const known = truth(left)
  const stop = e.op === '&&' ? false : true
  if (known === stop) {
    noteUnawaited(m, left)
    // `session && work()`: what follows is not for this caller
    if (m.anonymous) m.barred(shallowOrigins(left), m.site(e.left.range))
    return left
  }
  if (known !== undefined) {
    noteUnawaited(m, left)
    const right = afterDecision(m, left, e)
    return truth(right) === undefined || hasSource(shallowOrigins(right)) ? right : withOrigins(right, decisive(left))
  }
  const shownByLeft = proofsOf(left)
  const leftProofs = { ...shownByLeft, whenFalse: [...(shownByLeft.whenFalse ?? []), ...emptyTies(m, left)] }
  const before = m.state
  const go = before.fork()
  m.state = go
  m.prove(e.op === '&&' ? leftProofs.whenTrue : leftProofs.whenFalse)
  refine(m, e.left, e.op === '&&')
  const right = m.state.alive ? evaluate(m, e.right) : undefinedValue
  const afterRight = m.state
  m.state = before.fork()
  m.state = State.join([afterRight, m.state])
  const rightProofs = proofsOf(right)
  const stopped = alternatives(left)
    .filter((part) => truth(part) !== !stop)
    .map((part) =>
      part.t !== 'unknown' ? part : e.op === '&&' ? falsyOf(part) : { ...part, nullish: 'no' as const, truthy: true },
    )
  const value = afterRight.alive ? union([...stopped, right]) : union(stopped)
  if (truth(value) !== undefined) return value
  const whenTrue =
    e.op === '&&'
      ? joinProofs(leftProofs.whenTrue, rightProofs.whenTrue)
      : meetProofs(leftProofs.whenTrue, rightProofs.whenTrue)
  const whenFalse =
    e.op === '&&'
      ? meetProofs(leftProofs.whenFalse, rightProofs.whenFalse)
      : joinProofs(leftProofs.whenFalse, rightProofs.whenFalse)
  if (!whenTrue.length && !whenFalse.length) return value
  // one row or another: whose they are is told by which it is
  if (e.op === '||' && alternatives(value).some((part) => part.t === 'unknown' && part.term)) return value
  // in a test only truth matters: one unknown that carries what either answer shows
  return e.op === '&&' || alternatives(value).every((part) => part.t === 'unknown' || part.t === 'const')
    ? unknown(m.originsOf(value), { whenTrue, whenFalse })
    : value
}

/** The right side runs because of who the caller is; when it throws, that refuses the caller. */
function afterDecision(m: Machine, left: Value, e: Extract<Expr, { t: 'logical' }>): Value {
  const from = shallowOrigins(left)
  if (!hasSource(from)) return evaluate(m, e.right)
  const decisions = m.log.decisions.length
  const known = new Set(m.log.decided)
  const decision = m.decide(from, m.site(e.left.range))
  const right = evaluate(m, e.right)
  if (!m.state.alive) m.denied(decision)
  else if (decision) {
    // it only went on: nothing was decided here
    m.state.decisions = m.state.decisions.filter((other) => other !== decision)
    m.log.decisions.splice(decisions, 1)
    for (const source of decision.sources) if (!known.has(source)) m.log.decided.delete(source)
  }
  return right
}

/** What an unknown is where it is falsy: still unknown which of false, null, 0, ''. */
const falsyOf = (part: UnknownValue): Value =>
  constant(undefined, part.origins.refs.length > 0 || part.origins.flags ? keepFlags(part.origins) : noOrigins)

const keepFlags = (from: Origins): Origins => from

const decisive = (left: Value): Origins => (hasSource(shallowOrigins(left)) ? shallowOrigins(left) : noOrigins)

const joinProofs = (a: readonly Proof[] = [], b: readonly Proof[] = []): readonly Proof[] => [...new Set([...a, ...b])]
const meetProofs = (a: readonly Proof[] = [], b: readonly Proof[] = []): readonly Proof[] => meet(a, b)

export function withOrigins(value: Value, from: Origins): Value {
  if (from === noOrigins || (from.flags === 0 && from.refs.length === 0)) return value
  switch (value.t) {
    case 'const':
    case 'object':
    case 'unknown':
    case 'condition':
      return { ...value, origins: merge(value.origins, from) }
    case 'union':
      return { t: 'union', of: value.of.map((part) => withOrigins(part, from)) }
    default:
      return value
  }
}

const equality = new Set(['==', '===', '!=', '!=='])

export function compare(m: Machine, op: string, left: Value, right: Value, site: Site, written = true): Value {
  if (!m.state.alive) return undefinedValue
  if (equality.has(op)) {
    const result = withoutRows(equal(m, left, right, op.length === 2, site, written))
    if (op === '===' || op === '==') return result
    const known = truth(result)
    if (known !== undefined) return constant(!known, shallowOrigins(result))
    return result.t === 'unknown' ? { ...result, ...swap(result) } : unknown(shallowOrigins(result))
  }
  const from = merge(m.originsOf(left), m.originsOf(right))
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
      const cell = m.object(part)
      if (!cell) return undefined
      return cell.props.has(String(left.value)) ? true : cell.rest ? undefined : false
    })
    if (answers.length > 0 && answers.every((answer) => answer !== undefined && answer === answers[0]))
      return constant(answers[0], from)
  }
  return op === '<' || op === '>' || op === '<=' || op === '>=' || op === 'in'
    ? withoutRows(unknown(from, { nullish: 'no' }))
    : unknown(from, { nullish: 'no', ...(op === '+' ? nameOfSecretIn([left, right]) : {}), ...wording })
}

/** `rows.length > 0`, `count < 1`: whether there is any. */
function amountProofs(op: string, left: Value, right: Value): Known | undefined {
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
  const from = same ? shallowOrigins(same) : merge(m.originsOf(left), m.originsOf(right))
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
    const cell = m.object(part)
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
  const from = m.originsOf(left, 1)
  const first = answers[0]
  return first !== undefined && answers.every((answer) => answer === first)
    ? constant(first, from)
    : unknown(from, { nullish: 'no' })
}

/** Whether two values are equal for this caller: nobody guesses a secret, and nothing is equal to an absent identity but absence. */
/** @param written null or undefined stands in the code as such, so the test asks whether there is something */
export function equal(m: Machine, left: Value, right: Value, loose: boolean, site: Site, written = true): Value {
  const [lefts, rights] = [withFallbacks(m, left, right), withFallbacks(m, right, left)]
  const answers = lefts.flatMap((a) =>
    rights.map((b) => withGiven(equalParts(m, a, b, loose, site, written), [...givenWith(a), ...givenWith(b)])),
  )
  const first = answers[0]!
  if (answers.length === 1) return first
  const known = truth(first)
  const from = answers.map(shallowOrigins).reduce(merge, noOrigins)
  if (known !== undefined && answers.every((answer) => truth(answer) === known)) return constant(known, from)
  return unknown(from, { nullish: 'no', ...shown(proofsOf(union(answers))) })
}

/** One is something and the other nothing, or the one begins otherwise than the other. */
const isOther = (value: UnknownValue, other: Value): boolean =>
  (value.truthy === true && truth(other) === false) ||
  (value.begins !== undefined &&
    other.t === 'const' &&
    typeof other.value === 'string' &&
    !other.value.startsWith(value.begins))

const isVariable = ({ t, ...value }: Value): boolean =>
  t === 'unknown' && 'origins' in value && (value.origins.flags & ~From.setting) === From.env

/** Only what is shown. */
const shown = (proofs: Known): Known => ({
  ...(proofs.whenTrue?.length ? { whenTrue: proofs.whenTrue } : {}),
  ...(proofs.whenFalse?.length ? { whenFalse: proofs.whenFalse } : {}),
})

/** `header ?? ''` beside what only the server knows: what stands in where the caller sent nothing is the caller's choice too. */
function withFallbacks(m: Machine, value: Value, other: Value): readonly Value[] {
  const parts = alternatives(value)
  if (parts.length === 1 || (m.originsOf(other).flags & (kept | From.setting)) === 0) return parts
  const sent = parts.reduce((flags, part) => flags | m.originsOf(part).flags, 0)
  if ((sent & callerChosen) === 0 || (sent & kept) !== 0) return parts
  return parts.map((part) => (part.t === 'const' ? withOrigins(part, origins(sent & callerChosen)) : part))
}

/** It may be a text, so it may be a secret; objects, functions and promises are compared by their identity. */
const isText = ({ t }: Value): boolean => t === 'const' || t === 'unknown' || t === 'condition' || t === 'query'

function equalParts(m: Machine, a: Value, b: Value, loose: boolean, site: Site, written: boolean): Value {
  const from = merge(m.originsOf(a, 2), m.originsOf(b, 2))
  if (a.t === 'const' && b.t === 'const') {
    const nothing = (v: ConstValue): boolean => v.value === null || v.value === undefined
    const result = loose && (nothing(a) || nothing(b)) ? nothing(a) && nothing(b) : a.value === b.value
    return constant(result, from)
  }
  for (const [something, nothing] of [
    [a, b],
    [b, a],
  ] as const)
    if (something.t === 'unknown' && isOther(something, nothing)) return constant(false, from)
  const secret = isText(a) && isText(b) ? secretCompare(m, a, b, site) : undefined
  if (secret) return secret
  for (const [absent, other] of [
    [a, b],
    [b, a],
  ] as const) {
    // where none is set, one that the application has only looked at is not there either, unless it is a secret
    if (m.persona.variables === 'unset' && absent.t === 'const' && isVariable(other))
      return constant(absent.value === null || absent.value === undefined, from)
    if (absent.t === 'const' && (absent.value === null || absent.value === undefined)) {
      const nothing = isNullish(other)
      if (nothing === false) return constant(false, from)
      if (m.tracing && !written && other.t === 'unknown' && other.term && standingOf(m, other) !== 'proved')
        return unknown(from, { nullish: 'no', whenTrue: tiesOf(other.term) })
      // whoever is signed in has an identity
      if (m.tracing && other.t === 'unknown' && (other.origins.flags & (From.principal | From.row)) === From.principal)
        return constant(false, from)
      // nor is a row without its id
      if (m.tracing && isRowsId(other)) return constant(false, from)
      // a stored owner is never absent; what the caller sends may be
      if (
        !loose &&
        (hasSource(absent.origins) || !written) &&
        other.t === 'unknown' &&
        other.origins.flags === From.row
      )
        return constant(false, from)
    }
    // where all variables are set, a switch has the value that it is asked for
    if (
      m.persona.variables === 'set' &&
      absent.t === 'const' &&
      other.t === 'unknown' &&
      other.truthy &&
      (other.origins.flags & From.env) !== 0
    )
      return constant(true, from)
    if (absent.t === 'const' && typeof absent.value === 'string' && (!m.anonymous || isGuests(other))) {
      const open = openRow(m, other, absent.value)
      if (open.whenTrue ?? open.whenFalse) return unknown(from, { nullish: 'no', ...shown(open) })
      const asked = askedOf(m, other, site, absent.value)
      if (asked.length > 0) return unknown(from, { nullish: 'no', whenTrue: asked })
      const proofs = roleProofs(m, other, absent.value)
      if (proofs) {
        m.log.privileges++
        return m.unprivileged
          ? constant(false, merge(from, origins(0, roleSource(m, other, proofs[0]!, site))))
          : unknown(from, { nullish: 'no', whenTrue: [...proofs, ...foundProofs(m, other)] })
      }
      const found = foundProofs(m, other)
      if (found.length > 0) return unknown(from, { nullish: 'no', whenTrue: found })
    }
  }
  if (isObjectLike(a) && b.t === 'const') return constant(false, from)
  if (isObjectLike(b) && a.t === 'const') return constant(false, from)
  const plain = truthProofs(a, b) ?? truthProofs(b, a)
  if (plain) return unknown(from, { nullish: 'no', ...shown(plain) })
  const proofs = m.anonymous ? [] : [...bindingProofs(a, b), ...tieProofs(m, a, b)]
  return unknown(from, { nullish: 'no', ...(proofs.length > 0 ? { whenTrue: proofs } : {}) })
}

const isRowsId = (value: Value): boolean =>
  value.t === 'unknown' && value.key === 'id' && (value.origins.flags & (From.row | callerChosen)) === From.row

/** Of an identity that is given to anybody. */
const isGuests = (value: Value): boolean => (shallowOrigins(value).flags & From.guest) !== 0

/** `answer === true`, `rows.length === 0`, `row === null`: a test of whether there is something. */
function truthProofs(value: Value, literal: Value): Known | undefined {
  if (literal.t !== 'const' || value.t !== 'unknown' || !(value.whenTrue ?? value.whenFalse)) return undefined
  if (literal.value === true) return { whenTrue: value.whenTrue }
  if (literal.value === false || literal.value === 0) return { whenTrue: value.whenFalse, whenFalse: value.whenTrue }
  // a value that is there may still be false, but a row is not
  return literal.value === null || literal.value === undefined ? { whenFalse: value.whenTrue } : undefined
}

const isObjectLike = (value: Value): boolean =>
  value.t === 'object' || value.t === 'function' || value.t === 'class' || value.t === 'native'

const roleSource = (m: Machine, value: Value, proof: Proof, site: Site): Source =>
  m.source({ t: 'source', proof, name: keyName(value), site, trust: 'verified' })

function roleProofs(m: Machine, value: Value, literal: string): readonly Proof[] | undefined {
  if (value.t !== 'unknown' || value.key === undefined) return undefined
  const everywhere = privilegeOf(m, value, literal)
  if ((value.origins.flags & (From.principal | From.row)) === 0) return everywhere.length > 0 ? everywhere : undefined
  if (/role/i.test(value.key)) return [`role:${literal}`, ...everywhere]
  if (permissionMember.test(value.key) || permissionMember.test(value.table ?? ''))
    return [`permission:${literal}`, ...everywhere]
  return everywhere.length > 0 ? everywhere : undefined
}

/** A stored row belongs to the principal: `row.ownerId === user.id`. */
function bindingProofs(a: Value, b: Value): Proof[] {
  for (const [mine, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (mine.t !== 'unknown' || other.t !== 'unknown') continue
    if ((mine.origins.flags & From.principal) === 0 || (other.origins.flags & From.row) === 0) continue
    return [membershipColumn.test(mine.key ?? other.key ?? '') ? 'tenant' : 'owner']
  }
  return []
}

/** What the caller sends is compared with something that only the server knows. */
export function secretCompare(m: Machine, a: Value, b: Value, site: Site, proves?: Proof): Value | undefined {
  const fromA = m.originsOf(a)
  const fromB = m.originsOf(b)
  const settingOf = (from: Origins): boolean => (from.flags & From.setting) !== 0 && (from.flags & kept) === 0
  const sent = (from: Origins): boolean => (from.flags & callerChosen) !== 0 && (from.flags & kept) === 0
  if ((settingOf(fromA) && sent(fromB)) || (settingOf(fromB) && sent(fromA))) {
    const name = nameOfSecret(settingOf(fromA) ? a : b) ?? 'a variable'
    const reason = 'nothing tells whether it is a secret'
    const ref = m.world.same<OpaqueRef>({ t: 'opaque', name, reason, site, mayBeEffect: false })
    return unknown(merge(merge(fromA, fromB), origins(From.nothing, ref)), { nullish: 'no' })
  }
  const secretIsA = knows(fromA, fromB)
  if (!secretIsA && !knows(fromB, fromA)) return undefined
  const secret = secretIsA ? fromA : fromB
  const proof: Proof =
    proves ??
    ((secret.flags & From.secret) === 0 ? 'capability' : (secret.flags & callerChosen) !== 0 ? 'signature' : 'secret')
  const name = nameOfSecret(secretIsA ? a : b) ?? 'a secret'
  const source = m.source({ t: 'source', proof, name, site, trust: 'verified' })
  const from = merge(merge(fromA, fromB), origins(0, source))
  return m.anonymous ? constant(false, from) : unknown(from, { nullish: 'no', whenTrue: [proof] })
}

/** One side is known to the server (or to the owner of the row), the other is what the caller sends, or was made of that. */
function knows(server: Origins, caller: Origins): boolean {
  if ((caller.flags & callerChosen) === 0) return false
  // the hash of what was sent may be made with a secret beside
  if ((server.flags & From.stored) !== 0 && (server.flags & callerChosen) === 0)
    return (caller.flags & From.stored) === 0
  return (server.flags & kept) !== 0 && (caller.flags & kept) === 0
}

const nameOfSecret = (value: Value): string | undefined => (value.t === 'unknown' ? value.key : undefined)
