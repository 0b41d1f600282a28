/** Which suggestions fit the cause of an open entry point, best first. */
import type { Cause, EntryPointReport } from '../model/report.ts'
import type { GuardCandidate } from '../workspace.ts'
import { addAwait } from './add-await.ts'
import { declarePublic } from './declare-public.ts'
import { deliverDenial } from './deliver-denial.ts'
import type { Suggestion } from './edit.ts'
import { insertGuard } from './insert-guard.ts'
import { refuseNull } from './refuse-null.ts'
import type { Source } from './source.ts'
import { testResult } from './test-result.ts'

export const suggestionMessages = {
  insertGuard: 'Put the middleware `{{guard}}` in front of `{{name}}`.',
  insertRouteGuard: 'Put the middleware `{{guard}}` in front of every method of this route.',
  insertVerbGuard: 'Put the middleware `{{guard}}` in front of `{{name}}`.',
  declarePublic: 'Declare `{{name}}` public, with a reason to fill in.',
  addAwait: 'Wait for {{culprit}}.',
  testResult: 'Stop when {{culprit}} says no.',
  throwDenial: 'Throw {{culprit}}.',
  returnDenial: 'Return {{culprit}}.',
  refuseNull: 'Refuse a missing `{{tested}}` too.',
} as const

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
  const repaired = repair(request)
  if (repaired) return [repaired]
  const { source, file, entryPoint, guards, inlinePublicForbidden } = request
  const inserted = guards.map((guard) => insertGuard(source, file, entryPoint, guard))
  const declared = !inlinePublicForbidden && mayBePublic(entryPoint) && declarePublic(source, entryPoint)
  return [...inserted, declared].filter((suggestion) => suggestion !== undefined && suggestion !== false)
}

/** Mends the check that is there. */
function repair({ source, entryPoint: { cause, causeRange }, culprit }: Request): Suggestion | undefined {
  if (!causeRange) return undefined
  switch (cause) {
    case 'notAwaited':
      return addAwait(source, causeRange, culprit)
    case 'resultIgnored':
      return testResult(source, causeRange, culprit)
    case 'denialDropped':
      return deliverDenial(source, causeRange, culprit)
    case 'passesNull':
      return refuseNull(source, causeRange)
    default:
      return undefined
  }
}

/** Where somebody wrote a check, or guarded the page, the answer is not that everybody may call it. */
const openOnPurpose: ReadonlySet<Cause> = new Set(['noGuard', 'noGuardInProject', 'clientOnly', 'soft'])

function mayBePublic({ cause, marker }: EntryPointReport): boolean {
  return marker === undefined && openOnPurpose.has(cause ?? 'noGuard')
}
