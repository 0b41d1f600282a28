/** Tests that tell callers apart: which branch this caller takes, and where that ends in a denial. */
import { askedForCache } from '../library/cached.ts'
import type { StackEntry } from '../code/frame.ts'
import type { Machine } from '../machine.ts'
import { sourcesOf, type Origins, type Site, type Source } from '../values/origins.ts'
import type { State } from '../state/state.ts'
import { alternatives, undefinedValue, type Value } from '../values/value.ts'

/** A test that told callers apart, and where. */
export interface Decision {
  readonly sources: readonly Source[]
  readonly site: Site
  /** The functions that were being run: the outermost below the entry point names the guard. */
  readonly stack: readonly StackEntry[]
  /** Something was left out for this caller, and nothing else. */
  readonly passing?: boolean
  /** What had been written last on this path by then, as an index of the log's effects. */
  readonly lastWrite?: number | undefined
  /** The functions in which it was looked up who asks. */
  readonly asked?: readonly StackEntry[] | undefined
  /** Nothing tests anything: what was read of nothing is what stops this caller. */
  readonly crash?: boolean
}

/** It told this caller apart for something that the caller cannot show. */
export const isLacked = (m: Machine, sources: readonly Source[] = []): boolean =>
  m.anonymous || (m.lacking && sources.some(({ proof }) => m.lacks(proof)))

/** It tells callers apart, and not the environments in which the application runs. */
export const isAboutCallers = ({ sources }: Decision): boolean => sources.some(({ proof }) => proof !== 'env-gate')

/**
 * Notes a place that tells callers apart, with the functions that led there.
 *
 * @returns what stands for it, the same each time
 */
export function addSource(m: Machine, found: Source): Source {
  const { log } = m
  const { file, range } = found.site
  const known = log.sources.find(
    ({ site, ofLink }) =>
      site.file === file && site.range[0] === range[0] && site.range[1] === range[1] && ofLink === found.ofLink,
  )
  askedForCache(m, known ?? found)
  const source = known ?? m.world.same(found)
  if (!known) {
    log.sources.push(source)
    log.stacks.set(source, m.stack)
  }
  log.lately.set(source, m.stack)
  m.commons.met.addSource(source, m.stack)
  return source
}

/** A branch was taken because of who the caller is (not). */
export function decide(m: Machine, from: Origins, site: Site, crash = false): Decision | undefined {
  const sources = sourcesOf(from)
  if (sources.length === 0) return undefined
  for (const source of sources) m.log.decided.add(source)
  const decision: Decision = {
    sources,
    site,
    stack: m.stack,
    lastWrite: m.state.lastWrite,
    asked: m.log.lately.get(sources[0]!),
    ...(crash ? { crash } : {}),
  }
  m.state.decisions = [...m.state.decisions, decision]
  m.log.decisions.push(decision)
  return decision
}

/** Something does not run for this caller; the path goes on all the same. */
export function bar(m: Machine, from: Origins, site: Site): void {
  const sources = sourcesOf(from)
  if (sources.length === 0) return
  m.log.decisions.push({ sources, site, stack: m.stack, asked: m.log.lately.get(sources[0]!), passing: true })
}

/** The decision ended the path. */
export function deny(m: Machine, decision: Decision | undefined, stops = true): void {
  const { denials, stops: stopping } = m.log
  if (!decision || denials.includes(decision)) return
  denials.push(decision)
  if (stops) stopping.add(decision)
}

/** What the framework called has ended: the last test on each way that answers with a refusal is the one that refused. */
export function noteRefusals(m: Machine, returns: readonly { readonly state: State; readonly value: Value }[]): void {
  if (!m.lacking) return
  const { state } = m
  for (const end of returns) {
    const last = end.state.decisions.at(-1)
    m.state = end.state
    if (last && end.state.alive && isRefusal(m, end.value)) m.log.refusals.add(last)
  }
  m.state = state
}

/** The call refuses this caller by itself. */
export function refuse(m: Machine, source: Source, site: Site, value: Value = undefinedValue): Value {
  deny(m, decide(m, { flags: 0, refs: [source] }, site))
  return m.throw(value)
}

/** Every alternative of the answer is a denial: a response with a status of 400 and above, a redirect that was returned. */
export function isRefusal(m: Machine, answer: Value): boolean {
  return alternatives(answer).every((part) => {
    const cell = m.heap.kindOf(part)
    return (
      cell !== undefined &&
      (cell.is === 'denial' || (cell.is === 'response' && cell.status !== undefined && cell.status >= 300))
    )
  })
}
