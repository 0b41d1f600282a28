import rule from '../../src/rules/no-injectable-context.ts'
import { file, ruleTester } from './harness.ts'
import type { At } from './reports.ts'

const unset = (call: string) => (at: At) => ({
  findings: [
    {
      rule: 'no-injectable-context',
      problem: 'sometimesUnset',
      range: at(call),
      data: { name: 'withUser', key: 'user' },
    } as const,
  ],
})
const written = (output: string) => ({
  messageId: 'sometimesUnset',
  data: { name: 'withUser', key: 'user' },
  suggestions: [{ messageId: 'writeKey', data: { key: 'user' }, output }],
})
const inMiddleware = (call: string): string => `createMiddleware().server(({ next }) => ${call})`

ruleTester.run('no-injectable-context', rule, {
  valid: [{ name: 'nothing was found', ...file(inMiddleware('next()'), () => ({})) }],
  invalid: [
    {
      name: 'next() without anything',
      ...file(inMiddleware('next()'), unset('next()')),
      errors: [written(inMiddleware('next({ context: { user: undefined } })'))],
    },
    {
      name: 'a context with a spread, which still decides',
      ...file(
        inMiddleware('next({ context: { ...(s && { user }) } })'),
        unset('next({ context: { ...(s && { user }) } })'),
      ),
      errors: [written(inMiddleware('next({ context: { user: undefined, ...(s && { user }) } })'))],
    },
    {
      name: 'an empty context',
      ...file(inMiddleware('next({ context: {} })'), unset('next({ context: {} })')),
      errors: [written(inMiddleware('next({ context: { user: undefined } })'))],
    },
    {
      name: 'other options',
      ...file(inMiddleware('next({ headers })'), unset('next({ headers })')),
      errors: [written(inMiddleware('next({ context: { user: undefined }, headers })'))],
    },
    {
      name: 'a context that is computed, where nothing can be offered',
      ...file(inMiddleware('next({ context: s ? { user } : {} })'), unset('next({ context: s ? { user } : {} })')),
      errors: [{ messageId: 'sometimesUnset', suggestions: [] }],
    },
    {
      name: 'a key that nobody sets',
      ...file("createServerFn().handler(() => { if (context.role !== 'admin') throw e })", (at) => ({
        findings: [
          {
            rule: 'no-injectable-context',
            problem: 'neverSet',
            range: at("context.role !== 'admin'"),
            data: { name: 'act', key: 'context.role' },
          },
        ],
      })),
      errors: [
        {
          line: 1,
          column: 38,
          endColumn: 62,
          messageId: 'neverSet',
          data: { name: 'act', key: 'context.role' },
          suggestions: [],
        },
      ],
    },
  ],
})
