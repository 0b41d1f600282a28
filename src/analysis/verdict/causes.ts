/** Why an entry point is open, where something looks like a guard: the fault that explains the most names the cause. */
import type { Cause } from '../../model/report.ts'
import { nameOfGuard, nameOfSource } from './guards.ts'
import { isLeak } from './leaks.ts'
import type { Note } from '../caller/notes.ts'
import type { RunLog } from '../run-log.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import { isAboutCaller, siteKey, type Site, type Source } from '../values/origins.ts'
import { anchorOf, helperOf, whereAsked } from './stacks.ts'

/** A cause, with what does not guard, and where. */
export interface NamedCause {
  readonly cause: Cause
  readonly culprit?: string
  readonly site?: Site
}

/** The first of these that was seen is the cause: a denial that does not get through says more than that it comes too late. */
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

/**
 * Why the caller of this run was not refused.
 *
 * @param decisions the tests that may have been meant to refuse
 */
export function causeOf(log: RunLog, decisions: readonly Decision[] = log.decisions): NamedCause {
  const sessions = log.sources.filter(({ proof }) => proof === 'anonymous-session')
  const notes: readonly Note[] = [
    ...log.notes,
    ...sessions.map(({ name, site }): Note => ({ cause: 'anonymousSession', name, site })),
    ...[...log.unawaited.values()].map(({ name, site }): Note => ({ cause: 'notAwaited', name, site })),
    ...decisions.filter(isAboutCallers).flatMap((decision) => faultOfTest(decision, log) ?? []),
    ...log.sources.flatMap((source) => faultOfLookup(source, log) ?? []),
  ]
  for (const cause of order) {
    const note = notes.find((one) => one.cause === cause)
    if (note) return { cause, ...(note.name ? { culprit: note.name } : {}), site: note.site }
  }
  return { cause: 'noGuard' }
}

/** A test that told callers apart, and let this one do its work. */
function faultOfTest(decision: Decision, log: RunLog): Note | undefined {
  const { stack, sources, site } = decision
  const asked = { name: nameOfGuard(decision, log), site: whereAsked(stack) ?? site }
  if (log.stops.has(decision)) {
    const late = decision.lastWrite !== undefined || log.beside.has(decision)
    return late ? { cause: 'tooLate', ...asked } : undefined
  }
  // a helper that returned early: what it gave was not looked at
  if (log.denials.includes(decision))
    return asksItself(decision) && !isHeeded(decision, log) ? { cause: 'resultIgnored', ...asked } : undefined
  return decision.passing ? undefined : { cause: 'passesNull', name: nameOfSource(sources[0]!, log), site }
}

/** What is told who is calling, a tracker say, has other things to do where that is nobody. */
function asksItself({ stack, asked = [] }: Decision): boolean {
  const helper = helperOf(stack)
  return helper !== undefined && asked.some(({ calledAt }) => siteKey(calledAt) === siteKey(helper.calledAt))
}

/** What the helper gave of whom it found was tested by those who called it, and that stopped the caller: on another way. */
const isHeeded = ({ stack, sources }: Decision, { stops }: RunLog): boolean =>
  [...stops].some(
    (stop) =>
      stop.sources.some((source) => sources.includes(source)) &&
      stop.stack.length < stack.length &&
      stack.every(({ calledAt }, i) => stop.asked?.[i] && siteKey(stop.asked[i].calledAt) === siteKey(calledAt)),
  )

/** Something that says who the caller is, and that nothing tested. */
function faultOfLookup(source: Source, log: RunLog): Note | undefined {
  if (log.decided.has(source) || !isAboutCaller(source)) return undefined
  const stack = log.stacks.get(source) ?? []
  const middleware = anchorOf(stack)
  if (middleware && middleware.how !== 'handler') return { cause: 'soft', name: middleware.name, site: middleware.site }
  return { cause: 'resultIgnored', name: nameOfSource(source, log), site: whereAsked(stack) ?? source.site }
}

/** The notes in words, as steps to the verdict. */
export const notesAsEvidence = (notes: readonly Note[]): readonly { readonly site: Site; readonly what: string }[] =>
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
