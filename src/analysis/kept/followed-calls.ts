/**
 * Calls that are followed to their end, and what comes of them: a summary is taken of what a call added to the log, made of
 * what was there before it and gives, where another run could be given the same (`summaries.ts`).
 */
import type { Ended } from '../code/call-ends.ts'
import type { DescribedCall, Names } from './call-keys.ts'
import { activationsOf, variablesOf } from '../state/closures.ts'
import type { Commons } from '../state/commons.ts'
import type { Cost, Effort } from './effort.ts'
import type { Machine } from '../machine.ts'
import type { Met } from './met.ts'
import type { State } from '../state/state.ts'
import { born } from '../state/keys.ts'
import { contents, others, propertiesChanged } from '../state/properties.ts'
import { keep, versionOf, type Change, type Looked, type Outcome, type Summary } from './summaries.ts'
import { heldBy, isBoundToCall, isValue, type Cell, type FunctionValue, type Value } from '../values/value.ts'

/** The state of the log before a call, so that what the call added can be told. */
interface LogMark {
  readonly effects: number
  readonly decisions: number
  readonly denials: number
  readonly credentials: number
  readonly privileges: number
  readonly identified: number
  readonly switches: number
  readonly tenantsHanded: number
  readonly unawaited: ReadonlySet<string>
  readonly cuts: number
  readonly lessons: number
  readonly rendered: number
  readonly shows: number
  /** What has a larger number was created by the call. */
  readonly now: number
}

const markLog = (m: Machine): LogMark => ({
  effects: m.log.effects.length,
  decisions: m.log.decisions.length,
  denials: m.log.denials.length,
  credentials: m.log.credentials.length,
  privileges: m.log.privileges,
  identified: m.log.identified,
  switches: m.log.switches.length,
  tenantsHanded: m.log.tenantsHanded.length,
  unawaited: new Set(m.log.unawaited.keys()),
  cuts: m.running.cuts.length,
  lessons: m.world.lessons.now,
  rendered: m.log.rendered.length,
  shows: m.log.shows,
  now: m.memory.now(),
})

/** A call that is being followed, and whose outcome may be kept. */
interface Following {
  readonly described: DescribedCall
  readonly mark: LogMark
  /** What goes on when it ends. */
  readonly outer: { readonly met: ReturnType<Commons['enter']>; readonly effort: ReturnType<Effort['enter']> }
}

/** One that has been followed to its end: what it came across, and what it took. */
interface Followed {
  readonly described: DescribedCall
  readonly mark: LogMark
  readonly met: Met
  readonly cost: Cost
}

/** What follows is noted for a call in these words. */
export const enterCall = (m: Machine, described: DescribedCall): Following => ({
  described,
  mark: markLog(m),
  outer: { met: m.commons.enter(), effort: m.effort.enter() },
})

/** The call has ended: what follows is its caller's again. */
export const leaveCall = (m: Machine, { described, mark, outer }: Following): Followed => ({
  described,
  mark,
  met: m.commons.leave(outer.met),
  cost: m.effort.leave(outer.effort),
})

/**
 * Keeps what a call gave for those that come later, where that can be kept and is worth it.
 *
 * @param asDescribed it was followed with the arguments that its words tell of
 */
export function keepOutcome(m: Machine, call: Followed, ended: Ended, asDescribed: boolean): void {
  const { cost, described } = call
  const taken = asDescribed && isWorthKeeping(m, cost) ? summarise(m, call, ended) : undefined
  if (!taken) {
    m.effort.share(cost)
    return
  }
  m.effort.keep(taken.cost)
  keep(m, described.key, taken)
}

/** A call that takes a few steps is as quickly made again. */
const isWorthKeeping = ({ world }: Machine, { steps, parts }: Cost): boolean =>
  steps > (world.keepsFrom ?? 40) || parts.size > 0

/** Outcomes that are larger than what it takes to get them cost more to copy than they save. */
const maxValues = 1_500

const stepsOf = ({ steps, parts }: Cost): number => [...parts].reduce((sum, part) => sum + part.steps, steps)

/** Takes the summary of a call that has just ended; undefined when what it gave cannot be kept. */
function summarise(m: Machine, call: Followed, ended: Ended): Summary | undefined {
  const { mark, met, cost } = call
  const { key, names } = call.described
  const { started, returned, value, thrown } = ended
  // a recursion that began further out: only that call will know the whole
  if (m.log.exhausted || m.running.cuts.slice(mark.cuts).some((depth) => depth < m.stack.length)) return undefined
  m.running.cuts.length = mark.cuts
  // what came of a value that was not there yet will be something else
  const { usedEarly, granted } = m.world.computing
  if (usedEarly !== Infinity || granted > 0) return undefined
  const log = m.log
  const effects = [...new Set(log.effects.slice(mark.effects))]
  const ids = new Set(effects.map(({ id }) => id))
  // what is written is written in a place; the order of such calls is the entry point's
  if (effects.length > 1_500 || log.rendered.length > mark.rendered) return undefined
  // nor is it told of which effects something was shown
  if (log.shows > mark.shows) return undefined
  const budget = { left: maxValues + stepsOf(cost), depth: 0 }
  const withinCall = (id: number | undefined): number | undefined =>
    id === undefined || id < mark.effects ? undefined : id
  const outcome = (state: State, value: Value): Outcome | undefined => {
    const holds = new Map<number, Value | Cell>()
    const detaching: Detaching = { m, state, names, holds, since: mark.now, budget }
    const kept = detach(detaching, value)
    const changes = changesOf(detaching, started)
    if (kept === undefined || changes === undefined) return undefined
    return {
      value: kept,
      changes,
      proofs: state.proofs.filter((proof) => !started.proofs.includes(proof)),
      doubts: state.doubts.filter((doubt) => !started.doubts.some((other) => other.ref === doubt.ref)),
      decisions: state.decisions.filter((decision) => !started.decisions.includes(decision)),
      proved: state.proved,
      denying: state.denying,
      denialEffects: state.denialEffects.filter((id) => ids.has(id)),
      lastWrite: withinCall(state.lastWrite),
      holds,
    }
  }
  if (started.denying !== 'no') return undefined
  let back: Outcome | undefined
  if (returned.alive) {
    back = outcome(returned, value!)
    if (!back) return undefined
  }
  const failed: Outcome[] = []
  for (const { state, value } of thrown) {
    const failure = outcome(state, value)
    if (!failure) return undefined
    failed.push(failure)
  }
  const looked = lookedAt(m, call, ended)
  if (!looked) return undefined
  const decided = [...log.decided]
  const decisions = log.decisions.slice(mark.decisions)
  return {
    looked,
    proofsAgain: [...met.proofsAgain].filter((proof) => started.proofs.includes(proof)),
    doubtsAgain: [...met.doubtsAgain].filter((ref) => started.doubts.some((doubt) => doubt.ref === ref)),
    names,
    returned: back,
    thrown: failed,
    effects: effects.map((effect) => ({
      effect,
      doubts: effect.doubts.filter((doubt) => !started.doubts.some((other) => other.ref === doubt.ref)),
      proofs: effect.proofs.filter((proof) => !started.proofs.includes(proof)),
      denying: effect.denying,
      forClient: effect.forClient === true,
    })),
    notes: [...met.notes.values()],
    sources: [...met.sources].map(([source, stack]) => ({ source, stack })),
    decided: decided.filter((source) => decisions.some((decision) => decision.sources.includes(source))),
    decisions,
    denials: log.denials.slice(mark.denials),
    stops: new Set(log.denials.slice(mark.denials).filter((denial) => log.stops.has(denial))),
    credentials: log.credentials.slice(mark.credentials),
    opaque: [...met.opaque],
    switches: log.switches.slice(mark.switches),
    tenantsHanded: log.tenantsHanded.slice(mark.tenantsHanded),
    refusals: new Set(decisions.filter((decision) => log.refusals.has(decision))),
    beside: new Set(decisions.filter((decision) => log.beside.has(decision))),
    privileges: log.privileges - mark.privileges,
    identified: log.identified - mark.identified,
    effectsBefore: mark.effects,
    unawaited: [...log.unawaited].filter(([site]) => !mark.unawaited.has(site)),
    insists: m.world.lessons.since(mark.lessons),
    cost: { ...cost, of: `${key} ${looked.flatMap(({ of, property, version }) => [of, property, version]).join()}` },
    depth: m.stack.length,
  }
}

/** What the call hung on besides its arguments: what it read, and what it changed on some of its paths. */
function lookedAt(
  { commons, world }: Machine,
  { described: { names }, mark, met }: Followed,
  { started, returned, thrown }: Ended,
): readonly Looked[] | undefined {
  const whole = new Set(met.keys)
  const parts = new Map([...met.properties].map(([key, properties]) => [key, new Set(properties)]))
  for (const end of [returned, ...thrown.map(({ state }) => state)]) {
    if (!end.alive) continue
    for (const key of end.changedSince(started)) {
      const changed = propertiesChanged(started.get(key) ?? world.heap.get(key), end.get(key))
      if (!changed) whole.add(key)
      else parts.set(key, new Set([...(parts.get(key) ?? []), ...changed]))
    }
  }
  const looked: Looked[] = []
  /** @returns false where that is not told */
  const add = (key: number, property?: string): boolean => {
    const isOfModule = commons.isOfModule(key)
    const of = isOfModule ? key : names.of(key)
    // what it has created, or was given
    if (typeof of === 'number' && !isOfModule) return true
    if (of === undefined && born(key) > mark.now) return true
    const version = of === undefined ? undefined : versionOf(commons, started, key, property)
    if (of === undefined || version === undefined) return false
    looked.push({ of, version, ...(property === undefined ? {} : { property }) })
    return true
  }
  for (const key of whole) if (!add(key)) return undefined
  for (const [key, properties] of parts)
    if (!whole.has(key)) for (const property of properties) if (!add(key, property)) return undefined
  return looked
}

/** What it takes to copy something out of a run, and what was copied. */
interface Detaching {
  readonly m: Machine
  readonly state: State
  readonly names: Names
  readonly holds: Map<number, Value | Cell>
  /** What has a larger number was created by the call. */
  readonly since: number
  readonly budget: { left: number; depth: number }
}

/** What a path changed of what was there before; undefined where another run has no name for it, or nothing that it can hold. */
function changesOf(detaching: Detaching, started: State): readonly Change[] | undefined {
  const { m, state: ended, names, since } = detaching
  const changes: Change[] = []
  for (const key of ended.changedSince(started)) {
    // what the call has created is in what it gives; a module that it was the first to look at is there for all
    if (born(key) > since && !m.commons.isOfModule(key)) continue
    const to = ended.get(key)!
    const before = started.get(key) ?? m.world.heap.get(key)
    if (to === before) continue
    const name = names.of(key)
    if (name === undefined && !m.commons.isOfModule(key)) return undefined
    const changed = propertiesChanged(before, to)
    const properties = changed?.includes(others) ? undefined : changed?.filter((property) => property !== contents)
    if (partsOf(to, properties).some((part) => detach(detaching, part) === undefined)) return undefined
    changes.push({ of: name === undefined ? { module: key } : { named: name }, to, properties })
  }
  return changes
}

function partsOf(to: Value | Cell, properties: readonly string[] | undefined): readonly Value[] {
  if (isValue(to)) return [to]
  if (!properties || to.t !== 'object') return heldBy(to)
  return properties.flatMap((property) => to.props.get(property) ?? [])
}

/** How deep what an outcome holds may be nested. */
const maxDepth = 100

/** Copies what a value holds out of the run; undefined when it holds on to something that another run cannot have. */
function detach(detaching: Detaching, value: Value): Value | undefined {
  const { budget } = detaching
  if (--budget.left < 0 || budget.depth >= maxDepth) return undefined
  budget.depth++
  const detached = detachWhole(detaching, value)
  budget.depth--
  return detached
}

function detachWhole(detaching: Detaching, value: Value): Value | undefined {
  const { m, state, names, holds } = detaching
  const each = (inner: Value): Value | undefined => detach(detaching, inner)
  const whole = (parts: readonly (Value | undefined)[]): Value | undefined =>
    parts.every((part) => part === undefined || each(part) !== undefined) ? value : undefined
  switch (value.t) {
    case 'function':
      return detachClosure(detaching, value) ? whole([value.self]) : undefined
    case 'class':
    case 'native':
      return isBoundToCall(value) ? undefined : value
    case 'object': {
      // the caller's own objects, and those of modules, are named and not copied
      if (holds.has(value.cell) || names.of(value.cell) !== undefined || m.world.heap.has(value.cell)) return value
      const cell = state.get(value.cell) as Cell | undefined
      if (!cell) return value
      // accessors are closures
      if (cell.t === 'object' && cell.accessors) return undefined
      holds.set(value.cell, cell)
      return whole(heldBy(cell))
    }
    case 'union':
      return whole(value.of)
    case 'promise':
      return whole([value.value, value.error, value.last])
    case 'condition':
      return whole([...value.pairs.map((pair) => pair.value), ...(value.parts ?? [])])
    case 'query':
      return whole([...value.args, ...value.calls.flatMap((call) => call.args)])
    case 'builder':
      return whole(value.calls.flatMap((call) => call.args))
    case 'library':
      return 'package' in value.base ? value : whole(value.base.config ?? [])
    default:
      return value
  }
}

/** @returns false when the activations that it is written in are there before the call, and another run has no name for them */
function detachClosure(detaching: Detaching, closure: FunctionValue): boolean {
  const { m, state, names, holds, since } = detaching
  if (!activationsOf(closure).every((env) => !env.lazy && (env.id > since || names.of(env) !== undefined))) return false
  return variablesOf(m, closure).every(({ key, env }) => {
    if (holds.has(key) || names.of(key) !== undefined) return true
    if (env.id <= since) return false
    const held = state.get(key)
    if (!held || !isValue(held)) return true
    holds.set(key, held)
    return detach(detaching, held) !== undefined
  })
}
