/** Functions that are given a handler and hand out one that refuses callers: whether one does so, by calling what it makes. */
import { callValue } from '../../analysis/code/calls.ts'
import { judge } from '../../analysis/verdict/judge.ts'
import { Machine } from '../../analysis/machine.ts'
import { addEffect } from '../../analysis/effects.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { From, origins, type Site } from '../../analysis/values/origins.ts'
import {
  alternatives,
  native,
  undefinedValue,
  unknown,
  type FunctionValue,
  type Value,
} from '../../analysis/values/value.ts'
import type { World } from '../../analysis/world.ts'

export interface WrapperGuard {
  /** How many of its first arguments the handler gets as the framework would give them to it. */
  readonly passes: number
}

/** What stands in the wrapper: a route handler, or a server action. */
export type Around = 'handler' | 'action'

/** Files in which one may stand, by their names and by their texts. */
export const mayBeWrapped: Readonly<
  Record<Around, { readonly file: (file: string) => boolean; readonly text: (text: string) => boolean }>
> = {
  handler: { file: (file) => /[\\/]route\.[jt]sx?$/.test(file), text: (text) => madeByCall.test(text) },
  action: { file: () => true, text: (text) => madeByCall.test(text) && /^['"]use server['"]/m.test(text) },
}

const madeByCall = /^export const \w+ = \w+\(/m

const maxArguments = 4

export function wrapperGuard(world: World, value: Value, around: Around): WrapperGuard | undefined {
  const [fn, ...others] = alternatives(value)
  if (fn?.t !== 'function' || others.length > 0) return undefined
  const { verdict, proofs } = judge(world, (m) => wrapped(m, fn, sentTo(m, around), () => undefined))
  if (verdict !== 'guarded' || proofs.every((proof) => proof === 'env-gate')) return undefined
  const m = new Machine(world, { kind: 'signed-in', environment: 'production' })
  const sent = sentTo(m, around)
  let passes = sent.length
  wrapped(m, fn, sent, (given) => {
    const other = sent.findIndex((arg, i) => !isHandedOn(m, arg, given[i]))
    if (other >= 0) passes = Math.min(passes, other)
  })
  return { passes }
}

function wrapped(
  m: Machine,
  fn: FunctionValue,
  sent: readonly Value[],
  reached: (given: readonly Value[]) => void,
): Value {
  const site: Site = { file: fn.file, range: [0, 0] }
  const handler = native('the handler', (machine, given) => {
    addEffect(machine, { what: 'is reached', kind: 'other', write: true, site })
    reached(given)
    return undefinedValue
  })
  const made = callValue(m, fn, [handler], site, {})
  return callValue(m, made, sent, site, { awaited: true, how: 'handler', name: 'the handler' })
}

const sentTo = (m: Machine, around: Around): readonly Value[] => {
  const sent = (): Value => unknown(origins(From.input))
  return around === 'action'
    ? Array.from({ length: maxArguments }, sent)
    : [requestValue(m), m.heap.newObject({ params: sent() })]
}

/** It is the same, or an object with all that the other has. */
function isHandedOn(m: Machine, sent: Value, given: Value | undefined): boolean {
  if (given === sent) return true
  if (given?.t !== 'object' || sent.t !== 'object') return false
  if (given.cell === sent.cell) return true
  const [kept, had] = [m.heap.object(given), m.heap.object(sent)]
  return had !== undefined && [...had.props].every(([key, value]) => kept?.props.get(key) === value)
}
