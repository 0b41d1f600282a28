/** `eslint --cache` of its own command line, with the built plugin: right with the helper, stale and warned of without. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { project, type Fixture } from '../project/fixture.ts'
import { guard } from './guard-source.ts'

const require = createRequire(import.meta.url)
const eslintProgram = path.join(path.dirname(require.resolve('eslint/package.json')), 'bin/eslint.js')
const urlOf = (specifier: string): string => pathToFileURL(require.resolve(specifier)).href

const config = (part: string): string => `import authz from '${urlOf('eslint-plugin-authz')}'
import { projectHash } from '${urlOf('eslint-plugin-authz/cache')}'
import parser from '${urlOf('@typescript-eslint/parser')}'
const count = { create: () => (process.stderr.write('linted\\n'), {}) }
export default [
  { files: ['**/*.ts'], languageOptions: { parser }, plugins: { test: { rules: { count } } }, rules: { 'test/count': 'error' } },
  authz.configs.recommended${part}
]
`
const clear = (name: string): string => `import { createServerFn } from '@tanstack/react-start'
import { drizzle } from 'drizzle-orm/node-postgres'
import { authMiddleware } from './guard'
import { invoices } from './schema'
const db = drizzle(process.env.DATABASE_URL!)
export const ${name} = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .handler(() => db.delete(invoices))
`

const application = (part: string): Fixture =>
  project({
    '.git/HEAD': '',
    'package.json': '{ "type": "module" }',
    'eslint.config.js': config(part),
    'src/guard.ts': guard,
    'src/schema.ts':
      "import { pgTable, text } from 'drizzle-orm/pg-core'\nexport const invoices = pgTable('invoices', { ownerId: text() })\n",
    'src/clear.ts': clear('clear'),
    'src/empty.ts': clear('empty'),
  })

function eslint({ root }: Fixture, ...args: readonly string[]): { findings: number; warnings: number; linted: number } {
  const { stdout, stderr } = spawnSync(process.execPath, [eslintProgram, 'src', '--format', 'json', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  const results = JSON.parse(stdout) as { errorCount: number }[]
  return {
    findings: results.reduce((sum, { errorCount }) => sum + errorCount, 0),
    warnings: stderr.split('AuthzCacheWarning').length - 1,
    linted: stderr.split('linted').length - 1,
  }
}

/** What it guarded is open then, in two files, and it is reported itself. */
function breakGuard(fixture: Fixture): void {
  fixture.write('src/guard.ts', guard.replace('if (!session) throw', 'if (session === 1) throw'))
}

it('lints nothing twice with projectHash(), and everything when the guard of another file is gone', () => {
  const fixture = application(', projectHash()')
  expect(eslint(fixture, '--cache')).toEqual({ findings: 0, warnings: 0, linted: 4 })
  expect(eslint(fixture, '--cache')).toEqual({ findings: 0, warnings: 0, linted: 0 })
  breakGuard(fixture)
  expect(eslint(fixture, '--cache')).toEqual({ findings: 3, warnings: 0, linted: 4 })
})

it('keeps the settings that stand beside the hash', () => {
  const fixture = application(", { settings: { authz: { config: 'policy.json' } } }, projectHash()")
  fixture.write('policy.json', '{ "public": [{ "files": "src/*.ts", "reason": "a demo" }] }')
  breakGuard(fixture)
  expect(eslint(fixture, '--cache').findings).toBe(0)
  fixture.write('policy.json', '{}')
  expect(eslint(fixture, '--cache').findings).toBe(3)
})

it('stays with what it said without projectHash(), and warned of that once', () => {
  const fixture = application('')
  expect(eslint(fixture, '--cache')).toEqual({ findings: 0, warnings: 1, linted: 4 })
  breakGuard(fixture)
  expect(eslint(fixture, '--cache')).toEqual({ findings: 1, warnings: 1, linted: 1 })
  expect(eslint(fixture)).toEqual({ findings: 3, warnings: 0, linted: 4 })
})

it('finds the same in parallel', () => {
  const fixture = application('')
  breakGuard(fixture)
  expect(eslint(fixture, '--concurrency', '2')).toEqual(eslint(fixture))
})

it('warns of a cache in workers, too, and not where there is none or projectHash()', () => {
  const fixture = application('')
  const parallel = ['--concurrency', '2']
  expect(eslint(fixture, ...parallel).warnings).toBe(0)
  // two workers that begin at the same moment both do
  expect([1, 2]).toContain(eslint(fixture, ...parallel, '--cache').warnings)
  fixture.write('eslint.config.js', config(', projectHash()'))
  expect(eslint(fixture, ...parallel, '--cache')).toEqual({ findings: 0, warnings: 0, linted: 4 })
  breakGuard(fixture)
  expect(eslint(fixture, ...parallel, '--cache')).toEqual({ findings: 3, warnings: 0, linted: 4 })
})
