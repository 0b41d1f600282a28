/** All that was sent is written into a row: name the columns instead. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { ClaimReport } from '../model/report.ts'
import { quotedList } from '../model/quoted.ts'
import { declaredMembers } from './declared-members.ts'
import type { Edit, Suggestion } from './edit.ts'
import { isPath, keyOf, replaced, writtenIn } from './query-parts.ts'
import { indentAt, lineEnd, pathTo, textOf, type Source } from './source.ts'

export const columnMessages = { nameColumns: 'Write only {{columns}}.' } as const

export function nameColumns(
  source: Source,
  file: string,
  { place, columns = [], written = [] }: Pick<ClaimReport, 'place' | 'columns' | 'written'>,
): Suggestion | undefined {
  const call = pathTo(source, place.range).at(-1)
  const [whole, ...others] = call?.type === 'CallExpression' ? writtenIn(call, written) : []
  const spread = whole?.type === 'ObjectExpression' ? onlySpread(whole) : undefined
  const sent = spread ? spread.argument : whole
  if (!whole || others.length > 0 || !sent || !isPath(sent)) return undefined
  const members = declaredMembers(source, file, sent)
  const named = spread ? namesIn(whole) : []
  const left = columns.filter(
    (column) => /^[a-z_$][\w$]*$/i.test(column) && members?.has(column) && !named.includes(column),
  )
  if (left.length === 0) return undefined
  const pairs = left.map((column) => `${column}: ${textOf(source, sent.range)}.${column}`)
  const edit: Edit = spread
    ? { range: spread.range, text: pairs.join(', ') }
    : replaced(sent, object(source, sent, pairs))
  return { id: 'nameColumns', data: { columns: quotedList(left) }, edits: [edit] }
}

/** `{ ...data, updatedAt }`: what is spread, where nothing else is. */
function onlySpread({ properties }: TSESTree.ObjectExpression): TSESTree.SpreadElement | undefined {
  const [spread, ...others] = properties.filter((property) => property.type === 'SpreadElement')
  return others.length === 0 && properties.every((one) => one === spread || (one.type === 'Property' && keyOf(one)))
    ? spread
    : undefined
}

const namesIn = (node: TSESTree.Node): readonly (string | undefined)[] =>
  node.type === 'ObjectExpression'
    ? node.properties.map((property) => (property.type === 'Property' ? keyOf(property) : undefined))
    : []

/** As wide as the file is already. */
const widthOf = ({ text }: Source): number =>
  text.split('\n').reduce((widest, { length }) => Math.max(widest, Math.min(length, 120)), 80)

/** On one line, where that is not too long. */
function object(source: Source, { range }: TSESTree.Node, pairs: readonly string[]): string {
  const text = `{ ${pairs.join(', ')} }`
  const column = range[0] - source.text.lastIndexOf('\n', range[0] - 1)
  if (column + text.length <= widthOf(source)) return text
  const outer = indentAt(source, range[0])
  const [newLine, step] = [lineEnd(source), outer.startsWith('\t') ? '\t' : '  ']
  return `{${pairs.map((pair) => `${newLine}${outer}${step}${pair},`).join('')}${newLine}${outer}}`
}
