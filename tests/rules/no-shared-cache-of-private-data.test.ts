import rule from '../../src/rules/no-shared-cache-of-private-data.ts'
import type { Problems } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'

const code = "createServerFn().handler(() => { set('public') })"
const found = (problem: Problems['no-shared-cache-of-private-data'], culprit: string) => ({
  name: problem,
  ...file(code, (at) => ({
    findings: [
      {
        rule: 'no-shared-cache-of-private-data',
        problem,
        range: at("set('public')"),
        data: { name: 'act', culprit },
      } as const,
    ],
  })),
  errors: [{ messageId: problem, data: { name: 'act', culprit }, line: 1, column: 34, endColumn: 47 }],
})

ruleTester.run('no-shared-cache-of-private-data', rule, {
  valid: [{ name: 'nothing was found', ...file(code, () => ({})) }],
  invalid: [
    found('header', 'public, max-age=60'),
    found('routeHeaders', 's-maxage=60'),
    found('staticFunction', 'staticFunctionMiddleware'),
    found('moduleState', 'current'),
  ],
})
