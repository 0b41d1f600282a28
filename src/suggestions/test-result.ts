/** A check whose answer nothing tests: test it, and throw. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import type { Edit, Suggestion } from './edit.ts'
import { behind } from './place.ts'
import { refusal } from './refusal.ts'
import { pathTo, textOf, type Source } from './source.ts'

/** @param member of its answer, where that is an object: what says yes or no */
export function testResult(source: Source, call: Range, culprit: string, member?: string): Suggestion | undefined {
  const path = pathTo(source, call)
  const index = path.findLastIndex((node) => node.type.endsWith('Statement') || node.type === 'VariableDeclaration')
  const statement = path[index]
  const around = path[index - 1]
  if (!statement || !around || !['BlockStatement', 'Program', 'SwitchCase'].includes(around.type)) return undefined
  const denial = refusal(source, path.slice(0, index))
  const edit =
    testExpression(source, statement, call, denial, member) ?? testVariable(source, statement, call, denial, member)
  return edit && { id: 'testResult', data: { culprit }, edits: [edit] }
}

/** `await can(user)` → `if (!(await can(user))) throw …` */
function testExpression(
  source: Source,
  statement: TSESTree.Node,
  call: Range,
  denial: string,
  member?: string,
): Edit | undefined {
  if (statement.type !== 'ExpressionStatement' || !isCall(statement.expression, call)) return undefined
  const { expression } = statement
  const bracketed = expression.range[0] !== statement.range[0]
  if (bracketed) return undefined
  const text = textOf(source, expression.range)
  const answer = expression.type === 'AwaitExpression' ? `(${text})` : text
  const test = `!${answer}${member === undefined ? '' : `.${member}`}`
  return { range: expression.range, text: `if (${test}) ${denial}` }
}

/** `const session = await read()` → the same, and a test of `session` below. */
function testVariable(
  source: Source,
  statement: TSESTree.Node,
  call: Range,
  denial: string,
  member?: string,
): Edit | undefined {
  const bound = boundName(statement, call)
  if (bound === undefined) return undefined
  const name = member === undefined || bound === member ? bound : `${bound}.${member}`
  return behind(source, statement, `if (!${name}) ${denial}`)
}

function boundName(statement: TSESTree.Node, call: Range): string | undefined {
  if (statement.type === 'ExpressionStatement') {
    const { expression } = statement
    const assigns =
      expression.type === 'AssignmentExpression' && expression.operator === '=' && isCall(expression.right, call)
    return assigns && expression.left.type === 'Identifier' ? expression.left.name : undefined
  }
  if (statement.type !== 'VariableDeclaration') return undefined
  const declarator = statement.declarations.find(({ init }) => init && isCall(init, call))
  return declarator && patternName(declarator.id)
}

/** Of a pattern, the only name that it binds: two may answer different questions. */
function patternName(pattern: TSESTree.Node): string | undefined {
  if (pattern.type === 'Identifier') return pattern.name
  if (pattern.type !== 'ObjectPattern' || pattern.properties.length !== 1) return undefined
  const [property] = pattern.properties
  return property?.type === 'Property' ? patternName(property.value) : undefined
}

/** The call itself, awaited or not, the range standing for the one or the other. */
function isCall(node: TSESTree.Node, call: Range): boolean {
  const inner = node.type === 'AwaitExpression' ? node.argument : node
  return [node, inner].some(({ range }) => range[0] === call[0] && range[1] === call[1])
}
