/** Puts a statement beside another one, on a line of its own where that has one. */
import type { TSESTree } from '@typescript-eslint/utils'
import { insertAt, type Edit } from './edit.ts'
import { breaksLine, endWithComments, indentAt, lineEnd, semicolon, startsLine, type Source } from './source.ts'

/** @param text without its semicolon */
export function inFrontOf(source: Source, { range: [start] }: TSESTree.Node, text: string): Edit {
  if (!startsLine(source, start)) return insertAt(start, `${text}; `)
  return insertAt(start, `${text}${semicolon(source)}${lineEnd(source)}${indentAt(source, start)}`)
}

/** @param text without its semicolon */
export function behind(source: Source, statement: TSESTree.Node, text: string): Edit {
  const end = endWithComments(source, statement)
  const next = source.getTokenAfter(statement)
  if (next && !breaksLine(source, end, next.range[0])) {
    const first = source.text[statement.range[1] - 1] === ';' ? '' : ';'
    return insertAt(end, `${first} ${text}${next.value === '}' ? semicolon(source) : ';'}`)
  }
  const goesOn = next !== null && /^[([`+\-/]/.test(next.value)
  return insertAt(
    end,
    `${lineEnd(source)}${indentAt(source, statement.range[0])}${text}${goesOn ? ';' : semicolon(source)}`,
  )
}
