/** `export const dynamic = 'force-static'`: without it. */
import type { Range } from '../model/form.ts'
import type { Suggestion } from './edit.ts'
import { nextLine, pathTo, startsLine, type Source } from './source.ts'

export function removeOption(source: Source, near: Range): Suggestion | undefined {
  const statement = pathTo(source, near).find(({ type }) => type === 'ExportNamedDeclaration')
  if (statement?.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration')
    return undefined
  if (statement.declaration.declarations.length > 1 || !startsLine(source, statement.range[0])) return undefined
  const [start, end] = statement.range
  return { id: 'removeOption', data: {}, edits: [{ range: [start, nextLine(source, end)], text: '' }] }
}
