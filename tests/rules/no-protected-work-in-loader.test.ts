import rule from '../../src/rules/no-protected-work-in-loader.ts'
import { file, ruleTester } from './harness.ts'

const found = (code: string, problem: 'effect' | 'secret' | 'serverModule', text: string, what: string) => ({
  ...file(code, (at) => ({
    findings: [{ rule: 'no-protected-work-in-loader', problem, range: at(text), data: { name: 'loader', what } }],
  })),
  errors: [
    {
      messageId: problem,
      data: { name: 'loader', what },
      column: code.indexOf(text) + 1,
      endColumn: code.indexOf(text) + text.length + 1,
    },
  ],
})

ruleTester.run('no-protected-work-in-loader', rule, {
  valid: [{ name: 'nothing was found', ...file("createFileRoute('/')({ loader: () => load() })", () => ({})) }],
  invalid: [
    {
      name: 'a query, where it stands',
      ...found("createFileRoute('/')({ loader: () => db.find() })", 'effect', 'db.find()', 'reads `invoices`'),
    },
    {
      name: 'a secret',
      ...found(
        "createFileRoute('/')({ loader: () => process.env.API_SECRET })",
        'secret',
        'process.env.API_SECRET',
        'API_SECRET',
      ),
    },
    {
      name: 'a module of the server',
      ...found("createFileRoute('/')({ loader: () => readFile('x') })", 'serverModule', "readFile('x')", 'node:fs'),
    },
  ],
})
