/** A suggestion is plain data, a list of text edits, so that it can be tested and applied without a host. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'

export interface Edit {
  readonly range: Range
  readonly text: string
}

export type SuggestionId =
  | 'insertGuard'
  | 'callGuard'
  | 'wrapInGuard'
  | 'insertRouteGuard'
  | 'insertVerbGuard'
  | 'declarePublic'
  | 'addAwait'
  | 'testResult'
  | 'throwDenial'
  | 'returnDenial'
  | 'refuseNull'
  | 'writeKey'
  | 'mergeLists'
  | 'requireVariable'
  | 'addKey'
  | 'replaceValue'
  | 'addCsrf'
  | 'usePost'
  | 'recordDenial'
  | 'rethrow'
  | 'checkFirst'
  | 'makePrivate'
  | 'keepInFunction'
  | 'completeCacheKey'
  | 'removeOption'
  | 'removeSwitch'
  | 'refuseMissing'
  | 'nameColumns'
  | 'checkMembership'

export interface Suggestion {
  readonly id: SuggestionId
  readonly data: Readonly<Record<string, string>>
  readonly edits: readonly Edit[]
}

export const insertAt = (index: number, text: string): Edit => ({ range: [index, index], text })

export function toFix(edits: readonly Edit[]): TSESLint.ReportFixFunction {
  return (fixer) => edits.map(({ range, text }) => fixer.replaceTextRange([range[0], range[1]], text))
}
