import rule from '../../src/rules/require-tenant-scope.ts'
import { file, looseFile, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const tenant = {
  kind: 'tenant',
  model: 'invoices',
  column: 'organizationId',
  proved: 'context.organizationId',
} as const
const drizzle = `import { eq } from 'drizzle-orm'
export const act = fn.handler(({ context, data }) => db.delete(invoices).where(eq(invoices.id, data.id)))
`
const prisma =
  'export const act = fn.handler(({ context, data }) => prisma.invoice.delete({ where: { id: data.id } }))\n'
const call = 'prisma.invoice.delete({ where: { id: data.id } })'
const data = { name: 'act', what: 'writes `invoices`', model: 'invoices', column: 'organizationId' }
const proved = { column: 'organizationId', proved: 'context.organizationId' }

ruleTester.run('require-tenant-scope', rule, {
  valid: [
    {
      name: 'no query is loose',
      ...file('const act = 1', (at) => ({
        entryPoints: [entryPoint({ name: 'act', verdict: 'guarded', range: at('act') })],
      })),
    },
    {
      name: 'the row of a user is for another rule',
      ...looseFile(prisma, call, { ...tenant, kind: 'owner', problem: 'missing' }),
    },
  ],
  invalid: [
    {
      name: 'Drizzle: the condition is joined by `and`, with its import',
      ...looseFile(drizzle, 'db.delete(invoices)', { ...tenant, problem: 'missing' }),
      errors: [
        {
          messageId: 'missing',
          data,
          line: 2,
          column: 54,
          endColumn: 73,
          suggestions: [
            {
              messageId: 'addKey',
              data: proved,
              output: `import { eq, and } from 'drizzle-orm'
export const act = fn.handler(({ context, data }) => db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.organizationId, context.organizationId))))
`,
            },
          ],
        },
      ],
    },
    {
      name: 'Prisma: the key is added',
      ...looseFile(prisma, call, { ...tenant, problem: 'missing' }),
      errors: [
        {
          messageId: 'missing',
          data,
          suggestions: [
            {
              messageId: 'addKey',
              data: proved,
              output: prisma.replace('{ id: data.id }', '{ id: data.id, organizationId: context.organizationId }'),
            },
          ],
        },
      ],
    },
    {
      name: 'the value of the caller is replaced',
      ...looseFile(
        prisma.replace('id: data.id', 'organizationId: data.org'),
        call.replace('id: data.id', 'organizationId: data.org'),
        {
          ...tenant,
          problem: 'chosen',
        },
      ),
      errors: [
        {
          messageId: 'chosen',
          data,
          suggestions: [
            {
              messageId: 'replaceValue',
              data: proved,
              output: prisma.replace('id: data.id', 'organizationId: context.organizationId'),
            },
          ],
        },
      ],
    },
    {
      name: 'nothing proved is in reach: no suggestion',
      ...looseFile(prisma, call, { kind: 'tenant', model: 'invoices', column: 'organizationId', problem: 'missing' }),
      errors: [{ messageId: 'missing', data, suggestions: null }],
    },
    {
      name: 'what may be undefined',
      ...looseFile(prisma, call, { ...tenant, problem: 'mayBeMissing' }),
      errors: [{ messageId: 'mayBeMissing', data, suggestions: null }],
    },
    {
      name: 'a side of an `or` that the caller picks',
      ...looseFile(prisma, call, { kind: 'tenant', model: 'invoices', column: 'organizationId', problem: 'otherSide' }),
      errors: [{ messageId: 'otherSide', data, suggestions: null }],
    },
    {
      name: 'the query stands in another file: the entry point is reported',
      ...looseFile(prisma, call, { ...tenant, problem: 'missing' }, '/p/src/db.ts'),
      errors: [{ messageId: 'missing', data, line: 1, column: 14, endColumn: 17, suggestions: null }],
    },
  ],
})
