/** A variable of the module that only one function uses: declare it there, anew for each call. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { indentAt, isFunction, lineEnd, nextLine, pathTo, startsLine, textOf, type Source } from './source.ts'

export function keepInFunction(source: Source, use: Range, name: string): Suggestion | undefined {
  const variable = source.scopeManager?.scopes
    .find(({ type }) => type === 'module')
    ?.variables.find((one) => one.name === name)
  const declaration = variable?.defs.length === 1 ? variable.defs[0]!.parent : undefined
  if (declaration?.type !== 'VariableDeclaration' || declaration.declarations.length > 1) return undefined
  const uses = variable!.references.filter(({ identifier }) => !isIn(identifier, declaration))
  const body = pathTo(source, use).findLast(
    (node, i, path): node is TSESTree.BlockStatement =>
      node.type === 'BlockStatement' &&
      isFunction(path[i - 1]) &&
      uses.every(({ identifier }) => isIn(identifier, node)),
  )
  const [first] = body?.body ?? []
  if (!first || !source.ast.body.some((statement) => statement === declaration)) return undefined
  if (!startsLine(source, first.range[0]) || !startsLine(source, declaration.range[0])) return undefined
  const text = `${textOf(source, declaration.range)}${lineEnd(source)}${indentAt(source, first.range[0])}`
  return {
    id: 'keepInFunction',
    data: { name },
    edits: [
      { range: [declaration.range[0], nextLine(source, declaration.range[1])], text: '' },
      insertAt(first.range[0], text),
    ],
  }
}

const isIn = (inner: TSESTree.Node, outer: TSESTree.Node): boolean =>
  inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1]
