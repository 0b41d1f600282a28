/** Rows that hang off another one. */
import { describe, expect, it } from 'vitest'
import { Schema, type SchemaModel } from '../../src/analysis/queries/schema.ts'
import { scopes, signedIn } from './scopes.ts'

describe('who did something with a row', () => {
  const model = (name: string, columns: Readonly<Record<string, string>>): SchemaModel => ({
    name,
    columns: Object.entries({ id: '', ...columns }).map(([column, references]) => ({
      name: column,
      type: 'text',
      ...(references === '' ? {} : { references }),
    })),
  })
  const schema = new Schema(
    [
      model('users', {}),
      model('organizations', {}),
      model('members', { userId: 'users', organizationId: 'organizations', role: '' }),
      model('invoices', { organizationId: 'organizations' }),
      model('keys', { userId: 'users' }),
      model('waivers', { invoiceId: 'invoices', waivedBy: 'users' }),
      model('comments', { invoiceId: 'invoices', userId: 'users', updatedBy: 'users' }),
      model('drafts', { createdById: 'users' }),
      model('uses', { keyId: 'keys', createdBy: 'users' }),
    ],
    { keys: [], models: {} },
  )
  it('is not whose it is where it hangs off a tenant’s', () => {
    expect(schema.whose('waivers')).toMatchObject({ owner: ['waivedBy'], parent: ['invoiceId'] })
  })
  it('is whose it is where it hangs off nothing', () => {
    expect(schema.whose('drafts')).toMatchObject({ owner: ['createdById'], parent: [] })
  })
  it('is whose it is where it hangs off somebody’s', () => {
    expect(schema.whose('uses')).toMatchObject({ owner: ['createdBy'], parent: [] })
  })
  it('is somebody else than whose it is said to be', () => {
    expect(schema.whose('comments')).toMatchObject({ owner: ['userId'], parent: [] })
  })
})

describe('a parent of the caller’s choice', () => {
  scopes(
    { object: 'unbound', loose: ['parent chosen: lines.invoiceId'] },
    {
      'is what the rows are found by': `${signedIn} await db.delete(lines).where(eq(lines.invoiceId, data.invoiceId))`,
      'stands beside an id': `${signedIn} await db.delete(lines).where(and(eq(lines.id, data.id), eq(lines.invoiceId, data.invoiceId)))`,
    },
  )
})

describe('a child that comes with its parent by a condition', () => {
  const team = (rest: string, test: string, work: string): string =>
    `${signedIn} const row = await prisma.organization.findUnique({ where: { id: data.id }, include: { ${rest} } }); if (${test}) throw new Error(); ${work}`
  const members = 'members: { where: { userId: me.id } }'
  const child = 'invoices: { where: { id: data.invoiceId } }'
  const remove = 'await db.delete(lines).where(eq(lines.invoiceId, data.invoiceId))'
  scopes(
    { object: 'bound', loose: [] },
    {
      'is the caller’s where the parent is': team(
        `${members}, ${child}`,
        '!row || row.members.length === 0 || row.invoices.length === 0',
        remove,
      ),
    },
  )
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is asked for below another one': `${signedIn} const row = await prisma.invoice.findUnique({ where: { id: data.id }, include: { organization: { include: { ${members} } } } }); if (!row || row.organization.members.length === 0) throw new Error(); await db.delete(invoices).where(eq(invoices.id, row.id)); await prisma.invoice.delete({ where: { id: data.id, organizationId: session.session.activeOrganizationId } })`,
      'is asked for below another one, Drizzle': `${signedIn} const row: any = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id), with: { organization: { with: { members: { where: eq(members.userId, me.id) } } } } }); if (!row || row.organization.members.length === 0) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    },
  )
  scopes(
    { object: 'unbound', loose: ['parent chosen: lines.invoiceId'] },
    {
      'is not, where nobody asked for the parent': team(child, '!row || row.invoices.length === 0', remove),
      'is not, where nobody looked whether it came': team(
        `${members}, ${child}`,
        '!row || row.members.length === 0',
        remove,
      ),
      'is not, where it came in spite of the condition': team(
        `${members}, invoices: { where: { id: { not: data.invoiceId } } }`,
        '!row || row.members.length === 0 || row.invoices.length === 0',
        remove,
      ),
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'below another one says nothing where anybody’s are asked for': `${signedIn} const row: any = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id), with: { organization: { with: { members: true } } } }); if (!row || row.organization.members.length === 0) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    },
  )
})
