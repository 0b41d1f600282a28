/** Wires project, lowering, catalogue, analysis and entry points for the rules and the CLI; the only file that knows all of them. */
import path from 'node:path'
import { judge, type Judgement } from './analysis/judge.ts'
import { Machine } from './analysis/machine.ts'
import { modelOf, type ForeignSchema } from './analysis/models.ts'
import type { Site } from './analysis/origins.ts'
import type { BuilderBehaviour, World } from './analysis/world.ts'
import { unknown } from './analysis/value.ts'
import { catalog, createCatalog } from './catalog/index.ts'
import type { AppFacts, FoundEntryPoint } from './entry-points/entry-point.ts'
import { tanstackStart } from './entry-points/tanstack-start/find.ts'
import type { ModuleForm, Range } from './model/form.ts'
import type { EntryPoint, Inventory } from './model/inventory.ts'
import { emptyReport, type EntryPointReport, type FileReport, type Place } from './model/report.ts'
import { createProject, type Project } from './project/project.ts'

export { profile } from './analysis/machine.ts'
export interface WorkspaceOptions {
  /** Another place for the policy file: `settings.authz.config`, or `--config`. */
  readonly config?: string
}

export interface GuardCandidate {
  /** Exported name of the guard middleware. */
  readonly name: string
  /** Absolute path of the file that exports it, or the linted file itself. */
  readonly file: string
  /** How the linted file already imports it (local name), when it does. */
  readonly local?: string
  /** The specifier to import it by from the linted file, in the style that file uses (alias or relative). */
  readonly specifier: string
  /** Whether it may be attached to server routes (request middleware) as well as to server functions. */
  readonly type: 'request' | 'function'
}

export interface Workspace {
  /** Analyses one file. `form`: the lowered host tree when linting (unsaved text included); else the file is read from disk. Never throws. */
  analyse(file: string, form?: ModuleForm): FileReport
  /** Guards that a suggestion may insert, best first (policy, same file, imports, folder, project). */
  guardsFor(file: string, kind: 'server-fn' | 'server-route', form?: ModuleForm): readonly GuardCandidate[]
  /** The whole project below `root`. */
  inventory(root: string, progress?: (done: number, of: number) => void): Inventory
}

const frameworks = [tanstackStart]
const knowledge = createCatalog(catalog)
const behaviours: ReadonlyMap<string, BuilderBehaviour> = new Map(frameworks.flatMap((framework) => [...framework.behaviours]))

const instancePackages = new Map(
  catalog.flatMap((library) => Object.keys(library.instances ?? {}).map((instance) => [instance, library.packages[0]!] as const)),
)
const generatedNames = new Map([['PrismaClient', '@prisma/client']])

function createWorld(project: Project, foreign: (file: string) => ForeignSchema): World {
  return {
    modules: project,
    catalog: knowledge,
    behaviours,
    modelOf: (m, query) => modelOf(m, query, foreign(query.site.file)),
    declared: () => undefined,
    declaredGuardValue: () => unknown(),
    packageOf: (instance) => instancePackages.get(instance),
    generated: (name) => generatedNames.get(name),
    exists: (file) => project.isFile(file),
    heap: new Map(),
    moduleValues: new Map(),
    moduleEnvs: new Map(),
    indexes: new Map(),
    forms: new Map(),
    summaries: new Map(),
    refId: numbering(),
    ids: { next: 0 },
    anonymousSessions: () => false,
  }
}

function numbering(): (ref: object) => number {
  const ids = new WeakMap<object, number>()
  let next = 0
  return (ref) => {
    let id = ids.get(ref)
    if (id === undefined) ids.set(ref, (id = ++next))
    return id
  }
}

export function createWorkspace(_options: WorkspaceOptions = {}): Workspace {
  const project = createProject()
  const noSchema: ForeignSchema = () => undefined
  let world = createWorld(project, () => noSchema)

  function analyse(file: string, form?: ModuleForm): FileReport {
    project.begin()
    if (form) project.withHostForm(file, form)
    world = createWorld(project, () => noSchema)
    return analyseIn(file)
  }

  function analyseIn(file: string): FileReport {
    const form = project.module(file)
    if (form.unreadable !== undefined) return { ...emptyReport(file), problems: [{ file, message: form.unreadable }] }
    const app = appFacts(project, file)
    const m = new Machine(world, { kind: 'anonymous', environment: 'production' })
    const found = frameworks.flatMap((framework) => framework.find(m, file, app))
    return { ...emptyReport(file), entryPoints: found.map((entry) => reportOf(entry, judge(world, entry.run, entry.notes))) }
  }

  function placeOf(site: Site): Place {
    return { file: site.file, range: site.range, line: lineOf(project.module(site.file), site.range) }
  }

  function reportOf(entry: FoundEntryPoint, judged: Judgement): EntryPointReport {
    return {
      name: entry.name,
      kind: entry.kind,
      framework: entry.framework,
      ...(entry.method ? { method: entry.method } : {}),
      range: entry.range,
      verdict: judged.verdict,
      ...(judged.cause ? { cause: judged.cause } : {}),
      ...(judged.culprit ? { culprit: judged.culprit } : {}),
      ...(judged.reason ? { reason: judged.reason } : {}),
      ...(judged.reasonSite ? { reasonAt: placeOf(judged.reasonSite) } : {}),
      proofs: judged.proofs,
      guards: judged.guards.map((guard) => ({ name: guard.name, place: placeOf(guard.site), how: guard.how, trust: guard.trust })),
      effects: judged.effects.map((effect) => ({ what: effect.what, place: placeOf(effect.site), write: effect.write })),
      evidence: judged.evidence.map((step) => ({ place: placeOf(step.site), what: step.what })),
      ...(judged.exposure ? { exposure: judged.exposure } : {}),
      shape: entry.shape,
    }
  }

  function inventory(root: string, progress?: (done: number, of: number) => void): Inventory {
    project.begin()
    world = createWorld(project, () => noSchema)
    const { files } = project.sourceFiles(root)
    const entryPoints: EntryPoint[] = []
    const problems: { file: string; message: string }[] = []
    files.forEach((file, done) => {
      progress?.(done, files.length)
      const report = analyseIn(file)
      problems.push(...report.problems.map((problem) => ({ ...problem, file: relative(root, problem.file) })))
      for (const entry of report.entryPoints) entryPoints.push(inventoryEntry(root, file, entry))
    })
    return { version: 1, root, detected: { frameworks: [], auth: [], data: [] }, entryPoints, notAnalysed: [], problems }
  }

  function inventoryEntry(root: string, file: string, entry: EntryPointReport): EntryPoint {
    const form = project.module(file)
    const line = lineOf(form, entry.range)
    const at = (place: Place): { file: string; line: number } => ({ file: relative(root, place.file), line: place.line })
    return {
      file: relative(root, file),
      line,
      column: entry.range[0] - (form.lineStarts[line - 1] ?? 0) + 1,
      name: entry.name,
      kind: entry.kind,
      framework: entry.framework,
      ...(entry.method ? { method: entry.method } : {}),
      verdict: entry.verdict,
      ...(entry.cause ? { cause: entry.cause } : {}),
      ...(entry.reason ? { reason: entry.reason } : {}),
      ...(entry.reasonAt ? { reasonAt: at(entry.reasonAt) } : {}),
      proofs: [...entry.proofs],
      guards: entry.guards.map((guard) => ({ name: guard.name, ...at(guard.place), how: guard.how, trust: guard.trust })),
      effects: entry.effects.map((effect) => ({ what: effect.what, ...at(effect.place), write: effect.write })),
      evidence: entry.evidence.map((step) => ({ ...at(step.place), what: step.what })),
      ...(entry.exposure ? { exposure: entry.exposure } : {}),
    }
  }

  return { analyse, guardsFor: () => [], inventory }
}

function appFacts(project: Project, file: string): AppFacts {
  const app = project.app(file)
  return { root: app.root, routesFolder: app.routesFolder, startFile: app.startFile }
}

const relative = (root: string, file: string): string => path.relative(root, file).split(path.sep).join('/')

function lineOf(form: ModuleForm, range: Range): number {
  let low = 0
  let high = form.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (form.lineStarts[middle]! <= range[0]) low = middle
    else high = middle - 1
  }
  return low + 1
}
