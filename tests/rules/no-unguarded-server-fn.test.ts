import rule from '../../src/rules/no-unguarded-server-fn.ts'
import type { Cause } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'
import { authMiddleware, entryPoint, type At } from './reports.ts'

const code = `import { createServerFn } from '@tanstack/react-start'

export const deleteInvoice = createServerFn().handler(async ({ data }) => {
  check(data)
  return remove(data)
})
`
const guarded = `import { createServerFn } from '@tanstack/react-start'
import { authMiddleware } from '~/middleware'

export const deleteInvoice = createServerFn().middleware([authMiddleware]).handler(async ({ data }) => {
  check(data)
  return remove(data)
})
`
const declared = code.replace('export', '// authz: public -- <reason>\nexport')

const shapeOf = (at: At) => ({
  chainStart: at('createServerFn()'),
  declaration: [at('export const')[0], code.length - 1] as const,
})
const open = (at: At, cause: Cause, more: Partial<ReturnType<typeof entryPoint>> = {}) =>
  entryPoint({ range: at('deleteInvoice'), shape: shapeOf(at), cause, ...more })

const name = { line: 3, column: 14, endLine: 3, endColumn: 27 }
const check = { line: 4, column: 3, endLine: 4, endColumn: 14 }
const data = { name: 'deleteInvoice', what: 'deletes `invoices`', guard: '`authMiddleware`' }
const culprit = { culprit: '`check`', Culprit: '`check`' }
const insertGuard = {
  messageId: 'insertGuard',
  data: { guard: 'authMiddleware', name: 'deleteInvoice' },
  output: guarded,
} as const
const declarePublic = { messageId: 'declarePublic', data: { name: 'deleteInvoice' }, output: declared } as const

ruleTester.run('no-unguarded-server-fn', rule, {
  valid: [
    {
      name: 'a file without any needle',
      ...file('export const a = 1', (at) => ({ entryPoints: [entryPoint({ range: at('a') })] })),
    },
    {
      name: 'guarded',
      ...file(code, (at) => ({ entryPoints: [entryPoint({ range: at('deleteInvoice'), verdict: 'guarded' })] })),
    },
    {
      name: 'public',
      ...file(code, (at) => ({ entryPoints: [entryPoint({ range: at('deleteInvoice'), verdict: 'public' })] })),
    },
    {
      name: 'unverifiable, which another rule reports',
      ...file(code, (at) => ({ entryPoints: [entryPoint({ range: at('deleteInvoice'), verdict: 'unverifiable' })] })),
    },
    {
      name: 'an unguarded read of a model that belongs to nobody',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard', { exposure: 'read' })] })),
    },
    {
      name: 'an open route, which another rule reports',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard', { kind: 'server-route' })] })),
    },
  ],
  invalid: [
    {
      name: 'no guard',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard')] }), [authMiddleware]),
      errors: [
        {
          ...name,
          messageId: 'noGuard',
          data: { ...data, culprit: 'the check', Culprit: 'The check' },
          suggestions: [insertGuard, declarePublic],
        },
      ],
    },
    {
      name: 'a guard that is made by a call, in the message and in the code',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard')] }), [{ ...authMiddleware, args: ['owner', 1] }]),
      errors: [
        {
          ...name,
          messageId: 'noGuard',
          data: { ...data, guard: "`authMiddleware('owner', 1)`", culprit: 'the check', Culprit: 'The check' },
          suggestions: [
            {
              messageId: 'insertGuard',
              data: { guard: "authMiddleware('owner', 1)", name: 'deleteInvoice' },
              output: guarded.replace('[authMiddleware]', "[authMiddleware('owner', 1)]"),
            },
            declarePublic,
          ],
        },
      ],
    },
    {
      name: 'the two best guards are offered, the middleware for server functions too',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard')] }), [
        authMiddleware,
        { ...authMiddleware, name: 'adminMiddleware', type: 'function' },
        { ...authMiddleware, name: 'thirdMiddleware' },
      ]),
      errors: [
        {
          ...name,
          messageId: 'noGuard',
          suggestions: [
            insertGuard,
            {
              messageId: 'insertGuard',
              data: { guard: 'adminMiddleware', name: 'deleteInvoice' },
              output: guarded.replaceAll('authMiddleware', 'adminMiddleware'),
            },
            declarePublic,
          ],
        },
      ],
    },
    {
      name: 'no guard to offer',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard')] })),
      errors: [
        {
          ...name,
          messageId: 'noGuard',
          data: { ...data, culprit: 'the check', Culprit: 'The check', guard: 'a guard middleware' },
          suggestions: [declarePublic],
        },
      ],
    },
    {
      name: 'an owned read',
      ...file(code, (at) => ({
        entryPoints: [
          open(at, 'noGuard', {
            exposure: 'owned-read',
            effects: [{ what: 'reads `invoices`', place: { file: '/p/a.ts', range: [0, 1], line: 1 }, write: false }],
          }),
        ],
      })),
      errors: [
        {
          ...name,
          messageId: 'noGuard',
          data: {
            name: 'deleteInvoice',
            what: 'reads `invoices`',
            culprit: 'the check',
            Culprit: 'The check',
            guard: 'a guard middleware',
          },
          suggestions: [declarePublic],
        },
      ],
    },
    {
      name: 'every read, when asked',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard', { exposure: 'read' })] })),
      options: [{ reads: 'all' }],
      errors: [{ ...name, messageId: 'noGuard', suggestions: [declarePublic] }],
    },
    {
      name: 'with a marker that does not count, a second one is not offered',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuard', { marker: 0 })] })),
      errors: [{ ...name, messageId: 'noGuard', suggestions: [] }],
    },
    {
      name: 'not awaited',
      ...file(
        code,
        (at) => ({ entryPoints: [open(at, 'notAwaited', { causeRange: at('check(data)'), culprit: 'check' })] }),
        [authMiddleware],
      ),
      errors: [
        {
          ...check,
          messageId: 'notAwaited',
          data: { ...data, ...culprit },
          suggestions: [
            { messageId: 'addAwait', data: { culprit: '`check`' }, output: code.replace('check(', 'await check(') },
          ],
        },
      ],
    },
    {
      name: 'not awaited in another file: the guard is offered instead',
      ...file(code, (at) => ({ entryPoints: [open(at, 'notAwaited', { culprit: 'check' })] }), [authMiddleware]),
      errors: [{ ...name, messageId: 'notAwaited', data: { ...data, ...culprit }, suggestions: [insertGuard] }],
    },
    {
      name: 'result ignored',
      ...file(code, (at) => ({
        entryPoints: [open(at, 'resultIgnored', { causeRange: at('check(data)'), culprit: 'check' })],
      })),
      errors: [
        {
          ...check,
          messageId: 'resultIgnored',
          data: { ...data, ...culprit, guard: 'a guard middleware' },
          suggestions: [
            {
              messageId: 'testResult',
              data: { culprit: '`check`' },
              output: code.replace('check(data)', "if (!check(data)) throw new Error('Unauthorized')"),
            },
          ],
        },
      ],
    },
    {
      name: 'a test that null passes',
      ...file(code.replace('check(data)', "if (s && s.role !== 'admin') throw e"), (at) => ({
        entryPoints: [open(at, 'passesNull', { causeRange: at("s && s.role !== 'admin'") })],
      })),
      errors: [
        {
          line: 4,
          column: 7,
          endColumn: 30,
          messageId: 'passesNull',
          data: { ...data, culprit: 'the caller', Culprit: 'The caller', guard: 'a guard middleware' },
          suggestions: [
            {
              messageId: 'refuseNull',
              data: { tested: 's' },
              output: code.replace('check(data)', "if (s?.role !== 'admin') throw e"),
            },
          ],
        },
      ],
    },
    {
      name: 'an inverted test, for which only the guard can be offered',
      ...file(
        code.replace('check(data)', 'if (s) throw e'),
        (at) => ({ entryPoints: [open(at, 'passesNull', { causeRange: at('s', 9) })] }),
        [],
      ),
      errors: [{ messageId: 'passesNull', suggestions: [] }],
    },
    {
      name: 'denial dropped',
      ...file(code.replace('check(data)', 'if (!s) redirect(x)'), (at) => ({
        entryPoints: [open(at, 'denialDropped', { causeRange: at('redirect(x)'), culprit: 'redirect' })],
      })),
      errors: [
        {
          line: 4,
          column: 11,
          endColumn: 22,
          messageId: 'denialDropped',
          data: { ...data, culprit: '`redirect`', Culprit: '`redirect`', guard: 'a guard middleware' },
          suggestions: [
            {
              messageId: 'throwDenial',
              data: { culprit: '`redirect`' },
              output: code.replace('check(data)', 'if (!s) throw redirect(x)'),
            },
          ],
        },
      ],
    },
    {
      name: 'denial dropped: a response is returned',
      ...file(code.replace('check(data)', 'if (!s) new Response()'), (at) => ({
        entryPoints: [open(at, 'denialDropped', { causeRange: at('new Response()') })],
      })),
      errors: [
        {
          messageId: 'denialDropped',
          data: { ...data, culprit: 'the refusal', Culprit: 'The refusal', guard: 'a guard middleware' },
          suggestions: [
            {
              messageId: 'returnDenial',
              data: { culprit: 'the refusal' },
              output: code.replace('check(data)', 'if (!s) return new Response()'),
            },
          ],
        },
      ],
    },
    ...(['swallowed', 'tooLate', 'injectableContext', 'untrusted', 'onlyInBeforeLoad'] as const).map((messageId) => ({
      name: `${messageId}: the guard is the remedy, public is not`,
      ...file(
        code,
        (at) => ({ entryPoints: [open(at, messageId, { causeRange: at('check(data)'), culprit: 'check' })] }),
        [authMiddleware],
      ),
      errors: [{ ...check, messageId, data: { ...data, ...culprit }, suggestions: [insertGuard] }],
    })),
    ...(['clientOnly', 'soft'] as const).map((messageId) => ({
      name: `${messageId}: the culprit is not offered as its own remedy`,
      ...file(code, (at) => ({ entryPoints: [open(at, messageId, { culprit: 'softMiddleware' })] }), [
        { ...authMiddleware, name: 'softMiddleware' },
        authMiddleware,
      ]),
      errors: [
        {
          ...name,
          messageId,
          data: { ...data, culprit: '`softMiddleware`', Culprit: '`softMiddleware`' },
          suggestions: [insertGuard, declarePublic],
        },
      ],
    })),
    {
      name: 'no guard in the project: there is none to insert',
      ...file(code, (at) => ({ entryPoints: [open(at, 'noGuardInProject')] }), [authMiddleware]),
      errors: [
        {
          ...name,
          messageId: 'noGuardInProject',
          data: { ...data, culprit: 'the check', Culprit: 'The check', guard: 'a guard middleware' },
          suggestions: [declarePublic],
        },
      ],
    },
  ],
})
