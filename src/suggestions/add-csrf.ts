/** `createCsrfMiddleware()` first in `requestMiddleware`, with its import from where `createStart` comes from. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { addImport } from './add-import.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { pathTo, quote, textOf, type Source } from './source.ts'

export function addCsrf(source: Source, callee: Range): Suggestion | undefined {
  const call = pathTo(source, callee).findLast((node) => node.type === 'CallExpression')
  const options = call && optionsOf(call.arguments[0])
  const imported = addImport(source, 'createCsrfMiddleware', packageOf(source, textOf(source, callee)))
  if (!options || !imported) return undefined
  const mark = quote(source)
  const csrf = `${imported.local}({ filter: (ctx) => ctx.handlerType === ${mark}serverFn${mark} })`
  const edit = listed(source, options, csrf)
  return edit && { id: 'addCsrf', data: {}, edits: [...imported.edits, edit] }
}

/** Of `() => ({ … })` or of a function that returns it. */
function optionsOf(factory: TSESTree.Node | undefined): TSESTree.ObjectExpression | undefined {
  if (factory?.type !== 'ArrowFunctionExpression') return undefined
  const { body } = factory
  if (body.type === 'ObjectExpression') return body
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined
  return last?.type === 'ReturnStatement' && last.argument?.type === 'ObjectExpression' ? last.argument : undefined
}

function listed(source: Source, options: TSESTree.ObjectExpression, csrf: string): Edit | undefined {
  const property = options.properties.find(
    (one): one is TSESTree.Property => one.type === 'Property' && textOf(source, one.key.range) === 'requestMiddleware',
  )
  if (property) {
    const list = property.value
    if (list.type !== 'ArrayExpression') return undefined
    return insertAt(list.range[0] + 1, list.elements.length > 0 ? `${csrf}, ` : csrf)
  }
  const text = `requestMiddleware: [${csrf}]`
  const [first] = options.properties
  return first ? insertAt(first.range[0], `${text}, `) : { range: options.range, text: `{ ${text} }` }
}

function packageOf(source: Source, name: string): string {
  const statement = source.ast.body.find(
    (one): one is TSESTree.ImportDeclaration =>
      one.type === 'ImportDeclaration' && one.specifiers.some(({ local }) => local.name === name),
  )
  return statement?.source.value ?? '@tanstack/react-start'
}
