/** What is known on one path: the values of bindings and objects, and what was proved about the caller. */
import type { Proof } from '../catalog/meaning.ts'
import type { OpaqueRef, Site, Source } from './origins.ts'
import { union, type Cell, type Value } from './value.ts'

/** Layers of changes over the values that all paths share. */
class Store {
  readonly parent: Store | undefined
  readonly own = new Map<number, Value | Cell>()
  readonly depth: number

  constructor(parent?: Store) {
    this.parent = parent
    this.depth = parent ? parent.depth + 1 : 0
  }

  get(key: number): Value | Cell | undefined {
    for (let store: Store | undefined = this; store; store = store.parent) {
      const found = store.own.get(key)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** A test that told callers apart, and where. */
export interface Decision {
  readonly sources: readonly Source[]
  readonly site: Site
  /** The functions that were being run: the outermost below the entry point names the guard. */
  readonly stack: readonly StackEntry[]
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

const maxDepth = 24

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
  private store: Store

  constructor(store: Store = new Store()) {
    this.store = store
  }

  get(key: number): Value | Cell | undefined {
    return this.store.get(key)
  }

  set(key: number, value: Value | Cell): void {
    this.store.own.set(key, value)
  }

  /** Everything that was written on this path. */
  entries(): Iterable<readonly [number, Value | Cell]> {
    return flatten(this.store).own
  }

  /** An independent continuation from here. This state must not be written to afterwards. */
  fork(): State {
    const copy = new State(new Store(this.store.depth >= maxDepth ? flatten(this.store) : this.store))
    copy.alive = this.alive
    copy.proofs = this.proofs
    copy.doubts = this.doubts
    copy.decisions = this.decisions
    copy.denying = this.denying
    copy.denialEffects = this.denialEffects
    copy.proved = this.proved
    return copy
  }

  static dead(): State {
    const state = new State()
    state.alive = false
    return state
  }

  /** What holds after either path. Dead paths do not count. `base` is the state they were forked from. */
  static join(states: readonly State[]): State {
    const living = states.filter((state) => state.alive)
    if (living.length === 0) return State.dead()
    if (living.length === 1) return living[0]!
    const joined = living[0]!.fork()
    const keys = new Map<number, (Value | Cell | undefined)[]>()
    const base = commonStore(living.map((state) => state.store))
    for (const state of living) {
      for (let store: Store | undefined = state.store; store && store !== base; store = store.parent) {
        for (const key of store.own.keys()) if (!keys.has(key)) keys.set(key, [])
      }
    }
    const result = new State(new Store(base && base.depth >= maxDepth ? flatten(base) : base))
    for (const key of keys.keys()) {
      const values = living.map((state) => state.get(key)).filter((value) => value !== undefined)
      result.set(key, joinValues(values))
    }
    result.proofs = living.map((s) => s.proofs).reduce(intersect)
    result.doubts = living.map((s) => s.doubts).reduce((a, b) => (a.length === 0 || b.length === 0 ? [] : intersectOrFirst(a, b)))
    result.decisions = living.map((s) => s.decisions).reduce(prefix)
    result.denying = living.every((s) => s.denying === joined.denying) ? joined.denying : 'no'
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
    return { t: 'array', items: [], rest: union([...a.items, ...b.items, ...(a.rest ? [a.rest] : []), ...(b.rest ? [b.rest] : [])]) }
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

function commonStore(stores: readonly Store[]): Store | undefined {
  let current: (Store | undefined)[] = [...stores]
  while (current.every((store) => store)) {
    const depth = Math.min(...current.map((store) => store!.depth))
    current = current.map((store) => {
      let s = store
      while (s && s.depth > depth) s = s.parent
      return s
    })
    if (current.every((store) => store === current[0])) return current[0]
    current = current.map((store) => store?.parent)
  }
  return undefined
}

function flatten(store: Store): Store {
  const flat = new Store()
  const layers: Store[] = []
  for (let s: Store | undefined = store; s; s = s.parent) layers.push(s)
  for (const layer of layers.reverse()) for (const [key, value] of layer.own) flat.own.set(key, value)
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
function prefix(a: readonly Decision[], b: readonly Decision[]): readonly Decision[] {
  if (a === b) return a
  return a.filter((decision) => b.some((other) => other === decision || other.site === decision.site))
}
