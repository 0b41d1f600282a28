/** `redirect()` or `new Response()` that is built and dropped: throw it, or return it. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { pathTo, textOf, type Source } from './source.ts'

export function deliverDenial(source: Source, denial: Range, culprit: string): Suggestion | undefined {
  const path = pathTo(source, denial)
  const statement = path.findLast((node) => node.type === 'ExpressionStatement')
  if (!statement) return undefined
  const keyword = isResponse(source, denial) ? 'return' : 'throw'
  const edits = deliver(source, statement.expression, denial, keyword)
  return edits && { id: keyword === 'return' ? 'returnDenial' : 'throwDenial', data: { culprit }, edits }
}

function deliver(source: Source, expression: TSESTree.Expression, denial: Range, keyword: string): Edit[] | undefined {
  if (isAt(expression, denial)) return [insertAt(denial[0], `${keyword} `)]
  if (expression.type === 'AwaitExpression' && isAt(expression.argument, denial)) {
    return [insertAt(expression.range[0], `${keyword} `)]
  }
  // `!session && redirect()`: a statement cannot stand in an expression.
  if (expression.type !== 'LogicalExpression' || expression.operator === '??' || !isAt(expression.right, denial))
    return undefined
  const left = textOf(source, expression.left.range)
  const test = expression.operator === '&&' ? left : `!(${left})`
  return [{ range: [expression.range[0], denial[0]], text: `if (${test}) ${keyword} ` }]
}

const isAt = (node: TSESTree.Node, range: Range): boolean => node.range[0] === range[0] && node.range[1] === range[1]

function isResponse(source: Source, denial: Range): boolean {
  return /^(?:new\s+Response\b|Response\.|(?:new\s+)?NextResponse\b|json\()/.test(textOf(source, denial))
}
