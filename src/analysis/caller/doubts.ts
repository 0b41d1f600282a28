/** What could not be read: it may be the guard, and the path that has met it is in doubt of what it proves. */
import type { Machine } from '../machine.ts'
import { siteKey, type OpaqueRef, type Site, type Source } from '../values/origins.ts'
import type { State } from '../state/state.ts'

/** Something that could not be read and may have refused the caller. */
export interface Doubt {
  readonly ref: OpaqueRef
}

/** Something could not be read. */
export function addOpaque(m: Machine, ref: OpaqueRef): void {
  m.commons.met.addOpaque(ref)
  if (!m.log.opaque.includes(ref)) m.log.opaque.push(ref)
}

/** Something could not be read and may have refused the caller. */
export function addDoubt(m: Machine, ref: OpaqueRef): void {
  addOpaque(m, ref)
  comeToDoubt(m, [{ ref }])
}

/** What a path doubts from here on. */
export function comeToDoubt(m: Machine, doubts: readonly Doubt[], state: State = m.state): void {
  const added = doubts.filter(({ ref }) => !state.doubts.some((doubt) => doubt.ref === ref))
  for (const doubt of doubts) if (!added.includes(doubt)) m.commons.met.addDoubtAgain(doubt.ref)
  if (added.length > 0) state.doubts = [...state.doubts, ...added]
}

/** What decides for the caller at this place: a test of its answer may be the guard. */
export function addDecider(m: Machine, name: string, reason: string, site: Site, asks?: Source): OpaqueRef {
  const known = m.log.opaque.find((ref) => ref.delegated && siteKey(ref.site) === siteKey(site))
  const ref =
    known ??
    m.world.same<OpaqueRef>({
      t: 'opaque',
      name,
      reason,
      site,
      mayBeEffect: false,
      delegated: true,
      ...(asks ? { asks } : {}),
    })
  addOpaque(m, ref)
  return ref
}
