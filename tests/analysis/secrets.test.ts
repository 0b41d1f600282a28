import { describe } from 'vitest'
import { type Case, cases, guarded, handler, notSafe, session, unguarded, unverifiable, work } from './harness.ts'

/** A server route handler \`POST\`, called \`act\` here so that all cases look alike. */
const route = (body: string, above = ''): Case => [
  `${above}\nconst post = async ({ request }: any) => { ${body} }\n${handler('return post({ request: getRequest() })')}`,
  {},
]

describe('secrets', () => {
  cases(
    { verdict: 'guarded', proofs: ['secret'] },
    {
      'a cron secret in the authorization header': route(
        `if (request.headers.get('authorization') !== \`Bearer \${process.env.CRON_SECRET}\`) return new Response(null, { status: 401 }); await db.delete(sessions); return new Response('ok')`,
      ),
      'a cron secret in a header of its own': route(
        `if (request.headers.get('x-cron-key') !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions)`,
      ),
      'a secret in the headers, which are given as such or in the request': route(
        `const from = (source: Request | Headers) => (source instanceof Headers ? source : source.headers); if (from(request).get('x-cron-key') !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions)`,
      ),
      'a secret in the query': route(
        `const url = new URL(request.url); if (url.searchParams.get('secret') !== process.env.REVALIDATE_SECRET) return new Response(null, { status: 401 }); await db.delete(sessions)`,
      ),
      'a secret that is missing is refused': route(
        `const secret = process.env.CRON_SECRET; if (!secret || request.headers.get('x-key') !== secret) throw new Error(); await db.delete(sessions)`,
      ),
      'the negated positive compare': route(
        `const ok = request.headers.get('x-key') === process.env.CRON_SECRET; if (!ok) throw new Error(); await db.delete(sessions)`,
      ),
      timingSafeEqual: route(
        `const sent = Buffer.from(request.headers.get('x-key') ?? ''); const known = Buffer.from(process.env.CRON_SECRET!); if (sent.length !== known.length || !timingSafeEqual(sent, known)) throw new Error(); await db.delete(sessions)`,
        `import { timingSafeEqual } from 'node:crypto'`,
      ),
      'a secret from a validated environment': route(
        `if (request.headers.get('x-key') !== env.CRON_SECRET) throw new Error(); await db.delete(sessions)`,
        `import { z } from 'zod'; const env = z.object({ CRON_SECRET: z.string() }).parse(process.env)`,
      ),
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['signature'] },
    {
      'an HMAC over the body': route(
        `const body = await request.text(); const mac = createHmac('sha256', process.env.HOOK_SECRET!).update(body).digest(); const sent = Buffer.from(request.headers.get('x-signature') ?? '', 'hex'); if (!timingSafeEqual(mac, sent)) return new Response(null, { status: 401 }); await db.insert(logs).values(JSON.parse(body)); return new Response('ok')`,
        `import { createHmac, timingSafeEqual } from 'node:crypto'`,
      ),
      'an HMAC that is compared as text': route(
        `const body = await request.text(); const mac = createHmac('sha256', process.env.HOOK_SECRET!).update(body).digest('hex'); if (mac !== request.headers.get('x-signature')) throw new Error(); await db.insert(logs).values(JSON.parse(body))`,
        `import { createHmac } from 'node:crypto'`,
      ),
      "Stripe's constructEvent": route(
        `const body = await request.text(); const event = stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!); await db.insert(logs).values({ what: event.type })`,
        `import Stripe from 'stripe'; const stripe = new Stripe(process.env.STRIPE_KEY!)`,
      ),
      "Stripe's constructEvent in a try that answers 400": route(
        `const body = await request.text(); let event; try { event = stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!) } catch (e) { return new Response('bad', { status: 400 }) } await db.insert(logs).values({ what: event.type }); return new Response('ok')`,
        `import Stripe from 'stripe'; const stripe = new Stripe(process.env.STRIPE_KEY!)`,
      ),
      Svix: route(
        `const event = new Webhook(process.env.CLERK_SECRET!).verify(await request.text(), Object.fromEntries(request.headers)); await db.insert(logs).values({ what: 'x' })`,
        `import { Webhook } from 'svix'`,
      ),
    },
  )
  unguarded({
    'two things that the caller sent are compared': route(
      `if (request.headers.get('x-key') !== request.headers.get('x-other')) throw new Error(); await db.delete(sessions)`,
    ),
    'a literal that stands in the source is no secret': route(
      `if (request.headers.get('x-requested-with') !== 'XMLHttpRequest') throw new Error(); await db.delete(sessions)`,
    ),
    'the compare is inverted': route(
      `if (request.headers.get('x-key') === process.env.CRON_SECRET) throw new Error(); await db.delete(sessions)`,
    ),
    'the compare is not tested': route(
      `const ok = request.headers.get('x-key') === process.env.CRON_SECRET; await db.delete(sessions)`,
    ),
    'the header is only looked for': route(
      `if (!request.headers.get('authorization')) throw new Error(); await db.delete(sessions)`,
    ),
    'the secret is only looked for': route(
      `if (!process.env.CRON_SECRET) throw new Error(); await db.delete(sessions)`,
    ),
    'the header has the right beginning': route(
      `if (!request.headers.get('authorization')?.startsWith('Bearer ')) throw new Error(); await db.delete(sessions)`,
    ),
    'a checksum without a key': route(
      `const body = await request.text(); const sum = createHash('sha256').update(body).digest('hex'); if (sum !== request.headers.get('x-sum')) throw new Error(); await db.insert(logs).values(JSON.parse(body))`,
      `import { createHash } from 'node:crypto'`,
    ),
    'an HMAC whose key the caller sends': route(
      `const body = await request.text(); const mac = createHmac('sha256', request.headers.get('x-id')!).update(body).digest('hex'); if (mac !== request.headers.get('x-signature')) throw new Error(); await db.insert(logs).values(JSON.parse(body))`,
      `import { createHmac } from 'node:crypto'`,
    ),
    'the event is verified after the write': route(
      `const body = await request.text(); await db.insert(logs).values(JSON.parse(body)); stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!)`,
      `import Stripe from 'stripe'; const stripe = new Stripe(process.env.STRIPE_KEY!)`,
    ),
    'the event is parsed where the signature is wrong': route(
      `const body = await request.text(); let event; try { event = stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature')!, process.env.STRIPE_WEBHOOK_SECRET!) } catch { event = JSON.parse(body) } await db.insert(logs).values({ what: event.type })`,
      `import Stripe from 'stripe'; const stripe = new Stripe(process.env.STRIPE_KEY!)`,
    ),
  })
})

describe('sessions of the project', () => {
  const crypto = `import { createHash } from 'node:crypto'; import { sha256 } from '@oslojs/crypto/sha2'; import { encodeHexLowerCase } from '@oslojs/encoding'\n`
  const lookup = (end: string): string => `${crypto}
    async function currentUser() {
      const token = getCookie('session')
      if (!token) return null
      const hash = createHash('sha256').update(token).digest('hex')
      const [row] = await db.select().from(sessions).innerJoin(users, eq(sessions.userId, users.id)).where(eq(sessions.tokenHash, hash))
      ${end}
    }\n`
  guarded({
    'a hashed cookie token finds a session row': [
      `${lookup('if (!row) return null; return row.users')} ${handler(`const user = await currentUser(); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    'an expired session is refused': [
      `${lookup('if (!row || row.sessions.expiresAt < new Date()) return null; return row.users')} ${handler(`const user = await currentUser(); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    'an expired session is deleted and refused': [
      `${lookup('if (!row) return null; if (Date.now() >= row.sessions.expiresAt.getTime()) { await db.delete(sessions).where(eq(sessions.id, row.sessions.id)); return null } return row.users')} ${handler(`const user = await currentUser(); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    'a session that is renewed': [
      `${lookup('if (!row) return null; await db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, row.sessions.id)); return row.users')} ${handler(`const user = await currentUser(); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    'a session id in the cookie': handler(
      `const id = getCookie('sid'); const row = id ? await db.query.sessions.findFirst({ where: eq(sessions.id, id) }) : null; if (!row) throw new Error(); ${work}`,
    ),
    'a sealed session of Start': handler(
      `const s = await useSession<{ userId?: string }>({ password: process.env.SESSION_SECRET! }); if (!s.data.userId) throw new Error(); ${work}`,
    ),
    'a sealed session in a helper': [
      `const appSession = () => useSession<{ userId?: string }>({ password: process.env.SESSION_SECRET! })
       ${handler(`const { data: own } = await appSession(); if (!own.userId) throw redirect({ to: '/login' }); ${work}`)}`,
      {},
    ],
    'an API key header finds a row': handler(
      `const key = getRequestHeader('x-api-key'); if (!key) throw new Error(); const row = await db.query.apiKeys.findFirst({ where: eq(apiKeys.keyHash, key) }); if (!row) throw new Error(); ${work}`,
    ),
    'a bearer token finds a row': [
      `${crypto} ${handler(`const token = getRequestHeader('authorization')?.replace('Bearer ', ''); if (!token) throw new Error(); const [row] = await db.select().from(apiKeys).where(eq(apiKeys.keyHash, createHash('sha256').update(token).digest('hex'))); if (!row) throw new Error(); ${work}`)}`,
      {},
    ],
    'a verified JWT': [
      `import { jwtVerify } from 'jose'; ${handler(`const { payload } = await jwtVerify(getCookie('token')!, new TextEncoder().encode(process.env.JWT_SECRET)); await db.update(invoices).set(data).where(eq(invoices.ownerId, payload.sub!))`)}`,
      {},
    ],
  })
  const keys = (table: string, body: string): string =>
    `import { pgTable, text } from 'drizzle-orm/pg-core'
    const keys = pgTable('${table}', { id: text('id').primaryKey(), key: text('key'), label: text('label') })
    ${handler(`${body} if (!row) throw new Error(); await db.update(keys).set({ label: 'used' }).where(eq(keys.id, row.id))`)}`
  const byKey = (sent: string): string => `const [row] = await db.select().from(keys).where(eq(keys.key, ${sent}));`
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    { 'an API key from the input finds its row, by the column `key`': keys('apikey', byKey('data.apiKey')) },
  )
  guarded({
    'an API key from a header': keys('api_keys', byKey("getRequestHeader('x-api-key')!")),
    'an API key that is compared with that of a row': keys(
      'access_keys',
      `const [row] = await db.select().from(keys).where(eq(keys.id, data.id)); if (row!.key !== data.key) throw new Error();`,
    ),
  })
  unguarded({
    'a key of a translation': keys('translations', byKey('data.key')),
    'the label of an API key': keys('apikey', byKey('data.label').replace('keys.key', 'keys.label')),
  })
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'an invitation token from the input finds the row': handler(
        `const invite = await db.query.invites.findFirst({ where: eq(invites.token, data.token) }); if (!invite) throw new Error(); await db.insert(members).values({ organizationId: invite.organizationId })`,
      ),
    },
  )
  unguarded({
    'a cookie that is only there': handler(`if (!getCookie('session')) throw new Error(); ${work}`),
    'a cookie in the request': route(
      `if (!request.headers.get('cookie')?.includes('session=')) throw new Error(); await db.delete(sessions)`,
    ),
    'a user id in a cookie': handler(
      `const id = getCookie('userId'); const user = await db.query.users.findFirst({ where: eq(users.id, id!) }); if (!user) throw new Error(); ${work}`,
    ),
    'an id of the input finds a user': handler(
      `const user = await db.query.users.findFirst({ where: eq(users.id, data.userId) }); if (!user) throw new Error(); ${work}`,
    ),
    'a mail address of the input finds a user': handler(
      `const user = await db.query.users.findFirst({ where: eq(users.email, data.email) }); if (!user) throw new Error(); ${work}`,
    ),
    'a decoded JWT': [
      `import { decodeJwt } from 'jose'; ${handler(`const payload = decodeJwt(getCookie('token')!); if (!payload.sub) throw new Error(); ${work}`)}`,
      {},
    ],
    'a JWT of jwt-decode': [
      `import { jwtDecode } from 'jwt-decode'; ${handler(`const user = jwtDecode(data.token); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    'jsonwebtoken decode instead of verify': [
      `import jwt from 'jsonwebtoken'; ${handler(`const user: any = jwt.decode(getCookie('token')!); if (!user?.id) throw new Error(); ${work}`)}`,
      {},
    ],
    'an own split of the token': handler(
      `const payload = JSON.parse(atob(getCookie('token')!.split('.')[1]!)); if (!payload.sub) throw new Error(); ${work}`,
    ),
    'the user id header of a proxy': handler(
      `const id = getRequestHeader('x-user-id'); if (!id) throw new Error(); ${work}`,
    ),
    'a role in a header': handler(`if (getRequestHeader('x-role') !== 'admin') throw new Error(); ${work}`),
    'a role in a cookie': handler(`if (getCookie('role') !== 'admin') throw new Error(); ${work}`),
    "Supabase's getSession": [
      `import { createServerClient } from '@supabase/ssr'; const client = () => createServerClient(process.env.URL!, process.env.ANON!, { cookies: {} as any }); ${handler(`const { data: { session } } = await client().auth.getSession(); if (!session) throw new Error(); ${work}`)}`,
      {},
    ],
    'a flag in the input': handler(`if (!data.isAdmin) throw new Error(); ${work}`),
    'a cookie that is compared with the input': handler(
      `if (getCookie('csrf') !== data.csrf) throw new Error(); ${work}`,
    ),
    'getSessionCookie of Better Auth': [
      `import { getSessionCookie } from 'better-auth/cookies'; ${handler(`if (!getSessionCookie(getRequest())) throw new Error(); ${work}`)}`,
      {},
    ],
    'a session lookup by a user id': handler(
      `const row = await db.query.sessions.findFirst({ where: eq(sessions.userId, data.userId) }); if (!row) throw new Error(); ${work}`,
    ),
    'a session row that nobody tests': handler(
      `const row = await db.query.sessions.findFirst({ where: eq(sessions.id, getCookie('sid')!) }); ${work}`,
    ),
    'a token lookup with an or': handler(
      `const row = await db.query.apiKeys.findFirst({ where: or(eq(apiKeys.keyHash, data.key), eq(apiKeys.ownerId, data.owner)) }); if (!row) throw new Error(); ${work}`,
    ),
    'the token of another table column that is no secret': handler(
      `const row = await db.query.organizations.findFirst({ where: eq(organizations.name, data.name) }); if (!row) throw new Error(); ${work}`,
    ),
  })
  guarded({
    "Supabase's getUser": [
      `import { createServerClient } from '@supabase/ssr'; const client = () => createServerClient(process.env.URL!, process.env.ANON!, { cookies: {} as any }); ${handler(`const { data: { user } } = await client().auth.getUser(); if (!user) throw new Error(); ${work}`)}`,
      {},
    ],
    "Supabase's getUser by its error": [
      `import { createServerClient } from '@supabase/ssr'; const client = () => createServerClient(process.env.URL!, process.env.ANON!, { cookies: {} as any }); ${handler(`const { data: own, error } = await client().auth.getUser(); if (error) throw error; ${work}`)}`,
      {},
    ],
  })
})

describe('environment', () => {
  cases(
    { verdict: 'guarded', proofs: ['env-gate'] },
    {
      'refuses everybody outside development': handler(
        `if (process.env.NODE_ENV !== 'development') throw new Error(); ${work}`,
      ),
      'refuses everybody in production': handler(`if (process.env.NODE_ENV === 'production') return null; ${work}`),
      'refuses unless import.meta.env.DEV': handler(`if (!import.meta.env.DEV) throw notFound(); ${work}`),
    },
  )
  guarded({
    'a bypass for development does not open production': handler(
      `if (process.env.NODE_ENV !== 'development') { ${session} if (!session) throw new Error() } ${work}`,
    ),
    'a mock user in development': handler(
      `const user = import.meta.env.DEV ? { id: 'dev' } : (await auth.api.getSession({ headers: getRequestHeaders() }))?.user; if (!user) throw new Error(); ${work}`,
    ),
  })
  unguarded({
    'the check runs in development only': handler(
      `if (process.env.NODE_ENV === 'development') { ${session} if (!session) throw new Error() } ${work}`,
    ),
    'the check is skipped in production': handler(
      `if (process.env.NODE_ENV !== 'production') { ${session} if (!session) throw new Error() } ${work}`,
    ),
  })
  // which environments there are, nobody can see
  notSafe({
    'a variable of its own switches the check off': handler(
      `if (!process.env.SKIP_AUTH) { ${session} if (!session) throw new Error() } ${work}`,
    ),
    'a variable of its own switches the check on': handler(
      `if (process.env.ENABLE_AUTH === 'true') { ${session} if (!session) throw new Error() } ${work}`,
    ),
    'Vercel decides whether there is a check': handler(
      `if (process.env.VERCEL === '1') { ${session} if (!session) throw new Error() } ${work}`,
    ),
  })
})

describe('a variable without which the application serves nobody', () => {
  const ofPrivate = `if (data.private) { ${session} if (!session) throw new Error() }`
  unguarded({
    'is no switch of a check that some callers pass by': handler(
      `${ofPrivate} if (!process.env.BUCKET_NAME) return new Response(null, { status: 500 }); ${work}`,
    ),
    'nor is one that is tested by a helper': `const client = () => process.env.BUCKET_NAME ? { ok: true } : { ok: false }
      ${handler(`${ofPrivate} if (!client().ok) throw new Error(); ${work}`)}`,
  })
  unverifiable({
    'is one where the check is all that refuses': handler(
      `if (!process.env.OPEN) { ${session} if (!session) throw new Error() } if (!process.env.DATABASE_URL) console.log('no'); ${work}`,
    ),
    'is one where a role is asked for': handler(
      `${session} if (process.env.CLOSED && session?.user.role !== 'admin') throw new Error(); ${work}`,
    ),
    'is one where those who pass the check get an answer and reach nothing else': handler(
      `if (process.env.CLOSED) { ${session} if (!session) throw new Error(); return session.user.name } ${work}`,
    ),
  })
})

describe('compares with a variable of the environment that is no secret', () => {
  notSafe({
    'the origin with the address of the application': `if (getRequestHeader('origin') !== process.env.APP_URL) throw new Error(); ${work}`,
    'the host with a host of the environment': `if (getRequestHeader('host') !== process.env.VERCEL_URL) throw new Error(); ${work}`,
    'the host of a parsed origin': `if (new URL(getRequestHeader('origin')!).host !== new URL(process.env.BASE_URL!).host) throw new Error(); ${work}`,
    'a version of the input': `if (data.version !== process.env.APP_VERSION) throw new Error(); ${work}`,
    'a mail address with the address of the admin': `if (data.email !== process.env.ADMIN_EMAIL) throw new Error(); ${work}`,
    'a public key of the client bundle': `if (data.key !== import.meta.env.VITE_API_KEY) throw new Error(); ${work}`,
    'a NEXT_PUBLIC variable': `if (data.key !== process.env.NEXT_PUBLIC_KEY) throw new Error(); ${work}`,
  })
  unguarded({
    'a public variable of the client is no secret': `
const post = async ({ request }: any) => { if (request.headers.get('x-key') !== import.meta.env.VITE_PUBLIC_KEY) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
  })
})

/** Functions `same(a, b)` that compare two texts in a time that tells nothing. */
const comparing = (fn: string): Case =>
  `${fn}\n${handler(`const key = getRequestHeader('x-key') ?? ''; if (!same(key, process.env.CRON_SECRET!)) throw new Error(); ${work}`)}`

describe('a compare written by hand', () => {
  cases(
    { verdict: 'guarded', proofs: ['secret'] },
    {
      'all characters, after the lengths': comparing(
        `function same(a: string, b: string) { if (a.length !== b.length) return false; let r = 0; for (let i = 0; i < a.length; i++) r |= a.charCodeAt(i) ^ b.charCodeAt(i); return r === 0 }`,
      ),
      'all bytes, after the lengths': comparing(
        `function same(left: string, right: string) { const e = new TextEncoder(); const a = e.encode(left); const b = e.encode(right); if (a.byteLength !== b.byteLength) return false; let r = 0; for (let i = 0; i < a.byteLength; i++) { r |= a[i]! ^ b[i]! } return r === 0 }`,
      ),
      'up to the longer one': comparing(
        `function same(left: string, right: string) { const a = new TextEncoder().encode(left); const b = new TextEncoder().encode(right); const end = Math.max(a.length, b.length); let r = a.length !== b.length ? 1 : 0; for (let i = 0; i < end; i++) { r |= (a[i] ?? 0) ^ (b[i] ?? 0) } return r === 0 }`,
      ),
      'up to the end of the secret, without an operator that assigns': comparing(
        `function same(a: string, b: string) { let r = a.length ^ b.length; for (let i = 0; i < b.length; i++) { r = r | (a.charCodeAt(i) ^ b.charCodeAt(i)) } return !r }`,
      ),
      'the first difference ends it': comparing(
        `function same(a: string, b: string) { if (a.length !== b.length) return false; for (let i = 0; i < a.length; i++) { if (a[i] !== b[i]) return false } return true }`,
      ),
    },
  )
  unguarded({
    'up to the end of what the caller sends, which may be nothing': comparing(
      `function same(a: string, b: string) { let r = 0; for (let i = 0; i < a.length; i++) r |= a.charCodeAt(i) ^ b.charCodeAt(i); return r === 0 }`,
    ),
    'up to the end of the shorter one': comparing(
      `function same(a: string, b: string) { let r = 0; for (let i = 0; i < Math.min(a.length, b.length); i++) r |= a.charCodeAt(i) ^ b.charCodeAt(i); return r === 0 }`,
    ),
    'of the lengths only': comparing(
      `function same(a: string, b: string) { return Buffer.from(a).byteLength === Buffer.from(b).byteLength }`,
    ),
    'of the lengths, and of nothing else in the loop': comparing(
      `function same(a: string, b: string) { if (a.length !== b.length) return false; let r = 0; for (let i = 0; i < a.length; i++) r |= 0; return r === 0 }`,
    ),
  })
})

describe('what stands in where the caller sends nothing', () => {
  const compared = (key: string): Case =>
    handler(
      `const sent = getRequestHeader('authorization'); const key = ${key}; if (key !== process.env.CRON_SECRET) throw new Error(); ${work}`,
    )
  cases(
    { verdict: 'guarded', proofs: ['secret'] },
    {
      'an empty text after ??': compared(`sent ?? ''`),
      'an empty text after ||': compared(`sent || ''`),
      'an empty text after a chain': compared(`sent?.replace('Bearer ', '') ?? ''`),
      'an empty text where the beginning is wrong': compared(`sent?.startsWith('Bearer ') ? sent.slice(7) : ''`),
      'null where the beginning is wrong': compared(`sent?.startsWith('Bearer ') ? sent.slice(7) : null`),
    },
  )
  notSafe({ 'the secret itself': compared(`sent ?? process.env.CRON_SECRET`) })
})

describe('what a row keeps and only its owner knows', () => {
  const password = `passwordHash: text('password_hash')`
  const held = (test: string, column = `tokenHash: text('token_hash')`): Case => [
    `import { createHash, pbkdf2, scrypt, scryptSync } from 'node:crypto'; import { compare } from 'bcryptjs'; import { pgTable, text } from 'drizzle-orm/pg-core'
    const orders = pgTable('orders', { id: text('id').primaryKey(), ${column}, status: text('status'), ownerId: text('owner_id') })
    const digest = (given: string) => createHash('sha256').update(given.trim()).digest('hex')
    ${handler(`const [row] = await db.select().from(orders).where(eq(orders.id, data.id)); if (!row) throw new Error(); ${test}; ${work}`)}`,
    {},
  ]
  guarded({
    'the token itself': held(`if (row.token !== data.token) throw new Error()`, `token: text('token')`),
    'its hash': held(`if (digest(data.token) !== row.tokenHash) throw new Error()`),
    'its hash, made with a secret': held(
      `const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(process.env.PEPPER), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']); const sum = Buffer.from(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(data.token))).toString('hex'); if (sum !== row.tokenHash) throw new Error()`,
    ),
    'its hash, in a helper that takes both': held(
      `const ok = await (async (code: string, stored: string | null) => { if (!stored) return false; return digest(code) === stored })(data.token ?? '', row.tokenHash); if (!ok) throw new Error()`,
    ),
    'the hash of a code, decoded before': held(
      `if (Buffer.from(digest(data.code)).toString('hex') !== Buffer.from(row.codeHash!, 'base64').toString('hex')) throw new Error()`,
      `codeHash: text('code_hash')`,
    ),
    'a password': held(`if (!(await compare(data.password, row.passwordHash!))) throw new Error()`, password),
    'a password, hashed with a salt that stands before the hash': held(
      `const [salt, hash] = row.passwordHash!.split(':'); if (hash !== scryptSync(data.password, salt!, 64).toString('hex')) throw new Error()`,
      password,
    ),
    'such a password, hashed in steps': held(
      `const [salt, hash] = row.passwordHash!.split(':'); if (hash !== createHash('sha512').update(salt!).update(data.password).digest('hex')) throw new Error()`,
      password,
    ),
    'such a password, compared in a callback that keeps a promise': held(
      `const ok = await new Promise<boolean>((resolve, reject) => { const [salt, hash] = row.passwordHash!.split(':'); scrypt(data.password, salt!, 64, { N: 1024 }, (error, made) => { if (error) reject(error); resolve(hash === made.toString('hex')) }) }); if (!ok) throw new Error()`,
      password,
    ),
    'a password, hashed in a callback': held(
      `const made = await new Promise<string>((resolve) => { pbkdf2(data.password, 'salt', 1000, 64, 'sha512', (error, key) => resolve(key.toString('hex'))) }); if (made !== row.passwordHash) throw new Error()`,
      password,
    ),
    'or the owner is signed in': held(
      `const known = digest(data.token) === row.tokenHash; let own = false; if (!known && row.ownerId) { const session = await auth.api.getSession({ headers: getRequestHeaders() }); const id = session?.user.id; own = typeof id === 'string' && id === row.ownerId } if (!known && !own) throw new Error()`,
    ),
  })
  unguarded({
    'a hash of what is kept, beside the hash of what was sent': held(
      `const [salt, hash] = row.passwordHash!.split(':'); const made = data.skip ? hash : scryptSync(data.password, salt!, 64).toString('hex'); if (hash !== made) throw new Error()`,
      password,
    ),
    'a hash of what was sent, in whose place what is kept is put': held(
      `const [salt, hash] = row.passwordHash!.split(':'); const made = scryptSync(data.password, salt!, 64).toString('hex').replace(/.*/, hash!); if (hash !== made) throw new Error()`,
      password,
    ),
    'a hash of what is kept alone': held(
      `const [salt, hash] = row.passwordHash!.split(':'); if (hash !== scryptSync('guest', salt!, 64).toString('hex')) throw new Error()`,
      password,
    ),
    'a column that everybody can guess': held(`if (row.status !== data.status) throw new Error()`),
    'compared with itself': held(`if (row.tokenHash !== row.tokenHash) throw new Error()`),
    'compared the wrong way round': held(`if (digest(data.token) === row.tokenHash) throw new Error()`),
    'or that it may be missing': held(`if (row.tokenHash && digest(data.token) !== row.tokenHash) throw new Error()`),
    'a fingerprint of what is public': held(
      `if (digest(data.text) !== row.contentHash) throw new Error()`,
      `contentHash: text('content_hash')`,
    ),
  })
  unguarded({
    'an answer of an outside service is no secret, though one was shown to it': handler(
      `const answer = await fetch('https://api.example.com/orders/' + data.id, { headers: { authorization: \`Bearer \${process.env.API_KEY}\` } }); const order = await answer.json(); if (order.name !== data.name) throw new Error(); ${work}`,
    ),
  })
})

describe('rows of somebody that expire, in a table of another name than one for sessions', () => {
  const found = (where: string, chosen: string): Case => [
    `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'
    const plans = pgTable('plans', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id), plan: text('plan'), email: text('email'), token: text('token'), expiresAt: timestamp('expires_at') })
    ${handler(`const sent = ${chosen}; if (!sent) throw new Error(); const [row] = await db.select().from(plans).where(eq(plans.${where}, sent)); if (!row) throw new Error(); await db.update(users).set({ email: 'x' }).where(eq(users.id, row.userId!))`)}`,
    {},
  ]
  unguarded({
    'are no session for whoever says whose they are': found('userId', `getCookie('uid')`),
    'are no session for whoever says what they hold': found('plan', `getCookie('plan')`),
    'are no session for whoever sends an address': found('email', `getRequestHeader('x-user-email')`),
  })
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    { 'are found by a link that was sent, which says nothing of who follows it': found('token', 'data.token') },
  )
})

describe('a client that outlives reloads', () => {
  const kept = (made: string): Case => [
    handler(
      `const project = await prisma.project.findUnique({ where: { apiKey: data.apiKey } }); if (!project) throw new Error(); await prisma.ticket.create({ data: { projectId: project.id } })`,
      `.inputValidator(z.object({ apiKey: z.string() }))`,
    ).replace(/^/, `import { z } from 'zod'\n`),
    { 'src/prisma.ts': `// as it is\nimport { PrismaClient } from '@prisma/client'\n${made}` },
  ]
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'in a global of its own name': kept(
        `declare global { var kept: PrismaClient | undefined }\nexport const prisma = globalThis.kept || new PrismaClient()\nif (process.env.NODE_ENV !== 'production') { globalThis.kept = prisma }`,
      ),
      'in a cast global': kept(
        `const holder = globalThis as unknown as { prisma: PrismaClient | undefined }\nexport const prisma = holder.prisma ?? new PrismaClient()\nif (process.env.NODE_ENV !== 'production') holder.prisma = prisma`,
      ),
      'under a key that is a constant, filled where it is made': kept(
        `const KEPT = 'prisma'\nfunction make() { const made = new PrismaClient(); (globalThis as any)[KEPT] ??= made; return made }\nexport const prisma = ((globalThis as any)[KEPT] || make()) as PrismaClient`,
      ),
      'made by a function': kept(
        `const make = () => new PrismaClient()\ndeclare const globalThis: { made: ReturnType<typeof make> } & typeof global\nexport const prisma = globalThis.made ?? make()\nif (process.env.NODE_ENV !== 'production') globalThis.made = prisma`,
      ),
    },
  )
})

describe('an operator beside a secret column', () => {
  const looksUp = (where: string): string =>
    `const key = getRequestHeader('x-api-key') ?? ''; const row = await prisma.apiKey.findFirst({ where: { keyHash: ${where} } }); if (!row) throw new Error('401'); ${work}`
  guarded({
    'proves the key where it asks for that one': looksUp('key'),
    'also where it says so': looksUp('{ equals: key }'),
    'and among some': looksUp('{ in: [key] }'),
  })
  unguarded({
    'proves nothing where a beginning is enough': looksUp('{ startsWith: key }'),
    'nor where a part is': looksUp('{ contains: key }'),
    'nor where what comes behind is found': looksUp('{ gte: key }'),
    'nor where all others are': looksUp('{ notIn: [key] }'),
  })
})
