/** `.gitignore` files, read as files: git need not be there. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ignore, { type Ignore } from 'ignore'

export interface Rules {
  readonly folder: string
  readonly rules: Ignore
}

/** The nearest file that says something about a path decides, as in git. */
export function ignored(file: string, directory: boolean, all: readonly Rules[]): boolean {
  for (const { folder, rules } of all.toReversed()) {
    const relative = path.relative(folder, file).split(path.sep).join('/') + (directory ? '/' : '')
    const answer = rules.test(relative)
    if (answer.ignored) return true
    if (answer.unignored) return false
  }
  return false
}

/** What the `.gitignore` of a folder says. */
export function rulesIn(folder: string): Rules | undefined {
  try {
    return { folder, rules: ignore().add(readFileSync(path.join(folder, '.gitignore'), 'utf8')) }
  } catch {
    return undefined
  }
}

/** Of the folders above, up to the repository's root. */
export function rulesAbove(root: string): readonly Rules[] {
  const found: Rules[] = []
  if (isRepository(root)) return found
  for (let at = path.dirname(root); ; at = path.dirname(at)) {
    const rules = rulesIn(at)
    if (rules !== undefined) found.unshift(rules)
    if (isRepository(at)) return found
    // Outside of a repository what stands above has nothing to say.
    if (path.dirname(at) === at) return []
  }
}

export function isRepository(folder: string): boolean {
  try {
    return readdirSync(folder).includes('.git')
  } catch {
    return false
  }
}
