/** What is kept in a store under a key that the application has minted: found by who was sent the key. */
import { describe } from 'vitest'
import { cases, unguarded, type Case } from './harness.ts'

interface Parts {
  readonly kv?: string
  /** What puts something into the store. */
  readonly mint?: string
  /** In another file. */
  readonly beside?: string
  readonly look?: string
}

const upstash = `import { Redis } from '@upstash/redis'
  export const kv = new Redis({ url: process.env.REDIS_URL!, token: process.env.REDIS_TOKEN! })`
const ioredis = `import Redis from 'ioredis'
  export const kv = new Redis(process.env.REDIS_URL!)`

const mints = `export async function open(user: any) {
  const token = crypto.randomBytes(32).toString('hex')
  await kv.set(\`session:\${token}\`, JSON.stringify(user), { ex: 3600 })
  return token
}`
const byCookie = "const token = (await cookies()).get('sid')?.value; if (!token) return\n"
const found = byCookie + 'const s: any = await kv.get(`session:${token}`); if (!s) return\n'
const acts = 'await db.delete(invoices).where(eq(invoices.ownerId, s.userId))'

const app = ({ kv = upstash, mint = mints, beside = '', look = found + acts }: Parts = {}): Case => [
  '',
  {
    'src/kv.ts': kv,
    'src/mint.ts': `import crypto, { randomBytes, randomInt, randomUUID } from 'crypto'
      import { customAlphabet, nanoid } from 'nanoid'
      import { auth } from '~/auth'
      import { makeToken } from '~/token'
      import { kv, other } from '~/kv'
      ${mint}`,
    'src/token.ts': `import { nanoid } from 'nanoid'
      export const makeToken = () => nanoid()`,
    'src/beside.ts': `import { kv } from '~/kv'
      import { auth } from '~/auth'
      import { headers } from 'next/headers'
      ${beside}`,
    'src/act.ts': `// as it is
      'use server'
      import { cookies, headers } from 'next/headers'
      import { eq } from 'drizzle-orm'
      import { z } from 'zod'
      import { db } from '~/db'
      import { auth } from '~/auth'
      import { kv } from '~/kv'
      import { invoices } from '~/schema'
      export async function act(input: any) { ${look} }`,
  },
]

const set = (key: string, before = ''): Parts => ({
  mint: `export async function open(user: any) { ${before}; await kv.set(${key}, user) }`,
})

describe('what is kept under a minted key', () => {
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'is found by the cookie that was sent': app(),
      'is found by a header': app({
        look: `const token = (await headers()).get('x-session'); if (!token) return
          const s: any = await kv.get('session:' + token); if (!s) return; ${acts}`,
      }),
      'is found by a field, where the key says that it is a secret': app({
        ...set('`login_code:${user.email}:${code}`', "const code = customAlphabet('ABCDEFGHJKLMNPQRSTUVWXYZ', 12)()"),
        look: `const s: any = await kv.getdel(\`login_code:\${input.email}:\${input.code.toUpperCase()}\`)
          if (!s) return; ${acts}`,
      }),
      'is ended by who shows it': app({
        look: byCookie + 'await kv.del(`session:${token}`)',
      }),
      'is redeemed by ending it': app({
        look:
          byCookie +
          'const ended = await kv.del(`session:${token}`); if (ended === 0) return; await db.delete(invoices)',
      }),
      'is gathered, and not there': app({
        look: byCookie + `const s: any = await kv.hgetall(\`session:\${token}\`); if (!s) return; ${acts}`,
        mint: 'export async function open(user: any) { await kv.hset(`session:${randomUUID()}`, user) }',
      }),
      'is gathered, and empty': app({
        kv: ioredis,
        look: byCookie + `const s: any = await kv.hgetall(\`session:\${token}\`); if (!s.userId) return; ${acts}`,
        mint: 'export async function open(user: any) { await kv.hset(`session:${randomUUID()}`, user) }',
      }),
      'is a field of one hash': app({
        look: byCookie + `const s: any = await kv.hget('sessions', token); if (!s) return; ${acts}`,
        mint: "export async function open(user: any) { await kv.hset('sessions', randomUUID(), user) }",
      }),
      'is minted by a helper, under a constant prefix': app({
        ...set('PREFIX + makeToken()', "const PREFIX = 'session:'"),
      }),
      'is looked up by a helper that gives nothing when it is not there': app({
        look: `const s = await load(); if (!s || s.expiresAt < Date.now() || s.ip !== input.ip) return; ${acts} }
          const Session = z.object({ userId: z.string(), expiresAt: z.number(), ip: z.string() })
          async function load() { ${byCookie}
            const raw = await kv.get(\`session:\${token}\`)
            if (!raw) return null
            try {
              const s = Session.parse(raw)
              if (s.expiresAt < Date.now()) { await kv.del(\`session:\${token}\`); return null }
              return s
            } catch { await kv.del(\`session:\${token}\`); return null }`,
      }),
      'is extended by who shows it': app({
        beside: 'export async function extend(token: string, s: any) { await kv.set(`session:${token}`, s) }',
      }),
      'stands in a part of the store that has a name': app({
        kv: "import { prefixStorage, createStorage } from 'unstorage'; export const kv = prefixStorage(createStorage(), 'sessions')",
        mint: 'export async function open(user: any) { await kv.setItem(randomUUID(), user) }',
        look: byCookie + `const s: any = await kv.getItem(token); if (!s) return; ${acts}`,
      }),
      'stands in a store that is bound by name': app({
        kv: "import { env } from 'cloudflare:workers'; export const kv = env.SESSIONS",
        mint: 'export async function open(user: any) { await kv.put(randomUUID(), JSON.stringify(user)) }',
        look: byCookie + `const s: any = await kv.get(token, 'json'); if (!s) return; ${acts}`,
      }),
    },
  )
  unguarded({
    'nothing is minted: it is a cache': app({ ...set('`session:${user.id}`') }),
    'something else is minted': app({ ...set('`job:${nanoid()}`') }),
    'it is minted for another store': app({
      kv: "import { env } from 'cloudflare:workers'; export const kv = env.SESSIONS; export const other = env.JOBS",
      mint: 'export async function open(user: any) { await other.put(`session:${randomUUID()}`, JSON.stringify(user)) }',
    }),
    'it is not tested': app({
      look: byCookie + 'const s: any = await kv.get(`session:${token}`); await db.delete(invoices)',
    }),
    'an empty object passes for it': app({
      kv: ioredis,
      look:
        byCookie + `const s: any = await kv.hgetall(\`session:\${token}\`); if (!s) return; await db.delete(invoices)`,
      mint: 'export async function open(user: any) { await kv.hset(`session:${randomUUID()}`, user) }',
    }),
    'it can be guessed: six digits': app({
      ...set('`session:${code}`', "const code = customAlphabet('0123456789', 6)()"),
    }),
    'it can be guessed: a number': app({ ...set('`session:${randomInt(1e15)}`') }),
    'it can be guessed: what is left of it is short': app({
      ...set('`session:${code}`', "const code = randomBytes(16).toString('hex').slice(0, 6)"),
    }),
    'it can be foreseen': app({ ...set('`session:${Math.random().toString(36).slice(2)}`') }),
    'how long it is, nobody can tell': app({ ...set('`session:${nanoid(user.length)}`') }),
    'it is the id of a job, which stands in addresses': app({
      ...set('`job:${nanoid()}`'),
      look: `const s: any = await kv.get(\`job:\${input.id}\`); if (!s) return; ${acts}`,
    }),
    'other keys begin with the same words': app({
      beside: 'export async function index(id: string, list: string[]) { await kv.set(`session:user:${id}`, list) }',
    }),
    'others are kept under the same words': app({
      beside: `export async function index() {
        const s = await auth.api.getSession({ headers: await headers() })
        await kv.set(\`session:\${s.user.id}\`, s) }`,
    }),
    'another key of the same owner is read': app({
      ...set('`user:${user.id}:session:${nanoid()}`'),
      look: byCookie + `const s: any = await kv.get(\`user:\${token}:profile\`); if (!s) return; ${acts}`,
    }),
    'all of the key is the caller’s, in a store that keeps other things': app({
      ...set('nanoid()'),
      look: byCookie + `const s: any = await kv.get(token); if (!s) return; ${acts}`,
    }),
    'the server fills in the secret part itself': app({
      ...set('`session:${user.id}:${nanoid()}`'),
      look:
        byCookie +
        `const [row] = await db.select().from(invoices).where(eq(invoices.id, input.id))
        const s: any = await kv.get(\`session:\${token}:\${row.key}\`); if (!s) return; ${acts}`,
    }),
    'it is put there by the caller': app({
      look: byCookie + `await kv.set(\`session:\${token}\`, input); const s: any = input; ${acts}`,
    }),
  })
})
