/** Wires project, lowering, catalogue, analysis and entry points for the rules and the CLI; the only file that knows all of them. */
import { emptyReport, type FileReport } from './model/report.ts'
import type { ModuleForm } from './model/form.ts'
import type { Inventory } from './model/inventory.ts'

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

export function createWorkspace(_options: WorkspaceOptions = {}): Workspace {
  return {
    analyse: (file) => emptyReport(file),
    guardsFor: () => [],
    inventory: (root) => ({
      version: 1,
      root,
      detected: { frameworks: [], auth: [], data: [] },
      entryPoints: [],
      notAnalysed: [],
      problems: [],
    }),
  }
}
