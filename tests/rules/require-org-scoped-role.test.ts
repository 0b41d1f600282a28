import rule from '../../src/rules/require-org-scoped-role.ts'
import { ruleTester, scopedFile } from './harness.ts'

const code = 'export const act = fn.handler(({ data }) => remove(data.id))\n'

ruleTester.run('require-org-scoped-role', rule, {
  valid: [{ name: 'no role of the user decides', ...scopedFile(code, {}) }],
  invalid: [
    {
      name: 'a role of the user decides',
      ...scopedFile(code, { wide: [{ role: 'admin', what: 'writes `invoices`' }] }, 'remove(data.id)'),
      errors: [
        {
          messageId: 'wide',
          data: { name: 'act', role: 'admin', what: 'writes `invoices`' },
          line: 1,
          column: 45,
          endColumn: 60,
        },
      ],
    },
  ],
})
