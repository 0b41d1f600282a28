import rule from '../../src/rules/no-unguarded-page.ts'
import { file, ruleTester } from './harness.ts'
import { runNextCases } from './next-cases.ts'
import { entryPoint } from './reports.ts'

runNextCases('no-unguarded-page', rule, ['page', 'layout', 'metadata'], 'route-handler')

// `handlers` lets the scan of the text through, which takes this file, by its name, for none that has entry points
const code = `export async function getServerSideProps(ctx) {
  await handlers.work()
}
`
ruleTester.run('no-unguarded-page, of the Pages Router', rule, {
  valid: [],
  invalid: [
    {
      name: 'no guard is offered that asks for the request of the App Router',
      ...file(
        code,
        (at) => ({
          entryPoints: [
            entryPoint({
              kind: 'page',
              framework: 'next',
              name: 'getServerSideProps',
              range: at('getServerSideProps'),
              shape: { declaration: at(code.trim()), handler: at(code.trim().slice('export '.length)) },
            }),
          ],
        }),
        [{ name: 'requireUser', file: '/p/src/guards.ts', specifier: '~/guards', type: 'call' }],
      ),
      errors: [
        {
          messageId: 'noGuard',
          line: 1,
          column: 23,
          suggestions: [
            {
              messageId: 'declarePublic',
              data: { name: 'getServerSideProps' },
              output: `// authz: public -- <reason>\n${code}`,
            },
          ],
        } as const,
      ],
    },
  ],
})
