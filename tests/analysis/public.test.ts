import { describe } from 'vitest'
import { type Case, cases, guarded, handler, isPublic, notSafe, session, unguarded, work } from './harness.ts'

describe('what is public', () => {
  isPublic({
    'a health check': `return { ok: true }`,
    'the time': `return new Date().toISOString()`,
    'a redirect': `throw redirect({ to: '/' })`,
    'what the caller sent': `return data.name`,
    'a theme cookie': [
      `import { setCookie } from '@tanstack/react-start/server'; ${handler(`setCookie('theme', data.theme)`)}`,
      {},
    ],
    'the own session': `return auth.api.getSession({ headers: getRequestHeaders() })`,
    'the own user': `${session} return session?.user ?? null`,
    'whether one is signed in': `${session} return { signedIn: Boolean(session) }`,
    'parsed input': [`import { z } from 'zod'; ${handler(`return z.object({ id: z.string() }).parse(data)`)}`, {}],
    'a computed constant': `const prices = { free: 0, pro: 10 }; return prices`,
  })
  cases(
    { verdict: 'public' },
    {
      'sign-up': `return auth.api.signUpEmail({ body: data })`,
      'sign-out': `await auth.api.signOut({ headers: getRequestHeaders() }); throw redirect({ to: '/' })`,
      'the own sealed session is cleared': `const s = await useSession({ password: process.env.SECRET! }); await s.clear()`,
    },
  )
})

describe('an entry point that gives nothing but the identity, and refuses the anonymous', () => {
  const behind = (helper: string, act: string): Case => [
    `async function load() { ${session} ${helper} }\n${handler(act)}`,
    {},
  ]
  const denial = (is: string): string => `if (!session) return { denial: ${is} }; return { user: session.user }`
  isPublic({
    'a getter that tests the session itself': `${session} if (!session) throw redirect({ to: '/login' }); return session.user`,
    'a getter whose helper leaves it to others to refuse': behind(
      denial(`'no'`),
      `const { user, denial } = await load(); return user ?? denial`,
    ),
  })
  guarded({
    'behind a guard that throws': behind('if (!session) throw new Error(); return session.user', 'return load()'),
    'behind a guard that says how to refuse': behind(
      denial(`() => new Response('no', { status: 401 })`),
      'const { user, denial } = await load(); if (denial) return denial(); return user',
    ),
  })
})

describe('what only the server can make for the signed-in caller', () => {
  guarded({
    'a signature over the own id': [
      `import { createHmac } from 'node:crypto'; ${handler(`${session} if (!session) return null; return { id: session.user.id, hash: createHmac('sha256', process.env.CHAT_KEY!).update(session.user.id).digest('hex') }`)}`,
      {},
    ],
  })
})

describe('what is not public', () => {
  unguarded({
    'a write after a sign-out': `await auth.api.signOut({ headers: getRequestHeaders() }); ${work}`,
    'a write before a sign-in': `${work} return auth.api.signInEmail({ body: data })`,
    'a write beside the clearing of a session': `const s = await useSession({ password: process.env.SECRET! }); await s.clear(); ${work}`,
    'a write after the session was set from the input': `const s = await useSession<any>({ password: process.env.SECRET! }); await s.update({ userId: data.userId }); ${work}`,
    'a write after a password reset was requested': `await auth.api.requestPasswordReset({ body: { email: data.email } }); ${work}`,
    'a getter that has a name of its own session': [
      `export const act = createServerFn().handler(async ({ data }) => getCurrentUser(data.id)); const getCurrentUser = (id: string) => db.query.users.findFirst({ where: eq(users.id, id) })`,
      {},
    ],
    'a login that reads the user by mail and gives it': `return db.query.users.findFirst({ where: eq(users.email, data.email) })`,
    'a health check that reads a table': `return db.select().from(users)`,
    'all sessions': `return db.select().from(sessions)`,
  })
  notSafe({
    'a sign-in with a catch that goes on': `try { await auth.api.signInEmail({ body: data }) } catch {} ${work}`,
    'a sign-in on one of two paths': `if (data.password) await auth.api.signInEmail({ body: data }); ${work}`,
    'a sign-in that is not awaited': `auth.api.signInEmail({ body: data }); ${work}`,
  })
})

describe('calls of an auth SDK that refuse by themselves', () => {
  guarded({
    'with the headers of the caller': `return auth.api.changePassword({ body: data, headers: getRequestHeaders() })`,
    'awaited before other work': `await auth.api.changeEmail({ body: data, headers: getRequestHeaders() }); ${work}`,
  })
})

describe('credential flows', () => {
  isPublic({
    'sign-in': `return auth.api.signInEmail({ body: data, headers: getRequestHeaders() })`,
    'a reset': `await auth.api.resetPassword({ body: { newPassword: data.password, token: data.token } })`,
  })
})

describe('pages of the internet', () => {
  isPublic({
    'a fixed address': `const answer = await fetch('https://api.example.com/posts'); return answer.json()`,
    'an address with what the caller asks for': `const answer = await fetch(\`https://api.example.com/posts/\${data.id}\`); if (!answer.ok) throw notFound(); return answer.json()`,
    'an address with a constant before': `const base = 'https://api.example.com'; return (await fetch(\`\${base}/posts/\${data.id}\`)).json()`,
    'what is built into the pages is shown': `return (await fetch(process.env.NEXT_PUBLIC_REPO || 'https://api.example.com/repo', { headers: { Authorization: \`token \${process.env.NEXT_PUBLIC_TOKEN}\` } })).json()`,
    'an address put together with a plus': `return (await fetch('https://api.example.com/posts/' + data.id + '?full=1')).json()`,
  })
  unguarded({
    'a secret in the header': `return (await fetch('https://api.example.com/posts', { headers: { 'x-api-key': process.env.API_KEY! } })).json()`,
    'an address that the server alone is told': `return (await fetch(process.env.REPO_URL!, { headers: { Authorization: \`token \${process.env.NEXT_PUBLIC_TOKEN}\` } })).json()`,
    'a secret in the address': `return (await fetch(\`https://api.example.com/posts?key=\${process.env.API_KEY}\`)).json()`,
    'an address of the own network': `return (await fetch('http://billing:8080/invoices')).json()`,
    'an address of the own network by name': `return (await fetch('https://billing.internal/invoices')).json()`,
    'an address from the environment': `return (await fetch(\`\${process.env.API_URL}/invoices\`)).json()`,
    'an address that the caller chooses': `return (await fetch(data.url)).json()`,
    'something is sent': `await fetch('https://hooks.example.com/new', { method: 'POST', body: JSON.stringify(data) })`,
    'what it gives is written': `const post = await (await fetch('https://api.example.com/posts')).json(); await db.insert(invoices).values(post)`,
  })
})

describe('rows that are meant for all', () => {
  const posts = (query: string): Case => [
    `import { boolean, pgTable, text } from 'drizzle-orm/pg-core'
    const posts = pgTable('posts', { id: text('id').primaryKey(), authorId: text('author_id').references(() => users.id), published: boolean('published'), status: text('status') })
    const invitations = pgTable('invitations', { id: text('id').primaryKey(), email: text('email'), organizationId: text('organization_id') })
    ${handler(`return ${query}`)}`,
    {},
  ]
  cases(
    { verdict: 'unguarded', exposure: 'read' },
    {
      'published ones': posts(`db.select().from(posts).where(eq(posts.published, true))`),
      'the published one of that id': posts(
        `db.select().from(posts).where(and(eq(posts.id, data.id), eq(posts.status, 'published')))`,
      ),
      'the invitation that a link leads to': posts(`db.select().from(invitations).where(eq(invitations.id, data.id))`),
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      all: posts(`db.select().from(posts)`),
      'drafts of anybody': posts(`db.select().from(posts).where(eq(posts.status, 'draft'))`),
      'of the status that the caller asks for': posts(`db.select().from(posts).where(eq(posts.status, data.status))`),
      'invitations of a mail address': posts(`db.select().from(invitations).where(eq(invitations.email, data.email))`),
    },
  )
})

describe('a login written by hand', () => {
  const login = (body: string): Case => [
    `import { compare } from 'bcryptjs'; import { integer, pgTable, text } from 'drizzle-orm/pg-core'
    const logins = pgTable('logins', { id: text('id').primaryKey(), name: text('name'), passwordHash: text('password_hash') })
    const loginAttempts = pgTable('login_attempts', { name: text('name'), address: text('address'), count: integer('count') })
    const rateLimits = pgTable('rate_limits', { address: text('address'), count: integer('count') })
    async function count(name: string) { await db.insert(loginAttempts).values({ name, address: getRequestHeader('x-real-ip') }) }
    ${handler(body)}`,
    {},
  ]
  guarded({
    'attempts are counted, before and after the refusal': login(
      `await db.insert(rateLimits).values({ address: getRequestHeader('x-real-ip') }); const [row] = await db.select().from(logins).where(eq(logins.name, data.name)); if (!row) { await count(data.name); throw new Error('wrong') } if (!(await compare(data.password, row.passwordHash!))) { await count(data.name); throw new Error('wrong') } await db.update(logins).set({ name: data.name }).where(eq(logins.id, row.id)); return { id: row.id }`,
    ),
  })
  unguarded({
    'other rows are written before the refusal': login(
      `await db.update(logins).set({ name: data.other }).where(eq(logins.name, data.name)); const [row] = await db.select().from(logins).where(eq(logins.name, data.name)); if (!row || !(await compare(data.password, row.passwordHash!))) { await count(data.name); throw new Error('wrong') } return { id: row.id }`,
    ),
    'nobody is refused': login(`await count(data.name); return { ok: true }`),
  })
})

describe('an upload that a callback of its router refuses', () => {
  const upload = (routes: string): Case =>
    `import { handleRequest, route } from 'better-upload/server'; import { auth } from '~/auth'; const router = { client: {}, bucketName: 'b', routes: ${routes} }
    ${handler(`return handleRequest(getRequest(), router)`)}`
  const checked = `route({ onBeforeUpload: async ({ req }: any) => { const session = await auth.api.getSession({ headers: req.headers }); if (!session) throw new Error('Not signed in') } })`
  guarded({
    'its only route': upload(`{ images: ${checked} }`),
    'each of its routes': upload(`{ images: ${checked}, papers: ${checked} }`),
  })
  unguarded({
    'one route has none': upload(`{ images: ${checked}, papers: route({ fileTypes: ['pdf'] }) }`),
    'none has one': upload(`{ images: route({}) }`),
    'it does not refuse': upload(
      `{ images: route({ onBeforeUpload: async ({ req }: any) => { await auth.api.getSession({ headers: req.headers }) } }) }`,
    ),
  })
})

describe('a credential endpoint behind a guard', () => {
  const signedIn = `${session} if (!session) throw new Error();`
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    {
      'a sign-out of whoever is signed in': handler(
        `${signedIn} await auth.api.signOut({ headers: getRequestHeaders() })`,
      ),
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['authenticated', 'role:admin'] },
    {
      'a sign-in as somebody else, for staff': handler(
        `${session} if (session?.user.role !== 'admin') throw new Error(); return auth.handler(new Request('https://x.example/api/auth/admin/impersonate-user', { method: 'POST', headers: getRequestHeaders(), body: JSON.stringify(data) }))`,
      ),
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['authenticated', 'role:admin'] },
    {
      'no work at all, for staff': handler(
        `${session} if (session?.user.role !== 'admin') throw new Error(); return { ok: true }`,
      ),
    },
  )
  isPublic({
    'one that sends away whoever is signed in': handler(
      `${session} if (session) throw redirect({ to: '/' }); await auth.api.signInEmail({ body: data })`,
    ),
  })
})
