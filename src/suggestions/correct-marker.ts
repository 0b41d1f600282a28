/** What a misspelt marker wants to say, in words that count. */
import type { MarkerReport } from '../model/report.ts'
import type { Edit } from './edit.ts'
import { textOf, type Source } from './source.ts'

export interface Correction {
  readonly marker: string
  readonly edit: Edit
}

export function correctMarker(source: Source, { range, text }: MarkerReport): Correction | undefined {
  const comment = textOf(source, range)
  // below other lines, it needs a comment of its own
  const head = /^(?<before>\/[/*][\s*]*)@?authz\b\s*:?/i.exec(comment)
  const at = head ? comment.indexOf(text, head[0].length) : -1
  if (!head || at < 0 || text === '') return undefined
  const marker = `authz: public -- ${reasonIn(text) || '<reason>'}`
  const edit: Edit = {
    range: [range[0] + (head.groups?.before?.length ?? 0), range[0] + at + text.length],
    text: marker,
  }
  return { marker, edit }
}

/** What follows the separator, whichever was written; without one, what follows a word like `public`. */
function reasonIn(text: string): string {
  const words = text.replaceAll(/\s+(?:\*\s)?/g, ' ')
  const separated = /(?:--|[:–—]| - )(.*)$/.exec(words)
  const reason = separated ? separated[1]! : words.replace(/^p\w*/i, '')
  return reason.replace(/^[\s\p{P}]+/u, '').trim()
}
