/** Lists: their methods, also of lists of which nothing is known, and callbacks that run for each item. */
import type { Proof } from '../../catalog/meaning.ts'
import { callValue } from '../code/calls.ts'
import { equal } from '../code/equality.ts'
import { proofsOf } from '../code/test-proofs.ts'
import { filtered, hasNoOrder, passing } from './filtered.ts'
import { meet } from '../caller/ties.ts'
import type { Machine } from '../machine.ts'
import { held, isOfRight } from '../caller/role-tables.ts'
import { chosenBy, tested } from '../values/telling.ts'
import { madeOf, withoutName } from '../values/made.ts'
import { iterate } from '../code/members.ts'
import { chanceIn, isFilledByChance } from '../values/wording.ts'
import { callerChosen, kept, From, merge, noOrigins, type Origins, type Site } from '../values/origins.ts'
import {
  alternatives,
  constant,
  MAX_JOINED,
  native,
  shallowOrigins,
  traceOf,
  truth,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type ArrayCell,
  type NativeValue,
  type ObjectValue,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

export const listResult = (machine: Machine, from: Origins, item?: Value): Value =>
  machine.heap.newArray([], item ?? unknown(from, { nullish: 'no' }), from)

/** A callback runs for so many items one by one, and once for all others together. */
const maxItems = 5

/** Lists of numbers that are longer are not known item by item: keys and tokens are not made of so many bytes. */
const maxNumbers = 64

/** The shortest digest in use (SHA-1) has so many bytes. */
const fewestBytes = 20

/**
 * `new Uint8Array(20)`: so many numbers, of which nothing more is known; `new Uint8Array(digest)`: those of something that
 * chance has a part in, which each of them has a share of.
 */
export function numbers(m: Machine, args: readonly Value[], { file, range }: Site): Value | undefined {
  const [of] = args
  if (of?.t === 'const' && typeof of.value === 'number')
    return of.value <= maxNumbers
      ? m.heap.newArray(Array.from({ length: of.value }, () => unknown(noOrigins, { nullish: 'no' })))
      : undefined
  if (!of || m.heap.array(of)) return undefined
  const { chance = 0 } = chanceIn(m, of)
  if (chance === 0) return undefined
  const from = m.heap.originsOf(of)
  const bits = Math.min(8, chance / fewestBytes)
  const byte = (i: number): Value =>
    unknown(from, { nullish: 'no', chance: bits, draws: new Map([[`${file}:${String(range[0])}#${String(i)}`, bits]]) })
  return m.heap.newArray(
    Array.from({ length: fewestBytes }, (_, i) => byte(i)),
    byte(fewestBytes),
    from,
  )
}

/** Chance fills such a list: each item is a draw of its own, of so many bits. */
export function draw(m: Machine, list: Value | undefined, bits: number, { file, range }: Site): void {
  const cell = list && m.heap.array(list)
  if (list?.t !== 'object' || !cell || cell.rest) return
  const items = cell.items.map((_, i) => {
    const draws = new Map([[`${file}:${String(range[0])}#${String(i)}`, bits]])
    return unknown(noOrigins, { nullish: 'no', chance: bits, draws })
  })
  m.heap.setCell(list, { ...cell, items })
}

type Items = Pick<ArrayCell, 'items' | 'rest'>

/** Lists in a list are put in item by item. */
function flattened(m: Machine, { items, rest }: Items): Items {
  const inner = (part: Value): Items => m.heap.array(part) ?? { items: [part] }
  const lists = [...items, ...(rest ? [rest] : [])].flatMap(alternatives).map(inner)
  const all = lists.flatMap((list) => list.items)
  const others = lists.flatMap((list) => (list.rest ? [list.rest] : []))
  const isKnown = !rest && items.every((item) => item.t !== 'union') && all.length <= MAX_JOINED
  if (isKnown && others.length === 0) return { items: all }
  return all.length + others.length > 0 ? { items: [], rest: union([...all, ...others]) } : { items: [] }
}

/** Runs a callback for the items of a list; for a list of unknown length, for an item that stands for all, or not at all. */
function each(m: Machine, items: readonly Value[], rest: Value | undefined, fn: Value | undefined, site: Site): Items {
  const given = fn ?? undefinedValue
  const oneByOne = isFilledByChance({ t: 'array', items, ...(rest ? { rest } : {}) }) ? items.length : maxItems
  const results = items
    .slice(0, oneByOne)
    .map((item, i) => (m.state.alive ? callValue(m, given, [item, constant(i)], site, {}) : undefinedValue))
  const more = items.length > oneByOne ? union([...items.slice(oneByOne), ...(rest ? [rest] : [])]) : rest
  if (!more || !m.state.alive) return { items: results }
  return { items: results, rest: maybeResult(m, given, [more, unknown()], site) }
}

export function maybeResult(m: Machine, fn: Value, args: readonly Value[], site: Site): Value {
  let result: Value = undefinedValue
  const hint = tested(args.map((arg) => m.heap.originsOf(arg, 2)).reduce(merge, noOrigins))
  m.split(
    [
      () => {
        result = callValue(m, fn, args, site, {})
        return result
      },
      () => undefinedValue,
    ],
    hint,
  )
  return result
}

/** What is looked for in a list. */
const looksFor: ReadonlySet<string> = new Set(['includes', 'some', 'find', 'findLast'])

export function arrayMember(m: Machine, object: ObjectValue, cell: ArrayCell, key: string): Value {
  const found = memberOfArray(m, object, cell, key)
  if (!m.tracing || found.t !== 'native' || !looksFor.has(key)) return found
  return native(key, (machine, args, at, awaited) => {
    const { items, rest } = machine.heap.array(object) ?? cell
    const all = [...items, ...(rest ? [rest] : [])].flatMap(alternatives)
    const isListed =
      key === 'includes' && isName(args[0] ?? undefinedValue) && all.some((part) => isOfRight(shallowOrigins(part)))
    const answer = found.call(machine, args, at, awaited)
    return isListed || isOfRight(object.origins) ? held(answer) : answer
  })
}

function memberOfArray(m: Machine, object: ObjectValue, cell: ArrayCell, key: string): Value {
  const from = object.origins
  const itemsOf = (machine: Machine): ArrayCell => machine.heap.array(object) ?? cell
  const any = (machine: Machine): Value => {
    const now = itemsOf(machine)
    return now.items.length > 0 || now.rest
      ? union([...now.items, ...(now.rest ? [now.rest] : [])])
      : constant(undefined, from)
  }
  if (isLength(key))
    return cell.rest
      ? unknown(merge(from, m.heap.originsOf(cell.rest)), {
          nullish: 'no',
          ...(cell.items.length === 0 ? ifAny(cell.rest) : {}),
        })
      : constant(cell.items.length, from)
  if (/^\d+$/.test(key)) {
    const item = cell.items[Number(key)]
    if (item) return item
    return cell.rest ? optional(cell.rest) : constant(undefined, from)
  }
  switch (key) {
    case 'map':
    case 'flatMap':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const done = each(machine, now.items, now.rest, args[0], at)
        const made = key === 'map' ? done : flattened(machine, done)
        return machine.heap.newArray(made.items, made.rest, from)
      })
    case 'forEach':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        each(machine, now.items, now.rest, args[0], at)
        return undefinedValue
      })
    case 'filter':
    case 'sort':
    case 'slice':
    case 'reverse':
    case 'toSorted':
    case 'toReversed':
    case 'splice':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        // names of values that a trial gives are those of whole lists
        const left =
          key === 'filter' && args[0] && !machine.persona.trial ? filtered(machine, now, args[0], from, at) : undefined
        if (left) return left
        const answers = args[0]?.t === 'function' ? each(machine, now.items, now.rest, args[0], at) : undefined
        if (now.items.length === 0 && !now.rest) return machine.heap.newArray([], undefined, from)
        const kept = key === 'filter' && now.items.length === 0 ? passed(any(machine), answers?.rest) : any(machine)
        return machine.heap.newArray([], withoutName(machine, kept), from)
      })
    case 'find':
    case 'findLast':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const answers = args[0] ? each(machine, now.items, now.rest, args[0], at) : undefined
        if (now.items.length === 0 && !now.rest) return constant(undefined, from)
        const found = now.items.length === 0 ? passed(any(machine), answers?.rest) : any(machine)
        return union([found, constant(undefined, from)])
      })
    case 'at':
    case 'pop':
    case 'shift':
      return native(key, (machine) => {
        const now = itemsOf(machine)
        return now.items.length === 0 && !now.rest
          ? constant(undefined, from)
          : now.rest
            ? optional(any(machine))
            : any(machine)
      })
    case 'some':
    case 'every':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const answers = args[0] ? each(machine, now.items, now.rest, args[0], at) : { items: [] }
        if (!now.rest && answers.items.every((answer) => truth(answer) === (key === 'every')))
          return constant(key === 'every', merge(from, machine.heap.originsOfAll(answers.items)))
        if (key === 'some' && answers.items.some((answer) => truth(answer) === true))
          return constant(true, merge(from, machine.heap.originsOfAll(answers.items)))
        const only = answers.items.length === 0 ? answers.rest : answers.rest ? undefined : answers.items[0]
        const proofs = answers.items.length <= 1 && key === 'some' && only ? proofsOf(only) : {}
        return unknown(
          merge(
            from,
            merge(
              machine.heap.originsOfAll(answers.items),
              answers.rest ? machine.heap.originsOf(answers.rest) : noOrigins,
            ),
          ),
          { nullish: 'no', ...(proofs.whenTrue?.length ? { whenTrue: proofs.whenTrue } : {}) },
        )
      })
    case 'includes':
    case 'indexOf':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const wanted = args[0] ?? undefinedValue
        // `permissions[user.role].includes('billing:write')`: which list it is hangs on who the caller is
        if (key === 'includes' && !machine.anonymous && (from.flags & From.principal) !== 0 && isName(wanted))
          return equal(machine, unknown(from, { nullish: 'no', key: 'permissions' }), wanted, false, at)
        const answers = now.items.map((item) => equal(machine, item, wanted, false, at))
        const given = merge(from, merge(machine.heap.originsOf(wanted), machine.heap.originsOfAll(answers)))
        if (key === 'includes' && !now.rest) {
          if (answers.every((answer) => truth(answer) === false)) return constant(false, given)
          if (answers.some((answer) => truth(answer) === true)) return constant(true, given)
          const proofs = [...(commonRole(answers) ?? []), ...shownByAll(answers)]
          return unknown(given, { nullish: 'no', ...(proofs.length > 0 ? { whenTrue: proofs } : {}) })
        }
        const among = key === 'includes' && now.items.length === 0 && now.rest
        const answer = among ? equal(machine, among, wanted, false, at) : undefined
        if (answer && truth(answer) === false) return withOrigins(answer, given)
        return unknown(given, { nullish: 'no', ...(answer ? ifAny(answer) : {}) })
      })
    case 'push':
    case 'unshift':
      return native(key, (machine, args) => {
        const now = itemsOf(machine)
        const keepsPlace = !now.rest || hasNoOrder({ ...now, items: [...now.items, ...args] })
        if (!keepsPlace || now.items.length + args.length > 24)
          machine.heap.setCell(object, { ...now, rest: union([...args, ...(now.rest ? [now.rest] : [])]) })
        else
          machine.heap.setCell(object, {
            ...now,
            items: key === 'push' ? [...now.items, ...args] : [...args, ...now.items],
          })
        return unknown(noOrigins, { nullish: 'no' })
      })
    case 'flat':
      return native(key, (machine) => {
        const made = flattened(machine, itemsOf(machine))
        return machine.heap.newArray(made.items, made.rest, from)
      })
    case 'concat':
      return native(key, (machine, args) => {
        const lists = [object as Value, ...args].map(
          (arg) => machine.heap.array(arg) ?? { t: 'array' as const, items: [arg] },
        )
        const items = lists.flatMap((list) => list.items)
        const rest = lists.flatMap((list) => (list.rest ? [list.rest] : []))
        return items.length > MAX_JOINED
          ? machine.heap.newArray([], union([...items, ...rest]), from)
          : machine.heap.newArray(items, rest.length ? union(rest) : undefined, from)
      })
    case 'reduce':
    case 'reduceRight':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        let state = args[1] ?? now.items[0] ?? unknown(from)
        for (const item of now.items.slice(0, 12))
          if (machine.state.alive) state = callValue(machine, args[0] ?? undefinedValue, [state, item], at, {})
        if (now.rest) {
          const given = maybeResult(machine, args[0] ?? undefinedValue, [state, now.rest], at)
          state = union(chosenBy(machine.heap.originsOf(now.rest, 2), state, given))
        }
        return state
      })
    case 'join':
    case 'toString':
      return native(key, (machine) =>
        unknown(machine.heap.originsOf(object), {
          nullish: 'no',
          ...chanceIn(machine, object),
          ...(itemsOf(machine).items.length === 0 ? madeOf(machine, key, [itemsOf(machine).rest]) : {}),
        }),
      )
    case 'fill':
    case 'set':
    case 'copyWithin':
      return native(key, (machine) => {
        const now = itemsOf(machine)
        // what chance put there may be there no longer
        if (isFilledByChance(now))
          machine.heap.setCell(object, { ...now, items: now.items.map(() => unknown(noOrigins)) })
        return unknown(machine.heap.originsOf(object), { nullish: 'no' })
      })
    case 'entries':
      return native(key, (machine) => listResult(machine, from, machine.heap.newArray([unknown(), any(machine)])))
    case 'values':
    case 'keys':
      return native(key, () => object)
    default:
      // what was put there beside the items, or a driver's count of rows
      if (!(key in Array.prototype)) return union([unknown(from), ...(cell.rest ? [cell.rest] : [])])
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        if (args[0]?.t === 'function') each(machine, now.items, now.rest, args[0], at)
        return unknown(machine.heap.originsOf(object), { nullish: 'no' })
      })
  }
}

/** What is known where there is an item. */
export const ifAny = (item: Value): { readonly whenTrue?: readonly Proof[] } =>
  item.t === 'unknown' && item.whenTrue ? { whenTrue: item.whenTrue } : {}

/** A list whose items passed a test, or an item that did: what the test showed is known of it. */
function passed(item: Value, answer: Value | undefined): Value {
  return answer && proofsOf(answer).whenTrue?.length
    ? union(alternatives(item).map((part) => passing(part, answer)))
    : item
}

/** What is known whichever of them it is. */
const shownByAll = ([first, ...others]: readonly Value[]): readonly Proof[] =>
  first ? others.map(shownBy).reduce(meet, shownBy(first)) : []

const shownBy = (answer: Value): readonly Proof[] => (answer.t === 'unknown' ? (answer.whenTrue ?? []) : [])

function commonRole(answers: readonly Value[]): readonly [] | undefined | readonly `role:${string}`[] {
  const roles = answers.map((answer) => (answer.t === 'unknown' ? answer.whenTrue?.[0] : undefined))
  if (roles.length === 0 || !roles.every((role) => role?.startsWith('role:'))) return undefined
  return [`role:${roles.map((role) => role!.slice(5)).join('|')}`]
}

const optional = (value: Value): Value =>
  value.t === 'unknown' ? { ...value, nullish: 'maybe' } : union([value, undefinedValue])

const isName = (value: Value): boolean => value.t === 'const' && typeof value.value === 'string'

const listMethods = new Set([
  'map',
  'filter',
  'forEach',
  'find',
  'some',
  'every',
  'flatMap',
  'reduce',
  'sort',
  'findIndex',
  'findLast',
])

/** Nobody can see what is in it: it may be what a caller has to know. */
const isHidden = ({ origins }: UnknownValue): boolean => origins.refs.some((ref) => ref.t === 'opaque')

export const isLength = (key: string): boolean => key === 'length' || key === 'byteLength'

/**
 * What stands under a name in data of which nothing is known. Only of a list is `filter` the method, whether or not it is
 * called: in what a caller sends it is what the caller put there.
 */
export function unknownMethod(object: UnknownValue, key: string): Value {
  const method = object.list ? methodOfData(object, key) : undefined
  if (method) return method
  // a length is no secret, and is nobody's choice that decides anything
  if (isLength(key))
    return unknown(
      isHidden(object)
        ? object.origins
        : { flags: object.origins.flags & ~(kept | callerChosen), refs: object.origins.refs },
      {
        // what the caller sends need not have one
        nullish: object.list || object.shaped || (object.origins.flags & callerChosen) === 0 ? 'no' : 'maybe',
        lengthOf: object.origins.flags,
        ...(object.list ? ifAny(object) : {}),
      },
    )
  return unknown()
}

/** What a call under that name does to data of which nothing is known: the callback runs on an item, or not. */
export function methodOfData(object: UnknownValue, key: string): NativeValue | undefined {
  const isSeen = object.origins.refs.every((ref) => ref.t !== 'opaque' || ref.delegated)
  const method = isSeen ? listMethod(object, key) : undefined
  if (method) return method
  if ((key === 'includes' || key === 'has') && (object.origins.flags & (From.principal | From.row | From.right)) !== 0)
    return native(key, (machine, args, at) => amongThem(machine, object, args[0] ?? undefinedValue, at))
  return undefined
}

/** The method of that name where it is a list. */
export const listMethod = (list: UnknownValue, key: string): NativeValue | undefined =>
  listMethods.has(key) ? native(key, (m, args, at) => callListMethod(m, list, key, args, at)) : undefined

function callListMethod(m: Machine, list: UnknownValue, key: string, args: readonly Value[], site: Site): Value {
  const item = iterate(m, list)
  const fn = args[0]
  const given = key === 'reduce' ? [args[1] ?? unknown(list.origins), item] : [item, unknown()]
  const result = fn && fn.t !== 'const' ? maybeResult(m, fn, given, site) : undefinedValue
  const from = merge(list.origins, m.heap.originsOf(result))
  if (key === 'map' || key === 'flatMap')
    return m.heap.newArray([], result.t === 'const' ? unknown(from) : result, list.origins)
  if (key === 'filter' || key === 'sort') return { ...list, origins: from, list: true, nullish: 'no' }
  if (key === 'find' || key === 'findLast')
    return passed(
      unknown(isHidden(list) ? from : list.origins, {
        ...(list.table !== undefined ? { table: list.table } : {}),
        ...traceOf(m.tracing ? item : undefined),
      }),
      result,
    )
  if (key === 'some') {
    const proofs = proofsOf(result).whenTrue
    return unknown(from, { nullish: 'no', ...(proofs?.length ? { whenTrue: proofs } : {}) })
  }
  return unknown(from)
}

/** `user.roles.includes('admin')`: as if one of them were compared. */
function amongThem(m: Machine, list: UnknownValue, wanted: Value, site: Site): Value {
  const item = iterate(m, list)
  const named = item.t === 'unknown' && list.key !== undefined ? { ...item, key: list.key } : item
  const answer = equal(m, named, wanted, false, site)
  const from = merge(list.origins, m.heap.originsOf(wanted))
  if (truth(answer) === false) return withOrigins(answer, from)
  const found = unknown(from, { nullish: 'no', ...(m.anonymous ? {} : ifAny(answer)) })
  return isOfRight(list.origins) && isName(wanted) ? held(found) : found
}
