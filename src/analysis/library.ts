/** Applies what the catalogue says of library values: what this caller gets, and what a call touches. */
import type { ArgPath, ArgumentTest, CallMeaning, Meaning, Proof, Result } from '../catalog/meaning.ts'
import { publicVariable } from '../catalog/names.ts'
import { builtinGlobal, fulfilled } from './builtins.ts'
import { callValue, maybeCall, opaqueCall, type CallOptions } from './calls.ts'
import { secretCompare } from './conditions.ts'
import { exportedValue, opaqueValue, keptInGlobal, keptInStore } from './module-values.ts'
import type { Machine } from './machine.ts'
import { callerChosen, From, merge, noOrigins, origins, type Origins, type Site, type Source } from './origins.ts'
import { conditionOf, startQuery } from './queries.ts'
import {
  alternatives,
  constant,
  falseValue,
  isNullish,
  native,
  nullValue,
  stableNative,
  trueValue,
  truth,
  undefinedValue,
  union,
  unknown,
  type LibraryValue,
  type Value,
} from './value.ts'

/** An export of a package that is not followed. */
export function libraryExport(m: Machine, packageName: string, path: readonly string[], site: Site): Value {
  return valueOf(m, { t: 'library', base: { package: packageName }, path, origins: noOrigins }, site)
}

export function globalValue(m: Machine, name: string, site: Site): Value {
  const meaning = m.world.catalog.global(name)
  if (meaning)
    return m.world.catalog.isGlobalPrefix(name) ? globalLibrary([name]) : valueOf(m, globalLibrary([name]), site)
  if (m.world.catalog.isGlobalPrefix(name)) return globalLibrary([name])
  const built = builtinGlobal(name)
  if (built) return built
  if (name === 'globalThis' || name === 'global' || name === 'self') return globalLibrary(['globalThis'])
  if (name === 'require' || name === 'module' || name === 'exports' || name === 'arguments') return unknown()
  if (name === 'window' || name === 'document' || name === 'localStorage') return unknown()
  if (name === 'NaN' || name === 'Infinity') return unknown(noOrigins, { nullish: 'no' })
  // declared somewhere, or put there by what runs the code
  return { ...opaqueValue(name, 'it is a global that nothing in sight defines', site), nullish: 'maybe' } as Value
}

const globalLibrary = (path: readonly string[]): LibraryValue => ({
  t: 'library',
  base: { package: 'global' },
  path,
  origins: noOrigins,
})

/** A library value; what the catalogue knows as a plain value becomes that value. */
function valueOf(m: Machine, value: LibraryValue, site: Site): Value {
  const meaning = meaningOf(m, value)
  if (meaning?.meaning.kind === 'value')
    return result(m, meaning.meaning.is, { args: [], site, name: nameOf(value), from: value.origins })
  return value
}

interface Found {
  readonly meaning: Meaning
  readonly segments: readonly string[]
}

function meaningOf(m: Machine, value: LibraryValue): Found | undefined {
  if (value.meaning) return { meaning: value.meaning, segments: [] }
  if ('package' in value.base) {
    const path = value.path.join('.')
    const pkg = value.base.package
    const found = pkg === 'global' ? m.world.catalog.global(path) : m.world.catalog.exportOf(pkg, path)
    return found && { meaning: found, segments: [] }
  }
  if (value.path.length === 0) {
    const call = m.world.catalog.instance(value.base.instance)?.call
    return call && { meaning: call, segments: [] }
  }
  const found = m.world.catalog.member(value.base.instance, value.path)
  return typeof found === 'object' ? found : undefined
}

export const nameOf = (value: LibraryValue): string =>
  'package' in value.base
    ? value.path.join('.') || value.base.package
    : [value.base.instance.split('.').at(-1), ...value.path].join('.')

export function libraryMember(m: Machine, value: LibraryValue, key: string, site: Site): Value {
  if ('package' in value.base && value.base.package.startsWith('module:')) {
    return exportedValue(m, value.base.package.slice('module:'.length), key, site)
  }
  const longer: LibraryValue = { ...value, path: [...value.path, key], meaning: undefined }
  if ('package' in value.base && value.base.package === 'global') {
    const path = longer.path.join('.')
    if (value.path[0] === 'globalThis')
      return value.path.length === 1 ? globalSlot(m, key, site) : unknown(value.origins, { key })
    if (m.world.catalog.global(path) ?? m.world.catalog.isGlobalPrefix(path)) return valueOf(m, longer, site)
    return builtinGlobal(path) ?? unknown(value.origins, { key })
  }
  // the default export of an interop module is the module
  if ('package' in value.base && key === 'default' && value.path.length === 0 && !meaningOf(m, longer)) {
    return m.world.catalog.exportOf(value.base.package, 'default') ? valueOf(m, longer, site) : value
  }
  if (!('package' in value.base) && key === '$inferred') return unknown()
  return valueOf(m, longer, site)
}

/** `globalThis.db`: what the module at hand keeps there, or the global of that name. */
function globalSlot(m: Machine, key: string, site: Site): Value {
  const kept = keptInGlobal(m, key)
  if (kept) return union([kept, undefinedValue])
  const known = globalValue(m, key, site)
  return known.t === 'unknown' ? unknown(noOrigins, { key }) : known
}

export function callLibrary(
  m: Machine,
  callee: LibraryValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const found = meaningOf(m, callee)
  const name = options.name || nameOf(callee)
  if (found) {
    switch (found.meaning.kind) {
      case 'call':
        return applyCall(m, found.meaning, callee, args, site, { ...options, name })
      case 'query':
        return startQuery(
          m,
          found.meaning,
          queryLibrary(callee),
          found.segments,
          args,
          site,
          name,
          'package' in callee.base ? undefined : callee.base.config,
          carriesCaller(callee.origins),
        )
      case 'builder':
        return { t: 'builder', builder: found.meaning.builder, calls: [{ method: '', args, site }], site }
      case 'value':
        return result(m, found.meaning.is, { args, site, name, from: callee.origins })
    }
  }
  return unlistedCall(m, callee, args, site, { ...options, name })
}

/** A call that the catalogue does not list: what its library says of such, or nothing known at all. */
function unlistedCall(
  m: Machine,
  callee: LibraryValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const given = args.map((arg) => m.originsOf(arg)).reduce(merge, callee.origins)
  const base = callee.base
  const kind =
    'package' in base ? m.world.catalog.unlistedOf(base.package) : m.world.catalog.instance(base.instance)?.unlisted
  const name = options.name ?? nameOf(callee)
  if (kind === 'harmless' || ('package' in base && base.package === 'global')) {
    const results = args.filter((arg) => arg.t === 'function').map((arg) => maybeCall(m, arg, [unknown(given)], site))
    return unknown(results.map((value) => m.originsOf(value)).reduce(merge, given), { nullish: 'no' })
  }
  if (kind === 'effect-read' || kind === 'effect-write') {
    const read = m.effect({ what: `calls \`${name}\``, kind: 'other', write: kind === 'effect-write', site }, args)
    return unknown(origins(given.flags | From.row, ...given.refs, ...(read ? [read] : [])))
  }
  const from =
    'package' in base ? `package \`${base.package}\` is not in the catalogue` : `\`${name}\` is not in the catalogue`
  return opaqueCall(m, { name, reason: from, site }, args, { ...options, package: true } as CallOptions)
}

const queryLibrary = (callee: LibraryValue): string =>
  'package' in callee.base ? callee.base.package : callee.base.instance

interface About {
  readonly args: readonly Value[]
  readonly site: Site
  readonly name: string
  readonly from: Origins
  readonly callback?: Value
}

function applyCall(
  m: Machine,
  listed: CallMeaning,
  callee: LibraryValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const meaning = listed.variants?.find((variant) => holds(m, variant.when, args))?.then ?? listed
  const name = options.name ?? nameOf(callee)
  const given = args.map((arg) => m.originsOf(arg)).reduce(merge, callee.origins)
  const about: About = { args, site, name, from: given }

  if (meaning.asserts !== undefined) {
    const asserted = args[meaning.asserts] ?? undefinedValue
    const known = truth(asserted)
    if (known === false) {
      m.denied(m.decide(m.originsOf(asserted, 1), site))
      return m.throw(m.newObject({}, { is: 'error' }))
    }
    if (known === undefined && asserted.t === 'unknown') m.prove(asserted.whenTrue)
    return undefinedValue
  }
  if (meaning.credential) m.log.credentials.push(site)
  if (meaning.compares) {
    const [left, right] = meaning.compares.map((at) => args[at] ?? undefinedValue) as [Value, Value]
    const compared =
      secretCompare(m, left, right, site) ??
      ownSecret(m, left, right, meaning, name, site) ??
      unknown(given, { nullish: 'no' })
    return meaning.async && !options.awaited
      ? { t: 'promise', value: compared, error: undefined, proofs: [], name, site, denies: false }
      : compared
  }

  const slot = meaning.store && 'instance' in callee.base ? m.slot(callee.base.site) : undefined
  if (slot !== undefined && meaning.store === 'reads') {
    const kept = m.read(slot) as Value | undefined
    return kept ?? union([keptInStore(m, callee, name, site), undefinedValue])
  }
  const keptBefore = slot === undefined ? undefined : m.read(slot)
  if (slot !== undefined) m.state.set(slot, args[0] ?? undefinedValue)

  let outcome = meaning.returns ?? 'unknown'
  let source: Source | undefined
  const permission = meaning.permission
    ? permissionProof(m, meaning.permission.proof, meaning.permission.at, args)
    : undefined
  if (meaning.proves && meaning.anonymous !== undefined) {
    source = newSource(m, permission ?? meaning.proves, name, site)
    const unlocked = m.anonymous && 'instance' in callee.base && m.world.anonymousSessions(callee)
    if (m.anonymous && !unlocked) {
      if (meaning.anonymous === 'throws' || meaning.anonymous === 'redirects') {
        if (meaning.async && !options.awaited) {
          const error = m.newObject({}, { is: 'error' }, origins(0, source))
          return { t: 'promise', value: undefined, error, proofs: [], name, site, denies: true }
        }
        return m.refuse(source, site, m.newObject({}, { is: 'error' }))
      }
      outcome = meaning.anonymous
    }
  }
  const callbackResult = runCallbacks(m, meaning, args, site, about)
  if (slot !== undefined && meaning.store === 'runs' && m.state.alive)
    m.state.set(slot, keptBefore ?? keptInStore(m, callee, name, site))
  if (!m.state.alive) return undefinedValue

  const refused = source !== undefined && m.anonymous && outcome === meaning.anonymous
  let from: Origins = source ? merge(given, origins(From.principal, source)) : given
  if (meaning.effect && !(meaning.gated && refused)) {
    const read = m.effect(
      {
        what: meaning.effect.what,
        kind: meaning.effect.kind,
        write: meaning.effect.write,
        site,
        privileged: meaning.effect.privileged ?? false,
        ...(meaning.effect.delegated
          ? { delegated: true, carriesCaller: meaning.effect.delegated === 'caller' || carriesCaller(given) }
          : {}),
      },
      args,
    )
    if (read) from = merge(from, origins(From.row, read))
  }
  // the SDK checked credentials that only their owner has: what follows is done for that owner
  if (meaning.credential && meaning.proves && !refused && m.anonymous) m.state.proved = true

  let value = result(m, outcome, {
    ...about,
    from: source ? sourceOrigins(from, source) : from,
    ...(callbackResult ? { callback: callbackResult } : {}),
  })
  if (source && !m.anonymous)
    value = proven(value, permission ? [permission] : source.proof === 'authenticated' ? [] : [source.proof])
  if (meaning.async && !options.awaited && value.t !== 'promise') {
    return { t: 'promise', value, error: undefined, proofs: [], name, site, denies: false }
  }
  return value
}

/** A stored hash is compared with what the caller sends: the caller does not know what it was made of. */
function ownSecret(
  m: Machine,
  left: Value,
  right: Value,
  meaning: CallMeaning,
  name: string,
  site: Site,
): Value | undefined {
  const sides = [m.originsOf(left).flags, m.originsOf(right).flags]
  const stored = sides.some((flags) => (flags & From.row) !== 0 && (flags & callerChosen) === 0)
  const sent = sides.some((flags) => (flags & callerChosen) !== 0)
  if (!stored || !sent) return undefined
  const proof = meaning.proves ?? 'secret'
  const source = newSource(m, proof, name, site)
  const from = origins(From.principal, source)
  return m.anonymous ? constant(false, from) : unknown(from, { nullish: 'no', whenTrue: [proof] })
}

/** Cookies, headers or a token of the caller are in it. */
export const carriesCaller = (from: Origins): boolean =>
  (from.flags & (From.cookie | From.header | From.request | From.principal)) !== 0

/** What the lookup gives hangs on the caller, whatever its arguments were. */
const sourceOrigins = (from: Origins, source: Source): Origins => ({
  flags: From.principal | (from.flags & From.row),
  refs: [source, ...from.refs.filter((ref) => ref.t === 'read')],
})

function newSource(m: Machine, proof: Proof, name: string, site: Site): Source {
  return m.source({ t: 'source', proof, name, site, trust: 'catalogue' })
}

function proven(value: Value, proofs: readonly Proof[]): Value {
  if (proofs.length === 0) return value
  if (value.t === 'unknown') return { ...value, whenTrue: proofs }
  return value
}

function permissionProof(
  m: Machine,
  proof: 'role' | 'permission',
  at: ArgPath,
  args: readonly Value[],
): Proof | undefined {
  const value = argumentAt(m, at, args)
  const names = value ? permissionNames(m, value) : []
  return names.length > 0 ? `${proof}:${names.join(',')}` : undefined
}

function permissionNames(m: Machine, value: Value): string[] {
  if (value.t === 'const' && typeof value.value === 'string') return [value.value]
  const list = m.array(value)
  if (list) return list.items.flatMap((item) => permissionNames(m, item))
  const cell = m.object(value)
  if (!cell) return []
  return [...cell.props].flatMap(([resource, actions]) =>
    permissionNames(m, actions).map((action) => `${resource}:${action}`),
  )
}

function runCallbacks(
  m: Machine,
  meaning: CallMeaning,
  args: readonly Value[],
  site: Site,
  about: About,
): Value | undefined {
  let last: Value | undefined
  for (const callback of meaning.runs ?? []) {
    const fn = argumentAt(m, callback.at, args)
    if (!fn || fn.t === 'const') continue
    const given = callback.given?.map((item) => result(m, item, about)) ?? [unknown(about.from)]
    last = callback.maybe ? maybeCall(m, fn, given, site) : callValue(m, fn, given, site, { awaited: true, name: '' })
    if (!m.state.alive) return undefinedValue
  }
  return last
}

export function argumentAt(m: Machine, at: ArgPath, args: readonly Value[]): Value | undefined {
  let value: Value | undefined = args[at[0] as number]
  for (const key of at.slice(1)) {
    if (!value) return undefined
    const part = alternatives(value).find((alternative) => m.object(alternative))
    const cell = part && m.object(part)
    if (!cell) return value.t === 'unknown' ? unknown(value.origins, { key: String(key) }) : undefined
    value = cell.props.get(String(key)) ?? cell.rest
  }
  return value
}

function holds(m: Machine, test: ArgumentTest, args: readonly Value[]): boolean {
  const value = argumentAt(m, test.at, args)
  if (test.present !== undefined) {
    const there = value !== undefined && isNullish(value) !== true
    return there === test.present
  }
  if (!value) return false
  if (test.is !== undefined) return value.t === 'const' && value.value === test.is
  if (test.env !== undefined) {
    const pattern = new RegExp(test.env, 'i')
    return alternatives(value).some((part) => part.t === 'unknown' && part.key !== undefined && pattern.test(part.key))
  }
  if (test.instance !== undefined) {
    return alternatives(value).some(
      (part) =>
        part.t === 'library' &&
        'instance' in part.base &&
        part.base.instance === test.instance &&
        part.path.length === 0,
    )
  }
  if (test.type !== undefined) {
    return alternatives(value).some((part) => {
      if (test.type === 'function') return part.t === 'function' || part.t === 'native'
      if (test.type === 'array') return m.array(part) !== undefined
      if (test.type === 'string') return part.t === 'const' && typeof part.value === 'string'
      return m.object(part) !== undefined || part.t === 'unknown'
    })
  }
  return false
}

// --- results -----------------------------------------------------------------------------------------------------------

/** Makes the value that a result describes. */
export function result(m: Machine, r: Result, about: About): Value {
  if (typeof r === 'object') return structuredResult(m, r, about)
  const from = about.from
  switch (r) {
    case 'null':
      return from === noOrigins ? nullValue : constant(null, from)
    case 'undefined':
      return from === noOrigins ? undefinedValue : constant(undefined, from)
    case 'true':
      return from === noOrigins ? trueValue : constant(true, from)
    case 'false':
      return from === noOrigins ? falseValue : constant(false, from)
    case 'boolean':
    case 'string':
    case 'number':
      return unknown(from, { nullish: 'no' })
    case 'throws':
    case 'redirects':
      return m.throw(m.newObject({}, { is: 'error' }))
    case 'principal':
      return unknown(merge(from, origins(From.principal)), { nullish: 'no' })
    case 'tenant':
      return unknown(merge(from, origins(From.principal)), { nullish: 'no', key: 'organizationId' })
    case 'input':
      return unknown(origins(From.input))
    case 'request':
      return requestValue(m)
    case 'headers':
      return headersValue(m)
    case 'header':
      return unknown(origins(From.header))
    case 'cookies':
      return cookiesValue(m)
    case 'cookie':
      return unknown(origins(From.cookie))
    case 'secret':
      return unknown(origins(From.secret | From.env), { nullish: 'no' })
    case 'env':
      return environment(m)
    case 'row':
      return unknown(merge(from, origins(From.row)))
    case 'rows':
      return m.newArray([], unknown(merge(from, origins(From.row)), { nullish: 'no' }))
    case 'response':
      return responseValue(m, about)
    case 'denial':
      return m.newObject({}, { is: 'denial' }, noOrigins)
    case 'aggregate':
      return unknown(from, { nullish: 'no', aggregate: true })
    case 'empty-list':
      return m.newArray([], undefined, from)
    case 'callback':
      return about.callback ?? unknown(from)
    case 'promise-list': {
      const list = m.array(about.args[0] ?? undefinedValue)
      if (!list) return unknown(from)
      return m.newArray(
        list.items.map((item) => fulfilled(m, item)),
        list.rest ? fulfilled(m, list.rest) : undefined,
      )
    }
    case 'column':
      return {
        t: 'builder',
        builder: 'column',
        calls: [{ method: about.name, args: about.args, site: about.site }],
        site: about.site,
      }
    case 'unknown':
      return unknown(from)
  }
}

function structuredResult(m: Machine, r: Exclude<Result, string>, about: About): Value {
  if ('arg' in r) return about.args[r.arg] ?? undefinedValue
  if ('instance' in r) {
    return {
      t: 'library',
      base: { instance: r.instance, site: about.site, config: about.args },
      path: [],
      origins: instanceOrigins(r.ofCaller ? merge(about.from, origins(From.request)) : about.from),
    }
  }
  if ('object' in r) {
    const props = new Map(Object.entries(r.object).map(([key, inner]) => [key, result(m, inner, about)] as const))
    return m.newObject(
      props,
      r.rest !== undefined && r.rest !== 'undefined' ? { rest: result(m, r.rest, about) } : {},
      r.rest === 'undefined' ? about.from : noOrigins,
    )
  }
  if ('fn' in r)
    return {
      t: 'library',
      base: { package: 'global' },
      path: [about.name],
      origins: instanceOrigins(about.from),
      meaning: r.fn,
    }
  if ('list' in r) return m.newArray([], result(m, r.list, about))
  if ('maybe' in r) return union([result(m, r.maybe, about), undefinedValue])
  if ('wraps' in r) {
    const wrapped = about.args[r.wraps] ?? undefinedValue
    return native(about.name, (machine, args, site, awaited) => {
      const given = (r.given ?? []).map((item) => result(machine, item, about))
      return callValue(machine, wrapped, [...given, ...args.slice(given.length)], site, { awaited, name: about.name })
    })
  }
  if ('condition' in r) return conditionOf(m, r.condition, about.args)
  const name = about.args[r.table.name]
  return {
    t: 'table',
    name: name?.t === 'const' ? String(name.value) : '',
    columns: about.args[r.table.columns] ?? undefinedValue,
    site: about.site,
  }
}

/** A client that carries the caller's headers is the caller's; one that was made of constants is nobody's. */
const instanceOrigins = (from: Origins): Origins => origins(from.flags & (callerChosen | From.request | From.principal))

/** The environment: switches that production sets, secrets that only the server knows. */
function environment(m: Machine): Value {
  const production = m.persona.environment === 'production'
  const gate: Source = {
    t: 'source',
    proof: 'env-gate',
    name: 'NODE_ENV',
    site: { file: '', range: [0, 0] },
    trust: 'verified',
  }
  const marked = (value: string | boolean): Value => constant(value, origins(From.env, gate))
  return m.newObject(
    {
      NODE_ENV: marked(production ? 'production' : 'development'),
      DEV: marked(!production),
      PROD: marked(production),
      MODE: marked(production ? 'production' : 'development'),
      SSR: trueValue,
    },
    { rest: variable(m, undefined), is: 'env' },
  )
}

export function variable(m: Machine, name: string | undefined): Value {
  const named = name === undefined ? {} : { key: name }
  const from = origins(name !== undefined && publicVariable.test(name) ? From.env : From.secret | From.env)
  if (m.persona.variables === 'unset') return constant(undefined, from)
  return m.persona.variables === 'set' ? unknown(from, { nullish: 'no', truthy: true, ...named }) : unknown(from, named)
}

/** The request: all of it is the caller's to send. */
export function requestValue(m: Machine): Value {
  const input = unknown(origins(From.input))
  const body = stableNative('body', (_machine, _args, site) => ({
    t: 'promise',
    value: unknown(origins(From.input), { nullish: 'no' }),
    error: undefined,
    proofs: [],
    name: 'body',
    site,
    denies: false,
  }))
  return m.newObject(
    {
      headers: headersValue(m),
      cookies: cookiesValue(m),
      method: unknown(noOrigins, { nullish: 'no' }),
      url: unknown(origins(From.input), { nullish: 'no' }),
      nextUrl: unknown(origins(From.input), { nullish: 'no' }),
      json: body,
      text: body,
      formData: body,
      arrayBuffer: body,
      blob: body,
      bytes: body,
      clone: stableNative('clone', (machine) => requestValue(machine)),
      signal: unknown(noOrigins, { nullish: 'no' }),
    },
    { rest: input },
    origins(From.request),
  )
}

export function headersValue(m: Machine): Value {
  return m.newObject(
    {
      get: stableNative('get', (_machine, args) => {
        const name = args[0]
        const cookie = name?.t === 'const' && String(name.value).toLowerCase() === 'cookie'
        return unknown(origins(cookie ? From.cookie : From.header))
      }),
      has: stableNative('has', () => unknown(origins(From.header), { nullish: 'no' })),
      entries: stableNative('entries', (machine) => machine.newArray([], unknown(origins(From.header)))),
      forEach: stableNative('forEach', () => undefinedValue),
      set: stableNative('set', () => undefinedValue),
      append: stableNative('append', () => undefinedValue),
      delete: stableNative('delete', () => undefinedValue),
    },
    { rest: unknown(origins(From.header)) },
    origins(From.request),
  )
}

export function cookiesValue(m: Machine): Value {
  const get = stableNative('cookie', (machine) =>
    machine.newObject(
      { value: unknown(origins(From.cookie)), name: unknown() },
      { rest: unknown(origins(From.cookie)) },
    ),
  )
  return m.newObject(
    {
      get: stableNative('get', (machine, args, site, awaited) =>
        union([get.call(machine, args, site, awaited), undefinedValue]),
      ),
      getAll: stableNative('getAll', (machine) => machine.newArray([], unknown(origins(From.cookie)))),
      has: stableNative('has', () => unknown(origins(From.cookie), { nullish: 'no' })),
      set: stableNative('set', () => undefinedValue),
      delete: stableNative('delete', () => undefinedValue),
    },
    { rest: unknown(origins(From.cookie)) },
    origins(From.request),
  )
}

function responseValue(m: Machine, about: About): Value {
  const [body, init] = about.args
  const given = init ?? undefinedValue
  const status = m.object(given)?.props.get('status')
  const code =
    status?.t === 'const' && typeof status.value === 'number'
      ? status.value
      : given.t === 'const' && typeof given.value === 'number'
        ? given.value
        : undefined
  return m.newObject(
    { body: body ?? undefinedValue },
    { is: 'response', ...(code !== undefined ? { status: code } : {}) },
    body ? m.originsOf(body) : noOrigins,
  )
}
