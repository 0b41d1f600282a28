/** What the policy file says of tenants, and of permissions. */
import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const file = (body: string, before = ''): string => `import { createServerFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { auth } from './auth'
import { resolve } from 'unlisted-tenants'
export const users = pgTable('users', { id: text().primaryKey() })
export const orders = pgTable('orders', { id: text().primaryKey(), region: text() })
const db = drizzle('')
${before}
export const act = createServerFn({ method: 'POST' }).handler(async ({ data }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error()
  ${body}
})
`
const auth = `import { betterAuth } from 'better-auth'\nexport const auth = betterAuth({ emailAndPassword: { enabled: true } })`

function scope(body: string, policy: unknown) {
  const made = app({ 'src/a.ts': file(body), 'src/auth.ts': auth, 'authz.config.json': JSON.stringify(policy) })
  const [entry] = made.analyse('src/a.ts').entryPoints
  return made.workspace.scopeOf(made.path('src/a.ts'), entry!)
}

describe('tenant', () => {
  const byId = 'await db.delete(orders).where(eq(orders.id, data.id))'
  it('names columns that the schema gives no reason for', () => {
    expect(scope(byId, {})).toMatchObject({ tenant: null })
    expect(scope(byId, { tenant: { keys: ['region'] } })).toMatchObject({ tenant: 'unscoped' })
    expect(scope(byId, { tenant: { models: { orders: 'region' } } })).toMatchObject({ tenant: 'unscoped' })
    expect(scope(byId, { tenant: { keys: ['region'], models: { orders: false } } })).toMatchObject({ tenant: null })
  })

  it('vouches for values', () => {
    const body = 'const tenant = resolve(data); await db.delete(orders).where(eq(orders.region, tenant.region))'
    const keys = ['region']
    expect(scope(body, { tenant: { keys } })?.tenant).not.toBe('scoped')
    expect(scope(body, { tenant: { keys, proved: ['tenant.region'] } })).toMatchObject({ tenant: 'scoped', loose: [] })
    expect(scope(body, { tenant: { keys, proved: ['tenant.id'] } })?.tenant).not.toBe('scoped')
  })
})

describe('permissions', () => {
  const strangers = (permissions: unknown, more: Readonly<Record<string, string>> = {}) => {
    const asks = `if (!session.user.permissions.includes('billing:wite')) throw new Error(); await db.delete(orders)`
    const made = app({
      'src/a.ts': file(asks),
      'src/auth.ts': auth,
      'authz.config.json': JSON.stringify({ permissions }),
      ...more,
    })
    return made.analyse('src/a.ts').entryPoints[0]!.strangers
  }
  const from = [{ name: 'all', from: './src/permissions' }]
  const misspelt = [{ name: 'billing:wite', nearest: 'billing:write', instead: ['billing:write'] }]

  it('may be meant that are about the rows which are touched, then those that are written alike, and not all of many', () => {
    const many = ['team:a', 'team:b', 'team:c', 'billing:revoke', 'orders:delete', 'team:d']
    const [found] = strangers(many) ?? []
    expect(found?.nearest).toBeUndefined()
    expect(found?.instead.slice(0, 2)).toEqual(['orders:delete', 'billing:revoke'])
    expect(found?.instead).toHaveLength(5)
  })

  it('are names', () => {
    expect(strangers(['team:invite', 'billing:write'])).toEqual(misspelt)
    expect(strangers(['team:invite'])).toEqual([{ name: 'billing:wite', instead: ['team:invite'] }])
    expect(strangers(['billing:wite'])).toBeUndefined()
    expect(strangers(undefined)).toBeUndefined()
  })

  it.each([
    ['a list', `export const all = ['billing:write']`],
    ['an object of names', `export const all = { WRITE: 'billing:write' } as const`],
    ['by resource', `export const all = { billing: ['read', 'write'] }`],
    ['through a barrel', `export { these as all } from './these'`],
  ])('are what an export holds: %s', (_, code) => {
    const found = strangers(from, {
      'src/permissions.ts': code,
      'src/these.ts': `export const these = ['billing:write']`,
    })
    expect(found).toEqual(misspelt)
  })

  it.each([
    ['is computed', `export const all = load()`],
    ['is only known in part', `export const all = ['team:invite', ...load()]`],
    ['does not exist', ''],
  ])('say nothing where what is exported %s', (_, code) => {
    expect(strangers(from, { 'src/permissions.ts': code })).toBeUndefined()
  })
})

describe('columns that somebody may fill in', () => {
  it('are those that lead to no other row, and say neither whose it is nor to whom it belongs', () => {
    const profiles = `export const profiles = pgTable('profiles', { who: text().references(() => users.id), title: text(), favourite: text().references(() => orders.id), region: text(), owner: text() })`
    const body =
      'await db.update(profiles).set(data).where(and(eq(profiles.who, session.user.id), eq(profiles.region, session.user.region)))'
    const columns = (policy: object) => {
      const made = app({
        'src/a.ts': file(body, profiles),
        'src/auth.ts': auth,
        'authz.config.json': JSON.stringify(policy),
      })
      const [entry] = made.analyse('src/a.ts').entryPoints
      return made.workspace.scopeOf(made.path('src/a.ts'), entry!)?.claims.map((claim) => claim.columns)
    }
    expect(columns({})).toEqual([['title', 'region']])
    expect(columns({ tenant: { keys: ['region'] } })).toEqual([['title']])
  })
})

describe('a row between two users', () => {
  const follows = `export const follows = pgTable('follows', { id: text().primaryKey(), followerId: text().references(() => users.id), followedId: text().references(() => users.id) })`
  const claims = (values: string) => {
    const made = app({ 'src/a.ts': file(`await db.insert(follows).values(${values})`, follows), 'src/auth.ts': auth })
    const [entry] = made.analyse('src/a.ts').entryPoints
    return made.workspace.scopeOf(made.path('src/a.ts'), entry!)?.claims.map(({ kind, column }) => `${kind} ${column}`)
  }

  it('names the caller in one column, and whomever in the other', () => {
    expect(claims('{ followerId: session.user.id, followedId: data.userId }')).toEqual([])
  })

  it('does not name the caller', () => {
    expect(claims('{ followerId: data.me, followedId: data.userId }')).toEqual(['actor followerId'])
  })
})

describe('tables without a schema', () => {
  const client = `import { createClient } from '@supabase/supabase-js'
const service = createClient(process.env.SUPABASE_URL!, process.env.SERVICE_ROLE_KEY!)`
  const of = (body: string, policy: unknown) => {
    const made = app({
      'src/a.ts': file(body, client),
      'src/auth.ts': auth,
      'authz.config.json': JSON.stringify(policy),
    })
    return made.workspace.scopeOf(made.path('src/a.ts'), made.analyse('src/a.ts').entryPoints[0]!)
  }
  const chosen = `await service.from('tickets').delete().eq('id', data.id).eq('org_id', data.org)`
  const byId = `await service.from('tickets').delete().eq('id', data.id)`

  it('have the tenant that the policy file names', () => {
    expect(of(chosen, {})).toMatchObject({ tenant: null, loose: [] })
    expect(of(chosen, { tenant: { keys: ['org_id'] } })).toMatchObject({ tenant: 'client-chosen' })
    expect(of(byId, { tenant: { keys: ['org_id'] } })).toMatchObject({ tenant: null, loose: [] })
    expect(of(byId, { tenant: { models: { tickets: 'org_id' } } })).toMatchObject({ tenant: 'unscoped' })
    expect(of(chosen, { tenant: { keys: ['org_id'], models: { tickets: false } } })).toMatchObject({ tenant: null })
  })
})

describe('a job that shows a secret', () => {
  it('is nobody’s, whoever else calls the helpers that it calls', () => {
    const made = app({
      'src/a.ts': `import { createServerFn } from '@tanstack/react-start'
import { getRequestHeader, getRequestHeaders } from '@tanstack/react-start/server'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { auth } from './auth'
export const users = pgTable('users', { id: text().primaryKey() })
export const organizations = pgTable('organizations', { id: text().primaryKey() })
export const members = pgTable('members', { userId: text().references(() => users.id), organizationId: text().references(() => organizations.id) })
export const orders = pgTable('orders', { id: text().primaryKey(), organizationId: text().references(() => organizations.id) })
const db = drizzle('')
async function isOpen(name: string) { return (await db.select().from(users).limit(1)).length > 0 && name !== '' }
async function clear() { await db.delete(orders) }
export const own = createServerFn({ method: 'POST' }).handler(async () => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!(await isOpen('orders')) || !session) throw new Error()
  await clear()
})
export const job = createServerFn({ method: 'POST' }).handler(async () => {
  if (!(await isOpen('orders'))) throw new Error()
  if (getRequestHeader('authorization') !== \`Bearer \${process.env.CRON_SECRET!}\`) throw new Error()
  await clear()
})
`,
      'src/auth.ts': auth,
    })
    const [own, job] = made.analyse('src/a.ts').entryPoints
    const tenantOf = (entry: typeof own) => made.workspace.scopeOf(made.path('src/a.ts'), entry!)?.tenant
    expect(tenantOf(own)).toBe('unscoped')
    expect(tenantOf(job)).toBe(null)
  })
})
