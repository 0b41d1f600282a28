/** What a statement in SQL says of the rows that it touches: their table, the columns that it compares, those that it writes. */
import { cacheColumns } from '../../catalog/names.ts'
import type { ConditionPair, ConditionValue, Value } from '../values/value.ts'

export interface Statement {
  readonly inserts: boolean
  /** Where no row meets the condition it gives none, and changes none: it neither counts nor asks whether there is one. */
  readonly found: boolean
  readonly table: string
  /** What it writes, or all that it reads, `table` first; an empty name where they stand in a list. */
  readonly tables: readonly string[]
  readonly where: ConditionValue
  readonly values: readonly ConditionPair[]
}

/** Quotes, comments, casts and line ends gone, literals emptied: what is left has neither `or` nor `?` in a text. */
const bare = (text: string): string =>
  text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/["`[\]]/g, '')
    .replace(/::\w+/g, '')
    .replace(/\s+/g, ' ')
    .trim()

const name = String.raw`[a-z_][\w$]*(?:\.[a-z_][\w$]*)*`
const placeholder = String.raw`\?|[$:@]\w+`
const operator = ' ?(?:<>|!=|<=|>=|[=<>])| (?:not )?(?:is|in|like|ilike)'

const tables = new RegExp(String.raw`\b(?:from|join|update(?: only)?|insert into|replace into) (${name})`, 'gi')
const compared = new RegExp(String.raw`(${name})(${operator})(?: ?any)? ?\(? ?(${placeholder})`, 'gi')
const aggregate =
  /\b(?:count|sum|total|avg|min|max|every|bool_and|bool_or|exists|group_concat|\w+_agg|\w+_arrayagg) ?\(/i
const listed = /\bfrom [^(),]*,/i
const inserted = new RegExp(String.raw`\binsert into ${name} ?\(([^()]*)\) ?values ?\(([^()]*)\)`, 'i')

/**
 * @param valueAt the value behind a placeholder: by its place among all, or by what it is called
 * @returns undefined where the text is more than one plain statement
 */
export function readSql(
  text: string,
  valueAt: (place: number, called: string) => Value | undefined,
): Statement | undefined {
  const sql = bare(text)
  const touched = [...sql.matchAll(tables)].map(([, path]) => lastOf(path!))
  const [table] = touched
  if (table === undefined || /\b(union|intersect|except)\b|^with\b|; ?\S/i.test(sql)) return undefined
  const places = [...sql.matchAll(new RegExp(placeholder, 'g'))].map((found) => found.index)
  const valueIn = (at: number, called: string): Value | undefined => valueAt(places.indexOf(at), called)
  const where = /\bwhere\b/i.exec(sql)?.index ?? sql.length
  // an outer join gives rows without one of its own
  const from = /\b(?:left|right|full|outer|cross)\b/i.test(sql) ? where : (/\bjoin\b/i.exec(sql)?.index ?? where)
  const pairs: ConditionPair[] = []
  const values: ConditionPair[] = newRow(sql, valueIn)
  for (const found of sql.matchAll(compared)) {
    const [whole, column, how, called] = found as unknown as readonly [string, string, string, string]
    const at = found.index + whole.length - called.length
    const value = valueIn(at, called)
    if (!value) continue
    const list = at < where && /^update\b/i.test(sql) ? values : pairs
    if (list === pairs && at < from) continue
    list.push({ column: lastOf(column), op: operatorOf(how.trim()), value })
  }
  const loose = /\b(or|not)\b/i.test(
    sql.slice(where).replace(/\bis not\b|\bnot (?:in(?! ?\( ?select)|like|ilike|null)\b/gi, ' '),
  )
  const inserts = /^(insert|replace)\b/i.test(sql)
  return {
    inserts,
    found: !inserts && !aggregate.test(sql.slice(0, where)),
    table,
    tables: tablesOf(sql.slice(0, where), touched),
    where: { t: 'condition', pairs, loose, origins: { flags: 0, refs: [] } },
    values,
  }
}

/** What is written is one table, whatever is asked of others for it. */
function tablesOf(sql: string, touched: readonly string[]): readonly string[] {
  if (!/^\(?select\b/i.test(sql)) return touched.slice(0, 1)
  return listed.test(sql.split(/\b(?:order|group) by\b/i)[0]!) ? [...touched, ''] : touched
}

/** A comparison of a predicate in SQL, by the places of what stands in its text. */
export interface Comparison {
  /** A name that is written there, or the place of a column. */
  readonly column: string | number
  readonly op: ConditionPair['op']
  readonly value: number
}

export interface Predicate {
  readonly compared: readonly Comparison[]
  /** The places of conditions that have to hold besides. */
  readonly holds: readonly number[]
}

/**
 * What a predicate asks for: `? = ? and deleted_at is null`.
 *
 * @param isColumn whether it is a column that stands in that place, and not a value
 * @returns undefined where its parts do not hold all together, as far as can be seen
 */
export function readPredicate(text: string, isColumn: (place: number) => boolean): Predicate | undefined {
  let places = 0
  const sql = bare(text)
    .replace(/\?/g, () => `?${String(places++)}`)
    .replace(/ is not null\b/gi, ' is null')
  if (unclear.test(sql.replace(/ (?:in|= ?any) ?\( ?\?\d+ ?\)/gi, ' = ?'))) return undefined
  const parts = sql.split(/ and /i).map((part) => part.trim())
  const compared = parts.flatMap((part): Comparison[] => {
    const found = comparison.exec(part)
    if (!found) return []
    const { left, list, how, right } = found.groups as Readonly<Record<string, string | undefined>>
    const [one, other] = [placed(left!), placed((list ?? right)!)]
    const isName = (side: string | number): boolean => typeof side === 'string' || isColumn(side)
    const op = how === undefined ? 'in' : operatorOf(how.trim())
    if (isName(one) && typeof other === 'number' && !isColumn(other)) return [{ column: one, op, value: other }]
    return isName(other) && typeof one === 'number' && op === 'eq' ? [{ column: other, op, value: one }] : []
  })
  return { compared, holds: parts.flatMap((part) => (/^\?\d+$/.test(part) ? [Number(part.slice(1))] : [])) }
}

const placed = (side: string): string | number => (side.startsWith('?') ? Number(side.slice(1)) : side)

const term = String.raw`\?\d+|[a-z_][\w$]*`
const comparison = new RegExp(
  String.raw`^(?<left>${term})(?: (?:in|= ?any) ?\( ?(?<list>\?\d+) ?\)|(?<how>${operator}) ?(?<right>${term}))$`,
  'i',
)
/** Words that take a comparison back, make a choice of it, or have another query in them; and what calls something. */
const unclear = /[()]|\b(?:or|not|xor|case|between|select)\b/i

/** A row is kept under a key until it expires: a cache that stands in the database. */
export function isKeptUnderKey(text: string): boolean {
  const sql = bare(text)
  return cacheColumns.every((column) => column.test(sql))
}

/** Every statement makes what is missing, and changes nothing that is there: `create table if not exists`. */
export function onlySetsUp(text: string): boolean {
  const statements = bare(text)
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  return statements.length > 0 && statements.every((statement) => setUp.test(statement))
}

const setUp =
  /^(?:create (?:unique |virtual |materialized )?(?:table|index|view|schema|extension|sequence)(?: concurrently)? if not exists|alter table (?:if exists )?(?:only )?\S+ add column if not exists) /i

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const operatorOf = (how: string): ConditionPair['op'] =>
  how === '=' ? 'eq' : how.toLowerCase() === 'in' ? 'in' : 'compare'

/** `insert into invoices (id, total) values (?, ?)` */
function newRow(sql: string, valueIn: (at: number, called: string) => Value | undefined): ConditionPair[] {
  const found = inserted.exec(sql)
  if (!found) return []
  const columns = found[1]!.split(',').map((column) => column.trim())
  let at = found.index + found[0].lastIndexOf('(') + 1
  return found[2]!.split(',').flatMap((part, i): ConditionPair[] => {
    const called = part.trim()
    const value = called === '' ? undefined : valueIn(at + part.indexOf(called), called)
    at += part.length + 1
    const column = columns[i]
    return value && column !== undefined ? [{ column, op: 'eq', value }] : []
  })
}
