import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'

export function locate(source: Readonly<TSESLint.SourceCode>, [start, end]: Range): TSESTree.SourceLocation {
  return { start: source.getLocFromIndex(start), end: source.getLocFromIndex(end) }
}
