import rule from '../../src/rules/no-shared-cache-of-private-data.ts'
import type { Problems } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'

const code = "createServerFn().handler(() => { set('public') })"
const cache = "export const handlers = cache(() => of(user.id), ['x'])"
const option = "export const dynamic = 'force-static'\nexport default handlers\n"
const found = (
  problem: Problems['no-shared-cache-of-private-data'],
  culprit: string,
  more: Record<string, string> = {},
) => ({
  name: problem,
  ...file(code, (at) => ({
    findings: [
      {
        rule: 'no-shared-cache-of-private-data',
        problem,
        range: at("set('public')"),
        data: { name: 'act', culprit, ...more },
      } as const,
    ],
  })),
  errors: [{ messageId: problem, data: { name: 'act', culprit, ...more }, line: 1, column: 34, endColumn: 47 }],
})

ruleTester.run('no-shared-cache-of-private-data', rule, {
  valid: [{ name: 'nothing was found', ...file(code, () => ({})) }],
  invalid: [
    found('header', 'public, max-age=60'),
    found('routeHeaders', 's-maxage=60'),
    found('staticFunction', 'staticFunctionMiddleware'),
    found('moduleState', 'current'),
    found('capturedIdentity', 'user', { cache: 'unstable_cache', where: ' in `orders.ts`' }),
    found('askedWhenKept', 'me', { where: '' }),
    found('prerendered', "dynamic = 'force-static'", { where: '' }),
    {
      name: 'a key is completed',
      ...file(cache, (at) => ({
        findings: [
          {
            rule: 'no-shared-cache-of-private-data',
            problem: 'capturedIdentity',
            range: at("cache(() => of(user.id), ['x'])"),
            data: { name: 'act', culprit: 'user', cache: 'cache', where: '' },
          },
        ],
      })),
      errors: [
        {
          messageId: 'capturedIdentity',
          suggestions: [
            {
              messageId: 'completeCacheKey',
              data: { key: 'user.id' },
              output: "export const handlers = cache(() => of(user.id), ['x', user.id])",
            },
          ],
        },
      ],
    },
    {
      name: 'an option of the page is taken away',
      ...file(option, (at) => ({
        findings: [
          {
            rule: 'no-shared-cache-of-private-data',
            problem: 'prerendered',
            range: at('dynamic'),
            data: { name: 'default', culprit: "dynamic = 'force-static'", where: '' },
          },
        ],
      })),
      errors: [
        {
          messageId: 'prerendered',
          suggestions: [{ messageId: 'removeOption', output: 'export default handlers\n' }],
        },
      ],
    },
    {
      name: 'an option of the layout is not to be edited from the page',
      ...file('export const page = handlers', (at) => ({
        findings: [
          {
            rule: 'no-shared-cache-of-private-data',
            problem: 'prerendered',
            range: at('page'),
            data: { name: 'default', culprit: "dynamic = 'force-static'", where: ' in `layout.tsx`' },
          },
        ],
      })),
      errors: [{ messageId: 'prerendered' }],
    },
  ],
})
