/** A refusal that a `catch` keeps to itself: throw it again at the end of the block. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Suggestion } from './edit.ts'
import {
  breaksLine,
  declaredNames,
  endWithComments,
  indentAt,
  lineEnd,
  pathTo,
  semicolon,
  type Source,
} from './source.ts'

export function rethrow(source: Source, statement: Range, culprit: string): Suggestion | undefined {
  const node = pathTo(source, statement).at(-1)
  const handler = node?.type === 'TryStatement' ? node.handler : undefined
  if (!handler) return undefined
  const { param, body } = handler
  if (param && param.type !== 'Identifier') return undefined
  const last = body.body.at(-1)
  if (last && /^(?:Return|Throw|Continue|Break)Statement$/.test(last.type)) return undefined
  const name = param?.name ?? freeName(source)
  const bind = param ? [] : [insertAt(handler.range[0] + 'catch'.length, ` (${name})`)]
  return {
    id: 'rethrow',
    data: { culprit },
    edits: [...bind, atEnd(source, body, `throw ${name}${semicolon(source)}`)],
  }
}

function atEnd(source: Source, block: TSESTree.BlockStatement, text: string): ReturnType<typeof insertAt> {
  const last = block.body.at(-1)
  const close = block.range[1] - 1
  if (!last) return insertAt(close, source.text[close - 1] === '{' ? ` ${text} ` : text)
  const end = endWithComments(source, last)
  return breaksLine(source, block.range[0], last.range[0])
    ? insertAt(end, `${lineEnd(source)}${indentAt(source, last.range[0])}${text}`)
    : insertAt(end, `${source.text[end - 1] === ';' ? '' : ';'} ${text}`)
}

function freeName(source: Source): string {
  const taken = declaredNames(source)
  return ['error', 'cause', 'refusal'].find((name) => !taken.has(name)) ?? 'refused'
}
