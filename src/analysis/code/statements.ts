/** Executes statements on one path at a time; abrupt ends are kept with the state in which they happened. */
import { isFilledByChance } from '../values/wording.ts'
import { answered, tested as testedRows, toldBy } from '../values/telling.ts'
import type { Proof } from '../../catalog/meaning.ts'
import type { Expr, Stmt } from '../../model/form.ts'
import { branch } from './conditions.ts'
import { equal } from './equality.ts'
import { proofsOf } from './test-proofs.ts'
import { awaitValue, drained, evaluate, nameOf } from './expressions.ts'
import { iterate } from './members.ts'
import type { Machine } from '../machine.ts'
import type { Effect } from '../effects.ts'
import type { Frame, JumpTarget, ThrowSink, Thrown } from './frame.ts'
import { isAboutCallers, isLacked, isRefusal, decide, deny, type Decision } from '../caller/decisions.ts'
import { addNote, noteUntold } from '../caller/notes.ts'
import { prove } from '../caller/proving.ts'
import { isOfRight } from '../caller/role-tables.ts'
import { rightHeld } from '../caller/ties.ts'
import { byReason } from './throws.ts'
import { bindingName } from './module-values.ts'
import {
  callerChosen,
  From,
  hasSource,
  isPrivilege,
  kept,
  merge,
  noOrigins,
  origins,
  siteKey,
  sourcesOf,
  type Origins,
  type Source,
} from '../values/origins.ts'
import { bindPattern } from './patterns.ts'
import { settleAwaited } from '../queries/queries.ts'
import { evaluateQuietly } from './quiet.ts'
import { State } from '../state/state.ts'
import {
  alternatives,
  shallowOrigins,
  truth,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type Value,
} from '../values/value.ts'

export function execute(m: Machine, body: readonly Stmt[]): void {
  for (const statement of body) {
    if (!m.state.alive) return
    executeOne(m, statement)
  }
}

function executeOne(m: Machine, s: Stmt): void {
  switch (s.t) {
    case 'expr': {
      const value = evaluate(m, s.expr)
      noteDropped(m, value, s.expr)
      return
    }
    case 'declare':
      if (s.init) {
        const value = evaluate(m, s.init)
        if (m.state.alive) bindPattern(m, s.pattern, value)
      } else if (s.kind !== 'var') bindPattern(m, s.pattern, undefinedValue)
      return
    case 'if':
      branch(
        m,
        s.test,
        () => run(m, s.then),
        () => run(m, s.else),
      )
      return
    case 'block':
      if (s.label === undefined) execute(m, s.body)
      else breakable(m, s.label, false, () => execute(m, s.body))
      return
    case 'return': {
      const frame = m.frame
      const value = s.expr ? evaluate(m, s.expr, frame ? frame.async || frame.awaited : true) : undefinedValue
      if (!m.state.alive) return
      const settled =
        frame?.async || frame?.awaited ? awaitValue(m, value, s.expr ?? { t: 'undefined', range: s.range }) : value
      // `if (!session) return null`: the answer says who the caller is not, and a test of it tells callers apart
      const given = m.state.denying === 'branch' ? markedBy(m.state.decisions.at(-1), settled) : settled
      // what was done on the way to a returned denial belongs to it
      if (m.state.denialEffects.length > 0 && isRefusal(m, given)) m.state.denialEffects = []
      if (m.state.alive) frame?.returns.push({ state: m.state, value: given })
      m.state = m.state.ended()
      return
    }
    case 'throw':
      m.throw(evaluate(m, s.expr))
      return
    case 'break':
    case 'continue': {
      const jumps = m.frame?.jumps ?? []
      const target =
        s.label === undefined
          ? [...jumps].reverse().find((jump) => s.t === 'break' || jump.loop)
          : labelled(jumps, s.label, s.t === 'continue')
      if (target) m.state.denying = target.denying
      target?.[s.t === 'break' ? 'breaks' : 'continues'].push(m.state)
      m.state = m.state.ended()
      return
    }
    case 'switch':
      switchStatement(m, s)
      return
    case 'loop':
      loop(m, s)
      return
    case 'try':
      tryStatement(m, s)
  }
}

function markedBy(decision: Decision | undefined, value: Value): Value {
  return decision ? withOrigins(value, { flags: 0, refs: decision.sources }) : value
}

function run(m: Machine, body: readonly Stmt[]): Value {
  execute(m, body)
  return undefinedValue
}

/** A value that is made and dropped: a denial that stops nobody, a promise that nobody waits for. */
function noteDropped(m: Machine, value: Value, e: Expr): void {
  const calls = lastCalls(e)
  for (const call of calls) noteUntold(m, m.site(call.range))
  const made = calls.at(-1)
  for (const part of alternatives(value)) {
    if (part.t === 'promise') {
      if (part.denies) addNote(m, 'notAwaited', part.name, part.site)
    } else if (made && isDenial(m, part)) {
      const decided = m.state.decisions.length > 0 || hasSource(shallowOrigins(part))
      if (decided)
        addNote(
          m,
          'denialDropped',
          nameOf(made.callee, (id) => bindingName(m, id)),
          m.site(made.range),
        )
    } else if (made) noteIgnored(m, part, made)
  }
}

/** A yes or no about what the caller may do, which nothing looks at. */
function noteIgnored(m: Machine, answer: Value, made: Extract<Expr, { t: 'call' }>): void {
  const decides = (part: Value): boolean =>
    isYesOrNo(part) && sourcesOf(shallowOrigins(part)).some((source) => isPrivilege(source) && asksFor(m, made, source))
  const member = [...(m.heap.object(answer)?.props ?? [])].find(([, value]) => decides(value))?.[0]
  if (member === undefined && !decides(answer)) return
  addNote(
    m,
    'resultIgnored',
    nameOf(made.callee, (id) => bindingName(m, id)),
    m.site(made.range),
    member === undefined ? {} : { member },
  )
}

/** What a logger or a tracker gives is made of what it was told, and says neither. */
const isYesOrNo = (value: Value): boolean =>
  value.t === 'const'
    ? value.value === false
    : value.t === 'unknown' && (value.whenTrue !== undefined || value.whenFalse !== undefined)

/** The call itself, or a function that it runs, finds it out; what it is given was found out before. */
function asksFor(m: Machine, { range }: Extract<Expr, { t: 'call' }>, source: Source): boolean {
  const here = siteKey(m.site(range))
  const within = m.log.lately.get(source)?.[m.stack.length]?.calledAt
  return siteKey(source.site) === here || (within !== undefined && siteKey(within) === here)
}

const isDenial = (m: Machine, value: Value): boolean => {
  const is = m.heap.kindOf(value)?.is
  return is === 'denial' || is === 'response' || is === 'error' || (value.t === 'unknown' && value.denial === true)
}

/** The calls that may have given what an expression gives: `a`, and `b` of `test && b` and `test ? a : b`. */
function lastCalls(e: Expr): Extract<Expr, { t: 'call' }>[] {
  switch (e.t) {
    case 'call':
      return [e]
    case 'chain':
    case 'await':
    case 'unary':
      return lastCalls(e.expr)
    case 'logical':
      return lastCalls(e.right)
    case 'conditional':
      return [...lastCalls(e.then), ...lastCalls(e.else)]
    default:
      return []
  }
}

/** `continue outer` goes on with the loop that the label stands before. */
function labelled(jumps: readonly JumpTarget[], label: string, isContinue: boolean): JumpTarget | undefined {
  const at = jumps.findLastIndex((jump) => jump.label === label)
  return isContinue ? jumps.slice(at + 1).find((jump) => jump.loop) : jumps[at]
}

function breakable(
  m: Machine,
  label: string | undefined,
  isLoop: boolean,
  body: (target: JumpTarget) => void,
): JumpTarget {
  const target: JumpTarget = { label, loop: isLoop, breaks: [], continues: [], denying: m.state.denying }
  m.frame?.jumps.push(target)
  body(target)
  m.frame?.jumps.pop()
  m.state = State.join([m.state, ...target.breaks])
  return target
}

function switchStatement(m: Machine, s: Extract<Stmt, { t: 'switch' }>): void {
  const on = evaluate(m, s.on)
  if (!m.state.alive) return
  breakable(m, undefined, false, () => {
    const before = m.state
    const since = answered(m)
    let tested: Origins = noOrigins
    let falling = m.state.ended()
    let undecided = true
    const fallback = s.cases.findIndex((c) => !c.test)
    s.cases.forEach((c, i) => {
      let enters: boolean | undefined = i === fallback ? undefined : false
      let shown: readonly Proof[] | undefined
      if (c.test && undecided) {
        m.state = before.fork()
        const answer = equal(m, on, evaluate(m, c.test), false, m.site(c.test.range))
        tested = merge(tested, m.heap.originsOf(answer, 1))
        enters = truth(answer)
        shown = proofsOf(answer).whenTrue
        if (enters === true) undecided = false
      }
      const entering = enters === false ? m.state.ended() : before.fork()
      entering.turn(testedRows(tested))
      m.state = entering
      prove(m, shown)
      // no case fits, because of who the caller is
      const decision = enters !== false && hasSource(tested) ? decide(m, tested, m.site(s.on.range)) : undefined
      m.state = State.join([falling, m.state])
      execute(m, c.body)
      if (!m.state.alive) deny(m, decision)
      falling = m.state
    })
    const skipping = undecided && fallback < 0 ? before.fork() : m.state.ended()
    skipping.turn(testedRows(tested))
    m.state = State.join([falling, skipping])
    if (m.state.alive) m.state.turns = before.turns
    toldBy(m, tested, since)
  })
}

function loop(m: Machine, s: Extract<Stmt, { t: 'loop' }>): void {
  execute(m, s.init)
  if (!m.state.alive) return
  breakable(m, undefined, true, (target) => {
    const once = (item: Value | undefined): void => {
      if (item && s.item) bindPattern(m, s.item, item)
      execute(m, s.body)
      m.state = State.join([m.state, ...target.continues.splice(0)])
      if (m.state.alive && s.update) evaluate(m, s.update)
    }
    if (s.iterable) {
      const iterable = s.iterable
      const list = drained(m, evaluate(m, iterable), iterable)
      if (!m.state.alive) return
      const settled = s.await
        ? union(alternatives(list).map((part) => (part.t === 'query' ? settleAwaited(m, part) : part)))
        : list
      const known = m.heap.array(settled)
      // what the caller's role leads to holds within the loop
      const before = m.state.proofs.includes(rightHeld)
      const inList = (run: () => void): void => {
        if (alternatives(settled).some((part) => isOfRight(shallowOrigins(part)))) prove(m, [rightHeld])
        run()
        if (!before) m.state.proofs = m.state.proofs.filter((proof) => proof !== rightHeld)
      }
      const oneByOne = known && (isFilledByChance(known) || (!known.rest && known.items.length <= 8))
      if (oneByOne && s.kind === 'of') {
        // an empty list because of who the caller is: nothing runs
        if (known.items.length === 0 && hasSource(m.heap.originsOf(settled, 1)))
          decide(m, m.heap.originsOf(settled, 1), m.site(s.iterable.range))
        for (const item of known.items)
          if (m.state.alive) inList(() => once(s.await ? awaitValue(m, item, iterable) : item))
        const { rest } = known
        if (rest && m.state.alive) repeat(m, () => inList(() => once(rest)))
        return
      }
      const item = s.kind === 'of' ? iterate(m, settled) : unknown(m.heap.originsOf(settled), { nullish: 'no' })
      repeat(m, () => inList(() => once(item)), testedRows(m.heap.originsOf(settled, 2)))
      return
    }
    const test = s.test
    if (s.kind === 'do') once(undefined)
    else if (test) {
      // the first round: whether it runs at all may hang on the caller
      const first = evaluate(m, test)
      if (!m.state.alive) return
      const known = truth(first)
      if (known !== undefined && hasSource(m.heap.originsOf(first, 1))) {
        const decision = decide(m, m.heap.originsOf(first, 1), m.site(test.range))
        if (!known) return
        once(undefined)
        if (!m.state.alive) deny(m, decision)
        return
      }
    }
    if (!test) {
      // without a condition it ends by break, return or throw only
      rounds(m, () => once(undefined))
      m.state = m.state.ended()
      return
    }
    if (runsOnce(m, test)) once(undefined)
    if (!m.state.alive) return
    repeat(m, () =>
      branch(
        m,
        test,
        () => (once(undefined), undefinedValue),
        () => undefinedValue,
      ),
    )
  })
}

/**
 * `i < secret.length`: no secret is empty. Nor is what the caller sends once it was found to be of the same length.
 */
function runsOnce(m: Machine, test: Expr): boolean {
  if (test.t !== 'binary' || (test.op !== '<' && test.op !== '!==' && test.op !== '<=')) return false
  const bound = evaluateQuietly(m, test.right)
  const of = bound?.t === 'unknown' ? (bound.lengthOf ?? 0) : 0
  return (of & kept) !== 0 || (m.state.sameLength && (of & callerChosen) !== 0)
}

/**
 * A body that may run not at all, once, or more often.
 *
 * @param hint what that tells of rows
 */
function repeat(m: Machine, body: () => void, hint?: Origins): void {
  rounds(m, () => {
    const { turns } = m.state
    const skipped = m.state.fork()
    skipped.turn(hint)
    m.state = m.state.fork()
    m.state.turn(hint)
    body()
    m.state = State.join([m.state, skipped])
    m.state.turns = turns
  })
}

/** As long as a round leaves something behind that the next one can see: flags that are set one after the other. */
const maxRounds = 6

function rounds(m: Machine, body: () => void): void {
  // a second time for what the first one left behind; inside another loop that one's second time does it
  const times = m.loops > 1 ? 1 : 2
  m.loops++
  for (let i = 0; i < maxRounds && m.state.alive; i++) {
    const before = m.state.fork()
    m.state = before.fork()
    body()
    if (i + 1 >= times && !m.state.knowsMoreThan(before)) break
  }
  m.loops--
}

function tryStatement(m: Machine, s: Extract<Stmt, { t: 'try' }>): void {
  const outer = m.sink
  const sink: ThrowSink = { thrown: [] }
  const frame = m.frame
  const returnsBefore = frame?.returns.length ?? 0
  const thrownBefore = outer.thrown.length
  const before = m.state
  const denials = m.log.denials.length

  m.state = before.fork()
  m.sink = s.handler ? sink : outer
  execute(m, s.body)
  m.sink = outer
  const completed = m.state

  if (s.handler) {
    const caught = m.log.denials.slice(denials)
    const handled: State[] = []
    for (const [kind, thrown] of reasons(
      before,
      completed,
      sink.thrown,
      frame?.returns.slice(returnsBefore).map((r) => r.state) ?? [],
    )) {
      const denial = kind === 'denial'
      m.state = thrown.state.alive ? thrown.state.fork() : before.fork()
      const refused = denial && isLacked(m, m.state.decisions.at(-1)?.sources)
      if (refused) m.state.denying = 'caught'
      const effects = m.log.effects.length
      const throws = m.sink.thrown.length
      const answers = frame?.returns.length ?? 0
      const last = m.state.decisions.at(-1)
      if (s.param) bindPattern(m, s.param, denial ? withOrigins(thrown.value, origins(From.failure)) : thrown.value)
      execute(m, s.handler)
      if (refused) tellWhom(frame?.returns ?? [], answers, last)
      // what is done in the handler about the denial is part of it, what it runs on is not
      const wentOn = m.state.alive || m.log.effects.slice(effects).some((effect) => effect.denying === 'no')
      // a job that told callers apart for some other reason, and fails for another one, may as well not fail
      const refuses = last && (!completed.alive || m.log.denials.includes(last))
      if (denial && refuses && wentOn && isAboutCallers(last))
        addNote(m, 'swallowed', lostCheck(m, last), m.site(s.range), { forgotten: keepsNothing(s) })
      // a helper that turns the denial into an answer has not stopped anybody yet
      if (denial && m.sink.thrown.length === throws && m.stack.at(-1)?.how === 'call') {
        const ended = new Set([last, ...sink.thrown.map((one) => one.state.decisions.at(-1))])
        for (const one of caught) if (one.crash || ended.has(one)) m.log.stops.delete(one)
      }
      if (m.state.alive) {
        // what was decided inside is over
        m.state.denying = before.denying
        handled.push(m.state)
      } else for (const effect of m.log.effects.slice(effects)) effect.reports = tellsSomebody(effect)
    }
    m.state = State.join([completed, ...handled])
  }
  if (s.finalizer) finish(m, s.finalizer, outer.thrown, thrownBefore, returnsBefore)
}

/** `catch { return null }` about a denial: the answer says who the caller is not, as behind a test. */
function tellWhom(returns: Frame['returns'], since: number, denial: Decision | undefined): void {
  returns.splice(
    since,
    returns.length,
    ...returns.slice(since).map((r) => ({ ...r, value: markedBy(denial, r.value) })),
  )
}

/** Nothing that was found out in it is known behind it. */
const keepsNothing = ({ body, handler = [] }: Extract<Stmt, { t: 'try' }>): boolean =>
  [...body, ...handler].every((inner) => inner.t === 'expr' && inner.expr.t !== 'assign')

/** Error reports are sent by mail or to a service, and counted; what is written to a table is more than a report. */
const tellsSomebody = ({ kind, model }: Effect): boolean =>
  kind === 'http' || kind === 'mail' || kind === 'other' || (kind === 'db' && model === undefined)

/** What refused the caller: the helper that is called here, or the lookup that is tested here. */
const lostCheck = (m: Machine, decision: Decision): string =>
  decision.stack[m.stack.length]?.name ?? decision.sources[0]?.name ?? ''

/** The finalizer runs on every way out; where it ends the function itself, what was thrown or returned is forgotten. */
function finish(
  m: Machine,
  body: readonly Stmt[],
  thrown: Thrown[],
  thrownBefore: number,
  returnsBefore: number,
): void {
  const returns = m.frame?.returns ?? []
  const thrownHere = thrown.splice(thrownBefore)
  const returnedHere = returns.splice(returnsBefore)
  if (m.state.alive) execute(m, body)
  const after = m.state
  const ways: readonly (readonly [readonly { readonly state: State }[], () => void])[] = [
    [thrownHere, () => void thrown.push(...thrownHere)],
    [returnedHere, () => void returns.push(...returnedHere)],
  ]
  for (const [ended, goOn] of ways) {
    const states = ended.map((each) => each.state).filter((state) => state.alive)
    if (states.length === 0) {
      goOn()
      continue
    }
    m.state = State.join(states.map((state) => state.fork()))
    // it runs for everybody, so it is no part of a denial
    m.state.denying = 'no'
    execute(m, body)
    if (m.state.alive) goOn()
  }
  m.state = after
}

/** Why the handler runs: a denial, another throw in sight, or anything that any call may throw. */
function reasons(
  before: State,
  completed: State,
  thrown: readonly Thrown[],
  returned: readonly State[],
): ['denial' | 'other', Thrown][] {
  const { denial, failure } = byReason(before, thrown)
  const result: ['denial' | 'other', Thrown][] = []
  if (denial) result.push(['denial', denial])
  if (failure) result.push(['other', failure])
  const decisionsBefore = before.decisions.length
  const onlyDenied =
    !completed.alive &&
    (denial !== undefined || returned.some((state) => state.decisions.length > decisionsBefore)) &&
    returned.every((state) => state.decisions.length > decisionsBefore)
  if (!failure && !onlyDenied) {
    const states = completed.alive ? [before.fork(), completed.fork()] : [before.fork()]
    result.push(['other', { state: State.join(states), value: unknown(undefined, { nullish: 'no' }) }])
  }
  return result
}
