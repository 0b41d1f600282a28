/** Which rows a query can touch: the columns that its conditions and its values name, and how those stand to the caller. */
import type { QueryMeaning, WherePlace } from '../../catalog/meaning.ts'
import { sharedCodeColumn, snake } from '../../catalog/names.ts'
import { provedNames, type ProvedName } from './in-reach.ts'
import type { Machine } from '../machine.ts'
import { member } from '../code/members.ts'
import type { Statement } from './raw-sql.ts'
import { conditionIn, isDroppable, placesOf } from './query-conditions.ts'
import { inBoth, waysOf } from '../values/ways.ts'
import { shapeOf } from '../values/shapes.ts'
import { foundByIn, namesIn, standingOf, tiesIn, type Standing } from '../caller/standing.ts'
import { everything, rowTerm, type Term } from '../caller/ties.ts'
import {
  alternatives,
  givenWith,
  type ConditionPair,
  type ConditionValue,
  type Link,
  type QueryValue,
  type Value,
} from '../values/value.ts'
import type { ModelFacts } from '../world.ts'

export interface ReachedColumn {
  readonly column: string
  /** The table of a join; undefined for the model that is queried. */
  readonly table?: string
  readonly standing: Standing
  /** Leaving it out leaves out the condition, and it may be left out. */
  readonly mayBeMissing: boolean
  /** It is the whole of what was sent, and nothing has checked which keys that has. */
  readonly unchecked?: boolean
  readonly names: readonly string[]
  /** What makes it the caller's besides: the row that it stands in, and what that was found by. */
  readonly by: readonly string[]
}

export interface Reach {
  readonly verb: QueryMeaning['verb']
  readonly library: string
  /** The ways in which a row can be one of them, each a list of what then holds. */
  readonly ways: readonly (readonly ReachedColumn[])[]
  /** Part of the conditions, where nobody can tell which of it holds together. */
  readonly unsure: readonly ReachedColumn[]
  /** What is left out of the conditions at times. */
  readonly optional: readonly ReachedColumn[]
  /** Some condition holds only together with others (`or`). */
  readonly loose: boolean
  /** Some condition is an `or` whose sides are told apart. */
  readonly sided: boolean
  /** Part of the conditions could not be read. */
  readonly hidden: boolean
  /** What is written into the row. */
  readonly values: readonly ReachedColumn[]
  /** Where in the call that stands. */
  readonly written: readonly WherePlace[]
  /** The rows that it finds. */
  readonly rows: Term
  /** What stands in reach of it and is proved. */
  readonly inReach: readonly ProvedName[]
  /** It finds its rows by a secret. */
  readonly bySecret: boolean
  /** Relations that it asks for as far as they meet conditions. */
  readonly links: readonly Link[]
}

export function reachOf(
  m: Machine,
  query: QueryValue,
  verb: QueryMeaning['verb'],
  model: ModelFacts,
  bySecret: boolean,
  statement?: Statement,
): Reach {
  const conditions = statement
    ? [[statement.where]]
    : placesOf(m, query, query.meaning.where ?? []).map((place) =>
        'pair' in place ? [place.pair] : alternativesOf(m, query, place.value, model),
      )
  const all = conditions.flat()
  // one condition after the other narrows further
  const ways = conditions.map((each) => each.flatMap(waysOf)).reduce(inBoth, [[]])
  const asked = all.flatMap(({ pairs }) => pairs)
  const seen = (pair: ConditionPair): ReachedColumn =>
    columnOf(m, pair, isDroppable(query.meaning.dropsUndefined, pair, asked))
  const values = statement
    ? statement.values.map(seen)
    : placesOf(m, query, query.meaning.values ?? []).flatMap((place) =>
        'pair' in place ? place.pair.pairs.map(seen) : written(m, place.value),
      )
  const sure = ways[0]!.filter((pair) => ways.every((way) => way.includes(pair)))
  const keys = sure
    .filter((pair) => pair.op === 'eq')
    .map((pair) => ({
      column: pair.column,
      name: nameOf(pair.value, query),
      ties: tiesIn(pair.value),
      by: foundByIn(pair.value),
    }))
  const reached = ways.map((pairs) =>
    pairs.filter((pair) => pair.op !== 'compare' && !isColumn(m, pair.value)).map(seen),
  )
  const standings = reached.flat().map(({ standing }) => standing)
  const unclear = standings.includes('unknown') && !standings.includes('found') && !standings.includes('chosen')
  return {
    verb: statement?.inserts ? 'insert' : verb,
    library: query.library,
    ways: reached,
    unsure: all.flatMap((condition) => (condition.loose && !condition.ways ? condition.pairs : [])).map(seen),
    optional: all.flatMap((condition) => condition.optional ?? []).map(seen),
    loose: all.some((condition) => condition.loose),
    sided: all.some(({ ways: sides = [] }) => sides.length > 1),
    hidden: all.some((condition) => condition.hidden === true) || (query.meaning.sql !== undefined && all.length === 0),
    values,
    written: query.meaning.values ?? [],
    rows: rowTerm(model.name, keys, unclear),
    bySecret: bySecret || keys.some(({ column }) => sharedCodeColumn.test(snake(column))),
    inReach: provedNames(m, query.site),
    links: linksOf(m, query, model),
  }
}

/** Some column is tied to the caller, whichever condition it is. */
export const isNarrowed = (reach: Reach): boolean =>
  reach.bySecret ||
  reach.ways.every((columns) => columns.some((column) => column.standing === 'proved' && !column.mayBeMissing))

/**
 * Of the sides of an `or`, some are the caller's own and others are not: what those others let in. What the row itself has
 * to say there (`status = 'public'`) may be what lets everybody have it.
 */
export function otherSides(reach: Reach): 'picked' | 'unknown' | undefined {
  if (!reach.sided || reach.unsure.length > 0) return undefined
  const isOwn = (way: readonly ReachedColumn[]): boolean =>
    way.some(({ standing, mayBeMissing }) => standing === 'proved' && !mayBeMissing)
  const own = reach.ways.filter(isOwn)
  const others = reach.ways.filter((way) => !isOwn(way))
  if (own.length === 0 || others.length === 0) return undefined
  const saysMore = ({ column, standing }: ReachedColumn): boolean =>
    standing === 'unknown' ||
    (standing === 'fixed' &&
      !own.every((way) => way.some((same) => same.column === column && same.standing === 'fixed')))
  const isPicked = (way: readonly ReachedColumn[]): boolean =>
    way.some(({ standing }) => standing === 'chosen' || standing === 'found') && !way.some(saysMore)
  return others.some(isPicked) ? 'picked' : 'unknown'
}

/** `include: { members: { where: { userId } }, docs: { where: { id } } }`, and below a relation. */
function linksOf(
  m: Machine,
  query: QueryValue,
  model: ModelFacts,
  asked = query.args[0],
  above = '',
  depth = 4,
): Link[] {
  const options = asked && m.heap.object(asked)
  if (!options || depth === 0) return []
  return ['include', 'select', 'with'].flatMap((key) => {
    const relations = options.props.get(key)
    return [...((relations && m.heap.object(relations)?.props) ?? [])].flatMap(([name, inner]): Link[] => {
      const path = `${above}${name}`
      const below = linksOf(m, query, model, inner, `${path}.`, depth - 1)
      const where = m.heap.object(inner)?.props.get('where')
      if (!where) return below
      const { pairs, loose } = conditionIn(m, query, where, model)
      const equal = loose ? [] : pairs.filter((pair) => pair.op === 'eq')
      if (equal.some((pair) => standingOf(m, pair.value) === 'proved')) return [{ path }, ...below]
      const names = equal.flatMap((pair) => tiesIn(pair.value))
      return names.length > 0 ? [{ path, names }, ...below] : below
    })
  })
}

/** A condition that ties two tables together says nothing of whose the rows are. */
const isColumn = (m: Machine, value: Value): boolean => m.heap.object(value)?.props.has('$column') === true

function alternativesOf(m: Machine, query: QueryValue, value: Value, model: ModelFacts): readonly ConditionValue[] {
  const all = alternatives(value).slice(0, 8)
  // to whom everything is open, no condition is needed
  const others = all.filter((part) => !givenWith(part).includes(everything))
  const parts = others.length > 0 ? others : all
  return parts.map((part) => conditionIn(m, query, part, model))
}

function columnOf(m: Machine, pair: ConditionPair, dropsUndefined: boolean): ReachedColumn {
  return {
    column: pair.column,
    ...(pair.table === undefined ? {} : { table: pair.table }),
    standing: standingOf(m, pair.value),
    mayBeMissing:
      dropsUndefined &&
      alternatives(pair.value).some((part) =>
        part.t === 'const'
          ? part.value === undefined
          : part.t === 'unknown' && part.shape?.optional === true && part.nullish === 'maybe' && !part.truthy,
      ),
    names: namesIn(pair.value),
    by: foundByIn(pair.value),
  }
}

/** A schema has checked it: where it did not pass, the other way ends. */
const isShaped = (value: Value): boolean => value.t === 'unknown' && value.shaped === true

/** What a schema lets through of what is written as a whole. */
const named = (m: Machine, value: Value): readonly ReachedColumn[] =>
  isShaped(value)
    ? [...(shapeOf(value)?.members?.keys() ?? [])].map((column) =>
        columnOf(m, { column, op: 'eq', value: member(m, value, column, m.site([0, 0])) }, false),
      )
    : []

/** The columns of the row, or the rows, that is written. */
function written(m: Machine, value: Value, depth = 3): ReachedColumn[] {
  if (depth === 0) return []
  return alternatives(value).flatMap((part): ReachedColumn[] => {
    const list = m.heap.array(part)
    if (list)
      return [...list.items.slice(0, 4), ...(list.rest ? [list.rest] : [])].flatMap((item) =>
        written(m, item, depth - 1),
      )
    const cell = m.heap.object(part)
    const any = (rest: Value): ReachedColumn => ({
      ...columnOf(m, { column: '*', op: 'eq', value: rest }, false),
      unchecked: ![...alternatives(value), ...alternatives(rest)].some(isShaped),
    })
    if (!cell) return part.t === 'const' ? [] : [...named(m, part), any(part)]
    const columns = [...cell.props].flatMap(([column, inner]) => [
      columnOf(m, { column, op: 'eq', value: inner }, false),
      ...connected(m, column, inner),
    ])
    if (!cell.rest) return columns
    const others = alternatives(cell.rest).flatMap((rest) => named(m, rest))
    return [...columns, ...others.filter(({ column }) => !cell.props.has(column)), any(cell.rest)]
  })
}

/** `team: { connect: { id } }` writes `teamId`, as such columns are called. */
const connected = (m: Machine, relation: string, value: Value): readonly ReachedColumn[] =>
  alternatives(value).flatMap((part) => {
    const row = m.heap.object(part)?.props.get('connect')
    const id = row && m.heap.object(row)?.props.get('id')
    return row && !m.heap.array(row)
      ? [columnOf(m, { column: `${relation}Id`, op: 'eq', value: id ?? row }, false)]
      : []
  })

function nameOf(value: Value, query: QueryValue): string {
  const names = namesIn(value)
  if (names.length > 0) return names.join('|')
  return value.t === 'const' ? JSON.stringify(value.value) : `?${String(query.site.range[0])}`
}
