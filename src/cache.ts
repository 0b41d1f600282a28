/** `eslint-plugin-authz/cache`: what makes `eslint --cache` right for rules that read more files than the linted one. */
import path from 'node:path'
import type { Linter } from 'eslint'
import { hashOf, repositoryOf } from './project/project-hash.ts'

export interface ProjectHashOptions {
  /** The folder whose files count: by default the repository that the working directory is in. */
  readonly root?: string
  /**
   * `content` (default) reads every file, and gives the same on every machine; `metadata` believes times and sizes, which
   * a fresh checkout does not keep.
   */
  readonly strategy?: 'content' | 'metadata'
}

/**
 * A part of `eslint.config.js`. ESLint forgets what it cached when the configuration changes; it knows no dependencies. With
 * this, the configuration changes when any source, schema, policy, tsconfig or package of the project does.
 */
export function projectHash({ root, strategy = 'content' }: ProjectHashOptions = {}): Linter.Config {
  const cwd = process.cwd()
  const folder = root === undefined ? repositoryOf(cwd) : path.resolve(cwd, root)
  return { name: 'authz/project-hash', settings: { authz: { projectHash: hashOf(folder, strategy) } } }
}
