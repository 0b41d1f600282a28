/** What is seen in a run: the verdict is found in it (`judge.ts`). */
import type { Aftermath } from './caller/aftermath.ts'
import type { Decision } from './caller/decisions.ts'
import type { ShownRead } from './caller/shown.ts'
import type { Effect } from './effects.ts'
import type { StackEntry } from './code/frame.ts'
import type { Note } from './caller/notes.ts'
import type { Take } from './library/outlets.ts'
import type { OpaqueRef, Site, Source } from './values/origins.ts'
import type { Value } from './values/value.ts'
import { SameReads } from './kept/same-reads.ts'

/** All of one run, on whatever path. */
export interface RunLog {
  /** In order; what is made again stands here again. */
  readonly effects: Effect[]
  readonly reads: SameReads
  readonly notes: Note[]
  readonly sources: Source[]
  readonly decided: Set<Source>
  /** Tests that told callers apart; and those of them that stopped this one. */
  readonly decisions: Decision[]
  readonly denials: Decision[]
  /** Denials that were thrown, or that ended the handler or the middleware itself. */
  readonly stops: Set<Decision>
  /** Denials that nobody waited for at once: what was done meanwhile is done. */
  readonly beside: Set<Decision>
  readonly stacks: Map<Source, readonly StackEntry[]>
  /** Where each was come across last. */
  readonly lately: Map<Source, readonly StackEntry[]>
  /** The last test on ways on which what the framework called has answered with a refusal. */
  readonly refusals: Set<Decision>
  readonly credentials: Site[]
  readonly opaque: OpaqueRef[]
  /** Checks that can refuse the caller and whose promise nobody has awaited so far, by `siteKey`. */
  readonly unawaited: Map<string, { readonly name: string; readonly site: Site }>
  /** Tests of environment variables, and of what the installation is set to, that could come out either way. */
  readonly switches: { readonly name: string; readonly site: Site }[]
  /** How often a role or a permission was asked for. */
  privileges: number
  /** How often something told who the caller is, not only that it is one of those who may. */
  identified: number
  /** Reads whose rows were rendered, or sent while the run went on; kept while tracing. */
  readonly rendered: ShownRead[]
  /** How often something was sent while the run went on, and so shown before the answer. */
  shows: number
  /** Answers that were sent while the run went on; refusals are none. */
  readonly sent: Value[]
  /** Objects through which answers leave, by their cells; and the locals whose content goes there (`outlets.ts`). */
  readonly outlets: Map<number, Take>
  readonly connected: Map<number, readonly number[]>
  /** Names of the caller's tenant that functions hold on to which were handed to code that cannot be read; kept while tracing. */
  readonly tenantsHanded: string[]
  /** What was called, or written, once a test had told callers apart; kept while recording. */
  readonly aftermath: Aftermath[]
  /** Where the budget ran out. */
  exhausted?: Site
}

/** Of a run that has not begun. */
export const newLog = (): RunLog => ({
  effects: [],
  reads: new SameReads(),
  notes: [],
  sources: [],
  decided: new Set(),
  decisions: [],
  denials: [],
  stops: new Set(),
  beside: new Set(),
  stacks: new Map(),
  lately: new Map(),
  refusals: new Set(),
  credentials: [],
  privileges: 0,
  identified: 0,
  opaque: [],
  switches: [],
  unawaited: new Map(),
  rendered: [],
  shows: 0,
  sent: [],
  outlets: new Map(),
  connected: new Map(),
  tenantsHanded: [],
  aftermath: [],
})
