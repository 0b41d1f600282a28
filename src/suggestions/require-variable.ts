/** A secret that is compared without being there: refuse before the comparison. */
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { indentAt, lineEnd, pathTo, quote, semicolon, textOf, type Source } from './source.ts'

export function requireVariable(source: Source, comparison: Range, name: string): Suggestion | undefined {
  const path = pathTo(source, comparison)
  const at = path.findLastIndex((node) => node.type.endsWith('Statement') || node.type === 'VariableDeclaration')
  const statement = path[at]
  const around = path[at - 1]
  if (!statement || around?.type !== 'BlockStatement') return undefined
  const written = `process.env.${name}`
  if (name === '' || !textOf(source, statement.range).includes(written)) return undefined
  const mark = quote(source)
  const refuse = `if (!${written}) throw new Error(${mark}${name} is not set${mark})${semicolon(source)}`
  const indent = indentAt(source, statement.range[0])
  return {
    id: 'requireVariable',
    data: { variable: name },
    edits: [insertAt(statement.range[0], `${refuse}${lineEnd(source)}${indent}`)],
  }
}
