/** What names mean: bindings of functions that run, of modules, and what imports lead to. */
import type { BindingForm, BindingId, Expr, ExportForm, FunctionId, ModuleForm, Pattern, Stmt } from '../model/form.ts'
import { evaluate, isUntraced } from './expressions.ts'
import { environmentOf, Machine, newLog, type Frame } from './machine.ts'
import {
  From,
  hasSource,
  noOrigins,
  origins,
  sourcesOf,
  type OpaqueRef,
  type Origins,
  type Ref,
  type Site,
} from './origins.ts'
import { bindPattern } from './patterns.ts'
import { libraryExport } from './library.ts'
import { State } from './state.ts'
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
} from './value.ts'
import type { ModuleIndex, World } from './world.ts'

export function moduleForm(m: Machine, file: string): ModuleForm {
  let form = m.world.forms.get(file)
  if (!form) m.world.forms.set(file, (form = m.world.modules.module(file)))
  return form
}

export const bindingName = (m: Machine, binding: BindingId): string =>
  m.frame ? (moduleForm(m, m.frame.file).bindings[binding]?.name ?? '') : ''

export function moduleEnv(m: Machine, file: string): Env {
  let env = m.world.moduleEnvs.get(file)
  if (!env) {
    env = m.newEnv(file, 0, undefined, undefined)
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

export function lookup(m: Machine, binding: BindingId): Value {
  const frame = m.frame
  if (!frame) return unknown()
  const form = moduleForm(m, frame.file).bindings[binding]
  if (!form) return unknown()
  if (form.owner === 0) {
    const key = Machine.bindingKey(moduleEnv(m, frame.file), binding)
    m.commons.look(key)
    const written = m.state.get(key) as Value | undefined
    const held = moduleBinding(m, frame.file, binding)
    return isFilledHere(m, frame, binding, held) ? (written ? filled(written) : undefinedValue) : (written ?? held)
  }
  const env = envOf(m, binding)
  if (!env) return unknown()
  const value = m.read(Machine.bindingKey(env, binding)) as Value | undefined
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
  const from = m.originsOf(value)
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
  const key = Machine.bindingKey(env, binding)
  const site = { file: env.file, range: form.range }
  if (form.kind === 'parameter')
    return opaqueValue(m, form.name, 'whoever calls its function decides what it is', site, true)
  m.state.set(key, unknown())
  const index = moduleIndex(m, env.file)
  const values: Value[] = []
  const declaration = index.declared.get(binding)
  if (declaration?.init) {
    const given = evaluate(m, declaration.init, true)
    if (m.state.alive)
      bindPattern(m, declaration.pattern, given.t === 'promise' ? (given.value ?? undefinedValue) : given)
    if (m.state.alive) values.push((m.read(key) as Value | undefined) ?? unknown())
  }
  for (const assigned of index.assigned.get(binding) ?? []) {
    if (!m.state.alive) break
    values.push(evaluate(m, assigned.value, true))
  }
  const value = values.length > 0 ? union(values) : undefinedValue
  if (m.state.alive) m.state.set(key, value)
  return value
}

/** The activation that stands for a function that does not run, inside those of the functions around it. */
function lazyEnv(m: Machine, file: string, fn: FunctionId): Env {
  if (fn <= 0) return moduleEnv(m, file)
  const parent = lazyEnv(m, file, moduleForm(m, file).functions[fn]?.parent ?? 0)
  return { ...m.newEnv(file, fn, parent, undefined), lazy: true, captured: true }
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
  return new Machine(patient(m.world), { kind: 'anonymous', environment: m.persona.environment })
}

/** What a module holds is kept for all: it must not matter how long the run might take that was the first to need it. */
const patient = (world: World): World => (world.patience === undefined ? world : { ...world, patience: undefined })

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
function once(m: Machine, key: string, compute: (machine: Machine) => Value): Value {
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
      const bound = m.read(Machine.bindingKey(moduleEnv(m, file), binding)) as Value | undefined
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
  return (m.read(Machine.bindingKey(moduleEnv(m, file), binding)) as Value | undefined) ?? value
}

type Assigned = readonly { readonly value: Expr; readonly fn: FunctionId }[]

/** What is assigned somewhere in the module, whenever that runs. */
export function assignedValues(m: Machine, file: string, assigned: Assigned): Value[] {
  return assigned.flatMap(({ value: e, fn }): Value[] => {
    const value = valueWritten(m, file, fn, e)
    if (!value) return fn !== 0 ? [unknown()] : []
    // who ran it last is not who asks now
    return [fn !== 0 && hangsOnCaller(m.originsOf(value)) ? unknown() : value]
  })
}

/** What is written in a function that does not run, of a caller who proves nothing; undefined where it throws. */
export function valueWritten(m: Machine, file: string, fn: FunctionId, e: Expr): Value | undefined {
  const frame = m.frame
  if (fn !== 0 && frame) m.frame = { ...frame, fn, env: lazyEnv(m, file, fn) }
  const value = evaluate(m, e, true)
  m.frame = frame
  if (m.state.alive) return value
  m.state = new State(m.memory)
  return undefined
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
  m.world.moduleValues.set(key, unknown())
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
  m.originsOf(value, 4).refs.some((ref) => ref.t === 'opaque' && ref.kept === true)

const isBeingMade = (m: Machine, value: Value): boolean =>
  value.t === 'unknown' && value.later !== undefined && m.world.computing.keys.includes(value.later.key)

/**
 * What the store of a request holds when nothing on this path has filled it: what the module that made it puts there, if that
 * can be read and does not hang on a caller. What a function of that module is told to put there while it runs another one
 * was put there by nobody: that function is not below it, unless the application has a server of its own out of sight.
 */
export function keptInStore(m: Machine, store: LibraryValue, name: string, site: Site): Value {
  const made = 'instance' in store.base ? store.base.site : site
  const ownServer = m.world.hasOwnServer(m.stack[0]?.file ?? made.file)
  const key = `${made.file}\0store ${String(made.range[0])}${ownServer ? ' of a server' : ''}`
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
        const isTold = call.callee.key === 'run' && !ownServer && values.some((value) => hangsOnMaker(inner, value))
        filled.push(...(isTold ? [undefinedValue] : values))
      })
    })
    if (filled.length === 0) return lost
    const parts = filled
      .flatMap((each) => alternatives(each))
      .map((part): Value => {
        const cell = inner.object(part)
        if (!cell) return part.t === 'unknown' && part.origins.refs.length === 0 ? lost : part
        const props = [...cell.props].map(([prop, held]): [string, Value] => {
          const later = assignedValues(inner, made.file, moduleIndex(inner, made.file).kept.get(prop) ?? [])
          return [prop, later.length > 0 ? union([held, ...later]) : held]
        })
        return inner.newObject(new Map(props), cell.rest ? { rest: cell.rest } : {})
      })
    const kept = union(parts)
    return hasSource(inner.originsOf(kept)) || (inner.originsOf(kept).flags & From.principal) !== 0 ? lost : kept
  })
  m.world.moduleValues.set(key, value)
  return value
}

const moduleBindingIfOwn = (m: Machine, file: string, binding: BindingId): Value | undefined =>
  moduleForm(m, file).bindings[binding]?.owner === 0 ? moduleBinding(m, file, binding) : undefined

/** A builder learns the name of the variable that first holds it, for evidence. */
const named = (value: Value, name: string | undefined): Value =>
  value.t === 'builder' && value.name === undefined && name ? { ...value, name } : value

/** Evaluates something at the top level of a module, apart from any run: what it creates is shared by all runs. */
export function atModuleLevel<T>(m: Machine, file: string, run: (inner: Machine) => T): T {
  const inner = new Machine(patient(m.world), { ...m.persona, kind: 'anonymous' }, newLog())
  inner.atModuleLevel = true
  const env = moduleEnv(m, file)
  inner.frame = { file, fn: 0, env, self: undefined, async: true, awaited: true, returns: [], yields: [], jumps: [] }
  const result = run(inner)
  for (const [key, value] of inner.state.entries()) m.world.heap.set(key, value)
  return result
}

/** What an import of `name` from `specifier` gives. */
export function importedValue(m: Machine, file: string, specifier: string, name: string, site: Site): Value {
  const resolution = m.world.modules.resolve(specifier, file)
  const generated = m.world.generated(name)
  switch (resolution.kind) {
    case 'module':
      return name === '*' ? moduleNamespace(m, resolution.file) : exportedValue(m, resolution.file, name, site)
    case 'package':
      return (
        declaredGuard(m, resolution.name, name, site) ??
        libraryExport(m, resolution.name, name === '*' ? [] : [name], site)
      )
    case 'unresolved':
      // generated at build time, so it is not there: known by what it exports
      if (generated !== undefined) return libraryExport(m, generated, [name], site)
      return opaqueValue(m, name === '*' ? specifier : name, why(specifier, resolution.reason), site)
  }
}

/** What hides it, with its name said once. */
const why = (specifier: string, reason: string): string =>
  reason.includes(specifier) ? reason : `“${specifier}” cannot be followed: ${reason}`

export function opaqueValue(m: Machine, name: string, reason: string, site: Site, kept = false): Value {
  const held = kept ? { kept } : {}
  const ref = m.world.same<OpaqueRef>({ t: 'opaque', name, reason, site, mayBeEffect: true, ...held })
  return unknown(origins(From.opaque, ref), { nullish: 'no' })
}

function declaredGuard(m: Machine, file: string, name: string, site: Site): Value | undefined {
  const guard = m.world.declared(file, name)
  return guard ? m.world.declaredGuardValue(guard, site) : undefined
}

/** An export of a module, through re-exports and `export *`. */
export function exportedValue(
  m: Machine,
  file: string,
  name: string,
  site: Site,
  seen: ReadonlySet<string> = new Set(),
): Value {
  const declared = declaredGuard(m, file, name, site)
  if (declared) return declared
  const form = moduleForm(m, file)
  if (form.unreadable !== undefined)
    return opaqueValue(m, name, `${shortName(file)} could not be read: ${form.unreadable}`, site)
  const key = `${file}\0${name}`
  if (seen.has(key) || seen.size > 200) return unknown()
  const direct = form.exports.find((e) => e.exported === name && !e.typeOnly)
  if (direct) return valueOfExport(m, file, direct, new Set([...seen, key]))
  for (const star of form.exports) {
    if (star.exported !== '*' || star.from === undefined || star.typeOnly || name === 'default') continue
    const resolution = m.world.modules.resolve(star.from, file)
    if (resolution.kind === 'module') {
      if (exportsName(m, resolution.file, name, new Set([key])))
        return exportedValue(m, resolution.file, name, site, new Set([...seen, key]))
    } else if (resolution.kind === 'package') {
      const value = libraryExport(m, resolution.name, [name], site)
      if (form.exports.filter((e) => e.exported === '*').length === 1) return value
      if (m.world.catalog.exportOf(resolution.name, name)) return value
    }
  }
  return opaqueValue(m, name, `${shortName(file)} does not export it`, site)
}

export const shortName = (file: string): string => file.split(/[\\/]/).slice(-2).join('/')

function valueOfExport(m: Machine, file: string, e: ExportForm, seen: ReadonlySet<string>): Value {
  const site = { file, range: e.range }
  if (e.from !== undefined) {
    const resolution = m.world.modules.resolve(e.from, file)
    if (resolution.kind === 'module' && e.imported !== undefined && e.imported !== '*')
      return exportedValue(m, resolution.file, e.imported, site, seen)
    return importedValue(m, file, e.from, e.imported ?? e.exported, site)
  }
  if (e.binding !== undefined) return moduleBinding(m, file, e.binding)
  if (e.value) {
    const key = `${environmentOf(m.persona)}${file}\0export ${e.exported}`
    const { value } = e
    return once(m, key, (machine) => atModuleLevel(machine, file, (inner) => evaluate(inner, value, true)))
  }
  return unknown()
}

function exportsName(m: Machine, file: string, name: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false
  seen.add(file)
  const form = moduleForm(m, file)
  return form.exports.some((e) => {
    if (e.exported === name && !e.typeOnly) return true
    if (e.exported !== '*' || e.from === undefined) return false
    const resolution = m.world.modules.resolve(e.from, file)
    return resolution.kind === 'module' && exportsName(m, resolution.file, name, seen)
  })
}

/** `import * as x`, `await import(…)`: an object whose properties are the exports, each looked up when it is read. */
export function moduleNamespace(m: Machine, file: string): Value {
  const key = `${file}\0*`
  const known = m.world.moduleValues.get(key)
  if (known) return known
  const form = moduleForm(m, file)
  if (form.unreadable !== undefined)
    return opaqueValue(m, '*', `${shortName(file)} could not be read: ${form.unreadable}`, { file, range: [0, 0] })
  const value: Value = { t: 'library', base: { package: `module:${file}` }, path: [], origins: noOrigins }
  m.world.moduleValues.set(key, value)
  return value
}

export function importModule(m: Machine, file: string, specifier: string, site: Site): Value {
  return importedValue(m, file, specifier, '*', site)
}

// --- where module bindings get their values ------------------------------------------------------------------------------

export function moduleIndex(m: Machine, file: string): ModuleIndex {
  const form = moduleForm(m, file)
  const known = m.world.indexes.get(file)
  if (known?.form === form) return known
  const declared = new Map<BindingId, Extract<Stmt, { t: 'declare' }>>()
  const assigned = new Map<BindingId, { readonly value: Expr; readonly fn: FunctionId }[]>()
  const collectPattern = (pattern: Pattern, statement: Extract<Stmt, { t: 'declare' }>): void => {
    for (const id of bound(pattern)) declared.set(id, statement)
  }
  const statements = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.t === 'declare') collectPattern(s.pattern, s)
      else if (s.t === 'block') statements(s.body)
      else if (s.t === 'if') {
        statements(s.then)
        statements(s.else)
      } else if (s.t === 'try') {
        statements(s.body)
        statements(s.handler ?? [])
      }
    }
  }
  for (const fn of form.functions) statements(fn.body)
  form.functions.forEach((fn, id) => {
    visitAssignments(fn.body, (target, value) => {
      for (const binding of bound(target)) {
        if (target.t !== 'bind') continue
        const list = assigned.get(binding) ?? []
        if (list.length < 4) assigned.set(binding, [...list, { value, fn: id }])
      }
    })
  })
  const kept = new Map<string, { readonly value: Expr; readonly fn: FunctionId }[]>()
  form.functions.forEach((fn, id) => {
    visitAssignments(fn.body, (target, value) => {
      if (target.t !== 'target' || target.target.t !== 'member' || typeof target.target.key !== 'string') return
      const list = kept.get(target.target.key) ?? []
      if (list.length < 4) kept.set(target.target.key, [...list, { value, fn: id }])
    })
  })
  const slots = new Map<FunctionId, Set<string>>()
  const fill = (fn: FunctionId, slot: string | undefined): void => {
    if (slot === undefined) return
    // a nested function fills the slot for the one around it
    for (let at: FunctionId | -1 = fn; at > 0; at = form.functions[at]?.parent ?? -1)
      slots.set(at, (slots.get(at) ?? new Set()).add(slot))
  }
  form.functions.forEach((fn, id) => {
    if (id === 0) return
    visitAssignments(fn.body, (target) => {
      if (target.t === 'target') fill(id, slotOf(target.target))
    })
    visitCalls(fn.body, (e) => {
      if (e.callee.t === 'member' && e.callee.key === 'set' && e.args.length === 2)
        fill(id, slotOf({ ...e.callee, key: 'get' }))
    })
  })
  const changes = new Map<BindingId, Stmt[]>()
  for (const statement of form.functions[0]?.body ?? []) {
    if (statement.t === 'declare') continue
    const roots = new Set<BindingId>()
    const change = (place: Expr): void => {
      const root = rootOf(place)
      if (root !== undefined && form.bindings[root]?.owner === 0) roots.add(root)
    }
    visitAssignments([statement], (target) => {
      if (target.t === 'target') change(target.target)
    })
    visitCalls([statement], (e) => {
      if (e.callee.t !== 'member') return
      const first = e.args[0]
      change(e.callee)
      if ((e.callee.key === 'assign' || e.callee.key === 'defineProperty') && first && first.t !== 'spread')
        change({ t: 'member', object: first, key: '', optional: false, range: first.range, keyRange: first.range })
    })
    for (const root of roots) changes.set(root, [...(changes.get(root) ?? []), statement])
  }
  const index: ModuleIndex = { declared, assigned, kept, changes, slots, form }
  m.world.indexes.set(file, index)
  return index
}

function bound(pattern: Pattern): BindingId[] {
  switch (pattern.t) {
    case 'bind':
      return [pattern.binding]
    case 'object':
      return [...pattern.props.flatMap((prop) => bound(prop.value)), ...(pattern.rest ? bound(pattern.rest) : [])]
    case 'array':
      return [
        ...pattern.items.flatMap((item) => (item ? bound(item) : [])),
        ...(pattern.rest ? bound(pattern.rest) : []),
      ]
    case 'default':
      return bound(pattern.pattern)
    case 'target':
      return []
  }
}

/** The binding that a property path begins with. */
function rootOf(place: Expr): BindingId | undefined {
  let at = place
  while (at.t === 'member' || at.t === 'chain') at = at.t === 'member' ? at.object : at.expr
  return at.t === 'name' && place !== at ? at.binding : undefined
}

/** A name for the place that a property path from a binding denotes: the same text means the same slot within a function. */
export function slotOf(e: Expr): string | undefined {
  if (e.t !== 'member' || e.object.t !== 'name') return undefined
  if (typeof e.key === 'string') return `${String(e.object.binding)}.${e.key}`
  return e.key.t === 'name' ? `${String(e.object.binding)}[${String(e.key.binding)}]` : undefined
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

export function visitCalls(body: readonly Stmt[], found: (e: Extract<Expr, { t: 'call' }>) => void): void {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const e = node as { t?: string; callee?: unknown }
    if (e.t === 'call' && e.callee) found(node as Extract<Expr, { t: 'call' }>)
    for (const [key, inner] of Object.entries(node)) if (key !== 'range' && typeof inner === 'object') visit(inner)
  }
  visit(body)
}

/** Assignments anywhere in a function's own statements; forms are plain data, so a generic walk is enough. */
function visitAssignments(body: readonly Stmt[], found: (target: Pattern, value: Expr) => void): void {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const e = node as { t?: string; target?: Pattern; value?: Expr; op?: string }
    if (e.t === 'assign' && e.target && e.value) found(e.target, e.value)
    for (const [key, inner] of Object.entries(node)) if (key !== 'range' && typeof inner === 'object') visit(inner)
  }
  visit(body)
}
