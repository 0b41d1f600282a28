/** Runs one command: the disk and the workspace on one side, the terminal on the other, neither touched directly. */
import { statSync, type Stats } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import pkg from '../../package.json' with { type: 'json' }
import type { Inventory } from '../model/inventory.ts'
import { createWorkspace, type Workspace, type WorkspaceOptions } from '../workspace/workspace.ts'
import { CannotRun, help, parseArguments, parseTarget, type Request, type Target } from './arguments.ts'
import { renderExplanation, select } from './explain.ts'
import { renderJson } from './json.ts'
import type { Progress } from './progress.ts'
import { isFinding, renderText, visible, type Paint } from './text.ts'

export interface Terminal {
  readonly cwd: string
  /** Resolves when all of it is written, or when nobody reads any more. */
  readonly out: (text: string) => Promise<void>
  readonly err: (text: string) => void
  readonly paint: Paint
  /** Where to say how far an audit is, if anywhere. */
  readonly progress?: (format: 'text' | 'json') => Progress | undefined
}

export type ExitCode = 0 | 1 | 2

type MakeWorkspace = (options: WorkspaceOptions) => Pick<Workspace, 'inventory'>

export async function run(
  argv: readonly string[],
  terminal: Terminal,
  makeWorkspace: MakeWorkspace = createWorkspace,
): Promise<ExitCode> {
  try {
    return await execute(parseArguments(argv), terminal, makeWorkspace)
  } catch (error) {
    // A wrong policy file arrives here too: the workspace throws its message.
    const message = error instanceof Error ? error.message : String(error)
    terminal.err(`eslint-plugin-authz: ${visible(message)}\n`)
    return 2
  }
}

async function execute(request: Request, terminal: Terminal, makeWorkspace: MakeWorkspace): Promise<ExitCode> {
  const { cwd, out, paint } = terminal
  switch (request.command) {
    case 'help':
      await out(help)
      return 0
    case 'version':
      await out(`${pkg.version}\n`)
      return 0
    case 'audit': {
      const root = existing(cwd, request.directory, 'directory')
      const workspace = workspaceFor(request.config, terminal, makeWorkspace)
      const progress = terminal.progress?.(request.format)
      const inventory = takeStock(() => workspace.inventory(root, (done, of) => progress?.at(done, of)), progress)
      await out(
        request.format === 'json' ? renderJson(inventory) : renderText(inventory, { paint, verbose: request.verbose }),
      )
      // what was not understood may be open
      return request.check && (inventory.entryPoints.some(isFinding) || inventory.problems.length > 0) ? 1 : 0
    }
    case 'explain': {
      const target = locate(cwd, request.target)
      const workspace = workspaceFor(request.config, terminal, makeWorkspace)
      const entries = select(workspace.inventory(cwd, undefined, [resolve(cwd, target.file)]), target)
      await out(entries.map((entry) => renderExplanation(entry, paint)).join('\n\n'))
      return 0
    }
  }
}

function workspaceFor(config: string | undefined, { cwd }: Terminal, makeWorkspace: MakeWorkspace) {
  return makeWorkspace(config === undefined ? {} : { config: existing(cwd, config, 'file') })
}

function takeStock(take: () => Inventory, progress: Progress | undefined): Inventory {
  try {
    return take()
  } finally {
    progress?.end()
  }
}

/** The file that is meant, relative to the working directory, which is the root of the inventory. */
function locate(cwd: string, text: string): Target {
  // `a#b.ts` and `a.ts:1` may be names of files.
  const target = stat(resolve(cwd, text))?.isFile() ? { file: text } : parseTarget(text)
  const file = relative(cwd, existing(cwd, target.file, 'file'))
  if (isAbsolute(file) || file === '..' || file.startsWith(`..${sep}`)) {
    throw new CannotRun(
      `${target.file} is not below the working directory; run explain in the project that it belongs to.`,
    )
  }
  return { ...target, file: file.replaceAll(sep, '/') }
}

function existing(cwd: string, path: string, kind: 'file' | 'directory'): string {
  const absolute = resolve(cwd, path)
  const found = stat(absolute)
  if (!found) throw new CannotRun(`There is no ${kind} ${absolute}.`)
  if (kind === 'file' ? !found.isFile() : !found.isDirectory()) throw new CannotRun(`${absolute} is not a ${kind}.`)
  return absolute
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
