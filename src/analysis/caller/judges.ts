/**
 * Code that cannot be read and is asked whether the caller may: it is given the row, or what names it, and is told who asks
 * (`ability.can('delete', subject('Invoice', row))`, `await mayTouch(user, row)`). Where its answer refuses others, nobody can
 * tell whose the row is.
 */
import type { Proof } from '../../catalog/meaning.ts'
import { leaves } from '../library/handed.ts'
import type { Machine } from '../machine.ts'
import { From, siteKey, type OpaqueRef, type Origins } from '../values/origins.ts'
import type { Value } from '../values/value.ts'
import { prove } from './proving.ts'
import { standingOf } from './standing.ts'
import { judged, toldWho } from './ties.ts'

const placeOf = ({ site }: OpaqueRef): Proof => toldWho(siteKey(site))

/**
 * What a call that cannot be read is asked about. Who has told it of the caller, has told what it is called on.
 *
 * @param of what it is called on
 */
export function askedBy(m: Machine, of: Origins, args: readonly Value[]): Pick<OpaqueRef, 'about' | 'told'> {
  if (!m.tracing) return {}
  const given = args.flatMap((arg) => leaves(m, arg)).map(({ value }) => ({ value, standing: standingOf(m, value) }))
  const about = given.flatMap(({ value, standing }) =>
    value.t !== 'unknown' || standing === 'proved' || standing === 'fixed'
      ? []
      : [
          ...(value.term?.ties ?? []),
          ...value.origins.refs.flatMap((ref) => (ref.t === 'opaque' ? (ref.about ?? []) : [])),
        ],
  )
  const holders = of.refs.filter((ref): ref is OpaqueRef => ref.t === 'opaque')
  const told =
    given.some(({ value, standing }) => standing === 'proved' || (value.t === 'unknown' && isRequest(value.origins))) ||
    holders.some((ref) => m.state.proofs.includes(placeOf(ref)))
  if (told) prove(m, holders.map(placeOf))
  return { ...(about.length > 0 ? { about: [...new Set(about)].slice(0, 24) } : {}), ...(told ? { told } : {}) }
}

const isRequest = ({ flags }: Origins): boolean => (flags & From.request) !== 0

/** What it gives knows who asks, too. */
export function passOnWho(m: Machine, ref: OpaqueRef): void {
  if (ref.told) prove(m, [placeOf(ref)])
}

/** Of a test that one answer of which has stopped others. */
export const judgedIn = ({ refs }: Origins): readonly Proof[] =>
  refs.flatMap((ref) => (ref.t === 'opaque' && ref.told ? (ref.about ?? []).map(judged) : []))
