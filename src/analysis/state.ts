/** What is known on one path: the values of bindings and objects, and what was proved about the caller. */
import type { Proof } from '../catalog/meaning.ts'
import type { OpaqueRef, Site, Source } from './origins.ts'
import { union, type Cell, type Value } from './value.ts'

/**
 * Values of one run. What is created after a path split off is seen by that path alone, so it is kept once for all paths;
 * only changes of older values are kept in a layer for each path.
 */
export class Memory {
  readonly values: Map<number, Value | Cell> = new Map()
  /** Activations that ended and that no function value has captured: their bindings need no joining. */
  readonly finished: Set<number> = new Set()
  private readonly ids: { next: number }

  constructor(ids: { next: number }) {
    this.ids = ids
  }

  /** A number that is larger than that of everything created before. */
  now(): number {
    return this.ids.next
  }

  create(): number {
    return ++this.ids.next
  }
}

/** Bindings of activation 7 are 7 * span and up; cell 7 is -7. */
const span = 0x100000

export const bindingKey = (env: number, binding: number): number => env * span + binding

const born = (key: number): number => (key < 0 ? -key : Math.floor(key / span))

class Layer {
  readonly parent: Layer | undefined
  readonly own: Map<number, Value | Cell> = new Map()
  readonly depth: number
  /** What is younger was created on this path. */
  readonly since: number

  constructor(parent: Layer | undefined, since: number) {
    this.parent = parent
    this.depth = parent ? parent.depth + 1 : 0
    this.since = since
  }
}

/** A test that told callers apart, and where. */
export interface Decision {
  readonly sources: readonly Source[]
  readonly site: Site
  /** The functions that were being run: the outermost below the entry point names the guard. */
  readonly stack: readonly StackEntry[]
  /** Something was left out for this caller, and nothing else. */
  readonly passing?: boolean
}

export interface StackEntry {
  readonly name: string
  readonly site: Site
  readonly how: 'middleware' | 'global' | 'call' | 'wrapper' | 'handler' | 'delegated'
  /** Called with a handler to run: a wrapper. */
  readonly file: string
}

/** Something that could not be read and may have refused the caller. */
export interface Doubt {
  readonly ref: OpaqueRef
}

const maxDepth = 12

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
  /** Indexes of effects that happened while `denying` was 'branch'. */
  denialEffects: readonly number[] = []
  /** The anonymous caller proved something after all: credentials were checked by the SDK that owns them. */
  proved = false
  readonly memory: Memory
  private readonly layer: Layer

  constructor(memory: Memory, layer?: Layer) {
    this.memory = memory
    this.layer = layer ?? new Layer(undefined, 0)
  }

  get(key: number): Value | Cell | undefined {
    for (let layer: Layer | undefined = this.layer; layer; layer = layer.parent) {
      const found = layer.own.get(key)
      if (found !== undefined) return found
    }
    return this.memory.values.get(key)
  }

  set(key: number, value: Value | Cell): void {
    if (born(key) > this.layer.since) this.memory.values.set(key, value)
    else this.layer.own.set(key, value)
  }

  /** Everything that was written on this path. */
  entries(): Iterable<readonly [number, Value | Cell]> {
    return new Map([...this.memory.values, ...flatten(this.layer).own])
  }

  /** An independent continuation from here. This state must not be written to afterwards. */
  fork(): State {
    const parent = this.layer.depth >= maxDepth ? flatten(this.layer) : this.layer
    const copy = new State(this.memory, new Layer(parent, this.memory.now()))
    copy.alive = this.alive
    copy.proofs = this.proofs
    copy.doubts = this.doubts
    copy.decisions = this.decisions
    copy.denying = this.denying
    copy.denialEffects = this.denialEffects
    copy.proved = this.proved
    return copy
  }

  /** The end of a path. */
  ended(): State {
    const state = new State(this.memory)
    state.alive = false
    return state
  }

  /** What holds after either path. Dead paths do not count. */
  static join(states: readonly State[]): State {
    const living = states.filter((state) => state.alive)
    if (living.length === 0) return (states[0] ?? new State(new Memory({ next: 0 }))).ended()
    if (living.length === 1) return living[0]!
    const { memory } = living[0]!
    const base = commonLayer(living.map((state) => state.layer))
    const keys = new Set<number>()
    for (const state of living) {
      for (let layer: Layer | undefined = state.layer; layer && layer !== base; layer = layer.parent) {
        for (const key of layer.own.keys()) if (key < 0 || !memory.finished.has(born(key))) keys.add(key)
      }
    }
    const result = new State(memory, new Layer(base && base.depth >= maxDepth ? flatten(base) : base, memory.now()))
    for (const key of keys) {
      const values = living.map((state) => state.get(key)).filter((value) => value !== undefined)
      // declared on one path only: no other path can name it, so all may keep it
      if (values.length === 1 && !before(base, key)) memory.values.set(key, values[0]!)
      else result.layer.own.set(key, joinValues(values))
    }
    result.proofs = living.map((s) => s.proofs).reduce(intersect)
    result.doubts = living
      .map((s) => s.doubts)
      .reduce((a, b) => (a.length === 0 || b.length === 0 ? [] : intersectOrFirst(a, b)))
    result.decisions = living.map((s) => s.decisions).reduce(shared)
    result.denying = living.every((s) => s.denying === living[0]!.denying) ? living[0]!.denying : 'no'
    result.denialEffects = [...new Set(living.flatMap((s) => s.denialEffects))]
    result.proved = living.every((s) => s.proved)
    return result
  }
}

const isCell = (value: Value | Cell): value is Cell => value.t === 'array' || (value.t === 'object' && 'props' in value)

function joinValues(values: readonly (Value | Cell)[]): Value | Cell {
  const first = values[0]!
  if (values.every((value) => value === first)) return first
  if (!isCell(first)) return union(values as Value[])
  return values.slice(1).reduce<Cell>((a, b) => joinCells(a, b as Cell), first)
}

function joinCells(a: Cell, b: Cell): Cell {
  if (a === b) return a
  if (a.t === 'array' && b.t === 'array') {
    if (a.items.length === b.items.length && !a.rest && !b.rest) {
      return { t: 'array', items: a.items.map((item, i) => union([item, b.items[i]!])) }
    }
    return {
      t: 'array',
      items: [],
      rest: union([...a.items, ...b.items, ...(a.rest ? [a.rest] : []), ...(b.rest ? [b.rest] : [])]),
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
    }
  }
  return a
}

function commonLayer(layers: readonly Layer[]): Layer | undefined {
  let current: (Layer | undefined)[] = [...layers]
  while (current.every((layer) => layer)) {
    const depth = Math.min(...current.map((layer) => layer!.depth))
    current = current.map((layer) => {
      let at = layer
      while (at && at.depth > depth) at = at.parent
      return at
    })
    if (current.every((layer) => layer === current[0])) return current[0]
    current = current.map((layer) => layer?.parent)
  }
  return undefined
}

function before(base: Layer | undefined, key: number): boolean {
  for (let layer = base; layer; layer = layer.parent) if (layer.own.has(key)) return true
  return false
}

function flatten(layer: Layer): Layer {
  const flat = new Layer(undefined, layer.since)
  const layers: Layer[] = []
  for (let at: Layer | undefined = layer; at; at = at.parent) layers.push(at)
  for (const each of layers.reverse()) for (const [key, value] of each.own) flat.own.set(key, value)
  return flat
}

const intersect = (a: readonly Proof[], b: readonly Proof[]): readonly Proof[] =>
  a === b ? a : a.filter((proof) => b.includes(proof))

/** Both paths are in doubt: what both doubt, or else the first one's reason. */
function intersectOrFirst(a: readonly Doubt[], b: readonly Doubt[]): readonly Doubt[] {
  const shared = a.filter((doubt) => b.some((other) => other.ref === doubt.ref))
  return shared.length > 0 ? shared : a
}

/** The decisions that both paths went through. */
function shared(a: readonly Decision[], b: readonly Decision[]): readonly Decision[] {
  if (a === b) return a
  return a.filter((decision) => b.some((other) => other === decision || other.site === decision.site))
}
