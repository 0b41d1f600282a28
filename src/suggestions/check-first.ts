/** A check that stands behind the work: move its statement in front of everything else that the function does. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { endWithComments, indentAt, isFunction, lineEnd, pathTo, startsLine, textOf, type Source } from './source.ts'

export function checkFirst(source: Source, check: Range, culprit: string): Suggestion | undefined {
  const path = pathTo(source, check)
  const at = path.findLastIndex((node, i) => node.type === 'BlockStatement' && isFunction(path[i - 1]))
  const [body, statement] = [path[at], path[at + 1]]
  if (body?.type !== 'BlockStatement' || !statement) return undefined
  const [first] = body.body
  const index = body.body.findIndex(({ range }) => range[0] === statement.range[0])
  if (!first || index <= 0 || !isCheck(body.body[index]!) || needs(source, body, index)) return undefined
  const end = endWithComments(source, statement)
  const text = textOf(source, [statement.range[0], end])
  // whole lines only: nothing else may stand on those that are moved
  if (!startsLine(source, first.range[0]) || !startsLine(source, statement.range[0])) return undefined
  const indent = indentAt(source, first.range[0])
  const before = endWithComments(source, body.body[index - 1]!)
  return {
    id: 'checkFirst',
    data: { culprit },
    edits: [insertAt(first.range[0], `${text}${lineEnd(source)}${indent}`), { range: [before, end], text: '' }],
  }
}

/** `await check()`, `const user = await check()`, `if (!may) throw …` */
const isCheck = ({ type }: TSESTree.Node): boolean =>
  type === 'ExpressionStatement' || type === 'VariableDeclaration' || type === 'IfStatement'

/** Something that it reads is declared or set by what stands in front of it. */
function needs(source: Source, body: TSESTree.BlockStatement, index: number): boolean {
  const moved = body.body[index]!
  const before: Range = [body.body[0]!.range[0], body.body[index - 1]!.range[1]]
  const within = (node: TSESTree.Node, [start, end]: Range): boolean => node.range[0] >= start && node.range[1] <= end
  return (source.scopeManager?.scopes ?? []).some((scope) =>
    scope.references.some(({ identifier, resolved }) => {
      if (!within(identifier, moved.range) || !resolved) return false
      const declared = resolved.defs.some(({ name }) => within(name, before))
      const set = resolved.references.some((other) => other.isWrite() && within(other.identifier, before))
      return declared || set
    }),
  )
}
