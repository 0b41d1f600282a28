/** Sign-ups that an application writes itself. */
import { grantColumn, principalModel, secretColumn, snake, tenantColumn } from '../../catalog/names.ts'
import type { QueryMeaning } from '../../catalog/meaning.ts'
import type { Machine } from '../machine.ts'
import { callerChosen, From } from '../values/origins.ts'
import { placesOf } from './query-conditions.ts'
import type { QueryValue, Value } from '../values/value.ts'
import type { ModelFacts } from '../world.ts'

/** A user is made with a password of the caller's own, and with nothing that the caller could grant to themselves. */
export function isRegistration(m: Machine, query: QueryValue, verb: QueryMeaning['verb'], model: ModelFacts): boolean {
  if (verb !== 'insert' || !principalModel.test(snake(model.name))) return false
  const places = placesOf(m, query, query.meaning.values ?? [])
  const rows = places.map((place) => ('value' in place ? m.heap.object(place.value) : undefined))
  return rows.length === 1 && rows.every((row) => row !== undefined && !row.rest && isNewUser(m, row.props))
}

function isNewUser(m: Machine, columns: ReadonlyMap<string, Value>): boolean {
  const all = [...columns].map(([name, value]) => ({ name: snake(name), flags: m.heap.originsOf(value).flags }))
  const chosen = all.filter(({ flags }) => (flags & callerChosen) !== 0)
  return (
    chosen.some(({ name, flags }) => secretColumn.test(name) && (flags & From.digest) !== 0) &&
    !chosen.some(({ name }) => grantColumn.test(name) || tenantColumn.test(name))
  )
}
