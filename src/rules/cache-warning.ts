/** `eslint --cache` keeps what it said of a file when only a file that this one imports has changed. */
import { isMainThread } from 'node:worker_threads'

const text =
  'ESLint’s cache does not notice that a guard in another file changed. Add `projectHash()` of `eslint-plugin-authz/cache` to eslint.config.js, or lint without --cache.'

/** In the environment, which ESLint's workers share. */
const WARNED = 'AUTHZ_WARNED_OF_CACHE'

let asked = false

/** Once a process. ESLint does not tell its rules whether it caches: only its command line does. */
export function warnOfCache(projectHash: string | undefined): void {
  if (asked || projectHash !== undefined) return
  asked = true
  if (process.env[WARNED] !== undefined || !caches(commandLine())) return
  process.env[WARNED] = '1'
  process.emitWarning(text, 'AuthzCacheWarning')
}

/** A worker has an `argv` of its own; the process's is in the diagnostic report. */
function commandLine(): readonly string[] {
  if (isMainThread) return process.argv
  const { header } = process.report.getReport() as { readonly header: { readonly commandLine: readonly string[] } }
  return header.commandLine
}

const caches = (argv: readonly string[]): boolean => argv.includes('--cache') && !argv.includes('--no-cache')
