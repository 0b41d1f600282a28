/**
 * One-time codes: rows that are found by what somebody was sent, hold for a time and are used up, whatever the column is
 * called that holds what was sent. Who redeems one was sent it.
 *
 * A column called `token` says that nobody guesses it; one called `code` may hold that of a country, a coupon or a school. So
 * it has to be seen that chance fills it wherever the application does: a coupon whose code somebody types, a
 * slug that is made of a title and a code that a caller chooses are none of these. Nor is an id, which stands wherever the
 * row is spoken of.
 *
 * How much chance it takes hangs on how long there is to try. Where the query itself asks that the row still holds or is not
 * used yet, twenty bits are what NIST SP 800-63B asks of a secret that is sent out, used once and soon expires; it asks for a
 * limit on tries below 64 bits as well, which cannot be seen here. Six digits have less than twenty, and are refused:
 * without such a limit they are found within hours. Where the query does not ask, a code may be tried for ever, and has to
 * be as good as a key of a store (`minted.ts`).
 */
import { fillingMethods } from '../../catalog/keyed.ts'
import type { QueryMeaning } from '../../catalog/meaning.ts'
import { expiryColumn, idColumn, snake, spentColumn } from '../../catalog/names.ts'
import type { Machine } from '../machine.ts'
import { enough } from './minted.ts'
import { callerChosen } from '../values/origins.ts'
import { placesOf } from './query-conditions.ts'
import { alternatives, type ConditionPair, type QueryValue, type Value } from '../values/value.ts'
import { chanceOf } from '../values/wording.ts'
import { atCallsOf, valueInParts } from '../code/written.ts'
import type { ModelFacts } from '../world.ts'

/** A column of a new row is filled. */
export interface Fill {
  readonly model: string
  readonly column: string
  /** The bits that chance has made. */
  readonly chance: number
}

/** Stands for every column. */
const any = '*'

/** For a code that can be tried only while it holds, and is used once. */
const enoughOnce = 20

/** Whether the row is found by a one-time code that the caller shows. */
export function isOneTime(
  m: Machine,
  query: QueryValue,
  model: ModelFacts,
  pairs: readonly ConditionPair[],
  { column, op }: ConditionPair,
  verb: QueryMeaning['verb'],
): boolean {
  if (op !== 'eq' || model.name === '' || idColumn.test(snake(column))) return false
  const asked = pairs.filter((pair) => (m.heap.originsOf(pair.value).flags & callerChosen) === 0)
  const asksIf = (pattern: Pick<RegExp, 'test'>): boolean => asked.some((pair) => pattern.test(snake(pair.column)))
  const holds = asksIf(expiryColumn)
  const unused = asksIf(spentColumn)
  if (!(holds || model.expires) || !(unused || model.spent || verb === 'delete')) return false
  const wanted = holds || unused ? enoughOnce : enough
  const { file } = query.site
  const others = m.world.modules.keepers(file, 'rows').filter((at) => at !== file)
  const fills = [file, ...others]
    .flatMap((at) => fillsIn(m, at))
    .filter((fill) => fill.model === model.name && (fill.column === column || fill.column === any))
  return fills.length > 0 && fills.every(({ chance }) => chance >= wanted)
}

/** What functions of a module fill columns with, whenever they run. */
const fillsIn = (m: Machine, file: string): readonly Fill[] =>
  atCallsOf(m, file, m.world.fills, fillingMethods, (inner, fn, { call }) =>
    alternatives(valueInParts(inner, file, fn, call)).flatMap((made) =>
      made.t === 'query' ? fillsOf(inner, made) : [],
    ),
  )

function fillsOf(m: Machine, query: QueryValue): Fill[] {
  const { verb, values = [] } = query.meaning
  if (verb !== 'insert' && verb !== 'upsert' && verb !== 'update') return []
  const model = m.world.modelOf(m, query).name
  const rows = placesOf(m, query, values).flatMap((place): readonly Value[] => {
    if (!('value' in place)) return []
    const list = m.heap.array(place.value)
    return list ? [...list.items, ...(list.rest ? [list.rest] : [])] : [place.value]
  })
  return rows.flatMap((row) => {
    const cell = m.heap.object(row)
    const filled = [...(cell?.props ?? [])].map(([column, value]) => ({ model, column, chance: chanceOf(value) }))
    return cell && !cell.rest ? filled : [...filled, { model, column: any, chance: 0 }]
  })
}
