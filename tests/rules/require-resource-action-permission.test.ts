import rule from '../../src/rules/require-resource-action-permission.ts'
import type { EntryPointReport } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const proving = (code: string, proofs: EntryPointReport['proofs'], how: 'inline' | 'call' = 'inline') =>
  file(code, (at, here) => ({
    entryPoints: [
      entryPoint({
        name: 'act',
        verdict: 'guarded',
        range: at('act'),
        proofs,
        guards: [
          {
            name: 'requirePermission',
            place: { file: here, range: [0, 1], line: 1 },
            how,
            trust: 'verified',
            asked: [],
            tests: [],
          },
        ],
      }),
    ],
  }))
const permission = `export const act = fn.handler(() => requirePermission('manage'))\n`
const role = `export const act = fn.handler(({ user }) => { if (user.role !== 'admin') throw new Error() })\n`

ruleTester.run('require-resource-action-permission', rule, {
  valid: [
    { name: 'a resource and an action', ...proving(permission, ['permission:invoices:write']) },
    { name: 'with a dot', ...proving(permission, ['permission:invoices.write,invoices.read']) },
    { name: 'with a slash', ...proving(permission, ['permission:invoices/write']) },
    { name: 'a role that a helper asks for', ...proving(role, ['role:admin'], 'call') },
    { name: 'a role that does not stand in the file', ...proving(role, ['role:owner']) },
  ],
  invalid: [
    {
      name: 'a name that says nothing, at the name',
      ...proving(permission, ['authenticated', 'permission:manage']),
      errors: [{ messageId: 'name', data: { name: 'act', permission: 'manage' }, line: 1, column: 56, endColumn: 62 }],
    },
    {
      name: 'a role in the handler, at the role',
      ...proving(role, ['role:admin']),
      errors: [{ messageId: 'role', data: { name: 'act', role: 'admin' }, line: 1, column: 66, endColumn: 71 }],
    },
  ],
})
