import rule from '../../src/rules/no-unguarded-server-route.ts'
import { file, ruleTester } from './harness.ts'
import { authMiddleware, entryPoint, type At } from './reports.ts'

const code = `import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/api/invoices')({
  server: {
    handlers: {
      GET: list,
      POST: save,
    },
  },
})
`
const server = code.slice(code.indexOf('{\n    handlers'), code.indexOf(',\n})'))
const open = (at: At, verb: 'GET' | 'POST', handler: string) =>
  entryPoint({
    kind: 'server-route',
    name: verb,
    method: verb,
    range: at(verb),
    shape: { server: at(server), handler: at(handler), declaration: at(`${verb}: ${handler}`) },
  })
const data = (verb: string) => ({
  name: verb,
  what: 'deletes `invoices`',
  culprit: 'the check',
  Culprit: 'The check',
  guard: '`authMiddleware`',
})
const insertRouteGuard = (name: string) =>
  ({
    messageId: 'insertRouteGuard',
    data: { guard: 'authMiddleware', name },
    output: code
      .replace("router'\n", "router'\nimport { authMiddleware } from '~/middleware'\n")
      .replace('server: {\n', 'server: {\n    middleware: [authMiddleware],\n'),
  }) as const
const declarePublic = (name: string) =>
  ({
    messageId: 'declarePublic',
    data: { name },
    output: code.replace(`${name}:`, `// authz: public -- <reason>\n      ${name}:`),
  }) as const

ruleTester.run('no-unguarded-server-route', rule, {
  valid: [
    {
      name: 'an open server function, which another rule reports',
      ...file(code, (at) => ({ entryPoints: [entryPoint({ range: at('GET') })] })),
    },
  ],
  invalid: [
    {
      name: 'one report for each verb',
      ...file(code, (at) => ({ entryPoints: [open(at, 'GET', 'list'), open(at, 'POST', 'save')] }), [authMiddleware]),
      errors: [
        {
          messageId: 'noGuard',
          data: data('GET'),
          line: 6,
          column: 7,
          endColumn: 10,
          suggestions: [insertRouteGuard('GET'), declarePublic('GET')],
        },
        {
          messageId: 'noGuard',
          data: data('POST'),
          line: 7,
          column: 7,
          endColumn: 11,
          suggestions: [insertRouteGuard('POST'), declarePublic('POST')],
        },
      ],
    },
    {
      name: 'middleware for server functions cannot stand at a route',
      ...file(code, (at) => ({ entryPoints: [open(at, 'GET', 'list')] }), [{ ...authMiddleware, type: 'function' }]),
      errors: [
        {
          messageId: 'noGuard',
          data: { ...data('GET'), guard: 'a guard middleware' },
          line: 6,
          column: 7,
          suggestions: [declarePublic('GET')],
        },
      ],
    },
  ],
})
