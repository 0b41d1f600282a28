/** Variables of the environment that the code does not name. */
import { describe } from 'vitest'
import { cases, guarded, handler, isPublic, session, unguarded, work } from './harness.ts'

describe('a variable that the caller names', () => {
  unguarded({
    'is answered': handler('return process.env[data.name]'),
    'is answered by a helper': handler('return { value: read(data.name) ?? null }').concat(
      '\nfunction read(name: string) { return process.env[name] }',
    ),
    'is answered as one of them all': handler('const all: any = { ...process.env }; return { value: all[data.name] }'),
  })
  isPublic({
    'is tested and not answered': handler('return { on: 1, has: process.env[data.name] ? 1 : 1 }'),
    'is one that browsers get anyway': handler('return process.env[`NEXT_PUBLIC_${data.name}`]'),
    'is one of those in the code': handler(
      `const names: any = { a: 'VITE_A', b: 'VITE_B' }; return process.env[names[data.name]]`,
    ),
    'is named by the code alone': handler(
      `const read = (name: string) => process.env[name]; return { url: read('APP_URL') }`,
    ),
    'is part of what a program is started with': handler('const all: any = { ...process.env }; return { count: 1 }'),
  })
  guarded({
    'behind a guard': handler(`${session} if (!session) throw new Error('401'); return process.env[data.name]`),
  })
})

describe('a flag of an environment that was checked', () => {
  const made: Readonly<Record<string, string>> = {
    'by t3-env': `import { createEnv } from '@t3-oss/env-nextjs'; import { z } from 'zod'
      const env = createEnv({ server: { CRON_SECRET: z.string(), AUTH_OFF: z.boolean().default(false) }, experimental__runtimeEnv: {} })`,
    'by t3-env, where it may be left out': `import { createEnv } from '@t3-oss/env-core'; import { z } from 'zod'
      const env = createEnv({ server: { CRON_SECRET: z.string(), AUTH_OFF: z.string().optional() }, runtimeEnv: process.env })`,
    'by a schema of zod': `import { z } from 'zod'
      const env = z.object({ CRON_SECRET: z.string(), AUTH_OFF: z.coerce.boolean() }).parse(process.env)`,
    'by one that does not throw': `import { z } from 'zod'
      const parsed = z.object({ CRON_SECRET: z.string(), AUTH_OFF: z.coerce.boolean() }).safeParse(process.env)
      if (!parsed.success) throw new Error('invalid environment')
      const env = parsed.data`,
    'by envalid': `import { cleanEnv, str, bool } from 'envalid'
      const env = cleanEnv(process.env, { CRON_SECRET: str(), AUTH_OFF: bool() })`,
    'by znv': `import { parseEnv, z } from 'znv'
      const env = parseEnv(process.env, { CRON_SECRET: z.string(), AUTH_OFF: z.boolean() })`,
  }
  const each = (body: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(made).map(([name, imports]) => [name, `${imports}\n${handler(body)}`]))
  cases(
    { verdict: 'unverifiable', reason: 'the guard is skipped in some environments: `env.AUTH_OFF` decides' },
    each(`if (!env.AUTH_OFF) { ${session} if (!session) throw new Error('401') } ${work}`),
  )
  unguarded(each(`if (env.AUTH_OFF) throw new Error('off'); ${work}`))
  guarded(
    each(`if (getRequestHeader('authorization') !== \`Bearer \${env.CRON_SECRET}\`) throw new Error('401'); ${work}`),
  )
})

describe('what a schema gives of the environment', () => {
  const env = `import { z } from 'zod'\nconst env = z.object({ NEXT_PUBLIC_KEY: z.string(), NODE_ENV: z.string() }).parse(process.env)\n`
  unguarded({
    'is no secret where it is public': `${env}${handler(`if (getRequestHeader('x-key') !== env.NEXT_PUBLIC_KEY) throw new Error('401'); ${work}`)}`,
  })
  guarded({
    'says where the application runs': `${env}${handler(`if (env.NODE_ENV === 'production') throw new Error('404'); ${work}`)}`,
  })
})
