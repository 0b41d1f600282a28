/**
 * What callers have to show: a proof counts only where not having it refuses.
 *
 * That somebody's session was looked up on the way says nothing: the entry point is run as somebody who has all that is asked
 * for but the one proof. What such a caller does not reach, that proof stands before.
 */
import { isHidden } from '../../model/proofs.ts'
import type { Proof } from '../../catalog/meaning.ts'
import { cannotShow, isOfAnybody, type Persona } from '../caller/persona.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import type { Effect } from '../effects.ts'
import { siteKey, type Source } from '../values/origins.ts'
import type { World } from '../world.ts'
import { workOfGuards } from './guard-work.ts'
import { isSession } from './signed-in.ts'
import { performSignedIn, type EntryRun, type Run } from './runs.ts'

/** What has to be shown, for each effect and for all of them. */
export interface Asked {
  readonly everywhere: readonly Proof[]
  readonly by: ReadonlyMap<Effect, readonly Proof[]>
  /** What only those reach who lack something: another way in. */
  readonly others: readonly Effect[]
}

/** Who has tried it: a caller who has nothing, and one who has everything. */
interface Tried {
  readonly a: Run
  readonly b: Run
  /** What stopped the first. */
  readonly decisions: readonly Decision[]
}

/** What somebody comes to who lacks something. */
interface Without {
  readonly reached: ReadonlyMap<string, Effect>
  readonly passes: boolean
}

/** @param persona who has everything */
export function askedOf(world: World, run: EntryRun, persona: Persona, { a, b, decisions }: Tried): Asked {
  const sources = [...decisions.flatMap((decision) => decision.sources), ...b.log.sources]
  const signatures = sources.filter(({ proof }) => proof === 'signature')
  const asked = whatIsAsked(world, run, persona, { a, b, decisions }, sources)
  return isSession(signatures, b.log.effects) ? asIdentity(asked) : asked
}

/** With the words for a session where it says signature. */
function asIdentity({ everywhere, by, others }: Asked): Asked {
  const named = (proofs: readonly Proof[]): readonly Proof[] => [
    ...new Set(proofs.map((proof): Proof => (proof === 'signature' ? 'authenticated' : proof))),
  ]
  return {
    everywhere: named(everywhere),
    by: new Map([...by].map(([effect, proofs]) => [effect, named(proofs)])),
    others,
  }
}

function whatIsAsked(
  world: World,
  run: EntryRun,
  persona: Persona,
  { a, b, decisions }: Tried,
  sources: readonly Source[],
): Asked {
  // whoever refuses those whom anonymous sign-in let in wants a user
  const all = sources.map(({ proof }): Proof => (proof === 'anonymous-session' ? 'authenticated' : proof))
  const candidates = [...new Set(all)].filter((proof) => proof !== 'env-gate')
  const counts = b.reached.some(isWork) ? isWork : () => true
  // where the application runs may be what refuses
  const gate = decisions.some(isGated) ? (['env-gate'] as const) : []
  if (candidates.length === 0 || (candidates.length === 1 && gate.length === 0)) {
    const everywhere = candidates.length > 0 ? candidates : gate
    return told(everywhere, b.reached.filter(counts), () => everywhere, candidates, [], b.proofs)
  }
  const byGuards = new Set(workOfGuards(a).map(keyOf))
  const runs = new Map<string, Without>()
  const without = (lacks: readonly Proof[]): Without => {
    const sorted = [...lacks].sort()
    const key = sorted.join()
    const known = runs.get(key) ?? comesTo(world, run, { ...persona, lacks: sorted }, counts, byGuards)
    runs.set(key, known)
    return known
  }
  const work = new Map(b.reached.filter(counts).map((effect) => [keyOf(effect), effect] as const))
  const bases = new Map<string, readonly Proof[]>()
  for (const proof of candidates)
    for (const [key, effect] of without([proof]).reached)
      if (!work.has(key)) {
        work.set(key, effect)
        bases.set(key, [proof])
      }
  /** Which of them cannot be done without, by those who lack these already; or which few of them, one at least. */
  const needed = (reaches: (who: Without) => boolean, base: readonly Proof[] = []): readonly Proof[] => {
    const left = candidates.filter((proof) => !base.includes(proof))
    const each = left.filter((proof) => !reaches(without([...base, proof])))
    if (each.length > 0) return each
    if (reaches(without([...base, ...left]))) return gate
    return either(
      left.reduce((some, proof) => {
        const fewer = some.filter((other) => other !== proof)
        return reaches(without([...base, ...fewer])) ? some : fewer
      }, left),
    )
  }
  const everywhere = needed((who) => (work.size > 0 ? who.reached.size > 0 : who.passes))
  const of = (effect: Effect): readonly Proof[] => {
    const key = keyOf(effect)
    return needed((who) => who.reached.has(key), bases.get(key))
  }
  const others = [...bases.keys()].map((key) => work.get(key)!)
  return told(everywhere, [...work.values()], of, candidates, others, b.proofs)
}

/**
 * With what is proved on the way of each: of what was asked there, both answers were followed. Where there is no work, the
 * way leads to the answer.
 */
function told(
  everywhere: readonly Proof[],
  work: readonly Effect[],
  of: (effect: Effect) => readonly Proof[],
  candidates: readonly Proof[],
  others: readonly Effect[],
  atTheEnd: readonly Proof[],
): Asked {
  const onTheWay = ({ proofs }: Pick<Effect, 'proofs'>): readonly Proof[] =>
    proofs.filter((proof) => !isHidden(proof) && !candidates.includes(proof))
  const by = new Map(work.map((effect) => [effect, [...new Set([...of(effect), ...onTheWay(effect)])]] as const))
  const shared =
    work.length === 0
      ? onTheWay({ proofs: atTheEnd })
      : work.map(onTheWay).reduce((some, more) => some.filter((proof) => more.includes(proof)))
  return { everywhere: [...new Set([...everywhere, ...shared])], by, others }
}

function comesTo(
  world: World,
  run: EntryRun,
  persona: Persona,
  counts: (effect: Effect) => boolean,
  byGuards: ReadonlySet<string>,
): Without {
  const c = performSignedIn(world, persona, run)
  const denials = c.log.denials.filter(
    (denial) => isAboutCallers(denial) && denial.sources.some(({ proof }) => cannotShow(persona, proof)),
  )
  const reached = c.reached.filter((effect) => counts(effect) && !byGuards.has(keyOf(effect)))
  return {
    reached: new Map(reached.map((effect) => [keyOf(effect), effect])),
    passes: c.answered && !denials.some((denial) => c.log.stops.has(denial)),
  }
}

const isGated = ({ sources }: Decision): boolean => sources.some(({ proof }) => proof === 'env-gate')

/** That something was found tells little, and to find it may be how it is proved. */
const isWork = (effect: Effect): boolean => effect.write || effect.exposed !== 'hinted'

/** Where it is done, and by which calls. */
const keyOf = ({ site, stack }: Effect): string =>
  [siteKey(site), ...stack.map(({ calledAt }) => siteKey(calledAt))].join(' ')

/** Any one of them will do. Nobody has a role or a permission who is not somebody. */
function either(proofs: readonly Proof[]): readonly Proof[] {
  if (proofs.length < 2) return proofs
  const words = new Set(proofs.map((proof): Proof => (isOfAnybody(proof) ? proof : 'authenticated')))
  return [[...words].sort().join('|') as Proof]
}
