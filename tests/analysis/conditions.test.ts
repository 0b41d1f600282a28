/** Conditions of a query that are put together: in lists, and in SQL. */
import { describe, expect, it } from 'vitest'
import { readPredicate } from '../../src/analysis/queries/raw-sql.ts'
import { guarded, handler, session, unguarded, work } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const own = 'eq(invoices.organizationId, session.session.activeOrganizationId)'
const list = (conditions: string, how = ''): string =>
  `${signedIn} const all: any[] = ${conditions}${how}; return db.select().from(invoices).where(and(...all))`
const byName = 'data.id ? eq(invoices.id, data.id) : undefined'

describe('conditions in a list of which some may be missing', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'those that are missing are taken out': list(`[${own}, ${byName}]`, '.filter((c) => c !== undefined)'),
      'by Boolean': list(`[${own}, ${byName}]`, '.filter(Boolean)'),
      'by a helper':
        'const isThere = (value: any) => value != null\n' + handler(list(`[${own}, ${byName}]`, '.filter(isThere)')),
      'the sure one stands last': list(`[${byName}, ${own}]`, '.filter((c) => !!c)'),
      'the sure one is put in last': list(`[]; if (data.id) all.push(eq(invoices.id, data.id)); all.push(${own})`),
      'in the arguments': `${signedIn} return db.select().from(invoices).where(and(...[${own}, ${byName}].filter(Boolean)))`,
      'Prisma: in AND': `${signedIn} return prisma.invoice.findMany({ where: { AND: [{ organizationId: session.session.activeOrganizationId }, data.id ? { id: data.id } : undefined].filter(Boolean) } })`,
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'that of the tenant may be': list(`[data.mine ? ${own} : undefined]`, '.filter(Boolean)'),
      'that of the tenant is put in at times': list(`[]; if (data.mine) all.push(${own})`),
      'the test says which': list(`[${own}, eq(invoices.id, data.id)]`, '.filter((_, i) => i > data.from)'),
    },
  )
})

describe('other lists of which items are taken out', () => {
  guarded({
    'none is left for who is not signed in': handler(
      `${session} const who = [session?.user.id].filter(Boolean); if (who.length === 0) throw new Error('401'); ${work}`,
    ),
    'none is left of one that may be missing': `${session} const found = [session?.user].filter(Boolean); if (found.length === 0) throw new Error(); ${work}`,
    'the first one left is the caller': handler(
      `${session} const [who] = [null, session?.user].filter((u) => u != null); if (!who) throw new Error('401'); ${work}`,
    ),
  })
  unguarded({
    'one is left for everybody': handler(
      `${session} const who = [session?.user.id, data.id, 'guest'].filter(Boolean); if (who.length === 0) throw new Error('401'); ${work}`,
    ),
    'one may be left': handler(
      `${session} const who = [session?.user.id, data.id].filter(Boolean); if (who.length === 0) throw new Error('401'); ${work}`,
    ),
  })
})

const where = (predicate: string): string => `${signedIn} return db.select().from(invoices).where(${predicate})`

describe('a condition in SQL', () => {
  const tag = "const { sql } = await import('drizzle-orm');"
  const raw = (text: string): string => `${tag} ${where(`sql\`${text}\``)}`
  const tenant = '${invoices.organizationId} = ${session.session.activeOrganizationId}'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'compares the tenant': raw(tenant),
      'names the column itself': raw('organization_id = ${session.session.activeOrganizationId}'),
      'compares more besides': raw(`${tenant} and \${invoices.total} > \${data.min} and deleted_at is null`),
      'the other way round': raw('${session.session.activeOrganizationId} = ${invoices.organizationId}'),
      'has a condition in it': raw(`\${${own}} and total > 1`),
    },
  )
  scopes(
    { tenant: 'client-chosen' },
    {
      'compares the tenant with what the caller sends': raw('${invoices.organizationId} = ${data.organizationId}'),
      'asks for one of those that the caller sends': raw('${invoices.organizationId} in (${data.ids})'),
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'compares the id alone': raw('${invoices.id} = ${data.id}'),
      'compares the tenant of another table': raw(
        '${invoices.id} = ${data.id} and ${members.organizationId} = ${data.id}',
      ),
    },
  )
  scopes(
    { tenant: null, loose: [] },
    {
      'in a way that nobody can read': raw(
        `lower(\${invoices.organizationId}) = lower(\${session.session.activeOrganizationId})`,
      ),
      'or something else': raw(`${tenant} or public`),
      'or something else, in a text that is put in': raw(`${tenant} and \${sql.raw('a or b')}`),
      'or the opposite': raw(`not (${tenant})`),
      'or the opposite of a condition': raw(`not \${${own}}`),
    },
  )

  it('is read where its parts hold all together', () => {
    const columns = (text: string) => readPredicate(text, (place) => place === 0)?.compared
    expect(columns('? = ?')).toEqual([{ column: 0, op: 'eq', value: 1 }])
    expect(columns('a = ? AND b <> ?')).toEqual([{ column: 'b', op: 'compare', value: 1 }])
    expect(columns('"a" = any(?) and ? = ?')).toEqual([])
    expect(columns('? = any(?)')).toEqual([{ column: 0, op: 'in', value: 1 }])
    expect(columns('? is null')).toEqual([])
    expect(columns('? = ? and sent_at is not null')).toEqual([{ column: 0, op: 'eq', value: 1 }])
    expect(columns('? = ? or b = ?')).toBeUndefined()
    expect(columns('coalesce(? = ?, true)')).toBeUndefined()
    expect(columns('? between ? and ?')).toBeUndefined()
    expect(readPredicate('? and b = 1', () => false)?.holds).toEqual([0])
  })
})
