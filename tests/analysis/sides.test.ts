/** Rows that an `or` lets in, and rows of somebody that expire and are no session. */
import { describe } from 'vitest'
import { handler, shared, type Case } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const organization = 'const mine = eq(invoices.organizationId, session.session.activeOrganizationId)\n'
const where = (condition: string): string =>
  `${signedIn} ${organization} return db.select().from(invoices).where(${condition})`

describe('an `or` of which one side is the caller’s own', () => {
  scopes(
    { tenant: 'unscoped', loose: ['tenant otherSide: invoices.organizationId'] },
    {
      'and the other an id of their choice': where('or(mine, eq(invoices.id, data.id))'),
      'and the other stands there at times': where('or(mine, data.id ? eq(invoices.id, data.id) : undefined)'),
      'and the other was collected':
        `${signedIn} ${organization} const all = [mine]; if (data.id) all.push(eq(invoices.id, data.id))\n` +
        'return db.select().from(invoices).where(or(...all))',
      'beside an id of their choice': where(
        'and(eq(invoices.id, data.id), or(mine, eq(invoices.ownerId, data.owner)))',
      ),
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant otherSide: invoice.organizationId'] },
    {
      'and the other an id, with Prisma': `${signedIn} return prisma.invoice.findMany({ where: { OR: [{ organizationId: session.session.activeOrganizationId }, { id: data.id }] } })`,
    },
  )
  scopes(
    { tenant: null, loose: [] },
    {
      'and the other what the row says of itself': where('or(mine, eq(invoices.total, 0))'),
      'and the other what the row says of itself, beside an id': where(
        'and(eq(invoices.id, data.id), or(mine, eq(invoices.total, 0)))',
      ),
    },
  )
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'and so is the other': where('or(mine, eq(invoices.ownerId, me.id))'),
      'which stands beside it': where('and(mine, or(eq(invoices.id, data.id), eq(invoices.ownerId, data.owner)))'),
    },
  )
})

const expiring = `
export const shares = pgTable('shares', { id: text('id').primaryKey(), ownerId: text('owner_id').references(() => users.id),
  organizationId: text('organization_id').references(() => organizations.id), expiresAt: timestamp('expires_at') })
export const keys = pgTable('keys', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id), expiresAt: timestamp('expires_at') })
`
const withExpiring = (body: string): Case => [
  `import { keys, shares } from '~/schema'\n` + handler(signedIn + body),
  { 'src/schema.ts': shared['src/schema.ts']! + expiring },
]

describe('a row of somebody that expires', () => {
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: shares.organizationId'] },
    { 'is the tenant’s': withExpiring('await db.delete(shares).where(eq(shares.id, data.id))') },
  )
  scopes(
    { object: 'unbound', loose: ['owner missing: keys.userId'] },
    { 'is the user’s': withExpiring('await db.delete(keys).where(eq(keys.id, data.id))') },
  )
  scopes(
    { tenant: null, object: null, loose: [] },
    { 'is nobody’s where it is a session': `${signedIn} await db.delete(sessions).where(eq(sessions.id, data.id))` },
  )
})
