/** Tenants that are kept apart outside of the rows: trusted, named, and then silent. */
import { describe, expect, it } from 'vitest'
import { answerTo, handler, type Case } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const sql = `import { sql } from 'drizzle-orm'\n`
const own = 'session.session.activeOrganizationId'
const all = 'return tx.select().from(invoices).where(eq(invoices.id, data.id))'
const extension = (body: string): string =>
  `function forTenant(organizationId: string) { return prisma.$extends({ query: { $allModels: { async $allOperations({ args, query }) { ${body}; return query(args) } } } }) }\n`
const pool = `import { Pool } from 'pg'\nimport { drizzle } from 'drizzle-orm/node-postgres'\n`
const inWords = (given: Case): readonly string[] => answerTo(given).scope().delegatedTo

describe('rows that the database keeps apart', () => {
  const inTransaction = (told: string, use = all): string =>
    sql + handler(`${signedIn} return db.transaction(async (tx) => { ${told}; ${use} })`)
  scopes(
    { tenant: 'delegated', loose: [] },
    {
      'it is told by set_config': inTransaction(
        `await tx.execute(sql\`select set_config('app.organization', \${${own}}, true)\`)`,
      ),
      'it is told by SET LOCAL': inTransaction(`await tx.execute(sql\`SET LOCAL app.organization = \${${own}}\`)`),
      'in a helper that runs the work':
        sql +
        `async function asTenant(id: string, work: (tx: typeof db) => Promise<unknown>) { return db.transaction(async (tx) => { await tx.execute(sql\`select set_config('app.organization', \${id}, true)\`); return work(tx) }) }\n` +
        handler(`${signedIn} return asTenant(${own}, async (tx) => { ${all} })`),
      'Prisma: it is told in front': `${signedIn} return prisma.$transaction(async (tx) => { await tx.$executeRaw\`SELECT set_config('app.organization', \${${own}}, TRUE)\`; return tx.invoice.findMany() })`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'it is told what the caller sends': inTransaction(
        `await tx.execute(sql\`select set_config('app.organization', \${data.organizationId}, true)\`)`,
      ),
      'it is told in one case only': inTransaction(
        `if (data.own) await tx.execute(sql\`select set_config('app.organization', \${${own}}, true)\`)`,
      ),
      'it is told something else': inTransaction(`await tx.execute(sql\`select 1 where \${${own}} is not null\`)`),
    },
  )
  it('are named', () => {
    expect(inWords(inTransaction(`await tx.execute(sql\`SET LOCAL app.organization = \${${own}}\`)`))).toEqual([
      'row-level security',
    ])
  })
})

describe('a client that is made for one tenant', () => {
  const narrows = extension('args.where = { ...args.where, organizationId }')
  scopes(
    { tenant: 'delegated', loose: [] },
    {
      'an extension narrows its queries':
        narrows + handler(`${signedIn} return forTenant(${own}).invoice.findMany({ where: { id: data.id } })`),
      'an extension narrows its queries, in a transaction':
        narrows +
        handler(
          `${signedIn} return forTenant(${own}).$transaction(async (tx) => tx.invoice.delete({ where: { id: data.id } }))`,
        ),
      'each has a database of its own':
        pool +
        handler(
          `${signedIn} const tenant = await db.query.organizations.findFirst({ where: eq(organizations.id, ${own}) }); const kept = drizzle(new Pool({ connectionString: tenant!.databaseUrl })); return kept.select().from(invoices).where(eq(invoices.id, data.id))`,
        ),
      'each has a schema of its own':
        `const open = (organizationId: string) => new PrismaClient({ datasourceUrl: process.env.DATABASE_URL + '?schema=' + organizationId })\nimport { PrismaClient } from '@prisma/client'\n` +
        handler(`${signedIn} return open(${own}).invoice.findMany()`),
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoice.organizationId'] },
    {
      'which the caller names':
        narrows + handler(`${signedIn} return forTenant(data.organizationId).invoice.findMany()`),
      'but its extension does something else':
        extension('console.log(args)') + handler(`${signedIn} return forTenant(${own}).invoice.findMany()`),
    },
  )
  it('is named', () => {
    expect(inWords(narrows + handler(`${signedIn} return forTenant(${own}).invoice.findMany()`))).toEqual([
      'a client that is made for `organizationId`',
    ])
  })
})
