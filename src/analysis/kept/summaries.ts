/**
 * Summaries: what a call of a function gave, kept so that the next entry point that calls it the same way need not run it.
 *
 * A summary is taken only of calls whose outcome can depend on nothing but what they are given, the modules and the stores of
 * the request: the function, with the variables that it holds on to, and its arguments can be described, and nothing was cut
 * short inside. It holds where all that the call looked at besides is as it was then. Objects and the variables of closures in
 * the outcome are copied into each run that uses it, and so are the effects, since whether a read is exposed is a question of
 * the run (`replay.ts`).
 */
import type { Proof } from '../../catalog/meaning.ts'
import type { Name, Names } from './call-keys.ts'
import type { Commons } from '../state/commons.ts'
import type { KnownCost } from './effort.ts'
import type { Machine } from '../machine.ts'
import type { Effect } from '../effects.ts'
import type { Note } from '../caller/notes.ts'
import type { RunLog } from '../run-log.ts'
import type { Decision } from '../caller/decisions.ts'
import type { Doubt } from '../caller/doubts.ts'
import type { StackEntry } from '../code/frame.ts'
import type { OpaqueRef, Site, Source } from '../values/origins.ts'
import { Recent } from '../values/recent.ts'
import type { State } from '../state/state.ts'
import type { Cell, Value } from '../values/value.ts'

/** One way out of a call. */
export interface Outcome {
  readonly value: Value
  /** What the call changed of what was there before it. */
  readonly changes: readonly Change[]
  readonly proofs: readonly Proof[]
  readonly doubts: readonly Doubt[]
  readonly decisions: readonly Decision[]
  readonly proved: boolean
  readonly denying: State['denying']
  /** Effects of the call, as indexes of the log: those on the way of a denial, and the last write, if any. */
  readonly denialEffects: readonly number[]
  readonly lastWrite: number | undefined
  /** What it holds on to of what the call created, objects and variables of closures: another thing on each way out. */
  readonly holds: Holdings
}

/** Objects, and variables of activations that have ended, by their keys. */
export type Holdings = ReadonlyMap<number, Value | Cell>

/** What a call made of a binding or an object of a module, or of something that was there before the call. */
export interface Change {
  readonly of: { readonly module: number } | { readonly named: Name }
  readonly to: Value | Cell
  /** Of an object of which the call made nothing else new. */
  readonly properties: readonly string[] | undefined
}

/** What a call looked at: a binding or an object of a module, by its key, or something that the run created, by its name. */
export interface Looked {
  readonly of: number | string
  readonly property?: string
  readonly version: number
}

/** What a call gave, and all that it hangs on (`followed-calls.ts`). */
export interface Summary {
  /** What the call looked at in modules and request stores. */
  readonly looked: readonly Looked[]
  /** What had been proved before and was proved again, and what was in doubt again: it would have come of the call. */
  readonly proofsAgain: readonly Proof[]
  readonly doubtsAgain: readonly OpaqueRef[]
  /** What was there before the call, as the run knew it in which the summary was taken. */
  readonly names: Names
  readonly returned: Outcome | undefined
  /** Denials and other throws are kept apart: a handler tells them apart. */
  readonly thrown: readonly Outcome[]
  /** Each with what it adds to what was known where the call was made. */
  readonly effects: readonly {
    readonly effect: Effect
    readonly doubts: readonly Doubt[]
    readonly proofs: readonly Proof[]
    readonly denying: State['denying']
    readonly forClient: boolean
  }[]
  readonly notes: readonly Note[]
  readonly sources: readonly { readonly source: Source; readonly stack: readonly StackEntry[] }[]
  readonly decided: readonly Source[]
  readonly decisions: readonly Decision[]
  readonly denials: readonly Decision[]
  readonly stops: ReadonlySet<Decision>
  readonly credentials: readonly Site[]
  readonly opaque: readonly OpaqueRef[]
  readonly switches: RunLog['switches']
  readonly tenantsHanded: RunLog['tenantsHanded']
  /** Denials that nobody waited for at once. */
  readonly beside: ReadonlySet<Decision>
  readonly refusals: ReadonlySet<Decision>
  readonly privileges: number
  readonly identified: number
  /** How many effects there were before it. */
  readonly effectsBefore: number
  readonly unawaited: readonly (readonly [string, { readonly name: string; readonly site: Site }])[]
  /** The variables that the application does not run without (`insistence.ts`). */
  readonly insists: readonly string[]
  /** What it takes to follow the call. */
  readonly cost: KnownCost
  /** How deep the stack was where the summary was taken. */
  readonly depth: number
}

/** How much all summaries of a project may hold, in the units of `weightOf`. */
const maxSummaries = 400_000

/** By the words for the call, the latest first. */
export type Summaries = Recent<readonly Summary[]>

/** None, of a project of which nothing was looked at yet. */
export const newSummaries = (): Summaries => new Recent(maxSummaries)

/** How many summaries of calls in the same words are kept. */
const maxAlike = 8

/** What a call gave where everything was as it is here. */
export const summaryOf = (m: Machine, key: string): Summary | undefined =>
  m.world.summaries.get(key)?.find((summary) => isAsItWas(m, summary))

/** Keeps it for those that come later. */
export function keep(m: Machine, key: string, taken: Summary): void {
  const all = [taken, ...(m.world.summaries.get(key) ?? [])].slice(0, maxAlike)
  m.world.summaries.set(
    key,
    all,
    all.reduce((sum, one) => sum + weightOf(one), key.length / 50),
  )
}

function isAsItWas({ commons, state }: Machine, { looked, proofsAgain, doubtsAgain }: Summary): boolean {
  if (!proofsAgain.every((proof) => state.proofs.includes(proof))) return false
  if (!doubtsAgain.every((ref) => state.doubts.some((doubt) => doubt.ref === ref))) return false
  return looked.every(({ of, property, version }) => {
    const key = typeof of === 'number' ? of : commons.named(of)
    return typeof key === 'number' && versionOf(commons, state, key, property) === version
  })
}

/** Which version of it, or of one of its properties, a path holds; undefined where that is not told. */
export const versionOf = (
  commons: Commons,
  state: State,
  key: number,
  property: string | undefined,
): number | undefined =>
  property === undefined ? commons.versionOn(state, key) : commons.versionOfProperty(state, key, property)

/** Effects, objects and what it hangs on. */
const weightOf = ({ effects, returned, thrown, decisions, looked }: Summary): number =>
  [returned, ...thrown].reduce((sum, outcome) => sum + (outcome?.holds.size ?? 0), 10) +
  effects.length +
  decisions.length +
  looked.length / 5
