/**
 * Whether a route keeps people away from its page who are not signed in. What guards is found by running `beforeLoad` as
 * such a caller, behind those of the routes above; what only a browser knows (a store, `localStorage`, a client of the auth
 * library) by the shape of the test.
 */
import { callValue } from '../../analysis/code/calls.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
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
import type { Expr, FunctionForm, ModuleForm, Range, Stmt } from '../../model/form.ts'
import type { RouteReport } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { fromTheWire, middlewareOf, runChain } from './chain.ts'
import { routeOf, routeOptions } from './routes.ts'

export interface RouteGuard {
  readonly range: Range
  readonly guardedIn: RouteReport['guardedIn']
}

/** What a hook is told of the caller by the router's context. */
interface Assumed {
  /** How deep it is there: an object, whose members are objects; what comes below is missing. */
  readonly depth: number
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
    const before = once(() => above.reduce(goOn, setOut(world)))
    const after = once(() => goOn(before(), file))
    return (
      guardIn(world, file, 'beforeLoad', before) ??
      middlewareGuard(world, file) ??
      guardIn(world, file, 'loader', after) ??
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
): RouteGuard | undefined {
  const m = machine(world)
  const property = propertyOf(moduleForm(m, file), hook)
  const fn = hookOf(m, file, hook)
  if (!property || !fn) return undefined
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const assumed = { depth, asked: false }
    const found = runHook(arrival(), file, hook, assumed)
    if (found) return { guardedIn: hook, range: denialRange(world, file, found) ?? property }
    // who asks for nothing of the caller does the same, however much of it is there
    if (!assumed.asked) break
  }
  const written = fn.t === 'function' ? writtenGuard(world, fn) : undefined
  return written && { guardedIn: hook, range: written.file === file ? written.range : property }
}

const machine = (world: World): Machine => new Machine(world, { kind: 'anonymous', environment: 'production' })

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

const setOut = (world: World): Arrival => ({ m: machine(world), known: new Map() })

/** Past a route: what its hook adds to the context, where it lets somebody unknown through. */
function goOn({ m, known }: Arrival, at: string): Arrival {
  const fn = hookOf(m, at, 'beforeLoad')
  if (!fn) return { m, known }
  const next = m.apart()
  const value = callHook(next, fn, known, { depth: 0, asked: false })
  if (!next.state.alive) return { m, known }
  // what it has tested is its own
  next.state.decisions = []
  next.state.doubts = []
  return { m: next, known: new Map([...known, ...propsOf(next, value)]) }
}

function runHook(
  { m: before, known }: Arrival,
  file: string,
  hook: 'beforeLoad' | 'loader',
  assumed: Assumed,
): Site | undefined {
  const m = before.apart()
  const fn = hookOf(m, file, hook)
  if (!fn) return undefined
  const value = callHook(m, fn, known, assumed)
  const refused = m.sink.thrown.map((thrown) => lastDecision(thrown)).filter((decision) => decision !== undefined)
  const returned = alternatives(value).some((part) => isDenial(m.heap.object(part))) ? m.log.denials : []
  const decided = [...refused, ...returned].find((decision) =>
    speaksForItself(m.world, decision, hook === 'loader' ? file : undefined, assumed.depth > 0),
  )
  if (decided) return decided.site
  if (hook === 'loader') return undefined
  const doubted = [...m.sink.thrown.map((thrown) => thrown.state), m.state]
    .flatMap((state) => state.doubts)
    .find((doubt) => aboutCaller.test(doubt.ref.name))
  return doubted && !m.state.alive ? doubted.ref.site : undefined
}

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
function missing(m: Machine, depth: number): Value {
  const from = origins(From.principal, contextSource)
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

function tests(form: ModuleForm, within?: Range): readonly If[] {
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
  for (const fn of form.functions) if (!within || isWithin(fn.range, within)) visit(fn.body)
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
    if (range && asksForNobody(form, body, test)) return { file: fn.file, range }
  }
  return undefined
}

function asksForNobody(form: ModuleForm, fn: FunctionForm, test: Expr): boolean {
  switch (test.t) {
    case 'unary':
      return test.op === '!' && isAboutCaller(form, fn, test.expr, 3)
    case 'logical':
      return asksForNobody(form, fn, test.left) || asksForNobody(form, fn, test.right)
    case 'binary': {
      const [side, other] =
        test.right.t === 'literal' || test.right.t === 'undefined' ? [test.left, test.right] : [test.right, test.left]
      const nothing =
        other.t === 'undefined' || (other.t === 'literal' && (other.value === null || other.value === false))
      const asks = nothing ? test.op === '==' || test.op === '===' : test.op === '!=' || test.op === '!=='
      return asks && isAboutCaller(form, fn, side, 3)
    }
    default:
      return false
  }
}

const identity = /user|session|auth|identity|principal|token|viewer|log(?:ged)?in|sign(?:ed)?in|admin|^me$/i

/** `useAuth()`, `authClient.getSession()`, `localStorage.getItem('token')`, or a variable that holds what these gave. */
function isAboutCaller(form: ModuleForm, fn: FunctionForm, e: Expr, hops: number): boolean {
  if (hops < 0) return false
  switch (e.t) {
    case 'name': {
      const binding = form.bindings[e.binding]
      if (!binding) return false
      if (binding.kind === 'parameter') return identity.test(binding.name)
      const init = initOf(fn.body, e.binding)
      return init ? isAboutCaller(form, fn, init, hops - 1) : binding.kind === 'import' && identity.test(binding.name)
    }
    case 'member':
      return (
        (typeof e.key === 'string' && e.key !== 'data' && identity.test(e.key) && rootName(form, e) !== 'params') ||
        isAboutCaller(form, fn, e.object, hops)
      )
    case 'chain':
    case 'await':
      return isAboutCaller(form, fn, e.expr, hops)
    case 'call':
      // what is looked up by the page's address is data
      if (e.args.some((arg) => mentions(form, arg, /^(?:params|search|deps|location)$/))) return false
      return (
        isAboutCaller(form, fn, e.callee, hops) ||
        (rootName(form, e.callee) === 'localStorage' &&
          e.args.some((arg) => arg.t === 'literal' && identity.test(String(arg.value))))
      )
    case 'logical':
      return isAboutCaller(form, fn, e.left, hops) || isAboutCaller(form, fn, e.right, hops)
    default:
      return false
  }
}

function mentions(form: ModuleForm, node: unknown, name: RegExp): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some((inner) => mentions(form, inner, name))
  const e = node as Partial<Expr>
  if (e.t === 'name') return name.test(form.bindings[(node as { binding: number }).binding]?.name ?? '')
  return Object.values(node).some((inner) => mentions(form, inner, name))
}

function rootName(form: ModuleForm, e: Expr): string {
  if (e.t === 'member') return rootName(form, e.object)
  if (e.t === 'chain') return rootName(form, e.expr)
  return e.t === 'global' ? e.name : e.t === 'name' ? (form.bindings[e.binding]?.name ?? '') : ''
}

function initOf(body: readonly Stmt[], binding: number): Expr | undefined {
  for (const s of body) {
    if (s.t === 'declare' && s.init && JSON.stringify(s.pattern).includes(`"binding":${String(binding)},`))
      return s.init
    if (s.t === 'block' || s.t === 'try') {
      const inner = initOf(s.body, binding)
      if (inner) return inner
    }
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
  const fn = form.functions[component.fn]
  if (!fn) return undefined
  for (const { test, then } of tests(form, fn.range)) {
    const away = then.find((s) => leaves(form, s)) ?? undefined
    if (away && asksForNobody(form, fn, test)) return { guardedIn: 'component', range: away.range }
  }
  return undefined
}

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
