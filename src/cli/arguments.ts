/** From the words on the command line to what is asked for. Pure: nothing is read here. */
import { parseArgs } from 'node:util'

export type Request =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | {
      readonly command: 'audit'
      readonly directory: string
      readonly format: 'text' | 'json'
      readonly config?: string
      readonly check: boolean
      readonly verbose: boolean
    }
  | { readonly command: 'explain'; readonly target: string; readonly config?: string }

/** What stopped a command, in one sentence for the user. Exit 2. */
export class CannotRun extends Error {}

export const help = `Usage: eslint-plugin-authz <command> [options]

What has been proved about the caller by the time a server entry point does protected work?

Commands:
  audit [dir]                      every entry point below dir (default: the working directory)
    --format text|json             json is the whole inventory, alone on stdout (default: text)
    --check                        exit 1 when \`recommended\` would report an open entry point, and for "Problems":
                                   a file that was not understood, a line of the policy file that fits nothing
    --verbose                      with text: guarded and public entry points too, and the evidence of open ones
  explain <file>[:line | #name]    the whole evidence of the entry points of a file, or of one of them

Options:
  --config <file>                  another place for the policy file (default: authz.config.json, found upward)
  -h, --help
  --version

Exit codes: 0 done, 1 findings where --check asked for them, 2 could not run.
`

const options = {
  check: { type: 'boolean' },
  config: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean' },
  version: { type: 'boolean' },
} as const

const ofAuditOnly = ['check', 'format', 'verbose'] as const

export function parseArguments(argv: readonly string[]): Request {
  const { values, positionals } = parse(argv)
  const [command, ...rest] = positionals
  if (values.help) return { command: 'help' }
  if (values.version) return { command: 'version' }
  if (command === undefined) throw new CannotRun('No command given: it is audit or explain, and --help says more.')

  const config = values.config === undefined ? {} : { config: values.config }
  if (values.config === '') throw new CannotRun('--config needs the path of a policy file.')
  if (command === 'audit') {
    const { format = 'text', check = false, verbose = false } = values
    if (format !== 'text' && format !== 'json') {
      throw new CannotRun(`Unknown format ${JSON.stringify(format)}: --format is text or json.`)
    }
    const [directory = '.', ...more] = rest
    if (more.length > 0) throw new CannotRun(`audit reads one directory, but ${rest.length} were given.`)
    if (directory === '') throw new CannotRun('The directory to audit is an empty string.')
    return { command, directory, format, ...config, check, verbose }
  }
  if (command === 'explain') {
    const foreign = ofAuditOnly.find((name) => values[name] !== undefined)
    if (foreign) throw new CannotRun(`--${foreign} is an option of audit, not of explain.`)
    const [target, ...more] = rest
    if (!target) throw new CannotRun('explain needs a file: explain <file>[:line | #name].')
    if (more.length > 0) throw new CannotRun(`explain takes one file, but ${rest.length} were given.`)
    return { command, target, ...config }
  }
  throw new CannotRun(`Unknown command ${JSON.stringify(command)}: it is audit or explain.`)
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // Node adds advice about `--` in further sentences, which fits no command here, and breaks some sentences into lines.
    const [first] = error.message.replaceAll(/\s+/g, ' ').split(/\. (?=[A-Z])/)
    throw new CannotRun(`${first!.replace(/\.$/, '')}. See --help.`, { cause: error })
  }
}

export interface Target {
  readonly file: string
  readonly line?: number
  readonly name?: string
}

/** `src/a.ts`, `src/a.ts:12`, `src/a.ts:12:7` (as printed), `src/a.ts#save`. A drive letter's colon is part of the path. */
export function parseTarget(text: string): Target {
  const place = /^(.+?):(\d+)(?::\d+)?$/.exec(text)
  if (place) return { file: place[1]!, line: Number(place[2]) }
  const hash = text.lastIndexOf('#')
  if (hash > 0 && hash < text.length - 1) return { file: text.slice(0, hash), name: text.slice(hash + 1) }
  return { file: text }
}
