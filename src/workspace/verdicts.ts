/** The verdict on an entry point: what its code proves, and what was declared about it. */
import { judge, type Judgement } from '../analysis/verdict/judge.ts'
import { Machine } from '../analysis/machine.ts'
import type { Site } from '../analysis/values/origins.ts'
import { scopeOf } from '../analysis/verdict/scope.ts'
import type { Modules } from '../analysis/code/modules.ts'
import { exportKey, exportsOf } from './declared-guards.ts'
import type {
  AppFacts,
  FoundEntryPoint,
  FrameworkEntryPoints,
  PlacingProblem,
  Through,
} from '../entry-points/entry-point.ts'
import { walk } from '../entry-points/walk.ts'
import { importedAs, originOf } from '../export-origin.ts'
import { namedGuard } from './guard-name.ts'
import { lineAt } from '../model/lines.ts'
import type { ModuleForm, Range } from '../model/form.ts'
import type { EffectEvidence, EntryPointReport, GuardEvidence, Place, ScopeReport } from '../model/report.ts'
import { isMount } from './mounts.ts'
import type { ModuleGraph } from '../project/module-graph.ts'
import { policyNames, type Policy } from '../policy.ts'
import { counts, markerAbove, type MarkedEntryPoint } from './public-markers.ts'
import type { SharedWorld } from './shared-world.ts'

export interface Verdict extends MarkedEntryPoint {
  readonly entry: FoundEntryPoint
  readonly report: EntryPointReport
}

export interface FileFacts {
  readonly file: string
  readonly app: AppFacts
  readonly policy: Policy
  /** Other facts, other answers. */
  readonly key: string
}

export function entryPointsOf(
  shared: SharedWorld,
  frameworks: readonly FrameworkEntryPoints[],
  { file, app, key }: FileFacts,
): readonly FoundEntryPoint[] {
  return shared.ask(`entry points\0${file}\0${key}`, () => {
    if (shared.graph.module(file).unreadable !== undefined) return []
    const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
    const found = frameworks.flatMap((framework) => framework.find(m, file, app))
    // what was made on the way is looked at by every run
    for (const [key, value] of m.state.entries()) shared.world.heap.set(key, value)
    return found
  })
}

export const problemsOf = (
  shared: SharedWorld,
  frameworks: readonly FrameworkEntryPoints[],
  { file, app, key }: FileFacts,
): readonly PlacingProblem[] =>
  shared.ask(`problems\0${file}\0${key}`, () => {
    const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
    return frameworks.flatMap((framework) => framework.problems?.(m, file, app) ?? [])
  })

export function verdictOn(shared: SharedWorld, modules: Modules, entry: FoundEntryPoint, facts: FileFacts): Verdict {
  const { file, policy } = facts
  return shared.ask(`verdict\0${file}\0${entry.name}\0${String(entry.range[0])}\0${facts.key}`, () => {
    const judged = judge(shared.world, entry.run, entry.notes)
    const proved =
      entry.hidden === undefined
        ? reportOf(shared.graph, file, entry, judged)
        : hidden(shared.graph, file, entry, judged, entry.hidden)
    const form = shared.graph.module(file)
    const marker = markerAbove(form, entry.markerAnchors)
    const needless =
      proved.verdict === 'guarded' || (proved.verdict === 'public' && proved.reason === 'no protected effect')
    const noted = marker ? { ...proved, marker: marker.index } : proved
    const report = needless ? noted : (declaredPublic(noted) ?? declaredExternal(noted) ?? noted)
    return { entry, report, marker: marker?.index, needless }

    function declaredPublic(open: EntryPointReport): EntryPointReport | undefined {
      if (counts(marker, policy.inlinePublic === 'forbid'))
        return asPublic(open, marker.reason, placeOf(shared.graph, file, marker.form.range))
      const listed = policy.public.find(
        (one) =>
          policyNames(policy, one.files, file) ||
          (one.wrapper !== undefined && usesExport(modules, form, entry, exportsOf(one.wrapper, modules, file))),
      )
      return listed && asPublic(open, listed.reason, policyPlace(policy, file))
    }

    function declaredExternal(open: EntryPointReport): EntryPointReport | undefined {
      if (open.verdict === 'public') return undefined
      const listed = policy.external.find((one) => policyNames(policy, one.files, file))
      if (!listed) return undefined
      const place = policyPlace(policy, file)
      const guard: GuardEvidence = {
        name: listed.reason,
        place,
        how: 'declared',
        trust: 'declared',
        asked: [],
        tests: [],
      }
      const evidence = [{ place, what: `declared to be protected elsewhere: ${listed.reason}` }, ...effectSteps(open)]
      return { ...withoutCause(open), verdict: 'guarded', proofs: listed.proves, guards: [guard], evidence }
    }
  })
}

/** Whose rows it touches; asked only of entry points whose own code refuses callers. */
export function scopeOn(shared: SharedWorld, entry: FoundEntryPoint, { file, key }: FileFacts): ScopeReport {
  return shared.ask(`scope\0${file}\0${entry.name}\0${String(entry.range[0])}\0${key}`, () => {
    const { loose, claims, wide, ...scope } = scopeOf(shared.world, entry.run)
    const placed = <T extends { readonly site: Site }>({ site, ...rest }: T): Omit<T, 'site'> & { place: Place } => ({
      ...rest,
      place: placeOf(shared.graph, site.file, site.range),
    })
    return { ...scope, loose: loose.map(placed), claims: claims.map(placed), wide: wide.map(placed) }
  })
}

const effectSteps = (report: EntryPointReport): EntryPointReport['evidence'] =>
  report.effects.slice(0, 5).map(({ place, what }) => ({ place, what }))

function asPublic(open: EntryPointReport, reason: string, reasonAt: Place): EntryPointReport {
  return {
    ...withoutCause(open),
    verdict: 'public',
    reason,
    reasonAt,
    evidence: [{ place: reasonAt, what: `declared public: ${reason}` }, ...effectSteps(open)],
  }
}

/** What only open or undecided entry points have. */
const ofOpenOnes: ReadonlySet<string> = new Set(['cause', 'causeRange', 'culprit', 'exposure', 'reason', 'reasonAt'])

function withoutCause(report: EntryPointReport): EntryPointReport {
  return Object.fromEntries(
    Object.entries(report).filter(([key]) => !ofOpenOnes.has(key)),
  ) as unknown as EntryPointReport
}

function policyPlace(policy: Policy, file: string): Place {
  return { file: policy.file ?? file, range: [0, 0], line: 1 }
}

/** The file of what the analysis made up itself: a value that stands for code that it cannot see. */
const NOWHERE = ''

export function placeOf(graph: ModuleGraph, file: string, range: Range): Place {
  return { file, range, line: file === NOWHERE ? 1 : lineAt(graph.module(file), range[0]) }
}

function hidden(
  graph: ModuleGraph,
  file: string,
  entry: FoundEntryPoint,
  judged: Judgement,
  reason: string,
): EntryPointReport {
  return {
    ...withoutCause(reportOf(graph, file, entry, judged)),
    verdict: 'unverifiable',
    reason,
    reasonAt: placeOf(graph, file, entry.range),
  }
}

function reportOf(graph: ModuleGraph, file: string, entry: FoundEntryPoint, judged: Judgement): EntryPointReport {
  const place = (site: { readonly file: string; readonly range: Range }): Place => placeOf(graph, site.file, site.range)
  const { cause, causeSite, culprit, exposure, reason, reasonSite } = judged
  const named = (guard: Guard): Pick<GuardEvidence, 'name' | 'how'> => namedGuard((at) => graph.module(at), guard)
  return {
    name: entry.name,
    kind: isMount(judged.reason) ? (entry.whenMounted ?? entry.kind) : entry.kind,
    framework: entry.framework,
    ...(entry.method ? { method: entry.method } : {}),
    range: entry.range,
    verdict: judged.verdict,
    ...(cause ? { cause } : {}),
    ...(cause && causeSite?.file === file ? { causeRange: causeSite.range } : {}),
    ...(culprit ? { culprit } : {}),
    ...(reason ? { reason } : {}),
    ...(reasonSite && reasonSite.file !== NOWHERE ? { reasonAt: place(reasonSite) } : {}),
    proofs: judged.proofs,
    guards: judged.guards.map((guard) => {
      const { site, trust, asked, tests } = guard
      const through = throughOf(entry, guard).map((one) => one.name)
      return {
        ...named(guard),
        place: place(site),
        trust,
        asked: asked.map(place),
        tests: tests.map(place),
        ...(through.length > 0 ? { through } : {}),
      }
    }),
    effects: judged.effects.map((effect) => ({
      what: effect.what,
      place: place(effect.site),
      write: effect.write,
      ...(effect.model?.name ? { model: effect.model.name } : {}),
      ...(judged.changes?.has(effect) ? { change: true as const } : {}),
      ...(effect.proofs.includes('unforged') ? { unforged: true as const } : {}),
      ...proofsOf(judged, effect),
    })),
    evidence: judged.evidence.flatMap((step) => {
      const guard = judged.guards.find(({ site }) => site === step.site)
      const steps = guard
        ? [...stepsTo(entry, guard), { ...step, what: renamed(step.what, guard, named(guard).name) }]
        : [step]
      return steps.map(({ site, what }) => ({ place: place(site), what }))
    }),
    ...(exposure ? { exposure } : {}),
    ...(judged.lost?.length
      ? {
          lost: judged.lost.map(({ cause: how, name, site, member }) => ({
            cause: how,
            name,
            place: place(site),
            ...(member === undefined ? {} : { member }),
          })),
        }
      : {}),
    shape: entry.shape,
  }
}

function proofsOf({ proofsBy }: Judgement, effect: Judgement['effects'][number]): Pick<EffectEvidence, 'proofs'> {
  const proofs = proofsBy?.get(effect)
  return proofs ? { proofs } : {}
}

type Guard = Judgement['guards'][number]

/** What brings a guard along: the entry point names the first of these. */
function throughOf({ inFront = [] }: FoundEntryPoint, { name, site, how }: Guard): readonly Through[] {
  if (how !== 'middleware') return []
  return inFront.find((one) => one.name === name && one.file === site.file)?.through ?? []
}

const renamed = (what: string, { name }: Guard, to: string): string => what.replace(`\`${name}\``, () => `\`${to}\``)

/** From what the entry point names to the guard. */
function stepsTo(entry: FoundEntryPoint, guard: Guard): { site: Site; what: string }[] {
  const through = throughOf(entry, guard)
  const names = [...through.slice(1), guard].map(({ name }) => name)
  return through.map(({ name, site }, index) => ({ site, what: `\`${name}\` runs \`${names[index]!}\` first` }))
}

/** Whether the declaration of an entry point, outside of its handler, names one of these exports. */
function usesExport(modules: Modules, form: ModuleForm, entry: FoundEntryPoint, keys: readonly string[]): boolean {
  const [start, end] = entry.shape.declaration
  const within = form.functions.findLastIndex((fn, id) => id === 0 || (fn.range[0] <= start && end <= fn.range[1]))
  let found = false
  walk(form, (e, around) => {
    if (found || e.t !== 'name' || around.fn !== within || e.range[0] < start || e.range[1] > end) return
    found = keysOf(modules, form, e.binding).some((key) => keys.includes(key))
  })
  return found
}

function keysOf(modules: Modules, form: ModuleForm, binding: number): string[] {
  const described = form.bindings[binding]
  if (described?.import === undefined)
    return form.exports.filter((e) => e.binding === binding).map((e) => exportKey(form.file, e.exported))
  const imported = importedAs(modules, form.file, binding)
  if (!imported) {
    const written = form.imports[described.import]
    return written?.imported === undefined ? [] : [exportKey(written.from, written.imported)]
  }
  const origin = originOf(modules, imported.file, imported.name)
  return [exportKey(imported.file, imported.name), ...(origin ? [exportKey(origin.file, origin.name)] : [])]
}
