/** What is held after either of two paths, where they meet. */
import type { Proof } from '../../catalog/meaning.ts'
import { born } from './keys.ts'
import type { Origins } from '../values/origins.ts'
import type { Memory } from './memory.ts'
import { lookUp, merged, type Owner, type PersistentMap } from './persistent-map.ts'
import { isSameContent } from './properties.ts'
import { telling } from './turns.ts'
import { asProved, cellAsProved, isValue, union, type Cell, type Value } from '../values/value.ts'
import { joinedVersions } from '../kept/versions.ts'

/** Two paths that go on as one. */
export interface Meeting {
  readonly memory: Memory
  /** Of the path that goes on. */
  readonly owner: Owner
  /** What was there when they parted, in numbers of `Memory.now`. */
  readonly parted: number
  /** What is told by which of the two it is. */
  readonly told?: Origins | undefined
}

/** What a path has changed, by the numbers that `Memory` gives. */
export interface Held {
  readonly changes: PersistentMap
  /** Of what modules and request stores hold (`versions.ts`). */
  readonly versions: PersistentMap
}

/** What one of them holds, and what ties it to the caller there and not where the paths have met. */
export interface Side extends Held {
  readonly lost: readonly Proof[]
}

/** What is held where two paths have met, and of which versions. */
export function joined(meeting: Meeting, one: Side, other: Side): Held {
  const changes = joinedChanges(meeting, one, other)
  return { changes, versions: joinedVersions(meeting, one, other, changes) }
}

const joinedChanges = ({ memory, owner, parted, told }: Meeting, one: Side, other: Side): PersistentMap =>
  merged(one.changes, other.changes, owner, (number, a, b): unknown => {
    const key = memory.changed[number]!
    if ((a === undefined || b === undefined) && memory.isOfOnePath(key, parted)) return a ?? b
    const created = memory.first(key)
    const left = leaving((a ?? created) as Value | Cell | undefined, one.lost)
    const right = leaving((b ?? created) as Value | Cell | undefined, other.lost)
    if (left === undefined || right === undefined) return left ?? right
    if (left === right) return left
    const before = memory.refinements.before(left, right)
    if (before !== undefined) return before
    if (key > 0 && memory.finished.has(born(key))) return left
    // what modules hold is known by its versions, which tell of nothing else
    const isVersioned = [one, other].some(({ versions }) => lookUp(versions, number) !== undefined)
    if (!told || isVersioned) return either(left, right)
    return either(telling(memory, left, right, told), telling(memory, right, left, told))
  })

/** What is tied to the caller on one path stays so in what was written there. */
function leaving(value: Value | Cell | undefined, lost: readonly Proof[]): Value | Cell | undefined {
  if (value === undefined || lost.length === 0) return value
  return isValue(value) ? asProved(value, lost) : cellAsProved(value, lost)
}

function either(a: Value | Cell, b: Value | Cell): Value | Cell {
  if (a === b) return a
  return isValue(a) ? union([a, b as Value]) : eitherCell(a, b as Cell)
}

/** What either may hold: one of them where the other adds nothing to it. */
function eitherCell(a: Cell, b: Cell): Cell {
  const both = joinedCells(a, b)
  return [a, b].find((cell) => holdsTheSame(cell, both)) ?? both
}

function holdsTheSame(a: Cell, b: Cell): boolean {
  const fields = Object.keys(b) as (keyof Cell)[]
  return (
    fields.length === Object.keys(a).length &&
    fields.every((field) => a[field] === b[field] || isSameContent(a[field], b[field]))
  )
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
