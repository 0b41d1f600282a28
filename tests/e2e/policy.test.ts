/** What the policy file says is the same in every host: ESLint, oxlint and the command line. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as parser from '@typescript-eslint/parser'
import { ESLint, type Linter } from 'eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inventory } from '../../src/model/inventory.ts'

const require = createRequire(import.meta.url)
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const oxlintProgram = path.join(path.dirname(require.resolve('oxlint/package.json')), 'bin/oxlint')
const pluginUrl = pathToFileURL(require.resolve('eslint-plugin-authz')).href

const fn = (name: string, body: string): string => `
export const ${name} = createServerFn({ method: 'POST' }).handler(async ({ data }) => { ${body} })
`
const imports = `import { createServerFn } from '@tanstack/react-start'
import { eq } from 'drizzle-orm'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from '~/auth'
import { db, invoices } from '~/db'
`
const session = `const session = await auth.api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error()`
const asks = (permission: string): string =>
  `${session}; if (!session.user.permissions.includes('${permission}')) throw new Error()`
const clear = 'await db.delete(invoices)'

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module", "dependencies": { "@tanstack/react-start": "1", "drizzle-orm": "1" } }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
  'organisation.json': JSON.stringify({
    projectMay: ['external'],
    inlinePublic: 'forbid',
    permissions: ['billing:read'],
    require: [{ models: ['invoices'], writes: true, proves: ['permission:billing:write'] }],
  }),
  'authz.config.json': JSON.stringify({
    extends: './organisation.json',
    permissions: [{ name: 'permissions', from: '~/permissions' }],
    external: [{ files: 'src/hooks/**', proves: ['signature'], reason: 'checked at the gateway' }],
    require: [
      { files: 'src/admin/**', proves: ['role:admin'] },
      { names: ['close*'], proves: ['role:owner'] },
    ],
  }),
  'src/auth.ts': `import { betterAuth } from 'better-auth'
export const auth = betterAuth({ emailAndPassword: { enabled: true } })`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const invoices = pgTable('invoices', { id: text().primaryKey() })
export const db = drizzle(process.env.DATABASE_URL!)`,
  'src/permissions.ts': `export const permissions = { billing: ['write'], team: ['invite'] }`,
  'src/known.ts': imports + fn('known', `${asks('billing:write')}; ${clear}`),
  'src/unknown.ts': imports + fn('unknown', `${asks('billing:wite')}; ${clear}`),
  'src/bare.ts': imports + fn('bare', `${session}; ${clear}`),
  'src/admin/list.ts': imports + fn('list', `${session}; return db.select().from(invoices)`),
  'src/close.ts': imports + fn('closeYear', `${asks('billing:write')}; ${clear}`),
  'src/hooks/paid.ts': imports + fn('paid', clear),
  'src/marked.ts': `${imports}// authz: public -- the price list${fn('marked', clear)}`,
}

/** By file: what each rule says. */
const expected = {
  'src/admin/list.ts': ['require-proof'],
  'src/bare.ts': ['require-proof'],
  'src/close.ts': ['require-proof'],
  // what the gateway checks is no permission
  'src/hooks/paid.ts': ['require-proof'],
  'src/marked.ts': ['no-unguarded-server-fn', 'valid-public-marker'],
  'src/unknown.ts': ['no-unknown-permission', 'require-proof'],
}

let temporary: string

beforeAll(() => void (temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-policy-')))))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

/** The project with other files instead, or without (undefined). */
function project(name: string, instead: Readonly<Record<string, string | undefined>> = {}): string {
  const folder = path.join(temporary, name)
  for (const [file, text] of Object.entries({ ...files, ...instead })) {
    if (text === undefined) continue
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  return folder
}

interface Found {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** Only what the policy has a say in. */
const aboutPolicy = /^(require-proof|no-unknown-permission|no-unguarded-server-fn|valid-public-marker)$/

/** @param config where the policy is, if not where it is looked for */
type Host = (folder: string, config?: string) => Promise<readonly Found[]>

const settings = (config: string | undefined): object =>
  config === undefined ? {} : { settings: { authz: { config } } }

const eslint: Host = async (cwd, config) => {
  const plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
  const language = { files: ['**/*.ts'], languageOptions: { parser }, ...settings(config) }
  const overrideConfig = [language, plugin.configs!.strict as Linter.Config]
  const results = await new ESLint({ cwd, overrideConfigFile: true, overrideConfig }).lintFiles(['src'])
  return inOrder(
    results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, message }) => ({
        file: path.relative(cwd, filePath).replaceAll('\\', '/'),
        line,
        rule: String(ruleId).replace('authz/', ''),
        message,
      })),
    ),
  )
}

const oxlint: Host = async (cwd, config) => {
  const plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
  const { rules } = plugin.configs!.strict as Linter.Config
  const jsPlugins = [{ name: 'authz', specifier: fileURLToPath(pluginUrl) }]
  const written = { categories: { correctness: 'off' }, jsPlugins, rules, ...settings(config) }
  writeFileSync(path.join(cwd, '.oxlintrc.json'), JSON.stringify(written))
  const { stdout } = spawnSync(process.execPath, [oxlintProgram, '--format', 'json', 'src'], { cwd, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly {
      readonly filename: string
      readonly code: string
      readonly message: string
      readonly labels: readonly { readonly span: { readonly line: number } }[]
    }[]
  }
  return inOrder(
    diagnostics.map(({ filename, code, message, labels }) => ({
      file: path.relative(cwd, path.resolve(cwd, filename)).replaceAll('\\', '/'),
      line: labels[0]!.span.line,
      rule: /\((.*)\)/.exec(code)?.[1] ?? code,
      message,
    })),
  )
}

const hosts = { ESLint: eslint, oxlint }

const inOrder = (found: readonly Found[]): readonly Found[] =>
  found
    .filter(({ rule }) => aboutPolicy.test(rule))
    .toSorted((a, b) => (`${a.file} ${a.rule}` < `${b.file} ${b.rule}` ? -1 : 1))

function byFile(found: readonly Found[]): Record<string, string[]> {
  const said: Record<string, string[]> = {}
  for (const { file, rule } of found) said[file] = [...(said[file] ?? []), rule]
  return said
}

function audit(folder: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [program, 'audit', '--format', 'json', ...args, folder], { encoding: 'utf8' })
}

describe('a policy that extends an organisation’s', () => {
  let folder: string
  beforeAll(() => void (folder = project('extends')))

  it.each(Object.entries(hosts))('is followed by %s', async (_, host) => {
    expect(byFile(await host(folder))).toEqual(expected)
  })

  it('is followed in the same words', async () => {
    expect(await oxlint(folder)).toEqual(await eslint(folder))
  })

  it('is followed by the command line', () => {
    const { stdout, status } = audit(folder)
    expect(status).toBe(0)
    const { entryPoints } = JSON.parse(stdout) as Inventory
    const told = entryPoints.map(({ file, verdict, proofs, guards, lacks, unknownPermissions }) => ({
      file,
      verdict,
      proofs: proofs.filter((proof) => proof !== 'authenticated'),
      how: guards.map(({ how }) => how),
      lacks: lacks ?? [],
      unknown: unknownPermissions ?? [],
    }))
    expect(told.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      {
        file: 'src/admin/list.ts',
        verdict: 'guarded',
        proofs: [],
        how: ['inline'],
        lacks: ['role:admin'],
        unknown: [],
      },
      {
        file: 'src/bare.ts',
        verdict: 'guarded',
        proofs: [],
        how: ['inline'],
        lacks: ['permission:billing:write'],
        unknown: [],
      },
      {
        file: 'src/close.ts',
        verdict: 'guarded',
        proofs: ['permission:billing:write'],
        how: ['inline'],
        lacks: ['role:owner'],
        unknown: [],
      },
      {
        file: 'src/hooks/paid.ts',
        verdict: 'guarded',
        proofs: ['signature'],
        how: ['declared'],
        lacks: ['permission:billing:write'],
        unknown: [],
      },
      {
        file: 'src/known.ts',
        verdict: 'guarded',
        proofs: ['permission:billing:write'],
        how: ['inline'],
        lacks: [],
        unknown: [],
      },
      { file: 'src/marked.ts', verdict: 'unguarded', proofs: [], how: [], lacks: [], unknown: [] },
      {
        file: 'src/unknown.ts',
        verdict: 'guarded',
        proofs: ['permission:billing:wite'],
        how: ['inline'],
        lacks: ['permission:billing:write'],
        unknown: ['billing:wite'],
      },
    ])
  })
})

/** Nothing is where it is looked for; the organisation has a package, and lets comments decide. */
const elsewhere = {
  'authz.config.json': undefined,
  'organisation.json': undefined,
  'team.json': JSON.stringify({ extends: '@acme/policy', inlinePublic: 'allow' }),
  'node_modules/@acme/policy/package.json': '{ "name": "@acme/policy", "version": "1.0.0" }',
  'node_modules/@acme/policy/authz.config.json': JSON.stringify({
    projectMay: ['inlinePublic'],
    inlinePublic: 'forbid',
    permissions: ['billing:write'],
    external: [{ files: 'src/hooks/**', proves: ['signature'], reason: 'checked at the gateway' }],
    require: [
      { files: 'src/hooks/**', proves: ['signature'] },
      { files: 'src/admin/**', proves: ['role:admin'] },
    ],
  }),
}

describe('a policy at another place, which extends that of a package', () => {
  let folder: string
  beforeAll(() => void (folder = project('elsewhere', elsewhere)))

  it.each(Object.entries(hosts))('is followed by %s', async (_, host) => {
    expect(byFile(await host(folder, path.join(folder, 'team.json')))).toEqual({
      'src/admin/list.ts': ['require-proof'],
      'src/unknown.ts': ['no-unknown-permission'],
    })
  })

  it.each(Object.entries(hosts))('is unknown to %s without the setting', async (_, host) => {
    expect(byFile(await host(folder))).toEqual({ 'src/hooks/paid.ts': ['no-unguarded-server-fn'] })
  })

  it('is followed by the command line', () => {
    const { stdout, status } = audit(folder, '--config', path.join(folder, 'team.json'))
    expect(status).toBe(0)
    const { entryPoints } = JSON.parse(stdout) as Inventory
    const told = entryPoints.map(({ name, verdict, lacks, unknownPermissions }) => [
      name,
      verdict,
      ...(lacks ?? []),
      ...(unknownPermissions ?? []),
    ])
    expect(told.toSorted()).toEqual([
      ['bare', 'guarded'],
      ['closeYear', 'guarded'],
      ['known', 'guarded'],
      ['list', 'guarded', 'role:admin'],
      ['marked', 'public'],
      ['paid', 'guarded'],
      ['unknown', 'guarded', 'billing:wite'],
    ])
  })
})

describe('a policy that takes a liberty', () => {
  const sentence =
    'authz.config.json: inlinePublic is not for this file to say: what it extends does not list it in projectMay'
  const liberty = JSON.stringify({ extends: './organisation.json', inlinePublic: 'allow' })
  let folder: string
  beforeAll(() => void (folder = project('liberty', { 'authz.config.json': liberty })))

  it.each(Object.entries(hosts))('is one message in each file to %s', async (_, host) => {
    const found = await host(folder)
    const complaints = found.filter(({ message }) => message.includes(sentence)).map(({ file }) => file)
    expect(complaints).toEqual([...new Set(found.map(({ file }) => file))])
    expect(complaints).toEqual(expect.arrayContaining(Object.keys(expected)))
  })

  it('is one sentence and exit 2 to the command line', () => {
    const { status, stdout, stderr } = audit(folder)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)])
  })
})
