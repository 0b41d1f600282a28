/** The functions that a library is given to run: which of them run, with what, and what becomes of what they throw. */
import type { ArgPath, CallbackMeaning, CallMeaning } from '../../catalog/meaning.ts'
import { argumentAt } from './arguments.ts'
import { callValue } from '../code/calls.ts'
import { maybeCall } from '../code/given-functions.ts'
import type { Machine } from '../machine.ts'
import { From, merge, noOrigins, origins, type Origins, type Site } from '../values/origins.ts'
import { result, type About } from './results.ts'
import { settleAwaited } from '../queries/queries.ts'
import { State } from '../state/state.ts'
import { alternatives, heldBy, undefinedValue, unknown, type Value } from '../values/value.ts'

interface Ran {
  /** What the last of them gave. */
  readonly given?: Value
  /** What was read in those that answer to the library alone: it goes into what the library gives. */
  readonly told: Origins
}

/** @param made what the object was made with that the method is called on */
export function runCallbacks(
  m: Machine,
  meaning: CallMeaning,
  args: readonly Value[],
  made: readonly Value[],
  site: Site,
  about: About,
): Ran {
  let given: Value | undefined
  let told = noOrigins
  // what is run is no part of what it is given
  const others = { ...about, args: args.map((arg) => (arg.t === 'function' ? undefinedValue : arg)) }
  for (const callback of meaning.runs ?? []) {
    const among = callback.of === 'maker' ? made : args
    const star = callback.at.indexOf('*')
    if (star < 0) given = runOne(m, callback, callback.at, among, site, others) ?? given
    else {
      const ones = held(m, argumentAt(m, callback.at.slice(0, star), among))
      const at: ArgPath = [0, ...callback.at.slice(star + 1)]
      if (callback.apart) {
        for (const one of ones) told = merge(told, runApart(m, callback, at, one, site, others))
      } else if (ones.length > 0)
        given = m.split(ones.map((one) => () => runOne(m, callback, at, [one], site, others) ?? undefinedValue))
    }
    if (!m.state.alive) break
  }
  return { ...(given && m.state.alive ? { given } : {}), told }
}

function runOne(
  m: Machine,
  callback: CallbackMeaning,
  at: ArgPath,
  among: readonly Value[],
  site: Site,
  about: About,
): Value | undefined {
  const fn = argumentAt(m, at, among)
  const given = callback.given?.map((item) => result(m, item, about)) ?? [unknown(about.from)]
  const isThere = fn !== undefined && fn.t !== 'const'
  const ran = !isThere
    ? undefined
    : fn.t === 'query'
      ? settleAwaited(m, fn)
      : callback.maybe
        ? maybeCall(m, fn, given, site)
        : callValue(m, fn, given, site, { awaited: true, name: '' })
  if (!callback.then || !m.state.alive) return ran
  const next = { ...about, callback: ran ?? undefinedValue }
  return runOne(m, callback.then, [...at.slice(0, 1), ...callback.then.at], among, site, next)
}

/**
 * A function that somebody else decides to run, or not, and who takes what it throws: whom it refuses is refused in there
 * alone, and it is in front of nothing else.
 */
function runApart(m: Machine, callback: CallbackMeaning, at: ArgPath, one: Value, site: Site, about: About): Origins {
  const fn = argumentAt(m, at, [one])
  const able = fn ? alternatives(fn).filter(({ t }) => t === 'function' || t === 'native') : []
  if (able.length === 0 || !m.state.alive) return noOrigins
  const { sink, log } = m
  const { met } = m.commons
  const started = m.state
  const before = { decisions: log.decisions.length, denials: log.denials.length, decided: new Set(log.decided) }
  const known = { sources: log.sources.length, met: new Set(met.sources.keys()) }
  m.sink = { thrown: [] }
  const given = callback.given?.map((item) => result(m, item, about)) ?? [unknown(about.from)]
  const value = m.split([
    ...able.map((each) => () => callValue(m, each, given, site, { awaited: true, name: '' })),
    () => undefinedValue,
  ])
  m.state = State.join([m.state, ...m.sink.thrown.map((thrown) => thrown.state)])
  m.sink = sink
  m.state.proofs = started.proofs
  m.state.decisions = started.decisions
  m.state.doubts = started.doubts
  m.state.denying = started.denying
  for (const decision of log.decisions.splice(before.decisions)) log.stops.delete(decision)
  log.denials.splice(before.denials)
  for (const source of [...log.decided]) {
    if (before.decided.has(source)) continue
    log.decided.delete(source)
    // asked and tested in there: nobody else was told
    const at = log.sources.indexOf(source)
    if (at >= known.sources) log.sources.splice(at, 1)
    if (!known.met.has(source)) met.forgetSource(source)
  }
  const reads = m.heap.originsOf(value, 4).refs.filter((ref) => ref.t === 'read')
  return reads.length > 0 ? origins(From.row, ...reads) : noOrigins
}

/** What a list or an object holds; of what could not be followed, itself. */
function held(m: Machine, value: Value | undefined): readonly Value[] {
  return alternatives(value ?? undefinedValue).flatMap((part) => {
    const cell = m.heap.array(part) ?? m.heap.object(part)
    if (cell) return heldBy(cell).flatMap(alternatives)
    return part.t === 'unknown' ? [part] : []
  })
}
