/** A secret that is not set equals what is not sent: said of a guard only where the application runs without the variable. */
import { expect, it } from 'vitest'
import { act, ask, handler, work, type Files } from './harness.ts'

const compared = (secret: string): string =>
  handler(`if (getRequestHeader('authorization') !== \`Bearer \${${secret}}\`) throw new Error()\n${work}`)
const withEnv = (env: string, name: string): [string, Files] => [
  `import { env } from '~/env'\n${compared(`env.${name}`)}`,
  { 'src/env.ts': env },
]

const lostChecks = (text: string, files: Files = {}): string[] => {
  const { verdict, judgement } = act(text, files)
  expect(verdict).toBe('guarded')
  return (judgement.lost ?? []).map(({ cause }) => cause)
}

it.each<[string, [string, Files?]]>([
  ['read where it is compared', [compared('process.env.CRON_SECRET')]],
  ['read at the top of the module', [`const secret = process.env.CRON_SECRET\n${compared('secret')}`]],
  ['said to be there by an assertion', [`const secret = process.env.CRON_SECRET!\n${compared('secret')}`]],
  ['replaced by a default that everybody can read', [compared("(process.env.CRON_SECRET ?? 'dev')")]],
  ['replaced by nothing', [compared("(process.env.CRON_SECRET ?? '')")]],
  [
    'replaced by nothing, as what is not sent is',
    [
      handler(
        `const secret = process.env.CRON_SECRET ?? ''; if ((getRequestHeader('x-cron') ?? '') !== secret) throw new Error()\n${work}`,
      ),
    ],
  ],
  [
    'replaced by what stands for false',
    [
      handler(
        `const secret = process.env.CRON_SECRET || 'dev'; if (getRequestHeader('x-cron') !== secret) throw new Error()\n${work}`,
      ),
    ],
  ],
  ['collected in an object', withEnv('export const env = { cronSecret: process.env.CRON_SECRET }', 'cronSecret')],
])('a secret %s is accepted when it is not set', (_, [text, files]) => {
  expect(lostChecks(text, files)).toEqual(['secretUnset'])
})

it.each<[string, [string, Files?]]>([
  [
    'the handler',
    [
      handler(
        `const secret = process.env.CRON_SECRET\nif (!secret) throw new Error()\nif (getRequestHeader('x-key') !== secret) throw new Error()\n${work}`,
      ),
    ],
  ],
  [
    'the handler, behind a default',
    [
      handler(
        `const secret = process.env.CRON_SECRET ?? ''\nif (secret === '') throw new Error()\nif (getRequestHeader('x-key') !== secret) throw new Error()\n${work}`,
      ),
    ],
  ],
  [
    'the module',
    [`const secret = process.env.CRON_SECRET\nif (!secret) throw new Error('not set')\n${compared('secret')}`],
  ],
  [
    'the module that it comes from',
    withEnv(
      `if (!process.env.CRON_SECRET) throw new Error('not set')\nexport const env = { cronSecret: process.env.CRON_SECRET }`,
      'cronSecret',
    ),
  ],
  [
    'a helper that reads all of them',
    withEnv(
      `function required(name: string): string { const value = process.env[name]; if (!value) throw new Error(name); return value }
export const env = { cronSecret: required('CRON_SECRET') }`,
      'cronSecret',
    ),
  ],
  [
    'a schema',
    withEnv(
      `import { z } from 'zod'\nexport const env = z.object({ CRON_SECRET: z.string() }).parse(process.env)`,
      'CRON_SECRET',
    ),
  ],
  [
    'a library for it',
    withEnv(
      `import { createEnv } from '@t3-oss/env-core'\nimport { z } from 'zod'\nexport const env = createEnv({ server: { CRON_SECRET: z.string() }, runtimeEnv: process.env })`,
      'CRON_SECRET',
    ),
  ],
])('a secret that %s insists on is not', (_, [text, files]) => {
  expect(lostChecks(text, files)).toEqual([])
})

it('a second entry point of the same file is not accepted either', () => {
  const [text, files] = withEnv(
    `function required(name: string): string { const value = process.env[name]; if (!value) throw new Error(name); return value }
export const env = { cronSecret: required('CRON_SECRET') }`,
    'cronSecret',
  )
  expect(
    lostChecks(`${text.replace('const act =', 'const first =')}\n${text.replace(/^import.*\n/, '')}`, files),
  ).toEqual([])
})

const strict = `function required(name: string): string { const value = process.env[name]; if (!value) throw new Error(name); return value }
export const env = { databaseUrl: required('DATABASE_URL'), other: required('OTHER_SECRET') }`

it.each<[string, string, readonly string[]]>([
  ['that the application does not ask for, beside others', 'process.env.CRON_SECRET', ['secretUnset']],
  ['that another module insists on', 'process.env.OTHER_SECRET', []],
])('a variable %s', (_, variable, expected) => {
  const text = `import { env } from '~/env'\n${handler(
    `if (getRequestHeader('authorization') !== \`Bearer \${${variable}}\`) throw new Error()\nawait db.insert(invoices).values({ id: env.databaseUrl })`,
  )}`
  expect(lostChecks(text, { 'src/env.ts': strict })).toEqual(expected)
})

it('what an entry point beside it insists on says nothing, whichever is looked at first', () => {
  const bare = (name: string): string =>
    compared('process.env.OTHER_SECRET').replace('export const act =', `export const ${name} =`)
  const strictly = handler(
    `if (getRequestHeader('authorization') !== \`Bearer \${env.other}\`) throw new Error()\n${work}`,
  )
  const answers = ask(`import { env } from '~/env'\n${bare('before')}\n${strictly}\n${bare('after')}`, {
    'src/env.ts': strict,
  })
  const lost = Object.entries(answers).map(([name, { judgement }]) => [name, judgement.lost?.map(({ cause }) => cause)])
  expect(Object.fromEntries(lost)).toEqual({ before: ['secretUnset'], act: [], after: ['secretUnset'] })
})

it('a header that is not sent is null, which equals no variable that is not set', () => {
  const refuses = (header: string, secret: string): string =>
    handler(`if (${header} !== ${secret}) throw new Error()\n${work}`)
  const header = `getRequest().headers.get('x-key')`
  expect(lostChecks(refuses(header, 'process.env.CRON_SECRET'))).toEqual([])
  expect(lostChecks(refuses(`(${header} ?? undefined)`, 'process.env.CRON_SECRET'))).toEqual(['secretUnset'])
  expect(lostChecks(refuses(`\`\${${header}}\``, '`${process.env.CRON_SECRET ?? null}`'))).toEqual(['secretUnset'])
})
