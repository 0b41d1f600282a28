/** By which specifier a file would import a module: as it imports others. */
import path from 'node:path'
import type { ModuleForm } from '../model/form.ts'
import type { ModuleGraph } from '../project/module-graph.ts'

/** `modules` whose imports show the style, the file itself first. */
export function specifierFor(graph: ModuleGraph, file: string, target: string, others: readonly string[] = []): string {
  for (const imported of graph.module(file).imports) {
    if (leadsTo(graph, imported.from, file, target)) return imported.from
  }
  for (const at of [file, ...others]) {
    const style = styleOf(graph, graph.module(at))
    if (style === 'relative') break
    const specifier = style && aliased(graph, style, file, target)
    if (specifier !== undefined) return specifier
  }
  return relative(graph, file, target)
}

interface Alias {
  /** `~/` */
  readonly prefix: string
  /** The folder that it stands for. */
  readonly folder: string
  readonly extension: boolean
}

/** How a file imports modules of its project; undefined when it imports none. */
function styleOf(graph: ModuleGraph, form: ModuleForm): Alias | 'relative' | undefined {
  let isRelative = false
  for (const { from } of form.imports) {
    const found = graph.resolve(from, form.file)
    if (found.kind !== 'module') continue
    if (from.startsWith('.')) isRelative = true
    else {
      const alias = aliasOf(from, found.file)
      if (alias) return alias
    }
  }
  return isRelative ? 'relative' : undefined
}

/** `~/server/db` for `/app/src/server/db/index.ts` says that `~/` is `/app/src/`. */
function aliasOf(specifier: string, file: string): Alias | undefined {
  const slash = specifier.startsWith('@/') || !specifier.startsWith('@') ? specifier.indexOf('/') : -1
  if (slash < 0) return undefined
  const prefix = specifier.slice(0, slash + 1)
  const rest = specifier.slice(slash + 1)
  const posix = file.split(path.sep).join('/')
  for (const written of [rest, rest.replace(/\.[cm]?[jt]sx?$/, '')]) {
    for (const tail of [posix, posix.replace(/\.[cm]?[jt]sx?$/, ''), posix.replace(/\/index\.[cm]?[jt]sx?$/, '')]) {
      if (written !== '' && tail.endsWith(`/${written}`))
        return { prefix, folder: tail.slice(0, -written.length), extension: written !== rest || tail === posix }
    }
  }
  return undefined
}

function aliased(
  graph: ModuleGraph,
  { prefix, folder, extension }: Alias,
  file: string,
  target: string,
): string | undefined {
  const posix = target.split(path.sep).join('/')
  if (!posix.startsWith(folder)) return undefined
  return spellings(posix.slice(folder.length), extension)
    .map((rest) => prefix + rest)
    .find((specifier) => leadsTo(graph, specifier, file, target))
}

function relative(graph: ModuleGraph, file: string, target: string): string {
  const way = path.relative(path.dirname(file), target).split(path.sep).join('/')
  const from = way.startsWith('.') ? way : `./${way}`
  const extension = graph
    .module(file)
    .imports.some((imported) => imported.from.startsWith('.') && /\.[cm]?[jt]sx?$/.test(imported.from))
  const all = spellings(from, extension)
  return all.find((specifier) => leadsTo(graph, specifier, file, target)) ?? all[0]!
}

function spellings(written: string, extension: boolean): readonly string[] {
  const bare = written.replace(/\.[cm]?[jt]sx?$/, '')
  const folder = bare.replace(/\/index$/, '')
  const short = folder === bare ? [bare] : [folder, bare]
  return extension ? [written, ...short] : [...short, written]
}

function leadsTo(graph: ModuleGraph, specifier: string, file: string, target: string): boolean {
  const found = graph.resolve(specifier, file)
  return found.kind === 'module' && found.file === target
}
