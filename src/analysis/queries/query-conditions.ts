/** Conditions of queries, in whatever form they are written: which columns are compared with what. */
import type { QueryMeaning, WherePlace } from '../../catalog/meaning.ts'
import { argumentAt } from '../library/arguments.ts'
import { callValue } from '../code/calls.ts'
import { ifThere } from '../language/filtered.ts'
import type { Machine } from '../machine.ts'
import { merge, noOrigins } from '../values/origins.ts'
import { predicateOf, textOf } from './query-sql.ts'
import { everything } from '../caller/ties.ts'
import {
  alternatives,
  givenWith,
  isNullish,
  undefinedValue,
  unknown,
  type ConditionPair,
  type ConditionValue,
  type QueryValue,
  type Value,
  type Ways,
} from '../values/value.ts'
import { inBoth, inEither, waysOf } from '../values/ways.ts'
import type { ModelFacts } from '../world.ts'

/** All that has to hold of a row that the query touches. */
export function conditionsOf(m: Machine, query: QueryValue, model: ModelFacts): ConditionValue {
  const all = placesOf(m, query, query.meaning.where ?? []).map((place) =>
    'pair' in place ? place.pair : conditionIn(m, query, place.value, model),
  )
  return {
    t: 'condition',
    pairs: all.flatMap((condition) => condition.pairs),
    loose: all.some((condition) => condition.loose),
    origins: noOrigins,
  }
}

type Placed = { readonly value: Value } | { readonly pair: ConditionValue }

/** What stands where conditions (or values) are written: a value that holds them, or a column with its value. */
export function placesOf(m: Machine, query: QueryValue, places: readonly WherePlace[]): Placed[] {
  return places.flatMap((place): Placed[] => {
    if (!('method' in place)) {
      const value = argumentAt(m, place.at, query.args)
      return value ? [{ value }] : []
    }
    return query.calls
      .filter((call) => call.method === place.method)
      .flatMap((call): Placed[] => {
        if (!('column' in place)) {
          const value = argumentAt(m, place.at, call.args)
          // the name of a column stands for itself
          return value && value.t !== 'const' ? [{ value }] : []
        }
        const column = call.args[place.column]
        const value = call.args[place.value]
        if (column?.t === 'const' && value) {
          const op = operatorOf(place.op, call.args)
          const pair: ConditionPair = { column: String(column.value).split('.').at(-1)!, op, value }
          return [{ pair: { t: 'condition', pairs: [pair], loose: false, origins: noOrigins } }]
        }
        return column && m.heap.object(column) ? [{ pair: objectCondition(m, column) }] : []
      })
  })
}

function operatorOf(op: number | 'compare' | undefined, args: readonly Value[]): ConditionPair['op'] {
  if (op === undefined) return 'eq'
  const written = op === 'compare' ? undefined : args[op]
  if (written?.t !== 'const') return 'compare'
  return /^(=|==|eq|is)$/i.test(String(written.value)) ? 'eq' : /^in$/i.test(String(written.value)) ? 'in' : 'compare'
}

/** The condition that a value is, or that a function gives. */
export function conditionIn(m: Machine, query: QueryValue, value: Value, model: ModelFacts): ConditionValue {
  const none: ConditionValue = { t: 'condition', pairs: [], loose: false, origins: noOrigins }
  const parts = alternatives(value).filter((part) => isNullish(part) !== true)
  if (parts.length > 1) {
    const found = parts.map((part) => conditionIn(m, query, part, model))
    return { ...none, pairs: found.flatMap((condition) => condition.pairs), loose: true }
  }
  const part = parts[0]
  if (!part) return none
  if (part.t === 'condition') return part
  if (part.t === 'function') {
    const table: Value = { t: 'table', name: model.name, columns: undefinedValue, site: query.site }
    const operators = m.world.packageOf(query.library)
    const given = callValue(
      m,
      part,
      [table, operators ? { t: 'library', base: { package: operators }, path: [], origins: noOrigins } : unknown()],
      query.site,
      {},
    )
    return given.t === 'condition' ? given : { ...none, hidden: isNullish(given) !== true }
  }
  return m.heap.object(part) ? objectCondition(m, part) : { ...none, hidden: true }
}

const operators = new Set([
  'equals',
  'in',
  'not',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'gt',
  'gte',
  'lt',
  'lte',
  'has',
  'hasSome',
  'mode',
  'is',
  'some',
  'every',
  'none',
  '$eq',
  '$in',
  '$ne',
  '$nin',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$exists',
  '$regex',
])

/** Operators that many values of the column meet besides the one that is given: whoever knows none finds some. */
const comparing = new Set(
  'not none notIn contains startsWith endsWith gt gte lt lte every $ne $nin $gt $gte $lt $lte $exists $regex'.split(
    ' ',
  ),
)

/** `{ id, organizationId, AND: […], members: { some: { userId } } }` */
function objectCondition(m: Machine, value: Value, column?: string, depth = 0): ConditionValue {
  const cell = m.heap.object(value)
  const pairs: ConditionPair[] = []
  if (!cell || depth > 6) return { t: 'condition', pairs, loose: true, origins: noOrigins }
  // what is spread in may hold any column
  if (m.tracing && cell.rest) pairs.push({ column: '*', op: 'in', value: cell.rest })
  let ways: Ways = [[]]
  let apart = false
  for (const [key, inner] of cell.props) {
    const list = m.heap.array(inner)
    if (key === 'AND' || key === '$and' || key === 'OR' || key === '$or' || key === 'NOT' || key === '$nor') {
      const sides = (list?.items ?? [inner]).map((item) => objectCondition(m, item, undefined, depth + 1))
      if (key === 'AND' || key === '$and')
        for (const side of sides) {
          pairs.push(...side.pairs)
          apart ||= side.loose
          ways = inBoth(ways, side.ways ?? [[]])
        }
      else {
        apart = true
        if ((key === 'OR' || key === '$or') && !list?.rest) ways = inBoth(ways, inEither(sides.map(waysOf)))
      }
      continue
    }
    const name = operators.has(key) ? (column ?? key) : key
    const op =
      key === 'in' || key === '$in'
        ? 'in'
        : (column !== undefined || key === 'not' || key === 'none') && comparing.has(key)
          ? 'compare'
          : 'eq'
    const within = alternatives(inner).find((part) => part.t === 'object' && m.heap.object(part))
    if (!within) {
      pairs.push({ column: name, op: list && op !== 'compare' ? 'in' : op, value: inner })
      continue
    }
    const nested = standingBelow(m, objectCondition(m, within, name, depth + 1), key, within)
    if (op === 'compare') pairs.push(...nested.pairs.map((pair) => ({ ...pair, op: 'compare' as const })))
    else {
      pairs.push(...nested.pairs)
      ways = inBoth(ways, nested.ways ?? [[]])
    }
  }
  const loose = cell.rest !== undefined || (apart && pairs.length === 0)
  return {
    t: 'condition',
    pairs,
    loose,
    origins: noOrigins,
    ...(!cell.rest && (ways.length > 1 || ways[0]!.length > 0) ? { ways: inBoth([pairs], ways) } : {}),
  }
}

/** A key of several columns is called by their names, unless the schema gives it another. */
function standingBelow(m: Machine, nested: ConditionValue, key: string, within: Value): ConditionValue {
  if (operators.has(key)) return nested
  const inKey = key.includes('_') && key === [...(m.heap.object(within)?.props.keys() ?? [])].join('_')
  const pairs = nested.pairs.map((pair): ConditionPair => ({ ...pair, below: key, ...(inKey ? { inKey } : {}) }))
  const moved = new Map(nested.pairs.map((pair, i) => [pair, pairs[i]!]))
  return {
    ...nested,
    pairs,
    ...(nested.ways ? { ways: nested.ways.map((way) => way.map((pair) => moved.get(pair) ?? pair)) } : {}),
  }
}

/**
 * Whether the query does without the condition when its value is undefined: as if it were not written.
 *
 * @param all the conditions of the query
 */
export const isDroppable = (
  drops: QueryMeaning['dropsUndefined'],
  pair: ConditionPair,
  all: readonly ConditionPair[],
): boolean =>
  drops === true || (drops === 'beside-a-key' && !pair.inKey && all.some((other) => other !== pair && mayBeKey(other)))

/** Rows may be found by it alone: a state that the code names (`active: true`) is that of many. */
const mayBeKey = ({ op, below, inKey, value }: ConditionPair): boolean =>
  op === 'eq' && (below === undefined || inKey === true) && alternatives(value).some((part) => part.t !== 'const')

/** The condition that an operator of a query library makes of its arguments. */
export function conditionOf(
  m: Machine,
  kind: 'eq' | 'in' | 'compare' | 'and' | 'or' | 'not' | 'raw',
  args: readonly Value[],
): ConditionValue {
  const from = args.map((arg) => m.heap.originsOf(arg)).reduce(merge, noOrigins)
  switch (kind) {
    case 'eq':
    case 'in':
    case 'compare': {
      const [left, right] = args
      for (const [side, other] of [
        [left, right],
        [right, left],
      ] as const) {
        const cell = side && m.heap.object(side)
        const column = cell?.props.get('$column')
        const table = cell?.props.get('$table')
        if (column?.t === 'const') {
          return {
            t: 'condition',
            pairs: [
              {
                column: String(column.value),
                op: kind,
                value: other ?? undefinedValue,
                ...(table?.t === 'table' ? { table: table.name } : {}),
              },
            ],
            loose: false,
            origins: from,
          }
        }
      }
      const key = left?.t === 'unknown' ? (left.key ?? '') : left?.t === 'const' ? String(left.value) : ''
      return {
        t: 'condition',
        pairs: [{ column: key, op: kind, value: right ?? undefinedValue }],
        loose: false,
        origins: from,
      }
    }
    case 'and':
    case 'or':
    case 'not': {
      const parts = args
        .flatMap((arg) => m.heap.array(arg)?.items ?? [arg])
        .flatMap((arg) => alternatives(arg))
        .filter((arg): arg is ConditionValue => arg.t === 'condition')
      // one alternative of an argument may be missing: `and(a, x ? b : undefined)`
      const some = args.some((arg) => arg.t === 'union')
      const single = kind === 'or' && parts.length === 1 && !some
      if (kind === 'and') {
        const given = args.flatMap((arg) => {
          const list = m.heap.array(arg)
          return list ? [...list.items, ...(list.rest ? [ifThere(list.rest)] : [])] : [arg]
        })
        const sure = given.flatMap((arg) => everybodysCondition(arg) ?? [])
        const optional = given
          .filter((arg) => !everybodysCondition(arg))
          .flatMap((arg) => alternatives(arg))
          .flatMap((part) => (part.t === 'condition' && !part.loose ? part.pairs : []))
        const pairs = sure.filter((part) => !part.loose).flatMap((part) => part.pairs)
        return {
          t: 'condition',
          pairs,
          loose: sure.length > 0 && sure.every((part) => part.loose),
          origins: from,
          ...(sure.some((part) => part.ways) ? { ways: sure.map(waysOf).reduce(inBoth, [[]]) } : {}),
          ...(sure.some((part) => part.hidden) ? { hidden: true } : {}),
          ...(optional.length > 0 ? { optional } : {}),
        }
      }
      const ways = kind === 'or' ? inEither(parts.map(waysOf)) : undefined
      return {
        t: 'condition',
        pairs: parts.flatMap((part) => part.pairs),
        loose: !single,
        origins: from,
        ...(ways ? { ways } : {}),
      }
    }
    case 'raw': {
      const text = args[0] ? textOf(m, args[0]) : undefined
      return {
        t: 'condition',
        ...predicateOf(m, text ?? '', args.slice(1)),
        loose: false,
        origins: from,
        ...(text !== undefined ? { text, parts: args.slice(1) } : {}),
      }
    }
  }
}

/** The condition that an argument is, for everybody to whom not everything is open anyway. */
function everybodysCondition(arg: Value): ConditionValue | undefined {
  const parts = alternatives(arg).filter((part) => !givenWith(part).includes(everything))
  return parts.length === 1 && parts[0]!.t === 'condition' ? parts[0] : undefined
}
