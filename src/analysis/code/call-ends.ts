/**
 * How a call ends for whoever made it: at once, when its promise is awaited (which may be never), or while somebody iterates
 * what it yields.
 */
import type { Machine } from '../machine.ts'
import type { Thrown } from './frame.ts'
import { isAboutCallers } from '../caller/decisions.ts'
import { show } from '../caller/shown.ts'
import { merge, siteKey, type Origins, type Site } from '../values/origins.ts'
import { State } from '../state/state.ts'
import { shallowOrigins, undefinedValue, union, unknown, type PromiseValue, type Value } from '../values/value.ts'
import { withinCall } from './within-call.ts'

/** How a call has ended, on all of its ways. */
export interface Ended {
  /** Where it began. */
  readonly started: State
  /** Where it returned; dead where it never does. */
  readonly returned: State
  /** What it gives where it returned. */
  readonly value: Value | undefined
  readonly thrown: readonly Thrown[]
}

/** By what people know a call. */
export interface NamedCall {
  readonly name: string
  readonly site: Site
}

/** Goes on after a call that was waited for: with what it returned, and what it threw passed on. */
export function goOn(m: Machine, { returned, value, thrown }: Ended): Value {
  m.sink.thrown.push(...thrown)
  m.state = returned
  return value ?? undefinedValue
}

/** Goes on beside a call that nobody has waited for yet. */
export const promised = (m: Machine, ended: Ended, call: NamedCall): PromiseValue => ({
  ...rejectable(m, ended, call),
  made: true,
})

/**
 * What a generator yields is a list that is made while somebody iterates it: what it throws, it throws there. The one that
 * answers a request is iterated by the framework.
 */
export function iterable(
  m: Machine,
  ended: Ended,
  yields: readonly Value[],
  call: NamedCall,
  isAnswer: boolean,
): Value {
  const { started, returned, thrown } = ended
  const last = returned.alive ? returned : thrown.at(-1)?.state
  m.state = last?.alive ? last.fork() : started.fork()
  const list = m.heap.newArray([], yields.length > 0 ? union(yields) : undefined)
  const given = returned.alive || yields.length > 0 ? list : undefined
  if (!isAnswer) return { ...rejectable(m, { ...ended, value: given }, call), last: ended.value ?? undefinedValue }
  if (!returned.alive && given) show(m, given)
  return goOn(m, { ...ended, value: list })
}

/** What is not awaited goes on beside: what it throws rejects its promise, and stops nobody yet. */
function rejectable(m: Machine, { started, returned, value, thrown }: Ended, { name, site }: NamedCall): PromiseValue {
  const denial = thrown.find((t) => t.state.decisions.length > started.decisions.length)?.state.decisions.at(-1)
  if (denial) m.log.beside.add(denial)
  const earned = returned.alive ? returned.proofs.filter((proof) => !started.proofs.includes(proof)) : []
  const doubts = returned.alive ? returned.doubts.filter((doubt) => !started.doubts.includes(doubt)) : []
  const error = thrown.length > 0 ? union(thrown.map((t) => t.value)) : undefined
  m.state = State.join([returned, ...thrown.map((t) => t.state)])
  if (m.state.alive) {
    m.state.proofs = started.proofs
    m.state.decisions = started.decisions
    m.state.doubts = m.state.doubts.filter((doubt) => started.doubts.includes(doubt))
    m.state.denying = started.denying
  }
  const denies = denial !== undefined && isAboutCallers(denial)
  // what fails for this caller on all ways may do so for one of several reasons
  if (denies || (m.anonymous && denial === undefined && !returned.alive))
    m.log.unawaited.set(siteKey(site), { name, site })
  return {
    t: 'promise',
    value,
    error: error && denial ? markDenial(error, denial.sources) : error,
    proofs: earned,
    ...(doubts.length > 0 ? { doubts } : {}),
    name,
    site,
    denies,
  }
}

/** The rejection carries who it is that was refused, so that awaiting it is a denial. */
function markDenial(error: Value, sources: readonly { readonly t: 'source' }[]): Value {
  const from: Origins = { flags: 0, refs: sources as Origins['refs'] }
  if (error.t === 'object' || error.t === 'unknown' || error.t === 'const')
    return { ...error, origins: merge(error.origins, from) }
  return unknown(merge(shallowOrigins(error), from), { nullish: 'no' })
}

/** Runs something asynchronous that is no function of the project: as a call of one, awaited or not. */
export function runAsync(
  m: Machine,
  call: NamedCall & { readonly awaited: boolean; readonly body: Site },
  run: () => Value,
): Value {
  const { name, site, awaited, body } = call
  const started = m.state
  let value: Value = undefinedValue
  const thrown = withinCall(m, { name, site: body, calledAt: site, how: 'call', file: body.file }, () => {
    value = run()
  })
  const returned = m.state
  if (awaited) return goOn(m, { started, returned, value, thrown })
  return promised(m, { started, returned, value: returned.alive ? value : undefined, thrown }, call)
}
