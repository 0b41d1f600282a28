/**
 * Whether a route keeps people away from its page who are not signed in. What guards is found by running `beforeLoad` as
 * such a caller, behind those of the routes above; what only a browser knows (a store, `localStorage`, a client of the auth
 * library) by the shape of the test.
 */
import { callValue } from '../../analysis/code/calls.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import type { Persona } from '../../analysis/caller/persona.ts'
import type { Thrown } from '../../analysis/code/frame.ts'
import { From, noOrigins, origins, type Site, type Source } from '../../analysis/values/origins.ts'
import type { Decision } from '../../analysis/caller/decisions.ts'
import {
  alternatives,
  constant,
  native,
  undefinedValue,
  unknown,
  type FunctionValue,
  type ObjectCell,
  type Value,
} from '../../analysis/values/value.ts'
import type { World } from '../../analysis/world.ts'
import type { Expr, FunctionForm, FunctionId, ModuleForm, Range, Stmt } from '../../model/form.ts'
import type { RouteReport } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { asksForNobody, initOf, lastName, rootName } from './asks-for-nobody.ts'
import { fromTheWire, middlewareOf, runChain } from './chain.ts'
import { routeOf, routeOptions } from './routes.ts'

export interface RouteGuard {
  readonly range: Range
  readonly guardedIn: RouteReport['guardedIn']
}

/** What a hook is told of the caller by the router's context. */
interface Assumed {
  /** How deep it is there: an object, whose members are objects; what comes below is missing. Or all of it is there. */
  readonly depth: number | 'all'
  /** A hook has asked for it. */
  asked: boolean
}

/** How deep it can be. */
const DEEPEST = 3

/** Somebody unknown has come so far: the hooks of the routes above have run. */
interface Arrival {
  readonly m: Machine
  /** What they have put into the context. */
  readonly known: ReadonlyMap<string, Value>
}

/** Each route below asks for those above it: what is known of one is kept. */
type Asking = Pick<FindingsRequest, 'world' | 'ask'>

/** @param above the routes above, outermost first */
export function guardOfRoute({ world, ask }: Asking, file: string, above: readonly string[]): RouteGuard | undefined {
  const found = ask(['route guard', file, ...above].join('\0'), () => {
    // who is kept away by the routes above is let through here: it is asked what this one does
    const before = once(() => above.reduce(goOn, setOut(world, anonymous)))
    const after = once(() => goOn(before(), file))
    const somebodyBefore = once(() => above.reduce(goOn, setOut(world, signedIn)))
    const somebodyAfter = once(() => goOn(somebodyBefore(), file))
    return (
      guardIn(world, file, 'beforeLoad', before, somebodyBefore) ??
      middlewareGuard(world, file) ??
      guardIn(world, file, 'loader', after, somebodyAfter) ??
      componentGuard(world, file) ??
      null
    )
  })
  return found ?? undefined
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function guardIn(
  world: World,
  file: string,
  hook: 'beforeLoad' | 'loader',
  arrival: () => Arrival,
  ofSomebody: () => Arrival,
): RouteGuard | undefined {
  const m = machine(world)
  const property = propertyOf(moduleForm(m, file), hook)
  const fn = hookOf(m, file, hook)
  if (!property || !fn) return undefined
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const assumed = { depth, asked: false }
    const found = runHook(arrival(), file, hook, assumed)
    if (found && !(found.mayPass && mayBeRefused(ofSomebody(), file, hook)))
      return { guardedIn: hook, range: denialRange(world, file, found.site) ?? property }
    // who asks for nothing of the caller does the same, however much of it is there
    if (!assumed.asked) break
  }
  const written = fn.t === 'function' ? writtenGuard(world, fn) : undefined
  return written && { guardedIn: hook, range: written.file === file ? written.range : property }
}

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
const signedIn: Persona = { kind: 'signed-in', environment: 'production', privileges: 'none' }

const machine = (world: World): Machine => new Machine(world, anonymous)

export function hookOf(m: Machine, file: string, hook: string): Value | undefined {
  const route = routeOf(m, file)
  const value = route && routeOptions(m, route)?.props.get(hook)
  return value && value.t !== 'const' ? value : undefined
}

// --- running it -------------------------------------------------------------------------------------------------------

/** Stands for what the router's context says of the caller. */
const contextSource: Source = {
  t: 'source',
  proof: 'authenticated',
  name: 'context',
  site: { file: '', range: [0, 0] },
  trust: 'verified',
}

const aboutCaller =
  /user|session|auth|identity|principal|account|member|role|permission|claim|token|viewer|profile|log(?:ged)?in|sign(?:ed)?in|admin|tenant|\borg|organi[sz]ation|^me$/i

const setOut = (world: World, persona: Persona): Arrival => ({ m: new Machine(world, persona), known: new Map() })

/** Past a route: what its hook adds to the context, where it lets the caller through. */
function goOn({ m, known }: Arrival, at: string): Arrival {
  const fn = hookOf(m, at, 'beforeLoad')
  if (!fn) return { m, known }
  const next = m.apart()
  const value = callHook(next, fn, known, { depth: m.anonymous ? 0 : 'all', asked: false })
  if (!next.state.alive) return { m, known }
  // what it has tested is its own
  next.state.decisions = []
  next.state.doubts = []
  return { m: next, known: new Map([...known, ...propsOf(next, value)]) }
}

/** Where a hook tells who is not signed in apart; `mayPass`: and then sends them away as the case may be, not always. */
interface Refusal {
  readonly site: Site
  readonly mayPass: boolean
}

function runHook(
  { m: before, known }: Arrival,
  file: string,
  hook: 'beforeLoad' | 'loader',
  assumed: Assumed,
): Refusal | undefined {
  const m = before.apart()
  const fn = hookOf(m, file, hook)
  if (!fn) return undefined
  const value = callHook(m, fn, known, assumed)
  const refused = m.sink.thrown.map((thrown) => lastDecision(thrown)).filter((decision) => decision !== undefined)
  const returned = alternatives(value).some((part) => isDenial(m.heap.object(part))) ? m.log.denials : []
  const decided = [...refused, ...returned].find((decision) =>
    speaksForItself(m.world, decision, hook === 'loader' ? file : undefined, assumed.depth !== 0),
  )
  if (decided) return { site: decided.site, mayPass: m.state.alive && !refuses(m, value) && hasTaken(m, decided) }
  if (hook === 'loader') return undefined
  const doubted = [...m.sink.thrown.map((thrown) => thrown.state), m.state]
    .flatMap((state) => state.doubts)
    .find((doubt) => aboutCaller.test(doubt.ref.name))
  return doubted && !m.state.alive ? { site: doubted.ref.site, mayPass: false } : undefined
}

/**
 * Who is signed in and may do nothing else is sent away as well, as the case may be. Where somebody unknown is let through as
 * the case may be, neither is sent away for being nobody: a switch of the application is off, something is not there.
 */
function mayBeRefused({ m: before, known }: Arrival, file: string, hook: 'beforeLoad' | 'loader'): boolean {
  const m = before.apart()
  const fn = hookOf(m, file, hook)
  if (!fn) return false
  const value = callHook(m, fn, known, { depth: 'all', asked: false })
  return m.sink.thrown.length > 0 || alternatives(value).some((part) => isDenial(m.heap.object(part)))
}

/** What goes on has gone through it as well. */
const hasTaken = (m: Machine, { site: { file, range } }: Decision): boolean =>
  m.state.decisions.some(({ site }) => site.file === file && site.range[0] === range[0] && site.range[1] === range[1])

const refuses = (m: Machine, value: Value): boolean =>
  alternatives(value).every((part) => isDenial(m.heap.object(part)))

const notIdentity: ReadonlySet<string> = new Set(['capability', 'signature', 'secret', 'env-gate'])

const lastDecision = (thrown: Thrown): Decision | undefined => thrown.state.decisions.at(-1)

const isDenial = (cell: ObjectCell | undefined): boolean => cell?.is === 'denial' || cell?.is === 'response'

/**
 * What is only missing in the context throws as soon as one of its members is read: that is a test only where one is
 * written. A loader's calls of guarded functions are no guard of the loader's.
 */
function speaksForItself(world: World, decision: Decision, ownFile: string | undefined, assumed: boolean): boolean {
  // a key of the input that fits, or a switch of the environment, says nothing about who is signed in
  if (decision.sources.every((source) => notIdentity.has(source.proof))) return false
  const onlyContext = decision.sources.every((source) => source.name === contextSource.name && source.site.file === '')
  if (!onlyContext && ownFile === undefined) return !isMember(world, decision.site)
  if (ownFile !== undefined && decision.site.file !== ownFile) return false
  const found =
    decision.site.file === '' ? undefined : testAt(moduleForm(machine(world), decision.site.file), decision.site.range)
  // an object that was only assumed to be there passes every test for being there
  return found !== undefined && !(assumed && onlyContext && asksForSomebody(found.test))
}

/** Reading a property of what is missing throws, and is no test. */
function isMember(world: World, { file, range }: Site): boolean {
  if (file === '') return false
  let found = false
  const form = moduleForm(machine(world), file)
  if (testAt(form, range)) return false
  walk(form, (e) => {
    if (e.t === 'member' && e.range[0] === range[0] && e.range[1] === range[1]) found = true
  })
  return found
}

function asksForSomebody(test: Expr): boolean {
  if (test.t === 'logical') return asksForSomebody(test.left) && asksForSomebody(test.right)
  return test.t === 'name' || test.t === 'member' || test.t === 'chain'
}

export function callHook(m: Machine, fn: Value, known: ReadonlyMap<string, Value>, assumed: Assumed): Value {
  const input = (): Value => unknown(origins(From.input), { nullish: 'no' })
  const given = m.heap.newObject(
    new Map<string, Value>([
      ['context', contextValue(m, known, assumed)],
      ['params', m.heap.newObject({}, { rest: input() })],
      ['search', m.heap.newObject({}, { rest: input() })],
      ['deps', m.heap.newObject({}, { rest: input() })],
      ['location', input()],
      ['navigate', native('navigate', () => undefinedValue)],
    ]),
    { rest: unknown(noOrigins, { nullish: 'no' }) },
  )
  return callValue(m, fn, [given], { file: '', range: [0, 0] }, { awaited: true, name: 'beforeLoad' })
}

/** What the routes above have put there, else nothing where it would be about the caller. */
function contextValue(m: Machine, known: ReadonlyMap<string, Value>, assumed: Assumed): Value {
  const get = native('get', (inner, args) => {
    const key = args[1]?.t === 'const' ? String(args[1].value) : ''
    const value = known.get(key)
    if (value) return value
    if (!aboutCaller.test(key)) return unknown(noOrigins, { nullish: 'no' })
    assumed.asked = true
    return missing(inner, assumed.depth)
  })
  return m.heap.newObject({ target: m.heap.newObject({}), handler: m.heap.newObject({ get }) }, { is: 'proxy' })
}

/** At depth 0 it is not there; deeper, an object whose members are not. */
function missing(m: Machine, depth: Assumed['depth']): Value {
  const from = origins(From.principal, contextSource)
  if (depth === 'all') return unknown(from, { nullish: 'no' })
  return depth === 0 ? constant(undefined, from) : m.heap.newObject({}, { rest: missing(m, depth - 1) })
}

function propsOf(m: Machine, value: Value): ReadonlyMap<string, Value> {
  const part = alternatives(value).find((one) => m.heap.object(one))
  return (part && m.heap.object(part)?.props) ?? new Map<string, Value>()
}

/** `server.middleware` without handlers of its own: it guards the document. */
function middlewareGuard(world: World, file: string): RouteGuard | undefined {
  const m = machine(world)
  const route = routeOf(m, file)
  const server = route && routeOptions(m, route)?.props.get('server')
  const cell = server && m.heap.object(alternatives(server).find((part) => m.heap.object(part)) ?? undefinedValue)
  const list = cell?.props.get('middleware')
  if (!cell || !list || cell.props.has('handlers')) return undefined
  const reached: true[] = []
  runChain(m, middlewareOf(m, list, 'middleware'), fromTheWire(m, new Map()), () => {
    reached.push(true)
    return undefinedValue
  })
  if (reached.length > 0 || m.log.denials.length === 0) return undefined
  const form = moduleForm(m, file)
  return {
    guardedIn: 'server.middleware',
    range: propertyOf(form, 'middleware') ?? propertyOf(form, 'server') ?? [0, 0],
  }
}

// --- the shape of it ----------------------------------------------------------------------------------------------------

/** Where the hook is named in the route's options. */
export function propertyOf(form: ModuleForm, key: string): Range | undefined {
  let found: Range | undefined
  walk(form, (e) => {
    if (found || e.t !== 'object') return
    const prop = e.props.find((one) => one.t === 'prop' && one.key === key)
    if (prop?.t === 'prop') found = prop.keyRange
  })
  return found
}

/** The statement that refuses, where the test before it stands in this file; else the call that does. */
function denialRange(world: World, file: string, site: Site): Range | undefined {
  if (site.file !== file) return undefined
  const form = moduleForm(machine(world), file)
  const test = testAt(form, site.range)
  return test ? (refusal(test.then) ?? refusal(test.else) ?? site.range) : site.range
}

type If = Extract<Stmt, { t: 'if' }>

function testAt(form: ModuleForm, range: Range): If | undefined {
  return tests(form).find(({ test }) => test.range[0] === range[0] && test.range[1] === range[1])
}

const tests = (form: ModuleForm, within?: Range): readonly If[] =>
  form.functions.filter((fn) => !within || isWithin(fn.range, within)).flatMap(({ body }) => testsIn(body))

function testsIn(body: readonly Stmt[]): readonly If[] {
  const found: If[] = []
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.t === 'if') {
        found.push(s)
        visit(s.then)
        visit(s.else)
      } else if (s.t === 'block' || s.t === 'loop') visit(s.body)
      else if (s.t === 'try') {
        visit(s.body)
        visit(s.handler ?? [])
        visit(s.finalizer ?? [])
      } else if (s.t === 'switch') for (const one of s.cases) visit(one.body)
    }
  }
  visit(body)
  return found
}

const isWithin = (inner: Range, outer: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]

/** The `throw` of a branch, or its `return` of a redirect. */
function refusal(body: readonly Stmt[]): Range | undefined {
  for (const s of body) {
    if (s.t === 'throw') return s.range
    if (s.t === 'return' && s.expr && isRedirect(s.expr)) return s.range
    if (s.t === 'block') {
      const inner = refusal(s.body)
      if (inner) return inner
    }
  }
  return undefined
}

const isRedirect = (e: Expr): boolean => e.t === 'call' && e.callee.t === 'name'

/** A test of something about the caller that is not there, with a refusal behind it. */
function writtenGuard(world: World, fn: FunctionValue): Site | undefined {
  const form = moduleForm(machine(world), fn.file)
  const body = form.functions[fn.fn]
  if (!body) return undefined
  for (const { test, then } of tests(form, body.range)) {
    const range = refusal(then)
    if (range && asksForNobody(form, test)) return { file: fn.file, range }
  }
  return undefined
}

// --- components -----------------------------------------------------------------------------------------------------

/** `if (!session) return <Navigate to="/login" />` in the component of the route. */
function componentGuard(world: World, file: string): RouteGuard | undefined {
  const m = machine(world)
  const component = hookOf(m, file, 'component')
  if (component?.t !== 'function' || component.file !== file) return undefined
  const form = moduleForm(m, file)
  for (const { test, then } of shownBy(form, component.fn).flatMap((one) => testsIn(one.body))) {
    const away = then.find((s) => leaves(form, s)) ?? undefined
    if (away && asksForNobody(form, test)) return { guardedIn: 'component', range: away.range }
  }
  return undefined
}

/** What runs as the component is shown: itself, its effects, and what these call. What waits for a click keeps nobody away. */
function shownBy(form: ModuleForm, component: FunctionId): readonly FunctionForm[] {
  const found = new Set<FunctionId>()
  const add = (id: FunctionId): void => {
    if (found.has(id)) return
    found.add(id)
    walk(form, (e, { fn }) => {
      if (e.t !== 'call' || fn !== id) return
      const { callee, args } = e
      const called = callee.t === 'name' ? initOf(form, callee.binding) : callee
      if (called?.t === 'function') add(called.fn)
      // of what the component itself calls, only effects run what they are given; an effect waits for answers
      if (id === component && !effect.test(lastName(form, callee))) return
      for (const arg of args) if (arg.t === 'function') add(arg.fn)
    })
  }
  add(component)
  return [...found].flatMap((id) => form.functions[id] ?? [])
}

const effect = /^use\w*Effect$/

function leaves(form: ModuleForm, s: Stmt): boolean {
  if (s.t === 'throw') return true
  if (s.t === 'block') return s.body.some((inner) => leaves(form, inner))
  const e = s.t === 'return' || s.t === 'expr' ? s.expr : undefined
  if (e?.t === 'jsx') return e.component !== undefined && rootName(form, e.component) === 'Navigate'
  const inner = e?.t === 'await' || e?.t === 'unary' ? e.expr : e
  if (inner?.t !== 'call') return false
  const { callee } = inner
  const name = callee.t === 'member' ? callee.key : rootName(form, callee)
  return typeof name === 'string' && /navigate|redirect|push|replace/i.test(name)
}
