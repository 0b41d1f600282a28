import { describe, expect, it } from 'vitest'
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
