/** `createServerFn()` answers GET unless it is told otherwise. */
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { nodeAt, quote, textOf, type Source } from './source.ts'

export function usePost(source: Source, made: Range): Suggestion | undefined {
  const node = nodeAt(source, made)
  if (node?.type !== 'CallExpression') return undefined
  const [options] = node.arguments
  const edit = options ? withMethod(source, options.range) : insertAt(node.range[1] - 1, `{ ${post(source)} }`)
  return edit && { id: 'usePost', data: {}, edits: [edit] }
}

const post = (source: Source): string => `method: ${quote(source)}POST${quote(source)}`

function withMethod(source: Source, range: Range): Edit | undefined {
  const options = nodeAt(source, range)
  if (options?.type !== 'ObjectExpression') return undefined
  const [first] = options.properties
  if (!first) return { range: options.range, text: `{ ${post(source)} }` }
  const method = options.properties.find((one) => one.type === 'Property' && textOf(source, one.key.range) === 'method')
  return method ? { range: method.range, text: post(source) } : insertAt(first.range[0], `${post(source)}, `)
}
