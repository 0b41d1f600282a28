/**
 * Recursions over data: one that walks a value and does nothing but compute (it redacts, converts, compares) gives something
 * that is made of what it was given, however deep it goes.
 *
 * Whether that is all is found by running it once on data of which nothing is known, so that every branch is taken.
 */
import { callFunction } from './function-calls.ts'
import { Machine } from '../machine.ts'
import { environmentOf, whoIs } from '../caller/persona.ts'
import { hasSource, merge, noOrigins, type Origins, type Site } from '../values/origins.ts'
import { heldBy, unknown, type FunctionValue, type Value } from '../values/value.ts'
import { withPatience } from '../world.ts'

/** What takes longer on data of which nothing is known does something else as well. */
const stepsOfComputation = 5_000

/** Larger arguments are followed as they are. */
const maxParts = 80

/** What a call of a function that is already running gives, where that is told by its arguments alone. */
export function computed(
  m: Machine,
  fn: FunctionValue,
  parameters: number,
  args: readonly Value[],
  site: Site,
): Value | undefined {
  // what it closes over would be another one's in each call
  if (m.tracing || (fn.env && fn.env.fn !== 0) || fn.self) return undefined
  const budget = { left: maxParts }
  if (!args.every((arg) => isData(m, arg, budget))) return undefined
  const given = args.map((arg) => m.heap.originsOf(arg, 8)).reduce(merge, noOrigins)
  // whether this caller passes may hang on the way it is computed
  if (m.lacking && hasSource(given)) return undefined
  const made = madeOf(m, fn, parameters, site)
  return made && unknown(merge(given, made))
}

/** Where what it computes comes from besides its arguments; undefined when it does something else as well. */
function madeOf(m: Machine, fn: FunctionValue, parameters: number, site: Site): Origins | undefined {
  const { computes } = m.world
  const key = `${whoIs(m.persona)}${environmentOf(m.persona)}${fn.file}\0${String(fn.fn)}`
  const known = computes.get(key)
  if (known !== undefined) return known ?? undefined
  computes.set(key, null)
  const apart = new Machine(withPatience(m.world, stepsOfComputation), m.persona)
  const anything = Array.from({ length: parameters }, () => unknown())
  const value = callFunction(apart, fn, anything, site, { awaited: true })
  const made = onlyComputed(apart) ? apart.heap.originsOf(value, 8) : null
  computes.set(key, made)
  return made ?? undefined
}

/** Nothing was done in this run, asked of the caller, refused or changed that was there before. */
function onlyComputed({ log, state, sink, heap }: Machine): boolean {
  const { effects, notes, sources, decisions, opaque, credentials, unawaited, exhausted } = log
  const logged = [effects, notes, sources, decisions, opaque, credentials].some((list) => list.length > 0)
  const threw = !state.alive || sink.thrown.some((thrown) => thrown.state.alive)
  return !logged && unawaited.size === 0 && exhausted === undefined && !threw && !heap.changedOthers
}

/** Nothing in it can be called, and nothing that could not be followed has handed it out. */
function isData(m: Machine, value: Value, budget: { left: number }): boolean {
  if (--budget.left < 0) return false
  switch (value.t) {
    case 'const':
      return true
    case 'unknown':
      return !value.later && !value.lost && !value.members && value.origins.refs.every((ref) => ref.t !== 'opaque')
    case 'union':
      return value.of.every((part) => isData(m, part, budget))
    case 'object': {
      const cell = m.heap.cell(value)
      if (cell.t === 'object' && (cell.cls || cell.accessors || (cell.is && cell.is !== 'error'))) return false
      return heldBy(cell).every((part) => isData(m, part, budget))
    }
    default:
      return false
  }
}
