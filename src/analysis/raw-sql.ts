/** What a statement in SQL says of the rows that it touches: their table, the columns that it compares, those that it writes. */
import type { ConditionPair, ConditionValue, Value } from './value.ts'

export interface Statement {
  readonly inserts: boolean
  readonly table: string
  readonly where: ConditionValue
  readonly values: readonly ConditionPair[]
}

/** Quotes gone, comments gone, literals emptied: what is left has neither `or` nor `?` in a text. */
const bare = (text: string): string =>
  text
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/["`[\]]/g, '')
    .replace(/::\s*[\w ]+?(?=[\s),;]|$)/g, '')

const name = String.raw`[a-z_][\w$]*(?:\.[a-z_][\w$]*)*`
const placeholder = String.raw`(?:\?|[$:@]\w+)`

/**
 * @param valueAt the value behind a placeholder: by its place among all, or by what it is called
 * @returns undefined where the text is more than one plain statement
 */
export function readSql(
  text: string,
  valueAt: (place: number, called: string) => Value | undefined,
): Statement | undefined {
  const sql = bare(text).trim()
  if (/\b(union|intersect|except)\b/i.test(sql) || /^with\b/i.test(sql) || /;\s*\S/.test(sql)) return undefined
  const table = new RegExp(
    String.raw`\b(?:from|update(?:\s+only)?|insert\s+into|replace\s+into)\s+(${name})`,
    'i',
  ).exec(sql)
  if (!table) return undefined
  const places = placesIn(sql)
  const pairs: ConditionPair[] = []
  const values: ConditionPair[] = []
  const where = /\bwhere\b/i.exec(sql)?.index ?? sql.length
  const compared = new RegExp(
    String.raw`(${name})\s*(=|<>|!=|<=?|>=?|\bis\b|\b(?:not\s+)?i?like\b|\b(?:not\s+)?in\b)\s*(?:any\s*)?\(?\s*(${placeholder})`,
    'gi',
  )
  for (const found of sql.matchAll(compared)) {
    const at = found.index + found[0].length - found[3]!.length
    const value = valueAt(places.indexOf(at), found[3]!)
    if (!value) continue
    const op = found[2] === '=' ? 'eq' : /^in$/i.test(found[2]!) ? 'in' : 'compare'
    const pair: ConditionPair = { column: found[1]!.split('.').at(-1)!, op, value }
    if (at < where && /^\s*update\b/i.test(sql)) values.push(pair)
    else pairs.push(pair)
  }
  const inserted = /\binsert\s+into\s+\S+\s*\(([^)]*)\)\s*values\s*\(([^)]*)\)/i.exec(sql)
  if (inserted) {
    const columns = inserted[1]!.split(',').map((column) => column.trim())
    const start = inserted.index + inserted[0].lastIndexOf('(') + 1
    let offset = start
    for (const [i, part] of inserted[2]!.split(',').entries()) {
      const at = offset + (/\S/.exec(part)?.index ?? 0)
      const called = part.trim()
      const value = places.includes(at) ? valueAt(places.indexOf(at), called) : undefined
      if (value && columns[i] !== undefined) values.push({ column: columns[i], op: 'eq', value })
      offset += part.length + 1
    }
  }
  const loose = /\b(or|not)\b/i.test(sql.slice(where).replace(/\bis\s+not\b|\bnot\s+(?:in|like|ilike|null)\b/gi, ' '))
  return {
    inserts: /^(insert|replace)\b/i.test(sql),
    table: table[1]!.split('.').at(-1)!,
    where: { t: 'condition', pairs, loose, origins: { flags: 0, refs: [] } },
    values,
  }
}

/** Where each placeholder begins. */
const placesIn = (sql: string): readonly number[] =>
  [...sql.matchAll(new RegExp(placeholder, 'g'))].map((found) => found.index)
