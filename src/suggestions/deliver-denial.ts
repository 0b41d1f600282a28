/** `redirect()` or `new Response()` that is built and dropped: throw it, or return it. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { pathTo, textOf, type Source } from './source.ts'

export function deliverDenial(source: Source, denial: Range, culprit: string): Suggestion | undefined {
  const path = pathTo(source, denial)
  const index = path.findLastIndex((node) => node.type === 'ExpressionStatement')
  const statement = path[index]
  // `(redirect())`: a statement cannot stand in brackets.
  if (statement?.type !== 'ExpressionStatement' || statement.range[0] !== statement.expression.range[0])
    return undefined
  const keyword = isResponse(source, denial) ? 'return' : 'throw'
  const edit =
    deliver(statement.expression, denial, keyword) ?? branch(source, statement, path[index - 1], denial, keyword)
  return edit && { id: keyword === 'return' ? 'returnDenial' : 'throwDenial', data: { culprit }, edits: [edit] }
}

function deliver(expression: TSESTree.Expression, denial: Range, keyword: string): Edit | undefined {
  const built = expression.type === 'AwaitExpression' ? expression.argument : expression
  return isAt(built, denial) ? insertAt(expression.range[0], `${keyword} `) : undefined
}

/** `!session && redirect()` → `if (!session) throw redirect()` */
function branch(
  source: Source,
  { expression }: TSESTree.ExpressionStatement,
  around: TSESTree.Node | undefined,
  denial: Range,
  keyword: string,
): Edit | undefined {
  if (expression.type !== 'LogicalExpression' || expression.operator === '??' || !isAt(expression.right, denial))
    return undefined
  const bracketed = source.getTokenBefore(expression.right)?.value !== expression.operator
  // The `else` that follows would become ours.
  const elseFollows = around?.type === 'IfStatement' && around.alternate !== null
  if (bracketed || elseFollows) return undefined
  const left = textOf(source, expression.left.range)
  return {
    range: [expression.range[0], denial[0]],
    text: `if (${expression.operator === '&&' ? left : `!(${left})`}) ${keyword} `,
  }
}

const isAt = (node: TSESTree.Node, range: Range): boolean => node.range[0] === range[0] && node.range[1] === range[1]

function isResponse(source: Source, denial: Range): boolean {
  return /^(?:new\s+Response\b|Response\.|(?:new\s+)?NextResponse\b|json\()/.test(textOf(source, denial))
}
