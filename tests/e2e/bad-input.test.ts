/** What no project means to have and every project has one day: a clear message or silence, never an exception, nothing written. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as parser from '@typescript-eslint/parser'
import { ESLint } from 'eslint'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import plugin from '../../src/index.ts'

const program = path.join(import.meta.dirname, '../../dist/cli.js')

const guard = `import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { betterAuth } from 'better-auth'

const auth = betterAuth({ emailAndPassword: { enabled: true } })
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) {
    console.warn('refused')
    throw new Error('Unauthorized')
  }
  return next({ context: { user: session.user } })
})
`
const db = `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'

export const invoices = pgTable('invoices', { id: text().primaryKey(), ownerId: text().notNull() })
export const db = drizzle(process.env.DATABASE_URL!)
`
const serverFn = (guardFrom: string): string => `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
import { authMiddleware } from '${guardFrom}'

export const clear = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .handler(async () => {
    await db.delete(invoices)
  })
`
const open = `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'

export const clear = createServerFn({ method: 'POST' }).handler(async () => {
  await db.delete(invoices)
})
`

let temporary: string
let cwd: string
let written: string[]

beforeAll(() => {
  temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-bad-input-')))
  // Without it, a defect of the plugin would be silence, which is what these tests accept elsewhere.
  process.env.AUTHZ_DEBUG = '1'
})
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true })
  delete process.env.AUTHZ_DEBUG
})
beforeEach(() => {
  cwd = mkdtempSync(path.join(temporary, 'project-'))
  written = []
  write({ 'package.json': '{ "type": "module" }', 'src/db.ts': db, 'src/auth.ts': guard })
})
afterEach(() => {
  const there = readdirSync(cwd, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(cwd, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  expect(there.filter((file) => !written.includes(file))).toEqual([])
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true })
    writeFileSync(path.join(cwd, file), text)
    written.push(file)
  }
}

function linter(): ESLint {
  const language = { files: ['**/*.{ts,tsx}'], languageOptions: { parser } }
  return new ESLint({ cwd, overrideConfigFile: true, overrideConfig: [language, plugin.configs.strict] })
}

async function lint(eslint = linter()): Promise<string[]> {
  return told(await eslint.lintFiles(['src']))
}

function told(results: readonly ESLint.LintResult[]): string[] {
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ ruleId, message }) =>
        `${path.relative(cwd, filePath).replaceAll('\\', '/')} ${ruleId?.replace('authz/', '') ?? 'none'}: ${message}`,
    ),
  )
}

function audit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'audit', '--format', 'json', ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  const inventory =
    stdout === ''
      ? undefined
      : (JSON.parse(stdout) as { entryPoints: { verdict: string }[]; problems: { file: string; message: string }[] })
  return {
    status,
    stderr,
    verdicts: inventory?.entryPoints.map(({ verdict }) => verdict),
    problems: inventory?.problems,
  }
}

describe('code', () => {
  it('a syntax error in the linted file is the host’s to tell, and a problem of the inventory', async () => {
    write({ 'src/clear.ts': `${open}\nexport const x = = 1\n` })

    expect(await lint()).toEqual([expect.stringMatching(/^src\/clear\.ts none: Parsing error: /)])
    expect(audit()).toMatchObject({ status: 0, stderr: '', problems: [{ file: 'src/clear.ts' }] })
  })

  it('a syntax error in the file of the guard leaves what stands behind it unverifiable', async () => {
    write({ 'src/clear.ts': serverFn('./auth'), 'src/auth.ts': `${guard}\nexport const x = = 1\n` })

    const [host, ours, ...more] = (await lint()).toSorted()
    expect(host).toMatch(/^src\/auth\.ts none: Parsing error/)
    expect(ours).toMatch(/^src\/clear\.ts no-unverifiable-entry-point: /)
    expect(more).toEqual([])
    expect(audit()).toMatchObject({ status: 0, stderr: '', verdicts: ['unverifiable'] })
  })

  it('so does an import that leads nowhere', async () => {
    write({ 'src/clear.ts': serverFn('./nowhere') })

    expect(await lint()).toEqual([expect.stringMatching(/^src\/clear\.ts no-unverifiable-entry-point: .*nowhere/)])
    expect(audit()).toMatchObject({ status: 0, stderr: '', verdicts: ['unverifiable'] })
  })

  it('a cycle of imports is followed to where the guard is', async () => {
    write({
      'src/clear.ts': serverFn('./a'),
      'src/a.ts': "export * from './b'\nexport const a = 1\n",
      'src/b.ts': "export * from './a'\nexport * from './clear'\nexport { authMiddleware } from './auth'\n",
    })

    expect(await lint()).toEqual([])
    expect(audit()).toMatchObject({ status: 0, stderr: '', verdicts: ['guarded'] })
  })

  it('a cycle without an end is unverifiable', async () => {
    write({
      'src/clear.ts': serverFn('./a'),
      'src/a.ts': "export { authMiddleware } from './b'\n",
      'src/b.ts': "export { authMiddleware } from './a'\n",
    })

    expect(await lint()).toEqual([expect.stringMatching(/^src\/clear\.ts no-unverifiable-entry-point: /)])
    expect(audit()).toMatchObject({ status: 0, stderr: '', verdicts: ['unverifiable'] })
  })

  it('a function that calls itself ends', async () => {
    write({
      'src/clear.ts':
        open.replace('{\n  await', '{\n  await again()\n  await') +
        'async function again(): Promise<void> {\n  if (Math.random() > 0.5) await again()\n}\n',
    })

    expect(await lint()).toEqual([expect.stringMatching(/^src\/clear\.ts no-unguarded-server-fn: /)])
  })

  it('a generated file of 2 MB is linted, and a problem of the inventory', async () => {
    const row = (i: number): string => `  row${i}: { id: ${i}, text: '${'x'.repeat(1000)}' },\n`
    const generated = `export const rows = {\n${Array.from({ length: 2_000 }, (_, i) => row(i)).join('')}}\n`
    expect(generated.length).toBeGreaterThan(2_000_000)
    write({
      'src/generated.ts': generated,
      'src/barrel.ts': "export * from './generated'\nexport * from './db'\n",
      'src/clear.ts': serverFn('./auth').replace('./db', './barrel'),
      'src/open.ts': `${open}\n${generated}`,
    })

    expect(await lint()).toEqual([expect.stringMatching(/^src\/open\.ts no-unguarded-server-fn: /)])
    const { status, stderr, verdicts, problems } = audit()
    expect({ status, stderr, verdicts }).toEqual({ status: 0, stderr: '', verdicts: ['guarded'] })
    expect(problems!.map(({ file, message }) => `${file} ${message}`).toSorted()).toEqual([
      'src/generated.ts larger than 1 MB',
      'src/open.ts larger than 1 MB',
    ])
  })
})

describe('configuration', () => {
  it('a tsconfig that extends a missing file loses only what that file would have said', async () => {
    write({
      'tsconfig.json':
        '{ "extends": "./not-generated-yet.json", "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
      'src/clear.ts': serverFn('~/auth'),
    })

    expect(await lint()).toEqual([])
    expect(audit()).toMatchObject({ status: 0, stderr: '', verdicts: ['guarded'] })
  })

  it.each([
    ['an empty file', '', /authz\.config\.json/],
    ['half of a policy', '{ "guards": [', /authz\.config\.json/],
    ['a policy that is a list', '[]', /authz\.config\.json/],
    ['a key of a wrong type', '{ "public": "src/**" }', /authz\.config\.json.*public/],
    ['a key that is not known', '{ "publik": [] }', /authz\.config\.json.*publik/],
    ['a policy that extends nothing', '{ "extends": "./base.json" }', /authz\.config\.json.*base\.json/],
    ['a policy that extends itself', '{ "extends": "./authz.config.json" }', /authz\.config\.json/],
    ['bytes that are no text', '\u0000\uFFFD\u0001', /authz\.config\.json/],
  ])('%s is one clear message a file, and exit 2', async (_, policy, message) => {
    write({ 'src/clear.ts': open, 'authz.config.json': policy })

    const found = told(await linter().lintFiles(['src/clear.ts']))
    const problems = found.filter((text) => !text.includes('for anyone'))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
    const { status, stderr } = audit()
    expect(status).toBe(2)
    expect(stderr).toMatch(/^eslint-plugin-authz: .*\n$/)
    expect(stderr).toMatch(message)
  })

  it('a policy that is a folder is none, or is said to be wrong', async () => {
    write({ 'src/clear.ts': open, 'authz.config.json/readme.txt': 'not a policy' })

    expect((await lint()).length).toBeGreaterThan(0)
    expect([0, 2]).toContain(audit().status)
  })

  it('a policy that is named and missing is said to be missing', () => {
    write({ 'src/clear.ts': open })

    expect(audit('--config', 'nowhere.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.json') as unknown,
    })
  })
})

describe('a long-lived editor', () => {
  it('notices that the file of the guard is gone, and that it is back', async () => {
    write({ 'src/clear.ts': serverFn('./auth') })
    const eslint = linter()
    expect(await lint(eslint)).toEqual([])

    rmSync(path.join(cwd, 'src/auth.ts'))
    expect(await lint(eslint)).toEqual([expect.stringMatching(/no-unverifiable-entry-point/)])

    write({ 'src/auth.ts': guard })
    expect(await lint(eslint)).toEqual([])
  })

  it('lints a buffer whose file, and whose folder, is gone', async () => {
    write({ 'src/clear.ts': open, 'src/deep/clear.ts': open.replace('./db', '../db') })
    const eslint = linter()
    expect(await lint(eslint)).toHaveLength(2)

    rmSync(path.join(cwd, 'src/deep'), { recursive: true })
    rmSync(path.join(cwd, 'src/clear.ts'))
    for (const [file, text] of [
      ['src/clear.ts', open],
      ['src/deep/clear.ts', open.replace('./db', '../db')],
    ] as const) {
      const results = await eslint.lintText(text, { filePath: path.join(cwd, file) })
      expect(told(results)).toEqual([expect.stringMatching(/no-unguarded-server-fn/)])
    }
  })

  it('follows a policy that comes, breaks and goes', async () => {
    write({ 'src/clear.ts': open })
    const eslint = linter()
    expect(await lint(eslint)).toEqual([expect.stringMatching(/no-unguarded-server-fn/)])

    write({ 'authz.config.json': '{ "public": [{ "files": "src/clear.ts", "reason": "a demo" }] }' })
    expect(await lint(eslint)).toEqual([])

    write({ 'authz.config.json': '{ "public": ' })
    expect((await lint(eslint)).join('\n')).toMatch(/authz\.config\.json/)

    rmSync(path.join(cwd, 'authz.config.json'))
    expect(await lint(eslint)).toEqual([expect.stringMatching(/no-unguarded-server-fn/)])
    expect(existsSync(path.join(cwd, 'authz.config.json'))).toBe(false)
  })
})
