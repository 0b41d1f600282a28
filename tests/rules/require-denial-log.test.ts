import rule from '../../src/rules/require-denial-log.ts'
import { file, ruleTester } from './harness.ts'

const found = (code: string, repair?: string) =>
  file(code, (at) => ({
    findings: [
      {
        rule: 'require-denial-log',
        problem: 'silent',
        range: at('guard'),
        data: { name: 'guard' },
        ...(repair ? { repair: at(repair) } : {}),
      },
    ],
  }))
const message = { messageId: 'silent' as const, data: { name: 'guard' }, column: 7, endColumn: 12 }
const log = "console.warn('guard refused a caller')"

ruleTester.run('require-denial-log', rule, {
  valid: [{ name: 'nothing was found', ...file('const guard = createMiddleware()', () => ({})) }],
  invalid: [
    {
      name: 'a throw without braces',
      ...found("const guard = createMiddleware().server(() => { if (!session) throw new Error('x') })", '!session'),
      errors: [
        {
          ...message,
          suggestions: [
            {
              messageId: 'recordDenial',
              output: `const guard = createMiddleware().server(() => { if (!session) { ${log}; throw new Error('x') } })`,
            },
          ],
        },
      ],
    },
    {
      name: 'a block on several lines',
      ...found(
        "const guard = createMiddleware().server(() => {\n  if (!session) {\n    throw new Error('x')\n  }\n})",
        '!session',
      ),
      errors: [
        {
          ...message,
          suggestions: [
            {
              messageId: 'recordDenial',
              output: `const guard = createMiddleware().server(() => {\n  if (!session) {\n    ${log}\n    throw new Error('x')\n  }\n})`,
            },
          ],
        },
      ],
    },
    {
      name: 'a refusal that is made elsewhere, where nothing can be offered',
      ...found('const guard = createMiddleware()'),
      errors: [{ ...message, suggestions: [] }],
    },
    {
      name: 'a test that no statement branches on',
      ...found('const guard = createMiddleware().server(() => check(session))', 'check(session)'),
      errors: [{ ...message, suggestions: [] }],
    },
  ],
})
