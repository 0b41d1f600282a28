/** What is done on the way to a client is done for it; what else is done there is work. */
import { describe } from 'vitest'
import { type Case, type Files, guarded, handler, session, unguarded, unverifiable, work } from './harness.ts'

/** A client of Better Auth that a helper makes when it is first asked for. */
const files = (before: string, more: Files = {}): Files => ({
  'src/late.ts': `
    import { betterAuth } from 'better-auth'
    import { sql } from 'drizzle-orm'
    import { db } from '~/db'
    import { prisma } from '~/prisma'
    let made: Promise<ReturnType<typeof betterAuth>> | undefined
    async function make(about?: unknown) {
      ${before}
      return betterAuth({ emailAndPassword: { enabled: true } })
    }
    export const getAuth = (about?: unknown) => (made ??= make(about))`,
  ...more,
})

const check = `const session = await (await getAuth()).api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error()\n`

const app = (before: string, body = check + work): Case => [
  `import { getAuth } from '~/late'\n${handler(body)}`,
  files(before),
]

const discover = "await fetch('https://idp.example/discover', { method: 'POST', body: 'x' })"
const cache =
  'await db.execute(sql`insert into cache (key, value, expires_at) values (${"settings"}, ${"{}"}, now()) on conflict (key) do update set value = excluded.value`)'

describe('a client that is made when it is first asked for', () => {
  guarded({
    'asks a service for what it is made with': app(discover),
    'keeps what it found for the next time': app(cache),
  })
  unguarded({ 'writes rows on the way': app("await prisma.visit.create({ data: { what: 'made' } })") }, 'tooLate')
  unguarded({
    'is made in front of work that nobody checks': app(discover, `await getAuth(); ${work}`),
    'is given what the caller sent': app(
      "await fetch('https://idp.example/discover', { method: 'POST', body: String(about) })",
      `await getAuth(data.about)`,
    ),
    'is made by a handler that asks the service itself': [
      `import { betterAuth } from 'better-auth'\n${handler(`${discover}; betterAuth({})`)}`,
      {},
    ],
  })
})

describe('one of two that a platform gives', () => {
  const two = (body: string): string =>
    `import { env } from 'cloudflare:workers'\nimport { env as other } from 'cloudflare:workers'\n${handler(body)}`
  unguarded({
    'what it is bound to': two(`const e: any = data.old ? other : env; await e.STORE.put(data.key, data.value)`),
    'what either holds': two(
      `const { e }: any = data.old ? { e: other } : { e: env }; await e.STORE.put(data.key, data.value)`,
    ),
    'two bindings': two(`const store: any = data.old ? env.OLD : env.NEW; await store.put(data.key, data.value)`),
    'what a call gave that was made before': [
      `import { getEnv } from './env'\nexport const act = createServerFn({ method: 'POST' }).validator(input).handler(async ({ data }) => { await getEnv(); const { env } = await getEnv(); await env.STORE.put(data.key, data.value) })`,
      {
        'src/env.ts': `import { env } from 'cloudflare:workers'
          const find = () => { const host = getRequestHeader('host'); if (!host) return undefined; if (host === 'a') return 1; return 2 }
          export const getEnv = async () => { try { return { where: find(), env } } catch { return { env } } }`,
      },
    ],
  })
})

describe('a client that is the real one, or another', () => {
  const chosen = (other: string, body: string, more = ''): string =>
    `import { prisma } from '~/prisma'; ${more}\nconst client: any = process.env.DB ? prisma : ${other}; ${handler(body)}`
  const write = 'await client.invoice.create({ data })'
  const fails = `{ throw new Error('no DATABASE_URL') }`
  unguarded({
    'which throws where it is read': chosen(`new Proxy({}, { get() ${fails} })`, write),
    'whose getter throws': chosen('new Nothing()', write, `class Nothing { get invoice(): any ${fails} }`),
    'whose methods throw': chosen(`{ invoice: { create() ${fails} } }`, write),
    'whose methods reject': chosen(`{ invoice: { async create() ${fails} } }`, write),
    'in the branches of an if': `import { prisma } from '~/prisma'\nlet client: any; if (process.env.DB) client = prisma; else client = new Proxy({}, { get() ${fails} }); ${handler(write)}`,
    'made by a function': `import { prisma } from '~/prisma'\nconst make = (): any => { if (process.env.DB) return prisma; return new Proxy({}, { get() ${fails} }) }; const client = make(); ${handler(write)}`,
  })
  unguarded({
    'what the one refuses, the other lets through': [
      `const guard: any = process.env.STRICT ? { async check() { ${session}; if (!session) throw new Error() } } : { async check() {} }; ${handler(`await guard.check(); ${work}`)}`,
      {},
    ],
  })
  guarded({
    'both of which refuse': `const guard: any = process.env.STRICT ? { async check() { ${session}; if (!session) throw new Error() } } : { async check() { throw new Error('closed') } }; ${handler(`await guard.check(); ${work}`)}`,
  })
  unverifiable({
    'one of which nobody can see': `import { guardOf } from 'who-knows'; const guard: any = process.env.STRICT ? guardOf() : { async check() {} }; ${handler(`await guard.check(getRequestHeaders()); ${work}`)}`,
  })
})
