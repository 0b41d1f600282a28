/** From runs to a verdict: what an anonymous caller reaches, and what stopped it where it reaches nothing. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Cause, Exposure, Verdict } from '../../model/report.ts'
import { causeOf, notesAsEvidence, type NamedCause } from './causes.ts'
import { changesOf, exposureOf } from './exposure.ts'
import { workOfGuards } from './guard-work.ts'
import { askedOf } from './asked.ts'
import { guardsOf, type Guard, thoseThatStop } from './guards.ts'
import { leaksOf, type LeakNote } from './leaks.ts'
import { accidents, lostChecks, type LostCheck } from './lost-checks.ts'
import { withoutOwnWork } from './own-work.ts'
import type { Effect } from '../effects.ts'
import type { Note } from '../caller/notes.ts'
import type { RunLog } from '../run-log.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import { isAboutCaller, siteKey, type OpaqueRef, type Site } from '../values/origins.ts'
import { anonymous, developer, newcomer, perform, performSignedIn, signedIn, type EntryRun, type Run } from './runs.ts'
import { belowEntry } from './stacks.ts'
import { switchOf, type Switch } from './switches.ts'
import type { World } from '../world.ts'

/** The verdict on an entry point, with what led to it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly cause?: Cause
  readonly culprit?: string
  readonly causeSite?: Site
  readonly reason?: string
  readonly reasonSite?: Site
  /** The variable that decides whether anybody is refused. */
  readonly switchedBy?: Switch
  /** What holds wherever something is reached. */
  readonly proofs: readonly Proof[]
  /** Of a guarded one: what has to be shown for each of its effects. */
  readonly proofsBy?: ReadonlyMap<Effect, readonly Proof[]>
  readonly guards: readonly Guard[]
  readonly effects: readonly Effect[]
  readonly evidence: readonly { readonly site: Site; readonly what: string }[]
  readonly exposure?: Exposure
  /** Those of the effects that change something for good. */
  readonly changes?: ReadonlySet<Effect>
  /** Of a guarded one: checks that do not check, and that something else makes up for; and what is kept for others to find. */
  readonly lost?: readonly (LostCheck | LeakNote)[]
}

/** Why an entry point is public, or cannot be verified. */
interface Reason {
  readonly reason: string
  readonly reasonSite?: Site
}

/** An entry point that an anonymous caller has tried. */
interface Tried {
  readonly world: World
  readonly run: EntryRun
  /** The run of that caller. */
  readonly a: Run
  /** What was reached, the work of guards apart. */
  readonly reached: readonly Effect[]
}

/** @param seen what was noticed while the entry point was found, such as a guard that runs in the browser only */
export function judge(world: World, run: EntryRun, seen: readonly Note[] = []): Judgement {
  const a = perform(world, anonymous, run)
  a.log.notes.push(...seen)
  const byGuards = workOfGuards(a)
  const reached = a.reached.filter((effect) => !byGuards.includes(effect))
  const tried: Tried = { world, run, a, reached }
  const known = reached.filter((effect) => effect.kind !== 'unknown')
  // what the same service decides over needs no other guard
  const certain = known.filter((effect) => effect.doubts.every(({ ref }) => ref.delegated && isDelegated(effect)))
  // in a run that was cut short, what a helper does may be the work of a guard that would have refused
  const shown = a.log.exhausted ? certain.filter((effect) => belowEntry(effect.stack).length === 0) : certain
  const open = [...shown.filter((effect) => !isDelegated(effect)), ...openToNewcomers(tried, shown)]
  if (open.length > 0) return judgeOpen(tried, open)
  const delegated = certain.filter(isDelegated)
  const undecided =
    whyDoubted(known.filter((effect) => !certain.includes(effect))) ??
    whyLeftToOthers(tried, delegated) ??
    whyUnknown(tried)
  if (undecided) return { ...withoutGuard(reached), verdict: 'unverifiable', ...undecided }
  return delegated.length > 0 ? judgeDelegated(delegated) : judgeClosed(tried, seen)
}

/** Whether somebody has a row stands in doubt: who has just come has none, and what is done for those is open. */
function openToNewcomers({ world, run, reached }: Tried, open: readonly Effect[]): readonly Effect[] {
  if (!reached.some(({ doubts }) => doubts.some(({ ref }) => ref.asks))) return []
  const newcomers = perform(world, newcomer, run)
  if (newcomers.log.exhausted) return []
  const byGuards = workOfGuards(newcomers)
  return newcomers.reached.filter(
    (effect) =>
      effect.kind !== 'unknown' &&
      effect.doubts.length === 0 &&
      !isDelegated(effect) &&
      !byGuards.includes(effect) &&
      !open.some(({ site, what }) => what === effect.what && siteKey(site) === siteKey(effect.site)),
  )
}

const withoutGuard = (effects: readonly Effect[]): Pick<Judgement, 'proofs' | 'guards' | 'effects' | 'evidence'> => ({
  proofs: [],
  guards: [],
  effects,
  evidence: [],
})

/** The caller reaches something for sure, unless it is a sign-up, or a variable decides. */
function judgeOpen({ world, run, a, reached }: Tried, open: readonly Effect[]): Judgement {
  // who signs up is signed in at once: a sign-up that the application has written itself
  const [signedInAt] = a.log.credentials
  // that a name is known is told by every sign-up and sign-in
  const done = open.filter((effect) => effect.write || effect.exposed !== 'hinted')
  if (signedInAt && done.every((effect) => effect.registers))
    return { ...withoutGuard(reached), verdict: 'public', reason: 'credential endpoint', reasonSite: signedInAt }
  const switchedBy = switchOf(world, run, a)
  if (switchedBy) {
    const { name, site } = switchedBy
    const reason = `the guard is skipped in some environments: ${name ? `\`${name}\`` : 'a variable'} decides`
    return { ...withoutGuard(reached), verdict: 'unverifiable', reason, reasonSite: site, switchedBy }
  }
  const { cause, culprit, site } = whyOpen(world, run, a)
  return {
    ...withoutGuard(open),
    verdict: 'unguarded',
    cause,
    ...(culprit ? { culprit } : {}),
    ...(site ? { causeSite: site } : {}),
    changes: changesOf(open, a.log.denials),
    exposure: exposureOf(open),
    evidence: [
      ...(site ? notesAsEvidence([{ cause, name: culprit ?? '', site }]) : []),
      ...notesAsEvidence(a.log.notes.filter((note) => !site || siteKey(note.site) !== siteKey(site))),
      ...asEvidence(open),
    ],
  }
}

function whyOpen(world: World, run: EntryRun, a: Run): NamedCause {
  const found = causeOf(a.log)
  if (found.cause !== 'resultIgnored' && found.cause !== 'passesNull') return found
  return causeOf(a.log, withoutOwnWork(a.log.decisions, a, performSignedIn(world, signedIn, run)))
}

/** The guard as people know it, and the test in there that refuses. */
function refusalAsEvidence({ name, site, refusal }: Guard): Judgement['evidence'] {
  const guard = { site, what: `\`${name}\` refuses callers who prove nothing` }
  if (!refusal || siteKey(refusal.site) === siteKey(site)) return [guard]
  const where = refusal.name && refusal.name !== name ? `: in \`${refusal.name}\`` : ''
  return [guard, { site: refusal.site, what: `where it refuses${where}` }]
}

const asEvidence = (effects: readonly Effect[]): Judgement['evidence'] =>
  effects.slice(0, 5).map(({ site, what }) => ({ site, what }))

/** Something that could not be read may have refused the caller before. */
function whyDoubted([doubted]: readonly Effect[]): Reason | undefined {
  if (!doubted) return undefined
  const { ref } = doubted.doubts.find((doubt) => !doubt.ref.delegated) ?? doubted.doubts[0]!
  return mayBeGuard(ref)
}

const mayBeGuard = ({ name, reason, site }: OpaqueRef): Reason => ({
  reason: `\`${name}\` may be the guard: ${reason}`,
  reasonSite: site,
})

/** A service decides over what is reached, and nothing tells it who asks. */
function whyLeftToOthers({ world, run }: Tried, delegated: readonly Effect[]): Reason | undefined {
  const nobodys = delegated.find((effect) => !effect.carriesCaller && !carriedForOthers(world, run, effect))
  return (
    nobodys && {
      reason: nobodys.rowLevel
        ? 'row-level security decides which rows the caller gets'
        : 'the service behind it decides by the token that it is given',
      reasonSite: nobodys.site,
    }
  )
}

const tooLarge = 'too large to follow to its end'

/** The run was cut short, or ran into what could not be followed. */
function whyUnknown({ a, reached }: Tried): Reason | undefined {
  if (a.log.exhausted) return { reason: tooLarge, reasonSite: a.log.exhausted }
  const unknown = reached.find((effect) => effect.kind === 'unknown')
  if (!unknown) return undefined
  const [doubt] = unknown.doubts
  return doubt ? mayBeGuard(doubt.ref) : { reason: `unknown effect: it ${unknown.what}`, reasonSite: unknown.site }
}

/** All that is reached is a service's to give, and it is told who asks. */
function judgeDelegated(effects: readonly Effect[]): Judgement {
  const { site, rowLevel } = effects[0]!
  const name = rowLevel ? 'row-level security' : 'the service behind it'
  return {
    verdict: 'guarded',
    proofs: ['authenticated'],
    guards: [{ name, site, how: 'delegated', trust: 'catalogue', asked: [], tests: [] }],
    effects,
    evidence: [{ site, what: `${name} decides by the caller's own token: trusted, not proved` }],
  }
}

/** The caller reaches nothing: somebody who is signed in shows whether there is something to reach. */
function judgeClosed({ world, run, a, reached }: Tried, seen: readonly Note[]): Judgement {
  let persona = signedIn
  let b = performSignedIn(world, persona, run)
  const gated = a.log.denials.some((decision) => decision.sources.some((source) => source.proof === 'env-gate'))
  if (b.reached.length === 0 && gated) b = performSignedIn(world, (persona = developer), run)
  const denials = a.log.denials.filter((denial) => !isBeside(denial, a.log))
  const all = a.log.decisions.filter((decision) => !isBeside(decision, a.log))
  const decisions = denials.length > 0 ? denials : all
  const refused =
    denials.some((denial) => isAboutCallers(denial) && (a.log.stops.has(denial) || (!a.answered && b.answered))) &&
    !answersWithOwnSession(a, b)
  if (decisions.length > 0 && (b.reached.some((effect) => !isBeside(effect, a.log)) || refused)) {
    const asked = askedOf(world, run, persona, { a, b, decisions })
    const effects = [...b.reached, ...asked.others]
    const guards = guardsOf(thoseThatStop({ decisions: all, denials }, a.log), a.log)
    return {
      verdict: 'guarded',
      proofs: asked.everywhere,
      proofsBy: asked.by,
      guards,
      effects,
      changes: changesOf(effects, decisions),
      evidence: [...guards.flatMap(refusalAsEvidence), ...asEvidence(effects)],
      lost: [
        ...lostChecks(world, run, b, decisions),
        ...accidents(a, b),
        ...leaksOf([...seen, ...b.log.notes], decisions),
      ],
    }
  }
  return { ...withoutGuard(reached), ...whyNotGuarded(a, b) }
}

/** Nobody is refused: nothing is protected, or nobody could say by what. */
function whyNotGuarded(a: Run, b: Run): Reason & Pick<Judgement, 'verdict'> {
  const credentials = a.log.credentials[0] ?? b.log.credentials[0]
  if (credentials) return { verdict: 'public', reason: 'credential endpoint', reasonSite: credentials }
  if (b.log.exhausted) return { verdict: 'unverifiable', reason: tooLarge, reasonSite: b.log.exhausted }
  const [reached] = b.reached
  if (reached)
    return {
      verdict: 'unverifiable',
      reason: 'what separates callers here could not be named',
      reasonSite: reached.site,
    }
  const identity = a.log.sources.find((source) => source.proof === 'authenticated')
  return identity
    ? { verdict: 'public', reason: "answers with the caller's own session only", reasonSite: identity.site }
    : { verdict: 'public', reason: 'no protected effect' }
}

/** Of a call that nobody waits for: whom that refuses, it stops in there alone. */
const isBeside = ({ stack }: Effect | Decision, { unawaited }: RunLog): boolean =>
  unawaited.size > 0 && stack.some(({ calledAt }) => unawaited.has(siteKey(calledAt)))

/** A getter of the caller's own session, which tests it itself if at all: nothing but the identity is given. */
function answersWithOwnSession(a: Run, b: Run): boolean {
  if (b.reached.length > 0 || (b.secret && !a.secret)) return false
  if (a.answered || a.log.credentials.length > 0) return true
  const denials = a.log.denials.filter(isAboutCallers)
  // who has to be signed in before does not sign in by it, unlike one who shows a password, or a code that was sent
  if (b.log.credentials.length > 0) return !denials.some(({ sources }) => sources.some(isAboutCaller))
  const isGuardBefore = ({ stack }: Decision): boolean => belowEntry(stack).length > 0
  return b.own && !denials.every(isGuardBefore)
}

const isDelegated = (effect: Effect): boolean => effect.rowLevel === true || effect.delegated === true

/** The client carries nothing for this caller, who has nothing to carry; for a signed-in one it carries the token. */
function carriedForOthers(world: World, run: EntryRun, effect: Effect): boolean {
  const there = [...new Set(perform(world, signedIn, run).log.effects)].filter(
    (other) => siteKey(other.site) === siteKey(effect.site) && isDelegated(other),
  )
  return there.length > 0 && there.every((other) => other.carriesCaller)
}
