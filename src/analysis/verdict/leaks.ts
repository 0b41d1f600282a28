/** Leaks: what is meant for one caller is kept where others find it. */
import type { Leak } from '../../model/report.ts'
import type { Note } from '../caller/notes.ts'
import type { Decision } from '../caller/decisions.ts'
import { isAboutCaller, type Site } from '../values/origins.ts'

/** One of them, with what is kept. */
export interface LeakNote {
  readonly cause: Leak
  readonly name: string
  readonly member?: string
  readonly site: Site
}

const leaks: ReadonlySet<string> = new Set<Leak>([
  'header',
  'staticFunction',
  'moduleState',
  'capturedIdentity',
  'askedWhenKept',
  'prerendered',
])

/** Those among the notes, where the entry point tells its callers apart. A secret that several know makes them no different. */
export function leaksOf(notes: readonly Note[], decisions: readonly Decision[]): readonly LeakNote[] {
  const personal = decisions.some(({ sources }) => sources.some(isAboutCaller))
  return notes.flatMap(({ cause, name, site, member }) =>
    personal && isLeak(cause) ? [{ cause, name, site, ...(member === undefined ? {} : { member }) }] : [],
  )
}

/** The note tells of a leak, and not of a guard. */
export const isLeak = (cause: string): cause is Leak => leaks.has(cause)
