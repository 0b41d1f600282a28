/** What a caller gets from a query: rows, and what they show of the caller; or nothing. */
import type { Proof, QueryMeaning, QueryResult } from '../../catalog/meaning.ts'
import { membershipColumn, membershipModel, snake, userModel } from '../../catalog/names.ts'
import type { Machine } from '../machine.ts'
import { prove } from '../caller/proving.ts'
import { From, isOwn, origins, type OpaqueRef, type Origins, type ReadRef } from '../values/origins.ts'
import { isNarrowed, type Reach } from './reach.ts'
import { isNamed } from '../caller/standing.ts'
import { bound, everything, tiesOf } from '../caller/ties.ts'
import { constant, nullValue, union, unknown, type ConditionValue, type Value } from '../values/value.ts'
import type { ModelFacts } from '../world.ts'

/** What a query does, and what it gives. */
export interface QueryShape {
  readonly returns: QueryResult
  readonly verb: QueryMeaning['verb']
  readonly write: boolean
  /** What its rows have beside their columns: see `documents.ts`. */
  readonly documents?: string | undefined
}

/** What somebody gets who cannot reach any row. */
export function noRows(m: Machine, returns: QueryResult, from: Origins): Value {
  switch (returns) {
    case 'rows':
      return m.heap.newArray([], undefined, from)
    case 'row':
      return union([constant(null, from), constant(undefined, from)])
    case 'row-or-null':
      return constant(null, from)
    case 'row-or-undefined':
      return constant(undefined, from)
    case 'row-or-throw':
      return m.throw(m.heap.newObject({}, { is: 'error' }))
    case 'number':
      return constant(0, from)
    case 'data-error-row':
      return m.heap.newObject({
        data: constant(null, from),
        error: unknown(from, { nullish: 'no' }),
        count: constant(0, from),
      })
    case 'data-error-rows':
      return m.heap.newObject({
        data: m.heap.newArray([], undefined, from),
        error: constant(null, from),
        count: constant(0, from),
      })
    case 'driver-rows':
      return m.heap.newObject({ rows: m.heap.newArray([], undefined, from), rowCount: constant(0, from) })
    case 'affected':
      return m.heap.newObject({
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

/** A query that has run. */
export interface QueryRun {
  readonly shape: QueryShape
  readonly model: ModelFacts
  readonly condition: ConditionValue
  /** Which rows it can touch; while tracing. */
  readonly reach: Reach | undefined
  /** The read, and what decides for the caller which rows it gives. */
  readonly refs: readonly (ReadRef | OpaqueRef)[]
  /** Of whom the rows speak: one of `From`. */
  readonly whose: number
  /** What was proved of the rows before. */
  readonly given: readonly Proof[] | undefined
}

/** What this caller gets from it. */
export function rowsOf(m: Machine, run: QueryRun): Value {
  const { shape, model, condition, reach, refs, whose, given = [] } = run
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
  const document = shape.documents === undefined ? {} : { document: shape.documents }
  const row = (nullish: 'maybe' | 'no'): Value =>
    unknown(from, { nullish, table: model.name, ...document, ...known, ...traced })
  switch (shape.returns) {
    case 'rows':
      return m.heap.newArray([], row('no'), from)
    case 'row':
    case 'row-or-null':
    case 'row-or-undefined':
      return row('maybe')
    case 'row-or-throw':
      prove(m, proofs)
      return row('no')
    case 'number':
      return unknown(from, { nullish: 'no', ...known })
    case 'data-error-row':
      return m.heap.newObject({ data: row('maybe'), error: unknown(failing), count: unknown(from) })
    case 'data-error-rows':
      return m.heap.newObject({
        data: union([m.heap.newArray([], row('no'), from), nullValue]),
        error: unknown(failing),
        count: unknown(from),
      })
    case 'driver-rows':
      return m.heap.newObject(
        { rows: m.heap.newArray([], row('no'), from), rowCount: unknown(from, { nullish: 'no' }) },
        { rest: unknown(from) },
      )
    case 'affected':
      return unknown(from, { nullish: 'no' })
    case 'unknown':
      return unknown(from)
  }
}

/** It asks for one row, whichever that is. */
export const givesOneRow = ({ returns }: QueryShape): boolean => oneRow.has(returns)

const oneRow: ReadonlySet<QueryResult> = new Set(['row', 'row-or-null', 'row-or-undefined', 'row-or-throw'])

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

/**
 * A row that is found by the principal ties the caller to it: as one of those who belong there, or as whose it is. That the
 * caller's own user is there says no more than who calls.
 */
function rowProofs(m: Machine, { pairs, loose }: ConditionValue, { name }: ModelFacts): readonly Proof[] {
  const own = loose ? [] : pairs.filter((pair) => isOwn(m.heap.originsOf(pair.value)))
  if (own.length === 0) return []
  const whose = m.world.schemaFor(m.frame?.file ?? '')?.whose(name)
  if (membershipModel.test(snake(name)) || pairs.some((pair) => membershipColumn.test(pair.column))) return ['tenant']
  // a tenant is nobody's row: whoever is named there belongs to it
  if (whose?.isTenant && !own.some(({ column }) => whose.owner.includes(column))) return ['tenant']
  return (whose?.isPeople ?? userModel.test(snake(name))) ? [] : ['owner']
}
