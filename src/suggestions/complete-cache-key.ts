/** `unstable_cache(() => ordersOf(user.id), ['orders'])`: what says for whom that is goes into the key. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { childrenOf, nodeAt, textOf, type Source } from './source.ts'

export function completeCacheKey(source: Source, near: Range, name: string): Suggestion | undefined {
  const call = nodeAt(source, near)
  if (call?.type !== 'CallExpression') return undefined
  const [kept, key] = call.arguments
  if (!kept) return undefined
  const texts = [...new Set(readsOf(source, kept, name).map(({ range }) => textOf(source, range)))]
  // the whole of an identity is no text
  if (texts.length === 0 || texts.some((text) => text === name && !/(?:^i|I)d$/.test(name))) return undefined
  const edit = added(key, kept, texts.join(', '))
  return edit && { id: 'completeCacheKey', data: { key: texts.join(', ') }, edits: [edit] }
}

function added(key: TSESTree.Node | undefined, kept: TSESTree.Node, text: string): Edit | undefined {
  if (!key) return insertAt(kept.range[1], `, [${text}]`)
  if (key.type !== 'ArrayExpression') return undefined
  const last = key.elements.at(-1)
  return last ? insertAt(last.range[1], `, ${text}`) : { range: key.range, text: `[${text}]` }
}

/** Where it is read: `user.id` as far as that is written, of `user.id.trim()` what the method is called on. */
function readsOf(source: Source, node: TSESTree.Node, name: string): TSESTree.Node[] {
  if (isPath(node, name)) return [node]
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && isPath(node.callee.object, name))
    return [node.callee.object, ...node.arguments.flatMap((arg) => readsOf(source, arg, name))]
  return childrenOf(source, node).flatMap((child) => readsOf(source, child, name))
}

function isPath(node: TSESTree.Node, name: string): boolean {
  if (node.type === 'MemberExpression') return !node.computed && !node.optional && isPath(node.object, name)
  return node.type === 'Identifier' && node.name === name
}
