import rule from '../../src/rules/require-csrf-middleware.ts'
import { file, ruleTester } from './harness.ts'

const found = (code: string) =>
  file(code, (at) => ({
    findings: [{ rule: 'require-csrf-middleware', problem: 'missing', range: at('createStart', 1), data: {} }],
  }))
const head = "import { createStart } from '@tanstack/react-start'\n"
const both = "import { createStart, createCsrfMiddleware } from '@tanstack/react-start'\n"
const csrf = "createCsrfMiddleware({ filter: (ctx) => ctx.handlerType === 'serverFn' })"
const offers = (output: string) => [{ messageId: 'missing' as const, suggestions: [{ messageId: 'addCsrf', output }] }]

ruleTester.run('require-csrf-middleware', rule, {
  valid: [{ name: 'nothing was found', ...file(`${head}createStart(() => ({}))`, () => ({})) }],
  invalid: [
    {
      name: 'no options',
      ...found(`${head}createStart(() => ({}))`),
      errors: offers(`${both}createStart(() => ({ requestMiddleware: [${csrf}] }))`),
    },
    {
      name: 'a list with others, in front of which it goes',
      ...found(`${head}createStart(() => ({ requestMiddleware: [a, b] }))`),
      errors: offers(`${both}createStart(() => ({ requestMiddleware: [${csrf}, a, b] }))`),
    },
    {
      name: 'other options, returned',
      ...found(`${head}createStart(() => {\n  return { functionMiddleware: [a] }\n})`),
      errors: offers(
        `${both}createStart(() => {\n  return { requestMiddleware: [${csrf}], functionMiddleware: [a] }\n})`,
      ),
    },
    {
      name: 'options from elsewhere, where nothing can be offered',
      ...found(`${head}createStart(options)`),
      errors: [{ messageId: 'missing', suggestions: [] }],
    },
  ],
})
