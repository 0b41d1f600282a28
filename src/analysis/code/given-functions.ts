/** Functions that are given to something which cannot be seen: it may run them, or not. */
import { callValue } from './calls.ts'
import type { Machine } from '../machine.ts'
import { moduleForm } from './module-values.ts'
import type { Origins, Site } from '../values/origins.ts'
import { alternatives, heldBy, native, undefinedValue, type FunctionValue, type Value } from '../values/value.ts'

/** The functions that something unknown may run: an argument, or what lists and objects hold. */
export function functionsIn(m: Machine, value: Value, depth = 3): readonly FunctionValue[] {
  if (value.t === 'function') return [value]
  if (value.t !== 'object' || depth === 0) return []
  return heldBy(m.heap.cell(value)).flatMap((inner) =>
    alternatives(inner).flatMap((part) => functionsIn(m, part, depth - 1)),
  )
}

/** Runs a function that something unknown was given: it may run, or not. */
export function maybeCall(m: Machine, fn: Value, args: readonly Value[], site: Site): Value {
  return m.split([() => callValue(m, fn, args, site, { awaited: true, name: '' }), () => undefinedValue])
}

/** What waits for something is handed over while a module is set up to be run when a request comes: a procedure of a router. */
export const waitsForRequest = (m: Machine, { file, fn }: FunctionValue): boolean =>
  m.atModuleLevel && moduleForm(m, file).functions[fn]?.async === true

/**
 * What is made of a function while a module is set up is that function with something around it: `withLogging(handler)`.
 * Only what is known to refuse nobody may be taken for such.
 */
export function madeAtModuleLevel(m: Machine, args: readonly Value[], from: Origins): Value | undefined {
  const inner = args.find((arg) => arg.t === 'function' || arg.t === 'native')
  if (!m.atModuleLevel || !inner) return undefined
  return native(
    '',
    (machine, given, site, awaited) => {
      const how = machine.stack.length === 0 ? 'handler' : 'wrapper'
      return callValue(machine, inner, given, site, { awaited, how, name: '' })
    },
    from,
  )
}
