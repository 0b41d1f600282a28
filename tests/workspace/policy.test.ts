import { describe, expect, it } from 'vitest'
import { app, clears, first } from './files.ts'

const importGuard = "import { requireUser } from '@acme/auth'\n"
const guards = (denies: string, from = '@acme/auth') =>
  JSON.stringify({ guards: [{ name: 'requireUser', from, proves: ['authenticated', 'role:admin'], denies }] })
const handler = (body: string, before = importGuard) => `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
${before}
export const clear = createServerFn({ method: 'POST' }).handler(async () => {
  ${body}
})
`
const verdict = (code: string, policy: string, more: Record<string, string> = {}) =>
  first(app({ 'src/a.ts': code, 'authz.config.json': policy, ...more }).analyse('src/a.ts'))

describe('a guard that the policy declares', () => {
  it.each([
    ['throws', 'await requireUser()\n await db.delete(invoices)'],
    ['throws', 'const user = await requireUser()\n await db.delete(invoices)\n return user.id'],
    ['throws', 'return requireUser(async () => { await db.delete(invoices) })'],
    ['throws', 'return await requireUser(async (user) => { await db.delete(invoices); return user })'],
    ['returns', 'const user = await requireUser()\n if (!user) return null\n await db.delete(invoices)'],
    [
      'result',
      'const result = await requireUser()\n if (!result.success) return result.error\n await db.delete(invoices)',
    ],
    ['result', 'const { error } = await requireUser()\n if (error) throw error\n await db.delete(invoices)'],
    ['result', 'const { user } = await requireUser()\n if (!user) throw new Error()\n await db.delete(invoices)'],
  ])('that %s: %s', (denies, body) => {
    const entry = verdict(handler(body), guards(denies))
    expect(entry).toMatchObject({
      verdict: 'guarded',
      guards: [{ name: 'requireUser', how: 'declared', trust: 'declared' }],
    })
    expect(entry.proofs).toContain('authenticated')
  })

  it.each([
    ['throws', 'requireUser()\n await db.delete(invoices)', 'notAwaited'],
    ['throws', 'await db.delete(invoices)\n await requireUser()', 'tooLate'],
    ['throws', 'try { await requireUser() } catch {}\n await db.delete(invoices)', 'swallowed'],
    ['returns', 'await requireUser()\n await db.delete(invoices)', 'resultIgnored'],
    ['result', 'await requireUser()\n await db.delete(invoices)', 'resultIgnored'],
  ])('that %s and is not used: %s', (denies, body, cause) => {
    expect(verdict(handler(body), guards(denies))).toMatchObject({ verdict: 'unguarded', cause })
  })

  it('is a middleware', () => {
    expect(verdict(clears(importGuard, '.middleware([requireUser])'), guards('throws'))).toMatchObject({
      verdict: 'guarded',
      guards: [{ name: 'requireUser', how: 'declared' }],
    })
  })

  it('makes a middleware', () => {
    expect(verdict(clears(importGuard, ".middleware([requireUser('admin')])"), guards('throws'))).toMatchObject({
      verdict: 'guarded',
    })
  })

  it('wraps a handler', () => {
    const code = `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
${importGuard}
export const clear = createServerFn().handler(requireUser(async () => { await db.delete(invoices) }))
`
    expect(verdict(code, guards('throws'))).toMatchObject({ verdict: 'guarded' })
  })

  it('is found by its file, through a barrel and under an alias', () => {
    const more = {
      'src/server/guard.ts': 'export function requireUser() { return globalThis.secret() }\n',
      'src/server/index.ts': "export * from './guard'\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    }
    for (const from of ['./src/server/guard', '~/server']) {
      for (const specifier of ['~/server', './server/guard']) {
        const code = handler(
          'requireUser()\n await db.delete(invoices)',
          `import { requireUser } from '${specifier}'\n`,
        )
        expect(verdict(code, guards('throws', from), more)).toMatchObject({ verdict: 'guarded' })
      }
    }
  })

  it('is another one in another file', () => {
    const code = handler('await requireUser()\n await db.delete(invoices)', "import { requireUser } from './other'\n")
    expect(
      verdict(code, guards('throws'), { 'src/other.ts': 'export async function requireUser() {}\n' }).verdict,
    ).toBe('unguarded')
  })
})

describe('what the policy says of files', () => {
  it('public', () => {
    const policy = JSON.stringify({ public: [{ files: 'src/a.ts', reason: 'uptime probe' }] })
    expect(verdict(clears(), policy)).toMatchObject({ verdict: 'public', reason: 'uptime probe' })
  })

  it('public by the name of a wrapper', () => {
    const policy = JSON.stringify({ public: [{ name: 'publicFn', from: './src/rpc', reason: 'the marketing site' }] })
    const rpc =
      "import { createServerFn } from '@tanstack/react-start'\nexport const publicFn = createServerFn({ method: 'POST' })\nexport const otherFn = createServerFn()\n"
    const code = (name: string) =>
      `import { ${name} } from './rpc'\nimport { db, invoices } from './db'\nexport const clear = ${name}.handler(async () => { await db.delete(invoices) })\n`
    expect(verdict(code('publicFn'), policy, { 'src/rpc.ts': rpc })).toMatchObject({
      verdict: 'public',
      reason: 'the marketing site',
    })
    expect(verdict(code('otherFn'), policy, { 'src/rpc.ts': rpc })).toMatchObject({ verdict: 'unguarded' })
  })

  it('external', () => {
    const policy = JSON.stringify({
      external: [{ files: 'src/**', proves: ['signature'], reason: 'checked at the gateway' }],
    })
    const entry = verdict(clears(), policy)
    expect(entry).toMatchObject({
      verdict: 'guarded',
      proofs: ['signature'],
      guards: [{ name: 'checked at the gateway', how: 'declared', trust: 'declared' }],
    })
    expect(entry.cause).toBeUndefined()
    expect(entry.exposure).toBeUndefined()
  })

  it('nothing about others', () => {
    const policy = JSON.stringify({
      public: [{ files: 'src/b.ts', reason: 'x' }],
      external: [{ files: 'lib/**', proves: ['secret'], reason: 'y' }],
    })
    expect(verdict(clears(), policy).verdict).toBe('unguarded')
  })
})

describe('the policy file', () => {
  it('is wrong: each report says so, and the inventory cannot be made', () => {
    const a = app({ 'src/a.ts': clears(), 'authz.config.json': '{ "guards": 1 }' })
    expect(a.analyse('src/a.ts')).toMatchObject({
      policyProblem: expect.stringContaining('guards') as string,
      entryPoints: [{ verdict: 'unguarded' }],
    })
    expect(() => a.workspace.inventory(a.root)).toThrow(/authz\.config\.json.*guards/)
  })

  it('is where the settings say', () => {
    const policy = JSON.stringify({
      public: [
        { files: '../src/a.ts', reason: 'x' },
        { files: 'src/a.ts', reason: 'y' },
      ],
    })
    const a = app(
      {
        'src/a.ts': clears(),
        'policies/strict.json': JSON.stringify({ inlinePublic: 'forbid' }),
        'authz.config.json': policy,
      },
      { config: 'policies/strict.json' },
    )
    expect(a.analyse('src/a.ts')).toMatchObject({
      inlinePublicForbidden: true,
      entryPoints: [{ verdict: 'unguarded' }],
    })
  })

  it('changes: the next lint knows', () => {
    const a = app({ 'src/a.ts': clears() })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
    a.write('authz.config.json', JSON.stringify({ public: [{ files: 'src/a.ts', reason: 'x' }] }))
    expect(first(a.analyse('src/a.ts')).verdict).toBe('public')
    a.remove('authz.config.json')
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
  })

  it('declares a guard later: the next lint knows', () => {
    const a = app({ 'src/a.ts': handler('await requireUser()\n await db.delete(invoices)') })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unverifiable')
    a.write('authz.config.json', guards('throws'))
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
  })

  it('follows packages', () => {
    const files = {
      'src/a.ts': handler('await requireUser()\n await db.delete(invoices)'),
      'node_modules/@acme/auth/package.json': '{ "name": "@acme/auth", "main": "index.js", "type": "module" }',
      'node_modules/@acme/auth/index.js': 'export async function requireUser() {}\n',
    }
    expect(first(app(files).analyse('src/a.ts')).verdict).toBe('unverifiable')
    expect(first(app({ ...files, 'authz.config.json': '{ "follow": ["@acme/*"] }' }).analyse('src/a.ts')).verdict).toBe(
      'unguarded',
    )
  })

  it('says where routes are', () => {
    const route = `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../db'
export const Route = createFileRoute('/a/x')({ server: { handlers: { DELETE: async () => { await db.delete(invoices) } } } })
`
    const root = `import { createRootRoute } from '@tanstack/react-router'
import { authMiddleware } from '../middleware'
export const Route = createRootRoute({ server: { middleware: [authMiddleware] } })
`
    const files = { 'src/pages/__root.tsx': root, 'src/pages/x.ts': route }
    expect(first(app(files).analyse('src/pages/x.ts')).verdict).toBe('unguarded')
    expect(
      first(app({ ...files, 'authz.config.json': '{ "routesDirectory": "src/pages" }' }).analyse('src/pages/x.ts'))
        .verdict,
    ).toBe('guarded')
  })
})
