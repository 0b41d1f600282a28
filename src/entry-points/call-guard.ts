/** Whether a function refuses callers who proved nothing when it is called for nothing else: by calling it alone. */
import { callValue } from '../analysis/calls.ts'
import { Machine, type Persona } from '../analysis/machine.ts'
import { moduleForm } from '../analysis/module-values.ts'
import { alternatives, type Value } from '../analysis/value.ts'
import type { World } from '../analysis/world.ts'
import type { Site } from '../analysis/origins.ts'

export interface CallGuard {
  /** Of the tests that stop callers; fewer are asked of more people. */
  readonly proofs: readonly string[]
}

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
const signedIn: Persona = { kind: 'signed-in', environment: 'production' }

export function callGuard(world: World, value: Value): CallGuard | undefined {
  const [fn, ...others] = alternatives(value)
  if (fn?.t !== 'function' || others.length > 0) return undefined
  const m = new Machine(world, anonymous)
  const form = moduleForm(m, fn.file).functions[fn.fn]
  if (!form || form.params.length > 0 || form.generator) return undefined
  const site: Site = { file: fn.file, range: form.range }
  const call = (machine: Machine): Value => callValue(machine, fn, [], site, { awaited: true, name: form.name })
  call(m)
  const { denials, effects, exhausted } = m.log
  const proofs = new Set(denials.flatMap(({ sources }) => sources.map(({ proof }) => proof)))
  const refuses = !m.state.alive && exhausted === undefined && [...proofs].some((proof) => proof !== 'env-gate')
  if (!refuses || effects.some(({ write, denying }) => write && denying === 'no')) return undefined
  const passing = new Machine(world, signedIn)
  call(passing)
  // what does something besides is no guard
  const works = passing.log.effects.some(({ write }) => write)
  return passing.state.alive && passing.state.doubts.length === 0 && !works ? { proofs: [...proofs] } : undefined
}
