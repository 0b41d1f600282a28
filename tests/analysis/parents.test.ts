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
