/** Which guards a project has, found by a scan of its texts and proved by running them. */
import path from 'node:path'
import { mayAsk, mayHaveEntryPoints } from '../entry-points/mentions.ts'
import { atModuleLevel, moduleBinding } from '../analysis/code/module-values.ts'
import { exportedValue } from '../analysis/code/module-exports.ts'
import { evaluate } from '../analysis/code/expressions.ts'
import { Machine } from '../analysis/machine.ts'
import type { Catalog } from '../catalog/index.ts'
import { verifiedGuard, type VerifiedGuard } from '../entry-points/tanstack-start/guard-middleware.ts'
import { importedAs } from '../export-origin.ts'
import type { Arg, BindingId, Expr, ModuleForm } from '../model/form.ts'
import type { Literal } from './candidate.ts'
import { walk } from '../entry-points/walk.ts'
import type { Value } from '../analysis/values/value.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from '../workspace/shared-world.ts'

export interface IndexedGuard extends VerifiedGuard {
  readonly name: string
  readonly file: string
  /** Its name in the file at hand, where it is declared or imported there. */
  readonly local?: string
  /** How the file at hand imports its module. */
  readonly specifier?: string
  /** It is made by a call of that name with these. */
  readonly args?: readonly Literal[]
}

interface Scan {
  readonly makesMiddleware: boolean
  /** Something in it may ask who the caller is. */
  readonly asks: boolean
  /** Names that stand in lists of middleware, as often as they do. */
  readonly uses: readonly string[]
}

const specifiers = /(?:from|import|require\()\s*\(?['"]([^'"\n]+)['"]/g
const lists = /\bmiddleware\s*(?::|\()\s*\[([^\]]*)\]/g

function scanOf(project: Project, catalog: Catalog, file: string): Scan {
  return (
    project.scan('guards', file, (text): Scan => {
      const makesMiddleware = text.includes('createMiddleware')
      const about = (specifier: string): boolean =>
        /auth|session|clerk|jwt|passport/i.test(specifier) || catalog.libraryOf(specifier)?.category === 'auth'
      return {
        makesMiddleware,
        asks:
          (makesMiddleware && /\bthrow\b/.test(text)) ||
          mayAsk(text) ||
          [...text.matchAll(specifiers)].some(([, specifier]) => about(specifier!)),
        uses: [...text.matchAll(lists)].flatMap(([, names]) => names!.match(/[a-z_$][\w$]*/gi) ?? []),
      }
    }) ?? { makesMiddleware: false, asks: false, uses: [] }
  )
}

/**
 * Whether anything asks who is calling, in what a file imports or anywhere in the application; without that there is no
 * guard to point at.
 */
export function asksSomewhere(shared: SharedWorld, project: Project, root: string, file: string): boolean {
  const asks = (at: string): boolean => scanOf(project, shared.world.catalog, at).asks
  const witness = witnesses.get(shared)?.get(root)
  if (witness !== undefined && asks(witness)) return true
  // what it imports is at hand; the application may be thousands of files
  if (shared.ask(`imports ask\0${file}`, () => importedModules(shared, file).some(asks))) return true
  const found = shared.askLoosely(`asks\0${root}`, () => {
    for (const at of project.sources(root)) if (asks(at)) return at
    return undefined
  })
  if (found === undefined) return false
  const known = witnesses.get(shared) ?? new Map<string, string>()
  witnesses.set(shared, known.set(root, found))
  return true
}

/** The file of an application that asked when it was last looked for: as long as it does, no other needs to be looked at. */
const witnesses = new WeakMap<SharedWorld, Map<string, string>>()

const importedModules = ({ graph }: SharedWorld, file: string): readonly string[] =>
  graph.module(file).imports.flatMap(({ from }) => {
    const found = graph.resolve(from, file)
    return found.kind === 'module' ? [found.file] : []
  })

/** Files of the application that name a middleware in a list of middleware. */
export const filesThatAttach = (shared: SharedWorld, project: Project, root: string, name: string): readonly string[] =>
  shared.ask(`attach\0${root}\0${name}`, () =>
    [...project.sources(root)].filter((at) => scanOf(project, shared.world.catalog, at).uses.includes(name)),
  )

/** Files of the application with entry points that call something of that name. */
export const filesThatCall = (shared: SharedWorld, project: Project, root: string, name: string): readonly string[] =>
  shared.ask(`call\0${root}\0${name}`, () =>
    [...project.sources(root)].filter(
      (at) =>
        project.scan(`calls ${name}`, at, (text) => mayHaveEntryPoints(at, text) && text.includes(`${name}(`)) === true,
    ),
  )

/** Guards that a file exports, in the order in which they stand there. */
export const guardsIn = (shared: SharedWorld, project: Project, file: string): readonly IndexedGuard[] =>
  shared.ask(`guards\0${file}`, () => {
    if (!scanOf(project, shared.world.catalog, file).makesMiddleware) return []
    const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
    return shared.graph.module(file).exports.flatMap((e) => {
      if (e.typeOnly || e.exported === '*' || e.exported === 'default' || e.from !== undefined) return []
      const guard = verifiedGuard(shared.world, exportedValue(m, file, e.exported, { file, range: e.range }))
      return guard ? [{ ...guard, name: e.exported, file }] : []
    })
  })

/** Guards that a file has in hand: those that stand in its lists of middleware first, then what else it declares or imports. */
export const guardsAtHand = (shared: SharedWorld, file: string): readonly IndexedGuard[] =>
  shared.ask(`at hand\0${file}`, () => {
    const form = shared.graph.module(file)
    const uses = usesIn(form)
    const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
    const named = form.bindings.map((_, binding): Use => uses.get(String(binding)) ?? { binding, count: 0 })
    const made = [...uses.values()].filter(({ call }) => call)
    const found = [...named, ...made].flatMap((use) => {
      const { binding, call, args, count: used } = use
      const at = placeOf(shared, file, use)
      const value = (): Value =>
        call ? atModuleLevel(m, file, (inner) => evaluate(inner, call)) : moduleBinding(m, file, binding)
      const guard = at && verifiedGuard(shared.world, value())
      return guard ? [{ ...guard, ...at, ...(args ? { args } : {}), used }] : []
    })
    return found.sort((a, b) => b.used - a.used || a.proofs.length - b.proofs.length)
  })

/** Where a name of the file comes from that may hold a guard, or a function that makes one. */
function placeOf(
  shared: SharedWorld,
  file: string,
  { binding, call }: Use,
): Pick<IndexedGuard, 'name' | 'file' | 'local' | 'specifier'> | undefined {
  const { name, kind, owner } = shared.graph.module(file).bindings[binding]!
  if (owner !== 0) return undefined
  if (kind === 'import') {
    const imported = importedAs(shared.graph, file, binding)
    return imported && { name: imported.name, file: imported.file, local: name, specifier: imported.specifier }
  }
  if (kind === 'const') return { name, file }
  return call && kind === 'function' ? { name, file, local: name } : undefined
}

/** What stands in lists of middleware: a name, or what a call of it makes of what can be written down again. */
interface Use {
  readonly binding: BindingId
  readonly call?: Expr
  readonly args?: readonly Literal[]
  readonly count: number
}

/** How often something stands in a list of middleware. */
function usesIn(form: ModuleForm): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>()
  const used = (key: string, use: Omit<Use, 'count'>): void =>
    void uses.set(key, { ...use, count: (uses.get(key)?.count ?? 0) + 1 })
  const count = (e: Arg | null | undefined): void => {
    if (e?.t === 'name') used(String(e.binding), { binding: e.binding })
    else if (e?.t === 'array') e.items.forEach(count)
    else if (e?.t === 'spread') count(e.expr)
    else if (e?.t === 'call' && e.callee.t === 'name' && !e.construct) {
      const { binding } = e.callee
      const args = literals(e.args)
      if (args) used(`${String(binding)}${JSON.stringify(args)}`, { binding, call: e, args })
    }
  }
  const list = (e: Expr): void => {
    if (e.t === 'call' && e.callee.t === 'member' && e.callee.key === 'middleware') e.args.forEach(count)
    else if (e.t === 'object')
      for (const prop of e.props) if (prop.t === 'prop' && prop.key === 'middleware') count(prop.value)
  }
  walk(form, list)
  return uses
}

/** What can be written down again of all of them. */
export function literals(items: readonly (Arg | null)[]): readonly Literal[] | undefined {
  const found = items.map((item) => (item ? literal(item) : undefined))
  return found.includes(undefined) ? undefined : found.map((value) => value!)
}

function literal(e: Arg): Literal | undefined {
  if (e.t === 'literal') return e.value
  if (e.t === 'array') return literals(e.items)
  if (e.t !== 'object') return undefined
  const pairs = e.props.map((prop) => {
    if (prop.t !== 'prop' || typeof prop.key !== 'string') return undefined
    const value = literal(prop.value)
    return value === undefined ? undefined : ([prop.key, value] as const)
  })
  return pairs.includes(undefined) ? undefined : Object.fromEntries(pairs.map((pair) => pair!))
}

/** Guards that files around this one make by a call and put into their lists: of those whose maker can be imported. */
export const guardsMadeNearby = (shared: SharedWorld, project: Project, file: string): readonly IndexedGuard[] =>
  nearbyFiles(shared, project, file)
    .filter((at) => scanOf(project, shared.world.catalog, at).uses.length > 0)
    .slice(0, maxNeighbours)
    .flatMap((at) => guardsAtHand(shared, at).filter((guard) => guard.args && guard.file !== at && guard.file !== file))
    .map(({ type, proofs, writes, name, file: from, args }) => ({
      type,
      proofs,
      writes,
      name,
      file: from,
      args: args!,
    }))

/** Neighbours that are looked at for how they make their guards. */
const maxNeighbours = 12

/** Modules that a file imports, and those of its folder. */
function nearbyFiles(shared: SharedWorld, project: Project, file: string): readonly string[] {
  const folder = path.dirname(file)
  const siblings = project
    .list(folder)
    .map((name) => path.join(folder, name))
    .filter((at) => /\.[cm]?[jt]sx?$/.test(at) && project.isFile(at))
  const files = new Set([...importedModules(shared, file), ...siblings])
  files.delete(file)
  return [...files]
}

/** Guards of the modules that a file imports, and of its folder: by use there, then by what they ask, then by path. */
export const guardsNearby = (shared: SharedWorld, project: Project, file: string): readonly IndexedGuard[] =>
  shared.ask(`nearby\0${file}`, () => {
    const files = nearbyFiles(shared, project, file)
    const uses = counted(files.map((at) => scanOf(project, shared.world.catalog, at)))
    return ranked(shared, project, files, uses, file)
  })

/** Guards of the whole application: the nearest first. */
export const guardsInProject = (
  shared: SharedWorld,
  project: Project,
  root: string,
  file: string,
): readonly IndexedGuard[] => {
  const { makers, uses } = shared.askLoosely(`sources\0${root}`, () => {
    const found = [...project.sources(root)].map((at) => [at, scanOf(project, shared.world.catalog, at)] as const)
    return {
      makers: found.flatMap(([at, scan]) => (scan.makesMiddleware ? [at] : [])),
      uses: counted(found.map(([, scan]) => scan)),
    }
  })
  return ranked(
    shared,
    project,
    makers.filter((at) => at !== file),
    uses,
    file,
  )
}

/** How often each name stands in lists of middleware. */
function counted(scans: readonly Scan[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of scans.flatMap(({ uses }) => uses)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function ranked(
  shared: SharedWorld,
  project: Project,
  makers: Iterable<string>,
  uses: ReadonlyMap<string, number>,
  file: string,
): readonly IndexedGuard[] {
  const found = [...makers].flatMap((at) => [...guardsIn(shared, project, at)])
  const key = (guard: IndexedGuard): readonly [number, number, number] => [
    distance(file, guard.file),
    -(uses.get(guard.name) ?? 0),
    guard.proofs.length,
  ]
  return found.sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    return (
      left[0] - right[0] || left[1] - right[1] || left[2] - right[2] || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
    )
  })
}

/** Folders to leave and to enter on the way from one file to the other. */
function distance(from: string, to: string): number {
  const steps = path.relative(path.dirname(from), path.dirname(to))
  return steps === '' ? 0 : steps.split(path.sep).length
}
