import rule from '../../src/rules/no-mutation-in-get.ts'
import { file, ruleTester } from './harness.ts'

const found = (made: string) =>
  file(`const act = ${made}.handler(fn)`, (at) => ({
    findings: [
      {
        rule: 'no-mutation-in-get',
        problem: 'mutation',
        range: at('act'),
        data: { name: 'act', what: 'deletes `invoices`' },
        repair: at(made),
      },
    ],
  }))
const offers = (made: string) => [
  {
    line: 1,
    column: 7,
    messageId: 'mutation' as const,
    data: { name: 'act', what: 'deletes `invoices`' },
    suggestions: [{ messageId: 'usePost', output: `const act = ${made}.handler(fn)` }],
  },
]

ruleTester.run('no-mutation-in-get', rule, {
  valid: [{ name: 'nothing was found', ...file('createServerFn().handler(fn)', () => ({})) }],
  invalid: [
    {
      name: 'no options',
      ...found('createServerFn()'),
      errors: offers("createServerFn({ method: 'POST' })"),
    },
    {
      name: 'the method GET',
      ...found("createServerFn({ method: 'GET' })"),
      errors: offers("createServerFn({ method: 'POST' })"),
    },
    {
      name: 'other options',
      ...found('createServerFn({ strict: true })'),
      errors: offers("createServerFn({ method: 'POST', strict: true })"),
    },
    {
      name: 'a base, where the method may be anywhere',
      ...found('base'),
      errors: [{ messageId: 'mutation', suggestions: [] }],
    },
  ],
})
