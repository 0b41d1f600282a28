import rule from '../../src/rules/no-unknown-permission.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const code = `export const act = fn.handler(() => requirePermission('billing:wite'))\n`
const asking = (text: string, ...strangers: readonly { readonly name: string; readonly nearest?: string }[]) =>
  file(text, (at) => ({
    entryPoints: [entryPoint({ name: 'act', verdict: 'guarded', range: at('act'), strangers })],
  }))

ruleTester.run('no-unknown-permission', rule, {
  valid: [{ name: 'all are known', ...asking(code) }],
  invalid: [
    {
      name: 'a letter too few: at the name, and it is put right',
      ...asking(code, { name: 'billing:wite', nearest: 'billing:write' }),
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
              data: { nearest: 'billing:write' },
              output: code.replace('wite', 'write'),
            },
          ],
        },
      ],
    },
    {
      name: 'nothing like it: no suggestion',
      ...asking(code, { name: 'billing:wite' }),
      errors: [{ messageId: 'unknown', data: { name: 'act', permission: 'billing:wite' }, suggestions: null }],
    },
    {
      name: 'a middleware asks for it: at the entry point',
      ...asking('export const act = fn.middleware([billing]).handler(work)\n', {
        name: 'billing:wite',
        nearest: 'billing:write',
      }),
      errors: [{ messageId: 'misspelt', line: 1, column: 14, endColumn: 17, suggestions: null }],
    },
  ],
})
