/** Queries: what they touch, under which conditions, and what this caller gets from them. */
import type { ArgPath, ModelPlace, Proof, QueryMeaning, QueryResult, WherePlace } from '../catalog/meaning.ts'
import { keptApart, tellDatabase } from './apart.ts'
import { isHandle } from './handles.ts'
import { isOneTime } from './one-time.ts'
import { isRegistration } from './registrations.ts'
import { digestColumn, membershipColumn, membershipModel, snake, unguessableColumn } from '../catalog/names.ts'
import { callValue, runAsync } from './calls.ts'
import { argumentAt } from './arguments.ts'
import type { Machine } from './machine.ts'
import {
  callerChosen,
  From,
  hasSource,
  merge,
  noOrigins,
  origins,
  type OpaqueRef,
  type Origins,
  type ReadRef,
  type Site,
  type Source,
} from './origins.ts'
import {
  alternatives,
  constant,
  givenWith,
  isNullish,
  native,
  nullValue,
  undefinedValue,
  union,
  unknown,
  type ConditionPair,
  type ConditionValue,
  type QueryValue,
  type Value,
  type Ways,
} from './value.ts'
import { isKeptUnderKey, readSql, type Statement } from './raw-sql.ts'
import { isNarrowed, reachOf, type Reach } from './reach.ts'
import { isNamed } from './standing.ts'
import { bound, everything, tiesOf } from './ties.ts'
import { inBoth, inEither, waysOf } from './ways.ts'
import type { ModelFacts } from './world.ts'

export function startQuery(
  m: Machine,
  meaning: QueryMeaning,
  library: string,
  segments: readonly string[],
  args: readonly Value[],
  site: Site,
  name: string,
  config?: readonly Value[],
  carriesCaller = false,
): Value {
  const query: QueryValue = {
    t: 'query',
    meaning,
    library,
    segments,
    args,
    calls: [],
    site,
    name,
    ...(config ? { config } : {}),
    ...(carriesCaller ? { carriesCaller } : {}),
  }
  return meaning.lazy ? query : settle(m, query)
}

/** A further call on a query: one more part of it, or what runs it. */
export function callQuery(
  m: Machine,
  query: QueryValue,
  method: string,
  args: readonly Value[],
  site: Site,
  awaited = false,
): Value {
  if (method === 'then' || method === 'finally') {
    const value = settle(m, query)
    const [then] = args
    if (!then || method !== 'then') return value
    return runAsync(m, { name: query.name, site, awaited, body: site }, () =>
      callValue(m, then, [value], site, { awaited: true }),
    )
  }
  if (method === 'catch') return settle(m, query)
  const longer: QueryValue = { ...query, calls: [...query.calls, { method, args }] }
  return query.meaning.methods?.[method]?.settles ? settle(m, longer) : longer
}

export const queryMember = (_m: Machine, query: QueryValue, key: string, _site: Site): Value =>
  native(key, (machine, args, site, awaited) => callQuery(machine, query, key, args, site, awaited))

interface Shape {
  readonly returns: QueryResult
  readonly verb: QueryMeaning['verb']
  readonly write: boolean
}

function shapeOf(m: Machine, query: QueryValue): Shape {
  let { returns, verb, write } = query.meaning
  for (const call of query.calls) {
    const change = query.meaning.methods?.[call.method]
    if (change?.returns) returns = change.returns
    if (change?.verb) {
      verb = change.verb
      write = change.write ?? writes.has(change.verb)
    } else if (change?.write !== undefined) write = change.write
  }
  if (query.meaning.sql) {
    const text = sqlText(m, query)
    if (text !== undefined)
      write =
        !/^[\s(]*(select|with|show|explain|pragma|values)\b/i.test(text) ||
        /\b(insert\s+into|delete\s+from|drop|alter|truncate|update\s+\w+\s+set)\b/i.test(text)
  }
  return { returns, verb, write }
}

const writes = new Set(['insert', 'update', 'delete', 'upsert'])

function sqlText(m: Machine, query: QueryValue): string | undefined {
  const sql = query.meaning.sql
  if (!sql) return undefined
  const value = sql === 'tag' ? query.args[0] : argumentAt(m, sql.at, query.args)
  return value ? textOf(m, value) : undefined
}

export function textOf(m: Machine, value: Value): string | undefined {
  if (value.t === 'const' && typeof value.value === 'string') return value.value
  if (value.t === 'condition') return value.text
  const strings = m.array(value)
  if (strings?.items.every((item) => item.t === 'const'))
    return strings.items.map((item) => (item.t === 'const' ? String(item.value) : '')).join('?')
  const cell = m.object(value)
  const inner = cell?.props.get('sql') ?? cell?.props.get('text')
  return inner ? textOf(m, inner) : undefined
}

/** What is put into the text. */
function sqlValues(m: Machine, query: QueryValue): readonly Value[] {
  const [first, ...behind] = [...query.args, ...query.calls.flatMap((call) => call.args)]
  const inside = first?.t === 'condition' ? (first.parts ?? []) : []
  return [...inside, ...behind.flatMap((arg) => m.array(arg)?.items ?? [arg])]
}

/** The statement, with the values that stand for its placeholders: in a template, behind the text, or in a list behind it. */
function statementOf(m: Machine, query: QueryValue): Statement | undefined {
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
  const given = behind.flatMap((arg) => m.array(arg)?.items ?? [arg])
  return readSql(text, (place, called) => {
    const number = /^\$(\d+)$/.exec(called)?.[1]
    if (number !== undefined) return given[Number(number) - 1]
    if (called === '?') return given[place]
    return given.map((arg) => m.object(arg)?.props.get(called.slice(1))).find((value) => value !== undefined)
  })
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
  const column = m.object(value)?.props.get('$column')
  if (column?.t === 'const') return String(column.value)
  const table = m.object(value)?.props.get('$table')
  return table?.t === 'table' ? table.name : undefined
}

/** Awaiting the query runs it, unless it is a builder that only its own methods run. */
export const settleAwaited = (m: Machine, query: QueryValue): Value =>
  query.meaning.thenable === false ? query : settle(m, query)

/** Runs the query: records what it touches, and gives what this caller gets. */
export function settle(m: Machine, query: QueryValue): Value {
  if (!m.state.alive) return undefinedValue
  const shape = shapeOf(m, query)
  const model = m.world.modelOf(m, query)
  const condition = conditionsOf(m, query, model)
  const names =
    shape.verb === 'raw' || shape.verb === 'call'
      ? model.name
        ? `\`${model.name}\``
        : 'the database'
      : `\`${model.name || 'the database'}\``
  const barred = barredBy(m, query, condition, model, shape.verb)
  if (barred && m.anonymous) {
    m.decide(origins(0, barred), query.site)
    return nothing(m, shape.returns, origins(From.principal, barred))
  }
  // who shows the secret that a row was found by is whom it was given to
  const statement = m.tracing && query.meaning.sql ? statementOf(m, query) : undefined
  const touched = statement ? { ...model, name: statement.table } : model
  const reach = m.tracing ? reachOf(m, query, shape.verb, touched, barred !== undefined, statement) : undefined
  const text = sqlText(m, query)
  if (query.meaning.sql) tellDatabase(m, text, sqlValues(m, query))
  const apart = m.tracing ? keptApart(m, query) : undefined
  const inputs = [...query.args, ...query.calls.flatMap((call) => call.args)]
  const read = m.effect(
    {
      what: `${shape.write ? 'writes' : 'reads'} ${names}`,
      kind: 'db',
      write: shape.write,
      site: query.site,
      model: touched,
      conditions: condition.pairs,
      verb: shape.verb,
      ...(reach ? { reach } : {}),
      ...(apart === undefined ? {} : { apart }),
      privileged: query.meaning.privileged ?? false,
      ...(text !== undefined && isKeptUnderKey(text) ? { byKey: true } : {}),
      ...(givesOneRow(shape) && condition.pairs.length === 0 && !condition.loose ? { onlyRow: true } : {}),
      ...(shape.verb === 'count' || onlyCounts(m, query) ? { countsOnly: true } : {}),
      ...(m.anonymous && isRegistration(m, query, shape.verb, model) ? { registers: true } : {}),
      ...(query.meaning.rowLevel ? { rowLevel: true, carriesCaller: query.carriesCaller ?? false } : {}),
    },
    inputs,
  )
  const decider =
    query.meaning.rowLevel && query.carriesCaller
      ? [m.decider(model.name || query.name, 'row-level security decides which rows the caller gets', query.site)]
      : []
  const ofGuest = isFoundByGuest(m, condition)
  const refs = [...(read ? [read] : []), ...decider, ...(ofGuest ? guestsRow(m, query, condition, model) : [])]
  // whoever shows the credential is who the row speaks of
  const whose =
    barred?.proof === 'authenticated'
      ? From.principal
      : isInstallation(m, shape, condition)
        ? From.installation
        : ofGuest
          ? From.guest
          : From.nothing
  return rowsOf(m, shape, refs, touched, condition, whose, reach, query.given)
}

/** The row is that of somebody whom anonymous sign-in let in. */
const isFoundByGuest = (m: Machine, condition: ConditionValue): boolean =>
  condition.pairs.some(({ value }) => (m.originsOf(value).flags & From.guest) !== 0)

/** Whether somebody whom anonymous sign-in let in has such a row nobody can tell, save for the row of the user itself. */
function guestsRow(m: Machine, query: QueryValue, condition: ConditionValue, model: ModelFacts): readonly OpaqueRef[] {
  if (condition.pairs.every(({ column, value }) => column === 'id' || (m.originsOf(value).flags & From.guest) === 0))
    return []
  const { site } = query
  const name = model.name || query.name
  const asks = m.source({ t: 'source', proof: 'tenant', name, site, trust: 'verified' })
  return [m.decider(name, 'whether an anonymous user has such a row is not known', site, asks)]
}

/** `select({ count: count() })`: an aggregate is all that is asked for. */
function onlyCounts(m: Machine, query: QueryValue): boolean {
  const fields = query.args[0] && m.object(query.args[0])
  if (query.meaning.verb !== 'select' || !fields || fields.rest || fields.props.size === 0) return false
  return [...fields.props.values()].every((field) => {
    if (field.t === 'condition') return /^\s*(count|sum|avg|min|max)\s*\(/i.test(field.text ?? '')
    return field.t === 'unknown' && field.aggregate === true
  })
}

/**
 * Rows that an anonymous caller cannot reach: they are found by an identity that is absent, or by a secret (a session token,
 * an API key) that the caller would have to know.
 */
function barredBy(
  m: Machine,
  query: QueryValue,
  condition: ConditionValue,
  model: ModelFacts,
  verb: QueryMeaning['verb'],
): Source | undefined {
  if (condition.loose) return undefined
  for (const pair of condition.pairs) {
    if (pair.op === 'compare') continue
    const values = alternatives(pair.value)
    const absent = values.every((value) => isNullish(value) === true)
    const from = m.originsOf(pair.value)
    if (absent && hasSource(from)) {
      if (query.meaning.dropsUndefined && values.some((value) => value.t === 'const' && value.value === undefined))
        continue
      return from.refs.find((ref): ref is Source => ref.t === 'source')
    }
    if ((from.flags & callerChosen) === 0 || (from.flags & From.row) !== 0) continue
    // left out, it is no condition at all
    if (query.meaning.dropsUndefined && values.some((value) => isNullish(value) !== false)) continue
    const fromCredential = (from.flags & (From.cookie | From.header)) !== 0
    const digest = (from.flags & From.digest) !== 0 && digestColumn.test(snake(pair.column))
    const handle = isHandle(m, query.site.file, model, pair.column, from)
    const secret = handle || unguessableColumn.test(snake(pair.column)) || ((model.session || digest) && fromCredential)
    const once = !secret && isOneTime(m, query, model, condition.pairs, pair, verb)
    if (!secret && !once) continue
    const proof = !once && ((fromCredential && !handle) || model.session) ? 'authenticated' : 'capability'
    return m.source({ t: 'source', proof, name: `${model.name}.${pair.column}`, site: query.site, trust: 'verified' })
  }
  return undefined
}

function nothing(m: Machine, returns: QueryResult, from: Origins): Value {
  switch (returns) {
    case 'rows':
      return m.newArray([], undefined, from)
    case 'row':
      return constant(undefined, from)
    case 'row-or-throw':
      return m.throw(m.newObject({}, { is: 'error' }))
    case 'number':
      return constant(0, from)
    case 'data-error-row':
      return m.newObject({
        data: constant(null, from),
        error: unknown(from, { nullish: 'no' }),
        count: constant(0, from),
      })
    case 'data-error-rows':
      return m.newObject({
        data: m.newArray([], undefined, from),
        error: constant(null, from),
        count: constant(0, from),
      })
    case 'driver-rows':
      return m.newObject({ rows: m.newArray([], undefined, from), rowCount: constant(0, from) })
    case 'affected':
      return m.newObject({
        count: constant(0, from),
        rowCount: constant(0, from),
        rowsAffected: constant(0, from),
        changes: constant(0, from),
        numDeletedRows: constant(0, from),
      })
    case 'unknown':
      return unknown(from)
  }
}

function rowsOf(
  m: Machine,
  shape: Shape,
  refs: readonly (ReadRef | OpaqueRef)[],
  model: ModelFacts,
  condition: ConditionValue,
  whose: number,
  reach: Reach | undefined,
  given: readonly Proof[] = [],
): Value {
  const from = origins(From.row | whose, ...refs)
  // whether it failed says no more than that it was refused, or not
  const failing = origins(0, ...refs.filter((ref) => ref.t === 'opaque'))
  const mine = reach !== undefined && (shape.verb === 'insert' || isNarrowed(reach))
  const ties = mine ? tiesOf(reach.rows) : []
  const staff = mine && isOfNamedTenant(m, model, condition) ? [everything] : []
  const proofs = m.anonymous ? [] : [...rowProofs(m, condition, model), ...ties, ...staff, ...given]
  const none = reach && !mine ? absenceOf(reach) : []
  const known = {
    ...(proofs.length > 0 ? { whenTrue: proofs } : {}),
    ...(none.length > 0 ? { whenFalse: none } : {}),
  }
  const traced = reach
    ? { term: reach.rows, ...(mine ? { mine } : {}), ...(reach.links.length > 0 ? { links: reach.links } : {}) }
    : {}
  const row = (nullish: 'maybe' | 'no'): Value => unknown(from, { nullish, table: model.name, ...known, ...traced })
  switch (shape.returns) {
    case 'rows':
      return m.newArray([], row('no'), from)
    case 'row':
      return row('maybe')
    case 'row-or-throw':
      m.prove(proofs)
      return row('no')
    case 'number':
      return unknown(from, { nullish: 'no', ...known })
    case 'data-error-row':
      return m.newObject({ data: row('maybe'), error: unknown(failing), count: unknown(from) })
    case 'data-error-rows':
      return m.newObject({
        data: union([m.newArray([], row('no'), from), nullValue]),
        error: unknown(failing),
        count: unknown(from),
      })
    case 'driver-rows':
      return m.newObject(
        { rows: m.newArray([], row('no'), from), rowCount: unknown(from, { nullish: 'no' }) },
        { rest: unknown(from) },
      )
    case 'affected':
      return unknown(from, { nullish: 'no' })
    case 'unknown':
      return unknown(from)
  }
}

const givesOneRow = ({ returns }: Shape): boolean => returns === 'row' || returns === 'row-or-throw'

/** The one row that is found by something fixed is where the installation keeps what it is set to. */
const isInstallation = (m: Machine, shape: Shape, { pairs, loose }: ConditionValue): boolean =>
  givesOneRow(shape) &&
  !loose &&
  pairs.length > 0 &&
  pairs.every(({ op, value }) => op === 'eq' && value.t === 'const' && m.originsOf(value) === noOrigins)

/** There is no row of that key in this table: nothing of anybody's stands there. */
function absenceOf({ ways, loose, rows }: Reach): readonly Proof[] {
  const [only, ...others] = ways.length === 1 && !loose ? ways[0]! : []
  return only && others.length === 0 && only.names.length === 1 ? [bound(rows.id)] : []
}

/** Somebody's place in the one tenant that the code itself names: whoever has it runs the application. */
function isOfNamedTenant(m: Machine, { name }: ModelFacts, { pairs, loose }: ConditionValue): boolean {
  const whose = m.world.schemaFor(m.frame?.file ?? '')?.whose(name)
  if (!whose || whose.isTenant || whose.owner.length === 0 || loose) return false
  return pairs.some(({ op, column, value }) => op === 'eq' && whose.tenant.includes(column) && isNamed(value))
}

/** A row that is found by the principal ties the caller to it: as one of those who belong there, or as whose it is. */
function rowProofs(m: Machine, { pairs, loose }: ConditionValue, { name }: ModelFacts): readonly Proof[] {
  if (loose || !pairs.some((pair) => (m.originsOf(pair.value).flags & From.principal) !== 0)) return []
  const belongs = membershipModel.test(snake(name)) || pairs.some((pair) => membershipColumn.test(pair.column))
  return [belongs ? 'tenant' : 'owner']
}

// --- conditions ----------------------------------------------------------------------------------------------------------

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
        return column && m.object(column) ? [{ pair: objectCondition(m, column) }] : []
      })
  })
}

function operatorOf(op: number | 'compare' | undefined, args: readonly Value[]): ConditionPair['op'] {
  if (op === undefined) return 'eq'
  const written = op === 'compare' ? undefined : args[op]
  if (written?.t !== 'const') return 'compare'
  return /^(=|==|eq|is)$/i.test(String(written.value)) ? 'eq' : /^in$/i.test(String(written.value)) ? 'in' : 'compare'
}

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
  return m.object(part) ? objectCondition(m, part) : { ...none, hidden: true }
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
  '$gt',
  '$lt',
  '$exists',
])

/** `{ id, organizationId, AND: […], members: { some: { userId } } }` */
function objectCondition(m: Machine, value: Value, column?: string, depth = 0): ConditionValue {
  const cell = m.object(value)
  const pairs: ConditionPair[] = []
  if (!cell || depth > 6) return { t: 'condition', pairs, loose: true, origins: noOrigins }
  // what is spread in may hold any column
  if (m.tracing && cell.rest) pairs.push({ column: '*', op: 'in', value: cell.rest })
  let ways: Ways = [[]]
  let apart = false
  for (const [key, inner] of cell.props) {
    const list = m.array(inner)
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
        : key === 'not' || key === 'none' || key === '$ne' || key === 'notIn'
          ? 'compare'
          : 'eq'
    const within = alternatives(inner).find((part) => part.t === 'object' && m.object(part))
    if (!within) {
      pairs.push({ column: name, op: list ? 'in' : op, value: inner })
      continue
    }
    const nested = objectCondition(m, within, name, depth + 1)
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

/** The condition that an operator of a query library makes of its arguments. */
export function conditionOf(
  m: Machine,
  kind: 'eq' | 'in' | 'compare' | 'and' | 'or' | 'not' | 'raw',
  args: readonly Value[],
): ConditionValue {
  const from = args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins)
  switch (kind) {
    case 'eq':
    case 'in':
    case 'compare': {
      const [left, right] = args
      for (const [side, other] of [
        [left, right],
        [right, left],
      ] as const) {
        const cell = side && m.object(side)
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
        .flatMap((arg) => m.array(arg)?.items ?? [arg])
        .flatMap((arg) => alternatives(arg))
        .filter((arg): arg is ConditionValue => arg.t === 'condition')
      // one alternative of an argument may be missing: `and(a, x ? b : undefined)`
      const some = args.some((arg) => arg.t === 'union')
      const single = kind === 'or' && parts.length === 1 && !some
      if (kind === 'and') {
        const sure = args.flatMap((arg) => everybodysCondition(arg) ?? [])
        const optional = args
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
        pairs: args
          .slice(1)
          .flatMap((arg) => (arg.t === 'condition' ? arg.pairs : [{ column: '', op: 'compare' as const, value: arg }])),
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

/** The values that may name the model of a query. */
export function modelValues(m: Machine, query: QueryValue): { readonly value?: Value; readonly name?: string }[] {
  return query.meaning.model.flatMap((place: ModelPlace) => {
    if ('segment' in place) return [{ name: query.segments[place.segment] ?? '' }]
    if ('maker' in place) return at(m, place.maker, query.config ?? [])
    if ('method' in place) {
      return query.calls.filter((call) => call.method === place.method).flatMap((call) => at(m, place.at, call.args))
    }
    return at(m, place.at, query.args)
  })
}

function at(m: Machine, path: ArgPath, args: readonly Value[]): { readonly value?: Value; readonly name?: string }[] {
  const value = argumentAt(m, path, args)
  if (!value) return []
  return value.t === 'const' && typeof value.value === 'string' ? [{ name: value.value }] : [{ value }]
}
