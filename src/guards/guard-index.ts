/** Which guards a project has, found by a scan of its texts and proved by running them. */
import path from 'node:path'
import { mayAsk, mayHaveEntryPoints } from '../entry-points/mentions.ts'
import { exportedValue, moduleBinding } from '../analysis/module-values.ts'
import { Machine } from '../analysis/machine.ts'
import type { Catalog } from '../catalog/index.ts'
import { verifiedGuard, type VerifiedGuard } from '../entry-points/tanstack-start/guard-middleware.ts'
import { importedAs } from '../export-origin.ts'
import type { Arg, Expr, ModuleForm } from '../model/form.ts'
import { walk } from '../entry-points/walk.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from '../shared-world.ts'

export interface IndexedGuard extends VerifiedGuard {
  readonly name: string
  readonly file: string
  /** Its name in the file at hand, where it is declared or imported there. */
  readonly local?: string
  /** How the file at hand imports its module. */
  readonly specifier?: string
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
    const found = form.bindings.flatMap((binding, id): (IndexedGuard & { readonly used: number })[] => {
      if (binding.owner !== 0 || (binding.kind !== 'import' && binding.kind !== 'const')) return []
      const used = uses.get(id) ?? 0
      const imported = binding.kind === 'import' ? importedAs(shared.graph, file, id) : undefined
      if (binding.kind === 'import' && !imported) return []
      const guard = verifiedGuard(shared.world, moduleBinding(m, file, id))
      if (!guard) return []
      return imported
        ? [
            {
              ...guard,
              name: imported.name,
              file: imported.file,
              local: binding.name,
              specifier: imported.specifier,
              used,
            },
          ]
        : [{ ...guard, name: binding.name, file, used }]
    })
    return found.sort((a, b) => b.used - a.used || a.proofs.length - b.proofs.length)
  })

/** How often a binding stands in a list of middleware. */
function usesIn(form: ModuleForm): ReadonlyMap<number, number> {
  const uses = new Map<number, number>()
  const count = (e: Arg | null | undefined): void => {
    if (e?.t === 'name') uses.set(e.binding, (uses.get(e.binding) ?? 0) + 1)
    else if (e?.t === 'array') e.items.forEach(count)
    else if (e?.t === 'spread') count(e.expr)
  }
  const list = (e: Expr): void => {
    if (e.t === 'call' && e.callee.t === 'member' && e.callee.key === 'middleware') e.args.forEach(count)
    else if (e.t === 'object')
      for (const prop of e.props) if (prop.t === 'prop' && prop.key === 'middleware') count(prop.value)
  }
  walk(form, list)
  return uses
}

/** Guards of the modules that a file imports, and of its folder: by use there, then by what they ask, then by path. */
export const guardsNearby = (shared: SharedWorld, project: Project, file: string): readonly IndexedGuard[] =>
  shared.ask(`nearby\0${file}`, () => {
    const imported = importedModules(shared, file)
    const folder = path.dirname(file)
    const siblings = project
      .list(folder)
      .map((name) => path.join(folder, name))
      .filter((at) => /\.[cm]?[jt]sx?$/.test(at) && project.isFile(at))
    const files = new Set([...imported, ...siblings])
    files.delete(file)
    const uses = counted([...files].map((at) => scanOf(project, shared.world.catalog, at)))
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
