import type { StrangerReport } from '../../src/model/report.ts'
import rule from '../../src/rules/no-unknown-permission.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const code = `export const act = fn.handler(() => requirePermission('billing:wite'))\n`
const asking = (text: string, ...strangers: readonly StrangerReport[]) =>
  file(text, (at) => ({
    entryPoints: [
      entryPoint({
        name: 'act',
        verdict: 'guarded',
        range: at('act'),
        strangers,
        shape: { declaration: at(/export const act.*/.exec(text)![0]) },
      }),
    ],
  }))

const misspelt: StrangerReport = { name: 'billing:wite', nearest: 'billing:write', instead: ['billing:write'] }
const unknown: StrangerReport = { name: 'billing:wite', instead: ['invoice:read', 'team:invite'] }

ruleTester.run('no-unknown-permission', rule, {
  valid: [{ name: 'all are known', ...asking(code) }],
  invalid: [
    {
      name: 'a letter too few: at the name, and it is put right',
      ...asking(code, misspelt),
      errors: [
        {
          messageId: 'misspelt',
          data: { name: 'act', permission: 'billing:wite', nearest: 'billing:write' },
          line: 1,
          column: 56,
          endColumn: 68,
          suggestions: [
            {
              messageId: 'replace',
              data: { instead: 'billing:write' },
              output: code.replace('wite', 'write'),
            },
          ],
        },
      ],
    },
    {
      name: 'nothing like it: what there is, the likeliest first',
      ...asking(code, unknown),
      errors: [
        {
          messageId: 'unknown',
          data: { name: 'act', permission: 'billing:wite' },
          suggestions: ['invoice:read', 'team:invite'].map((instead) => ({
            messageId: 'replace',
            data: { instead },
            output: code.replace('billing:wite', instead),
          })),
        },
      ],
    },
    {
      name: 'the same text elsewhere in the file: what the entry point asks for is replaced',
      ...asking(`const label = 'billing:wite'\n${code}`, misspelt),
      errors: [
        {
          messageId: 'misspelt',
          line: 2,
          suggestions: [
            { messageId: 'replace', output: `const label = 'billing:wite'\n${code.replace('wite', 'write')}` },
          ],
        },
      ],
    },
    {
      name: 'a name for it outside of the entry point: the text is replaced there',
      ...asking(`const wanted = 'billing:wite'\nexport const act = fn.handler(() => require(wanted))\n`, misspelt),
      errors: [
        {
          messageId: 'misspelt',
          line: 1,
          suggestions: [
            {
              messageId: 'replace',
              output: `const wanted = 'billing:write'\nexport const act = fn.handler(() => require(wanted))\n`,
            },
          ],
        },
      ],
    },
    {
      name: 'said twice in the entry point: nobody can tell which of them it asks for',
      ...asking(code.replace(`')`, `', 'billing:wite')`), misspelt),
      errors: [{ messageId: 'misspelt', line: 1, column: 56, suggestions: null }],
    },
    {
      name: 'a middleware asks for it: at the entry point',
      ...asking('export const act = fn.middleware([billing]).handler(work)\n', misspelt),
      errors: [{ messageId: 'misspelt', line: 1, column: 14, endColumn: 17, suggestions: null }],
    },
  ],
})
