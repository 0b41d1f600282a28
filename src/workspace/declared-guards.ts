/** Guards that the policy file declares: which exports they are, and what calling them does. */
import type { Machine } from '../analysis/machine.ts'
import { member } from '../analysis/code/members.ts'
import { addSource, refuse } from '../analysis/caller/decisions.ts'
import { prove } from '../analysis/caller/proving.ts'
import { From, origins, type Origins, type Site, type Source } from '../analysis/values/origins.ts'
import {
  alternatives,
  constant,
  native,
  undefinedValue,
  union,
  unknown,
  type PromiseValue,
  type Value,
} from '../analysis/values/value.ts'
import { callValue } from '../analysis/code/calls.ts'
import { libraryExport } from '../analysis/library/meanings.ts'
import { exportedValue } from '../analysis/code/module-exports.ts'
import type { DeclaredGuard } from '../analysis/world.ts'
import type { Proof } from '../catalog/meaning.ts'
import type { Modules } from '../analysis/code/modules.ts'
import { originOf } from '../export-origin.ts'
import { resolveReference, type DeclaredGuard as PolicyGuard, type Reference } from '../policy.ts'

export interface NamedGuard extends DeclaredGuard {
  readonly proves: readonly Proof[]
  /** What is known of its definition: a call that is not awaited stops nobody where it is asynchronous. */
  readonly async: boolean
}

export const exportKey = (fileOrPackage: string, name: string): string => `${fileOrPackage}\0${name}`

/** The exports that a reference means: as it is written, and where it was declared. */
export function exportsOf(reference: Reference, modules: Modules, fromFile: string): string[] {
  const found = resolveReference(reference, modules, fromFile)
  if (found.kind === 'package') return [exportKey(found.name, reference.name)]
  if (found.kind === 'unresolved') return []
  const origin = originOf(modules, found.file, reference.name)
  return [exportKey(found.file, reference.name), ...(origin ? [exportKey(origin.file, origin.name)] : [])]
}

export function declaredGuards(
  guards: readonly PolicyGuard[],
  modules: Modules,
  fromFile: string,
): ReadonlyMap<string, NamedGuard> {
  const table = new Map<string, NamedGuard>()
  for (const guard of guards) {
    const named: NamedGuard = {
      name: guard.name,
      proves: guard.proves,
      denies: guard.denies,
      async: !isSynchronous(guard, modules, fromFile),
    }
    for (const key of exportsOf(guard, modules, fromFile)) table.set(key, named)
  }
  return table
}

function isSynchronous(guard: PolicyGuard, modules: Modules, fromFile: string): boolean {
  const found = resolveReference(guard, modules, fromFile)
  const origin = found.kind === 'module' ? originOf(modules, found.file, guard.name) : undefined
  if (origin?.binding === undefined) return false
  const form = modules.module(origin.file)
  for (const s of form.functions[0]?.body ?? []) {
    if (s.t !== 'declare' || s.pattern.t !== 'bind' || s.pattern.binding !== origin.binding || s.init?.t !== 'function')
      continue
    const fn = form.functions[s.init.fn]
    return fn !== undefined && !fn.async && fn.signature !== 'promise'
  }
  return false
}

/**
 * The value that stands for a declared guard. It is called as a check (`await requireUser()`), as middleware (it is given
 * `next`), as a wrapper (it is given the function to run), or, where the module is defined, to make one of the latter two.
 */
export function guardValue(guard: NamedGuard): Value {
  const self: Value = native(guard.name, (m, args, at, awaited) => {
    const next =
      args[0] &&
      alternatives(args[0])
        .map((part) => m.heap.object(part)?.props.get('next'))
        .find((value) => value !== undefined)
    if (next) {
      check(m, guard, at)
      return m.state.alive ? callValue(m, next, [], at, { awaited: true, name: 'next' }) : undefinedValue
    }
    const wrapped = args.filter(isFunction)
    if (wrapped.length > 0) {
      const run = wrapper(guard, wrapped)
      // where the module is defined nothing is called yet
      return inModuleBody(m) ? run : callValue(m, run, [], at, { awaited: true, name: guard.name })
    }
    if (inModuleBody(m)) return self
    return asked(m, guard, at, awaited)
  })
  return self
}

const isFunction = (value: Value): boolean => value.t === 'function' || value.t === 'native'

const inModuleBody = (m: Machine): boolean => m.frame?.fn === 0

function wrapper(guard: NamedGuard, wrapped: readonly Value[]): Value {
  return native(guard.name, (m, args, at, awaited) => {
    check(m, guard, at)
    if (!m.state.alive) return undefinedValue
    const principal = passed(sourceOf(m, guard, at))
    const given = args.length > 0 ? [...args, principal] : [principal]
    return union(
      wrapped.map((fn) =>
        m.state.alive ? callValue(m, fn, given, at, { awaited, name: guard.name }) : undefinedValue,
      ),
    )
  })
}

function sourceOf(m: Machine, guard: NamedGuard, site: Site): Source {
  return addSource(m, {
    t: 'source',
    proof: guard.proves[0] ?? 'authenticated',
    name: guard.name,
    site,
    trust: 'declared',
  })
}

/** Nobody comes through who cannot show all of what it proves. */
const isRefused = (m: Machine, { proves }: NamedGuard): boolean => m.anonymous || proves.some((proof) => m.lacks(proof))

/** Whoever proved nothing goes no further. */
function check(m: Machine, guard: NamedGuard, site: Site): void {
  const source = sourceOf(m, guard, site)
  if (isRefused(m, guard)) refuse(m, source, site, m.heap.newObject({}, { is: 'error' }))
  else prove(m, guard.proves)
}

function asked(m: Machine, guard: NamedGuard, site: Site, awaited: boolean): Value {
  const source = sourceOf(m, guard, site)
  const later = guard.async && !awaited
  const promise = (value: Value | undefined, extra: Partial<PromiseValue> = {}): Value => ({
    t: 'promise',
    value,
    error: undefined,
    proofs: [],
    name: guard.name,
    site,
    denies: false,
    ...extra,
  })
  if (guard.denies !== 'throws') {
    const answer = isRefused(m, guard) ? refusal(m, guard, source) : approval(m, guard, source)
    return later ? promise(answer) : answer
  }
  if (!isRefused(m, guard)) {
    if (later) return promise(passed(source), { proofs: guard.proves })
    prove(m, guard.proves)
    return passed(source)
  }
  const error = m.heap.newObject({}, { is: 'error' }, origins(0, source))
  return later ? promise(undefined, { error, denies: true }) : refuse(m, source, site, error)
}

const hangsOn = (source: Source): Origins => origins(From.principal, source)

const passed = (source: Source): Value => unknown(hangsOn(source), { nullish: 'no' })

const yes = ['success', 'ok', 'allowed', 'granted', 'authorized', 'authenticated', 'isAuthenticated', 'valid']

function refusal(m: Machine, guard: NamedGuard, source: Source): Value {
  const from = hangsOn(source)
  const nothing = constant(undefined, from)
  if (guard.denies === 'returns') return nothing
  const props = new Map<string, Value>(yes.map((key) => [key, constant(false, from)]))
  props.set('error', constant('refused', from))
  return m.heap.newObject(props, { rest: nothing }, from)
}

function approval(m: Machine, guard: NamedGuard, source: Source): Value {
  const from = hangsOn(source)
  if (guard.denies === 'returns') return unknown(from, { nullish: 'no', whenTrue: guard.proves })
  prove(m, guard.proves)
  const props = new Map<string, Value>(yes.map((key) => [key, constant(true, from)]))
  props.set('error', constant(undefined, from))
  return m.heap.newObject(props, { rest: passed(source) }, from)
}

/** What the policy file says keeps a record of a denial: the functions, whatever they do. A dotted name reaches into an export. */
export const recordersIn = (
  m: Machine,
  modules: Modules,
  references: readonly Reference[],
  fromFile: string,
): readonly Value[] =>
  references.flatMap((reference) => {
    const [root = '', ...path] = reference.name.split('.')
    const found = resolveReference(reference, modules, fromFile)
    if (found.kind === 'unresolved') return []
    const at: Site = { file: fromFile, range: [0, 0] }
    const value =
      found.kind === 'module' ? exportedValue(m, found.file, root, at) : libraryExport(m, found.name, [root], at)
    return alternatives(path.reduce((object, key) => member(m, object, key, m.site([0, 0])), value))
  })
