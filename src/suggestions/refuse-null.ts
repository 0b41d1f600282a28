/** `session && session.role !== 'admin'` lets the missing session pass: `session?.role !== 'admin'` does not. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import type { Edit, Suggestion } from './edit.ts'
import { nodeAt, textOf, type Source } from './source.ts'

export function refuseNull(source: Source, test: Range): Suggestion | undefined {
  const node = nodeAt(source, test)
  const logical = node?.type === 'IfStatement' ? node.test : node
  if (logical?.type !== 'LogicalExpression' || logical.operator !== '&&') return undefined
  const bracketed = source.getTokenBefore(logical.right)?.value !== '&&'
  const member = refusedMember(logical.right)
  if (!member || bracketed) return undefined
  const tested = operands(logical.left).map((operand) => textOf(source, subject(operand).range))
  const text = optional(textOf(source, member.range), tested)
  if (text === undefined) return undefined
  const edits: Edit[] = [
    { range: [logical.range[0], logical.right.range[0]], text: '' },
    { range: member.range, text },
  ]
  return { id: 'refuseNull', data: { tested: tested[0]! }, edits }
}

/** Of `a.b !== 'x'` and `!a.b`: `a.b`. What is compared with null or undefined would pass again. */
function refusedMember(node: TSESTree.Expression): TSESTree.MemberExpression | undefined {
  if (node.type === 'UnaryExpression' && node.operator === '!') return asMember(node.argument)
  if (node.type !== 'BinaryExpression' || !/^!==?$/.test(node.operator) || isNothing(node.right)) return undefined
  return asMember(node.left)
}

function asMember(node: TSESTree.Node): TSESTree.MemberExpression | undefined {
  const inner = node.type === 'ChainExpression' ? node.expression : node
  return inner.type === 'MemberExpression' ? inner : undefined
}

function operands(node: TSESTree.Expression): TSESTree.Expression[] {
  return node.type === 'LogicalExpression' && node.operator === '&&'
    ? [...operands(node.left), ...operands(node.right)]
    : [node]
}

/** Of `a`, `!!a`, `a != null` and `a !== undefined`: `a`. */
function subject(node: TSESTree.Expression): TSESTree.Node {
  if (node.type === 'UnaryExpression' && node.operator === '!' && node.argument.type === 'UnaryExpression')
    return node.argument.argument
  if (node.type === 'BinaryExpression' && /^!==?$/.test(node.operator) && isNothing(node.right)) return node.left
  return node
}

function isNothing(node: TSESTree.Node): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined')
}

/** `?.` behind each of the tested prefixes; undefined when one of them is no prefix. */
function optional(member: string, tested: readonly string[]): string | undefined {
  let text = member
  for (const prefix of tested.toSorted((a, b) => b.length - a.length)) {
    const rest = member.slice(prefix.length)
    if (!member.startsWith(prefix) || !/^(?:\?\.|\.|\[)/.test(rest)) return undefined
    if (rest.startsWith('?.')) continue
    text = `${text.slice(0, prefix.length)}?${rest.startsWith('[') ? '.' : ''}${text.slice(prefix.length)}`
  }
  return text
}
