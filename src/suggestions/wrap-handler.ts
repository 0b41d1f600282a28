/** Puts a handler or an action into the function that its siblings are wrapped in: `withUser(async (request) => { … })`. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { EntryPointShape } from '../model/report.ts'
import { functionGivenTo } from './call-guard.ts'
import { insertAt, type Edit } from './edit.ts'
import { nodeAt, semicolon, type Source } from './source.ts'

/** @param passes how many of its arguments it gets as before; nothing where it has more */
export function wrapHandler(
  source: Source,
  { declaration }: EntryPointShape,
  name: string,
  guard: string,
  passes?: number,
): readonly Edit[] | undefined {
  const most = passes ?? Infinity
  const statement = nodeAt(source, declaration)
  const declared = statement?.type === 'ExportNamedDeclaration' ? statement.declaration : undefined
  if (declared?.type === 'FunctionDeclaration') {
    if (!fits(declared, most) || declared.id?.name !== name || isNeededBefore(source, declared, name)) return undefined
    return [
      insertAt(declared.range[0], `const ${name} = ${guard}(`),
      insertAt(declared.range[1], `)${semicolon(source)}`),
    ]
  }
  const given = functionGivenTo(statement, name)
  if (!given || !fits(given, most)) return undefined
  return [insertAt(given.range[0], `${guard}(`), insertAt(given.range[1], ')')]
}

const fits = ({ params, generator }: TSESTree.FunctionLike, passes: number): boolean =>
  !generator && params.length <= passes && params.every(({ type }) => type !== 'RestElement')

/** A function is there from the start, a constant from its line on; and of overloads there is but one. */
function isNeededBefore(source: Source, declared: TSESTree.FunctionDeclaration, name: string): boolean {
  const variable = source.scopeManager?.scopes
    .find(({ type }) => type === 'module')
    ?.variables.find((one) => one.name === name)
  return (
    variable?.defs.length !== 1 ||
    variable.references.some(
      ({ identifier, from }) =>
        from.variableScope.type === 'module' && identifier.range[0] < declared.range[0] && !isExport(identifier),
    )
  )
}

const isExport = ({ parent }: TSESTree.Node): boolean => parent?.type === 'ExportSpecifier'
