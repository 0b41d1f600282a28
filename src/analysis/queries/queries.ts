/** Queries: how they are put together, and what running one touches. */
import { isOneTime } from './one-time.ts'
import type { ArgPath, ModelPlace, QueryMeaning } from '../../catalog/meaning.ts'
import {
  digestColumn,
  isUnguessable,
  readingFunction,
  sessionKeyColumn,
  snake,
  userModel,
} from '../../catalog/names.ts'
import { keptApart, tellDatabase } from './apart.ts'
import { argumentAt, holds } from '../library/arguments.ts'
import { runAsync } from '../code/call-ends.ts'
import { callValue } from '../code/calls.ts'
import { isHandle } from './handles.ts'
import type { Machine } from '../machine.ts'
import { decide, addSource } from '../caller/decisions.ts'
import { addEffect } from '../effects.ts'
import { addDecider } from '../caller/doubts.ts'
import {
  callerChosen,
  From,
  hasSource,
  noOrigins,
  origins,
  type OpaqueRef,
  type Site,
  type Source,
} from '../values/origins.ts'
import { conditionsOf, isDroppable } from './query-conditions.ts'
import { givesOneRow, noRows, rowsOf, type QueryShape } from './query-results.ts'
import { sqlText, sqlValues, statementOf } from './query-sql.ts'
import { isKeptUnderKey, onlySetsUp } from './raw-sql.ts'
import { shownAs } from './trial.ts'
import { reachOf } from './reach.ts'
import { isRegistration } from './registrations.ts'
import {
  alternatives,
  union,
  isNullish,
  native,
  undefinedValue,
  type ConditionValue,
  type QueryValue,
  type ConditionPair,
  type Value,
} from '../values/value.ts'
import { isSignedCredential, isUsersId } from './users.ts'
import type { ModelFacts } from '../world.ts'

/** A call that makes a query: it is run at once, unless it waits for more of it. */
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

/** A method of a query, for whoever calls it. */
export const queryMember = (_m: Machine, query: QueryValue, key: string, _site: Site): Value =>
  native(key, (machine, args, site, awaited) => callQuery(machine, query, key, args, site, awaited))

function shapeOf(m: Machine, query: QueryValue): QueryShape {
  let { returns, verb, write, documents } = query.meaning
  for (const call of query.calls) {
    const change = query.meaning.methods?.[call.method]
    if (change?.returns) returns = change.returns
    if (change?.plain) documents = undefined
    if (change?.verb) {
      verb = change.verb
      write = change.write ?? writes.has(change.verb)
    } else if (change?.write !== undefined) write = change.write
  }
  if (query.meaning.readsIf?.some((test) => holds(m, test, query.args))) write = false
  if (query.meaning.sql) {
    const text = sqlText(m, query)
    if (text !== undefined)
      write =
        !onlySetsUp(text) &&
        (!/^[\s(]*(select|with|show|explain|pragma|values)\b/i.test(text) ||
          /\b(insert\s+into|delete\s+from|drop|alter|truncate|update\s+\w+\s+set)\b/i.test(text))
  }
  return { returns, verb, write, documents }
}

const writes = new Set(['insert', 'update', 'delete', 'upsert'])

/** Awaiting the query runs it, unless it is a builder that only its own methods run. */
export const settleAwaited = (m: Machine, query: QueryValue): Value =>
  query.meaning.thenable === false ? query : settle(m, query)

/** What is handed to somebody who knows nothing of queries: a query is a promise to them, and runs where they wait for it. */
export const handedOver = (m: Machine, args: readonly Value[]): readonly Value[] =>
  args.some((arg) => alternatives(arg).some(({ t }) => t === 'query'))
    ? args.map((arg) => union(alternatives(arg).map((part) => (part.t === 'query' ? settleAwaited(m, part) : part))))
    : args

/** Runs the query: records what it touches, and gives what this caller gets. */
export function settle(m: Machine, query: QueryValue): Value {
  if (!m.state.alive) return undefinedValue
  const shape = shapeOf(m, query)
  const statement = query.meaning.sql ? statementOf(m, query) : undefined
  const model = m.world.modelOf(m, statement ? withTables(query, statement.tables) : query)
  const condition = statement?.found ? statement.where : conditionsOf(m, query, model)
  const names =
    shape.verb === 'raw' || shape.verb === 'call'
      ? model.name
        ? `\`${model.name}\``
        : 'the database'
      : `\`${model.name || 'the database'}\``
  const barred = barredBy(m, query, condition, model, shape.verb)
  if (barred && (m.lacks(barred.proof) || isByUnknownKey(m, condition))) {
    decide(m, origins(0, barred), query.site)
    return noRows(m, shape.returns, origins(From.principal, barred))
  }
  // who shows the secret that a row was found by is whom it was given to
  const reach = m.tracing ? reachOf(m, query, shape.verb, model, barred !== undefined, statement) : undefined
  const text = sqlText(m, query)
  if (query.meaning.sql) tellDatabase(m, text, sqlValues(m, query))
  const apart = m.tracing ? keptApart(m, query) : undefined
  const inputs = [...query.args, ...query.calls.flatMap((call) => call.args)]
  const read = addEffect(
    m,
    {
      what: shape.verb === 'call' && model.name ? `calls ${names}` : `${shape.write ? 'writes' : 'reads'} ${names}`,
      kind: 'db',
      write: shape.write,
      site: query.site,
      model,
      conditions: condition.pairs,
      verb: shape.verb,
      ...(reach ? { reach } : {}),
      ...(apart === undefined ? {} : { apart }),
      privileged: query.meaning.privileged ?? false,
      ...(text !== undefined && isKeptUnderKey(text) ? { byKey: true } : {}),
      ...(givesOneRow(shape) && condition.pairs.length === 0 && !condition.loose ? { onlyRow: true } : {}),
      ...(shape.verb === 'count' || onlyCounts(m, query) ? { countsOnly: true } : {}),
      ...(shape.verb === 'call' && readingFunction.test(model.name) ? { soundsHarmless: true } : {}),
      ...(m.anonymous && isRegistration(m, query, shape.verb, model) ? { registers: true } : {}),
      ...(query.meaning.rowLevel ? { rowLevel: true, carriesCaller: query.carriesCaller ?? false } : {}),
    },
    inputs,
  )
  const decider =
    query.meaning.rowLevel && query.carriesCaller
      ? [addDecider(m, model.name || query.name, 'row-level security decides which rows the caller gets', query.site)]
      : []
  const ofGuest = isFoundByGuest(m, condition)
  if (m.persona.fresh && ofGuest && isNobodysYet(m, query, condition, model, shape))
    return noRows(m, shape.returns, origins(From.row | From.guest, ...(read ? [read] : [])))
  const refs = [...(read ? [read] : []), ...decider, ...(ofGuest ? guestsRow(m, query, condition, model) : [])]
  // whoever shows the credential is who the row speaks of
  const isCallers = condition.pairs.some((pair) => isUsersId(model, pair) && isSignedCredential(pair, m.state.proofs))
  if (isCallers) m.log.identified++
  const whose =
    isCallers || barred?.proof === 'authenticated'
      ? From.principal
      : isInstallation(m, shape, condition)
        ? From.installation
        : ofGuest
          ? From.guest
          : From.nothing
  return rowsOf(m, { shape, model, condition, reach, refs, whose, given: query.given })
}

/** The query, as one that says which tables it is about. */
const withTables = (query: QueryValue, tables: readonly string[]): QueryValue => ({
  ...query,
  meaning: { ...query.meaning, model: tables.map((_, segment) => ({ segment })) },
  segments: tables,
})

const isByUnknownKey = (m: Machine, { pairs }: ConditionValue): boolean =>
  pairs.some(({ value }) => shownAs(m, value) !== undefined)

/** The row is that of somebody whom anonymous sign-in let in. */
const isFoundByGuest = (m: Machine, condition: ConditionValue): boolean =>
  condition.pairs.some(({ value }) => (m.heap.originsOf(value).flags & From.guest) !== 0)

/** What such a sign-in makes is a user and a session: no other row is found by the id of one who has just come. */
function isNobodysYet(
  m: Machine,
  query: QueryValue,
  { pairs, loose }: ConditionValue,
  model: ModelFacts,
  { write }: QueryShape,
): boolean {
  const isPeople = m.world.schemaFor(m.frame?.file ?? '')?.whose(model.name)?.isPeople
  if (write || loose || model.session || (isPeople ?? userModel.test(snake(model.name))) || onlyCounts(m, query))
    return false
  return pairs.some(
    ({ op, column, value }) =>
      op !== 'compare' && column !== 'id' && (m.heap.originsOf(value).flags & From.guest) !== 0,
  )
}

/** Whether somebody whom anonymous sign-in let in has such a row nobody can tell, save for the row of the user itself. */
function guestsRow(m: Machine, query: QueryValue, condition: ConditionValue, model: ModelFacts): readonly OpaqueRef[] {
  if (
    condition.pairs.every(({ column, value }) => column === 'id' || (m.heap.originsOf(value).flags & From.guest) === 0)
  )
    return []
  const { site } = query
  const name = model.name || query.name
  const asks = addSource(m, { t: 'source', proof: 'tenant', name, site, trust: 'verified' })
  return [addDecider(m, name, 'whether an anonymous user has such a row is not known', site, asks)]
}

/** `select({ count: count() })`: an aggregate is all that is asked for. */
function onlyCounts(m: Machine, query: QueryValue): boolean {
  const fields = query.args[0] && m.heap.object(query.args[0])
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
  const isDropped = (pair: ConditionPair): boolean => isDroppable(query.meaning.dropsUndefined, pair, condition.pairs)
  for (const pair of condition.pairs) {
    if (pair.op === 'compare') continue
    const values = alternatives(pair.value)
    const absent = values.every((value) => isNullish(value) === true)
    const shown = shownAs(m, pair.value)
    const from = shown === undefined ? m.heap.originsOf(pair.value) : origins(shown)
    // tried is what is done for whoever does not know the key, and knows all else
    if (m.persona.trial?.unknownKey && shown === undefined) continue
    if (absent && hasSource(from)) {
      if (isDropped(pair) && values.some((value) => value.t === 'const' && value.value === undefined)) continue
      return from.refs.find((ref): ref is Source => ref.t === 'source')
    }
    if ((from.flags & callerChosen) === 0 || (from.flags & From.row) !== 0) continue
    // left out, it is no condition at all
    if (isDropped(pair) && values.some((value) => isNullish(value) !== false)) continue
    const fromCredential = (from.flags & (From.cookie | From.header)) !== 0
    const digest = (from.flags & From.digest) !== 0 && digestColumn.test(snake(pair.column))
    const handle = isHandle(m, query.site.file, model, pair.column, from)
    const isSecret = isUnguessable(model.name, pair.column)
    const secret =
      handle || isSecret || ((digest || (model.session && sessionKeyColumn.test(snake(pair.column)))) && fromCredential)
    const once = !secret && isOneTime(m, query, model, condition.pairs, pair, verb)
    if (!secret && !once) continue
    const proof = !once && ((fromCredential && !handle) || model.session) ? 'authenticated' : 'capability'
    return addSource(m, {
      t: 'source',
      proof,
      name: `${model.name}.${pair.column}`,
      site: query.site,
      trust: 'verified',
    })
  }
  return undefined
}

/** The one row that is found by something fixed is where the installation keeps what it is set to. */
const isInstallation = (m: Machine, shape: QueryShape, { pairs, loose }: ConditionValue): boolean =>
  givesOneRow(shape) &&
  !loose &&
  pairs.length > 0 &&
  pairs.every(({ op, value }) => op === 'eq' && value.t === 'const' && m.heap.originsOf(value) === noOrigins)

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
