/** What is kept in a store under a key that the application has minted: found by who was sent the key. */
import { describe } from 'vitest'
import { cases, unguarded, type Files } from './harness.ts'

type Project = [string, Files]

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

const app = ({ kv = upstash, mint = mints, beside = '', look = found + acts }: Parts = {}): Project => [
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
      'is minted by whoever calls the helper that puts it there': app({
        mint: `export async function open(user: any) { await save({ user, token: randomUUID() }) }
          const save = async ({ token, user }: any) => { await put(token, user) }
          const put = (id: string, user: any) => kv.set('session:' + id, user)`,
      }),
      'is minted by whoever calls the helper, in another file': app({
        mint: 'export const save = async (token: string, user: any) => { await kv.set(`session:${token}`, user) }',
        beside:
          "import { save } from '~/mint'; export const open = async (user: any) => save(crypto.randomUUID(), user)",
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
      'is extended once it was found': app({
        beside: `export async function extend(token: string, seen: Date) {
          const s: any = await kv.get(\`session:\${token}\`); if (!s) return null
          await kv.set(\`session:\${token}\`, { ...s, seen }); return s }`,
      }),
      'is extended by a helper, once its caller has found it': app({
        beside: `const keep = async (token: string, s: any) => { await kv.set('session:' + token, s) }
          const find = (token: string) => kv.get('session:' + token)
          export async function extend(token: string) {
            const s: any = await find(token); if (!s) throw new Error('none'); await keep(token, s) }`,
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
  const drawn = (bytes: string, text: string): Project =>
    app(set('`session:${make()}`', `function make() { ${bytes}; return ${text} }`))
  const filled = 'const bytes = new Uint8Array(20); globalThis.crypto.getRandomValues(bytes)'
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'is made of bytes that chance has filled': drawn(filled, 'btoa(String.fromCharCode(...bytes))'),
      'is made of as many bytes as its maker asks for': app(
        set(
          '`session:${make(32)}`',
          `function make(length: number) { const bytes = new Uint8Array(length); globalThis.crypto.getRandomValues(bytes)
            let text = ''; for (const byte of bytes) { text += String.fromCharCode(byte) }
            return btoa(text).replaceAll('+', '-') }`,
        ),
      ),
      'is made of bytes, in hex by hand': drawn(
        filled,
        "Array.from(bytes).map((byte) => byte.toString(16).padStart(2, '0')).join('')",
      ),
      'is made of bytes, in hex by a buffer': drawn(filled, "Buffer.from(bytes).toString('hex')"),
      'is made of letters that chance has chosen': drawn(
        "const letters = 'abcdefghijklmnopqrstuvwxyz'; const bytes = globalThis.crypto.getRandomValues(new Uint8Array(20))",
        "Array.from(bytes, (byte) => letters[byte % 26]).join('')",
      ),
      'is kept under the digest of what was sent': app({
        kv: "import { env } from 'cloudflare:workers'; export const kv = env.SESSIONS",
        mint: `import { digest } from '~/beside'
          export const open = async (user: any) => kv.put(\`session:\${await digest(randomUUID())}\`, user)`,
        beside: `export async function digest(text: string) {
          const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
          return Array.from(new Uint8Array(bytes)).map((byte) => byte.toString(16).padStart(2, '0')).join('') }`,
        look: `${byCookie} const { digest } = await import('~/beside')
          const s: any = await kv.get(\`session:\${await digest(token)}\`); if (!s) return; ${acts}`,
      }),
    },
  )
  unguarded({
    'it can be guessed: four bytes': drawn(filled.replace('20', '4'), 'btoa(String.fromCharCode(...bytes))'),
    'it can be guessed: ten digits': drawn(
      "const bytes = globalThis.crypto.getRandomValues(new Uint8Array(10)); const digits = '0123456789'",
      "Array.from(bytes, (byte) => digits[byte % 10]).join('')",
    ),
    'it can be guessed: one byte, again and again': drawn(filled, 'btoa(String.fromCharCode(bytes[0])).repeat(20)'),
    'it can be guessed: one byte, put together with itself': drawn(
      filled,
      `${'String.fromCharCode(bytes[0]) + '.repeat(11)} ''`,
    ),
    'it can be guessed: the last byte of all': drawn(
      `${filled}; let text = ''; for (const byte of bytes) { text = String.fromCharCode(byte) }`,
      'text',
    ),
    'it can be guessed: nobody fills the bytes': drawn(
      'const bytes = new Uint8Array(20)',
      'btoa(String.fromCharCode(...bytes))',
    ),
    'it can be guessed: the bytes are wiped': drawn(`${filled}; bytes.fill(0)`, 'btoa(String.fromCharCode(...bytes))'),
    'it can be guessed: bytes are written over': drawn(
      `${filled}; for (let i = 0; i < 20; i++) bytes[i] = 7`,
      'btoa(String.fromCharCode(...bytes))',
    ),
    'it can be guessed: Math.random': drawn(
      'const n = Math.floor(Math.random() * 10000)',
      "n.toString(16).padStart(8, '0')",
    ),
    'it is the digest of an address': app({
      ...set('`session:${crypto.createHash("sha256").update(user.email).digest("hex")}`'),
      look: `${byCookie} const { createHash } = await import('node:crypto')
        const s: any = await kv.get(\`session:\${createHash('sha256').update(token).digest('hex')}\`)
        if (!s) return; ${acts}`,
    }),
    'another caller of the helper takes the key from the request': app({
      mint: `export const save = async (token: string, user: any) => { await kv.set(\`session:\${token}\`, user) }
        export const open = (user: any) => save(randomUUID(), user)`,
      beside: `import { cookies } from 'next/headers'; import { save } from '~/mint'
        export const reopen = async (user: any) => save((await cookies()).get('sid')!.value, user)`,
    }),
    'another caller of the helper takes the key from a row': app({
      mint: `export const save = async (token: string, user: any) => { await kv.set(\`session:\${token}\`, user) }
        export const open = (user: any) => save(randomUUID(), user)`,
      beside: `import { save } from '~/mint'; import { db } from '~/db'; import { users } from '~/schema'
        export const all = async () => { for (const user of await db.select().from(users)) await save(user.id, user) }`,
    }),
    'whoever calls may put something there as well': app({
      beside: 'export async function draft(id: string, text: string) { await kv.set(`session:${id}`, text) }',
    }),
    'it is extended under a key that was not looked for': app({
      beside: `export async function extend(token: string, old: string) {
        const s: any = await kv.get(\`session:\${old}\`); if (!s) return
        await kv.set(\`session:\${token}\`, s) }`,
    }),
    'it is extended whatever was found': app({
      beside: `export async function extend(token: string) {
        const s: any = await kv.get(\`session:\${token}\`); await kv.set(\`session:\${token}\`, s ?? {}) }`,
    }),
    'it is extended, and nobody mints it': app({
      mint: '',
      beside: `export async function extend(token: string) {
        const s: any = await kv.get(\`session:\${token}\`); if (!s) return; await kv.set(\`session:\${token}\`, s) }`,
    }),
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

const cache = (find: string, put = '`s:${token}`', before = ''): Project =>
  app({
    mint: '',
    look: `const s: any = await find(); if (!s) return; ${acts} }
      async function find() { ${byCookie.replace('return', 'return null')}; ${before}
        const known: any = await kv.get(\`s:\${token}\`); if (known) return known
        ${find}
        await kv.set(${put}, row); return row`,
  })
const rowOf = (what: string): string => `const [row] = await db.select().from(${what}); if (!row) return null`

describe('a cache in front of a table', () => {
  const bySession = `import { sessions, users } from '~/schema'`
  const withSchema = (given: Project): Project => [
    given[0],
    {
      ...given[1],
      'src/act.ts': given[1]['src/act.ts']!.replace(
        "import { invoices } from '~/schema'",
        `import { invoices } from '~/schema'\n${bySession}`,
      ),
    },
  ]
  cases('guarded', {
    'holds what is found by the same key': withSchema(cache(rowOf('sessions).where(eq(sessions.id, token)'))),
    'is filled by a helper': withSchema(
      app({
        mint: '',
        look: `${byCookie} const s: any = await find(token); if (!s) return; ${acts} }
          const keep = (key: string, row: any) => kv.set('s:' + key, row)
          async function find(id: string) {
            const known: any = await kv.get('s:' + id); if (known) return known
            ${rowOf('sessions).where(eq(sessions.id, id)')}
            if (row.expiresAt < new Date()) return null
            await keep(id, row); return row`,
      }),
    ),
    'holds it under a digest': withSchema(
      app({
        kv: "import { env } from 'cloudflare:workers'; export const kv = env.SESSIONS",
        mint: '',
        look: `${byCookie} const s: any = await find(token); if (!s) return; ${acts} }
          async function find(token: string) {
            const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
            const id = Array.from(new Uint8Array(bytes)).map((byte) => byte.toString(16).padStart(2, '0')).join('')
            const known: any = await kv.get('s:' + id); if (known) return known
            ${rowOf('sessions).where(eq(sessions.id, id)')}
            await kv.put('s:' + id, row); return row`,
      }),
    ),
  })
  unguarded({
    'holds what anybody finds': withSchema(cache(rowOf('users).where(eq(users.id, token)'))),
    'holds it whatever was found': withSchema(
      cache('const [row] = await db.select().from(sessions).where(eq(sessions.id, token))'),
    ),
    'holds what is found by another key': withSchema(
      cache(`const other = (await cookies()).get('other')!.value; ${rowOf('sessions).where(eq(sessions.id, other)')}`),
    ),
    'holds what somebody who has signed in asks for': withSchema(
      cache(
        `const session = await auth.api.getSession({ headers: await headers() }); if (!session) return null
         const row = session.user`,
      ),
    ),
    'holds it under a part of the key': withSchema(
      app({
        mint: '',
        look: `${byCookie} const s: any = await find(token); if (!s) return; ${acts} }
          async function find(id: string) {
            const known: any = await kv.get('s:' + id.slice(0, 4)); if (known) return known
            ${rowOf('sessions).where(eq(sessions.id, id)')}
            await kv.set('s:' + id.slice(0, 4), row); return row`,
      }),
    ),
    'is filled elsewhere by whoever asks': withSchema([
      '',
      {
        ...cache(rowOf('sessions).where(eq(sessions.id, token)'))[1],
        'src/beside.ts': `import { kv } from '~/kv'
          export const keep = async (id: string, row: any) => kv.set(\`s:\${id}\`, row)`,
      },
    ]),
  })
})
