import { resolve } from 'node:path'
import rule from '../../src/rules/no-unverifiable-entry-point.ts'
import type { EntryPointReport } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint, type At } from './reports.ts'

const code = `export const save = createServerFn().handler(async () => {
  await check()
})
`
const hidden = (at: At, given: Partial<EntryPointReport> = {}) =>
  entryPoint({ range: at('save'), name: 'save', verdict: 'unverifiable', reason: 'unresolved call `check`', ...given })
const data = { name: 'save', reason: 'unresolved call `check`', file: '' }

ruleTester.run('no-unverifiable-entry-point', rule, {
  valid: [
    {
      name: 'an open entry point, which another rule reports',
      ...file(code, (at) => ({ entryPoints: [hidden(at, { verdict: 'unguarded' })] })),
    },
  ],
  invalid: [
    {
      name: 'at the declared name, when no place is known',
      ...file(code, (at) => ({ entryPoints: [hidden(at)] })),
      errors: [{ messageId: 'unverifiable', data, line: 1, column: 14, endColumn: 18 }],
    },
    {
      name: 'of any kind',
      ...file(code, (at) => ({ entryPoints: [hidden(at, { kind: 'server-route', name: 'GET' })] })),
      errors: [{ messageId: 'unverifiable', data: { ...data, name: 'GET' }, line: 1, column: 14 }],
    },
    {
      name: 'at the place that hid it',
      ...file(code, (at, here) => ({
        entryPoints: [hidden(at, { reasonAt: { file: here, range: at('check()'), line: 2 } })],
      })),
      errors: [{ messageId: 'unverifiable', data, line: 2, column: 9, endColumn: 16 }],
    },
    {
      name: 'with the file that hid it',
      ...file(code, (at) => ({
        entryPoints: [hidden(at, { reasonAt: { file: resolve('src/check.ts'), range: [0, 1], line: 9 } })],
      })),
      errors: [{ messageId: 'unverifiableElsewhere', data: { ...data, file: 'src/check.ts' }, line: 1, column: 14 }],
    },
  ],
})
