/** Data with methods of its own: a document that came out of a read, and writes what it was read from (`row.save()`). */
import type { QueryMeaning } from '../../catalog/meaning.ts'
import { callValue } from '../code/calls.ts'
import { opaqueCall } from '../code/opaque-calls.ts'
import { addEffect, type Effect } from '../effects.ts'
import { resolved } from '../language/promises.ts'
import type { Machine } from '../machine.ts'
import { provedNames } from '../queries/in-reach.ts'
import { isNarrowed, type Reach, type ReachedColumn } from '../queries/reach.ts'
import { From, merge, origins, type Site } from '../values/origins.ts'
import { native, unknown, type LibraryValue, type UnknownValue, type Value } from '../values/value.ts'
import { libraryMember } from './meanings.ts'

/** A member that the catalogue lists of such a document; undefined for a column, and for what only computes. */
export function documentMember(m: Machine, row: UnknownValue, key: string, site: Site): Value | undefined {
  const { document } = row
  const found = document === undefined ? undefined : m.world.catalog.member(document, [key])
  if (document === undefined || typeof found !== 'object') return undefined
  const { meaning } = found
  if (meaning.kind === 'query')
    return native(
      key,
      (machine, args, at, awaited) => queryOnRow(machine, row, meaning, args, at, awaited),
      row.origins,
    )
  if (meaning.kind === 'call' && !meaning.effect && meaning.returns === undefined && !meaning.runs) return undefined
  const self: LibraryValue = { t: 'library', base: { instance: document, site }, path: [], origins: row.origins }
  const member = libraryMember(m, self, key, site)
  return member.t === 'library' && meaning.kind === 'call'
    ? native(
        key,
        (machine, args, at, awaited) => callValue(machine, member, args, at, { awaited, name: key }),
        row.origins,
      )
    : member
}

/**
 * Calls a method that the library does not give its documents: the schema does, and nobody can see what that is.
 *
 * @returns undefined where it is none
 */
export function callOwnMethod(
  m: Machine,
  self: Value | undefined,
  key: string | undefined,
  args: readonly Value[],
  site: Site,
  awaited: boolean | undefined,
): Value | undefined {
  if (self?.t !== 'unknown' || self.document === undefined || key === undefined) return undefined
  const { catalog } = m.world
  if (catalog.instance(self.document)?.unlisted !== 'unknown') return undefined
  if (typeof catalog.member(self.document, [key]) === 'object') return undefined
  return opaqueCall(
    m,
    { name: key, reason: 'what was read has it from elsewhere than the library', site, kept: true },
    [self, ...args],
    awaited,
  )
}

/** What is done to the rows that were read, and to no others: it reaches as far as the read did. */
function queryOnRow(
  m: Machine,
  row: UnknownValue,
  { verb, write, returns }: QueryMeaning,
  args: readonly Value[],
  site: Site,
  awaited: boolean,
): Value {
  const read = row.origins.refs
    .flatMap((ref) => (ref.t === 'read' ? [ref.effect as Effect] : []))
    .findLast((effect) => effect.model !== undefined && effect.model.name === row.table)
  const of = read?.model?.name ? `\`${read.model.name}\`` : 'the database'
  const ref = addEffect(
    m,
    {
      what: `${write ? 'writes' : 'reads'} ${of}`,
      kind: 'db',
      write,
      site,
      verb,
      ...(read?.model ? { model: read.model } : {}),
      ...(read?.conditions ? { conditions: read.conditions } : {}),
      ...(m.tracing && read?.reach ? { reach: reachAgain(m, row, read.reach, verb, site) } : {}),
      ...(read?.apart === undefined ? {} : { apart: read.apart }),
      ...(read?.rowLevel ? { rowLevel: true, carriesCaller: read.carriesCaller ?? false } : {}),
    },
    args,
  )
  const answer =
    returns === 'row' ? row : unknown(merge(row.origins, origins(From.row, ...(ref ? [ref] : []))), { nullish: 'no' })
  return awaited ? answer : resolved(answer, site)
}

/** How the row was found, and what has become known of it since. */
function reachAgain(m: Machine, row: UnknownValue, read: Reach, verb: QueryMeaning['verb'], site: Site): Reach {
  const own: ReachedColumn = { column: '*', standing: 'proved', mayBeMissing: false, names: [], by: [] }
  return {
    ...read,
    verb,
    rows: row.term ?? read.rows,
    values: [],
    written: [],
    links: [],
    inReach: provedNames(m, site),
    ...(row.mine && !isNarrowed(read) ? { ways: read.ways.map((way) => [...way, own]) } : {}),
  }
}
