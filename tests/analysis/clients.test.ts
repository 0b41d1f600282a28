/** What is done on the way to a client is done for it; what else is done there is work. */
import { describe } from 'vitest'
import { type Case, type Files, guarded, handler, unguarded, work } from './harness.ts'

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
