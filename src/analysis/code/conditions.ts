/** Tests: which branch this caller takes, and what is known, doubted and noted on each. */
import { answered, chosenBy, tested, toldBy } from '../values/telling.ts'
import type { Proof } from '../../catalog/meaning.ts'
import type { Expr } from '../../model/form.ts'
import { withProofs } from '../values/answers.ts'
import { evaluate, nameOf, noteUnawaited } from './expressions.ts'
import type { Machine } from '../machine.ts'
import { bindingName } from './module-values.ts'
import { refine, saidOfAll } from './narrowing.ts'
import {
  callerChosen,
  From,
  hasSource,
  isSameForAll,
  noOrigins,
  sourcesOf,
  type OpaqueRef,
  type Origins,
} from '../values/origins.ts'
import { evaluateQuietly } from './quiet.ts'
import { standingOf, tiesIn } from '../caller/standing.ts'
import { State } from '../state/state.ts'
import { decide, deny, bar, isLacked, type Decision } from '../caller/decisions.ts'
import { addOpaque, type Doubt } from '../caller/doubts.ts'
import { judgedIn } from '../caller/judges.ts'
import { prove } from '../caller/proving.ts'
import { addNote } from '../caller/notes.ts'
import { proofsOf } from './test-proofs.ts'
import { bound, meet } from '../caller/ties.ts'
import {
  alternatives,
  constant,
  isNullish,
  keyName,
  shallowOrigins,
  truth,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

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
  const from = m.heap.originsOf(value, 1)
  if (!hasSource(from)) return path()
  const before = m.state.denying
  const decision = decide(m, from, m.site(test.range))
  if (before === 'no' && isLacked(m, sourcesOf(from))) m.state.denying = 'branch'
  const thrown = m.sink.thrown.length
  const result = path()
  // a helper that returns early has not stopped anybody yet
  if (!m.state.alive) deny(m, decision, m.sink.thrown.length > thrown || m.stack.at(-1)?.how !== 'call')
  if (m.state.alive && m.state.denying === 'branch') m.state.denying = before
  return result
}

function both(m: Machine, value: Value, test: Expr, then: () => Value, otherwise: () => Value): Value {
  const before = m.state
  const from = m.heap.originsOf(value, 2)
  const doubts = doubtsAbout(m, from, before.doubts)
  if ((from.flags & (From.env | From.installation)) !== 0 && (from.flags & callerChosen) === 0)
    m.log.switches.push({
      name: keyName(value) || (variableIn(m, test) ?? readIn(m, test) ?? ''),
      site: m.site(test.range),
    })
  const proofs = proofsOf(value)
  const since = answered(m)
  const hint = tested(from)

  const yes = before.fork()
  yes.turn(hint)
  m.state = yes
  yes.doubts = doubts
  prove(m, proofs.whenTrue)
  refine(m, test, true)
  const first = m.state.alive ? then() : undefinedValue
  const afterYes = m.state

  const no = before.fork()
  no.turn(hint)
  m.state = no
  no.doubts = doubts
  prove(m, [...(proofs.whenFalse ?? []), ...emptyTies(m, value)])
  refine(m, test, false)
  const second = m.state.alive ? otherwise() : undefinedValue
  const afterNo = m.state

  if (afterYes.alive || afterNo.alive || answered(m).given > since.given + 1) toldBy(m, from, since)
  if (afterYes.alive && afterNo.alive) {
    const [one, other] = chosenBy(from, first, second)
    const ends = withProofs(m, [
      { state: afterYes, value: one },
      { state: afterNo, value: other },
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
    for (const ref of from.refs) if (ref.t === 'read') ref.effect.decides = true
    // one answer stops the caller, and the caller chooses the other
    noteWeakTest(m, value, from, test)
    mayRefuse(m, doubts, before.doubts, test)
  }
  m.state = afterYes.alive ? afterYes : afterNo
  if (m.tracing && afterYes.alive !== afterNo.alive) prove(m, judgedIn(from))
  // that it goes on says nothing, as long as the others have nothing to say
  m.state.turns = before.turns
  return afterYes.alive ? first : second
}

/** Runs something that may or may not run. */
export function branchOn(m: Machine, path: () => Value): Value {
  return m.split([path, () => undefinedValue])
}

/** A test of something that an unreadable call gave may be the guard, unless that is the same whoever calls. */
function doubtsAbout(m: Machine, from: Origins, already: readonly Doubt[]): readonly Doubt[] {
  if (isSameForAll(from)) return already
  const all = from.refs.filter((ref): ref is OpaqueRef => ref.t === 'opaque')
  const opaque = all.filter((ref) => !already.some((doubt) => doubt.ref === ref))
  for (const ref of all) if (!opaque.includes(ref)) m.commons.met.addDoubtAgain(ref)
  if (opaque.length === 0) return already
  for (const ref of opaque) addOpaque(m, ref)
  return [...already, ...opaque.map((ref) => ({ ref }))]
}

/** One answer stops the caller, if the caller is one of those of whom nobody knows. */
function mayRefuse(m: Machine, doubts: readonly Doubt[], before: readonly Doubt[], test: Expr): void {
  const sources = doubts.flatMap((doubt) => (doubt.ref.asks && !before.includes(doubt) ? [doubt.ref.asks] : []))
  if (sources.length === 0) return
  const decision: Decision = { sources, site: m.site(test.range), stack: m.stack, lastWrite: m.state.lastWrite }
  for (const source of sources) m.log.decided.add(source)
  m.log.decisions.push(decision)
  deny(m, decision)
}

/** An id that is empty names nobody's row. */
const emptyTies = (m: Machine, value: Value): readonly Proof[] =>
  m.tracing && standingOf(m, value) === 'chosen' ? tiesIn(value).map(bound) : []

/** The test looks like a guard, but the caller decides how it ends. */
function noteWeakTest(m: Machine, value: Value, from: Origins, test: Expr): void {
  const site = m.site(test.range)
  if ((from.flags & From.context) !== 0) addNote(m, 'injectableContext', readIn(m, test) ?? keyName(value), site)
  else if (!m.anonymous) return
  else if (
    (from.flags & (From.cookie | From.header)) !== 0 &&
    (from.flags & (From.secret | From.row)) === 0 &&
    !isBySize(test)
  )
    addNote(m, 'untrusted', readIn(m, test) ?? keyName(value), site)
  else {
    const asked = sourcesOf(from).find((source) => source.proof === 'authenticated')
    if (asked) addNote(m, 'passesNull', asked.name, site)
  }
}

/** How much or how often: nobody is told by that who asks, only that it is enough (`hits > limit`). */
const isBySize = (test: Expr): boolean =>
  test.t === 'binary'
    ? /^[<>]=?$/.test(test.op)
    : test.t === 'chain' || test.t === 'unary'
      ? isBySize(test.expr)
      : false

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

/** `&&`, `||` and `??`. */
export function logical(m: Machine, e: Extract<Expr, { t: 'logical' }>): Value {
  if (e.op === '??') {
    const left = evaluate(m, e.left)
    if (isSecretWithDefault(m, left, e)) return left
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
  if (isSecretWithDefault(m, left, e)) return left
  const known = truth(left)
  const stop = e.op === '&&' ? false : true
  if (known === stop) {
    noteUnawaited(m, left)
    // `session && work()`: what follows is not for this caller
    if (m.anonymous) bar(m, shallowOrigins(left), m.site(e.left.range))
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
  const hint = tested(m.heap.originsOf(left, 2))
  const go = before.fork()
  go.turn(hint)
  m.state = go
  prove(m, e.op === '&&' ? leftProofs.whenTrue : leftProofs.whenFalse)
  refine(m, e.left, e.op === '&&')
  const right = m.state.alive ? evaluate(m, e.right) : undefinedValue
  const afterRight = m.state
  const stays = before.fork()
  stays.turn(hint)
  m.state = State.join([afterRight, stays])
  m.state.turns = before.turns
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
    ? unknown(m.heap.originsOf(value), { whenTrue, whenFalse })
    : value
}

/**
 * `process.env.CRON_SECRET ?? ''`: secrets are taken to be set, as where they are compared without a default. What holds where
 * none is set is asked apart.
 */
const isSecretWithDefault = (m: Machine, left: Value, { op, right }: Extract<Expr, { t: 'logical' }>): boolean =>
  op !== '&&' &&
  right.t === 'literal' &&
  typeof right.value === 'string' &&
  m.persona.variables === undefined &&
  left.t === 'unknown' &&
  (left.origins.flags & ~From.setting) === (From.secret | From.env)

/** The right side runs because of who the caller is; when it throws, that refuses the caller. */
function afterDecision(m: Machine, left: Value, e: Extract<Expr, { t: 'logical' }>): Value {
  const from = shallowOrigins(left)
  if (!hasSource(from)) return evaluate(m, e.right)
  const decisions = m.log.decisions.length
  const known = new Set(m.log.decided)
  const decision = decide(m, from, m.site(e.left.range))
  const right = evaluate(m, e.right)
  if (!m.state.alive) deny(m, decision)
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
  constant(undefined, part.origins.refs.length > 0 || part.origins.flags ? part.origins : noOrigins)

const decisive = (left: Value): Origins => (hasSource(shallowOrigins(left)) ? shallowOrigins(left) : noOrigins)

const joinProofs = (a: readonly Proof[] = [], b: readonly Proof[] = []): readonly Proof[] => [...new Set([...a, ...b])]
const meetProofs = (a: readonly Proof[] = [], b: readonly Proof[] = []): readonly Proof[] => meet(a, b)
