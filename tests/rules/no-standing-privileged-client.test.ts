import rule from '../../src/rules/no-standing-privileged-client.ts'
import { looseFile, ruleTester } from './harness.ts'

const code = 'export const act = fn.handler(({ data }) => stripe.customers.retrieve(data.customer))\n'
const call = 'stripe.customers.retrieve(data.customer)'

const adds = 'auth.api.addMember({ body: { userId: data.userId, organizationId: data.organizationId } })'
const adding = `export const act = fn.handler(({ data, context }) => ${adds})\n`

ruleTester.run('no-standing-privileged-client', rule, {
  valid: [
    {
      name: 'rows are for other rules',
      ...looseFile(code, call, { kind: 'tenant', problem: 'chosen', model: 'invoices', column: 'organizationId' }),
    },
  ],
  invalid: [
    {
      name: 'a customer of the caller’s choice',
      ...looseFile(code, call, { kind: 'service', problem: 'chosen', model: '', column: 'customer' }),
      errors: [{ messageId: 'chosen', line: 1, column: 45, endColumn: 45 + call.length, suggestions: [] }],
    },
    {
      name: 'an organisation of the caller’s choice: that of the session takes its place',
      ...looseFile(adding, adds, {
        kind: 'service',
        problem: 'chosen',
        model: '',
        column: 'organizationId',
        proved: 'context.organizationId',
      }),
      errors: [
        {
          messageId: 'chosen',
          suggestions: [
            {
              messageId: 'replaceValue',
              data: { column: 'organizationId', proved: 'context.organizationId' },
              output: adding.replace('data.organizationId', 'context.organizationId'),
            },
          ],
        },
      ],
    },
  ],
})
