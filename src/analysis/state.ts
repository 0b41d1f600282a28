/** What is known on one path: the values of bindings and objects, and what was proved about the caller. */
import type { Proof } from '../catalog/meaning.ts'
import { isSameOrigin, merge, noOrigins, type OpaqueRef, type Origins, type Site, type Source } from './origins.ts'
import {
  emptyMap,
  entriesOf,
  lookUp,
  merged,
  newOwner,
  withValue,
  type Owner,
  type PersistentMap,
} from './persistent-map.ts'
import { isTie, meet } from './ties.ts'
import type { World } from './world.ts'
import {
  alternatives,
  asProved,
  cellAsProved,
  heldBy,
  isValue,
  shallowOrigins,
  union,
  type Cell,
  type ObjectCell,
  type Value,
} from './value.ts'

/** What all runs have in common: the numbers of what is created, and what modules hold. */
type Shared = Pick<World, 'ids' | 'version' | 'heap' | 'moduleActivations'>

const nothing: Shared = { ids: { next: 0 }, version: () => 0, heap: new Map(), moduleActivations: new Set() }

/**
 * Values of one run. What is created after a path split off is seen by that path alone, so it is kept once for all paths;
 * only changes of older values are kept for each path, under a small number that the value's key gets at its first change.
 */
export class Memory {
  readonly values: Map<number, Value | Cell> = new Map()
  /** Activations that ended and that no function value has captured: their bindings need no joining. */
  readonly finished: Set<number> = new Set()
  /** The keys of what was changed on some path, by number. */
  readonly changed: number[] = []
  private readonly numbers = new Map<number, number>()
  /** What tests have told of what modules hold: what was held before each of them. */
  private readonly refinements = new Map<Value | Cell, Refinement>()
  /** Of numbers that stand for a property of what is held under the key. */
  private readonly propertyOf = new Map<number, string>()
  private readonly numbersOfProperties = new Map<number, Map<string, number>>()
  private readonly world: Shared

  constructor(world: Shared) {
    this.world = world
  }

  /** The number of what is held somewhere, by the words that tell of it; for all runs. */
  version(words: string): number {
    return this.world.version(words)
  }

  /** It was created after two paths had parted: there is nothing of the kind on the other. */
  isOfOnePath(key: number, parted: number): boolean {
    return born(key) > parted && !isOfModule(this.world, key)
  }

  /** What was there before any path changed it. */
  first(key: number): Value | Cell | undefined {
    return this.values.get(key) ?? this.world.heap.get(key)
  }

  /** A number that is larger than that of everything created before. */
  now(): number {
    return this.world.ids.next
  }

  create(): number {
    return ++this.world.ids.next
  }

  /** A path has found out more of what a module holds: of what, and of which version of it. */
  refined(value: Value | Cell, before: Refinement): void {
    this.refinements.set(value, before)
  }

  /** What was held before two paths found out more of it. */
  beforeRefining(a: Value | Cell, b: Value | Cell): Value | Cell | undefined {
    const ofA = new Set(this.refinedFrom(a))
    return this.refinedFrom(b).find((value) => ofA.has(value))
  }

  /** The version that what was held then had, of that of what was made of it. */
  versionBefore(before: Value | Cell, value: Value | Cell, version: number): number {
    const line = this.refinedFrom(value)
    const after = line[line.indexOf(before) - 1]
    return after === undefined ? version : this.refinements.get(after)!.version
  }

  /** Of a property: see `versionBefore`. */
  propertyBefore(before: Value | Cell, value: Value | Cell, property: string, version: number): number {
    const line = this.refinedFrom(value)
    const steps = line.slice(0, line.indexOf(before)).map((at) => this.refinements.get(at)?.properties?.get(property))
    return steps.findLast((was) => was !== undefined) ?? version
  }

  private refinedFrom(value: Value | Cell): readonly (Value | Cell)[] {
    const line = new Set<Value | Cell>()
    for (let at: Value | Cell | undefined = value; at && !line.has(at); at = this.refinements.get(at)?.from)
      line.add(at)
    return [...line]
  }

  numberOf(key: number): number | undefined {
    return this.numbers.get(key)
  }

  /** The property that a number stands for; none where it stands for all that is held under its key. */
  property(number: number): string | undefined {
    return this.propertyOf.get(number)
  }

  numberOfProperty(key: number, property: string): number | undefined {
    return this.numbersOfProperties.get(key)?.get(property)
  }

  /** The number of a property, which it gets here if it has none. */
  propertyNumber(key: number, property: string): number {
    const known = this.numberOfProperty(key, property)
    if (known !== undefined) return known
    const number = this.changed.push(key) - 1
    this.propertyOf.set(number, property)
    const numbers = this.numbersOfProperties.get(key)
    if (numbers) numbers.set(property, number)
    else this.numbersOfProperties.set(key, new Map([[property, number]]))
    return number
  }

  number(key: number): number {
    let found = this.numbers.get(key)
    if (found === undefined) {
      found = this.changed.push(key) - 1
      this.numbers.set(key, found)
    }
    return found
  }
}

/** What a test has told more of. */
interface Refinement {
  readonly from: Value | Cell
  readonly version: number
  /** The versions that the properties had of which it told. */
  readonly properties?: ReadonlyMap<string, number>
}

/** Stands for what an object holds besides the properties that are known: others, and what it is. */
export const others = '\0others'

/** Stands for where what an object holds comes from, all of it taken together. */
export const contents = '\0contents'

/** The properties in which two objects differ; none where they are not two objects. */
export function propertiesChanged(
  before: Value | Cell | undefined,
  now: Value | Cell | undefined,
): readonly string[] | undefined {
  if (!before || !now || isValue(before) || isValue(now) || before.t !== 'object' || now.t !== 'object')
    return undefined
  const names = new Set([...before.props.keys(), ...now.props.keys()])
  const changed = [...names].filter((name) => before.props.get(name) !== now.props.get(name))
  if (!hasSameOthers(before, now)) changed.push(others)
  if (changed.length > 0 && !isSameOrigin(originOf(before), originOf(now))) changed.push(contents)
  return changed
}

/** Where what an object holds comes from. */
export const originOf = (cell: ObjectCell): Origins => heldBy(cell).map(shallowOrigins).reduce(merge, noOrigins)

const hasSameOthers = (a: ObjectCell, b: ObjectCell): boolean =>
  a.rest === b.rest &&
  a.is === b.is &&
  a.cls === b.cls &&
  a.status === b.status &&
  a.keyed === b.keyed &&
  a.checked === b.checked &&
  (a.accessors === b.accessors || isSameContent(a.accessors, b.accessors))

/** Bindings of activation 7 are 7 * span and up; cell 7 is -7. */
const span = 0x100000

export const bindingKey = (env: number, binding: number): number => env * span + binding

/** The activation of a binding; below 0 for what is no binding. */
export const activationOf = (key: number): number => Math.floor(key / span)

/** Which one of its activation's bindings it is. */
export const bindingOf = (key: number): number => key - activationOf(key) * span

/** When it was created, in numbers of `Memory.now`. */
export const born = (key: number): number => (key < 0 ? -key : activationOf(key))

/** A binding or an object of a module, or the store of a request: it is there before any run, and its key is its name. */
export function isOfModule({ moduleActivations, heap }: Shared, key: number): boolean {
  if (key >= 0) return moduleActivations.has(activationOf(key))
  return key > -1 || heap.has(key)
}

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
  /** Nothing tests anything: what was read of nothing is what stops this caller. */
  readonly crash?: boolean
}

/** It tells callers apart, and not the environments in which the application runs. */
export const isAboutCallers = ({ sources }: Decision): boolean => sources.some(({ proof }) => proof !== 'env-gate')

export interface StackEntry {
  readonly name: string
  readonly site: Site
  /** Where it is called. */
  readonly calledAt: Site
  readonly how: 'middleware' | 'global' | 'call' | 'wrapper' | 'handler' | 'delegated'
  /** Called with a handler to run: a wrapper. */
  readonly file: string
  /**
   * Of a function that whoever calls it did not choose: where, further out, the function stands that it was written in or
   * that handed it on. What it does is that one's work.
   */
  readonly owner?: number
  /** It is written in its owner. */
  readonly isClosure?: boolean
  /** It was handed in to be run behind what its caller checks: a handler, as a wrapper sees it. */
  readonly isGiven?: boolean
}

/** Something that could not be read and may have refused the caller. */
export interface Doubt {
  readonly ref: OpaqueRef
}

export class State {
  alive = true
  proofs: readonly Proof[] = []
  doubts: readonly Doubt[] = []
  decisions: readonly Decision[] = []
  /**
   * 'branch': inside a branch that was taken because the caller proved nothing; 'caught': handling a denial. What is
   * written there (audit, rate limit) belongs to the denial.
   */
  denying: 'no' | 'branch' | 'caught' = 'no'
  /** Indexes of effects that happened while `denying` was not 'no'. They are work if the path comes to an answer all the same. */
  denialEffects: readonly number[] = []
  /** What was written last on this path, as an index of the log's effects. */
  lastWrite: number | undefined
  /** The anonymous caller proved something after all: credentials were checked by the SDK that owns them. */
  proved = false
  /** What the caller sent was found to be as long as what only the server knows. */
  sameLength = false
  readonly memory: Memory
  private changes: PersistentMap
  /** Of what modules and request stores hold: see `versionOf`. */
  private versions: PersistentMap
  private readonly owner = newOwner()
  /** What is younger was created on this path. */
  private readonly since: number
  private readonly way: Way

  constructor(
    memory: Memory,
    changes: PersistentMap = emptyMap,
    versions: PersistentMap = emptyMap,
    since = 0,
    way: Way = start,
  ) {
    this.memory = memory
    this.changes = changes
    this.versions = versions
    this.since = since
    this.way = way
  }

  get(key: number): Value | Cell | undefined {
    const number = this.memory.numberOf(key)
    const changed = number === undefined ? undefined : (lookUp(this.changes, number) as Value | Cell | undefined)
    return changed ?? this.memory.values.get(key)
  }

  set(key: number, value: Value | Cell): void {
    if (born(key) > this.since) this.memory.values.set(key, value)
    else this.change(key, value)
  }

  /** Sets something on this path alone, however young it is. */
  change(key: number, value: Value | Cell): void {
    this.changes = withValue(this.changes, this.memory.number(key), value, this.owner)
  }

  /** Equal versions, in whatever run: the same is held there, by other numbers perhaps. 0: nothing was changed there. */
  versionOf(key: number): number {
    const number = this.memory.numberOf(key)
    return number === undefined ? 0 : ((lookUp(this.versions, number) as number | undefined) ?? 0)
  }

  setVersion(key: number, version: number): void {
    this.versions = withValue(this.versions, this.memory.number(key), version, this.owner)
  }

  /** The same of a property of what is held there. */
  versionOfProperty(key: number, property: string): number {
    const number = this.memory.numberOfProperty(key, property)
    return number === undefined ? 0 : ((lookUp(this.versions, number) as number | undefined) ?? 0)
  }

  setVersionOfProperty(key: number, property: string, version: number): void {
    this.versions = withValue(this.versions, this.memory.propertyNumber(key, property), version, this.owner)
  }

  /** The keys of what this path changed since an earlier state of it. */
  changedSince(earlier: State): number[] {
    const keys: number[] = []
    merged(earlier.changes, this.changes, newOwner(), (number) => {
      keys.push(this.memory.changed[number]!)
      return undefined
    })
    return keys
  }

  /** Everything that was written on this path. */
  entries(): Iterable<readonly [number, Value | Cell]> {
    const all = new Map(this.memory.values)
    for (const [number, value] of entriesOf(this.changes)) all.set(this.memory.changed[number]!, value as Value | Cell)
    return all
  }

  /** An independent continuation from here. This state must not be written to afterwards. */
  fork(): State {
    const now = this.memory.now()
    const copy = new State(this.memory, this.changes, this.versions, now, on(this.way, now))
    copy.alive = this.alive
    copy.proofs = this.proofs
    copy.doubts = this.doubts
    copy.decisions = this.decisions
    copy.denying = this.denying
    copy.denialEffects = this.denialEffects
    copy.lastWrite = this.lastWrite
    copy.proved = this.proved
    copy.sameLength = this.sameLength
    return copy
  }

  /** The end of a path. */
  ended(): State {
    const state = new State(this.memory)
    state.alive = false
    return state
  }

  /** Whether something may have a value (true, 3, 'on') here that it could not have there. */
  knowsMoreThan(other: State): boolean {
    let more = false
    merged(other.changes, this.changes, newOwner(), (number, a, b) => {
      const before = (a ?? this.memory.first(this.memory.changed[number]!)) as Value | Cell | undefined
      if (!more && before !== undefined && b !== undefined) more = hasNewConstant(b as Value | Cell, before)
      return b
    })
    return more
  }

  /** What holds after either path. Dead paths do not count. */
  static join(states: readonly State[]): State {
    const living = states.filter((state) => state.alive)
    if (living.length === 0) return (states[0] ?? new State(new Memory(nothing))).ended()
    if (living.length === 1) return living[0]!
    const { memory } = living[0]!
    const owner = newOwner()
    const proofs = living.map((s) => s.proofs).reduce(meet)
    const lost = living.map((state) => state.proofs.filter((proof) => isTie(proof) && !proofs.includes(proof)))
    let { changes, versions, way } = living[0]!
    for (const [i, next] of living.slice(1).entries()) {
      way = parting(way, next.way)
      const parted = way.since
      const one = { changes, versions }
      const other = { changes: next.changes, versions: next.versions }
      changes = merged(changes, next.changes, owner, (number, a, b): unknown => {
        const key = memory.changed[number]!
        if ((a === undefined || b === undefined) && memory.isOfOnePath(key, parted)) return a ?? b
        const created = memory.first(key)
        const left = leaving((a ?? created) as Value | Cell | undefined, i === 0 ? lost[0]! : [])
        const right = leaving((b ?? created) as Value | Cell | undefined, lost[i + 1]!)
        if (left === undefined || right === undefined) return left ?? right
        if (left === right) return left
        const before = memory.beforeRefining(left, right)
        if (before !== undefined) return before
        return key > 0 && memory.finished.has(born(key)) ? left : joinValues(left, right)
      })
      versions = mergedVersions(memory, owner, one, other, changes, parted)
    }
    const result = new State(memory, changes, versions, memory.now(), way)
    result.proofs = proofs
    result.doubts = living
      .map((s) => s.doubts)
      .reduce((a, b) => (a.length === 0 || b.length === 0 ? [] : intersectOrFirst(a, b)))
    result.decisions = living.map((s) => s.decisions).reduce(shared)
    result.denying = living.every((s) => s.denying === living[0]!.denying) ? living[0]!.denying : 'no'
    result.denialEffects = [...new Set(living.flatMap((s) => s.denialEffects))]
    result.lastWrite = living.map((s) => s.lastWrite).reduce(later)
    result.proved = living.every((s) => s.proved)
    result.sameLength = living.every((s) => s.sameLength)
    return result
  }
}

/** The places at which a path split off from others, the last first. */
interface Way {
  readonly from?: Way
  readonly length: number
  /** What was there by then. */
  readonly since: number
}

const start: Way = { length: 0, since: 0 }

const on = (from: Way, since: number): Way => ({ from, length: from.length + 1, since })

/** The way that two paths have in common, and since when each went its own. */
function parting(a: Way, b: Way): Way {
  let [left, right, since] = [a, b, Infinity]
  while (left !== right) {
    if (left.length < right.length) [left, right] = [right, left]
    since = Math.min(since, left.since)
    left = left.from ?? start
  }
  return on(left, since)
}

interface Held {
  readonly changes: PersistentMap
  readonly versions: PersistentMap
}

/**
 * What only one of the paths found out is forgotten again; what one of them changed may be so or so. Where one holds all
 * that the other may hold, what is held now is what that one held.
 */
function mergedVersions(
  memory: Memory,
  owner: Owner,
  one: Held,
  other: Held,
  joined: PersistentMap,
  parted: number,
): PersistentMap {
  return merged(one.versions, other.versions, owner, (number, a, b): number | undefined => {
    const key = memory.changed[number]!
    if ((a === undefined || b === undefined) && memory.isOfOnePath(key, parted)) return (a ?? b) as number | undefined
    const created = memory.first(key)
    const held = memory.numberOf(key)
    const heldIn = (changes: PersistentMap): Value | Cell | undefined =>
      (held === undefined ? undefined : (lookUp(changes, held) as Value | Cell | undefined)) ?? created
    const left = heldIn(one.changes)
    const right = heldIn(other.changes)
    const [ofLeft, ofRight] = [(a as number | undefined) ?? 0, (b as number | undefined) ?? 0]
    if (left === right) return ofLeft || undefined
    const property = memory.property(number)
    const before = left && right && memory.beforeRefining(left, right)
    if (before)
      return (
        (property === undefined
          ? memory.versionBefore(before, left, ofLeft)
          : memory.propertyBefore(before, left, property, ofLeft)) || undefined
      )
    const now = heldIn(joined)
    const isHeldBy = (side: Value | Cell | undefined): boolean =>
      property === undefined ? now === side : propertiesChanged(side, now)?.includes(property) === false
    if (isHeldBy(left)) return ofLeft || undefined
    if (isHeldBy(right)) return ofRight || undefined
    return memory.version(`${String(ofLeft)}+${String(ofRight)}`)
  })
}

/** What is tied to the caller on one path stays so in what was written there. */
function leaving(value: Value | Cell | undefined, lost: readonly Proof[]): Value | Cell | undefined {
  if (value === undefined || lost.length === 0) return value
  return isValue(value) ? asProved(value, lost) : cellAsProved(value, lost)
}

function hasNewConstant(now: Value | Cell, before: Value | Cell): boolean {
  if (!isValue(now)) {
    if (now.t === 'array' || isValue(before) || before.t === 'array') return false
    return [...now.props].some(([key, value]) => {
      const was = before.props.get(key) ?? before.rest
      return was !== undefined && hasNewConstant(value, was)
    })
  }
  if (!isValue(before)) return false
  const known = alternatives(before)
  return alternatives(now).some(
    (part) => part.t === 'const' && !known.some((was) => was.t === 'const' && Object.is(was.value, part.value)),
  )
}

function joinValues(a: Value | Cell, b: Value | Cell): Value | Cell {
  if (a === b) return a
  return isValue(a) ? union([a, b as Value]) : joinCells(a, b as Cell)
}

/** What either may hold: one of them where the other adds nothing to it. */
function joinCells(a: Cell, b: Cell): Cell {
  const joined = joinedCells(a, b)
  return [a, b].find((cell) => holdsTheSame(cell, joined)) ?? joined
}

function holdsTheSame(a: Cell, b: Cell): boolean {
  const fields = Object.keys(b) as (keyof Cell)[]
  return (
    fields.length === Object.keys(a).length &&
    fields.every((field) => a[field] === b[field] || isSameContent(a[field], b[field]))
  )
}

function isSameContent(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i])
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
  return false
}

function joinedCells(a: Cell, b: Cell): Cell {
  if (a.t === 'array' && b.t === 'array') {
    if (a.items.length === b.items.length && !a.rest && !b.rest) {
      return { t: 'array', items: a.items.map((item, i) => union([item, b.items[i]!])) }
    }
    // what one of them has got besides stands behind what both begin with
    const sure = Math.min(a.items.length, b.items.length)
    return {
      t: 'array',
      items: a.items.slice(0, sure).map((item, i) => union([item, b.items[i]!])),
      rest: union([
        ...a.items.slice(sure),
        ...b.items.slice(sure),
        ...(a.rest ? [a.rest] : []),
        ...(b.rest ? [b.rest] : []),
      ]),
    }
  }
  if (a.t === 'object' && b.t === 'object') {
    const props = new Map<string, Value>()
    for (const key of new Set([...a.props.keys(), ...b.props.keys()])) {
      const missing: Value = { t: 'const', value: undefined, origins: { flags: 0, refs: [] } }
      props.set(key, union([a.props.get(key) ?? a.rest ?? missing, b.props.get(key) ?? b.rest ?? missing]))
    }
    const rest = a.rest && b.rest ? union([a.rest, b.rest]) : (a.rest ?? b.rest)
    return {
      t: 'object',
      props,
      ...(rest ? { rest } : {}),
      ...(a.cls ? { cls: a.cls } : {}),
      ...(a.is && a.is === b.is ? { is: a.is } : {}),
      ...(a.keyed && b.keyed ? { keyed: true as const } : {}),
      ...(a.checked && b.checked ? { checked: true } : {}),
      ...(a.status !== undefined && a.status === b.status ? { status: a.status } : {}),
      ...(a.accessors || b.accessors ? { accessors: new Map([...(a.accessors ?? []), ...(b.accessors ?? [])]) } : {}),
    }
  }
  return a
}

/** Both paths are in doubt: what both doubt, or else the first one's reason. */
function intersectOrFirst(a: readonly Doubt[], b: readonly Doubt[]): readonly Doubt[] {
  const shared = a.filter((doubt) => b.some((other) => other.ref === doubt.ref))
  return shared.length > 0 ? shared : a
}

const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** The decisions that both paths went through. */
function shared(a: readonly Decision[], b: readonly Decision[]): readonly Decision[] {
  if (a === b) return a
  return a.filter((decision) => b.some((other) => other === decision || other.site === decision.site))
}
