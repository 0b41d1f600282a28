/** Calls the project's guard before anything else in a function: `await requireUser()`. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { EntryPointShape } from '../model/report.ts'
import { insertAt, type Edit } from './edit.ts'
import {
  breaksLine,
  indentAt,
  isFunction,
  lineEnd,
  nodeAt,
  semicolon,
  type AnyFunction,
  type Source,
} from './source.ts'

/** Nothing where the function cannot wait, or has no body to put a statement into. */
export function callInBody(
  source: Source,
  { handler, declaration }: EntryPointShape,
  name: string,
  /** As it is called. */
  guard: string,
): Edit | undefined {
  const node = handler ? nodeAt(source, handler) : functionGivenTo(nodeAt(source, declaration), name)
  if (!isFunction(node) || !node.async || node.body.type !== 'BlockStatement') return undefined
  const { body } = node.body
  const directive = body.findLast((statement) => statement.type === 'ExpressionStatement' && statement.directive)
  const next = directive ? body[body.indexOf(directive) + 1] : body[0]
  const start = directive ? directive.range[1] : node.body.range[0] + 1
  const call = `await ${guard}${semicolon(source)}`
  if (!next) return insertAt(start, ` ${call} `)
  return breaksLine(source, start, next.range[0])
    ? insertAt(start, `${lineEnd(source)}${indentAt(source, next.range[0])}${call}`)
    : insertAt(next.range[0], `await ${guard}; `)
}

/** `export const GET = withTiming(async () => { … })`: the function that is given to the innermost call. */
export function functionGivenTo(declaration: TSESTree.Node | undefined, name: string): AnyFunction | undefined {
  const declared = declaration?.type === 'ExportNamedDeclaration' ? declaration.declaration : declaration
  if (declared?.type !== 'VariableDeclaration') return undefined
  const found = declared.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
  let node: TSESTree.Node | null | undefined = found?.init
  while (node?.type === 'CallExpression')
    node = node.arguments.findLast((given) => isFunction(given) || given.type === 'CallExpression')
  const fn = node ?? undefined
  return isFunction(fn) ? fn : undefined
}
