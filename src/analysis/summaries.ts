/**
 * Summaries: what a call of a function gave, kept so that the next entry point that calls it the same way need not run it.
 *
 * A summary is taken only of calls whose outcome can depend on nothing but the arguments and the modules: the function is
 * no closure of a running activation, its arguments can be described, and nothing was cut short inside. Objects in the
 * outcome are copied into each run that uses it, and so are the effects, since whether a read is exposed is a question of
 * the run.
 */
import { environmentOf, type Machine, type Effect, type Note, type RunLog, type Thrown } from './machine.ts'
import { hintOf, type OpaqueRef, type Origins, type ReadRef, type Ref, type Site, type Source } from './origins.ts'
import type { Decision, Doubt, StackEntry, State } from './state.ts'
import type { Proof } from '../catalog/meaning.ts'
import { isTie } from './ties.ts'
import { union, type Cell, type FunctionValue, type UnknownValue, type Value } from './value.ts'

interface Outcome {
  readonly value: Value
  readonly proofs: readonly Proof[]
  readonly doubts: readonly Doubt[]
  readonly decisions: readonly Decision[]
  readonly proved: boolean
}

export interface Summary {
  readonly returned: Outcome | undefined
  /** Denials and other throws are kept apart: a handler tells them apart. */
  readonly thrown: readonly Outcome[]
  readonly cells: ReadonlyMap<number, Cell>
  /** Each with what it adds to what was known where the call was made. */
  readonly effects: readonly {
    readonly effect: Effect
    readonly doubts: readonly Doubt[]
    readonly proofs: readonly Proof[]
    readonly denying: State['denying']
  }[]
  readonly notes: readonly Note[]
  readonly sources: readonly { readonly source: Source; readonly stack: readonly StackEntry[] }[]
  readonly decided: readonly Source[]
  readonly decisions: readonly Decision[]
  readonly denials: readonly Decision[]
  readonly stops: ReadonlySet<Decision>
  readonly credentials: readonly Site[]
  readonly opaque: readonly OpaqueRef[]
  readonly switches: RunLog['switches']
  readonly privileges: boolean
  /** Something had been done before the call that the summary was taken of. */
  readonly acted: boolean
  /** How deep the stack was where the summary was taken. */
  readonly depth: number
}

/** Larger outcomes cost more to copy than they save. */
const maxValues = 1_500

/** Describes a call so that equal descriptions have equal outcomes; undefined when it cannot be described. */
export function describeCall(
  m: Machine,
  fn: FunctionValue,
  args: readonly Value[],
  self: Value | undefined,
): string | undefined {
  if (fn.env && fn.env.fn !== 0) return undefined
  const { kind, privileges = '' } = m.persona
  const parts: string[] = [kind, privileges, environmentOf(m.persona), fn.file, String(fn.fn)]
  // what a query gives hangs on what is tied to the caller by then
  if (m.tracing) parts.push(`tracing ${m.state.proofs.filter(isTie).sort().join()}`)
  const budget = { left: 60 }
  for (const value of self ? [...args, self] : args) {
    const described = describe(m, value, 4, budget)
    if (described === undefined) return undefined
    parts.push(described)
  }
  for (const [key, times] of m.moduleWrites) {
    const value = m.state.get(key)
    const described = value && isValue(value) ? describe(m, value, 2, budget) : 'unset'
    if (described === undefined) return undefined
    parts.push(`${String(key)}=${described}${String(times > 0)}`)
  }
  for (const slot of m.slots.values()) {
    const value = m.read(slot)
    const described = value && isValue(value) ? (describe(m, value, 2, { left: 40 }) ?? identify(m, value)) : ''
    parts.push(`s${String(slot)}=${described}`)
  }
  return parts.join('|')
}

const isValue = (value: Value | Cell): value is Value =>
  value.t !== 'array' && !(value.t === 'object' && 'props' in value)

function describe(m: Machine, value: Value, depth: number, budget: { left: number }): string | undefined {
  if (--budget.left < 0) return undefined
  switch (value.t) {
    case 'const':
      return `${typeof value.value}:${String(value.value)}${origin(m, value.origins)}`
    case 'unknown':
      return `?${value.nullish}${value.truthy ? 't' : ''}${value.shaped ? 's' : ''}${value.key ?? ''}${value.table ?? ''}${value.list ? 'l' : ''}${value.lengthOf === undefined ? '' : `#${String(value.lengthOf)}`}${(value.whenTrue ?? []).join()}/${(value.whenFalse ?? []).join()}${traced(value)}${origin(m, value.origins)}`
    case 'function':
      return value.env && value.env.fn !== 0 ? undefined : `f${value.file}#${String(value.fn)}`
    case 'class':
      return value.env && value.env.fn !== 0 ? undefined : `c${value.file}#${String(value.cls)}`
    case 'native':
      return value.stable ? `n${value.name}` : undefined
    case 'library':
      return 'package' in value.base
        ? `p${value.base.package}.${value.path.join('.')}`
        : `i${value.base.instance}@${value.base.site.file}${String(value.base.site.range[0])}.${value.path.join('.')}${origin(m, value.origins)}`
    case 'table':
      return `t${value.site.file}${String(value.site.range[0])}`
    case 'object': {
      if (depth === 0) return undefined
      const cell = m.cell(value)
      const inner = cell.t === 'array' ? cell.items.map((item, i) => [String(i), item] as const) : [...cell.props]
      const parts: string[] = []
      for (const [key, item] of inner) {
        const described = describe(m, item, depth - 1, budget)
        if (described === undefined) return undefined
        parts.push(`${key}=${described}`)
      }
      const rest = cell.rest ? describe(m, cell.rest, depth - 1, budget) : ''
      if (rest === undefined) return undefined
      const about =
        cell.t === 'object'
          ? `${cell.is ?? ''}${String(cell.status ?? '')}${cell.cls ? `${cell.cls.file}#${String(cell.cls.cls)}` : ''}`
          : '[]'
      return `{${about}${parts.join(',')};${rest}${origin(m, value.origins)}}`
    }
    case 'union': {
      const parts = value.of.map((part) => describe(m, part, depth - 1, budget))
      return parts.includes(undefined) ? undefined : `<${parts.join('|')}>`
    }
    default:
      return undefined
  }
}

/** What cannot be described is told by which one it is, and what it holds now. */
function identify(m: Machine, value: Value, depth = 2): string {
  if (value.t === 'union') return value.of.map((part) => identify(m, part, depth)).join('|')
  if (value.t !== 'object') return `@${String(m.world.refId(value))}`
  const cell = m.cell(value)
  const inner = depth === 0 ? [] : cell.t === 'array' ? cell.items : [...cell.props.values()]
  return `@${String(m.world.refId(cell))}(${inner.map((item) => (item.t === 'object' ? identify(m, item, depth - 1) : '')).join(',')})`
}

const traced = ({ term, mine, given }: UnknownValue): string =>
  term || mine || given ? `#${term?.id ?? ''}${mine ? '!' : ''}${(given ?? []).join()}` : ''

const origin = (m: Machine, from: Origins): string =>
  from.refs.length === 0
    ? from.flags === 0
      ? ''
      : `^${String(from.flags)}`
    : `^${String(from.flags)}:${from.refs.map((ref) => String(m.world.refId(ref))).join('.')}`

/** The state of the log before a call, so that what the call added can be told. */
export interface LogMark {
  readonly effects: number
  readonly notes: number
  readonly sources: number
  readonly decisions: number
  readonly denials: number
  readonly credentials: number
  readonly opaque: number
  readonly switches: number
  readonly cuts: number
  readonly moduleWrites: number
}

export const markLog = (m: Machine): LogMark => ({
  effects: m.log.effects.length,
  notes: m.log.notes.length,
  sources: m.log.sources.length,
  decisions: m.log.decisions.length,
  denials: m.log.denials.length,
  credentials: m.log.credentials.length,
  opaque: m.log.opaque.length,
  switches: m.log.switches.length,
  cuts: m.cuts.length,
  moduleWrites: moduleWritesOf(m),
})

const moduleWritesOf = (m: Machine): number => [...m.moduleWrites.values()].reduce((sum, times) => sum + times, 0)

/** Takes the summary of a call that has just ended; undefined when what it gave cannot be kept. */
export function summarise(
  m: Machine,
  started: State,
  returned: State,
  value: Value | undefined,
  thrown: readonly Thrown[],
  mark: LogMark,
): Summary | undefined {
  // a recursion that began further out: only that call will know the whole
  if (m.log.exhausted || m.cuts.slice(mark.cuts).some((depth) => depth < m.stack.length)) return undefined
  m.cuts.length = mark.cuts
  // what it wrote into module state would have to be written again
  if (moduleWritesOf(m) !== mark.moduleWrites) return undefined
  const log = m.log
  const effects = log.effects.slice(mark.effects)
  // what is written is written in a place; the order of such calls is the entry point's
  if (effects.length > 400) return undefined
  const cells = new Map<number, Cell>()
  const budget = { left: maxValues }
  const outcome = (state: State, given: Value): Outcome | undefined => {
    const kept = detach(m, state, given, cells, budget)
    if (kept === undefined) return undefined
    return {
      value: kept,
      proofs: state.proofs.filter((proof) => !started.proofs.includes(proof)),
      doubts: state.doubts.filter((doubt) => !started.doubts.some((other) => other.ref === doubt.ref)),
      decisions: state.decisions.filter((decision) => !started.decisions.includes(decision)),
      proved: state.proved,
    }
  }
  if (started.denying !== 'no' || returned.denialEffects.length > started.denialEffects.length) return undefined
  let back: Outcome | undefined
  if (returned.alive) {
    back = outcome(returned, value!)
    if (!back) return undefined
  }
  const failed: Outcome[] = []
  const living = thrown.filter((t) => t.state.alive)
  const isDenial = (t: Thrown): boolean => t.state.decisions.length > started.decisions.length
  for (const group of [living.filter(isDenial), living.filter((t) => !isDenial(t))]) {
    if (group.length === 0) continue
    const failure = outcome(group[0]!.state, union(group.map((t) => t.value)))
    if (!failure) return undefined
    failed.push(failure)
  }
  const decided = [...log.decided]
  const decisions = log.decisions.slice(mark.decisions)
  return {
    returned: back,
    thrown: failed,
    cells,
    effects: effects.map((effect) => ({
      effect,
      doubts: effect.doubts.filter((doubt) => !started.doubts.some((other) => other.ref === doubt.ref)),
      proofs: effect.proofs.filter((proof) => !started.proofs.includes(proof)),
      denying: effect.denying,
    })),
    notes: log.notes.slice(mark.notes),
    sources: log.sources.slice(mark.sources).map((source) => ({ source, stack: log.stacks.get(source) ?? [] })),
    decided: decided.filter((source) => decisions.some((decision) => decision.sources.includes(source))),
    decisions,
    denials: log.denials.slice(mark.denials),
    stops: new Set(log.denials.slice(mark.denials).filter((denial) => log.stops.has(denial))),
    credentials: log.credentials.slice(mark.credentials),
    opaque: log.opaque.slice(mark.opaque),
    switches: log.switches.slice(mark.switches),
    privileges: log.privileges === true,
    acted: started.acted,
    depth: m.stack.length,
  }
}

/** Copies a value's cells out of the run; undefined when it holds on to an activation. */
function detach(
  m: Machine,
  state: State,
  value: Value,
  cells: Map<number, Cell>,
  budget: { left: number },
): Value | undefined {
  if (--budget.left < 0) return undefined
  const each = (inner: Value): Value | undefined => detach(m, state, inner, cells, budget)
  switch (value.t) {
    case 'function':
    case 'class':
      return value.env && value.env.fn !== 0 ? undefined : value
    case 'native':
      return value.stable ? value : undefined
    case 'object': {
      if (cells.has(value.cell)) return value
      const cell = (state.get(value.cell) ?? m.world.heap.get(value.cell)) as Cell | undefined
      if (!cell) return value
      cells.set(value.cell, cell)
      const inner = cell.t === 'array' ? cell.items : [...cell.props.values()]
      for (const item of inner) if (each(item) === undefined) return undefined
      if (cell.rest && each(cell.rest) === undefined) return undefined
      return value
    }
    case 'union':
      return value.of.every((part) => each(part) !== undefined) ? value : undefined
    case 'promise':
      if (value.value && each(value.value) === undefined) return undefined
      return value.error && each(value.error) === undefined ? undefined : value
    case 'condition':
      return value.pairs.every((pair) => each(pair.value) !== undefined) ? value : undefined
    case 'query':
      return [...value.args, ...value.calls.flatMap((call) => call.args)].every((arg) => each(arg) !== undefined)
        ? value
        : undefined
    case 'builder':
      return value.calls.flatMap((call) => call.args).every((arg) => each(arg) !== undefined) ? value : undefined
    case 'library':
      // what a client was made with is looked at for its schema only
      if (!('package' in value.base) && value.base.config && !value.base.config.every((arg) => each(arg) !== undefined))
        return { ...value, base: { instance: value.base.instance, site: value.base.site } }
      return value
    default:
      return value
  }
}

/** Does again what the summarised call did, in the present state. */
export function replay(m: Machine, summary: Summary, calledAt: Site): Value {
  const log = m.log
  const below = (stack: readonly StackEntry[]): readonly StackEntry[] => [
    ...m.stack,
    ...stack.slice(summary.depth).map((entry, i) => (i === 0 ? { ...entry, calledAt } : entry)),
  ]
  const moved = <T extends { readonly stack: readonly StackEntry[] }>(item: T): T => ({
    ...item,
    stack: below(item.stack),
  })
  const late = (decision: Decision): Decision => ({
    ...moved(decision),
    late: m.state.acted || (decision.late === true && !summary.acted),
  })
  const decisions = new Map(summary.decisions.map((decision) => [decision, late(decision)]))
  for (const { source, stack: at } of summary.sources) {
    if (log.sources.includes(source)) continue
    log.sources.push(source)
    log.stacks.set(source, below(at))
  }
  for (const source of summary.decided) log.decided.add(source)
  log.decisions.push(...decisions.values())
  for (const denial of summary.denials) {
    const again = decisions.get(denial) ?? moved(denial)
    log.denials.push(again)
    if (summary.stops.has(denial)) log.stops.add(again)
  }
  for (const note of summary.notes) m.note(note.cause, note.name, note.site, note.forgotten)
  log.credentials.push(...summary.credentials)
  log.switches.push(...summary.switches)
  if (summary.privileges) log.privileges = true
  for (const ref of summary.opaque) if (!log.opaque.includes(ref)) log.opaque.push(ref)

  const effects = new Map<object, Effect>()
  for (const { effect, doubts, proofs, denying } of summary.effects) {
    const again: Effect = {
      ...moved(effect),
      id: log.effects.length,
      exposed: 'no',
      doubts: [...m.state.doubts, ...doubts],
      proofs: [...m.state.proofs, ...proofs],
      denying: m.state.denying === 'no' ? denying : m.state.denying,
      proved: m.state.proved || effect.proved,
    }
    log.effects.push(again)
    if (again.write) m.state.acted = true
    effects.set(effect, again)
    if (m.state.denying !== 'no') m.state.denialEffects = [...m.state.denialEffects, again.id]
  }
  const copies = new Map<number, number>()
  const attach = attacher(m, summary, effects, copies)
  const enter = (state: State, outcome: Outcome): void => {
    const proofs = outcome.proofs.filter((proof) => !state.proofs.includes(proof))
    if (proofs.length > 0) state.proofs = [...state.proofs, ...proofs]
    const doubts = outcome.doubts.filter((doubt) => !state.doubts.some((other) => other.ref === doubt.ref))
    if (doubts.length > 0) state.doubts = [...state.doubts, ...doubts]
    if (outcome.decisions.length > 0)
      state.decisions = [
        ...state.decisions,
        ...outcome.decisions.map((decision) => decisions.get(decision) ?? moved(decision)),
      ]
    if (outcome.proved) state.proved = true
  }
  const { returned, thrown } = summary
  const value = returned ? attach(returned.value) : undefined
  const before = m.state
  for (const failure of thrown) {
    const failing = before.fork()
    enter(failing, failure)
    m.sink.thrown.push({ state: failing, value: attach(failure.value) })
  }
  if (thrown.length > 0) m.state = before.fork()
  if (returned) {
    enter(m.state, returned)
    return value!
  }
  m.state = m.state.ended()
  return { t: 'const', value: undefined, origins: { flags: 0, refs: [] } }
}

function attacher(
  m: Machine,
  summary: Summary,
  effects: ReadonlyMap<object, Effect>,
  copies: Map<number, number>,
): (value: Value) => Value {
  const origins = (from: Origins): Origins => {
    if (!from.refs.some((ref) => ref.t === 'read' && effects.has(ref.effect))) return from
    return { flags: from.flags, refs: from.refs.map((ref): Ref => (ref.t === 'read' ? again(ref) : ref)) }
  }
  const again = (ref: ReadRef): ReadRef => {
    const effect = effects.get(ref.effect)
    if (!effect) return ref
    const whole: ReadRef = { t: 'read', effect, hint: false }
    return ref.hint ? hintOf(whole) : whole
  }
  const list = (values: readonly Value[]): Value[] => values.map(attach)
  const attach = (value: Value): Value => {
    switch (value.t) {
      case 'object': {
        const cell = summary.cells.get(value.cell)
        if (!cell) return value
        let copy = copies.get(value.cell)
        if (copy === undefined) {
          copy = -m.memory.create()
          copies.set(value.cell, copy)
          m.state.set(
            copy,
            cell.t === 'array'
              ? { t: 'array', items: list(cell.items), ...(cell.rest ? { rest: attach(cell.rest) } : {}) }
              : {
                  ...cell,
                  props: new Map([...cell.props].map(([key, inner]) => [key, attach(inner)])),
                  ...(cell.rest ? { rest: attach(cell.rest) } : {}),
                },
          )
        }
        return { ...value, cell: copy, origins: origins(value.origins) }
      }
      case 'const':
      case 'unknown': {
        const from = origins(value.origins)
        return from === value.origins ? value : { ...value, origins: from }
      }
      case 'union':
        return { t: 'union', of: list(value.of) }
      case 'promise':
        return { ...value, value: value.value && attach(value.value), error: value.error && attach(value.error) }
      case 'condition':
        return {
          ...value,
          origins: origins(value.origins),
          pairs: value.pairs.map((pair) => ({ ...pair, value: attach(pair.value) })),
        }
      case 'query':
        return {
          ...value,
          args: list(value.args),
          calls: value.calls.map((call) => ({ ...call, args: list(call.args) })),
        }
      case 'builder':
        return { ...value, calls: value.calls.map((call) => ({ ...call, args: list(call.args) })) }
      case 'library':
        return !('package' in value.base) && value.base.config
          ? { ...value, base: { ...value.base, config: list(value.base.config) } }
          : value
      default:
        return value
    }
  }
  return attach
}
