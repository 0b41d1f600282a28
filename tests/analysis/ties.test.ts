/** How a check in one place and a use in another are seen to speak of the same rows. */
import { describe } from 'vitest'
import { handler, middleware } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const mine = 'eq(invoices.organizationId, session.session.activeOrganizationId)'
const membership =
  'await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, data.organizationId)) })'

describe('a row that was read before its key was checked', () => {
  const found =
    'const row = await db.query.members.findFirst({ where: and(eq(members.userId, data.userId), eq(members.organizationId, data.organizationId)) }); if (!row) throw new Error()'
  const change = "await db.update(members).set({ role: 'member' }).where(eq(members.id, row.id))"
  const checked = `const own = ${membership}; if (!own) throw new Error()`
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is changed by its id after the check': `${signedIn} ${found}; ${checked}; ${change}`,
      'leads to another one, which is changed': `${signedIn} ${found}; const other = await db.query.members.findFirst({ where: eq(members.id, row.id) }); ${checked}; await db.delete(members).where(eq(members.id, other!.id))`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: members.organizationId'] },
    {
      'and the check is of another key': `${signedIn} ${found.replace('data.organizationId', 'data.other')}; ${checked}; ${change}`,
      'and the check is of what it was not found by': `${signedIn} const row = await db.query.members.findFirst({ where: eq(members.userId, data.userId) }); if (!row) throw new Error(); ${checked}; ${change}`,
    },
  )
})

describe('conditions with sides', () => {
  const byOwner = 'eq(invoices.ownerId, me.id)'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'each is the caller’s': `${signedIn} return db.select().from(invoices).where(or(${mine}, ${byOwner}))`,
      'each is the caller’s, beside others': `${signedIn} return db.select().from(invoices).where(and(eq(invoices.id, data.id), or(${mine}, and(${byOwner}, gt(invoices.total, 0)))))`,
      'neither is, and what stands beside them': `${signedIn} return db.select().from(invoices).where(and(${mine}, or(eq(invoices.id, data.id), gt(invoices.total, 9))))`,
      'Prisma: each is the caller’s': `${signedIn} return prisma.invoice.findMany({ where: { id: data.id, OR: [{ ownerId: me.id }, { organization: { members: { some: { userId: me.id } } } }] } })`,
      'Prisma: neither is, and what stands beside them': `${signedIn} await prisma.invoice.deleteMany({ where: { organizationId: session.session.activeOrganizationId, OR: [{ id: data.id }, { total: 0 }] } })`,
      'Prisma: one of them in a relation': `${signedIn} return prisma.invoice.findMany({ where: { organization: { OR: [{ members: { some: { userId: me.id } } }, { id: session.session.activeOrganizationId }] } } })`,
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'one is and the other is not': `${signedIn} return db.select().from(invoices).where(or(${mine}, eq(invoices.id, data.id)))`,
      'Prisma: one is and the other is not': `${signedIn} return prisma.invoice.findMany({ where: { OR: [{ ownerId: me.id }, { id: data.id }] } })`,
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'neither is': `${signedIn} return db.select().from(invoices).where(or(eq(invoices.id, data.id), gt(invoices.total, 9)))`,
      'what is excluded says nothing': `${signedIn} return prisma.invoice.findMany({ where: { id: data.id, NOT: { total: 0 } } })`,
    },
  )
})

describe('what the code itself names', () => {
  const own = 'org_0'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is what the caller has to name': `${signedIn} if (data.organizationId !== '${own}') throw new Error(); await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.organizationId, data.organizationId)))`,
      'is one of a few': `${signedIn} if (!['${own}', 'org_1'].includes(data.organizationId)) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
      'stands in the settings': `${signedIn} if (data.organizationId !== process.env.DEMO_ORGANIZATION_NAME) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'is no tenant': `${signedIn} if (data.kind !== 'open') throw new Error(); await prisma.$queryRaw\`select 1\`; await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.total, data.kind)))`,
    },
  )
  scopes(
    { tenant: null, loose: [] },
    {
      'is the tenant of those who run the application': `${signedIn} if (session.session.activeOrganizationId !== '${own}') throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
      'is the tenant that the caller names and belongs to': `${signedIn} const m = ${membership}; if (!m) throw new Error(); if (data.organizationId !== '${own}') throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
      'is a tenant of which the caller has to be a member': `${signedIn} const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, '${own}')) }); if (!m) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
      'is asked for by a helper that gives the role':
        `async function staffRole(id: string) { const m = await db.query.members.findFirst({ where: and(eq(members.userId, id), eq(members.organizationId, '${own}')) }); if (!m) return null; return m.role }\n` +
        handler(
          `${signedIn} const role = await staffRole(me.id); if (!role) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
        ),
      'lets a new row be made for anybody': `${signedIn} if (me.role !== 'admin') throw new Error(); await db.insert(invoices).values({ organizationId: data.organizationId })`,
    },
  )
})

describe('what the caller sends, in another spelling', () => {
  const plain = `const plain = (id: string) => (id.startsWith('org_') ? id.replace('org_', '') : id)\n`
  const use = 'await db.delete(invoices).where(eq(invoices.organizationId, plain(organizationId)))'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'a prefix is taken off, twice':
        plain +
        handler(
          `${signedIn} const organizationId = plain(data.organizationId); const m = await db.query.members.findFirst({ where: and(eq(members.userId, me.id), eq(members.organizationId, organizationId)) }); if (!m) throw new Error(); ${use}`,
        ),
      'a middleware checks it, and the handler uses it':
        middleware(
          'memberOnly',
          `${signedIn} const m = ${membership}; if (!m) throw new Error(); return next({ context: { user: me } })`,
        ) +
        handler(
          'await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))',
          '.middleware([memberOnly])',
        ),
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'but part of it stands in its place': `${signedIn} const m = ${membership}; if (!m) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId.replace('a', data.other)))`,
    },
  )
})

const stripe = `import Stripe from 'stripe'
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
`

describe('what a service keeps', () => {
  const row = 'const own = await db.query.users.findFirst({ where: eq(users.id, me.id) }); if (!own) throw new Error()'
  scopes(
    { object: 'bound', loose: [] },
    {
      'is compared after it was read, and shown':
        stripe +
        handler(
          `${signedIn} ${row}; const found = await stripe.invoices.retrieve(data.id); if (found.customer !== own.stripeId) throw new Error(); return found`,
        ),
      'is compared after it was read, and changed':
        stripe +
        handler(
          `${signedIn} ${row}; const found = await stripe.invoices.retrieve(data.id); if (found.customer !== own.stripeId) throw new Error(); await stripe.invoices.pay(data.id); return found`,
        ),
    },
  )
  scopes(
    { object: 'unbound', loose: ['service chosen: .id'] },
    {
      'is read, and changed':
        stripe + handler(`${signedIn} await stripe.invoices.retrieve(data.id); await stripe.invoices.pay(data.id)`),
    },
  )
  scopes(
    { loose: [] },
    {
      'tells of an event that it has signed':
        stripe +
        handler(
          `const request = getRequest(); const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!); await db.update(invoices).set({ total: 0 }).where(eq(invoices.id, event.data.object.id))`,
        ),
      'answers with what leads to rows': `${signedIn} const found: any = await (await fetch('https://search.example.test', { method: 'POST', body: data.id })).json(); const row = await db.query.invoices.findFirst({ where: eq(invoices.id, found.invoiceId) }); await db.delete(lines).where(eq(lines.invoiceId, row!.id))`,
    },
  )
})

describe('one row or another', () => {
  const found =
    'let row; if (data.id) { row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }) } else { row = await db.query.invoices.findFirst({ where: eq(invoices.total, data.total) }) } if (!row) throw new Error()'
  const use = 'await db.delete(lines).where(eq(lines.invoiceId, row.id)); return row'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is compared, whichever it is': `${signedIn} ${found}; if (row.organizationId !== session.session.activeOrganizationId) throw new Error(); ${use}`,
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'is compared, and the work goes on': `${signedIn} ${found}; if (row.organizationId !== session.session.activeOrganizationId) console.warn('no'); ${use}`,
    },
  )
})

const isMember = `async function isMember(userId: string, organizationId: string) { return (await db.query.members.findFirst({ where: and(eq(members.userId, userId), eq(members.organizationId, organizationId)) })) !== undefined }\n`

describe('a tenant that may be left out', () => {
  const insert = 'await db.insert(invoices).values({ ownerId: me.id, organizationId: data.organizationId })'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is checked where there is one':
        isMember +
        handler(
          `${signedIn} if (data.organizationId && !(await isMember(me.id, data.organizationId))) throw new Error(); ${insert}`,
        ),
      'is checked where there is one, beside another test':
        isMember +
        handler(
          `${signedIn} if ((data.organizationId && !(await isMember(me.id, data.organizationId))) || !data.title) throw new Error(); ${insert}`,
        ),
    },
  )
  scopes(
    { tenant: 'client-chosen' },
    {
      'is checked in some cases only':
        isMember +
        handler(
          `${signedIn} if (data.title && !(await isMember(me.id, data.organizationId))) throw new Error(); ${insert}`,
        ),
    },
  )
})

describe('what is kept under a key', () => {
  const kept = (key: string): string =>
    `import { Redis } from '@upstash/redis'\nconst redis = Redis.fromEnv()\nasync function isIn(userId: string, organizationId: string) { const known = await redis.get(${key}); if (known) return true; const m = await db.query.members.findFirst({ where: and(eq(members.userId, userId), eq(members.organizationId, organizationId)) }); return m !== undefined }\n` +
    handler(
      `${signedIn} if (!(await isIn(me.id, data.organizationId))) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    )
  scopes(
    { tenant: 'scoped', loose: [] },
    { 'is the caller’s where the key names them': kept('`in:${userId}:${organizationId}`') },
  )
  scopes({ tenant: 'client-chosen' }, { 'is anybody’s where it does not': kept('`in:${organizationId}`') })
})

describe('a column of a row', () => {
  const role = (find: string): string =>
    `async function roleOf(userId: string, organizationId: string) { ${find} }\n` +
    handler(
      `${signedIn} const role = await roleOf(me.id, data.organizationId); if (!role) throw new Error(); await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    )
  const find =
    'const m = await db.query.members.findFirst({ where: and(eq(members.userId, userId), eq(members.organizationId, organizationId)) })'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is there only if the row is': role(`${find}; return m?.role ?? null`),
      'is there only if the row is, or is the one that was kept for the caller':
        `import { Redis } from '@upstash/redis'\nconst redis = Redis.fromEnv()\n` +
        role(
          `const kept = await redis.get(\`role:\${userId}:\${organizationId}\`); if (kept !== null) return kept; ${find}; return m?.role ?? null`,
        ),
    },
  )
  scopes({ tenant: 'client-chosen' }, { 'is there for everybody': role(`${find}; return m?.role ?? 'guest'`) })
})

describe('a caller that is no user', () => {
  const hook = (skips: string): string =>
    `import crypto from 'node:crypto'\n` +
    handler(
      `const request = getRequest(); const body = await request.text(); ${skips} { const wanted = crypto.createHmac('sha256', process.env.WEBHOOK_SECRET!).update(body).digest('hex'); if (wanted !== request.headers.get('x-signature')) throw new Error() } await db.update(invoices).set({ total: 0 }).where(eq(invoices.id, JSON.parse(body).id))`,
    )
  scopes({ tenant: null, loose: [] }, { 'signs what it sends': hook('') })
})

describe('an id that is there whenever its row is', () => {
  const where = `async function all(where: { organizationId?: string }) { let query = kdb.selectFrom('invoices').selectAll(); for (const [key, value] of Object.entries(where)) if (value !== undefined) query = query.where(key, '=', value); return query.execute() }\n`
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'leaves no condition out':
        `import { Kysely } from 'kysely'\nconst kdb = new Kysely<any>({} as any)\n` +
        where +
        handler(
          `${signedIn} const own = await db.query.organizations.findFirst({ where: eq(organizations.id, session.session.activeOrganizationId) }); if (!own) throw new Error(); return all({ organizationId: own.id })`,
        ),
    },
  )
})
