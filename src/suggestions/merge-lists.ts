/** `.middleware([a]).middleware([b])` on a middleware: the second replaces the first, so both go into one list. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { pathTo, textOf, type Source } from './source.ts'

export function mergeLists(source: Source, lost: Range): Suggestion | undefined {
  const path = pathTo(source, lost)
  const [list, call, , next] = [...path].reverse()
  if (list?.type !== 'ArrayExpression' || !isMiddlewareCall(source, call) || !isMiddlewareCall(source, next))
    return undefined
  const [kept] = next.arguments
  const first = list.elements[0]
  const last = list.elements.at(-1)
  if (kept?.type !== 'ArrayExpression' || !first || !last) return undefined
  const items = textOf(source, [first.range[0], last.range[1]])
  const comma = kept.elements.length > 0 ? ', ' : ''
  const { callee } = call
  if (callee.type !== 'MemberExpression') return undefined
  return {
    id: 'mergeLists',
    data: {},
    edits: [
      { range: [callee.object.range[1], call.range[1]], text: '' },
      insertAt(kept.range[0] + 1, `${items}${comma}`),
    ],
  }
}

function isMiddlewareCall(source: Source, node: TSESTree.Node | undefined): node is TSESTree.CallExpression {
  return (
    node?.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    textOf(source, node.callee.property.range) === 'middleware'
  )
}
