/** From runs to a verdict: what an anonymous caller reaches, and what stopped it where it reaches nothing. */
import type { Proof } from '../catalog/meaning.ts'
import {
  invitationModel,
  principalModel,
  publishedColumn,
  publishedValue,
  recordModel,
  snake,
  tenantModel,
} from '../catalog/names.ts'
import type { Cause, Exposure, Leak, LostCause, Verdict } from '../model/report.ts'
import { Machine, siteKey, type Effect, type Note, type Persona, type RunLog } from './machine.ts'
import { callerChosen, From, isPrivilege, type Site, type Source } from './origins.ts'
import { isAboutCallers, type Decision, type StackEntry } from './state.ts'
import { shallowOrigins, type Value } from './value.ts'
import type { World } from './world.ts'

export interface Guard {
  readonly name: string
  readonly site: Site
  readonly how: 'middleware' | 'global' | 'call' | 'inline' | 'wrapper' | 'delegated' | 'declared'
  readonly trust: 'verified' | 'catalogue' | 'declared'
  /** The calls that lead to it, from the entry point's or the middleware's own code inwards, and those that look the caller up. */
  readonly asked: readonly Site[]
  /** The tests that told callers apart. */
  readonly tests: readonly Site[]
}

export interface Judgement {
  readonly verdict: Verdict
  readonly cause?: Cause
  readonly culprit?: string
  readonly causeSite?: Site
  readonly reason?: string
  readonly reasonSite?: Site
  /** The variable that decides whether anybody is refused. */
  readonly switchedBy?: RunLog['switches'][number]
  readonly proofs: readonly Proof[]
  readonly guards: readonly Guard[]
  readonly effects: readonly Effect[]
  readonly evidence: readonly { readonly site: Site; readonly what: string }[]
  readonly exposure?: Exposure
  /** Those of the effects that change something for good. */
  readonly changes?: ReadonlySet<Effect>
  /** Of a guarded one: checks that do not check, and that something else makes up for. */
  readonly lost?: readonly LostNote[]
}

export interface LostNote {
  readonly cause: LostCause | Leak
  readonly name: string
  readonly member?: string
  readonly site: Site
}

/** Runs the entry point on the machine and gives its answer. */
export type EntryRun = (m: Machine) => Value

interface Run {
  readonly log: RunLog
  /** Some path came to an ordinary end: not a throw, not a response that refuses. */
  readonly answered: boolean
  /** What is answered says who the caller is. */
  readonly own: boolean
  /** It was made with what only the server knows: a signature over the caller's id. */
  readonly secret: boolean
  readonly reached: readonly Effect[]
}

const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
const signedIn: Persona = { kind: 'signed-in', environment: 'production' }
const developer: Persona = { kind: 'signed-in', environment: 'development' }

function perform(world: World, persona: Persona, run: EntryRun): Run {
  const m = new Machine(world, persona)
  const answer = run(m)
  m.answer(answer)
  // the message of an error reaches the caller as well
  const answered = m.state
  for (const thrown of m.sink.thrown) {
    m.state = thrown.state
    m.answerError(thrown.value)
  }
  m.state = answered
  const promoted = new Set(m.state.alive ? m.state.denialEffects : [])
  const reached = [...new Set(m.log.effects)].filter(
    (effect) =>
      !effect.proved &&
      effect.reports !== true &&
      !isSetUp(effect) &&
      (effect.denying === 'no' || (promoted.has(effect.id) && !isRecord(effect))) &&
      (effect.write ||
        effect.exposed !== 'no' ||
        effect.takesInput === true ||
        (effect.kind !== 'db' && effect.kind !== 'unknown' && !isQuiet(effect))),
  )
  const { flags } = m.originsOf(answer, 8)
  return {
    log: m.log,
    reached,
    answered: m.state.alive && !m.refuses(answer),
    own: (flags & From.principal) !== 0,
    secret: (flags & (From.secret | From.setting)) !== 0,
  }
}

/** What a client needs to be made (its settings, what it finds out of a service) is done for all who come later. */
const isSetUp = ({ forClient, kind, byKey, fromInput, takesInput, exposed }: Effect): boolean =>
  forClient === true &&
  (byKey === true || kind === 'http' || kind === 'other' || kind === 'unknown') &&
  !fromInput &&
  takesInput !== true &&
  exposed === 'no'

/** A note of the denial, taken where it was caught; what is read there and answered is work. */
const isRecord = (effect: Effect): boolean =>
  effect.denying === 'caught' && effect.exposed === 'no' && (effect.ofFailure || (effect.write && !effect.fromInput))

/** What a session lookup does itself (its rows, and the row of the user whom it names) is no work for the caller. */
export function performSignedIn(world: World, persona: Persona, run: EntryRun): Run {
  const all = perform(world, persona, run)
  return { ...all, reached: all.reached.filter((effect) => !isSessionLookup(effect)) }
}

function isSessionLookup(effect: Effect): boolean {
  return (effect.conditions ?? []).some((pair) => {
    const { flags } = shallowOrigins(pair.value)
    // what the caller wants to have written there is no part of it
    const isAsked = effect.write && effect.fromInput
    if (effect.model?.session && !isAsked && (flags & (From.principal | From.cookie | From.header)) !== 0) return true
    return (
      !effect.write &&
      pair.op === 'eq' &&
      pair.column === 'id' &&
      (flags & From.principal) !== 0 &&
      (flags & callerChosen) === 0
    )
  })
}

/**
 * What a guard does before it refuses: it refreshes a cache, counts an attempt. Such work is done in the same helper or
 * middleware as the denial and takes nothing of the caller's input; or it is done on the way to the identity, in the
 * function below that helper which looks it up (it builds the client, fills the store of the settings).
 */
function workOfGuards(run: Run): Effect[] {
  const { stacks } = run.log
  // what refuses everybody in some environment is no guard that works for somebody
  const denials = run.log.denials.filter(isAboutCallers)
  const helpers = new Set(denials.flatMap((denial) => belowEntry(denial.stack).slice(0, 1)))
  // nobody was let through: what was noted on the way is the refusal's
  const records = run.reached.filter(
    (effect) =>
      !run.answered && denials.length > 0 && effect.write && recordModel.test(snake(effect.model?.name ?? '')),
  )
  // a helper that looks whether the caller is known, and leaves it to others to refuse, keeps what it needs for that
  const asking = new Set(
    denials.flatMap((denial) => denial.sources.flatMap((source) => belowEntry(stacks.get(source) ?? []).slice(0, 1))),
  )
  if (helpers.size === 0 && asking.size === 0) return records
  const identities = [
    ...denials.flatMap((denial) => denial.sources),
    ...run.log.sources.filter((source) => source.proof === 'anonymous-session'),
  ]
  const lookups = new Set(
    identities
      .map((source) => belowEntry(stacks.get(source) ?? []))
      .filter((path) => path.length >= 2)
      .map((path) => path.slice(0, 2).join('>')),
  )
  const wrapped = denials.some(isOfHandler)
  return run.reached.filter((effect) => {
    if (records.includes(effect)) return true
    // what runs in front of every request is the application's work, not this entry point's
    if ((effect.kind === 'unknown' || !effect.write) && anchorOf(effect.stack)?.how === 'global') return true
    if (isReport(effect) && (anchorOf(effect.stack)?.how === 'middleware' || (wrapped && !isOfHandler(effect))))
      return true
    const path = belowEntry(effect.stack)
    if (asking.has(path[0] ?? '') && isCache(effect)) return true
    if (!helpers.has(path[0] ?? '')) return false
    if (path.length > 2 && lookups.has(path.slice(0, 2).join('>'))) return true
    return !effect.fromInput && (effect.kind === 'db' || effect.kind === 'unknown')
  })
}

/** What is kept under a key for the next time. */
const isCache = (effect: Effect): boolean => effect.byKey === true && effect.exposed === 'no' && !effect.fromInput

/** Middleware and wrappers stand around many entry points: they tell a service of the call, with nothing of what was sent. */
const isReport = (effect: Effect): boolean =>
  (effect.kind === 'http' || effect.kind === 'other') && !effect.fromInput && effect.exposed === 'no'

/** Of the handler that a wrapper was given, and not of the wrapper. */
const isOfHandler = ({ stack }: Pick<Effect, 'stack'>): boolean => stack.some(({ isGiven }) => isGiven === true)

const isAnchor = (entry: StackEntry): boolean =>
  entry.how === 'middleware' || entry.how === 'global' || entry.how === 'handler'

const anchorOf = (stack: readonly StackEntry[]): StackEntry | undefined => stack.findLast(isAnchor)

const changing: ReadonlySet<string> = new Set(['insert', 'update', 'upsert', 'delete'])

/** Rows, mail and payments that change by what the entry point does, not by how it guards itself, caches or counts. */
function changesOf(effects: readonly Effect[], denials: readonly Decision[]): ReadonlySet<Effect> {
  const helpers = new Set(denials.flatMap((denial) => belowEntry(denial.stack).slice(0, 1)))
  return new Set(
    effects.filter(({ kind, verb, write, stack }) => {
      const anchor = anchorOf(stack)
      const own = (anchor?.how ?? 'handler') === 'handler' && !helpers.has(belowEntry(stack)[0] ?? '')
      return write && own && (changing.has(verb ?? '') || kind === 'mail' || kind === 'payment')
    }),
  )
}

/** The functions below the entry point's own code, a middleware being the first. What is handed on is not of who runs it. */
function belowEntry(stack: readonly StackEntry[]): string[] {
  const at = stack.findLastIndex(isAnchor)
  const path: StackEntry[] = []
  for (let i = stack.length - 1; i > at; i = stack[i]!.owner ?? i - 1)
    if (stack[i]!.isClosure !== true) path.unshift(stack[i]!)
  const anchor = stack[at]
  if (anchor && anchor.how !== 'handler') path.unshift(anchor)
  return path.map(({ site }) => `${site.file}:${String(site.range[0])}`)
}

/** Reads that matter only when what they give leaves the server. */
const isQuiet = (effect: Effect): boolean =>
  !effect.write &&
  (effect.kind === 'http' || effect.kind === 'identity' || effect.kind === 'storage' || effect.kind === 'secret')

const tooLarge = 'too large to follow to its end'

/** @param seen what was noticed while the entry point was found, such as a guard that runs in the browser only */
export function judge(world: World, run: EntryRun, seen: readonly Note[] = []): Judgement {
  const a = perform(world, anonymous, run)
  a.log.notes.push(...seen)
  const byGuards = workOfGuards(a)
  const reached = a.reached.filter((effect) => !byGuards.includes(effect))
  const known = reached.filter((effect) => effect.kind !== 'unknown')
  // what the same service decides over needs no other guard
  const certain = known.filter((effect) => effect.doubts.every(({ ref }) => ref.delegated && isDelegated(effect)))
  // in a run that was cut short, what a helper does may be the work of a guard that would have refused
  const shown = a.log.exhausted ? certain.filter((effect) => belowEntry(effect.stack).length === 0) : certain
  const open = shown.filter((effect) => !isDelegated(effect))
  const base = {
    proofs: [] as Proof[],
    guards: [] as Guard[],
    effects: reached,
    evidence: [] as { site: Site; what: string }[],
  }

  // who signs up is signed in at once: a sign-up that the application has written itself
  const [signedInAt] = a.log.credentials
  if (open.length > 0 && signedInAt && open.every((effect) => effect.registers))
    return { ...base, verdict: 'public', reason: 'credential endpoint', reasonSite: signedInAt }
  if (open.length > 0) {
    const bypass = switchOf(world, run, a)
    if (bypass)
      return {
        ...base,
        verdict: 'unverifiable',
        reason: `the guard is skipped in some environments: ${bypass.name ? `\`${bypass.name}\`` : 'a variable'} decides`,
        reasonSite: bypass.site,
        switchedBy: bypass,
      }
    const { cause, culprit, site } = causeOf(a)
    return {
      ...base,
      verdict: 'unguarded',
      cause,
      ...(culprit ? { culprit } : {}),
      ...(site ? { causeSite: site } : {}),
      effects: open,
      changes: changesOf(open, a.log.denials),
      exposure: exposureOf(ownOf(open)),
      evidence: [
        ...(site ? notesAsEvidence([{ cause, name: culprit ?? '', site }]) : []),
        ...notesAsEvidence(a.log.notes.filter((note) => !site || siteKey(note.site) !== siteKey(site))),
        ...open.slice(0, 5).map((effect) => ({ site: effect.site, what: effect.what })),
      ],
    }
  }
  const doubted = known.find((effect) => !certain.includes(effect))
  if (doubted) {
    const ref = (doubted.doubts.find((doubt) => !doubt.ref.delegated) ?? doubted.doubts[0]!).ref
    return {
      ...base,
      verdict: 'unverifiable',
      reason: `\`${ref.name}\` may be the guard: ${ref.reason}`,
      reasonSite: ref.site,
    }
  }
  const elsewhere = certain.filter(isDelegated)
  const nobodys = elsewhere.find((effect) => !effect.carriesCaller && !carriedForOthers(world, run, effect))
  if (nobodys) {
    const reason = nobodys.rowLevel
      ? 'row-level security decides which rows the caller gets'
      : 'the service behind it decides by the token that it is given'
    return { ...base, verdict: 'unverifiable', reason, reasonSite: nobodys.site }
  }
  if (a.log.exhausted) return { ...base, verdict: 'unverifiable', reason: tooLarge, reasonSite: a.log.exhausted }
  const unknownEffect = reached.find((effect) => effect.kind === 'unknown')
  if (unknownEffect) {
    const doubt = unknownEffect.doubts[0]?.ref
    const reason = doubt
      ? `\`${doubt.name}\` may be the guard: ${doubt.reason}`
      : `unknown effect: it ${unknownEffect.what}`
    return { ...base, verdict: 'unverifiable', reason, reasonSite: doubt?.site ?? unknownEffect.site }
  }

  if (elsewhere.length > 0) {
    const site = elsewhere[0]!.site
    const name = elsewhere[0]!.rowLevel ? 'row-level security' : 'the service behind it'
    return {
      verdict: 'guarded',
      proofs: ['authenticated'],
      guards: [{ name, site, how: 'delegated', trust: 'catalogue', asked: [], tests: [] }],
      effects: elsewhere,
      evidence: [{ site, what: `${name} decides by the caller's own token: trusted, not proved` }],
    }
  }

  let b = performSignedIn(world, signedIn, run)
  const gated = a.log.denials.some((decision) => decision.sources.some((source) => source.proof === 'env-gate'))
  if (b.reached.length === 0 && gated) b = performSignedIn(world, developer, run)
  const denials = a.log.denials.filter((denial) => !isBeside(denial, a.log))
  const decisions = denials.length > 0 ? denials : a.log.decisions.filter((decision) => !isBeside(decision, a.log))
  const refused =
    denials.some((denial) => isAboutCallers(denial) && (a.log.stops.has(denial) || !a.answered)) &&
    !answersWithOwnSession(a, b)
  if (decisions.length > 0 && (b.reached.some((effect) => !isBeside(effect, a.log)) || refused)) {
    const guards = guardsOf(thoseThatStop(decisions, a.log), a.log)
    return {
      verdict: 'guarded',
      proofs: proofsOf(decisions, b.reached),
      guards,
      effects: b.reached,
      changes: changesOf(b.reached, decisions),
      evidence: [
        ...guards.map((guard) => ({ site: guard.site, what: `\`${guard.name}\` refuses callers who prove nothing` })),
        ...b.reached.slice(0, 5).map((effect) => ({ site: effect.site, what: effect.what })),
      ],
      lost: [
        ...lostChecks(world, run, b, decisions),
        ...accidents(a, b),
        ...leaksOf([...seen, ...b.log.notes], decisions),
      ],
    }
  }
  if (a.log.credentials.length > 0 || b.log.credentials.length > 0) {
    const site = a.log.credentials[0] ?? b.log.credentials[0]!
    return { ...base, verdict: 'public', reason: 'credential endpoint', reasonSite: site }
  }
  if (b.log.exhausted) return { ...base, verdict: 'unverifiable', reason: tooLarge, reasonSite: b.log.exhausted }
  if (b.reached.length > 0) {
    return {
      ...base,
      verdict: 'unverifiable',
      reason: 'what separates callers here could not be named',
      reasonSite: b.reached[0]!.site,
    }
  }
  const identity = a.log.sources.find((source) => source.proof === 'authenticated')
  if (identity)
    return {
      ...base,
      verdict: 'public',
      reason: "answers with the caller's own session only",
      reasonSite: identity.site,
    }
  return { ...base, verdict: 'public', reason: 'no protected effect' }
}

/** Of a call that nobody waits for: whom that refuses, it stops in there alone. */
const isBeside = ({ stack }: Effect | Decision, { unawaited }: RunLog): boolean =>
  unawaited.size > 0 && stack.some(({ calledAt }) => unawaited.has(siteKey(calledAt)))

/** A getter of the caller's own session, which tests it itself if at all: nothing but the identity is given. */
function answersWithOwnSession(a: Run, b: Run): boolean {
  if (b.reached.length > 0 || (b.secret && !a.secret)) return false
  if (a.answered || a.log.credentials.length > 0 || b.log.credentials.length > 0) return true
  const isGuardBefore = ({ stack }: Decision): boolean => belowEntry(stack).length > 0
  return b.own && !a.log.denials.filter(isAboutCallers).every(isGuardBefore)
}

const leaks: ReadonlySet<string> = new Set<Leak>([
  'header',
  'staticFunction',
  'moduleState',
  'capturedIdentity',
  'askedWhenKept',
  'prerendered',
])

/** What is meant for one caller is kept where others find it. A secret that several know makes them no different. */
function leaksOf(notes: readonly Note[], decisions: readonly Decision[]): LostNote[] {
  const personal = decisions.some(({ sources }) => sources.some(isAboutCaller))
  return notes.flatMap(({ cause, name, site, member }) =>
    personal && isLeak(cause) ? [{ cause, name, site, ...(member === undefined ? {} : { member }) }] : [],
  )
}

const isLeak = (cause: string): cause is Leak => leaks.has(cause)

const unprivileged: Persona = { ...signedIn, privileges: 'none' }

/**
 * Checks of a guarded entry point that refuse nobody. A caller who is signed in and has no role passes a check of roles
 * that is not awaited, swallowed or dropped; what nobody set is no secret; and a key of the context may be the caller's.
 */
function lostChecks(world: World, run: EntryRun, b: Run, decisions: readonly Decision[]): LostNote[] {
  const lost: LostNote[] = []
  for (const { cause, name, site } of b.log.notes) if (cause === 'injectableContext') lost.push({ cause, name, site })
  const secrets = decisions
    .flatMap((decision) => decision.sources)
    .filter((source) => source.proof === 'secret' || source.proof === 'signature')
  if (secrets.length > 0) {
    const c = performWithoutVariables(world, run)
    const passed = c.reached.some((effect) => effect.doubts.length === 0 && !workOfGuards(c).includes(effect))
    const [secret] = secrets
    if (passed) lost.push({ cause: 'secretUnset', name: secret!.name, site: secret!.site })
  }
  if (b.log.privileges > 0) {
    const c = performSignedIn(world, unprivileged, run)
    for (const { cause, name, site, forgotten, privilege, member } of c.log.notes) {
      // both say themselves that a role or a permission was asked for
      if (cause === 'denialDropped' && privilege) lost.push({ cause, name, site })
      if (cause === 'resultIgnored') lost.push({ cause, name, site, ...(member === undefined ? {} : { member }) })
      // what fails whatever the role is was no check of it
      if (b.log.notes.some((other) => siteKey(other.site) === siteKey(site) && other.privilege === privilege)) continue
      if (cause === 'notAwaited') lost.push({ cause, name, site })
      else if (cause === 'swallowed' && forgotten) lost.push({ cause, name, site })
    }
    for (const { name, site } of c.log.unawaited.values()) lost.push({ cause: 'notAwaited', name, site })
    const late = [...c.log.stops].find((decision) => decision.sources.some(isPrivilege))
    if (late && !c.answered && passesAll(b, c))
      lost.push({ cause: 'tooLate', name: nameOfGuard(late, c.log), site: whereAsked(late.stack) ?? late.site })
  }
  return lost.filter((note, i) => lost.findIndex((other) => siteKey(other.site) === siteKey(note.site)) === i)
}

/** Which variables the application insists on is learnt on the way: then it is run again with these. */
function performWithoutVariables(world: World, run: EntryRun, on: ReadonlySet<string> = new Set()): Run {
  const { lessons } = world
  const before = lessons.now
  const first = perform(world, { ...anonymous, variables: 'unset', insistence: lessons.insistenceOn(on) }, run)
  const all = new Set([...on, ...lessons.since(before)])
  lessons.forget(before)
  return all.size === on.size ? first : performWithoutVariables(world, run, all)
}

/**
 * Nobody is refused, and all the same nobody gets through: something is read of nothing, or of a promise. The check that
 * does not check is what is wrong.
 */
function accidents(a: Run, b: Run): LostNote[] {
  const stops = [...a.log.stops].filter(isAboutCallers)
  // a test of a promise comes out the same for everybody, and so does what is read of one
  const forAll = b.log.notes.filter(
    ({ cause, forgotten }) => cause === 'notAwaited' && (forgotten || b.reached.length === 0),
  )
  if (forAll.length > 0) return forAll.flatMap(asLost)
  if (stops.some(({ crash }) => !crash)) return []
  const [first] = stops
  if (!first) return []
  const lost = a.log.notes.flatMap(asLost)
  if (lost.length > 0) return lost
  return [{ cause: 'crashOnly', name: nameOfSource(first.sources[0]!, a.log), site: first.site }]
}

const asLost = ({ cause, name, site }: Note): LostNote[] =>
  cause === 'notAwaited' || cause === 'denialDropped' ? [{ cause, name, site }] : []

/** Whatever is written for the one is written for the other too. */
function passesAll(b: Run, c: Run): boolean {
  const written = (run: Run): string[] =>
    run.reached.filter((effect) => effect.write).map((effect) => siteKey(effect.site))
  const theirs = written(c)
  return theirs.length > 0 && written(b).every((site) => theirs.includes(site))
}

/** An environment variable, or what the installation is set to, decides whether callers are refused at all. */
function switchOf(world: World, run: EntryRun, a: Run): RunLog['switches'][number] | undefined {
  if (a.log.switches.length === 0) return undefined
  for (const variables of ['unset', 'set'] as const) {
    const b =
      variables === 'unset' ? performWithoutVariables(world, run) : perform(world, { ...anonymous, variables }, run)
    // a handler that stands in a wrapper ends the request by what it returns
    const denied = b.log.denials.some(
      (denial) => isAboutCallers(denial) && (b.log.stops.has(denial) || denial.stack.at(-1)?.isGiven === true),
    )
    if (denied && b.reached.every((effect) => workOfGuards(b).includes(effect)))
      return a.log.switches.find((s) => s.name !== '') ?? a.log.switches[0]
  }
  return undefined
}

const isDelegated = (effect: Effect): boolean => effect.rowLevel === true || effect.delegated === true

/** The client carries nothing for this caller, who has nothing to carry; for a signed-in one it carries the token. */
function carriedForOthers(world: World, run: EntryRun, effect: Effect): boolean {
  const there = [...new Set(perform(world, signedIn, run).log.effects)].filter(
    (other) => siteKey(other.site) === siteKey(effect.site) && isDelegated(other),
  )
  return there.length > 0 && there.every((other) => other.carriesCaller)
}

/** What the entry point does itself: nothing that is read in front of all of them, and more than keep things for the next time. */
function ownOf(effects: readonly Effect[]): readonly Effect[] {
  const own = effects.filter((effect) => effect.write || anchorOf(effect.stack)?.how !== 'global')
  const lasting = own.filter((effect) => !isCache(effect))
  return lasting.length > 0 ? lasting : own
}

function exposureOf(effects: readonly Effect[]): Exposure {
  if (effects.some((effect) => effect.write)) return 'write'
  if (
    effects.some(
      (effect) =>
        effect.kind === 'db' &&
        effect.exposed === 'shown' &&
        !effect.countsOnly &&
        (effect.model?.owned ?? true) &&
        !isMeantForAll(effect) &&
        !isOfInstallation(effect),
    )
  )
    return 'owned-read'
  if (effects.some((effect) => effect.kind === 'db' || effect.kind === 'http')) return 'read'
  return 'other'
}

/** The rows are those that were published, or the one that a link leads to. */
function isMeantForAll(effect: Effect): boolean {
  return (effect.conditions ?? []).some((pair) => {
    if (pair.op !== 'eq') return false
    const { value } = pair
    if (value.t === 'const') return publishedColumn.test(snake(pair.column)) && publishedValue.test(String(value.value))
    const sent = (shallowOrigins(value).flags & callerChosen) !== 0
    return sent && invitationModel.test(snake(effect.model?.name ?? '')) && /^(id|code|slug)$/i.test(pair.column)
  })
}

/**
 * One row that nothing picks, of a table of which nothing says that its rows are somebody's: what the installation is set to,
 * as long as its secrets stay.
 * What a cache holds under a key that the caller does not choose is a copy of rows that are read where it is empty.
 */
function isOfInstallation({ byKey, fromInput, onlyRow, model, shownColumns }: Effect): boolean {
  if (byKey) return !fromInput
  if (!onlyRow || !model || model.session || [principalModel, tenantModel].some((name) => name.test(snake(model.name))))
    return false
  const isShown = (column: string): boolean => shownColumns?.has('*') === true || shownColumns?.has(column) === true
  return model.ownerKeys.length === 0 && model.tenantKeys.length === 0 && !model.secretColumns.some(isShown)
}

const order: readonly Cause[] = [
  'anonymousSession',
  'swallowed',
  'notAwaited',
  'denialDropped',
  'injectableContext',
  'tooLate',
  'passesNull',
  'soft',
  'resultIgnored',
  'untrusted',
  'clientOnly',
]

function causeOf(run: Run): { readonly cause: Cause; readonly culprit?: string; readonly site?: Site } {
  const { log } = run
  const notes: Note[] = [...log.notes]
  for (const { proof, name, site } of log.sources)
    if (proof === 'anonymous-session') notes.push({ cause: 'anonymousSession', name, site })
  for (const { name, site } of log.unawaited.values()) notes.push({ cause: 'notAwaited', name, site })
  const told = log.decisions.filter(isAboutCallers)
  for (const decision of told) {
    const asked = { name: nameOfGuard(decision, log), site: whereAsked(decision.stack) ?? decision.site }
    if (log.stops.has(decision)) {
      const late = decision.lastWrite !== undefined || log.beside.has(decision)
      if (late && !notes.some((note) => note.cause === 'swallowed' || note.cause === 'notAwaited'))
        notes.push({ cause: 'tooLate', ...asked })
    } else if (log.denials.includes(decision)) {
      // a helper that returned early: what it gave was not looked at
      if (inHelper(decision.stack)) notes.push({ cause: 'resultIgnored', ...asked })
    } else if (!decision.passing)
      notes.push({ cause: 'passesNull', name: nameOfSource(decision.sources[0]!, log), site: decision.site })
  }
  for (const source of log.sources) {
    if (log.decided.has(source) || !isAboutCaller(source)) continue
    const stack = log.stacks.get(source) ?? []
    const middleware = anchorOf(stack)
    if (middleware && middleware.how !== 'handler')
      notes.push({ cause: 'soft', name: middleware.name, site: middleware.site })
    else
      notes.push({
        cause: 'resultIgnored',
        name: nameOfSource(source, log),
        site: whereAsked(stack) ?? source.site,
      })
  }
  for (const cause of order) {
    const note = notes.find((n) => n.cause === cause)
    if (note) return { cause, ...(note.name ? { culprit: note.name } : {}), site: note.site }
  }
  return { cause: 'noGuard' }
}

const isAboutCaller = (source: Source): boolean => source.proof === 'authenticated' || isPrivilege(source)

/** The function that the entry point's own code called. */
const helperOf = (stack: readonly StackEntry[]): StackEntry | undefined => stack[stack.findLastIndex(isAnchor) + 1]

const inHelper = (stack: readonly StackEntry[]): boolean => helperOf(stack) !== undefined

/** In the entry point's own code: where it called the helper that has the check. */
const whereAsked = (stack: readonly StackEntry[]): Site | undefined => helperOf(stack)?.calledAt

const notesAsEvidence = (notes: readonly Note[]): { site: Site; what: string }[] =>
  notes.flatMap(({ cause, name, site }) => {
    if (isLeak(cause)) return []
    return [{ site, what: name ? `\`${name}\`: ${causeWords[cause]}` : causeWords[cause] }]
  })

const causeWords: Readonly<Record<Cause, string>> = {
  anonymousSession: 'anonymous sign-in is open, so anybody gets a session',
  noGuard: 'nothing checks the caller',
  notAwaited: 'the check is not awaited',
  resultIgnored: 'the result of the check is not tested',
  passesNull: 'callers without a session pass this test',
  denialDropped: 'the denial is neither thrown nor returned',
  swallowed: 'the denial is caught and the work goes on',
  tooLate: 'the check comes after the effect',
  clientOnly: "runs in the caller's browser only",
  soft: 'lets callers without a session through',
  injectableContext: 'the caller can set this context key',
  untrusted: 'the caller decides how this test ends',
  onlyInBeforeLoad: 'only the route checks the caller',
  onlyInLayout: 'only the layout checks the caller',
  onlyInProxy: 'only the proxy looks at the caller',
  noGuardInProject: 'nothing in this project refuses anybody',
}

/** The functions between the entry point and the test: the outermost helper names the guard. */
function guardOf(decision: Decision, log: RunLog): Guard {
  const { stack } = decision
  const at = stack.findLastIndex(
    (entry) => entry.how === 'middleware' || entry.how === 'global' || entry.how === 'handler',
  )
  const anchor = stack[at]
  const source = decision.sources[0]!
  const trust = source.trust === 'declared' ? 'declared' : 'verified'
  const asked = [...stack.slice(at + 1).map((entry) => entry.calledAt), ...decision.sources.map(({ site }) => site)]
  const where = { asked, tests: [decision.site] }
  if (anchor && anchor.how !== 'handler')
    return {
      name: anchor.name || 'middleware',
      site: anchor.site,
      how: anchor.how === 'global' ? 'global' : 'middleware',
      trust,
      ...where,
    }
  const helper = stack[at + 1]
  if (helper)
    return {
      name: helper.name || source.name,
      site: helper.site,
      how: helper.how === 'wrapper' ? 'wrapper' : 'call',
      trust,
      ...where,
    }
  return {
    name: nameOfSource(source, log),
    site: decision.site,
    how: source.trust === 'declared' ? 'declared' : 'inline',
    trust,
    ...where,
  }
}

const nameOfGuard = (decision: Decision, log: RunLog): string => guardOf(decision, log).name

/** What the entry point's own code asked: the helper that it called for it, else what tells the callers apart. */
const nameOfSource = (source: Source, log: RunLog): string =>
  helperOf(log.stacks.get(source) ?? [])?.name || source.name

/** A middleware that finds nobody and goes on leaves it to what it runs, or to the next one, to refuse. */
function thoseThatStop(decisions: readonly Decision[], { stops }: RunLog): readonly Decision[] {
  const stopping = decisions.filter((decision) => stops.has(decision) && isAboutCallers(decision))
  const goesOn = ({ stack }: Decision): boolean =>
    stopping.some(({ stack: inner }) => stack.every((entry, i) => entry === inner[i]) && isRunByIt(inner[stack.length]))
  const isRunByIt = (entry: StackEntry | undefined): boolean => entry !== undefined && isAnchor(entry)
  const isHandlers = ({ stack }: Decision): boolean => (anchorOf(stack)?.how ?? 'handler') === 'handler'
  if (stopping.length === 0) return decisions
  return decisions.filter((one) => (stops.has(one) || isHandlers(one)) && !goesOn(one))
}

function guardsOf(decisions: readonly Decision[], log: RunLog): Guard[] {
  const real = decisions.filter(isAboutCallers)
  const guards: Guard[] = []
  for (const decision of real.length > 0 ? real : decisions) {
    const guard = guardOf(decision, log)
    const known = guards.findIndex((other) => other.name === guard.name && other.site.file === guard.site.file)
    const other = guards[known]
    if (!other) guards.push(guard)
    else
      guards[known] = {
        ...other,
        asked: distinct([...other.asked, ...guard.asked]),
        tests: distinct([...other.tests, ...guard.tests]),
      }
  }
  return guards
}

const distinct = (sites: readonly Site[]): Site[] => [...new Map(sites.map((site) => [siteKey(site), site])).values()]

function proofsOf(decisions: readonly Decision[], reached: readonly Effect[]): Proof[] {
  // whoever refuses those whom anonymous sign-in let in wants a user
  const identity = decisions.flatMap((decision) =>
    decision.sources.map(({ proof }: Source): Proof => (proof === 'anonymous-session' ? 'authenticated' : proof)),
  )
  const real = identity.filter((proof) => proof !== 'env-gate')
  const everywhere =
    reached.length === 0
      ? []
      : reached.map((effect) => effect.proofs).reduce((all, proofs) => all.filter((proof) => proofs.includes(proof)))
  return [...new Set([...(real.length > 0 ? real : identity), ...everywhere])]
}
