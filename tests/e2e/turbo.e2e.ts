/** Turborepo with its local cache, set up by the block of docs/cache.md: what it replays is what a lint would say. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { guard } from './guard-source.ts'

const hosts = process.env.AUTHZ_HOSTS
if (!hosts) throw new Error('Run it by `npm run test:hosts`, which installs Turborepo.')
const root = path.join(hosts, 'monorepo')

const page = readFileSync(path.join(import.meta.dirname, '../../docs/cache.md'), 'utf8')
const [, documented] = /^```json title="turbo.json"\n([\s\S]*?)^```$/m.exec(page)!

const unchecked = guard.replace("  if (!session) throw new Error('Unauthorized')\n", '')

const clear = (from: string): string => `import { createServerFn } from '@tanstack/react-start'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { authMiddleware } from '${from}'
const invoices = pgTable('invoices', { ownerId: text() })
const db = drizzle(process.env.DATABASE_URL!)
export const clear = createServerFn({ method: 'POST' }).middleware([authMiddleware]).handler(() => db.delete(invoices))
`

const packageOf = (name: string, rest: object): string =>
  JSON.stringify({ name, version: '0.0.0', type: 'module', scripts: { lint: 'eslint src' }, ...rest })

/** `web` imports its guard by way of another package; `other` has one of its own. */
const files = {
  '.gitignore': 'node_modules\n.turbo\n',
  'eslint.config.js': `import authz from 'eslint-plugin-authz'
import parser from '@typescript-eslint/parser'
export default [{ files: ['**/*.ts'], languageOptions: { parser } }, authz.configs.recommended]
`,
  'packages/guard/package.json': packageOf('@acme/guard', { exports: './src/index.ts' }),
  'packages/server/package.json': packageOf('@acme/server', {
    exports: './src/index.ts',
    dependencies: { '@acme/guard': '*' },
  }),
  'packages/server/src/index.ts': "export { authMiddleware } from '@acme/guard'\n",
  'apps/web/package.json': packageOf('web', { dependencies: { '@acme/server': '*' } }),
  'apps/web/src/clear.ts': clear('@acme/server'),
  'apps/other/package.json': packageOf('other', {}),
  'apps/other/src/guard.ts': guard,
  'apps/other/src/clear.ts': clear('./guard'),
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), text)
}

let number = 0

/** Of each package, whether its lint was run or replayed, and how often it reports what is open. */
function lint(): Record<string, { readonly replayed: boolean; readonly open: number }> {
  const { stdout } = spawnSync(
    path.join(root, 'node_modules/.bin/turbo'),
    ['run', 'lint', '--continue', '--no-color', '--no-daemon', '--cache-dir', `.turbo/cache-${number}`],
    { cwd: root, encoding: 'utf8', env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' } },
  )
  return Object.fromEntries(
    ['web', 'other', '@acme/guard'].map((name) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith(`${name}:lint: `))
      expect(lines).not.toEqual([])
      return [
        name,
        {
          replayed: lines.some((line) => line.includes('cache hit')),
          open: lines.filter((line) => line.includes('authz/no-unguarded-server-fn')).length,
        },
      ]
    }),
  )
}

beforeEach(() => {
  number++
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as object
  const workspaces = { name: 'monorepo', packageManager: 'npm@10.8.2', workspaces: ['apps/*', 'packages/*'] }
  write('package.json', JSON.stringify({ ...manifest, ...workspaces }))
  for (const [file, text] of Object.entries(files)) write(file, text)
  write('packages/guard/src/index.ts', guard)
  write('authz.config.json', '{}')
  write('turbo.json', documented!)
})

it('lints nothing twice, and what depends on a package whose guard is gone again', () => {
  expect(lint()).toMatchObject({ web: { replayed: false, open: 0 }, other: { replayed: false, open: 0 } })
  expect(lint()).toMatchObject({ web: { replayed: true, open: 0 }, other: { replayed: true, open: 0 } })

  write('packages/guard/src/index.ts', unchecked)
  expect(lint()).toMatchObject({ web: { replayed: false, open: 1 }, other: { replayed: true, open: 0 } })

  write('packages/guard/src/index.ts', guard)
  expect(lint()).toMatchObject({ web: { replayed: true, open: 0 }, other: { replayed: true, open: 0 } })
})

it('lints everything again when the policy changes', () => {
  write('packages/guard/src/index.ts', unchecked)
  expect(lint()).toMatchObject({ web: { open: 1 }, other: { replayed: false, open: 0 } })

  write('authz.config.json', '{ "public": [{ "files": "apps/**", "reason": "a demo" }] }')
  expect(lint()).toMatchObject({ web: { replayed: false, open: 0 }, other: { replayed: false, open: 0 } })
})

it('would hide the open function, were it not told what a lint reads', () => {
  write('turbo.json', JSON.stringify({ tasks: { lint: {} } }))
  expect(lint()).toMatchObject({ web: { replayed: false, open: 0 } })

  write('packages/guard/src/index.ts', unchecked)
  expect(lint()).toMatchObject({ web: { replayed: true, open: 0 } })
})
