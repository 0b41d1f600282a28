/** What several rules offer: the project's guard that does what is missing. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { EntryPointKind, EntryPointReport } from '../model/report.ts'
import { toFix } from '../suggestions/edit.ts'
import { insertGuard } from '../suggestions/insert-guard.ts'
import { insertMessages } from '../suggestions/suggest.ts'
import type { GuardCandidate, Wanted } from '../workspace/workspace.ts'
import { rethrowForDebugging, type LintedFile } from './file-report.ts'

export type GuardMessage = 'insertGuard' | 'insertRouteGuard' | 'insertVerbGuard' | 'callGuard'

export const guardMessages: Readonly<Record<GuardMessage, string>> = {
  insertGuard: insertMessages.insertGuard,
  insertRouteGuard: insertMessages.insertRouteGuard,
  insertVerbGuard: insertMessages.insertVerbGuard,
  callGuard: insertMessages.callGuard,
}

/** What can stand in front; everywhere else it can be called. */
const typesFor: Readonly<Partial<Record<EntryPointKind, readonly GuardCandidate['type'][]>>> = {
  'server-fn': ['request', 'function'],
  'server-route': ['request'],
}

/** The nearest two. A suggestion that cannot be built is no reason to lose the report. */
export function guardThat(
  linted: LintedFile,
  entryPoint: EntryPointReport,
  wanted: Wanted,
): TSESLint.SuggestionReportDescriptor<GuardMessage>[] {
  const { kind } = entryPoint
  const types = typesFor[kind] ?? ['call']
  try {
    return linted
      .guardsFor(kind === 'server-fn' || kind === 'server-route' ? kind : 'call', wanted)
      .filter((guard) => types.includes(guard.type))
      .slice(0, 2)
      .flatMap((guard) => insertGuard(linted.source, linted.file, entryPoint, guard) ?? [])
      .map(({ id, data, edits }) => ({ messageId: id as GuardMessage, data, fix: toFix(edits) }))
  } catch (error) {
    rethrowForDebugging(error)
    return []
  }
}
