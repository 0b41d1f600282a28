/** Who somebody is or what they may do, by the caller's own word. */
import { describe, expect, it } from 'vitest'
import { answerTo, handler, session, shared, type Case } from './harness.ts'

const signedIn = `${session} if (!session) throw new Error('Unauthorized')
const me = session.user
`
const own = 'organizationId: session.session.activeOrganizationId'
const remove = `await db.delete(invoices).where(eq(invoices.organizationId, session.session.activeOrganizationId))`

function claims(expected: readonly string[], table: Readonly<Record<string, Case>>): void {
  for (const [name, given] of Object.entries(table)) {
    it(name, () => {
      const answer = answerTo(given)
      expect(answer.verdict).toBe('guarded')
      expect(answer.scope().claims.map(({ kind, column }) => `${kind} ${column}`)).toEqual(expected)
    })
  }
}

describe('whose a new row is', () => {
  claims(['actor ownerId'], {
    'the caller says it': `${signedIn} await db.insert(invoices).values({ ${own}, ownerId: data.userId })`,
    'a header says it': `${signedIn} await db.insert(invoices).values({ ${own}, ownerId: getRequestHeader('x-user-id') })`,
    'a token that nobody has verified says it': `import { decodeJwt } from 'jose'\n${handler(
      `${signedIn} const { sub } = decodeJwt(data.token); await db.insert(invoices).values({ ${own}, ownerId: sub })`,
    )}`,
    'the session that Supabase reads from the cookie says it': `import { createServerClient } from '@supabase/ssr'\n${handler(
      `${signedIn} const supabase = createServerClient('a', 'b', { cookies: { getAll: () => [] } }); const { data: { session: other } } = await supabase.auth.getSession(); await db.insert(invoices).values({ ${own}, ownerId: other!.user.id })`,
    )}`,
  })
  claims([], {
    'the caller says it, and which tenant it is in: that comes first': `${signedIn} await db.insert(invoices).values({ organizationId: data.organizationId, ownerId: data.userId })`,
    'the session says it': `${signedIn} await db.insert(invoices).values({ ${own}, ownerId: me.id, total: data.total })`,
    'it is compared with the session': `${signedIn} if (data.userId !== me.id) throw new Error(); await db.insert(invoices).values({ ${own}, ownerId: data.userId })`,
    'an administrator says it': `${signedIn} if (me.role !== 'admin') throw new Error(); await db.insert(invoices).values({ ownerId: data.userId })`,
    'it is an account in which money is counted': [
      `import { fees } from '~/schema'\n${handler(`${signedIn} await db.insert(fees).values({ name: data.name, revenueAccountId: data.account })`)}`,
      {
        'src/schema.ts': `${shared['src/schema.ts']!}
          const accounts = pgTable('accounts', { id: text('id').primaryKey() })
          export const fees = pgTable('fees', { name: text('name'), revenueAccountId: text('revenue_account_id').references(() => accounts.id) })`,
      },
    ],
    'somebody else becomes a member': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); if (!m) throw new Error(); await db.insert(members).values({ userId: data.userId, organizationId: data.organizationId })`,
  })
})

/** What the role of the membership leads to. */
describe('a role that is given by who may, by a table of roles', () => {
  const table = `const table: any = { owner: ['member:update'], member: [] }
const rules: any = { owner: [{ resource: 'member', actions: ['update'] }], member: [] }
const manages: any = { owner: true, member: false }
const allowed = (role: string, resource: string, action: string) => {
  const found = rules[role]
  if (!found) return false
  for (const rule of found) if (rule.resource === resource && rule.actions.includes(action)) return true
  return false
}
`
  const asking = (test: string): string =>
    table +
    handler(
      `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); if (!m) throw new Error(); ${test}; await db.update(members).set({ role: data.role }).where(eq(members.organizationId, data.organizationId))`,
    )
  const merged = (column: string): string =>
    `const rights: Record<string, string[]> = {}; for (const row of [m]) for (const [kind, all] of Object.entries((row as any).${column})) { rights[kind] ??= []; rights[kind].push(...(all as string[])) }`
  claims([], {
    'which lists what each may do': asking("if (!table[m.role!]?.includes('member:update')) throw new Error()"),
    'which a helper goes through': asking("if (!allowed(m.role!, 'member', 'update')) throw new Error()"),
    'which says yes or no': asking('if (!manages[m.role!]) throw new Error()'),
    'in which something is looked for': asking(
      "if (!rules[m.role!].some((rule: any) => rule.resource === 'member')) throw new Error()",
    ),
    'which is put together of the rows of their rights': asking(
      `${merged('permissions')}; if (!rights['members']?.includes('update')) throw new Error()`,
    ),
  })
  claims(['role role'], {
    'not where the caller says which role': asking("if (!table[data.as]?.includes('member:update')) throw new Error()"),
    'not where it is only seen that the role is in it': asking('if (!table[m.role!]) throw new Error()'),
    'not where nobody is refused': asking("if (!allowed(m.role!, 'member', 'update')) console.log(1)"),
    'not where the list is the same for all': asking("if (!table.member.includes('member:update')) console.log(1)"),
    'not where it is no right': asking(
      `${merged('settings')}; if (!rights['members']?.includes('update')) throw new Error()`,
    ),
    'not where the list was gone through before': asking(
      'for (const rule of rules[m.role!]) console.log(rule.resource)',
    ),
  })
})

describe('what somebody may do', () => {
  claims(['role role'], {
    'a role that the caller gives to themselves': `${signedIn} await db.update(users).set({ role: data.role }).where(eq(users.id, me.id))`,
    'a role in the organisation of the session, where they are a member': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, session.session.activeOrganizationId)) }); if (!m) throw new Error(); await db.update(members).set({ role: data.role }).where(and(eq(members.id, data.id), eq(members.organizationId, m.organizationId)))`,
    'a role in an organisation': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); if (!m) throw new Error(); await db.update(members).set({ role: data.role }).where(eq(members.organizationId, data.organizationId))`,
  })
  claims([], {
    'a role that an administrator gives': `${signedIn} if (me.role !== 'admin') throw new Error(); await db.update(users).set({ role: data.role }).where(eq(users.id, data.userId))`,
    'a role that an owner of the organisation gives': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, session.session.activeOrganizationId)) }); if (m?.role !== 'owner') throw new Error(); await db.update(members).set({ role: data.role }).where(and(eq(members.id, data.id), eq(members.organizationId, m.organizationId)))`,
    'a role that the one gives whose row it is about': `${signedIn} const invoice = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.id), eq(invoices.ownerId, me.id)) }); if (!invoice) throw new Error(); await db.update(members).set({ role: data.role }).where(and(eq(members.id, data.member), eq(members.organizationId, invoice.organizationId)))`,
    'a role that the code says': `${signedIn} await db.update(users).set({ role: 'member' }).where(eq(users.id, me.id))`,
  })
})

describe('the tenant that somebody works in', () => {
  const table = `import { pgTable, text } from 'drizzle-orm/pg-core'
const accounts = pgTable('user_accounts', { id: text('id'), activeOrganizationId: text('active_organization_id') })
`
  const change =
    'await db.update(accounts).set({ activeOrganizationId: data.organizationId }).where(eq(accounts.id, me.id))'
  claims(['tenant activeOrganizationId'], {
    'is switched to any': table + handler(`${signedIn} ${change}`),
    'is switched to any, in the row of the session': `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
const session = pgTable('session', { id: text('id'), userId: text('user_id'), activeOrganizationId: text('active_organization_id'), expiresAt: timestamp('expires_at') })
${handler(
  `const found = await auth.api.getSession({ headers: getRequestHeaders() }); if (!found) throw new Error('Unauthorized'); await db.update(session).set({ activeOrganizationId: data.organizationId }).where(eq(session.userId, found.user.id))`,
)}`,
  })
  claims([], {
    'is kept, and only the time is written into the row of the session': `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
const session = pgTable('session', { id: text('id'), userId: text('user_id'), activeOrganizationId: text('active_organization_id'), expiresAt: timestamp('expires_at') })
${handler(
  `const found = await auth.api.getSession({ headers: getRequestHeaders() }); if (!found) throw new Error('Unauthorized'); await db.update(session).set({ expiresAt: new Date() }).where(eq(session.userId, found.user.id)); await db.delete(invoices).where(eq(invoices.organizationId, found.session.activeOrganizationId))`,
)}`,
    'is switched to one that they belong to':
      table +
      handler(
        `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); if (!m) throw new Error(); ${change}`,
      ),
  })
})

describe('the tenant that somebody works in, in the inventory', () => {
  it('is the caller’s choice where nobody looks whether they belong to it', () => {
    const change = 'await db.update(users).set({ currentTeamId: data.teamId }).where(eq(users.id, me.id))'
    expect(answerTo(`${signedIn} ${change}`).scope().tenant).toBe('client-chosen')
  })
})

describe('what a schema lets through', () => {
  const checked = (members: string, body: string): string =>
    `import { z } from 'zod'\n${handler(`${signedIn} ${body}`, `.validator(z.object({ ${members} }))`)}`
  claims(['role role'], {
    'is a role, written with the rest': checked(
      'name: z.string(), role: z.string()',
      'await db.update(users).set(data).where(eq(users.id, me.id))',
    ),
    'is a role, written with what is left of the rest': checked(
      'id: z.string(), role: z.string()',
      'const { id, ...rest } = data; await db.update(users).set({ ...rest }).where(eq(users.id, me.id))',
    ),
  })
  claims(['actor ownerId'], {
    'is the owner of a new row': checked(
      'ownerId: z.string(), total: z.number()',
      `await db.insert(invoices).values({ ...data, ${own} })`,
    ),
  })
  claims([], {
    'is nothing of that': checked(
      'total: z.number()',
      `await db.insert(invoices).values({ ...data, ${own}, ownerId: me.id })`,
    ),
    'is an owner that the session replaces': checked(
      'ownerId: z.string(), total: z.number()',
      `await db.insert(invoices).values({ ...data, ${own}, ownerId: me.id })`,
    ),
  })
})

describe('what could be named of all that was sent', () => {
  const columns = (table: string, statement: string, places = false) => {
    const rows = `
import { boolean } from 'drizzle-orm/pg-core'
export const rows = pgTable('rows', { ${table}, userId: text('user_id').references(() => users.id) })`
    const [claim] = answerTo([
      `import { rows } from '~/schema'\n${handler(`${signedIn} ${statement}`)}`,
      { 'src/schema.ts': shared['src/schema.ts']! + rows },
    ]).scope().claims
    expect(claim?.kind).toBe('input')
    return places ? claim?.written : claim?.columns
  }
  const update = 'await db.update(rows).set(data).where(eq(rows.userId, me.id))'

  it('is what somebody may fill in of a row of theirs', () => {
    expect(columns(`title: text('title'), dueDate: timestamp('due_date'), total: integer('total')`, update)).toEqual([
      'title',
      'dueDate',
      'total',
    ])
  })

  it.each([
    ['the key', `id: text('id').primaryKey()`],
    ['what leads to another row', `projectId: text('project_id')`],
    ['whose it is', `organizationId: text('o').references(() => organizations.id), owner: text('w')`],
    [
      'what may be done',
      `role: text('role'), isAdmin: boolean('a'), permissions: text('p'), grants: text('g'), plan: text('p')`,
    ],
    ['what is secret', `passwordHash: text('h'), apiKey: text('k'), resetToken: text('t')`],
    ['what was checked', `emailVerified: boolean('v'), approvedBy: text('b'), email: text('e')`],
    ['when something happened', `createdAt: timestamp('c'), updatedAt: timestamp('u'), deletedAt: timestamp('d')`],
    [
      'how far it has come',
      `status: text('s'), isPublished: boolean('p'), banned: boolean('b'), version: integer('v')`,
    ],
  ])('is not %s', (_, table) => {
    expect(columns(`title: text('title'), ${table}`, update)).toEqual(['title'])
  })

  it('stands where the query takes it', () => {
    expect(columns(`title: text('title')`, update, true)).toEqual([{ method: 'set', at: [0] }])
  })

  it('is not known of a new row, which may need others', () => {
    expect(columns(`title: text('title')`, 'await db.insert(rows).values({ ...data, userId: me.id })')).toBeUndefined()
  })
})

describe('all that was sent', () => {
  const union = (schema: string): string =>
    `import { z } from 'zod'\nconst schema = ${schema}\n${handler(
      `${signedIn} const result = schema.safeParse(data); if (!result.success) throw new Error(); await db.update(users).set(result.data).where(eq(users.id, me.id))`,
    )}`
  claims(['role role'], {
    'has a role in one of two': union('z.union([z.object({ email: z.string() }), z.object({ role: z.string() })])'),
  })
  claims(['input *'], {
    'is anything, or one that a schema has checked': union('z.union([z.any(), z.object({ name: z.string() })])'),
  })
  claims(['input *'], {
    'is written to a row': `${signedIn} await db.update(users).set(data).where(eq(users.id, me.id))`,
    'is spread into a row': `${signedIn} await db.update(invoices).set({ ...data, total: 1 }).where(eq(invoices.ownerId, me.id))`,
    'but the id is written to a row': `${signedIn} const { id, ...rest } = data; await db.update(invoices).set(rest).where(and(eq(invoices.id, id), eq(invoices.ownerId, me.id)))`,
  })
  claims([], {
    'is written to anybody’s row, which is what is wrong first': `${signedIn} const { id, ...rest } = data; await db.update(invoices).set(rest).where(eq(invoices.id, id))`,
    'was checked by a schema': `import { z } from 'zod'\n${handler(
      `${signedIn} await db.update(users).set(data).where(eq(users.id, me.id))`,
      '.validator(z.object({ name: z.string() }))',
    )}`,
    'was checked where it is used': `import { z } from 'zod'\nconst schema = z.object({ name: z.string() })\n${handler(
      `${signedIn} const values = schema.parse(data); await db.update(users).set({ ...values }).where(eq(users.id, me.id))`,
    )}`,
    'was checked, or else is refused by what is told of it': `import { z } from 'zod'\nasync function parse(schema: any, sent: unknown) { let body: any = sent; let error: undefined | (() => Error); const result = schema.safeParse(sent); if (!result.success) { error = () => new Error() } else { body = result.data } return { body, error } }\n${handler(
      `${signedIn} const { body, error } = await parse(z.object({ name: z.string() }), data); if (error) throw error(); await db.update(users).set(body).where(eq(users.id, me.id))`,
    )}`,
    'is one of two that a schema has checked': union(
      'z.union([z.object({ email: z.string() }), z.object({ name: z.string() })])',
    ),
    'is of a kind that a schema has checked': union(
      "z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), email: z.string() }), z.object({ kind: z.literal('b') })])",
    ),
    'goes to rows of nobody': `${signedIn} await db.insert(logs).values(data)`,
  })
})

describe('a test of what the caller says', () => {
  claims(['asked role'], {
    'of a role': `${signedIn} if (data.role !== 'admin') throw new Error(); ${remove}`,
    'of a role, in a helper':
      `const isAdmin = (who: { role: string }) => who.role === 'admin'\n` +
      handler(`${signedIn} if (!isAdmin(data)) throw new Error(); ${remove}`),
  })
  claims(['asked role'], {
    'of several roles': `${signedIn} if (!['admin', 'owner'].includes(data.role)) throw new Error(); ${remove}`,
    'of a role, by cases': `${signedIn} switch (data.role) { case 'admin': break; default: throw new Error() } ${remove}`,
    'of a cookie': `${signedIn} if (getCookie('role') !== 'admin') throw new Error(); ${remove}`,
  })
  claims(['asked x-user-role'], {
    'of a header': `${signedIn} if (getRequestHeader('x-user-role') !== 'admin') throw new Error(); ${remove}`,
    'of a header of the request': `${signedIn} if (getRequest().headers.get('x-user-role') !== 'admin') throw new Error(); ${remove}`,
  })
  claims(['asked isAdmin'], {
    'of a flag': `${signedIn} if (!data.isAdmin) throw new Error(); ${remove}`,
    'of a flag in a body': `${signedIn} const body = await getRequest().json(); if (body.isAdmin) { ${remove} }`,
  })
  claims([], {
    'that refuses a role': `${signedIn} if (data.role === 'owner') throw new Error(); ${remove}`,
    'or of the session': `${signedIn} if (!data.isAdmin && !me.isAdmin) throw new Error(); ${remove}`,
    'of any role': `${signedIn} if (!['admin', 'member'].includes(data.role)) throw new Error(); ${remove}`,
    'of what they filter by': `${signedIn} if (data.type === 'admin') throw new Error(); ${remove}`,
  })
})

describe('what the inventory says of whose rows they are', () => {
  it.each([
    [
      'an owner of the caller’s choice',
      `await db.insert(invoices).values({ ${own}, ownerId: data.userId })`,
      { tenant: 'scoped', object: 'unbound' },
    ],
    [
      'all that was sent, also another owner or tenant',
      `await db.update(invoices).set(data).where(and(eq(invoices.ownerId, me.id), eq(invoices.organizationId, session.session.activeOrganizationId)))`,
      { tenant: null, object: 'unbound' },
    ],
    [
      'columns that are named',
      `await db.update(invoices).set({ total: data.total }).where(eq(invoices.ownerId, me.id))`,
      { tenant: 'scoped' },
    ],
  ])('%s', (_, body, expected) => {
    expect(answerTo(`${signedIn} ${body}`).scope()).toMatchObject(expected)
  })
})

describe('the role that should be asked of the session', () => {
  it.each([
    ['is the one that the caller claims', `if (data.role !== 'tenant_owner') throw new Error()`, 'tenant_owner'],
    ['is told by the name of a flag', `if (!data.isAdmin) throw new Error()`, 'admin'],
  ])('%s', (_, check, role) => {
    expect(answerTo(`${signedIn} ${check}; ${remove}`).scope().claims).toMatchObject([{ kind: 'asked', role }])
  })
})

describe('a role that the user has everywhere', () => {
  const wide = (body: string): readonly string[] =>
    answerTo(`${signedIn} ${body}`)
      .scope()
      .wide.map(({ role }) => role)
  const byId = 'await db.delete(invoices).where(eq(invoices.id, data.id))'
  it('decides over a row of any tenant', () => {
    expect(wide(`if (me.role !== 'admin') throw new Error(); ${byId}`)).toEqual(['admin'])
  })
  it('decides over the tenant that the caller names', () => {
    expect(
      wide(
        `if (me.role !== 'manager') throw new Error(); await db.insert(invoices).values({ organizationId: data.organizationId })`,
      ),
    ).toEqual(['manager'])
  })
  it('could be bound to the tenant that stands in reach', () => {
    const organization =
      'const organizationId = session.session.activeOrganizationId; if (!organizationId) throw new Error()'
    const admin = `if (me.role !== 'admin') throw new Error()`
    const found = (body: string) => answerTo(`${signedIn} ${organization}; ${admin}; ${body}`).scope().wide
    expect(found(byId)).toMatchObject([{ column: 'organizationId', chosen: false, proved: 'organizationId' }])
    expect(found(`await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`)).toMatchObject([
      { column: 'organizationId', chosen: true, proved: 'organizationId' },
    ])
  })
  it.each([
    [
      'of WorkOS',
      `import { getAuth } from '@workos/authkit-tanstack-react-start'`,
      `const { user, role } = await getAuth(); if (!user || role !== 'admin') throw new Error()`,
    ],
    [
      'of Clerk',
      `import { auth as clerk } from '@clerk/tanstack-react-start/server'`,
      `const { userId, orgRole } = await clerk(); if (!userId || orgRole !== 'org:admin') throw new Error()`,
    ],
  ])('decides nothing over other tenants when it is that of the organisation in the session: %s', (_, first, check) => {
    const scope = answerTo(`${first}\n${handler(`${check}; ${byId}`)}`).scope()
    expect(scope).toMatchObject({ wide: [], tenant: 'unscoped' })
  })
  it.each([
    ['staff of the application', `if (me.role !== 'superadmin') throw new Error(); ${byId}`],
    ['the tenant is that of the session', `if (me.role !== 'admin') throw new Error(); ${remove}`],
    [
      'the role is that of the membership',
      `const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); if (m?.role !== 'admin') throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    ],
    ['rows of all tenants are listed', `if (me.role !== 'admin') throw new Error(); return db.select().from(invoices)`],
  ])('does not: %s', (_, body) => {
    expect(wide(body)).toEqual([])
  })
})
