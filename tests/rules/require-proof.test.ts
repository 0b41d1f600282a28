import rule from '../../src/rules/require-proof.ts'
import { file, ruleTester } from './harness.ts'
import { entryPoint } from './reports.ts'

const code = 'export const removeUser = createServerFn().handler(work)\n'
const removes = 'async function removeUser() {\n  work()\n}'
const action = `'use server'\nexport ${removes}\n`
const lacking = (lacks: readonly ('role:admin' | 'tenant')[], proofs: readonly 'authenticated'[] = ['authenticated']) =>
  file(code, (at) => ({
    entryPoints: [entryPoint({ name: 'removeUser', verdict: 'guarded', proofs, lacks, range: at('removeUser') })],
  }))
const guard = { name: 'adminMiddleware', file: 'guards.ts', specifier: './guards', type: 'function' } as const
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
      name: 'a role that a guard of the project asks for',
      ...file(
        code,
        (at) => ({
          entryPoints: [
            entryPoint({
              name: 'removeUser',
              verdict: 'guarded',
              proofs: ['authenticated'],
              lacks: ['role:admin'],
              range: at('removeUser'),
              shape: { chainStart: at('createServerFn()'), declaration: at('export') },
            }),
          ],
        }),
        [guard],
      ),
      errors: [
        {
          ...place,
          messageId: 'lacksProof',
          suggestions: [
            {
              messageId: 'insertGuard',
              data: { guard: 'adminMiddleware', name: 'removeUser' },
              output: `import { adminMiddleware } from './guards'\n${code.replace('createServerFn()', 'createServerFn().middleware([adminMiddleware])')}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a role that a function of the project asks for, where there is no middleware',
      ...file(
        action,
        (at) => ({
          entryPoints: [
            entryPoint({
              name: 'removeUser',
              kind: 'server-action',
              framework: 'next',
              verdict: 'guarded',
              proofs: ['authenticated'],
              lacks: ['role:admin'],
              range: at('removeUser'),
              shape: { handler: at(removes), declaration: at(`export ${removes}`) },
            }),
          ],
        }),
        [guard, { ...guard, name: 'requireAdmin', type: 'call' }],
      ),
      errors: [
        {
          messageId: 'lacksProof',
          suggestions: [
            {
              messageId: 'callGuard',
              data: { guard: 'requireAdmin', name: 'removeUser' },
              output: `'use server'\nimport { requireAdmin } from './guards'\n${action.replace("'use server'\n", '').replace('  work', '  await requireAdmin()\n  work')}`,
            },
          ],
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
