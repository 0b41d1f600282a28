/**
 * Functions that a module hands out and that others may guard themselves with: helpers, which are called before the work,
 * and wrappers, which are given it. Each is run alone, in front of something to protect.
 */
import { callValue } from '../analysis/code/calls.ts'
import type { EntryRun } from '../analysis/verdict/runs.ts'
import { exportedValue } from '../analysis/code/module-exports.ts'
import { moduleForm } from '../analysis/code/module-values.ts'
import { Machine } from '../analysis/machine.ts'
import type { Persona } from '../analysis/caller/persona.ts'
import { addEffect } from '../analysis/effects.ts'
import { From, origins, type Site } from '../analysis/values/origins.ts'
import { requestValue } from '../analysis/library/request.ts'
import { alternatives, native, undefinedValue, unknown, type FunctionValue } from '../analysis/values/value.ts'
import type { World } from '../analysis/world.ts'
import type { ModuleForm, Range } from '../model/form.ts'
import { isCalledGuard } from './guard-names.ts'
import { walk } from './walk.ts'

export interface SharedGuard {
  readonly name: string
  readonly range: Range
  readonly site: Site
  readonly wraps: boolean
  readonly run: EntryRun
}

/** One that is called a guard and that takes longer is work that happens to be called so. */
export const stepsOfGuard = 30_000

/** What stands for whatever is guarded. */
export const reachedWork = 'is reached'

/** Components and hooks run in the browser. */
const ofComponents = /^(?:use)?[A-Z]/

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }

export function sharedGuards(world: World, file: string): SharedGuard[] {
  const m = new Machine(world, anonymous)
  const form = moduleForm(m, file)
  const called = calledParameters(form)
  const found = new Map<number, SharedGuard>()
  for (const { exported, binding, from, typeOnly, range } of form.exports) {
    if (typeOnly || exported === '*' || from !== undefined || !mayBeGuard(form, binding)) continue
    const value = exportedValue(m, file, exported, { file, range })
    const fn = alternatives(value).find((part): part is FunctionValue => part.t === 'function' && part.file === file)
    if (!fn || found.has(fn.fn)) continue
    const declared = binding === undefined ? undefined : form.bindings[binding]
    const name = declared?.name ?? exported
    if (ofComponents.test(name)) continue
    const site: Site = { file, range: form.functions[fn.fn]!.range }
    const given = form.functions[fn.fn]!.params.map(
      ({ pattern }) => pattern.t === 'bind' && called.has(pattern.binding),
    )
    found.set(fn.fn, {
      name,
      range: declared?.range ?? range,
      site,
      wraps: given.includes(true),
      run: (machine) => runInFront(machine, fn, given, name, site),
    })
  }
  return [...found.values()]
}

/** What is made of data alone, and is not called a guard, is a router or a list of settings: a whole application hangs on it. */
function mayBeGuard(form: ModuleForm, binding: number | undefined): boolean {
  const declared = form.functions[0]?.body.find(
    (s) => s.t === 'declare' && s.pattern.t === 'bind' && s.pattern.binding === binding,
  )
  const init = declared?.t === 'declare' ? declared.init : undefined
  if (init?.t === 'object' || init?.t === 'array' || init?.t === 'literal') return false
  if (init?.t !== 'call' || binding === undefined) return true
  return isCalledGuard(form.bindings[binding]?.name ?? '') || init.args.some(({ t }) => t !== 'object')
}

/** Of whatever functions: they are given something to run. */
function calledParameters(form: ModuleForm): ReadonlySet<number> {
  const called = new Set<number>()
  walk(form, (e) => {
    if (e.t === 'call' && e.callee.t === 'name' && form.bindings[e.callee.binding]?.kind === 'parameter')
      called.add(e.callee.binding)
  })
  return called
}

function runInFront(m: Machine, fn: FunctionValue, given: readonly boolean[], name: string, site: Site) {
  const options = { awaited: true, how: 'handler', name } as const
  const input = unknown(origins(From.input), { nullish: 'no' })
  const reach = (machine: Machine): void => {
    addEffect(machine, { what: reachedWork, kind: 'other', write: true, site })
  }
  const work = native('the work', (machine) => {
    reach(machine)
    return undefinedValue
  })
  const value = callValue(
    m,
    fn,
    given.map((isWork) => (isWork ? work : input)),
    site,
    options,
  )
  if (!given.includes(true)) {
    if (m.state.alive) reach(m)
    return undefinedValue
  }
  const made = alternatives(value).filter((part) => part.t === 'function' || part.t === 'native')
  for (const inner of made) callValue(m, inner, [requestValue(m), input], site, options)
  return undefinedValue
}
