/** `authz: public -- <reason>`: which entry points a marker speaks about, and what is wrong with one. */
import type { FoundEntryPoint } from '../entry-points/entry-point.ts'
import { lineAt } from '../model/lines.ts'
import type { MarkerForm, ModuleForm } from '../model/form.ts'
import type { MarkerReport } from '../model/report.ts'
import { distance } from '../spelling.ts'

export interface PublicMarker {
  /** Index in `ModuleForm.markers`. */
  readonly index: number
  readonly form: MarkerForm
  /** Undefined where it gives none that counts. */
  readonly reason: string | undefined
  readonly misspelt: boolean
}

/** What the marker says; undefined for a comment that only mentions the plugin. */
export function readMarker(form: MarkerForm, index: number): PublicMarker | undefined {
  if (form.head !== undefined)
    return /^public\s*(?:--|–|—|$)/.test(form.text) ? { index, form, reason: undefined, misspelt: true } : undefined
  const match = /^public(?:\s*--(?<reason>.*))?$/s.exec(form.text)
  if (match) {
    const reason = match.groups?.reason?.trim() ?? ''
    return { index, form, reason: reason === '' || /^<[^>]*>$/.test(reason) ? undefined : reason, misspelt: false }
  }
  return looksLikeOne(form.text) ? { index, form, reason: undefined, misspelt: true } : undefined
}

/** The marker that stands above an entry point: the nearest one. */
export function markerAbove(form: ModuleForm, anchors: readonly number[]): PublicMarker | undefined {
  const all = form.markers.flatMap((marker, index) => readMarker(marker, index) ?? [])
  return all.findLast((marker) => anchors.includes(marker.form.nextToken) && isDirectlyAbove(form, marker.form))
}

/** A marker that counts: nothing is wrong with what it says, and the policy accepts it. */
export const counts = (
  marker: PublicMarker | undefined,
  forbidden: boolean,
): marker is PublicMarker & { readonly reason: string } => marker?.reason !== undefined && !forbidden

export interface MarkedEntryPoint {
  readonly entry: Pick<FoundEntryPoint, 'name'>
  readonly marker: number | undefined
  /** Without the marker it would be guarded, or do nothing protected. */
  readonly needless: boolean
}

export function markerReports(
  form: ModuleForm,
  entryPoints: readonly MarkedEntryPoint[],
  forbidden: boolean,
): MarkerReport[] {
  return form.markers.flatMap((written, index): MarkerReport[] => {
    const marker = readMarker(written, index)
    if (!marker) return []
    const below = entryPoints.filter((one) => one.marker === index)
    const name = below[0]?.entry.name
    const { range, text, head } = written
    const problem = problemOf(marker, below, forbidden)
    return problem
      ? [{ range, problem, text, ...(head === undefined ? {} : { head }), ...(name === undefined ? {} : { name }) }]
      : []
  })
}

function problemOf(
  marker: PublicMarker,
  below: readonly MarkedEntryPoint[],
  forbidden: boolean,
): MarkerReport['problem'] | undefined {
  if (marker.misspelt) return 'misspelt'
  if (forbidden) return 'forbidden'
  if (below.length === 0) return 'orphaned'
  if (marker.reason === undefined) return 'noReason'
  return below.every((one) => one.needless) ? 'stale' : undefined
}

/** No empty line between the comment and what it speaks about; other comments may stand there. */
function isDirectlyAbove(form: ModuleForm, marker: MarkerForm): boolean {
  const last = lineAt(form, marker.range[1])
  const next = lineAt(form, marker.nextToken)
  for (let line = last + 1; line < next; line++) {
    if (form.lineStarts[line]! - form.lineStarts[line - 1]! <= 2) return false
  }
  return true
}

/** Somebody wanted to write a marker: a word like `public`, another word of permission, or one with a reason behind dashes. */
function looksLikeOne(text: string): boolean {
  const word = /^[\w-]+/.exec(text)?.[0].toLowerCase() ?? ''
  if (/^(?:allow|anonymous|anyone|ignore|open|skip|unauthenticated|unprotected)/.test(word)) return true
  return /^[\w-]+\s+(?:--|–|—)\s/.test(text) || distance(word, 'public', 2) <= 2
}
