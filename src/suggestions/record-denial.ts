/** A line in the log, in front of the `throw` or `return` behind a test. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { breaksLine, indentAt, lineEnd, pathTo, quote, semicolon, type Source } from './source.ts'

export function recordDenial(source: Source, test: Range, name: string): Suggestion | undefined {
  const branch = pathTo(source, test).findLast((node): node is TSESTree.IfStatement => node.type === 'IfStatement')
  if (!branch || test[0] < branch.test.range[0] || branch.test.range[1] < test[1]) return undefined
  const mark = quote(source)
  const line = `console.warn(${mark}${name} refused a caller${mark})`
  return { id: 'recordDenial', data: {}, edits: inFront(source, branch.consequent, line) }
}

function inFront(source: Source, branch: TSESTree.Statement, line: string): Edit[] {
  if (branch.type !== 'BlockStatement')
    return [insertAt(branch.range[0], `{ ${line}; `), insertAt(branch.range[1], ' }')]
  const [first] = branch.body
  if (!first) return [insertAt(branch.range[0] + 1, ` ${line} `)]
  const between = breaksLine(source, branch.range[0], first.range[0])
    ? `${semicolon(source)}${lineEnd(source)}${indentAt(source, first.range[0])}`
    : '; '
  return [insertAt(first.range[0], line + between)]
}
