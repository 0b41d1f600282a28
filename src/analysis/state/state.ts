/** What is known on one path: the values of bindings and objects, and what was proved about the caller. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Decision } from '../caller/decisions.ts'
import type { Doubt } from '../caller/doubts.ts'
import { joined } from './joining.ts'
import { born } from './keys.ts'
import { Memory } from './memory.ts'
import { on, parting, start, type Way } from './parting.ts'
import { toldApart, type Turn } from './turns.ts'
import { emptyMap, entriesOf, lookUp, merged, newOwner, withValue, type PersistentMap } from './persistent-map.ts'
import { isTie, meet } from '../caller/ties.ts'
import type { Origins } from '../values/origins.ts'
import { alternatives, isValue, type Cell, type Value } from '../values/value.ts'

/** A path of a run, up to where it has come. */
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
  /** How tests of rows went that are still open: where the paths meet again, they are over. */
  turns: readonly Turn[] = []
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

  /** What was created or changed there in this run, as this path knows it. */
  get(key: number): Value | Cell | undefined {
    const number = this.memory.numberOf(key)
    const changed = number === undefined ? undefined : (lookUp(this.changes, number) as Value | Cell | undefined)
    return changed ?? this.memory.values.get(key)
  }

  /** Sets what no other path can see or, where one may, what this path alone has changed. */
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

  /** What is held there has been changed, by this path alone. */
  setVersion(key: number, version: number): void {
    this.versions = withValue(this.versions, this.memory.number(key), version, this.owner)
  }

  /** The same of a property of what is held there. */
  versionOfProperty(key: number, property: string): number {
    const number = this.memory.numberOfProperty(key, property)
    return number === undefined ? 0 : ((lookUp(this.versions, number) as number | undefined) ?? 0)
  }

  /** A property of it has. */
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
    copy.turns = this.turns
    return copy
  }

  /** The path goes one of the ways out of a test that tells of rows. */
  turn(hint: Origins | undefined): void {
    if (hint) this.turns = [...this.turns, { hint }]
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
    if (living.length === 0) return (states[0] ?? new State(new Memory())).ended()
    if (living.length === 1) return living[0]!
    const { memory } = living[0]!
    const owner = newOwner()
    const proofs = living.map((s) => s.proofs).reduce(meet)
    const lost = living.map((state) => state.proofs.filter((proof) => isTie(proof) && !proofs.includes(proof)))
    let { changes, versions, way, turns } = living[0]!
    for (const [i, next] of living.slice(1).entries()) {
      way = parting(way, next.way)
      const one = { changes, versions, lost: i === 0 ? lost[0]! : [] }
      const other = { changes: next.changes, versions: next.versions, lost: lost[i + 1]! }
      const told = toldApart(turns, next.turns)
      turns = told ? turns.filter((turn) => next.turns.includes(turn)) : turns
      ;({ changes, versions } = joined({ memory, owner, parted: way.since, told }, one, other))
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
    result.turns = turns
    return result
  }
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
