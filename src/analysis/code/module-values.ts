/** What names mean: bindings of functions that run, and of modules, whose values are computed once. */
import type { BindingForm, BindingId, Expr, FunctionId, ModuleForm } from '../../model/form.ts'
import { evaluate, isUntraced } from './expressions.ts'
import { Machine } from '../machine.ts'
import { environmentOf } from '../caller/persona.ts'
import { newLog } from '../run-log.ts'
import type { Frame } from './frame.ts'
import { bindingKey, born } from '../state/keys.ts'
import { importedValue, opaqueValue } from './module-exports.ts'
import { fillersOf, toldBy } from './fillers.ts'
import { isOfHost } from './hosts.ts'
import { moduleIndex, rootOf, slotOf, visitCalls } from './module-index.ts'
import { From, hasSource, noOrigins, sourcesOf, type Origins, type Ref, type Site } from '../values/origins.ts'
import { bindPattern } from './patterns.ts'
import { State } from '../state/state.ts'
import { execute } from './statements.ts'
import {
  alternatives,
  undefinedValue,
  union,
  unknown,
  type Env,
  type FunctionValue,
  type LibraryValue,
  type Value,
} from '../values/value.ts'
import { withPatience } from '../world.ts'

/** The lowered form of a module. */
export function moduleForm(m: Machine, file: string): ModuleForm {
  let form = m.world.forms.get(file)
  if (!form) m.world.forms.set(file, (form = m.world.modules.module(file)))
  return form
}

/** What a binding is called in the module that is being run. */
export const bindingName = (m: Machine, binding: BindingId): string =>
  m.frame ? (moduleForm(m, m.frame.file).bindings[binding]?.name ?? '') : ''

/** The activation that the bindings of a module live in. */
export function moduleEnv(m: Machine, file: string): Env {
  let env = m.world.moduleEnvs.get(file)
  if (!env) {
    env = m.heap.newEnv(file, 0, undefined, undefined)
    m.world.moduleEnvs.set(file, env)
    m.world.moduleActivations.add(env.id)
  }
  return env
}

/** The activation that a binding of the running function's module lives in; undefined when that function does not run. */
export function envOf(m: Machine, binding: BindingId): Env | undefined {
  const frame = m.frame
  if (!frame) return undefined
  const owner = moduleForm(m, frame.file).bindings[binding]?.owner
  if (owner === 0) return moduleEnv(m, frame.file)
  for (let env: Env | undefined = frame.env; env; env = env.parent)
    if (env.fn === owner && env.file === frame.file) return env
  return undefined
}

/** What a name holds here. */
export function lookup(m: Machine, binding: BindingId): Value {
  const frame = m.frame
  if (!frame) return unknown()
  const form = moduleForm(m, frame.file).bindings[binding]
  if (!form) return unknown()
  if (form.owner === 0) {
    const key = bindingKey(moduleEnv(m, frame.file).id, binding)
    m.commons.look(key)
    const written = m.state.get(key) as Value | undefined
    const held = moduleBinding(m, frame.file, binding)
    return isFilledHere(m, frame, binding, held) ? (written ? filled(written) : undefinedValue) : (written ?? held)
  }
  const env = envOf(m, binding)
  if (!env) return unknown()
  const value = m.heap.read(bindingKey(env.id, binding)) as Value | undefined
  if (value === undefined && env.lazy) return lazily(m, env, binding, form)
  return value ?? (form.kind === 'parameter' ? unknown() : undefinedValue)
}

/**
 * A module binding that the running function fills itself when it finds it empty is a cache: a call that finds it empty
 * shows all that can come of it, as with `isOwnCache`. It holds settings or a client: a flag, or what was found for a caller,
 * is another one's work.
 */
function isFilledHere(m: Machine, frame: Frame, binding: BindingId, held: Value): boolean {
  if (frame.fn === 0 || m.atModuleLevel) return false
  const { assigned } = moduleIndex(m, frame.file)
  if (!assigned.get(binding)?.some(({ fn }) => fn === frame.fn)) return false
  const parts = alternatives(held)
  const kept = parts.filter((part) => !isNothing(part))
  return kept.length > 0 && kept.length < parts.length && kept.every((part) => isOfTheServer(m, part))
}

const isNothing = (value: Value): boolean => value.t === 'const' && (value.value === undefined || value.value === null)

function isOfTheServer(m: Machine, value: Value): boolean {
  if (value.t === 'const' || isUntraced(value)) return false
  const from = m.heap.originsOf(value)
  const { env, setting, secret, principal } = From
  return (from.flags & ~(env | setting | secret | principal)) === 0 && !hangsOnCaller(from) && from.refs.every(isSwitch)
}

/** Whether it is production tells no callers apart. */
const isSwitch = (ref: Ref): boolean => ref.t === 'source' && ref.proof === 'env-gate'

const hangsOnCaller = (from: Origins): boolean => {
  const sources = sourcesOf(from)
  return sources.length > 0 ? !sources.every(isSwitch) : (from.flags & From.principal) !== 0
}

/** What a cache was filled with is there. */
const filled = (value: Value): Value =>
  value.t === 'unknown' && value.nullish === 'maybe' ? { ...value, nullish: 'no', truthy: true } : value

/** A local of a function that does not run: what its declaration and its assignments give. */
function lazily(m: Machine, env: Env, binding: BindingId, form: BindingForm): Value {
  const key = bindingKey(env.id, binding)
  const site = { file: env.file, range: form.range }
  if (form.kind === 'parameter' && isOfHost(m, env.file, env.fn, binding))
    return opaqueValue(m, form.name, 'what runs the application decides what it is', site, { shared: 'data' })
  if (form.kind === 'parameter')
    return opaqueValue(m, form.name, 'whoever calls its function decides what it is', site, { kept: true })
  m.state.set(key, unknown())
  const index = moduleIndex(m, env.file)
  const values: Value[] = []
  const declaration = index.declared.get(binding)
  if (declaration?.init) {
    const given = evaluate(m, declaration.init, true)
    if (m.state.alive)
      bindPattern(m, declaration.pattern, given.t === 'promise' ? (given.value ?? undefinedValue) : given)
    if (m.state.alive) values.push((m.heap.read(key) as Value | undefined) ?? unknown())
  }
  for (const assigned of index.assigned.get(binding) ?? []) {
    if (!m.state.alive) break
    values.push(evaluate(m, assigned.value, true))
  }
  const value = values.length > 0 ? union(values) : undefinedValue
  if (m.state.alive) m.state.set(key, value)
  return value
}

/** What functions that do not run are called with, as far as their callers have been found. */
export type Given = ReadonlyMap<FunctionId, readonly Value[]>

/** The activation that stands for a function that does not run, inside those of the functions around it. */
function lazyEnv(m: Machine, file: string, fn: FunctionId, given?: Given): Env {
  if (fn <= 0) return moduleEnv(m, file)
  const form = moduleForm(m, file).functions[fn]
  const parent = lazyEnv(m, file, form?.parent ?? 0, given)
  const env = { ...m.heap.newEnv(file, fn, parent, undefined), lazy: true, captured: true }
  const args = given?.get(fn)
  if (args && m.frame) {
    m.frame = { ...m.frame, fn, env }
    form?.params.forEach(({ pattern, rest }, i) => {
      if (m.state.alive) bindPattern(m, pattern, rest ? m.heap.newArray(args.slice(i)) : (args[i] ?? undefinedValue))
    })
  }
  return env
}

/**
 * A function that is called in another request than the one that made it: what it closes over is what its makers'
 * declarations give.
 */
export const detachedFunction = (m: Machine, file: string, fn: FunctionId): FunctionValue => ({
  t: 'function',
  file,
  fn,
  env: lazyEnv(m, file, moduleForm(m, file).functions[fn]?.parent ?? 0),
})

/** The value of a module's top-level binding, computed when it is first needed. */
export function moduleBinding(m: Machine, file: string, binding: BindingId): Value {
  const key = `${environmentOf(m.persona)}${file}\0${String(binding)}`
  if (refusesToLoad(m, file)) return moduleBinding(configured(m, file), file, binding)
  const value = once(m, key, (machine) => {
    const form = moduleForm(machine, file)
    const described = form.bindings[binding]
    if (described?.import === undefined) {
      const declared = atModuleLevel(machine, file, (inner) => declaredValue(inner, file, binding))
      if (!declared) machine.world.unloadable.set(key, true)
      return declared ?? unknown()
    }
    const imported = form.imports[described.import]
    if (!imported) return unknown()
    return importedValue(machine, file, imported.from, imported.imported ?? '*', { file, range: imported.range })
  })
  return m.world.unloadable.get(key) === true ? moduleBinding(configured(m, file), file, binding) : value
}

/**
 * A module that throws while it is loaded, where no variable of the environment is set, insists on its variables: wherever
 * the application runs they are there, and so is what it makes of them.
 */
function configured(m: Machine, file: string): Machine {
  m.world.lessons.learnOf(file, () => variablesIn(moduleForm(m, file).functions))
  // kept for all runs, however much this one may cost
  return new Machine(withPatience(m.world), { kind: 'anonymous', environment: m.persona.environment })
}

/** What is written like a variable of the environment: `process.env.SECRET`, `required('SECRET')`, `{ SECRET: z.string() }`. */
function variablesIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(part) ? [part] : []
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(variablesIn) : []
}

/** A value of a cycle of imports is computed anew so often, then it is kept as it is. */
const maxAgain = 4

/**
 * Computes a value of a module once. In a cycle of imports it may be met while it is being computed: what stands for it then
 * is told when it is used. Where it is used too early, what came of that is not kept: it must not matter which file was
 * looked at first.
 */
export function once(m: Machine, key: string, compute: (machine: Machine) => Value): Value {
  const { moduleValues, computing, lessons } = m.world
  const known = moduleValues.get(key)
  if (known) {
    lessons.teach(key)
    return known
  }
  const read = (machine: Machine): Value | undefined => {
    const at = machine.world.computing.keys.indexOf(key)
    if (at < 0) return once(machine, key, compute)
    machine.world.computing.usedEarly = Math.min(machine.world.computing.usedEarly, at)
    return undefined
  }
  moduleValues.set(key, unknown(noOrigins, { later: { key, read } }))
  const outside = computing.usedEarly
  computing.usedEarly = Infinity
  const at = computing.keys.push(key) - 1
  const before = lessons.now
  const value = compute(m)
  lessons.keep(key, before)
  computing.keys.length = at
  const again = computing.again.get(key) ?? 0
  if (computing.usedEarly < at && again < maxAgain) {
    computing.again.set(key, again + 1)
    moduleValues.delete(key)
    computing.usedEarly = Math.min(outside, computing.usedEarly)
  } else {
    moduleValues.set(key, value)
    computing.usedEarly = outside
  }
  return value
}

/**
 * Where no variable of the environment is set, a module may throw while it is loaded. Asked only there: elsewhere an initialiser that throws for certain is more likely to be misread.
 */
function refusesToLoad(m: Machine, file: string): boolean {
  if (m.persona.variables !== 'unset') return false
  const key = `${environmentOf(m.persona)}${file}`
  const { unloadable, lessons } = m.world
  const known = unloadable.get(key)
  if (known !== undefined) {
    lessons.teach(key)
    return known
  }
  const before = lessons.now
  // what the tests themselves read is there while they are run
  unloadable.set(key, false)
  m.world.computing.granted++
  const tests = moduleForm(m, file).functions[0]?.body.filter((statement) => statement.t === 'if') ?? []
  const refuses = tests.some((test) =>
    atModuleLevel(m, file, (inner) => {
      execute(inner, [test])
      return !inner.state.alive
    }),
  )
  m.world.computing.granted--
  unloadable.set(key, refuses)
  lessons.keep(key, before)
  return refuses
}

/** @returns undefined where the module throws instead. */
function declaredValue(m: Machine, file: string, binding: BindingId): Value | undefined {
  const index = moduleIndex(m, file)
  const declaration = index.declared.get(binding)
  const values: Value[] = []
  if (declaration?.init) {
    const value = evaluate(m, declaration.init, true)
    const settled = value.t === 'promise' ? (value.value ?? undefinedValue) : value
    if (m.state.alive) {
      // a module binding is looked up while its own pattern is bound: write it where `bindPattern` does
      bindPattern(m, declaration.pattern, settled)
      const bound = m.heap.read(bindingKey(moduleEnv(m, file).id, binding)) as Value | undefined
      const filled = bound && changed(m, file, binding, bound)
      values.push(named(filled ?? unknown(), moduleForm(m, file).bindings[binding]?.name))
    } else {
      if (m.persona.variables === 'unset') return undefined
      m.state = new State(m.memory)
      values.push(unknown())
    }
  } else if (declaration) {
    values.push(undefinedValue)
  }
  values.push(...assignedValues(m, file, index.assigned.get(binding) ?? []))
  return values.length > 0 ? union(withoutStandIns(values)) : unknown()
}

/** Where the project makes the client itself, what a setter may put in its place (in tests, mostly) is one of its kind. */
function withoutStandIns(values: readonly Value[]): readonly Value[] {
  const makesOne = values.some((value) => alternatives(value).some((part) => part.t === 'library'))
  return makesOne ? values.filter((value) => !isKept(value)) : values
}

const isKept = (value: Value): boolean =>
  value.t === 'unknown' &&
  value.origins.refs.length > 0 &&
  value.origins.refs.every((ref) => ref.t === 'opaque' && ref.kept === true)

/** An object as the rest of the module's body leaves it: what is written last is what is there. */
function changed(m: Machine, file: string, binding: BindingId, value: Value): Value {
  if (!alternatives(value).some((part) => part.t === 'object' || part.t === 'class')) return value
  for (const statement of moduleIndex(m, file).changes.get(binding) ?? []) {
    const before = m.state
    m.state = before.fork()
    execute(m, [statement])
    if (!m.state.alive) m.state = before
  }
  return (m.heap.read(bindingKey(moduleEnv(m, file).id, binding)) as Value | undefined) ?? value
}

type Assigned = readonly { readonly value: Expr; readonly fn: FunctionId }[]

/** What is assigned somewhere in the module, whenever that runs. */
export function assignedValues(m: Machine, file: string, assigned: Assigned): Value[] {
  return assigned.flatMap(({ value: e, fn }): Value[] => {
    const value = valueWritten(m, file, fn, e)
    if (!value) return fn !== 0 ? [unknown()] : []
    // who ran it last is not who asks now
    return [fn !== 0 && hangsOnCaller(m.heap.originsOf(value)) ? unknown() : value]
  })
}

/** What is written in a function that does not run, of a caller who proves nothing; undefined where it throws. */
export function valueWritten(m: Machine, file: string, fn: FunctionId, e: Expr, given?: Given): Value | undefined {
  const frame = m.frame
  if (fn !== 0 && frame) m.frame = { ...frame, fn, env: lazyEnv(m, file, fn, given) }
  const before = m.state
  m.state = before.fork()
  const since = m.memory.now()
  const value = evaluate(m, e, true)
  m.frame = frame
  if (!m.state.alive) {
    m.state = before.fork()
    return undefined
  }
  if (fn !== 0) leaveAsItWas(m, before, since)
  return value
}

/** Nothing has run: what was there holds what it held, and only what was made for the value is new. */
function leaveAsItWas({ state, world }: Machine, before: State, since: number): void {
  for (const key of state.changedSince(before)) {
    const own = born(key) > since ? undefined : before.get(key)
    const held = own ?? world.heap.get(key)
    if (held) state.change(key, held)
  }
}

/** What the module at hand assigns to a global property of that name (a client that survives reloads). */
export function keptInGlobal(m: Machine, name: string): Value | undefined {
  const file = m.frame?.file
  if (file === undefined) return undefined
  const assigned = moduleIndex(m, file).kept.get(name)
  if (!assigned) return undefined
  const key = `${environmentOf(m.persona)}${file}\0globalThis.${name}`
  const known = m.world.moduleValues.get(key)
  if (known) return known
  // what is kept there is what it is made of elsewhere: by itself it is nothing
  m.world.moduleValues.set(key, undefinedValue)
  const values = atModuleLevel(m, file, (inner) => assignedValues(inner, file, assigned))
  // `export const db = globalThis.db ?? connect()`: what is kept there is what is about to be made
  const others = values.filter((value) => !isBeingMade(m, value))
  const value = others.length > 0 ? union(others) : undefinedValue
  if (others.length < values.length) m.world.moduleValues.delete(key)
  else m.world.moduleValues.set(key, value)
  return value
}

/** A parameter of the function around it is in it. */
const hangsOnMaker = (m: Machine, value: Value): boolean =>
  m.heap.originsOf(value, 4).refs.some((ref) => ref.t === 'opaque' && ref.kept === true)

const isBeingMade = (m: Machine, value: Value): boolean =>
  value.t === 'unknown' && value.later !== undefined && m.world.computing.keys.includes(value.later.key)

/**
 * What the store of a request holds when nothing on this path has filled it: what the module that made it puts there, if that
 * can be read and does not hang on a caller. What a function of that module is told to put there while it runs another one
 * was put there by nobody where all who call it stand below entry points, so not above this one. Where a program of the
 * application's own may call it, or nobody in sight does, nobody can tell.
 */
export function keptInStore(m: Machine, store: LibraryValue, name: string, site: Site): Value {
  const made = 'instance' in store.base ? store.base.site : site
  const entry = m.stack[0]?.file ?? made.file
  const { runs, takes } = fillersOf(m, made, entry)
  const isBelowOthers = runs.who !== 'entry points' || m.world.hasOwnServer(entry)
  const key = `${made.file}\0store ${String(made.range[0])}${isBelowOthers ? ' below others' : ''} ${takes.who}`
  const known = m.world.moduleValues.get(key)
  if (known) return known
  const lost = opaqueValue(m, name, 'what the store of the request holds is decided elsewhere', site)
  m.world.moduleValues.set(key, lost)
  const value = atModuleLevel(m, made.file, (inner): Value => {
    const form = moduleForm(inner, made.file)
    const filled: Value[] = []
    form.functions.forEach((fn, id) => {
      visitCalls(fn.body, (call) => {
        if (
          call.callee.t !== 'member' ||
          (call.callee.key !== 'run' && call.callee.key !== 'enterWith') ||
          call.callee.object.t !== 'name'
        )
          return
        const given = call.args[0]
        const holder = moduleBindingIfOwn(inner, made.file, call.callee.object.binding)
        if (
          !given ||
          given.t === 'spread' ||
          holder?.t !== 'library' ||
          !('instance' in holder.base) ||
          holder.base.site.range[0] !== made.range[0]
        )
          return
        const values = assignedValues(inner, made.file, [{ value: given, fn: id }])
        if (call.callee.key !== 'run' || !values.some((value) => hangsOnMaker(inner, value))) filled.push(...values)
        else if (isBelowOthers) filled.push(...(toldBy(inner, made.file, id, given, runs.files) ?? values))
        else filled.push(undefinedValue)
      })
    })
    if (filled.length === 0 || takes.who === 'programs') return lost
    const parts = filled
      .flatMap((each) => alternatives(each))
      .map((part): Value => {
        const cell = inner.heap.object(part)
        if (!cell) return part.t === 'unknown' && part.origins.refs.length === 0 ? lost : part
        const props = [...cell.props].map(([prop, held]): [string, Value] => {
          const later = assignedValues(inner, made.file, moduleIndex(inner, made.file).kept.get(prop) ?? [])
          return [prop, later.length > 0 ? union([held, ...later]) : held]
        })
        return inner.heap.newObject(new Map(props), cell.rest ? { rest: cell.rest } : {})
      })
    const kept = union(parts)
    return hasSource(inner.heap.originsOf(kept)) || (inner.heap.originsOf(kept).flags & From.principal) !== 0
      ? lost
      : kept
  })
  m.world.moduleValues.set(key, value)
  return value
}

const moduleBindingIfOwn = (m: Machine, file: string, binding: BindingId): Value | undefined =>
  moduleForm(m, file).bindings[binding]?.owner === 0 ? moduleBinding(m, file, binding) : undefined

/** A builder learns the name of the variable that first holds it, for evidence. */
const named = (value: Value, name: string | undefined): Value =>
  value.t === 'builder' && value.name === undefined && name ? { ...value, name } : value

/**
 * Evaluates something at the top level of a module, apart from any run: what it creates is shared by all runs, so it must not
 * matter how much that run may cost which was the first to need it.
 */
export function atModuleLevel<T>(m: Machine, file: string, run: (inner: Machine) => T): T {
  const inner = new Machine(withPatience(m.world), { ...m.persona, kind: 'anonymous' }, newLog())
  inner.atModuleLevel = true
  const env = moduleEnv(m, file)
  inner.frame = { file, fn: 0, env, self: undefined, async: true, awaited: true, returns: [], yields: [], jumps: [] }
  const result = run(inner)
  for (const [key, value] of inner.state.entries()) m.world.heap.set(key, value)
  return result
}

/**
 * A slot that the running function fills itself is a cache: what it holds already is what an earlier call put there, so a
 * call that finds it empty shows all that can come of it. What it has made itself holds what this call puts there.
 */
export function isOwnCache(m: Machine, e: Expr): boolean {
  const frame = m.frame
  const slot = frame && frame.fn > 0 ? slotOf(e) : undefined
  if (slot === undefined) return false
  const { slots, form } = moduleIndex(m, frame!.file)
  const root = form.bindings[rootOf(e) ?? -1]
  return (slots.get(frame!.fn)?.has(slot) ?? false) && (root?.owner !== frame!.fn || root.kind === 'parameter')
}
