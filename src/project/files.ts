import { readdirSync } from 'node:fs'
import path from 'node:path'
import { ignored, rulesAbove, rulesIn, type Rules } from './gitignore.ts'
import { toolFolders } from './tool-folders.ts'

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const NO_SOURCE =
  /\.d\.(?:\w+\.)?[cm]?ts$|\.(?:test|spec|stories|story|e2e|cy)\.[^.]+$|(?:^|\.)min\.[cm]?js$|^routeTree\.gen\.\w+$/

/**
 * Never sources, whatever a .gitignore says. Names that a project may also give to its own code are below. A dot in front
 * makes no folder one: `app/.well-known` is served, and ESLint lints all such folders but `.git`
 * (https://eslint.org/docs/latest/use/configure/ignore).
 */
const NEVER = new Set([
  ...toolFolders,
  'bower_components',
  'storybook-static',
  '__tests__',
  '__mocks__',
  '__fixtures__',
])
/** Build output and tests beside a package.json; a route folder called `out`, `build` or `e2e` is neither. */
const OF_PACKAGE = new Set(['dist', 'build', 'out', 'coverage', 'cypress', 'playwright', 'e2e'])

export const isSourceName = (name: string): boolean => SOURCE.test(name) && !NO_SOURCE.test(name)

export const isSourceFolder = (name: string, inPackageFolder: boolean): boolean =>
  !NEVER.has(name) && !(inPackageFolder && OF_PACKAGE.has(name))

export interface FileListing {
  /** Absolute, sorted. */
  readonly files: readonly string[]
  /** Folders that could not be listed. */
  readonly problems: readonly { readonly file: string; readonly message: string }[]
}

/**
 * The source files below a folder that are the project's own. `.gitignore` files are read as files, those of the folders
 * above too, up to the repository's root; symbolic links are not followed, as git does not either.
 */
export function sourceFiles(root: string): FileListing {
  const files: string[] = []
  const problems: { file: string; message: string }[] = []

  const walk = (folder: string, above: readonly Rules[]): void => {
    let entries
    try {
      entries = readdirSync(folder, { withFileTypes: true })
    } catch (error) {
      problems.push({ file: folder, message: error instanceof Error ? error.message : String(error) })
      return
    }
    const own = rulesIn(folder)
    const rules = own === undefined ? above : [...above, own]
    const isPackage = entries.some((entry) => entry.name === 'package.json')
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!isSourceFolder(entry.name, isPackage)) continue
        if (!ignored(file, true, rules)) walk(file, rules)
      } else if (entry.isFile() && isSourceName(entry.name)) {
        if (!ignored(file, false, rules)) files.push(file)
      }
    }
  }

  walk(root, rulesAbove(root))
  return { files: files.sort(), problems }
}
