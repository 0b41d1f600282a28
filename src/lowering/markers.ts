/** Marker comments and the places of lines: what is read from the text, not from the tree. */
import type { MarkerForm, Range } from '../model/form.ts'
import { isLineEnd } from './characters.ts'

/** A comment of any parser: offsets as `range`, or as `start` and `end`. */
export interface SourceComment {
  readonly type: string
  readonly value: string
  readonly range?: Range
  readonly start?: number
  readonly end?: number
}

const MARKER = /^[\s*]*authz\s*:/i
/** It may be meant as one: without the colon, as a tag, or below other lines. */
const NEARLY = /(?:^|\n)[\s*]*(?<head>@?authz\b\s*:?)/i

export function markersOf(text: string, comments: readonly SourceComment[]): MarkerForm[] {
  const markers: MarkerForm[] = []
  for (const comment of comments) {
    const exact = MARKER.exec(comment.value)
    const match = exact ?? NEARLY.exec(comment.value)
    if (!match) continue
    const head = match.groups?.head?.trim()
    const range = comment.range ?? [comment.start ?? 0, comment.end ?? 0]
    markers.push({
      // The stars that begin the lines of a block comment are no part of what it says.
      text: comment.value
        .slice(match.index + match[0].length)
        .replace(/\s*\n[\s*]*/g, ' ')
        .trim(),
      ...(head === undefined ? {} : { head }),
      range,
      block: comment.type === 'Block',
      nextToken: nextToken(text, range[1]),
    })
  }
  return markers
}

/** Start of the first token at or after an offset, -1 when only white space and comments are left. */
export function nextToken(text: string, offset: number): number {
  let at = offset
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++
    if (at >= text.length) return -1
    if (text[at] !== '/') return at
    const next = text[at + 1]
    if (next === '/') {
      while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++
    } else if (next === '*') {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) return -1
      at = end + 2
    } else return at
  }
}

/** Offsets of the first characters of the lines, with the line ends that ESLint knows. */
export function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isLineEnd(code)) continue
    if (code === 13 && text.charCodeAt(at + 1) === 10) at++
    starts.push(at + 1)
  }
  return starts
}
