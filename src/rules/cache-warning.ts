/** `eslint --cache` keeps what it said of a file when only a file that this one imports has changed. */
const text =
  'ESLint’s cache does not notice that a guard in another file changed. Add `projectHash()` of `eslint-plugin-authz/cache` to eslint.config.js, or lint without --cache.'

let warned = false

/** Once a process. ESLint does not tell its rules whether it caches: only its command line does. */
export function warnOfCache(projectHash: string | undefined): void {
  if (warned || projectHash !== undefined || !caches(process.argv)) return
  warned = true
  process.emitWarning(text, 'AuthzCacheWarning')
}

const caches = (argv: readonly string[]): boolean => argv.includes('--cache') && !argv.includes('--no-cache')
