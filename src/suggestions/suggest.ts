/** Which suggestions fit the cause of an open entry point, best first. */
import type { Range } from '../model/form.ts'
import type { Cause, EntryPointReport } from '../model/report.ts'
import type { GuardCandidate } from '../workspace/workspace.ts'
import { addAwait } from './add-await.ts'
import { declarePublic } from './declare-public.ts'
import { checkFirst } from './check-first.ts'
import { deliverDenial } from './deliver-denial.ts'
import type { Suggestion } from './edit.ts'
import { insertGuard } from './insert-guard.ts'
import { refuseNull } from './refuse-null.ts'
import { refuseCrash } from './refuse-missing.ts'
import { rethrow } from './rethrow.ts'
import type { Source } from './source.ts'
import { testResult } from './test-result.ts'

export const repairMessages = {
  addAwait: 'Wait for {{culprit}}.',
  testResult: 'Stop when {{culprit}} says no.',
  throwDenial: 'Throw {{culprit}}.',
  returnDenial: 'Return {{culprit}}.',
  refuseNull: 'Refuse a missing `{{tested}}` too.',
  rethrow: 'Throw again what {{culprit}} throws.',
  refuseMissing: 'Refuse when there is no `{{proved}}`.',
  checkFirst: 'Move {{culprit}} in front of the work.',
} as const

export const insertMessages = {
  insertGuard: 'Put the middleware `{{guard}}` in front of `{{name}}`.',
  callGuard: 'Call `{{guard}}` before anything else in `{{name}}`.',
  wrapInGuard: 'Wrap `{{name}}` in `{{guard}}`, as its siblings are.',
  insertRouteGuard: 'Put the middleware `{{guard}}` in front of every method of this route.',
  insertVerbGuard: 'Put the middleware `{{guard}}` in front of `{{name}}`.',
  declarePublic: 'Declare `{{name}}` public, with a reason to fill in.',
} as const

export const suggestionMessages: typeof insertMessages & typeof repairMessages = {
  ...insertMessages,
  ...repairMessages,
}

export interface Request {
  readonly source: Source
  readonly file: string
  readonly entryPoint: EntryPointReport
  /** What the message calls the cause: `` `getSession` ``, or 'the check'. */
  readonly culprit: string
  readonly guards: readonly GuardCandidate[]
  /** The policy accepts no markers in comments, so none is offered. */
  readonly inlinePublicForbidden?: boolean
}

export function suggest(request: Request): Suggestion[] {
  const { source, file, entryPoint, culprit, guards, inlinePublicForbidden } = request
  const { cause, causeRange } = entryPoint
  const repaired = cause && causeRange && repairOf(source, cause, causeRange, culprit)
  if (repaired) return [repaired]
  const inserted = guards.map((guard) => insertGuard(source, file, entryPoint, guard))
  const declared = !inlinePublicForbidden && mayBePublic(entryPoint) && declarePublic(source, entryPoint)
  return [...inserted, declared].filter((suggestion) => suggestion !== undefined && suggestion !== false)
}

/** Mends the check that is there. */
export function repairOf(
  source: Source,
  cause: string,
  range: Range,
  culprit: string,
  member?: string,
): Suggestion | undefined {
  switch (cause) {
    case 'notAwaited':
      return addAwait(source, range, culprit)
    case 'resultIgnored':
      return testResult(source, range, culprit, member)
    case 'denialDropped':
      return deliverDenial(source, range, culprit)
    case 'passesNull':
      return refuseNull(source, range)
    case 'crashOnly':
      return refuseCrash(source, range)
    case 'swallowed':
      return rethrow(source, range, culprit)
    case 'tooLate':
      return checkFirst(source, range, culprit)
    default:
      return undefined
  }
}

/** Where somebody wrote a check, or guarded the page, the answer is not that everybody may call it. */
const openOnPurpose: ReadonlySet<Cause> = new Set(['noGuard', 'noGuardInProject', 'clientOnly', 'soft'])

function mayBePublic({ cause, marker }: EntryPointReport): boolean {
  return marker === undefined && openOnPurpose.has(cause ?? 'noGuard')
}
