import rule from '../../src/rules/require-proof.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const code = 'export const removeUser = createServerFn().handler(work)\n'
const lacking = (lacks: readonly ('role:admin' | 'tenant')[], proofs: readonly 'authenticated'[] = ['authenticated']) =>
  file(code, (at) => ({
    entryPoints: [entryPoint({ name: 'removeUser', verdict: 'guarded', proofs, lacks, range: at('removeUser') })],
  }))
const place = { line: 1, column: 14, endColumn: 24 }

ruleTester.run('require-proof', rule, {
  valid: [{ name: 'nothing is missing', ...lacking([]) }],
  invalid: [
    {
      name: 'a role',
      ...lacking(['role:admin']),
      errors: [
        {
          ...place,
          messageId: 'lacksProof',
          data: { name: 'removeUser', lacks: '`role:admin`', proves: 'only `authenticated`' },
        },
      ],
    },
    {
      name: 'two proofs of an entry point that proves nothing',
      ...lacking(['role:admin', 'tenant'], []),
      errors: [
        {
          ...place,
          messageId: 'lacksProofs',
          data: { name: 'removeUser', lacks: '`role:admin` and `tenant`', proves: 'nothing' },
        },
      ],
    },
  ],
})
