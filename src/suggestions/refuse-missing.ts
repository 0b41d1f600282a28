/** What has to be there and may be missing: refuse in front of the statement that goes on with it. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { indentAt, lineEnd, pathTo, quote, semicolon, textOf, type Source } from './source.ts'

export function refuseMissing(source: Source, use: Range, wanted: string): Suggestion | undefined {
  const path = pathTo(source, use)
  const at = path.findLastIndex((_, i) => path[i - 1]?.type === 'BlockStatement')
  const statement = path[at]
  if (!statement || path.slice(at).some((node) => isFunction(node))) return undefined
  const mark = quote(source)
  const refuse = `if (!${wanted}) throw new Error(${mark}Unauthorized${mark})${semicolon(source)}`
  const edit = insertAt(statement.range[0], `${refuse}${lineEnd(source)}${indentAt(source, statement.range[0])}`)
  return { id: 'refuseMissing', data: { proved: wanted }, edits: [edit] }
}

/** Of `session!.user.id`, which crashes where there is no session: that one. */
export function refuseCrash(source: Source, read: Range): Suggestion | undefined {
  const path = pathTo(source, read)
  const [around, last] = [path.at(-2), path.at(-1)]
  // of `session!.user` the key is told
  const isKey = around?.type === 'MemberExpression' && around.property === last
  const root = rootOf(isKey ? around : last)
  return root && refuseMissing(source, read, textOf(source, root.range))
}

function rootOf(node: TSESTree.Node | undefined): TSESTree.Identifier | undefined {
  if (node?.type === 'MemberExpression') return rootOf(node.object)
  if (node?.type === 'TSNonNullExpression' || node?.type === 'ChainExpression') return rootOf(node.expression)
  return node?.type === 'Identifier' ? node : undefined
}

const isFunction = ({ type }: TSESTree.Node): boolean =>
  type === 'ArrowFunctionExpression' || type === 'FunctionExpression'
