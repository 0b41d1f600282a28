/** What a call is handed whose work nobody sees: whether that names something of the caller's. */
import type { ArgPath } from '../../catalog/meaning.ts'
import { membershipColumn } from '../../catalog/names.ts'
import { argumentAt } from './arguments.ts'
import { heldOnTo } from '../state/closures.ts'
import type { Machine } from '../machine.ts'
import { foundByIn, namesIn, standingOf, tiesIn, worst, type Standing } from '../caller/standing.ts'
import { rowTerm, type Term } from '../caller/ties.ts'
import { enough } from '../queries/minted.ts'
import { callerChosen } from '../values/origins.ts'
import { chanceOf } from '../values/wording.ts'
import { alternatives, keyName, type FunctionValue, type Value } from '../values/value.ts'

export interface Handed {
  /** Something of it is tied to the caller. */
  readonly proved: boolean
  /** Something of it is the caller's choice, or of a row that nothing ties to them. */
  readonly chosen: boolean
  /** The name of the caller's tenant among it. */
  readonly tenant?: string
  /** What the call acts on, by the argument that names it, and how that stands to the caller. */
  readonly subject?: Subject
}

export interface Subject {
  readonly name: string
  readonly standing: Standing
  /** What the caller sends that it is made of or was found by, where that has a name. */
  readonly sent?: string
  /** What stands there at the service, for checks that come after it was read. */
  readonly row?: Term
}

export function handedTo(m: Machine, args: readonly Value[], subjects: readonly ArgPath[] = []): Handed {
  const named = args.flatMap((arg) => leaves(m, arg))
  const standings = named.map(({ value }) => standingOf(m, value))
  const proved = named.filter((_, i) => standings[i] === 'proved')
  const tenant = proved.find(({ key }) => membershipColumn.test(key))?.key
  const subject = subjectOf(m, args, subjects)
  return {
    proved: proved.length > 0,
    chosen: standings.some((standing) => standing === 'chosen' || standing === 'found'),
    ...(tenant === undefined ? {} : { tenant }),
    ...(subject === undefined ? {} : { subject }),
  }
}

/** `customers.update(id, …)`, `sessions.create({ customer })`: the first of the places where something stands. */
export const subjectOf = (m: Machine, args: readonly Value[], places: readonly ArgPath[]): Subject | undefined =>
  places.flatMap((path) => subjectAt(m, path, args))[0]

function subjectAt(m: Machine, path: ArgPath, args: readonly Value[]): Subject[] {
  const value = argumentAt(m, path, args)
  if (!value || m.heap.object(value)) return []
  const list = m.heap.array(value)
  const named = list ? [...list.items, ...(list.rest ? [list.rest] : [])] : [value]
  // what chance has made names nothing that is there already
  const parts = named.flatMap(alternatives).filter((part) => part.t === 'unknown' && chanceOf(part) < enough)
  if (parts.length === 0) return []
  const name = path.findLast((key) => typeof key === 'string') ?? keyName(parts[0]!)
  const names = namesIn(value).join('|')
  const key = { column: name, name: names, ties: tiesIn(value), by: foundByIn(value) }
  const sent = parts.flatMap((part) => sentIn(m, part))
  const worstOfAll = worst(parts.map((part) => standingOf(m, part)))
  // of rows that nobody chooses: those of a list that is the same whoever asks
  const standing = worstOfAll === 'found' && sent.length === 0 ? 'unknown' : worstOfAll
  return [
    {
      name,
      standing,
      ...(sent[0] ? { sent: sent[0] } : {}),
      ...(names === '' ? {} : { row: rowTerm('service', [key]) }),
    },
  ]
}

/** What the caller sends that is in it, or that the rows were found by; '' for what has no name. */
function sentIn(m: Machine, value: Value, depth = 4): readonly string[] {
  if (depth === 0) return ['']
  return alternatives(value).flatMap((part): readonly string[] => {
    const { flags, refs } = m.heap.originsOf(part)
    if ((flags & callerChosen) !== 0) return [part.t === 'unknown' && part.wording === undefined ? keyName(part) : '']
    return refs.flatMap((ref) => {
      if (ref.t !== 'read') return []
      return ref.effect.conditions?.flatMap((pair) => sentIn(m, pair.value, depth - 1)) ?? ['']
    })
  })
}

/** Names of the caller's tenant that a function holds on to. */
export const tenantsHeldBy = (m: Machine, fn: FunctionValue): readonly string[] =>
  heldOnTo(m, fn).flatMap(({ name, value }) =>
    membershipColumn.test(name) && standingOf(m, value) === 'proved' ? [name] : [],
  )

interface Leaf {
  readonly value: Value
  readonly key: string
}

/** All that is in a value, and what it is called there. */
export function leaves(m: Machine, value: Value, key: string = keyName(value), depth = 4): readonly Leaf[] {
  if (depth === 0) return []
  return alternatives(value).flatMap((part): readonly Leaf[] => {
    if (part.t === 'unknown') return [{ value: part, key }]
    if (part.t === 'library')
      return ('package' in part.base ? [] : (part.base.config ?? [])).flatMap((item) => leaves(m, item, key, depth - 1))
    if (part.t === 'promise') return part.value ? leaves(m, part.value, key, depth - 1) : []
    const list = m.heap.array(part)
    if (list)
      return [...list.items, ...(list.rest ? [list.rest] : [])].flatMap((item) => leaves(m, item, key, depth - 1))
    const cell = m.heap.object(part)
    if (!cell || cell.is === 'env') return []
    return [
      ...[...cell.props].flatMap(([name, inner]) => leaves(m, inner, name, depth - 1)),
      ...(cell.rest ? leaves(m, cell.rest, key, depth - 1) : []),
    ]
  })
}
