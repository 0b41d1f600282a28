/** Who takes something of a module: code below entry points, which is seen where these run, or a program of its own. */
import path from 'node:path'
import type { Resolution, Takers } from '../analysis/code/modules.ts'
import type { ModuleForm } from '../model/form.ts'
import { servesRequests } from './server-entries.ts'

/** What it takes to find that out. */
export interface Sources {
  /** All files in which it may be taken. */
  readonly files: readonly string[]
  /** One of these words stands in it: asked of all files. */
  readonly mentions: (file: string, words: readonly string[]) => boolean
  readonly text: (file: string) => string
  readonly module: (file: string) => ModuleForm
  readonly resolve: (specifier: string, file: string) => Resolution
  /** The framework runs what is in there, for a request. */
  readonly isEntry: (file: string, text: string) => boolean
}

/**
 * Whoever takes one of these names of a module takes it for those that import the file, and so on: up to files with entry
 * points, or to one that nobody imports. That is a program, such as a server that hands requests to the framework.
 */
export function takersOf(sources: Sources, file: string, names: readonly string[]): Takers {
  const isProgram = (at: string, seen: Set<string> = new Set([file])): boolean => {
    if (seen.has(at)) return false
    seen.add(at)
    const text = sources.text(at)
    if (servesRequests(text)) return true
    if (sources.isEntry(at, text)) return false
    const above = sources.files.filter((other) => other !== at && importsFile(sources, other, at))
    return above.length === 0 || above.some((other) => isProgram(other, seen))
  }
  const takers = sources.files.filter((at) => at !== file && takes(sources, at, file, names))
  if (takers.length === 0) return { who: 'nobody', files: [] }
  const above = takers.filter((at) => isProgram(at))
  return { who: above.length > 0 ? 'programs' : 'entry points', files: above }
}

function takes(sources: Sources, at: string, file: string, names: readonly string[]): boolean {
  if (!sources.mentions(at, names)) return false
  const { imports, unreadable } = sources.module(at)
  if (unreadable !== undefined) return true
  const isTaken = imports.some(({ from, imported, typeOnly }) => {
    if (typeOnly || imported === undefined || (imported !== '*' && !names.includes(imported))) return false
    const found = sources.resolve(from, at)
    return (
      found.kind === 'module' && (found.file === file || imported === '*' || passesOn(sources, found.file, imported))
    )
  })
  return isTaken || loads(sources.text(at), file)
}

const passesOn = (sources: Sources, file: string, name: string): boolean =>
  sources.module(file).exports.some((e) => (e.exported === name || e.exported === '*') && isOfImport(sources, file, e))

const isOfImport = (
  sources: Sources,
  file: string,
  { from, binding }: { readonly from?: string; readonly binding?: number },
): boolean =>
  from !== undefined || (binding !== undefined && sources.module(file).bindings[binding]?.import !== undefined)

function importsFile(sources: Sources, at: string, file: string): boolean {
  if (!sources.mentions(at, wordsFor(file))) return false
  const { imports, exports, unreadable } = sources.module(at)
  if (unreadable !== undefined) return true
  const isImported = [...imports, ...exports].some(({ from, typeOnly }) => {
    const found = from === undefined || typeOnly ? undefined : sources.resolve(from, at)
    return found?.kind === 'module' && found.file === file
  })
  return isImported || loads(sources.text(at), file)
}

/** `import('./store')`, `require('./store')`. */
const loads = (text: string, file: string): boolean =>
  [...text.matchAll(/\b(?:import|require)\s*\(\s*['"`]([^'"`\n]+)['"`]/g)].some((match) =>
    wordsFor(file).some((word) => match[1]!.includes(word)),
  )

/** One of them stands in each import that leads to the file: its name, or of an `index` a folder's. */
function wordsFor(file: string): readonly string[] {
  const { dir, name } = path.parse(file)
  return name === 'index' ? [...dir.split(/[\\/]/).slice(-3), './', '..', "'.'", '"."'] : [name]
}
