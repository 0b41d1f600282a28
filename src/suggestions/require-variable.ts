/** A secret that is compared without being there: refuse before the comparison. */
import type { Range } from '../model/form.ts'
import type { Suggestion } from './edit.ts'
import { inFrontOf } from './place.ts'
import { pathTo, quote, textOf, type Source } from './source.ts'

export function requireVariable(source: Source, comparison: Range, name: string): Suggestion | undefined {
  const path = pathTo(source, comparison)
  const at = path.findLastIndex((node) => node.type.endsWith('Statement') || node.type === 'VariableDeclaration')
  const statement = path[at]
  const around = path[at - 1]
  if (!statement || around?.type !== 'BlockStatement') return undefined
  const written = `process.env.${name}`
  if (name === '' || !textOf(source, statement.range).includes(written)) return undefined
  const mark = quote(source)
  const refuse = `if (!${written}) throw new Error(${mark}${name} is not set${mark})`
  return {
    id: 'requireVariable',
    data: { variable: name },
    edits: [inFrontOf(source, statement, refuse)],
  }
}
