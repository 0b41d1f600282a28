/** `next()` that leaves a key of the context to the caller: write it there too. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { nodeAt, textOf, type Source } from './source.ts'

export function writeKey(source: Source, call: Range, key: string): Suggestion | undefined {
  const node = nodeAt(source, call)
  const inner = node?.type === 'AwaitExpression' ? node.argument : node
  if (inner?.type !== 'CallExpression' || !/^[\w$]+$/.test(key)) return undefined
  const edit = written(source, inner, `${key}: undefined`)
  return edit && { id: 'writeKey', data: { key }, edits: [edit] }
}

function written(source: Source, call: TSESTree.CallExpression, text: string): Edit | undefined {
  const [options] = call.arguments
  if (!options) return insertAt(call.range[1] - 1, `{ context: { ${text} } }`)
  if (options.type !== 'ObjectExpression') return undefined
  const context = options.properties.find(
    (property): property is TSESTree.Property =>
      property.type === 'Property' && !property.computed && textOf(source, property.key.range) === 'context',
  )
  return context ? first(context.value, text) : first(options, `context: { ${text} }`)
}

/** In front of the other properties, so that a spread behind it still decides where it has something to say. */
function first(object: TSESTree.Node, text: string): Edit | undefined {
  if (object.type !== 'ObjectExpression') return undefined
  const [property] = object.properties
  return property
    ? insertAt(property.range[0], `${text}, `)
    : { range: [object.range[0], object.range[1]], text: `{ ${text} }` }
}
