/** One value for everything in a project that an answer about one of its files may rest on. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { ignored, isRepository, rulesAbove, rulesIn, type Rules } from './gitignore.ts'
import { MAX_BYTES } from './parse.ts'
import { toolFolders } from './tool-folders.ts'

export type HashStrategy = 'content' | 'metadata'

/** Code, and schemas. They count although git ignores them: clients are generated, and imported. */
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|prisma)$/
/** Policies, tsconfigs and what they extend, packages, and what is installed: by whatever name, unless git ignores them. */
const SETTINGS = /\.json$|^(?:pnpm-workspace|pnpm-lock)\.ya?ml$|^(?:yarn|bun)\.lockb?$/
/** What is looked for in the folders above, too. */
const ABOVE = ['authz.config.json', 'package.json', 'pnpm-workspace.yaml', 'tsconfig.json', 'jsconfig.json']
/** The repository that a folder is part of; else the folder itself. */
export function repositoryOf(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (isRepository(at)) return at
    if (path.dirname(at) === at) return folder
  }
}

export function hashOf(root: string, strategy: HashStrategy): string {
  const hash = createHash('sha1')
  const add = (file: string): void => {
    hash.update(`${path.relative(root, file).split(path.sep).join('/')}\0${signOf(file, strategy)}\0`)
  }
  for (const file of filesBelow(root)) add(file)
  for (let at = root; path.dirname(at) !== at; at = path.dirname(at)) {
    for (const name of ABOVE) add(path.join(path.dirname(at), name))
  }
  return hash.digest('base64url')
}

/** In an order that every machine finds again. Links are followed, each place once. */
function* filesBelow(root: string): Iterable<string> {
  const seen = new Set<string>()
  yield* walk(root, rulesAbove(root))

  function* walk(folder: string, above: readonly Rules[]): Iterable<string> {
    const real = realOf(folder)
    if (real === undefined || seen.has(real)) return
    seen.add(real)
    const own = rulesIn(folder)
    const rules = own === undefined ? above : [...above, own]
    for (const entry of entriesOf(folder)) {
      const at = path.join(folder, entry.name)
      if (isFolder(entry, at)) {
        // what is installed counts by its lockfile
        if (!toolFolders.has(entry.name)) yield* walk(at, rules)
      } else if (SOURCE.test(entry.name)) yield at
      else if (SETTINGS.test(entry.name) && !ignored(at, false, rules)) yield at
    }
  }
}

function isFolder(entry: Dirent, at: string): boolean {
  return entry.isSymbolicLink() ? statSync(at, { throwIfNoEntry: false })?.isDirectory() === true : entry.isDirectory()
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

function realOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder)
  } catch {
    return undefined
  }
}

function signOf(file: string, strategy: HashStrategy): string {
  try {
    const { mtimeMs, size } = statSync(file)
    if (strategy === 'metadata') return `${mtimeMs}:${size}`
    // Of a source as large as this nobody reads more than that it is.
    if (size > MAX_BYTES && SOURCE.test(file)) return 'too large'
    return createHash('sha1').update(readFileSync(file)).digest('base64')
  } catch {
    return 'absent'
  }
}
