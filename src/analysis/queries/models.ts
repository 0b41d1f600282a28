/** What a model's definition says about whose rows it holds. */
import {
  expiryColumn,
  makesUp,
  ownerColumn,
  personalColumn,
  principalModel,
  secretColumn,
  sessionModel,
  snake,
  spentColumn,
  tenantColumn,
  tenantModel,
  tokenModel,
} from '../../catalog/names.ts'
import { alternatives, type BuilderValue, type QueryValue, type TableValue, type Value } from '../values/value.ts'
import { callValue } from '../code/calls.ts'
import type { Machine } from '../machine.ts'
import { member } from '../code/members.ts'
import { modelValues } from './queries.ts'
import { exportedValue } from '../code/module-exports.ts'
import { moduleForm } from '../code/module-values.ts'
import type { ModelFacts } from '../world.ts'

export interface ColumnFacts {
  readonly name: string
  /** The model that the column references, when the definition says so. */
  readonly references?: string
  readonly type: string
  /** It is the key, and made up by the application or by chance. */
  readonly madeUp?: boolean
}

/** A schema that is not code: a schema file's, or interfaces. Undefined when there is none. */
export type ForeignSchema = (model: string) => readonly ColumnFacts[] | undefined

const unknownModel = (name: string): ModelFacts => ({
  name,
  owned: true,
  tenantKeys: [],
  ownerKeys: [],
  secretColumns: [],
  madeUpKeys: [],
  expires: false,
  spent: false,
  session: sessionModel.test(name),
})

/** Facts about the models of a query: of the first one, owned if any of them is. */
export function modelOf(m: Machine, query: QueryValue, foreign: ForeignSchema): ModelFacts {
  const found = modelValues(m, query).flatMap(({ value, name }): ModelFacts[] => {
    if (name !== undefined) {
      const table = tableInSchema(m, query, name)
      if (table) return [tableFacts(m, table)]
      const columns = foreign(name)
      return [columns ? factsOf(name, columns) : unknownModel(name)]
    }
    return value
      ? alternatives(m.heap.now(value)).flatMap((part) => (part.t === 'table' ? [tableFacts(m, part)] : []))
      : []
  })
  const [first, ...others] = found
  if (!first) return unknownModel('')
  const joined = others.find((facts) => facts.session) ?? first
  return {
    ...first,
    owned: found.some((facts) => facts.owned),
    session: joined.session,
    secretColumns: [...new Set(found.flatMap((facts) => facts.secretColumns))],
  }
}

/** `db.query.invoices`: the table of that name in the schema that the client was made with. */
function tableInSchema(m: Machine, query: QueryValue, name: string): TableValue | undefined {
  for (const arg of query.config ?? []) {
    const options = alternatives(arg).find((part) => m.heap.object(part))
    const schema = options && m.heap.object(options)?.props.get('schema')
    if (!schema) continue
    const found = schemaMember(m, schema, name)
    if (found) return found
  }
  return undefined
}

function schemaMember(m: Machine, schema: Value, name: string): TableValue | undefined {
  const value = member(m, schema, name, m.site([0, 0]))
  return alternatives(value).find((part): part is TableValue => part.t === 'table')
}

/** The columns of a table, and the tables that they lead to. */
function columnList(
  m: Machine,
  table: TableValue,
): { readonly list: readonly ColumnFacts[]; readonly targets: readonly TableValue[] } {
  const list: ColumnFacts[] = []
  const targets: TableValue[] = []
  for (const [name, column] of m.heap.object(columnsOf(m, table))?.props ?? []) {
    const builder = alternatives(column).find((part): part is BuilderValue => part.t === 'builder')
    const references = builder?.calls.find((call) => call.method === 'references')?.args[0]
    const target = references ? referenced(m, references) : undefined
    if (target && target.name !== table.name) targets.push(target)
    const said = builder?.calls.map(({ method }) => method) ?? []
    list.push({
      name,
      type: said[0] ?? '',
      ...(target ? { references: target.name } : {}),
      ...(said.includes('primaryKey') && said.some((method) => makesUp.test(method)) ? { madeUp: true } : {}),
    })
  }
  return { list, targets }
}

/** The tables that a module exports. */
export function tablesIn(
  m: Machine,
  file: string,
): readonly { readonly name: string; readonly columns: readonly ColumnFacts[] }[] {
  const site = { file, range: [0, 0] as const }
  return moduleForm(m, file).exports.flatMap(({ exported, binding }) => {
    if (binding === undefined) return []
    const value = exportedValue(m, file, exported, site)
    return value.t === 'table' ? [{ name: value.name, columns: columnList(m, value).list }] : []
  })
}

export function tableFacts(m: Machine, table: TableValue, depth = 0): ModelFacts {
  const { list, targets } = columnList(m, table)
  const parents = depth < 3 ? targets.map((target) => tableFacts(m, target, depth + 1)) : []
  if (list.length === 0) return unknownModel(table.name)
  const facts = factsOf(table.name, list)
  // it hangs off an owned model by a foreign key
  return facts.owned || !parents.some((parent) => parent.owned) ? facts : { ...facts, owned: true }
}

function columnsOf(m: Machine, table: TableValue): Value {
  if (table.columns.t !== 'function') return table.columns
  return callValue(m, table.columns, [], table.site, {})
}

/** `references(() => users.id)`: the model that the thunk leads to. */
function referenced(m: Machine, thunk: Value): TableValue | undefined {
  const log = m.log.effects.length
  const value = callValue(m, thunk, [], { file: '', range: [0, 0] }, {})
  m.log.effects.length = log
  const table = m.heap.object(value)?.props.get('$table')
  return table?.t === 'table' ? table : undefined
}

/** Owned: it has an owner or tenant column, is the principal's or tenant's own model, holds secrets or personal data. */
export function factsOf(name: string, columns: readonly ColumnFacts[]): ModelFacts {
  const ownerKeys = columns
    .filter(
      (c) =>
        ownerColumn.test(snake(c.name)) || (c.references !== undefined && principalModel.test(snake(c.references))),
    )
    .map((c) => c.name)
  const tenantKeys = columns
    .filter(
      (c) => tenantColumn.test(snake(c.name)) || (c.references !== undefined && tenantModel.test(snake(c.references))),
    )
    .map((c) => c.name)
  const secretColumns = columns.filter((c) => secretColumn.test(snake(c.name))).map((c) => c.name)
  const personal = columns.some((c) => personalColumn.test(snake(c.name)))
  const expires = columns.some((c) => expiryColumn.test(snake(c.name)))
  const own = principalModel.test(snake(name)) || tenantModel.test(snake(name))
  return {
    name,
    owned: ownerKeys.length > 0 || tenantKeys.length > 0 || secretColumns.length > 0 || personal || own,
    tenantKeys,
    ownerKeys,
    secretColumns,
    madeUpKeys: columns.filter((c) => c.madeUp).map((c) => c.name),
    expires,
    spent: columns.some((c) => spentColumn.test(snake(c.name))),
    session: sessionModel.test(name) || (expires && ownerKeys.length > 0 && tokenModel.test(snake(name))),
  }
}
