/** How a function refuses whoever asked for it: by throwing, or by the answer that its host expects instead. */
import type { TSESTree } from '@typescript-eslint/utils'
import { isFunction, quote, textOf, type AnyFunction, type Source } from './source.ts'

/** A statement without its semicolon, for the innermost function of the path. */
export function refusal(source: Source, path: readonly TSESTree.Node[]): string {
  const fn = path.findLast(isFunction)
  const exported = path[1]
  if (fn && exported && path.find(isFunction) === fn) {
    // a page that throws is an error page
    if (givesProps(exported, fn)) return 'return { notFound: true }'
    const response = responseOf(source, exported, fn)
    if (response !== undefined) return `return ${response}.status(401).end()`
  }
  const mark = quote(source)
  return `throw new Error(${mark}Unauthorized${mark})`
}

/** `getServerSideProps`, which says itself that there is no such page. */
function givesProps(exported: TSESTree.Node, fn: AnyFunction): boolean {
  const declared = exported.type === 'ExportNamedDeclaration' ? exported.declaration : undefined
  if (declared === fn) return fn.id?.name === 'getServerSideProps'
  if (declared?.type !== 'VariableDeclaration') return false
  return declared.declarations.some(({ id }) => id.type === 'Identifier' && id.name === 'getServerSideProps')
}

/** Of a module's default export, as `(request, response)` that answers by `response.status(…)`: what it calls the response. */
function responseOf(source: Source, exported: TSESTree.Node, fn: AnyFunction): string | undefined {
  const response = fn.params[1]
  if (fn.params.length !== 2 || response?.type !== 'Identifier' || !isDefault(source, exported, fn)) return undefined
  const given = fn.returnType ? textOf(source, fn.returnType.range) : ''
  const answers = textOf(source, fn.body.range).includes(`${response.name}.status(`)
  // what is declared to give nothing may not give the response
  return answers && !/\bvoid\b/.test(given) ? response.name : undefined
}

function isDefault(source: Source, exported: TSESTree.Node, fn: AnyFunction): boolean {
  if (exported.type === 'ExportDefaultDeclaration') return true
  const name = fn.id?.name ?? (exported.type === 'VariableDeclaration' ? nameOf(exported) : undefined)
  return (
    name !== undefined &&
    source.ast.body.some(
      (statement) =>
        statement.type === 'ExportDefaultDeclaration' &&
        (isNamed(statement.declaration, name) ||
          (statement.declaration.type === 'CallExpression' &&
            statement.declaration.arguments.some((given) => isNamed(given, name)))),
    )
  )
}

const nameOf = ({ declarations }: TSESTree.VariableDeclaration): string | undefined =>
  declarations[0].id.type === 'Identifier' ? declarations[0].id.name : undefined

const isNamed = (node: TSESTree.Node, name: string): boolean => node.type === 'Identifier' && node.name === name
