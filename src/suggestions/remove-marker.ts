/** A public marker that does not say what is so, or says it of nothing: its line goes. */
import type { MarkerReport } from '../model/report.ts'
import type { Edit } from './edit.ts'
import { startsLine, type Source } from './source.ts'

export function removeMarker(source: Source, { range: [start, end] }: MarkerReport): Edit | undefined {
  const rest = /^[^\S\n]*\n/.exec(source.text.slice(end))
  const head = source.text.lastIndexOf('\n', start - 1) + 1
  return startsLine(source, start) && rest ? { range: [head, end + rest[0].length], text: '' } : undefined
}
