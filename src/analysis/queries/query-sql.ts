/** Queries that are written in SQL: the text, and the values that stand in it or behind it. */
import { argumentAt } from '../library/arguments.ts'
import type { Machine } from '../machine.ts'
import { standingOf } from '../caller/standing.ts'
import { readPredicate, readSql, type Statement } from './raw-sql.ts'
import {
  undefinedValue,
  type ConditionPair,
  type ConditionValue,
  type ObjectCell,
  type QueryValue,
  type Value,
} from '../values/value.ts'

/** The text of a query that is written in SQL, as far as it is known. */
export function sqlText(m: Machine, query: QueryValue): string | undefined {
  const sql = query.meaning.sql
  if (!sql) return undefined
  const value = sql === 'tag' ? query.args[0] : argumentAt(m, sql.at, query.args)
  return value ? textOf(m, value) : undefined
}

/** The text that a template or an object with a text holds: `?` stands for what is put into it. */
export function textOf(m: Machine, value: Value): string | undefined {
  if (value.t === 'const' && typeof value.value === 'string') return value.value
  if (value.t === 'condition') return value.text
  const strings = m.heap.array(value)
  if (strings?.items.every((item) => item.t === 'const'))
    return strings.items.map((item) => (item.t === 'const' ? String(item.value) : '')).join('?')
  const cell = m.heap.object(value)
  const inner = cell?.props.get('sql') ?? cell?.props.get('text')
  return inner ? textOf(m, inner) : undefined
}

/** What is put into the text. */
export function sqlValues(m: Machine, query: QueryValue): readonly Value[] {
  const [first, ...behind] = [...query.args, ...query.calls.flatMap((call) => call.args)]
  const inside = first?.t === 'condition' ? (first.parts ?? []) : []
  return [...inside, ...behind.flatMap((arg) => m.heap.array(arg)?.items ?? [arg])]
}

/** The statement, with the values that stand for its placeholders: in a template, behind the text, or in a list behind it. */
export function statementOf(m: Machine, query: QueryValue): Statement | undefined {
  const { sql } = query.meaning
  const text = sqlText(m, query)
  if (text === undefined || !sql) return undefined
  const first = sql === 'tag' ? query.args[0] : argumentAt(m, sql.at, query.args)
  const template = first?.t === 'condition' ? first.parts : sql === 'tag' ? query.args.slice(1) : undefined
  if (template) {
    const written = withColumns(m, text, template)
    return readSql(written.text, (place) => written.values[place])
  }
  const behind = [...query.args.slice(1), ...query.calls.flatMap((call) => call.args)]
  const given = behind.flatMap((arg) => m.heap.array(arg)?.items ?? [arg])
  return readSql(text, (place, called) => {
    const number = /^\$(\d+)$/.exec(called)?.[1]
    if (number !== undefined) return given[Number(number) - 1]
    if (called === '?') return given[place]
    return given.map((arg) => m.heap.object(arg)?.props.get(called.slice(1))).find((value) => value !== undefined)
  })
}

/** `${invoices.id} = ${id}` as a condition: the columns that it compares, and what else stands in it. */
export function predicateOf(
  m: Machine,
  text: string,
  parts: readonly Value[],
): Pick<ConditionValue, 'pairs' | 'hidden'> {
  const columnAt = (place: number): ObjectCell | undefined => {
    const cell = parts[place] && m.heap.object(parts[place])
    return cell?.props.has('$column') ? cell : undefined
  }
  const isPlain = text.split('?').length === parts.length + 1 && parts.every(staysWhole)
  const read = isPlain ? readPredicate(text, (at) => columnAt(at) !== undefined) : undefined
  const compared = (read?.compared ?? []).map(({ column, op, value }): ConditionPair => {
    const props = typeof column === 'number' ? columnAt(column)?.props : undefined
    const [name, table] = [props?.get('$column'), props?.get('$table')]
    return {
      column: name?.t === 'const' ? String(name.value) : String(column),
      op,
      value: parts[value]!,
      ...(table?.t === 'table' ? { table: table.name } : {}),
    }
  })
  const used = new Set(read?.compared.flatMap(({ column, value }) => [column, value]))
  const nested = (part: Value, at: number): readonly ConditionPair[] => {
    if (part.t !== 'condition') return [{ column: '', op: 'compare', value: part }]
    return read?.holds.includes(at) ? part.pairs : part.pairs.map((pair) => ({ ...pair, op: 'compare' as const }))
  }
  const isHidden = (part: Value, at: number): boolean =>
    !used.has(at) && !read?.holds.includes(at) && m.tracing && standingOf(m, part) === 'proved'
  return {
    pairs: [...compared, ...parts.flatMap((part, at) => (used.has(at) ? [] : nested(part, at)))],
    // what ties a row to the caller may stand in what could not be read
    ...(parts.some(isHidden) ? { hidden: true } : {}),
  }
}

/** Text that is put into text is not put in brackets. */
function staysWhole(part: Value): boolean {
  if (part.t !== 'condition') return true
  return part.text === undefined ? part.pairs.length > 0 : readPredicate(part.text, () => false) !== undefined
}

/** `${invoices.id} = ${id}`: columns and tables in a template are names, everything else is a value. */
function withColumns(
  m: Machine,
  text: string,
  template: readonly Value[],
): { readonly text: string; readonly values: readonly Value[] } {
  const values: Value[] = []
  const pieces = text.split('?')
  let written = pieces[0] ?? ''
  for (const [i, piece] of pieces.slice(1).entries()) {
    const value = template[i]
    const named =
      value && (nameIn(m, value) ?? (value.t === 'condition' && value.parts?.length === 0 ? value.text : undefined))
    if (named === undefined) values.push(value ?? undefinedValue)
    written += (named ?? '?') + piece
  }
  return { text: written, values }
}

function nameIn(m: Machine, value: Value): string | undefined {
  if (value.t === 'table') return value.name
  const column = m.heap.object(value)?.props.get('$column')
  if (column?.t === 'const') return String(column.value)
  const table = m.heap.object(value)?.props.get('$table')
  return table?.t === 'table' ? table.name : undefined
}
