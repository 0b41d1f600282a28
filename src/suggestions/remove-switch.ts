/** A variable of the environment that lets everybody pass: what it decides goes, the check stays. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import type { Edit, Suggestion } from './edit.ts'
import { breaksLine, indentAt, pathTo, textOf, type Source } from './source.ts'

export function removeSwitch(source: Source, test: Range, variable: string): Suggestion | undefined {
  const path = pathTo(source, test)
  const statement = path.findLast((node) => node.type.endsWith('Statement'))
  const edit = statement?.type === 'IfStatement' && !statement.alternate && decided(source, statement, test)
  return edit ? { id: 'removeSwitch', data: { variable }, edits: [edit] } : undefined
}

function decided(source: Source, statement: TSESTree.IfStatement, test: Range): Edit | undefined {
  const { consequent } = statement
  const isWhole = statement.test.range[0] === test[0] && statement.test.range[1] === test[1]
  if (!isWhole) return undefined
  const only = consequent.type === 'BlockStatement' && consequent.body.length === 1 ? consequent.body[0]! : consequent
  // `if (switched) return next()`: nobody gets past the check any more
  if (only.type === 'ReturnStatement') return { range: whole(source, statement), text: '' }
  // `if (!switched) { check }`: everybody is checked
  if (consequent.type !== 'BlockStatement') return { range: statement.range, text: textOf(source, consequent.range) }
  const [first, last] = [consequent.body[0], consequent.body.at(-1)]
  if (!first || !last || !isFlat(source, consequent)) return undefined
  const text = textOf(source, [first.range[0], last.range[1]])
  const deeper = indentAt(source, first.range[0])
  const indent = indentAt(source, statement.range[0])
  const outdented = breaksLine(source, statement.range[0], first.range[0])
    ? text.replaceAll(`\n${deeper}`, `\n${indent}`)
    : text
  return { range: statement.range, text: outdented }
}

/** Nothing in the block would meet another of its name outside. */
function isFlat(source: Source, block: TSESTree.BlockStatement): boolean {
  const own = source.scopeManager?.scopes.find(({ block: at }) => at === block)
  const around = own?.upper?.variables.map(({ name }) => name) ?? []
  return (own?.variables ?? []).every(({ name }) => !around.includes(name))
}

/** With its line. */
function whole(source: Source, { range: [start, end] }: TSESTree.Node): Range {
  const head = source.text.lastIndexOf('\n', start - 1) + 1
  const rest = /^[^\S\n]*\n/.exec(source.text.slice(end))
  return source.text.slice(head, start).trim() === '' && rest ? [head, end + rest[0].length] : [start, end]
}
