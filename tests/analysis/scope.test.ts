import { describe, expect, it } from 'vitest'
import { answerTo, handler, type Case } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const requireMember = `
async function requireMember(organizationId: string) {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('Unauthorized')
  const [member] = await db.select().from(members).where(and(eq(members.organizationId, organizationId), eq(members.userId, session.user.id)))
  if (!member) throw new Error('Forbidden')
  return { user: session.user, member }
}
`
const isMember = `
async function isMember(userId: string, organizationId: string) {
  const member = await db.query.members.findFirst({ where: and(eq(members.organizationId, organizationId), eq(members.userId, userId)) })
  return member ? ['admin', 'owner'].includes(member.role) : false
}
`

const remove = 'await db.delete(invoices).where(eq(invoices.id, data.id))'

describe('a proved tenant', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'of the session': `${signedIn} await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.organizationId, session.session.activeOrganizationId)))`,
      'of the row of the membership': `${signedIn} const m = await db.query.members.findFirst({ where: eq(members.userId, me.id) }); if (!m) throw new Error(); return db.select().from(invoices).where(eq(invoices.organizationId, m.organizationId))`,
      'of the input, checked by a helper':
        requireMember +
        handler(
          'await requireMember(data.organizationId); await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.organizationId, data.organizationId)))',
        ),
      'of the input, checked without its prefix':
        requireMember +
        handler(
          "await requireMember(data.organizationId.replace('org_', '')); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))",
        ),
      'of the input, checked by a helper that answers yes or no':
        isMember +
        handler(
          `${signedIn} if (!(await isMember(me.id, data.organizationId))) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
      'of the input, compared with that of the session': `${signedIn} if (data.organizationId !== session.session.activeOrganizationId) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of the input, when it is one of the memberships': `${signedIn} const rows = await db.select().from(members).where(eq(members.userId, me.id)); if (!rows.some((row) => row.organizationId === data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of the input, when the ids of the memberships include it': `${signedIn} const rows = await db.select().from(members).where(eq(members.userId, me.id)); const ids = rows.map((row) => row.organizationId); if (!ids.includes(data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of the input, found among the memberships': `${signedIn} const rows = await db.select().from(members).where(eq(members.userId, me.id)); const mine = rows.find((row) => row.organizationId === data.organizationId); if (!mine) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of the input, when there is a membership to count': `${signedIn} const rows = await db.select().from(members).where(and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId))); if (rows.length === 0) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'kept in a variable on the way that checks it': `${signedIn} let organizationId: string | null = null; const rows = await db.select().from(members).where(and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId))); if (rows.length > 0) { organizationId = data.organizationId } await db.delete(invoices).where(eq(invoices.organizationId, organizationId!))`,
      'all tenants of the caller': `${signedIn} const rows = await db.select().from(members).where(eq(members.userId, me.id)); const { inArray } = await import('drizzle-orm'); return db.select().from(invoices).where(inArray(invoices.organizationId, rows.map((row) => row.organizationId)))`,
      'by a join with the memberships': `${signedIn} return db.select().from(invoices).innerJoin(members, eq(members.organizationId, invoices.organizationId)).where(eq(members.userId, me.id))`,
      'Prisma: by a relation': `${signedIn} return prisma.invoice.findMany({ where: { organization: { members: { some: { userId: me.id } } } } })`,
      'in a condition that a helper gives':
        `const own = (id: string) => eq(invoices.organizationId, id)\n` +
        handler(
          `${signedIn} return db.select().from(invoices).where(and(own(session.session.activeOrganizationId), eq(invoices.id, data.id)))`,
        ),
      'in conditions that are collected': `${signedIn} const all = [eq(invoices.organizationId, session.session.activeOrganizationId)]; if (data.id) { all.push(eq(invoices.id, data.id)) } return db.select().from(invoices).where(and(...all))`,
      'in a scope that is spread': `${signedIn} const scope = { organizationId: session.session.activeOrganizationId }; await prisma.invoice.deleteMany({ where: { ...scope, id: data.id } })`,
      'in either of two conditions': `${signedIn} const organizationId = session.session.activeOrganizationId; return prisma.invoice.findMany({ where: data.id ? { organizationId, id: data.id } : { organizationId } })`,
      'written into a new row': `${signedIn} await db.insert(invoices).values({ ...data, organizationId: session.session.activeOrganizationId })`,
      'of the input, one of a list in a token that the server signed':
        `import { jwtVerify } from 'jose'\n` +
        handler(
          `${signedIn} const { payload } = await jwtVerify(data.token, new TextEncoder().encode(process.env.JWT_SECRET!)); if (!payload.organizations.includes(data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
      'of the input, by the role in the membership or as the owner': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) }); const invoice = await db.query.invoices.findFirst({ where: eq(invoices.organizationId, data.organizationId) }); if (!(m?.role === 'admin' || invoice?.ownerId === me.id)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of a row that stands in one of several tables': `${signedIn} const [invoice, line] = await Promise.all([db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }), db.query.invites.findFirst({ where: eq(invites.id, data.id) })]); const found = invoice || line; if (!found || found.organizationId !== session.session.activeOrganizationId) throw new Error(); ${remove}`,
      'by a client that development keeps elsewhere':
        `let client = db; if (process.env.NODE_ENV !== 'production') client = (globalThis as any).kept\n` +
        handler(
          `${signedIn} const [row] = await client.insert(invoices).values({ organizationId: session.session.activeOrganizationId }).returning(); await client.update(invoices).set({ total: 1 }).where(eq(invoices.id, row.id))`,
        ),
    },
  )
})

describe('a row that is checked before it is used', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'read with the tenant, then deleted by its id': `${signedIn} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.id), eq(invoices.organizationId, session.session.activeOrganizationId)) }); if (!row) throw new Error(); ${remove}`,
      'read with the tenant, then deleted by the id of the row': `${signedIn} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.id), eq(invoices.organizationId, session.session.activeOrganizationId)) }); if (!row) throw new Error(); await db.delete(invoices).where(eq(invoices.id, row.id))`,
      'its tenant compared after the read, then deleted': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (row?.organizationId !== session.session.activeOrganizationId) throw new Error(); ${remove}`,
      'its tenant compared after the read, then shown': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (row?.organizationId !== session.session.activeOrganizationId) return null; return row`,
      'its owner compared after the read, then shown': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) return null; if (row.ownerId !== me.id) return { error: 'no' }; return { row }`,
      'its tenant checked by a helper':
        requireMember +
        handler(
          `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) throw new Error(); await requireMember(row.organizationId); ${remove}; return row`,
        ),
      'its tenant compared with one that is checked':
        requireMember +
        handler(
          `await requireMember(data.organizationId); const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row || row.organizationId !== data.organizationId) throw new Error(); ${remove}`,
        ),
      'the parent of what is changed': `${signedIn} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.invoiceId), eq(invoices.ownerId, me.id)) }); if (!row) throw new Error(); await db.delete(lines).where(and(eq(lines.id, data.id), eq(lines.invoiceId, data.invoiceId)))`,
      'through a helper that answers with an object':
        `async function find(id: string, userId: string) { const row = await db.query.invoices.findFirst({ where: eq(invoices.id, id) }); if (!row) return { ok: false as const }; if (row.ownerId !== userId) return { ok: false as const }; return { ok: true as const, row } }\n` +
        handler(`${signedIn} const found = await find(data.id, me.id); if (!found.ok) throw new Error(); ${remove}`),
      'by the members that come with it': `${signedIn} const row = await prisma.organization.findUnique({ where: { id: data.id }, include: { members: { where: { userId: me.id } } } }); if (!row?.members?.length) throw new Error(); await prisma.invoice.deleteMany({ where: { organizationId: data.id } })`,
      'a row that says itself that it is public': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) return null; if (!row.isPublic && row.ownerId !== me.id) return null; return row`,
      'a row that is not private': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (row?.visibility === 'private') { if (row.ownerId !== me.id) return null } return row`,
      'by a promise that answers yes, or no when it is rejected':
        requireMember +
        handler(
          `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); const ok = await requireMember(row!.organizationId).then(() => true).catch(() => false); if (!ok) throw new Error(); return row`,
        ),
      'by Prisma, inside a transaction': `${signedIn} return prisma.$transaction(async (tx) => { const row = await tx.invoice.findUnique({ where: { id: data.id } }); if (!row || row.ownerId !== me.id) throw new Error(); await tx.invoice.delete({ where: { id: data.id } }); return row })`,
      'or is made by the caller where there is none': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (row) { if (row.ownerId !== me.id) throw new Error() } else { await db.insert(invoices).values({ id: data.id, ownerId: me.id, organizationId: session.session.activeOrganizationId }) } await db.update(invoices).set({ total: 1 }).where(eq(invoices.id, data.id))`,
    },
  )
})

const mayVoid = (organizationId: string): string =>
  `const { success } = await auth.api.hasPermission({ headers: getRequestHeaders(), body: { organizationId: ${organizationId}, permissions: { invoice: ['void'] } } })`

describe('a permission that the library asks for', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'in the tenant of the row': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) throw new Error(); ${mayVoid('row.organizationId')}; if (!success) throw new Error(); ${remove}`,
      'in the tenant of the input': `${mayVoid('data.organizationId')}; if (!success) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'in another one': `${mayVoid('data.organizationId')}; if (!success) throw new Error(); ${remove}`,
      'and nobody looks at the answer': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) throw new Error(); ${mayVoid('row.organizationId')}; ${remove}`,
    },
  )
  it('is named in the proofs', () => {
    const body = `${mayVoid('data.organizationId')}; if (!success) throw new Error(); ${remove}`
    expect(answerTo(body).proofs).toContain('permission:invoice:void')
  })
})

describe('a caller that is no user', () => {
  const secret = `if (getRequestHeader('authorization') !== \`Bearer \${process.env.CRON_SECRET!}\`) throw new Error()`
  scopes({ tenant: null, object: null, loose: [] }, { 'a job that shows the secret': `${secret}; ${remove}` })
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'a user that shows it, too': `${signedIn} ${secret}; ${remove}`,
      'a user that a verified token tells': `const { jwtVerify } = await import('jose'); const { payload } = await jwtVerify(getRequestHeader('authorization')!.slice(7), new TextEncoder().encode(process.env.JWT_SECRET)); ${remove}; return payload.sub`,
    },
  )
})

describe('somebody who may do everything', () => {
  scopes(
    { tenant: null, loose: [] },
    {
      'a role of the user': `${signedIn} if (me.role !== 'admin') throw new Error(); ${remove}`,
      'a flag of the user': `${signedIn} if (!me.isAdmin) throw new Error(); ${remove}`,
      'one of the roles of the user': `${signedIn} if (!me.roles.includes('admin')) throw new Error(); ${remove}`,
      'a role in the row of the user': `${signedIn} const row = await db.query.users.findFirst({ where: eq(users.id, me.id) }); if (row?.role !== 'admin') throw new Error(); ${remove}`,
    },
  )
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'or a member':
        `async function may(user: any, organizationId: string) { if (user.isAdmin) return true; const m = await db.query.members.findFirst({ where: and(eq(members.userId, user.id), eq(members.organizationId, organizationId)) }); return !!m }\n` +
        handler(
          `${signedIn} if (!(await may(me, data.organizationId))) throw new Error(); return db.select().from(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
    },
  )
})

describe('a tenant that nobody proved', () => {
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'of the input': `${signedIn} await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'of a header': `${signedIn} await db.delete(invoices).where(eq(invoices.organizationId, getRequestHeader('x-organization')!))`,
      'of a cookie': `${signedIn} return db.select().from(invoices).where(eq(invoices.organizationId, getCookie('organization')!))`,
      'of the input or the session': `${signedIn} await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId ?? session.session.activeOrganizationId))`,
      'checked with another part of it put in its place':
        requireMember +
        handler(
          'await requireMember(data.organizationId.replace(data.part, data.own)); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))',
        ),
      'checked, and another one used':
        requireMember +
        handler(
          'await requireMember(data.organizationId); await db.delete(invoices).where(eq(invoices.organizationId, data.other))',
        ),
      'checked, and nobody looks at the answer':
        isMember +
        handler(
          `${signedIn} await isMember(me.id, data.organizationId); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
      'checked without waiting for the answer':
        isMember +
        handler(
          `${signedIn} if (!isMember(me.id, data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
      'checked, and refused where it should be let in':
        isMember +
        handler(
          `${signedIn} if (await isMember(me.id, data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
        ),
      'checked by its shape only':
        `import { z } from 'zod'\n` +
        handler(
          `${signedIn} const id = z.string().uuid().parse(data.organizationId); await db.delete(invoices).where(eq(invoices.organizationId, id))`,
        ),
      'written into a new row': `${signedIn} await db.insert(invoices).values({ organizationId: data.organizationId, ownerId: me.id })`,
      'written into a new row with all the rest': `${signedIn} await db.insert(invoices).values({ organizationId: session.session.activeOrganizationId, ...data })`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'a row by the id of the input': `${signedIn} ${remove}`,
      'all rows': `${signedIn} return db.select().from(invoices)`,
      'a row of the input that is read and shown': `${signedIn} return db.query.invoices.findFirst({ where: eq(invoices.id, data.id) })`,
      'the owned row is read, and nobody looks at it': `${signedIn} await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.id), eq(invoices.ownerId, me.id)) }); ${remove}`,
      'the check is made, and its rejection caught':
        requireMember +
        handler(
          `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); await requireMember(row!.organizationId).catch(() => undefined); ${remove}`,
        ),
      'the owner is compared, and the work goes on': `${signedIn} const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (row?.ownerId !== me.id) console.warn('not the owner'); ${remove}`,
      'a bare membership in some tenant': `${signedIn} const m = await db.query.members.findFirst({ where: eq(members.userId, me.id) }); if (!m) throw new Error(); ${remove}`,
      'there is no row of that id in another table': `${signedIn} const invite = await db.query.invites.findFirst({ where: eq(invites.id, data.id) }); if (invite) throw new Error(); ${remove}`,
      'another row is checked': `${signedIn} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.other), eq(invoices.ownerId, me.id)) }); if (!row) throw new Error(); ${remove}`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoice.organizationId'] },
    {
      'the members that come with it are those of anybody': `${signedIn} const row = await prisma.organization.findUnique({ where: { id: data.id }, include: { members: true } }); if (!row?.members?.length) throw new Error(); await prisma.invoice.deleteMany({ where: { id: data.other } })`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant mayBeMissing: invoice.organizationId'] },
    {
      'Prisma: the tenant may be undefined': `${signedIn} const organizationId = data.all ? undefined : session.session.activeOrganizationId; return prisma.invoice.findMany({ where: { organizationId } })`,
    },
  )
})

describe('a condition that is there at times', () => {
  const organization = 'const organizationId = session.session.activeOrganizationId'
  const own = 'eq(invoices.organizationId, organizationId)'
  const shown = (where: string): string => `return db.query.invoices.findMany({ where: ${where} })`
  scopes(
    { tenant: 'unscoped', loose: ['tenant mayBeMissing: invoices.organizationId'] },
    {
      'where there is a tenant': `${signedIn} ${organization}; ${shown(`organizationId ? ${own} : undefined`)}`,
      'where there is a tenant, beside others': `${signedIn} ${organization}; ${shown(`and(eq(invoices.id, data.id), organizationId ? ${own} : undefined)`)}`,
      'where the caller wants it': `${signedIn} ${organization}; ${shown(`data.mine ? ${own} : undefined`)}`,
    },
  )
  scopes(
    { object: 'unbound', loose: ['owner mayBeMissing: api_keys.ownerId'] },
    {
      'where the caller has a row of another model': `${signedIn} const m = await db.query.members.findFirst({ where: eq(members.userId, me.id) }); return db.query.apiKeys.findMany({ where: m ? eq(apiKeys.ownerId, m.userId) : undefined })`,
    },
  )
  it.each([
    ['which staff does not need', `me.role === 'admin' ? undefined : ${own}`],
    [
      'which staff does not need, beside others',
      `and(eq(invoices.id, data.id), me.role === 'admin' ? undefined : ${own})`,
    ],
  ])('%s', (_, where) => {
    expect(answerTo(`${signedIn} ${organization}; ${shown(where)}`).scope().loose).toEqual([])
  })
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'after a refusal of those without a tenant': `${signedIn} ${organization}; if (!organizationId) throw new Error(); ${shown(`organizationId ? ${own} : undefined`)}`,
    },
  )
})

describe('rows without a tenant', () => {
  scopes(
    { object: 'unbound' },
    {
      'a child by its id': `${signedIn} await db.delete(lines).where(eq(lines.id, data.id))`,
      'the parent is checked, and the child of another one used': `${signedIn} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.invoiceId), eq(invoices.ownerId, me.id)) }); if (!row) throw new Error(); await db.delete(lines).where(eq(lines.id, data.id))`,
      'a key of somebody by its id': `${signedIn} await db.delete(apiKeys).where(eq(apiKeys.id, data.id))`,
    },
  )
  scopes(
    { object: 'bound', loose: [] },
    {
      'a key by its id and owner': `${signedIn} await db.delete(apiKeys).where(and(eq(apiKeys.id, data.id), eq(apiKeys.ownerId, me.id)))`,
    },
  )
  scopes(
    { tenant: null, object: null, loose: [] },
    {
      'nobody has them': `${signedIn} return db.select().from(countries).where(eq(countries.code, data.code))`,
    },
  )
})

const kysely = `import { Kysely } from 'kysely'
const kdb = new Kysely<any>({} as any)
`
const find = `async function find(where: { id?: string }, userId: string) {
  let query = kdb.selectFrom('invoices').innerJoin('members', 'members.organizationId', 'invoices.organizationId').selectAll().where('members.userId', '=', userId)
  if (where.id) query = query.where('invoices.id', '=', where.id)
  return query.executeTakeFirst()
}
`

describe('a query that is put together', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'Kysely: the tenant is one of its conditions':
        kysely +
        handler(
          `${signedIn} await kdb.deleteFrom('invoices').where('id', '=', data.id).where('organizationId', '=', session.session.activeOrganizationId).execute()`,
        ),
      'Kysely: a helper adds the id only where there is one, and joins the memberships':
        kysely +
        find +
        handler(`${signedIn} const row = await find({ id: data.id }, me.id); if (!row) throw new Error(); ${remove}`),
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'Kysely: all rows but those of the caller are asked for':
        kysely +
        handler(
          `${signedIn} await kdb.deleteFrom('invoices').where('organizationId', '!=', session.session.activeOrganizationId).where('id', '=', data.id).execute()`,
        ),
      'Kysely: two tables are tied together, and nobody to them':
        kysely +
        handler(
          `${signedIn} return kdb.selectFrom('invoices').innerJoin('lines', 'lines.invoiceId', 'invoices.id').whereRef('invoices.ownerId', '=', 'lines.id').where('invoices.id', '=', data.id).selectAll().execute()`,
        ),
      'Drizzle: a join ties tables together, and nobody to them': `${signedIn} return db.select().from(invoices).innerJoin(organizations, eq(invoices.organizationId, organizations.id)).where(eq(invoices.id, data.id))`,
    },
  )
})

const sql = `import { sql } from 'drizzle-orm'\n`

describe('SQL as a text', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'in a template':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`select * from invoices where organization_id = \${session.session.activeOrganizationId} and id = \${data.id}\`)`,
        ),
      'with columns in the template':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`select * from \${invoices} where \${invoices.organizationId} = \${session.session.activeOrganizationId}\`)`,
        ),
      'Prisma: in a template': `${signedIn} return prisma.$queryRaw\`select * from "invoices" i where i."organizationId" = \${session.session.activeOrganizationId}\``,
      'with numbers for the values': `${signedIn} return prisma.$queryRawUnsafe('select * from invoices where id = $2 and organization_id = $1', session.session.activeOrganizationId, data.id)`,
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'the tenant of the input':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`select * from invoices where organization_id = \${data.organizationId}\`)`,
        ),
      'the numbers the other way round': `${signedIn} return prisma.$queryRawUnsafe('select * from invoices where total > $2 and organization_id = $1', data.organizationId, session.session.activeOrganizationId.length)`,
      'a new row':
        sql +
        handler(
          `${signedIn} await db.execute(sql\`insert into invoices (id, organization_id) values (\${me.id}, \${data.organizationId})\`)`,
        ),
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'a row by its id':
        sql + handler(`${signedIn} return db.execute(sql\`delete from invoices where id = \${data.id}\`)`),
      'the tenant in a comment, and in a text':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`select * from invoices -- organization_id = \n where id = \${data.id} and note = 'organization_id = ?'\`)`,
        ),
      'another one than the tenant of the session':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`delete from invoices where organization_id <> \${session.session.activeOrganizationId} and id = \${data.id}\`)`,
        ),
    },
  )
  scopes(
    { tenant: null, loose: [] },
    {
      'nothing is said of an `or`':
        sql +
        handler(
          `${signedIn} return db.execute(sql\`select * from invoices where organization_id = \${session.session.activeOrganizationId} or id = \${data.id}\`)`,
        ),
      'nor of a text that is put together elsewhere': `${signedIn} return prisma.$queryRawUnsafe(data.sql)`,
    },
  )
})

const stripe = `import Stripe from 'stripe'
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
`
const s3 = `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
const s3 = new S3Client({})
const read = (Key: string) => s3.send(new GetObjectCommand({ Bucket: 'files', Key }))
`

describe('what a service keeps', () => {
  scopes(
    { tenant: 'scoped', object: 'bound', loose: [] },
    {
      'the customer of the session':
        stripe + handler(`${signedIn} return stripe.billingPortal.sessions.create({ customer: me.stripeCustomerId })`),
      "the customer of the user's row":
        stripe +
        handler(
          `${signedIn} const row = await db.query.users.findFirst({ where: eq(users.id, me.id) }); return stripe.customers.retrieve(row!.stripeCustomerId)`,
        ),
      'a file below what is the tenant’s':
        s3 + handler(`${signedIn} return read(\`\${session.session.activeOrganizationId}/\${data.file}\`)`),
    },
  )
  scopes(
    { tenant: null, object: 'unbound' },
    {
      'the customer of the input':
        stripe + handler(`${signedIn} return stripe.billingPortal.sessions.create({ customer: data.customerId })`),
      'a subscription by its id': stripe + handler(`${signedIn} await stripe.subscriptions.cancel(data.id)`),
      'the customer of a row of anybody':
        stripe +
        handler(
          `${signedIn} const row = await db.query.users.findFirst({ where: eq(users.id, data.userId) }); return stripe.customers.retrieve(row!.stripeCustomerId)`,
        ),
      'a file by its key': s3 + handler(`${signedIn} return read(\`avatars/\${data.userId}\`)`),
      'the own file, then that of somebody else, by the same helper':
        s3 + handler(`${signedIn} await read(\`avatars/\${me.id}\`); return read(\`avatars/\${data.userId}\`)`),
    },
  )
  scopes(
    { tenant: null, object: null, loose: [] },
    {
      'what is nobody’s': stripe + handler(`${signedIn} return stripe.prices.retrieve(data.priceId)`),
      'the administrator whom the server’s settings name':
        stripe +
        handler(
          `${signedIn} if (me.id !== Number(process.env.ADMIN_ID)) throw new Error(); return stripe.customers.retrieve(data.customerId)`,
        ),
      'customers of a list that is the same for all':
        stripe +
        handler(
          `${signedIn} const rows = await db.select().from(users); return Promise.all(rows.map((row) => stripe.customers.retrieve(row.stripeCustomerId)))`,
        ),
      'a file under a name that chance has made':
        s3 + handler(`${signedIn} return read(\`\${data.folder}/\${crypto.randomUUID()}\`)`),
      'an administrator of the whole application':
        stripe +
        handler(
          `${signedIn} if (me.role !== 'admin') throw new Error(); return stripe.customers.retrieve(data.customerId)`,
        ),
    },
  )
})

it.each([
  ['the argument', 'return stripe.customers.retrieve(data.customerId)', 'customerId'],
  [
    'what the row was found by',
    'const row = await db.query.users.findFirst({ where: eq(users.id, data.userId) }); return stripe.customers.retrieve(row!.stripeCustomerId)',
    'userId',
  ],
  ['nothing that has a name', 'return stripe.customers.retrieve(`cus_${data.prefix}_${data.rest}`)', undefined],
])('what a service is told is called by what the caller sends: %s', (_, body, sent) => {
  const { loose } = answerTo(stripe + handler(`${signedIn} ${body}`)).scope()
  expect(loose.map((query) => query.sent)).toEqual([sent])
})

it('what is kept at a service under a row is for whoever shows the secret of that row, and for nobody else', () => {
  const orders = `import { pgTable, text } from 'drizzle-orm/pg-core'
const orders = pgTable('orders', { id: text().primaryKey(), trackingToken: text(), customerId: text() })
`
  const looseBehind = (test: string): unknown[] =>
    answerTo(
      stripe +
        orders +
        handler(
          `${signedIn} const [row] = await db.select().from(orders).where(eq(orders.id, data.id)); if (!row || ${test}) throw new Error(); return stripe.customers.retrieve(row.customerId)`,
        ),
    )
      .scope()
      .loose.map(({ kind }) => kind)
  expect(looseBehind('row.trackingToken !== data.token')).toEqual([])
  expect(looseBehind('row.id !== data.token')).toEqual(['service'])
})

describe('who decides instead of the code', () => {
  it.each<[string, Case, readonly string[]]>([
    [
      'row-level security, by the token of the caller',
      `import { createServerClient } from '@supabase/ssr'\n` +
        handler(
          `const supabase = createServerClient(process.env.SUPABASE_URL!, process.env.SUPABASE_ANON_KEY!, { cookies: { getAll: () => [{ name: 'a', value: getCookie('a') }] } }); const { data: { user } } = await supabase.auth.getUser(); if (!user) throw new Error(); return supabase.from('invoices').select().eq('id', data.id)`,
        ),
      ['row-level security'],
    ],
    [
      'an endpoint that asks for the session by itself',
      `${signedIn} return auth.api.getFullOrganization({ query: { organizationId: data.organizationId }, headers: getRequestHeaders() })`,
      ['`auth.api.getFullOrganization` asks for the session by itself'],
    ],
    [
      'code that nobody can read, with the tenant of the session',
      `import { repository } from 'unlisted-data'\n` +
        handler(
          `${signedIn} return repository.list({ organizationId: session.session.activeOrganizationId, id: data.id })`,
        ),
      ['code that could not be read is given `organizationId`'],
    ],
    [
      'code that nobody can read, with a client that works for the tenant of the session',
      `import { provide, run, work } from 'unlisted-effects'
const clientFor = (organizationId: string) => provide(function* () { return { organizationId, query: (text: string) => query(organizationId, text) } })\n` +
        handler(`${signedIn} return run(work(data.id).pipe(clientFor(session.session.activeOrganizationId)))`),
      ['code that could not be read is given a function that holds `organizationId`'],
    ],
  ])('%s', (_, given, expected) => {
    const { tenant, delegatedTo, loose } = answerTo(given).scope()
    expect({ tenant, delegatedTo, loose }).toEqual({ tenant: 'delegated', delegatedTo: expected, loose: [] })
  })
})

it('does not decide for a tenant that the caller names', () => {
  const { tenant, delegatedTo } = answerTo(
    `import { provide, run, work } from 'unlisted-effects'
const clientFor = (organizationId: string) => provide(() => organizationId)\n` +
      handler(`${signedIn} return run(work(data.id).pipe(clientFor(data.organizationId)))`),
  ).scope()
  expect({ tenant, delegatedTo }).toEqual({ tenant: null, delegatedTo: [] })
})

describe('what a service is told to act on', () => {
  const told = (body: string) =>
    answerTo(
      handler(
        `${signedIn} const { activeOrganizationId } = session.session; if (!activeOrganizationId) throw new Error(); ${body}`,
      ),
    )
      .scope()
      .loose.map(({ kind, column, proved }) => [kind, column, proved])
  it.each([
    [
      'an organisation, and that of the session stands in reach',
      `await auth.api.addMember({ body: { userId: data.userId, organizationId: data.organizationId, role: 'member' } })`,
      ['service', 'organizationId', 'activeOrganizationId'],
    ],
    ['a user', `await auth.api.createApiKey({ body: { userId: data.userId } })`, ['service', 'userId', 'me.id']],
    [
      'a user, below the library’s own checks',
      `await (await auth.$context).internalAdapter.deleteUser(data.userId)`,
      ['service', 'userId', 'me.id'],
    ],
    [
      'a key of another kind',
      `await auth.api.updateApiKey({ body: { id: data.keyId } })`,
      ['service', 'id', undefined],
    ],
  ])('%s', (_, body, expected) => {
    expect(told(body)).toEqual([expected])
  })
  it('what is the caller’s own', () => {
    expect(told(`await (await auth.$context).internalAdapter.deleteUser(me.id)`)).toEqual([])
  })
})
