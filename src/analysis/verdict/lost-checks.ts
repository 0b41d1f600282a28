/** Checks of a guarded entry point that do not check, and that something else makes up for. */
import type { LostCause } from '../../model/report.ts'
import { workOfGuards } from './guard-work.ts'
import { nameOfGuard, nameOfSource } from './guards.ts'
import type { Note } from '../caller/notes.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import { isPrivilege, siteKey, type Site } from '../values/origins.ts'
import { performSignedIn, performWithoutVariables, unprivileged, type EntryRun, type Run } from './runs.ts'
import { whereAsked } from './stacks.ts'
import type { World } from '../world.ts'

/** One of them: what is wrong with it, and where. */
export interface LostCheck {
  readonly cause: LostCause
  readonly name: string
  readonly member?: string
  readonly site: Site
}

/**
 * Checks that refuse nobody, each place once. What nobody set is no secret; a key of the context may be the caller's; and a
 * caller who is signed in and has no role passes a check of roles that is not awaited, swallowed or dropped.
 *
 * @param b the run of somebody who is signed in
 */
export function lostChecks(world: World, run: EntryRun, b: Run, decisions: readonly Decision[]): readonly LostCheck[] {
  const lost = [
    ...injectable(b),
    ...unsetSecrets(world, run, decisions),
    ...(b.log.privileges > 0 ? lostPrivileges(b, performSignedIn(world, unprivileged, run)) : []),
  ]
  return lost.filter((note, i) => lost.findIndex((other) => siteKey(other.site) === siteKey(note.site)) === i)
}

const injectable = ({ log }: Run): readonly LostCheck[] =>
  log.notes.flatMap(({ cause, name, site }) => (cause === 'injectableContext' ? [{ cause, name, site }] : []))

function unsetSecrets(world: World, run: EntryRun, decisions: readonly Decision[]): readonly LostCheck[] {
  const secret = decisions
    .flatMap((decision) => decision.sources)
    .find((source) => source.proof === 'secret' || source.proof === 'signature')
  if (!secret) return []
  const unset = performWithoutVariables(world, run)
  const byGuards = workOfGuards(unset)
  const passed = unset.reached.some((effect) => effect.doubts.length === 0 && !byGuards.includes(effect))
  return passed ? [{ cause: 'secretUnset', name: secret.name, site: secret.site }] : []
}

/** @param c the run of somebody who is signed in and has no role or permission */
function lostPrivileges(b: Run, c: Run): readonly LostCheck[] {
  const lost: LostCheck[] = []
  for (const { cause, name, site, forgotten, privilege, member } of c.log.notes) {
    // both say themselves that a role or a permission was asked for
    if (cause === 'denialDropped' && privilege) lost.push({ cause, name, site })
    if (cause === 'resultIgnored') lost.push({ cause, name, site, ...(member === undefined ? {} : { member }) })
    // what fails whatever the role is was no check of it
    if (b.log.notes.some((other) => siteKey(other.site) === siteKey(site) && other.privilege === privilege)) continue
    if (cause === 'notAwaited') lost.push({ cause, name, site })
    // what it stands before in there, it still does
    else if (cause === 'swallowed' && forgotten && reachesAll(b, c)) lost.push({ cause, name, site })
  }
  // to wait for what is caught would change nothing
  const caught = lost.filter(({ cause }) => cause === 'swallowed')
  for (const { name, site } of c.log.unawaited.values())
    if (!caught.some((other) => isWithin(site, other.site))) lost.push({ cause: 'notAwaited', name, site })
  const late = [...c.log.stops].find((decision) => decision.sources.some(isPrivilege))
  if (late && !c.answered && passesAll(b, c))
    lost.push({ cause: 'tooLate', name: nameOfGuard(late, c.log), site: whereAsked(late.stack) ?? late.site })
  return lost
}

const isWithin = (inner: Site, outer: Site): boolean =>
  inner.file === outer.file && outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1]

/**
 * Nobody is refused, and all the same nobody gets through: something is read of nothing, or of a promise. The check that
 * does not check is what is wrong.
 *
 * @param a the run of somebody who proves nothing
 * @param b the run of somebody who is signed in
 */
export function accidents(a: Run, b: Run): readonly LostCheck[] {
  // a test of a promise comes out the same for everybody, and so does what is read of one
  const forAll = b.log.notes.filter(
    ({ cause, forgotten }) => cause === 'notAwaited' && (forgotten || b.reached.length === 0),
  )
  if (forAll.length > 0) return forAll.flatMap(asLost)
  const stops = [...a.log.stops].filter(isAboutCallers)
  const [first] = stops
  if (!first || stops.some(({ crash }) => !crash)) return []
  const lost = a.log.notes.flatMap(asLost)
  return lost.length > 0
    ? lost
    : [{ cause: 'crashOnly', name: nameOfSource(first.sources[0]!, a.log), site: first.site }]
}

const asLost = ({ cause, name, site }: Note): readonly LostCheck[] =>
  cause === 'notAwaited' || cause === 'denialDropped' ? [{ cause, name, site }] : []

/** Whatever is written for the one is written for the other too. */
function passesAll(b: Run, c: Run): boolean {
  const written = (run: Run): string[] =>
    run.reached.filter((effect) => effect.write).map((effect) => siteKey(effect.site))
  const theirs = written(c)
  return theirs.length > 0 && written(b).every((site) => theirs.includes(site))
}

/** Whatever the one comes to, the other does too. */
function reachesAll(b: Run, c: Run): boolean {
  const theirs = new Set(c.reached.map((effect) => siteKey(effect.site)))
  return theirs.size > 0 && b.reached.every((effect) => theirs.has(siteKey(effect.site)))
}
