/**
 * Describes calls in words, so that equal words mean equal calls, in whatever run.
 *
 * What a run creates (objects, reads) has other numbers in every run. It is named by the order in which it is met in what
 * the call was given; or, when it came within reach of a module or of the store of a request, by that change
 * (`commons.ts`).
 */
import type { Commons, Thing } from '../state/commons.ts'
import type { Machine } from '../machine.ts'
import { environmentOf, whoIs } from '../caller/persona.ts'
import type { Origins } from '../values/origins.ts'
import { moduleForm } from '../code/module-values.ts'
import type { State } from '../state/state.ts'
import { bindingKey } from '../state/keys.ts'
import { contents, originOf, others, propertiesChanged } from '../state/properties.ts'
import { activationsOf, variablesOf } from '../state/closures.ts'
import { isTie } from '../caller/ties.ts'
import {
  heldBy,
  isValue,
  type Cell,
  type Env,
  type FunctionValue,
  type UnknownValue,
  type Value,
} from '../values/value.ts'
import { wordingKey } from '../values/wording.ts'

/** Of what a call is given, by number; of what modules and request stores hold, by the name that it has there. */
export type Name = number | string

/** Names for what a run has created. */
export class Names {
  private readonly things: Thing[] = []
  private readonly at = new Map<Thing, number>()
  private readonly commons: Commons
  private readonly when: number

  /** @param commons whose names go before: those it has now */
  constructor(commons: Commons) {
    this.commons = commons
    this.when = commons.count
  }

  of(thing: Thing): Name | undefined {
    return this.at.get(thing) ?? this.commons.nameOf(thing, this.when)
  }

  add(thing: Thing): number {
    this.at.set(thing, this.things.length)
    return this.things.push(thing) - 1
  }

  named(name: Name): Thing | undefined {
    return typeof name === 'number' ? this.things[name] : this.commons.named(name)
  }

  /** What has got a name here, in order. */
  get own(): readonly Thing[] {
    return this.things
  }
}

export interface DescribedCall {
  readonly key: string
  readonly names: Names
}

interface Words {
  readonly names: Names
  left: number
  /** Of a call: where a function runs that it is given a closure of, which says whose work the closure does. */
  readonly place?: (env: Env) => string
}

/** Undefined when the call cannot be described: what it is given cannot be told apart, or is too large. */
export function describeCall(
  m: Machine,
  fn: FunctionValue,
  args: readonly Value[],
  self: Value | undefined,
): DescribedCall | undefined {
  const words: Words = { names: new Names(m.commons), left: 120, place: (env) => placeOf(m, env) }
  const parts: string[] = [
    m.world.side ?? '',
    whoIs(m.persona),
    environmentOf(m.persona),
    String(m.state.sameLength),
    // how often a loop is gone through hangs on those around it
    String(Math.min(m.loops, 2)),
  ]
  // what a query gives hangs on what is tied to the caller by then
  if (m.tracing) parts.push(`tracing ${m.state.proofs.filter(isTie).sort().join()}`)
  for (const value of [{ ...fn, self }, ...args]) {
    const described = describe(m, value, 4, words)
    if (described === undefined) return undefined
    parts.push(described)
  }
  return { key: parts.join('|'), names: words.names }
}

/** How far out the activation runs, counted from where the call is made. */
function placeOf(m: Machine, env: Env): string {
  for (let frame = m.frame; frame; frame = frame.outer)
    if (frame.env.id === env.id) return frame.at === undefined ? '' : String(m.stack.length - frame.at)
  return ''
}

/**
 * Gives what a change makes of a place of a module or a request store, or of what is within their reach, its version; of an
 * object that is changed, each property that is another one has its own.
 */
export function noteVersions(m: Machine, state: State, key: number, value: Value | Cell): void {
  const isTold = m.commons.versionOn(state, key) !== undefined
  const before = isTold ? (state.get(key) ?? m.world.heap.get(key)) : undefined
  if (isValue(value) || value.t === 'array') {
    const version = versionOfChange(m, state, key, '', value)
    state.setVersion(key, version)
    for (const property of propertiesOf(before)) state.setVersionOfProperty(key, property, version)
    return
  }
  const changed = propertiesChanged(before, value) ?? propertiesOf(value)
  for (const property of changed) {
    if (property === contents) continue
    const part = property === others ? { ...value, props: nothing } : value.props.get(property)
    const version = part ? versionOfChange(m, state, key, `.${property}`, part) : m.memory.version('none')
    state.setVersionOfProperty(key, property, version)
  }
  // the reads in it have their names by now
  if (changed.includes(contents)) {
    const told = origin(m, originOf(value), { names: new Names(m.commons), left: 0 })
    state.setVersionOfProperty(key, contents, m.memory.version(`from${told}`))
  }
  const parts = propertiesOf(value).map((property) => `${property}:${String(state.versionOfProperty(key, property))}`)
  state.setVersion(key, m.memory.version(`${m.commons.nameOf(key) ?? String(key)}{${parts.join()}}`))
}

const nothing: ReadonlyMap<string, Value> = new Map()

const propertiesOf = (held: Value | Cell | undefined): readonly string[] =>
  held && !isValue(held) && held.t === 'object' ? [...held.props.keys(), others, contents] : []

/**
 * The version of what a place holds from here on. What comes within reach of the place gets its name by it. What cannot be
 * described is told by one number: no other run has the like.
 */
function versionOfChange(m: Machine, state: State, key: number, part: string, value: Value | Cell): number {
  const words: Words = { names: new Names(m.commons), left: 400 }
  const met = new Map<Thing, Value | Cell | undefined>()
  const told = (isValue(value) ? [value] : heldBy(value)).map((part) => {
    const described = describe(m, part, 20, words, state)
    if (described !== undefined) return described
    reach(m, state, part, met)
    return `@${String(m.world.refId(part))}`
  })
  const place = `${m.commons.nameOf(key) ?? String(key)}${part}`
  const text = `${place}=${isValue(value) ? '' : about(value)}${told.join()}`
  for (const thing of words.names.own) met.set(thing, typeof thing === 'number' ? state.get(thing) : undefined)
  let version = m.memory.version(text)
  if (met.size === 0) return version
  // what was made the same way before, in this run, is another object
  const again = m.commons.madeBefore(version)
  if (again > 0) version = m.memory.version(`${String(version)}~${String(again)}`)
  let at = 0
  for (const [thing, held] of met) m.commons.add(thing, `${String(version)}.${String(at++)}`, held)
  return version
}

/** Finds every object and every binding of an activation that a value leads to and that has no name yet, with what it holds. */
function reach(m: Machine, state: State, value: Value, found: Map<Thing, Value | Cell | undefined>): void {
  const each = (parts: readonly (Value | undefined)[]): void => {
    for (const part of parts) if (part) reach(m, state, part, found)
  }
  const isMet = (thing: Thing): boolean => m.commons.nameOf(thing) !== undefined || found.has(thing)
  switch (value.t) {
    case 'object': {
      if (m.world.heap.has(value.cell) || isMet(value.cell)) return
      const cell = (state.get(value.cell) as Cell | undefined) ?? m.heap.cell(value)
      found.set(value.cell, state.get(value.cell))
      each(heldBy(cell))
      if (cell.t === 'object') for (const { get, set } of cell.accessors?.values() ?? []) each([get, set])
      return
    }
    case 'function':
    case 'class': {
      if (value.t === 'function') each([value.self])
      for (let env = value.env; env && env.fn !== 0; env = env.parent) {
        const { id, fn, self } = env
        if (isMet(env)) return
        found.set(env, undefined)
        const keys = moduleForm(m, env.file)
          .bindings.flatMap((binding, at) => (binding.owner === fn ? [bindingKey(id, at)] : []))
          .filter((key) => !isMet(key))
        for (const key of keys) found.set(key, state.get(key))
        each([self])
        for (const key of keys) {
          const held = state.get(key)
          if (held && isValue(held)) reach(m, state, held, found)
        }
      }
      return
    }
    case 'union':
      each(value.of)
      return
    case 'promise':
      each([value.value, value.error, value.last])
      return
    case 'condition':
      each([...value.pairs.map((pair) => pair.value), ...(value.parts ?? [])])
      return
    case 'query':
      each([...value.args, ...value.calls.flatMap((call) => call.args)])
      return
    case 'builder':
      each(value.calls.flatMap((call) => call.args))
      return
    case 'library':
      if (!('package' in value.base)) each(value.base.config ?? [])
      return
    default:
      return
  }
}

const about = (cell: Cell): string =>
  cell.t === 'array'
    ? '[]'
    : `${cell.is ?? ''}${String(cell.status ?? '')}${cell.cls ? `${cell.cls.file}#${String(cell.cls.cls)}` : ''}${[...cell.props.keys()].join()}`

function describe(m: Machine, value: Value, depth: number, words: Words, state: State = m.state): string | undefined {
  if (--words.left < 0) return undefined
  const inner = (part: Value): string | undefined => describe(m, part, depth - 1, words, state)
  switch (value.t) {
    case 'const':
      return `${typeof value.value}:${String(value.value)}${(value.given ?? []).join()}${origin(m, value.origins, words)}`
    case 'unknown':
      return `?${value.nullish}${value.truthy ? 't' : ''}${value.shaped ? 's' : ''}${value.shape?.text ?? ''}${value.key ?? ''}${value.table ?? ''}${value.document ?? ''}${value.later?.key ?? ''}${value.lost ? 'x' : ''}${value.list ? 'l' : ''}${value.begins ?? ''}${wordingKey(value)}${value.operation ?? ''}${value.lengthOf === undefined ? '' : `#${String(value.lengthOf)}`}${(value.whenTrue ?? []).join()}/${(value.whenFalse ?? []).join()}${traced(value)}${origin(m, value.origins, words)}`
    case 'function': {
      const self = value.self ? inner(value.self) : ''
      const holds = value.env && value.env.fn !== 0 ? holdings(m, value, depth, words, state) : ''
      if (self === undefined || holds === undefined) return undefined
      return `f${value.file}#${String(value.fn)}${self}${holds}`
    }
    case 'class':
      return value.env && value.env.fn !== 0 ? undefined : `class${value.file}#${String(value.cls)}`
    case 'native':
      return value.stable ? `n${value.name}` : undefined
    case 'library': {
      if ('package' in value.base) return `p${value.base.package}.${value.path.join('.')}`
      // what a command was made with is what it acts on, and what others were made with is what they run
      const isTold = m.tracing || m.world.catalog.runsItsConfig(value.base.instance)
      const made = isTold ? (value.base.config ?? []).map(inner) : []
      if (made.includes(undefined)) return undefined
      return `i${value.base.instance}@${value.base.site.file}${String(value.base.site.range[0])}.${value.path.join('.')}${made.join()}${origin(m, value.origins, words)}`
    }
    case 'table':
      return `t${value.site.file}${String(value.site.range[0])}`
    case 'promise': {
      const held = [value.value, value.error, value.last].map((part) => (part ? inner(part) : ''))
      if (held.includes(undefined)) return undefined
      return `P${held.join()}${value.proofs.join()}${(value.doubts ?? []).map((doubt) => m.world.refId(doubt.ref)).join()}${String(value.denies)}${value.name}${value.site.file}${String(value.site.range[0])}`
    }
    case 'object': {
      const from = `${(value.given ?? []).join()}${origin(m, value.origins, words)}`
      if (m.world.heap.has(value.cell)) return `h${String(value.cell)}${from}`
      const known = words.names.of(value.cell)
      // what its name tells need not hold on this path
      if (typeof known === 'string' && m.commons.versionOn(state, value.cell) === undefined) return undefined
      if (known !== undefined) return `#${String(known)}${from}`
      if (depth === 0) return undefined
      const cell = (state.get(value.cell) as Cell | undefined) ?? m.heap.cell(value)
      if (cell.t === 'object' && cell.accessors) return undefined
      words.names.add(value.cell)
      const parts = heldBy(cell).map(inner)
      return parts.includes(undefined) ? undefined : `{${about(cell)}:${parts.join()}${cell.rest ? '…' : ''}}${from}`
    }
    case 'union': {
      const parts = value.of.map(inner)
      return parts.includes(undefined) ? undefined : `<${parts.join('|')}>`
    }
    default:
      return undefined
  }
}

/** The activations that a closure is written in, and what it finds there. */
function holdings(m: Machine, closure: FunctionValue, depth: number, words: Words, state: State): string | undefined {
  const { names, place } = words
  let text = ''
  for (const env of activationsOf(closure)) {
    if (env.lazy) return undefined
    text += `@${String(names.of(env) ?? `+${String(names.add(env))}`)}${place ? `-${place(env)}` : ''}`
  }
  for (const { key } of variablesOf(m, closure)) {
    const known = names.of(key)
    if (typeof known === 'string' && m.commons.versionOn(state, key) === undefined) return undefined
    if (known !== undefined) {
      text += `#${String(known)}`
      continue
    }
    const held = state.get(key)
    // a module has set it up: it is told apart by being that one
    if (held === undefined && m.world.heap.has(key)) {
      text += `=h${String(key)}`
      continue
    }
    if (depth === 0) return undefined
    names.add(key)
    const told = held && isValue(held) ? describe(m, held, depth - 1, words, state) : ''
    if (told === undefined) return undefined
    text += `=${told}`
  }
  return text
}

const traced = ({ term, mine, given }: UnknownValue): string =>
  term || mine || given ? `#${term?.id ?? ''}${mine ? '!' : ''}${(given ?? []).join()}` : ''

function origin(m: Machine, from: Origins, words: Words): string {
  if (from.refs.length === 0) return from.flags === 0 ? '' : `^${String(from.flags)}`
  const refs = from.refs.map((ref) => {
    if (ref.t !== 'read') return String(m.world.refId(ref))
    return `#${String(words.names.of(ref.effect) ?? words.names.add(ref.effect))}${ref.hint ? '?' : ''}`
  })
  return `^${String(from.flags)}:${refs.join('.')}`
}
