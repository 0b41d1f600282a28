/** What other rules than those about open entry points say of a file. One defect gets one report. */
import path from 'node:path'
import type { FindingsRequest, FrameworkEntryPoints } from '../entry-points/entry-point.ts'
import type { EntryPointReport, Finding, LostCheck } from '../model/report.ts'

export function findingsIn(
  frameworks: readonly FrameworkEntryPoints[],
  request: FindingsRequest,
  entryPoints: readonly EntryPointReport[],
): Finding[] {
  const found = [
    ...frameworks.flatMap((framework) => framework.findings?.(request) ?? []),
    ...entryPoints.flatMap((entry) => (entry.lost ?? []).flatMap((lost) => lostCheck(request.file, entry, lost))),
  ]
  found.push(...entryPoints.flatMap(mutationInGet))
  // an open entry point is reported where its check fails, when that is in its file
  const told = entryPoints
    .filter(({ verdict }) => verdict === 'unguarded')
    .flatMap(({ causeRange }) => (causeRange ? [causeRange] : []))
  return found.filter(
    (finding, i) =>
      !(aboutChecks.has(finding.rule) && told.some((range) => isSame(range, finding.range))) &&
      found.findIndex((other) => other.rule === finding.rule && isSame(other.range, finding.range)) === i,
  )
}

const aboutChecks: ReadonlySet<string> = new Set(['no-ineffective-guard', 'no-injectable-context'])

const isSame = (a: Finding['range'], b: Finding['range']): boolean => a[0] === b[0] && a[1] === b[1]

/**
 * Links, images and prefetches ask by GET, from any site, and bring the caller's cookies along. Where nobody asks who calls,
 * cookies change nothing: that is reported as open.
 */
function mutationInGet({ name, kind, method, range, verdict, effects, shape }: EntryPointReport): Finding[] {
  const write = effects.find((effect) => effect.change && !effect.unforged)
  const reads = method === 'GET' || method === 'HEAD'
  if (!reads || !write || verdict !== 'guarded') return []
  const { chainStart } = kind === 'server-fn' ? shape : {}
  return [
    {
      rule: 'no-mutation-in-get',
      problem: 'mutation',
      range,
      data: { name, what: write.what },
      ...(chainStart ? { repair: chainStart } : {}),
    },
  ]
}

/** A check that an entry point can do without, as it stands: what it was to prove is not proved. */
function lostCheck(
  file: string,
  entry: EntryPointReport,
  { cause, name: culprit, member, place }: LostCheck,
): Finding[] {
  const { name } = entry
  if (isCache(cause)) {
    // what is kept elsewhere is what this entry point answers
    const here = place.file === file
    const where = here ? '' : ` in \`${path.basename(place.file)}\``
    const data = { name, culprit, where, ...(member === undefined ? {} : { cache: member }) }
    return [{ rule: 'no-shared-cache-of-private-data', problem: cause, range: here ? place.range : entry.range, data }]
  }
  if (place.file !== file) return []
  const { range } = place
  if (cause === 'header' || cause === 'staticFunction' || cause === 'moduleState')
    return [{ rule: 'no-shared-cache-of-private-data', problem: cause, range, data: { name, culprit } }]
  if (cause === 'injectableContext')
    return [{ rule: 'no-injectable-context', problem: 'neverSet', range, data: { name, key: culprit } }]
  const data = { name, culprit, ...(member === undefined ? {} : { member }) }
  return [{ rule: 'no-ineffective-guard', problem: cause, range, data }]
}

const isCache = (cause: LostCheck['cause']): cause is 'capturedIdentity' | 'askedWhenKept' | 'prerendered' =>
  cause === 'capturedIdentity' || cause === 'askedWhenKept' || cause === 'prerendered'
