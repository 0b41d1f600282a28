import rule from '../../src/rules/require-org-scoped-role.ts'
import { ruleTester, scopedFile } from './harness.ts'

const code = 'export const act = fn.handler(({ data, context }) => prisma.invoice.delete({ where: { id: data.id } }))\n'
const call = 'prisma.invoice.delete({ where: { id: data.id } })'
const wide = { role: 'admin', what: 'writes `invoices`', column: 'organizationId', chosen: false }
const error = { messageId: 'wide', data: { name: 'act', role: 'admin', what: 'writes `invoices`' } }

ruleTester.run('require-org-scoped-role', rule, {
  valid: [{ name: 'no role of the user decides', ...scopedFile(code, {}) }],
  invalid: [
    {
      name: 'a role of the user decides',
      ...scopedFile(code, { wide: [wide] }, call),
      errors: [{ ...error, line: 1, column: 54, endColumn: 54 + call.length, suggestions: [] }],
    },
    {
      name: 'the tenant of the caller is added to the conditions',
      ...scopedFile(code, { wide: [{ ...wide, proved: 'context.organizationId' }] }, call),
      errors: [
        {
          ...error,
          suggestions: [
            {
              messageId: 'addKey',
              data: { column: 'organizationId', proved: 'context.organizationId' },
              output: code.replace('data.id }', 'data.id, organizationId: context.organizationId }'),
            },
          ],
        },
      ],
    },
    {
      name: 'the tenant of the caller takes the place of the one that they name',
      ...scopedFile(
        code.replace('id: data.id', 'organizationId: data.id'),
        { wide: [{ ...wide, chosen: true, proved: 'context.organizationId' }] },
        call.replace('id: data.id', 'organizationId: data.id'),
      ),
      errors: [
        {
          ...error,
          suggestions: [
            {
              messageId: 'replaceValue',
              output: code.replace('id: data.id', 'organizationId: context.organizationId'),
            },
          ],
        },
      ],
    },
  ],
})
