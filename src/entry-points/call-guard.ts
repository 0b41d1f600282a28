/** Whether a function refuses callers when it is called for nothing else: by calling it alone. */
import { callValue } from '../analysis/code/calls.ts'
import { Machine } from '../analysis/machine.ts'
import type { Effect } from '../analysis/effects.ts'
import type { Persona } from '../analysis/caller/persona.ts'
import { moduleForm } from '../analysis/code/module-values.ts'
import { From, origins, type Site } from '../analysis/values/origins.ts'
import { bound, rootTerm } from '../analysis/caller/ties.ts'
import { isHidden } from '../model/proofs.ts'
import { alternatives, unknown, type ConditionPair, type Value } from '../analysis/values/value.ts'
import type { World } from '../analysis/world.ts'
import { snake, tenantColumn, userColumn, userModel } from '../catalog/names.ts'

export interface CallGuard {
  /** Of the tests that stop callers, and of whoever passes; fewer are asked of more people. */
  readonly proofs: readonly string[]
}

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
const signedIn: Persona = { kind: 'signed-in', environment: 'production' }

/** It takes nothing, or what somebody has written there, and refuses those who proved nothing. */
export const callGuard = (world: World, value: Value, args: readonly Value[] = []): CallGuard | undefined => {
  const done = tried(world, value, signedIn, args)
  // who asks for rows is shown them: to call it for its refusal alone is to read them for nothing
  return done?.passing.log.effects.some(isWorkOfItsOwn) ? undefined : done?.guard
}

/** Rows that nothing tests, and that do not say who is calling. */
const isWorkOfItsOwn = ({ kind, decides, model, conditions = [] }: Effect): boolean =>
  kind === 'db' && decides !== true && model?.session !== true && !(model && findsUser(model.name, conditions))

const findsUser = (model: string, conditions: readonly ConditionPair[]): boolean =>
  userModel.test(snake(model)) &&
  conditions.some(({ op, column }) => op === 'eq' && (/^(?:id|email)$/.test(column) || userColumn.test(snake(column))))

/** It takes the id of a tenant from whoever calls, and refuses those who do not belong there. */
export function membershipGuard(world: World, value: Value): CallGuard | undefined {
  const chosen = unknown(origins(From.input), { nullish: 'no', truthy: true, term: rootTerm(given) })
  const done = tried(world, value, { ...signedIn, tracing: true }, [chosen])
  if (!done?.passing.state.proofs.includes(bound(given))) return undefined
  // what is somebody's may be anything: it has to be a tenant that is asked for
  const isTenant =
    tenantColumn.test(snake(done.takes[0] ?? '')) ||
    done.passing.log.effects.some((effect) => findsTenant(world, effect))
  return isTenant ? done.guard : undefined
}

/** What the value is called that the caller chose. */
const given = 'given'

function findsTenant(world: World, { reach, model, site }: Effect): boolean {
  const whose = model && world.schemaFor(site.file)?.whose(model.name)
  return (reach?.ways ?? []).some((way) =>
    way.some(
      ({ column, names }) =>
        names.includes(given) && (whose?.tenant.includes(column) ?? tenantColumn.test(snake(column))),
    ),
  )
}

interface Tried {
  readonly guard: CallGuard
  /** The run of a caller who is signed in. */
  readonly passing: Machine
  /** What its parameters are called. */
  readonly takes: readonly string[]
}

function tried(world: World, value: Value, persona: Persona, args: readonly Value[]): Tried | undefined {
  const [fn, ...others] = alternatives(value)
  if (fn?.t !== 'function' || others.length > 0) return undefined
  const m = new Machine(world, anonymous)
  const { functions, bindings } = moduleForm(m, fn.file)
  const form = functions[fn.fn]
  if (form?.params.length !== args.length || form.generator) return undefined
  const takes = form.params.flatMap(({ pattern, rest }) =>
    pattern.t === 'bind' && !rest ? [bindings[pattern.binding]!.name] : [],
  )
  if (takes.length < args.length) return undefined
  const site: Site = { file: fn.file, range: form.range }
  const call = (machine: Machine): Value => callValue(machine, fn, args, site, { awaited: true, name: form.name })
  call(m)
  const { denials, effects, exhausted } = m.log
  const proofs = new Set(denials.flatMap(({ sources }) => sources.map(({ proof }) => proof)))
  const refuses = !m.state.alive && exhausted === undefined && [...proofs].some((proof) => proof !== 'env-gate')
  if (!refuses || effects.some(({ write, denying }) => write && denying === 'no')) return undefined
  const passing = new Machine(world, persona)
  call(passing)
  // what does something besides is no guard
  const works = passing.log.effects.some(({ write }) => write)
  if (!passing.state.alive || passing.state.doubts.length > 0 || works) return undefined
  for (const proof of passing.state.proofs) if (!isHidden(proof)) proofs.add(proof)
  return { guard: { proofs: [...proofs] }, passing, takes }
}
