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
const oxlint = path.join(path.dirname(require.resolve('oxlint/package.json')), 'bin/oxlint')
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

let folder: string

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-policy-')))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Found = readonly (readonly [file: string, rule: string])[]

/** Only what the policy has a say in. */
const aboutPolicy = /^(require-proof|no-unknown-permission|no-unguarded-server-fn|valid-public-marker)$/

function byFile(found: Found): Record<string, string[]> {
  const said: Record<string, string[]> = {}
  for (const [file, rule] of found)
    if (aboutPolicy.test(rule))
      said[file.replaceAll('\\', '/')] = [...(said[file.replaceAll('\\', '/')] ?? []), rule].toSorted()
  return Object.fromEntries(Object.entries(said).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

describe('a policy that extends an organisation’s', () => {
  it('is followed by ESLint', async () => {
    const plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
    const eslint = new ESLint({
      cwd: folder,
      overrideConfigFile: true,
      overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs!.strict as Linter.Config],
    })
    const results = await eslint.lintFiles(['.'])
    const found = results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId }) => [path.relative(folder, filePath), String(ruleId).replace('authz/', '')] as const),
    )
    expect(byFile(found)).toEqual(expected)
  })

  it('is followed by oxlint', async () => {
    const plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
    const { rules } = plugin.configs!.strict as Linter.Config
    const jsPlugins = [{ name: 'authz', specifier: fileURLToPath(pluginUrl) }]
    const config = JSON.stringify({ categories: { correctness: 'off' }, jsPlugins, rules })
    writeFileSync(path.join(folder, '.oxlintrc.json'), config)
    const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: folder, encoding: 'utf8' })
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { readonly filename: string; readonly code: string }[]
    }
    const found = diagnostics.map(
      ({ filename, code }) =>
        [path.relative(folder, path.resolve(folder, filename)), /\((.*)\)/.exec(code)?.[1] ?? code] as const,
    )
    expect(byFile(found)).toEqual(expected)
  })

  it('is followed by the command line', () => {
    const { stdout, status } = spawnSync(process.execPath, [program, 'audit', '--format', 'json', folder], {
      encoding: 'utf8',
    })
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
