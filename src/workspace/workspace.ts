/** Wires project, policy, catalogue, analysis and entry points for the rules and the CLI; the only file that knows all of them. */
import path from 'node:path'
import { numbering } from '../analysis/values/interning.ts'
import { siteKey } from '../analysis/values/origins.ts'
import { modelOf } from '../analysis/queries/models.ts'
import type { Schema } from '../analysis/queries/schema.ts'
import type { Value } from '../analysis/values/value.ts'
import { nothingKept, type BuilderBehaviour, type World } from '../analysis/world.ts'
import { catalog, createCatalog, type Catalog } from '../catalog/index.ts'
import { mayKeep } from '../catalog/keyed.ts'
import { declaredGuards, exportKey, recordersIn, guardValue, type NamedGuard } from './declared-guards.ts'
import type { FindingsRequest, FoundEntryPoint, FrameworkEntryPoints } from '../entry-points/entry-point.ts'
import { mayHaveEntryPoints } from '../entry-points/mentions.ts'
import { guardAbove } from '../entry-points/next/above.ts'
import { next } from '../entry-points/next/find.ts'
import { tanstackStart } from '../entry-points/tanstack-start/find.ts'
import { routeReports } from '../entry-points/tanstack-start/route-guards.ts'
import { hasOwnServer, serverEntries } from '../project/server-entries.ts'
import { findingsIn } from './findings.ts'
import { foreignSchema, hasEnumValue } from './foreign-schema.ts'
import { asksSomewhere, filesThatAttach, filesThatCall } from '../guards/guard-index.ts'
import { guardsFor, type GuardCandidate, type GuardedKind, type Literal, type Wanted } from '../guards/guards-for.ts'
import { PolicyTargets } from './idle-policy.ts'
import { InventoryDraft } from './inventory.ts'
import type { ModuleForm } from '../model/form.ts'
import type { Inventory } from '../model/inventory.ts'
import { emptyReport, type EntryPointReport, type FileReport, type ScopeReport } from '../model/report.ts'
import { mountsAsEffects, isMount } from './mounts.ts'
import { DEFAULT_POLICY, readPolicy, type Policy, type PolicyResult } from '../policy.ts'
import type { Tracked } from '../project/freshness.ts'
import { createProject, type Project } from '../project/project.ts'
import { markerReports } from './public-markers.ts'
import { permissionCatalogue, strangersIn } from './permissions.ts'
import { lacking } from './requirements.ts'
import { schemaOf } from './schema-of.ts'
import { SharedWorld } from './shared-world.ts'
import { entryPointsOf, problemsOf, scopeOn, verdictOn, type FileFacts, type Verdict } from './verdicts.ts'

export type { GuardCandidate, GuardedKind, Literal, Wanted }

export interface WorkspaceOptions {
  /** Another place for the policy file: `settings.authz.config`, or `--config`. */
  readonly config?: string
}

export interface Workspace {
  /**
   * Analyses one file. `form`: the lowered host tree when linting (unsaved text included), with its text; else the file is
   * read from disk. Never throws.
   */
  analyse(file: string, form?: ModuleForm, text?: string): FileReport
  /** Whose rows an entry point of the file touches: asked by the rules about tenants, not by others. */
  scopeOf(file: string, entryPoint: EntryPointReport, form?: ModuleForm): ScopeReport | undefined
  /** Guards that a suggestion may insert, best first (policy, same file, imports, folder, project). */
  guardsFor(file: string, kind: GuardedKind, form?: ModuleForm, wanted?: Wanted): readonly GuardCandidate[]
  /** The project below `root`, or only some of its files. @throws Error with the policy's problem, when it has one */
  inventory(root: string, progress?: (done: number, of: number) => void, only?: readonly string[]): Inventory
}

const frameworks: readonly FrameworkEntryPoints[] = [tanstackStart, next]
const behaviours: ReadonlyMap<string, BuilderBehaviour> = new Map(
  frameworks.flatMap((framework) => [...framework.behaviours]),
)

const instancePackages = new Map(
  catalog.flatMap((library) =>
    Object.keys(library.instances ?? {}).map((instance) => [instance, library.packages[0]!] as const),
  ),
)

/** Made by the first workspace: a host that only loads the plugin, or lints files that have no entry point, needs none. */
let made: Catalog | undefined
const knowledgeOf = (): Catalog => (made ??= createCatalog(mountsAsEffects(catalog)))

/** Exports of clients that are generated at build time, and the packages that they stand for. */
const generatedNames: ReadonlyMap<string, string> = new Map([['PrismaClient', '@prisma/client']])

/** Values of modules are the same for all files, unless a policy declares guards. */
const MAX_WORLDS = 24

interface Area {
  readonly shared: SharedWorld
  readonly policy: Policy
  /** Aliases of a policy's references are looked up from here. */
  readonly from: string
  guards?: Tracked<ReadonlyMap<string, NamedGuard>>
}

export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const knowledge = knowledgeOf()
  const policies = new Map<string, Tracked<PolicyResult> & { lint: number }>()
  const areas = new Map<string, Area>()
  const policyId = numbering()
  let lint = 0
  let linted = ''
  /** The linted file as its host has it, where it gives it. */
  let hosted: { readonly text: string | undefined } | undefined
  const project = createProject({
    known: (specifier) => knowledge.libraryOf(specifier) !== undefined,
    follow: (file) => policyFor(file).follow,
    keeps: mayKeep,
    entry: mayHaveEntryPoints,
  })

  function begin(file: string, form?: ModuleForm, text?: string): void {
    lint++
    linted = file
    hosted = form && { text }
    project.begin()
    if (form) project.withHostForm(file, form, text)
  }

  // --- policy and worlds ------------------------------------------------------------------------------------------------

  function policyResult(file: string): PolicyResult {
    const folder = options.config === undefined ? path.dirname(file) : ''
    let known = policies.get(folder)
    if (!known || (known.lint !== lint && !project.isFresh(known.deps))) {
      known = { ...project.track(() => readPolicy(file, project, options.config)), lint }
      policies.set(folder, known)
    } else project.reuse(known.deps)
    known.lint = lint
    return known.value
  }

  function policyFor(file: string): Policy {
    const result = policyResult(file)
    return 'policy' in result ? result.policy : DEFAULT_POLICY
  }

  function areaOf(file: string): Area {
    const policy = policyFor(file)
    const app = project.app(file)
    const key = policy.guards.length === 0 ? '' : `${app.root}\0${policy.files.join('\0')}`
    let area = areas.get(key)
    if (area && key !== '' && (area.policy !== policy || (area.guards && !project.isFresh(area.guards.deps))))
      area = undefined
    if (!area) {
      const from = placeOfAliases(app)
      const schemaFor = (at: string): Schema | undefined => schemaIn(made.shared, at)
      const made: Area = {
        shared: new SharedWorld(project, (graph, forms) =>
          createWorld(
            project,
            graph,
            forms,
            () => guardsOf(made),
            schemaFor,
            (at) => policyFor(at).tenant.proved,
          ),
        ),
        policy,
        from,
      }
      area = made
    }
    areas.delete(key)
    areas.set(key, area)
    for (const oldest of areas.keys()) if (areas.size > MAX_WORLDS) areas.delete(oldest)
    area.shared.begin(lint)
    return area
  }

  function schemaIn(shared: SharedWorld, file: string): Schema | undefined {
    const { tenant } = policyFor(file)
    return shared.ask(`schema\0${file}\0${String(policyId(tenant))}`, () =>
      schemaOf(shared, project, knowledge, file, tenant),
    )
  }

  function guardsOf(area: Area): ReadonlyMap<string, NamedGuard> {
    area.guards ??= project.track(() => declaredGuards(area.policy.guards, project, area.from))
    return area.guards.value
  }

  // --- reports ----------------------------------------------------------------------------------------------------------

  function factsOf(file: string): FileFacts {
    const app = project.app(file)
    const policy = policyFor(file)
    const written = policy.routesDirectory === undefined ? undefined : path.resolve(app.root, policy.routesDirectory)
    const routesFolder = written !== undefined && project.isDirectory(written) ? written : app.routesFolder
    const pages = project.nextApp(file)
    const key = [policyId(policy), app.root, routesFolder, app.startFile, JSON.stringify(pages)].join('\0')
    const dependencies = new Set(Object.keys(app.dependencies))
    const { root, startFile } = app
    return { file, policy, app: { root, dependencies, routesFolder, startFile, ...(pages ? { pages } : {}) }, key }
  }

  function mayHaveAny(file: string): boolean {
    const may = (text: string): boolean => mayHaveEntryPoints(file, text)
    if (file === linted && hosted) return hosted.text === undefined || may(hosted.text)
    return project.scan('entry points', file, may) !== false
  }

  function verdictsOf(shared: SharedWorld, facts: FileFacts): readonly Verdict[] {
    // it is looked at for what it hands out: to evaluate all of it would be to evaluate all that it rests on
    if (!mayHaveAny(facts.file)) return []
    return entryPointsOf(shared, frameworks, facts).map((entry) => verdictOn(shared, project, entry, facts))
  }

  function reportOn(shared: SharedWorld, file: string): FileReport {
    const report = shared.ask(`report\0${file}`, (): FileReport => {
      const result = policyResult(file)
      const policyProblem = 'problem' in result ? { policyProblem: result.problem } : {}
      const form = shared.graph.module(file)
      if (form.unreadable !== undefined)
        return { ...emptyReport(file), ...policyProblem, problems: [{ file, message: form.unreadable }] }
      const facts = factsOf(file)
      const forbidden = facts.policy.inlinePublic === 'forbid'
      const verdicts = verdictsOf(shared, facts)
      const routes = routeReports({
        ...asking(shared),
        file,
        app: facts.app,
        reportOf: (site) => {
          const other = site.file === file ? facts : factsOf(site.file)
          const entry = entryPointsOf(shared, frameworks, other).find(
            ({ handlerSite }) => handlerSite?.range[0] === site.range[0] && handlerSite.range[1] === site.range[1],
          )
          return entry && verdictOn(shared, project, entry, other).report
        },
      })
      const catalogue = permissionCatalogue(facts.policy, shared.world, shared.graph, file)
      const withStrangers = (entry: EntryPointReport): EntryPointReport => {
        const strangers = catalogue ? strangersIn(entry, catalogue) : []
        return strangers.length > 0 ? { ...entry, strangers } : entry
      }
      const entryPoints = verdicts.map(({ entry, report }) =>
        withStrangers(
          withDemands(shared, facts, entry, withCauseAbove(shared, facts, withRoutesCause(report, routes.causes))),
        ),
      )
      return {
        ...emptyReport(file),
        ...policyProblem,
        ...(forbidden ? { inlinePublicForbidden: true } : {}),
        entryPoints,
        routes: routes.reports,
        problems: problemsOf(shared, frameworks, facts).map((problem) => ({ file, ...problem })),
        findings: findingsIn(frameworks, findingsRequest(shared, facts), entryPoints),
        markers: markerReports(form, verdicts, forbidden),
        notAnalysed: entryPoints.flatMap(({ verdict, reason }) =>
          verdict === 'unverifiable' && isMount(reason)
            ? [{ what: reason!.replace('unknown effect: it ', ''), file }]
            : [],
        ),
      }
    })
    return withProjectsCause(shared, report)
  }

  const asking = (shared: SharedWorld): Pick<FindingsRequest, 'world' | 'ask'> => ({
    world: shared.world,
    ask: (question, compute) => shared.ask(question, compute),
  })

  function findingsRequest(shared: SharedWorld, facts: FileFacts): FindingsRequest {
    return {
      ...asking(shared),
      file: facts.file,
      app: facts.app,
      rangeOf: (name) => project.app(facts.file).dependencies[name],
      usersOf: (name, site) =>
        filesThatAttach(shared, project, facts.app.root, name).flatMap((file) => {
          const theirs = file === facts.file ? facts : factsOf(file)
          return entryPointsOf(shared, frameworks, theirs)
            .filter(({ chain }) => chain?.some((at) => siteKey(at) === siteKey(site)))
            .map((entry) => verdictOn(shared, project, entry, theirs).report)
        }),
      routeFiles: () => [...project.sources(facts.app.root)].filter((at) => isWithin(at, facts.app.routesFolder)),
      recorders: (m) => recordersIn(m, project, facts.policy.denialLog, facts.file),
      callersOf: (name) =>
        filesThatCall(shared, project, facts.app.root, name).flatMap((file) => {
          const theirs = file === facts.file ? facts : factsOf(file)
          return entryPointsOf(shared, frameworks, theirs).map(
            (entry) => verdictOn(shared, project, entry, theirs).report,
          )
        }),
    }
  }

  /** What the policy demands and the entry point does not prove. */
  function withDemands(
    shared: SharedWorld,
    facts: FileFacts,
    entry: FoundEntryPoint,
    report: EntryPointReport,
  ): EntryPointReport {
    if (facts.policy.require.length === 0) return report
    const lacks = lacking(facts.policy, facts.file, report, () =>
      report.verdict === 'guarded' ? scopeOn(shared, entry, facts) : undefined,
    )
    return lacks.length > 0 ? { ...report, lacks } : report
  }

  /**
   * Of entry points that nothing checks: whether nothing in the whole project asks anybody. Not part of the report that is
   * kept: it would rest on every file there is.
   */
  function withProjectsCause(shared: SharedWorld, report: FileReport): FileReport {
    const { file, entryPoints } = report
    if (!entryPoints.some(({ cause }) => cause === 'noGuard')) return report
    const { guards, insert } = policyFor(file)
    if (guards.length > 0 || insert.middleware !== undefined) return report
    if (asksSomewhere(shared, project, project.app(file).root, file)) return report
    return {
      ...report,
      entryPoints: entryPoints.map((entry) =>
        entry.cause === 'noGuard' ? { ...entry, cause: 'noGuardInProject' as const } : entry,
      ),
    }
  }

  function scopeIn(shared: SharedWorld, file: string, report: EntryPointReport): ScopeReport | undefined {
    if (report.verdict !== 'guarded' || report.guards.some((guard) => guard.how === 'declared')) return undefined
    const facts = factsOf(file)
    const entry = entryPointsOf(shared, frameworks, facts).find(
      ({ name, range }) => name === report.name && range[0] === report.range[0],
    )
    return entry && scopeOn(shared, entry, facts)
  }

  function analyse(file: string, form?: ModuleForm, text?: string): FileReport {
    begin(file, form, text)
    return safely(file, () => reportOn(areaOf(file).shared, file))
  }

  function inventory(root: string, progress?: (done: number, of: number) => void, only?: readonly string[]): Inventory {
    begin('')
    const draft = new InventoryDraft(root, knowledge)
    const { files, problems } = only ? { files: only, problems: [] } : project.sourceFiles(root)
    for (const { file, message } of problems) draft.problem(file, message)
    const apps = new Set<string>()
    const pointedAt = new PolicyTargets()
    files.forEach((file, done) => {
      progress?.(done, files.length)
      const result = policyResult(file)
      if ('problem' in result) throw new Error(result.problem)
      const app = project.app(file)
      if (!apps.has(app.root)) {
        apps.add(app.root)
        for (const name of Object.keys(app.dependencies)) draft.detected.add(name)
        for (const entry of serverEntries(project, app)) draft.leftOut('a server entry of its own', entry)
      }
      const scanned = project.scan('imports', file, (text) => ({
        mayHave: mayHaveEntryPoints(file, text),
        imports: importsIn(text),
      }))
      for (const name of scanned?.imports ?? []) draft.detected.add(name)
      pointedAt.seen(result.policy, placeOfAliases(app))
      if (scanned?.mayHave === false) return
      const { shared } = areaOf(file)
      const report = safely(file, () => reportOn(shared, file))
      pointedAt.seen(result.policy, placeOfAliases(app), report)
      const form = project.module(file)
      if (report.entryPoints.length > 0) draft.takesFrom(filesTakenFrom(form, project))
      draft.add(form, report, (entry) => orNothing(() => scopeIn(shared, file, entry)))
    })
    // of some files alone nobody knows what the others are
    if (!only) for (const { file, message } of pointedAt.problems(root, project)) draft.problem(file, message)
    return draft.inventory
  }

  return {
    analyse,
    guardsFor: (file, kind, form, wanted) => {
      if (linted !== file) begin(file, form)
      const { shared, policy } = areaOf(file)
      return guardsFor({ shared, project, policy, root: project.app(file).root, file, kind, wanted })
    },
    scopeOf: (file, entryPoint, form) => {
      if (linted !== file) begin(file, form)
      return orNothing(() => scopeIn(areaOf(file).shared, file, entryPoint))
    },
    inventory,
  }
}

/** The files that a module takes values from. */
function filesTakenFrom(form: ModuleForm, project: Project): string[] {
  const specifiers = [...form.imports, ...form.exports].flatMap(({ from, typeOnly }) =>
    from === undefined || typeOnly ? [] : [from],
  )
  return [...new Set(specifiers)].flatMap((specifier) => {
    const found = project.resolve(specifier, form.file)
    return found.kind === 'module' ? [found.file] : []
  })
}

/** A file that need not be there: what a policy refers to is resolved as if it were imported in it. */
const placeOfAliases = ({ sourceFolder }: { readonly sourceFolder: string }): string =>
  path.join(sourceFolder, 'authz.ts')

const isWithin = (file: string, folder: string | undefined): boolean =>
  folder !== undefined && file.startsWith(folder + path.sep)

function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch (error) {
    if (process.env.AUTHZ_DEBUG === '1') throw error
    return undefined
  }
}

/** Of a page or a route that nothing checks: whether only a layout or the proxy does. */
function withCauseAbove(shared: SharedWorld, { file, app }: FileFacts, report: EntryPointReport): EntryPointReport {
  if (report.cause !== 'noGuard' || report.framework !== 'next' || !app.pages) return report
  return { ...report, ...guardAbove(shared.world, file, report.kind, app.pages) }
}

/** Of an entry point that nothing checks: whether only a route does. */
function withRoutesCause(report: EntryPointReport, causes: ReadonlyMap<string, string>): EntryPointReport {
  const guardedIn = report.cause === 'noGuard' ? causes.get(report.name) : undefined
  return guardedIn === undefined ? report : { ...report, cause: 'onlyInBeforeLoad', culprit: guardedIn }
}

/** A defect of the analysis costs the file its findings, not the user the run. */
function safely(file: string, report: () => FileReport): FileReport {
  try {
    return report()
  } catch (error) {
    if (process.env.AUTHZ_DEBUG === '1') throw error
    const message = error instanceof Error ? error.message : String(error)
    return { ...emptyReport(file), problems: [{ file, message: `could not be analysed: ${message}` }] }
  }
}

const importsIn = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/(?:from|import|require\()\s*\(?['"]([^'"\n.][^'"\n]*)['"]/g)].map((match) => match[1]!),
  ),
]

function createWorld(
  project: Project,
  graph: SharedWorld['graph'],
  forms: Map<string, ModuleForm>,
  guards: () => ReadonlyMap<string, NamedGuard>,
  schemaFor: World['schemaFor'],
  provedIn: NonNullable<World['provedIn']>,
): World {
  return {
    modules: graph,
    catalog: knowledgeOf(),
    behaviours,
    modelOf: (m, query) => modelOf(m, query, foreignSchema(project, graph, query.site.file)),
    schemaFor,
    provedIn,
    declared: (fileOrPackage, name) =>
      guards().get(exportKey(fileOrPackage, name)) ?? generatedClient(project, fileOrPackage, name),
    declaredGuardValue: (guard) =>
      guard.name in generated ? generated[guard.name as keyof typeof generated] : guardValue(guard as NamedGuard),
    packageOf: (instance) => instancePackages.get(instance),
    generated: (name) => generatedNames.get(name),
    hasEnumValue: (file, name, key) => hasEnumValue(project, graph, file, name, key),
    exists: (file) => project.isFile(file),
    ...nothingKept(),
    forms,
    hasOwnServer: (file) => hasOwnServer(project, project.app(file)),
    callsSomewhere: (file, method) => callsSomewhere(project, file, method),
  }
}

/** Whether a file of the same application calls a method of that name: read as text, since it need not be within reach. */
function callsSomewhere(project: Project, file: string, method: string): boolean {
  for (const source of project.sources(project.app(file).root))
    if (project.scan(`calls ${method}`, source, (text) => text.includes(`.${method}(`))) return true
  return false
}

const generated: Readonly<Record<'generated PrismaClient', Value>> = {
  'generated PrismaClient': {
    t: 'library',
    base: { package: '@prisma/client' },
    path: ['PrismaClient'],
    origins: { flags: 0, refs: [] },
  },
}

/** A generated client that is there: what it exports is known by its name, and its code says nothing. */
function generatedClient(project: Project, file: string, name: string): NamedGuard | undefined {
  if (name !== 'PrismaClient' || !path.isAbsolute(file)) return undefined
  if (!project.prismaClient(`./${path.basename(file)}`, file)) return undefined
  return { name: 'generated PrismaClient', proves: [], denies: 'throws', async: false }
}
