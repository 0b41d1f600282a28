import rule from '../../src/rules/valid-public-marker.ts'
import type { MarkerReport } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'

const code = `// authz: pubic -- uptime probe
export const health = createServerFn().handler(() => 'ok')
`
const marked = (given: Partial<MarkerReport>) =>
  file(code, (at) => ({
    markers: [
      { range: at('// authz: pubic -- uptime probe'), text: 'pubic -- uptime probe', problem: 'misspelt', ...given },
    ],
  }))
const place = { line: 1, column: 1, endLine: 1, endColumn: 32 }
const removed = { messageId: 'remove', output: code.slice(code.indexOf('\n') + 1) } as const
const data = { name: '`health`', text: 'authz: pubic -- uptime probe' }

ruleTester.run('valid-public-marker', rule, {
  valid: [{ name: 'a marker that counts', ...file(code, () => ({})) }],
  invalid: [
    ...(['noReason', 'stale', 'orphaned'] as const).map((problem) => ({
      name: problem,
      ...marked({ problem, name: 'health' }),
      errors: [{ ...place, messageId: problem, data, suggestions: [removed] }],
    })),
    {
      name: 'forbidden: where it goes instead is no edit here',
      ...marked({ problem: 'forbidden', name: 'health' }),
      errors: [{ ...place, messageId: 'forbidden', data, suggestions: [] }],
    },
    {
      name: 'misspelt: what it meant is offered',
      ...marked({}),
      errors: [
        {
          ...place,
          messageId: 'misspelt',
          data: { name: 'this', text: 'authz: pubic -- uptime probe' },
          suggestions: [
            {
              messageId: 'correct',
              data: { marker: 'authz: public -- uptime probe' },
              output: code.replace('pubic', 'public'),
            },
          ],
        },
      ],
    },
    {
      name: 'a long text is cut, and stays on one line',
      ...marked({ problem: 'orphaned', text: `public\n -- ${'x'.repeat(80)}` }),
      errors: [
        {
          ...place,
          messageId: 'orphaned',
          data: { name: 'this', text: `public -- ${'x'.repeat(49)}…` },
          suggestions: [removed],
        },
      ],
    },
  ],
})
