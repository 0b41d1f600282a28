import { describe, expect, it } from 'vitest'
import type { Wanted } from '../../src/workspace/workspace.ts'
import { app } from './files.ts'

const nextJs = { 'package.json': '{ "name": "app", "type": "module", "dependencies": { "next": "16.0.0" } }' }
const session = `import { auth } from '~/auth'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
const session = async () => auth.api.getSession({ headers: await headers() })
`
const guards = `${session}
export async function requireUser() { const found = await session(); if (!found) redirect('/login'); return found.user }
export const requireStaff = async () => { const user = await requireUser(); if (user.role !== 'admin') throw new Error('Forbidden'); return user }
export async function currentUser() { return (await session())?.user ?? null }
export async function requireClub(id: string) { await requireUser(); return id }
export async function requireLogged() { await db.insert(invoices).values({ id: '1', ownerId: '2' }); return requireUser() }
export async function closed() { throw new Error('closed') }
import { db, invoices } from '~/db'
`
const open = `'use server'
import { db, invoices } from '~/db'
export async function clear() {
  await db.delete(invoices)
}
`
const found = (files: Record<string, string>) => {
  const a = app({ ...nextJs, ...files })
  return a.workspace
    .guardsFor(a.path('src/app/actions.ts'), 'call')
    .map(({ file, ...guard }) => ({ ...guard, file: file.replace(a.root, '').replaceAll('\\', '/') }))
}

describe('functions that refuse callers', () => {
  it('are found in the project: those that need no argument, refuse by themselves and do nothing else', () => {
    expect(found({ 'src/app/actions.ts': open, 'src/server/guards.ts': guards })).toEqual([
      { name: 'requireUser', file: '/src/server/guards.ts', specifier: '~/server/guards', type: 'call' },
      { name: 'requireStaff', file: '/src/server/guards.ts', specifier: '~/server/guards', type: 'call' },
    ])
  })
  it('are taken from what the file imports first', () => {
    expect(
      found({
        'src/app/actions.ts': `${open}import { requireStaff as staff } from '~/server/guards'\nexport async function add() { await staff() }\n`,
        'src/server/guards.ts': guards,
      }),
    ).toEqual([
      {
        name: 'requireStaff',
        file: '/src/server/guards.ts',
        local: 'staff',
        specifier: '~/server/guards',
        type: 'call',
      },
    ])
  })
  it('are what the policy names', () => {
    const policy = JSON.stringify({ insert: { call: { name: 'currentUser', from: './src/server/guards' } } })
    expect(
      found({ 'src/app/actions.ts': open, 'src/server/guards.ts': guards, 'authz.config.json': policy }).map(
        ({ name }) => name,
      ),
    ).toEqual(['currentUser', 'requireUser', 'requireStaff'])
  })
  it('ask for what is wanted', () => {
    const a = app({ ...nextJs, 'src/app/actions.ts': open, 'src/server/guards.ts': guards })
    const wanting = (wanted: Wanted) =>
      a.workspace.guardsFor(a.path('src/app/actions.ts'), 'call', undefined, wanted).map(({ name }) => name)
    expect(wanting({ proofs: ['role:admin'] })).toEqual(['requireStaff'])
    expect(wanting({ rightOver: ['users'] })).toEqual(['requireStaff'])
    expect(wanting({ writes: ['user'] })).toEqual([])
  })
  it('do no work of their own: who asks for rows is no guard, who looks up who is calling is one', () => {
    const queries = `import { db, users, invoices } from '~/db'
import { eq } from 'drizzle-orm'
import { requireUser } from './guards'
export async function everything() { await requireUser(); return db.select().from(invoices) }
export async function everybody() { await requireUser(); return db.select().from(users) }
export async function requireMe() { const { id } = await requireUser(); return db.query.users.findFirst({ where: eq(users.id, id) }) }
export async function requireTold() { await requireUser(); const [first] = await db.select().from(invoices); if (!first) throw new Error('none') }
`
    const names = found({
      'src/app/actions.ts': `${open}import { everything, everybody, requireMe, requireTold } from '~/server/queries'\n`,
      'src/server/guards.ts': guards,
      'src/server/queries.ts': queries,
    }).map(({ name }) => name)
    expect(names).toEqual(['requireMe', 'requireTold'])
  })
  describe('of a page under a layout', () => {
    const page =
      "import { db, invoices } from '~/db'\nexport default async function Page() {\n  const rows = await db.select().from(invoices)\n  return rows.map((row) => row.ownerId).join()\n}\n"
    const roles = `${guards}export async function requireRole(roles: readonly string[]) { const user = await requireUser(); if (!roles.includes(user.role)) throw new Error('Forbidden') }\n`
    const offered = (layout: string, more = page) => {
      const a = app({
        ...nextJs,
        'src/server/guards.ts': roles,
        'src/app/admin/layout.tsx': `import { requireUser, requireStaff, requireRole } from '~/server/guards'\nexport default async function Layout({ children }) { ${layout}; return children }\n`,
        'src/app/admin/x/page.tsx': more,
      })
      const [entry] = a.analyse('src/app/admin/x/page.tsx').entryPoints
      const as = entry?.above?.file
      const proofs = (entry?.above?.proofs ?? []).filter((proof) => proof !== 'authenticated')
      const wanted = { proofs, ...(as === undefined ? {} : { as }) }
      return a.workspace
        .guardsFor(a.path('src/app/admin/x/page.tsx'), 'call', undefined, wanted)
        .map(({ name, args, local }) => ({ name, ...(args ? { args } : {}), ...(local ? { local } : {}) }))
    }
    it('the guard of the layout comes first', () => {
      expect(offered('await requireStaff()')).toEqual([{ name: 'requireStaff' }])
      expect(offered('await requireUser()')).toEqual([{ name: 'requireUser' }])
    })
    it('with what the layout gives it', () => {
      expect(offered("await requireRole(['admin'])")).toEqual([{ name: 'requireRole', args: [['admin']] }])
    })
    it('by the name that the page has for it', () => {
      const named = "import { requireStaff as staff } from '~/server/guards'\nvoid staff\n" + page
      expect(offered('await requireStaff()', named)).toEqual([{ name: 'requireStaff', local: 'staff' }])
    })
    it('never one that lets in whom the layout keeps out', () => {
      const inline = "const user = await requireUser(); if (user.role !== 'owner') throw new Error('Forbidden')"
      expect(offered(inline)).toEqual([])
      expect(offered(inline.replace('owner', 'admin'))).toEqual([{ name: 'requireStaff' }])
    })
  })
  it('close what they are called in', () => {
    const called = open.replace('  await db', '  await requireUser()\n  await db')
    const verdict = (code: string): string | undefined =>
      app({ ...nextJs, 'src/app/actions.ts': code, 'src/server/guards.ts': guards }).analyse('src/app/actions.ts')
        .entryPoints[0]?.verdict
    expect(verdict(open)).toBe('unguarded')
    expect(verdict(called.replace('\nimport', "\nimport { requireUser } from '~/server/guards'\nimport"))).toBe(
      'guarded',
    )
  })
})

describe('functions that refuse callers who do not belong to the tenant that they name', () => {
  const schema = `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: text().primaryKey(), role: text() })
export const clubs = pgTable('organizations', { id: text().primaryKey(), name: text() })
export const members = pgTable('members', { id: text().primaryKey(), userId: text().references(() => users.id), club: text().references(() => clubs.id), role: text() })
export const invoices = pgTable('invoices', { id: text().primaryKey(), ownerId: text().references(() => users.id), club: text().references(() => clubs.id) })
export const db = drizzle(process.env.DATABASE_URL!)
`
  const imports = `${session}
import { and, eq } from 'drizzle-orm'
import { clubs, db, invoices, members } from '~/db'
const user = async () => { const found = await session(); if (!found) redirect('/login'); return found.user }
`
  const mine = (id = 'id') =>
    `const me = await user(); const [own] = await db.select().from(members).where(and(eq(members.userId, me.id), eq(members.club, ${id})))`
  const helpers = (body: string, parameters = 'id: string'): string[] => {
    const a = app({
      ...nextJs,
      'src/db.ts': schema,
      'src/app/actions.ts': open,
      'src/server/guards.ts': `${imports}export async function helper(${parameters}) { ${body} }`,
    })
    return a.workspace.guardsFor(a.path('src/app/actions.ts'), 'membership').map(({ name, type }) => `${type} ${name}`)
  }

  it.each([
    ['look the membership up', `${mine()}; if (!own) throw new Error()`],
    ['and hand it on', `${mine()}; if (!own) throw new Error(); return own`],
    ['and ask for more', `${mine()}; if (own?.role !== 'owner') throw new Error()`],
    ['redirect', `${mine()}; if (!own) redirect('/')`],
    [
      'are called so and compare it with the session',
      `const found = await session(); if (found?.session.activeOrganizationId !== teamId) throw new Error()`,
      'teamId: string',
    ],
  ])('%s', (_, body, parameters?: string) => {
    expect(helpers(body, parameters)).toEqual(['call helper'])
  })

  it.each([
    ['only answer whether they do', `${mine()}; return !!own`],
    ['refuse nobody', `${mine()}; if (!own) console.warn(id)`],
    [
      'let strangers pass',
      `const found = await session(); if (!found) return; ${mine().replace('await user()', 'found.user')}; if (!own) throw new Error()`,
    ],
    [
      'look up whether it exists',
      'await user(); const [one] = await db.select().from(clubs).where(eq(clubs.id, id)); if (!one) throw new Error()',
    ],
    [
      'look up another thing of theirs',
      'const me = await user(); const [one] = await db.select().from(invoices).where(and(eq(invoices.id, id), eq(invoices.ownerId, me.id))); if (!one) throw new Error()',
    ],
    ['ask for something else', `const me = await user(); if (me.role !== 'admin') throw new Error()`],
    [
      'write something besides',
      `${mine()}; if (!own) throw new Error(); await db.delete(invoices).where(eq(invoices.club, id))`,
    ],
    ['want more than that', `${mine()}; if (!own || own.role !== role) throw new Error()`, 'id: string, role: string'],
    ['take it out of something', `${mine()}; if (!own) throw new Error()`, '{ id }: { id: string }'],
    ['look it up later', `void (async () => { ${mine()}; if (!own) throw new Error() })(); await user()`],
  ])('are not those that %s', (_, body, parameters?: string) => {
    expect(helpers(body, parameters)).toEqual([])
  })
})
