/** Whether a middleware refuses callers who proved nothing: by running it alone, in front of something to protect. */
import { isHidden } from '../../model/proofs.ts'
import { Machine } from '../../analysis/machine.ts'
import { addEffect, type Effect } from '../../analysis/effects.ts'
import type { Persona } from '../../analysis/caller/persona.ts'
import { alternatives, constant, undefinedValue, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { World } from '../../analysis/world.ts'
import type { Site } from '../../analysis/values/origins.ts'
import { reachedWork } from '../shared-guards.ts'
import { fromTheWire, middlewareOf, runChain, type Incoming, type Middleware } from './chain.ts'

export interface VerifiedGuard {
  readonly type: 'request' | 'function'
  /** Of the tests that stop callers; fewer are asked of more people. */
  readonly proofs: readonly string[]
  /** What it puts into the context of everybody who passes. */
  readonly writes: readonly string[]
}

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
const signedIn: Persona = { kind: 'signed-in', environment: 'production' }

export function verifiedGuard(world: World, value: Value): VerifiedGuard | undefined {
  const builder = alternatives(value).find(
    (part): part is BuilderValue => part.t === 'builder' && part.builder === 'start.middleware',
  )
  if (!builder) return undefined
  const stopped = reach(world, anonymous, builder)
  if (stopped.reached.length > 0 || stopped.log.exhausted || stopped.log.denials.length === 0) return undefined
  const passed = reach(world, signedIn, builder)
  if (passed.reached.length === 0 || passed.reached.some((effect) => effect.doubts.length > 0)) return undefined
  const proofs = new Set(stopped.log.denials.flatMap((decision) => decision.sources.map((source) => source.proof)))
  if ([...proofs].every((proof) => proof === 'env-gate')) return undefined
  for (const proof of passed.reached.flatMap((effect) => effect.proofs)) if (!isHidden(proof)) proofs.add(proof)
  return { type: typeOf(new Machine(world, anonymous), builder), proofs: [...proofs], writes: passed.writes }
}

/** Runs a chain in front of something to protect, which stands for whatever it is put before. */
export function runAlone(
  m: Machine,
  chain: readonly Middleware[],
  site: Site,
  onEnd?: (m: Machine, context: Value) => void,
): Value {
  const protectedWork = (machine: Machine, { context }: Incoming): Value => {
    onEnd?.(machine, context)
    addEffect(machine, { what: reachedWork, kind: 'other', write: true, site })
    return undefinedValue
  }
  return runChain(m, chain, fromTheWire(m, new Map([['method', constant('POST')]])), protectedWork)
}

function reach(
  world: World,
  persona: Persona,
  builder: BuilderValue,
): { readonly log: Machine['log']; readonly reached: readonly Effect[]; readonly writes: readonly string[] } {
  const m = new Machine(world, persona)
  const written: (readonly string[])[] = []
  runAlone(m, middlewareOf(m, builder, 'middleware'), builder.site, (machine, context) =>
    written.push(alternatives(context).flatMap((part) => [...(machine.heap.object(part)?.props.keys() ?? [])])),
  )
  const writes = (written[0] ?? []).filter((key) => written.every((keys) => keys.includes(key)))
  return { log: m.log, reached: m.log.effects.filter((effect) => effect.what === reachedWork), writes }
}

export function typeOf(m: Machine, builder: BuilderValue): VerifiedGuard['type'] {
  const options = builder.calls[0]?.args[0]
  const type = options && m.heap.object(options)?.props.get('type')
  if (type?.t === 'const' && type.value === 'function') return 'function'
  return builder.calls.some((call) => ['client', 'validator', 'inputValidator'].includes(call.method))
    ? 'function'
    : 'request'
}
