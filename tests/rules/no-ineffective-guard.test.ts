import rule from '../../src/rules/no-ineffective-guard.ts'
import type { IneffectiveGuard } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'
import type { At } from './reports.ts'

const weak =
  (problem: IneffectiveGuard, text: string, culprit = '') =>
  (at: At) => ({
    findings: [{ rule: 'no-ineffective-guard', problem, range: at(text), data: { name: 'guard', culprit } } as const],
  })
const around = (body: string): string =>
  `export const guard = createMiddleware().server(async ({ next }) => {\n  ${body}\n  return next()\n})`
const check = { name: 'guard', culprit: '`check`', Culprit: '`check`' }
const unnamed = { name: 'guard', culprit: 'the check', Culprit: 'The check' }

ruleTester.run('no-ineffective-guard', rule, {
  valid: [
    { name: 'nothing was found', ...file(around('check()'), () => ({})) },
    {
      name: 'what another rule says',
      ...file(around('check()'), (at) => ({
        findings: [{ rule: 'no-injectable-context', problem: 'neverSet', range: at('check()'), data: {} }],
      })),
    },
  ],
  invalid: [
    {
      name: 'not awaited',
      ...file(around('check()'), weak('notAwaited', 'check()', 'check')),
      errors: [
        {
          line: 2,
          column: 3,
          endColumn: 10,
          messageId: 'notAwaited',
          data: check,
          suggestions: [{ messageId: 'addAwait', data: { culprit: '`check`' }, output: around('await check()') }],
        },
      ],
    },
    {
      name: 'a denial that is dropped',
      ...file(around('if (!s) redirect(x)'), weak('denialDropped', 'redirect(x)', 'redirect')),
      errors: [
        {
          messageId: 'denialDropped',
          data: { name: 'guard', culprit: '`redirect`', Culprit: '`redirect`' },
          suggestions: [
            {
              messageId: 'throwDenial',
              data: { culprit: '`redirect`' },
              output: around('if (!s) throw redirect(x)'),
            },
          ],
        },
      ],
    },
    {
      name: 'a result that nothing tests',
      ...file(around('await check()'), weak('resultIgnored', 'check()', 'check')),
      errors: [
        {
          messageId: 'resultIgnored',
          data: check,
          suggestions: [
            {
              messageId: 'testResult',
              data: { culprit: '`check`' },
              output: around("if (!(await check())) throw new Error('Unauthorized')"),
            },
          ],
        },
      ],
    },
    {
      name: 'a test that null passes',
      ...file(around("if (s && s.role !== 'admin') throw e"), weak('passesNull', "s && s.role !== 'admin'", 'check')),
      errors: [
        {
          messageId: 'passesNull',
          data: check,
          suggestions: [
            { messageId: 'refuseNull', data: { tested: 's' }, output: around("if (s?.role !== 'admin') throw e") },
          ],
        },
      ],
    },
    ...(['swallowed', 'tooLate', 'clientOnly', 'switchedOff'] as const).map((problem) => ({
      name: `${problem}: there is no one way to mend it`,
      ...file(around('check()'), weak(problem, 'check()', 'check')),
      errors: [{ messageId: problem, data: check, suggestions: [] }],
    })),
    {
      name: 'a list that a second one replaces',
      ...file('createMiddleware()\n  .middleware([a, b])\n  .middleware([c])', weak('replaced', '[a, b]')),
      errors: [
        {
          messageId: 'replaced',
          data: unnamed,
          suggestions: [{ messageId: 'mergeLists', output: 'createMiddleware()\n  .middleware([a, b, c])' }],
        },
      ],
    },
    {
      name: 'a list that an empty one replaces',
      ...file('createMiddleware().middleware([a]).middleware([])', weak('replaced', '[a]')),
      errors: [
        {
          messageId: 'replaced',
          suggestions: [{ messageId: 'mergeLists', output: 'createMiddleware().middleware([a])' }],
        },
      ],
    },
    {
      name: 'a list that a variable replaces, which cannot be merged',
      ...file('createMiddleware().middleware([a]).middleware(list)', weak('replaced', '[a]')),
      errors: [{ messageId: 'replaced', suggestions: [] }],
    },
    {
      name: 'a secret that is accepted when unset',
      ...file(
        around('if (sent !== `Bearer ${process.env.KEY}`) throw e'),
        weak('secretUnset', 'sent !== `Bearer ${process.env.KEY}`', 'KEY'),
      ),
      errors: [
        {
          messageId: 'secretUnset',
          data: { name: 'guard', culprit: '`KEY`', Culprit: '`KEY`' },
          suggestions: [
            {
              messageId: 'requireVariable',
              data: { variable: 'KEY' },
              output: around(
                "if (!process.env.KEY) throw new Error('KEY is not set')\n  if (sent !== `Bearer ${process.env.KEY}`) throw e",
              ),
            },
          ],
        },
      ],
    },
    {
      name: 'a secret of another name than its variable',
      ...file(around('if (sent !== secret) throw e'), weak('secretUnset', 'sent !== secret', 'KEY')),
      errors: [{ messageId: 'secretUnset', suggestions: [] }],
    },
  ],
})
