/** What the analysis still gets wrong, most dangerous first: each case leaves this file for that of its notion once it passes. */
import { describe, expect, it } from 'vitest'
import { ask, cases, handler, notSafe, requireUser, session, work } from './harness.ts'

// the path on which the caller-chosen side is false is lost, so an optional check counts for all callers.
describe('a test of an unknown and of the session: `unknown && !session` is taken for `!session`', () => {
  cases('unguarded', {
    'the check is skipped by a flag of the caller': `${session} if (!data.internal && !session) throw new Error(); ${work}`,
    'the last iteration of a flag decides': `${session} let ok = false; for (const id of data.ids) { ok = !ok } if (!ok && !session) throw new Error(); ${work}`,
    'the check is skipped when the header is absent': `
const post = async ({ request }: any) => { const key = request.headers.get('x-key'); if (key && key !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
    'the environment decides whether there is a check': `
const post = async ({ request }: any) => { if (process.env.CHECK_KEYS && request.headers.get('x-key') !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
    'a denial that the environment turns off': `${session} const strict = process.env.STRICT === '1'; if (strict && !session) throw new Error(); ${work}`,
    'two tests that together let everybody through': `${session} if (data.a && !session) throw new Error(); if (data.b && !session) throw new Error(); ${work}`,
  })
})

// what runs while `denying` is set is dropped as an audit record, also where it is the continuation or the handler itself.
describe('work that the anonymous reach in a branch, a catch or a finally', () => {
  cases('unguarded', {
    'the handler ends with a thrown redirect': `export const soft = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) return next({ context: { user: null } }); return next({ context: { user: session.user } }) })
 ${handler(`${work} throw redirect({ to: '/done' })`, '.middleware([soft])')}`,
    'the lookup of a helper returns early and the handler ends with a thrown redirect': `async function kind() { ${session} if (!session) return 'guest'; return 'user' } ${handler(`const k = await kind(); ${work} throw redirect({ to: '/done' })`)}`,
    'a middleware whose catch goes on without a user': `${requireUser} export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { try { const user = await requireUser(); return await next({ context: { user } }) } catch { return next({ context: { user: null } }) } })
 ${handler(work, '.middleware([m])')}`,
    'a wrapper whose catch runs the handler without a user': `${requireUser} const withUser = (fn: any) => async (args: any) => { try { return await fn({ ...args, user: await requireUser() }) } catch { return fn({ ...args, user: null }) } }
export const act = createServerFn().handler(withUser(async ({ data }: any) => { ${work} }))`,
    'a runner that runs the callback on an error as well': `async function asUser(run: any) { try { ${session} if (!session) throw new Error(); return await run(session.user) } catch { return run(null) } } ${handler(`return asUser(async () => { ${work} })`)}`,
    'the catch does the work': `${session} try { if (!session) throw new Error() } catch { ${work} }`,
    'the finally does the work': `${session} try { if (!session) throw new Error() } finally { ${work} }`,
    'next() in the branch of the anonymous': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) { await next(); throw new Error() } return next() })
 ${handler(work, '.middleware([m])')}`,
    'next() in a finally': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { try { ${session} if (!session) throw new Error() } finally { return next() } })
 ${handler(work, '.middleware([m])')}`,
    'a return in the finally drops the denial of a helper': `async function check() { try { ${session} if (!session) throw new Error() } finally { return true } }
       ${handler(`await check(); ${work}`)}`,
    'a break in the finally drops the denial': `${session} for (;;) { try { if (!session) throw new Error() } finally { break } } ${work}`,
  })
})

// the chain of the helper runs as if it were awaited, so its denial ends the caller.
describe('a server function that is called as a helper and not awaited, or whose rejection is caught', () => {
  cases('unguarded', {
    'the helper is not awaited': `export const ensureSession = createServerFn().handler(async () => { ${session} if (!session) throw new Error(); return session })
 ${handler(`ensureSession(); ${work}`)}`,
    'the helper swallows': `export const ensureSession = createServerFn().handler(async () => { ${session} if (!session) throw new Error(); return session })
 ${handler(`await ensureSession().catch(() => null); ${work}`)}`,
  })
})

// an unknown effect counts only where its result is in the answer; one that takes the input is called public.
describe("calls of what cannot be seen, with the caller's input", () => {
  notSafe({
    'a client that require() gives': `const { db: client } = require('~/db'); await client.insert(invoices).values(data)`,
    'a global that nobody knows': `declare const database: any; ${handler(`await database.insert(data)`)}`,
    'a binding of the platform': `import { env } from 'cloudflare:workers'; ${handler(`await env.DB.prepare('delete from invoices where id = ?').bind(data.id).run()`)}`,
    'a client in the context that nobody in sight has put there': `await context.db.insert(invoices).values(data)`,
    eval: `eval('db.insert(invoices).values(data)')`,
    'a client in a Map': `const clients = new Map<string, any>(); clients.set('main', db); ${handler(`await clients.get('main').insert(invoices).values(data)`)}`,
    'a client that a container gives': `class Container { private services: any = {}; register(name: string, value: any) { this.services[name] = value } get(name: string) { return this.services[name] } } const container = new Container(); container.register('db', db); ${handler(`await container.get('db').insert(invoices).values(data)`)}`,
    'a callback in a list given to an unknown package': `import { series } from 'acme-flow'; ${handler(`await series([async () => { await db.insert(invoices).values(data) }])`)}`,
  })
})

// every variable of the environment counts as a secret, so an origin check or a public key is called a guard.
describe('compares with a variable of the environment that is no secret', () => {
  notSafe({
    'the origin with the address of the application': `if (getRequestHeader('origin') !== process.env.APP_URL) throw new Error(); ${work}`,
    'the host with a host of the environment': `if (getRequestHeader('host') !== process.env.VERCEL_URL) throw new Error(); ${work}`,
    'the host of a parsed origin': `if (new URL(getRequestHeader('origin')!).host !== new URL(process.env.BASE_URL!).host) throw new Error(); ${work}`,
    'a version of the input': `if (data.version !== process.env.APP_VERSION) throw new Error(); ${work}`,
    'a mail address with the address of the admin': `if (data.email !== process.env.ADMIN_EMAIL) throw new Error(); ${work}`,
    'a public key of the client bundle': `if (data.key !== import.meta.env.VITE_API_KEY) throw new Error(); ${work}`,
    'a NEXT_PUBLIC variable': `if (data.key !== process.env.NEXT_PUBLIC_KEY) throw new Error(); ${work}`,
    'a locale': `if (data.locale !== process.env.DEFAULT_LOCALE) throw new Error(); ${work}`,
  })
  cases('unguarded', {
    'a public variable of the client is no secret': `
const post = async ({ request }: any) => { if (request.headers.get('x-key') !== import.meta.env.VITE_PUBLIC_KEY) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
  })
})

// a token column counts as unguessable although undefined drops the condition, the column is no secret, or null equals undefined.
describe('lookups that find a row for everybody', () => {
  cases('unguarded', {
    'Prisma findFirst by a token that may be undefined': `const user = await prisma.user.findFirst({ where: { resetToken: data.token } }); if (!user) throw new Error(); await prisma.user.update({ where: { id: user.id }, data: { password: data.password } })`,
    'Prisma findFirst by a cookie that may be absent': `const row = await prisma.session.findFirst({ where: { token: getCookie('session') } }); if (!row) throw new Error(); ${work}`,
    'Prisma updateMany by a token that may be undefined': `await prisma.user.updateMany({ where: { resetToken: data.token }, data: { password: data.password } })`,
    'an owner that may be null is compared loosely': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); ${session} if (row!.ownerId != session?.user.id) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    'a hash of content is no secret': `import { pgTable, text } from 'drizzle-orm/pg-core'; const files = pgTable('files', { id: text('id'), contentHash: text('content_hash') }); ${handler(`const file = await db.select().from(files).where(eq(files.contentHash, data.hash)); if (!file[0]) throw new Error(); ${work}`)}`,
  })
})

// a list of middleware, an optional receiver, a spread over a key and a replaced method have one meaning too many or too few.
describe('alternatives that are read as if all of them held', () => {
  cases('unguarded', {
    'the guard is in one alternative of a list': `export const strict = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) throw new Error('401'); return next({ context: { user: session.user } }) })
 const chain = import.meta.env.VITE_OPEN ? [] : [strict]; ${handler(work, '.middleware(chain)')}`,
    'the guard is filtered out by a condition of the environment': `export const strict = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) throw new Error('401'); return next({ context: { user: session.user } }) })
 ${handler(work, '.middleware(process.env.OPEN ? [] : [strict])')}`,
    'an optional call skips the check': `async function requireUser() { ${session} if (!session) throw new Error() }
       ${handler(`const checks: any = data.secure ? { requireUser } : undefined; await checks?.requireUser(); ${work}`)}`,
    'the context of the caller spread over the own key': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} return next({ context: { user: session?.user, ...context } }) })
 ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
    'a method that was replaced': `const guards = { user: async () => { ${session} if (!session) throw new Error() } }; guards.user = async () => {}; ${handler(`await guards.user(); ${work}`)}`,
    'the session is written from the input before it is tested': `const s = await useSession<{ userId?: string }>({ password: process.env.SESSION_SECRET! }); await s.update({ userId: data.userId }); if (!s.data.userId) throw new Error(); ${work}`,
  })
})

// what a timer, a generator, a setter or a deeper recursion does is not looked at, so the entry point is called public.
describe('work that is never run', () => {
  cases('unguarded', {
    'a timer': `setTimeout(() => { void db.insert(invoices).values(data).execute() }, 0)`,
    setImmediate: `setImmediate(async () => { await db.insert(invoices).values(data) })`,
    queueMicrotask: `queueMicrotask(() => { void db.insert(invoices).values(data).execute() })`,
    'process.nextTick': `process.nextTick(() => { void db.insert(invoices).values(data).execute() })`,
    'a generator': `async function* rows(values: any) { await db.insert(invoices).values(values); yield 1 } ${handler(`for await (const x of rows(data)) console.log(x)`)}`,
    'a generator that is driven by next()': `function* rows(values: any) { db.insert(invoices).values(values).execute(); yield 1 } ${handler(`rows(data).next()`)}`,
    'a setter': `const o = { set go(values: any) { void db.insert(invoices).values(values).execute() } }; o.go = data`,
    'the third level of a recursion': `async function step(n: number, values: any): Promise<void> { if (n > 3) { await db.insert(invoices).values(values); return } await step(n + 1, values) } ${handler(`await step(0, data)`)}`,
    'a flag that is set three rounds before': `let a = false; let b = false; let c = false; for (const x of data.xs) { if (c) { ${work} } c = b; b = a; a = true }`,
    'a request with a prepared Request': `await fetch(new Request(process.env.API!, { method: 'POST', body: data.text }))`,
  })
  cases(
    { exposure: 'owned-read', verdict: 'unguarded' },
    {
      'a row that a generator yields': `async function* all() { const rows = await db.select().from(users); for (const row of rows) yield row } const out = []; for await (const row of all()) out.push(row); return out`,
    },
  )
  cases('guarded', {
    'the work behind an optional chain of the user': `${session} await session?.user.items.map(() => db.insert(invoices).values(data))`,
  })
})

// the message of an error goes to the caller like an answer.
describe('rows in a thrown error', () => {
  cases('unguarded', {
    'the read is in the error of the denial': `const rows = await db.select().from(invoices)
 ${session} if (!session) throw new Error(rows[0].id); return null`,
  })
})

// a sign-in refuses wrong passwords by itself and is called guarded instead of a credential endpoint.
describe('credential flows', () => {
  cases('public', {
    'sign-in': `return auth.api.signInEmail({ body: data, headers: getRequestHeaders() })`,
    'a reset': `await auth.api.resetPassword({ body: { newPassword: data.password, token: data.token } })`,
  })
})

// a header, a cookie or the context as an argument, and a switch on the result, raise no doubt; a caught or unused one does.
describe('an unresolved call that could be the guard', () => {
  cases('unverifiable', {
    'receives the context': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(context); ${work}`)}`,
    'receives a cookie': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(getCookie('token')); ${work}`)}`,
    'receives one header': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(getRequestHeader('authorization')); ${work}`)}`,
    'decides a switch': `import { thing, Client } from 'acme-sdk'
${handler(`switch (thing(data.id)) { case 'ok': break; default: throw new Error() } ${work}`)}`,
    'a dynamic import of a computed name': [
      handler(`const m = await import('./' + data.name); await m.requireUser(); ${work}`),
      {
        'src/guard.ts': `export async function requireUser() {
  ${session}
  if (!session) throw new Error('Unauthorized')
  return session.user
}
`,
      },
    ],
  })
  cases('unguarded', {
    'is caught': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(getRequest()).catch(() => null); ${work}`)}`,
    'is created and not used': `import { thing, Client } from 'acme-sdk'
${handler(`const client = new Client(getRequestHeaders()); ${work}`)}`,
  })
})

// false alarms, or no word for what separates the callers.
describe('guards that are not recognised', () => {
  cases('guarded', {
    '?? with a throwing call': `const deny = (): never => { throw new Error() }
       ${handler(`${session} const user = session?.user ?? deny(); ${work}`)}`,
    '|| with a throwing call': `const deny = (): never => { throw new Error() }
       ${handler(`${session} session || deny(); ${work}`)}`,
    'the work behind &&': `${session} session && (await db.insert(invoices).values(data))`,
    'switch (true)': `${session} switch (true) { case !session: throw new Error(); default: ${work} }`,
    'switch on the role': `${session} switch (session?.user.role) { case 'admin': ${work} break; default: throw new Error() }`,
    'switch on the role without a default': `${session} switch (session?.user.role) { case 'admin': ${work} break }`,
    'defaults in destructuring': `${session} const { user = null } = session ?? {}; if (!user) throw new Error(); ${work}`,
    'a while that only signed-in callers leave': `${session} while (!session) { throw new Error() } ${work}`,
    'an error is told by instanceof': `async function userOrError() {
         ${session}
         if (!session) return new Error('no')
         return session.user
       }
       ${handler(`const user = await userOrError(); if (user instanceof Error) throw user; ${work}`)}`,
    'a method through super': `class Base { async user() { ${session} if (!session) throw new Error() } } class Guards extends Base { async user() { await super.user() } } ${handler(`await new Guards().user(); ${work}`)}`,
    'for await over a list of checks that is not empty': `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(`for await (const user of [requireUser()]) console.log(user); ${work}`)}`,
    'a list of one user without the absent': `${session} const found = [session?.user].filter(Boolean); if (found.length === 0) throw new Error(); ${work}`,
    'the audit record of a denial that is returned': `${session} if (!session) { await db.insert(logs).values({ what: 'denied' }); return new Response(null, { status: 401 }) } ${work}`,
  })
})

// the verdict is right and what is said about it is not.
describe('causes, exposures and proofs', () => {
  cases(
    { cause: 'notAwaited', verdict: 'unguarded' },
    {
      'void instead of await': `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(`void requireUser(); ${work}`)}`,
      'the promise is kept and never awaited': `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(`const pending = requireUser(); ${work}`)}`,
    },
  )
  cases(
    { exposure: 'owned-read', verdict: 'unguarded' },
    {
      'rows that hang off an owned row by a foreign key': `return db.select().from(lines)`,
    },
  )
})

// a summary keeps the doubts and proofs of the state that it was taken in, and hands them to the next entry point.
describe('a long helper of two entry points', () => {
  const long = Array.from(
    { length: 40 },
    (_, i) => `const step${String(i)} = [${String(i)}, 'x'].length + ${String(i)}`,
  )
  const helper = (signature: string, body: string): string =>
    `async function ${signature} {\n${long.join('\n')}\n${body}\n}\n`
  const fn = (name: string, body: string): string => handler(body).replace('act', name)
  const verdictsOf = (source: string): Record<string, string> =>
    Object.fromEntries(Object.entries(ask(source)).map(([name, answer]) => [name, answer.verdict]))
  const record = helper('record(data: any)', work)
  const must = helper('must()', `${session} if (!session) throw new Error(); return session.user`)

  it('behind a call that may be the guard, and without one', () => {
    const source = `import { thing } from 'acme-sdk'\n${record}${fn('a', 'await thing(getRequest()); await record(data)')}${fn('b', 'await record(data)')}`
    expect(verdictsOf(source)).toEqual({ a: 'unverifiable', b: 'unguarded' })
  })
  it('behind a role, and behind a bare session', () => {
    const source = `${record}${must}${fn('a', `const user = await must(); if (user.role !== 'admin') throw new Error(); await record(data)`)}${fn('b', 'await must(); await record(data)')}`
    const answers = ask(source)
    expect(answers.a?.proofs).toContain('role:admin')
    expect(answers.b?.proofs).toEqual(['authenticated'])
  })
})

// a loop inside another one runs once, so what its second round does is called public; typeof 'string' does not exclude undefined.
describe('loops in loops, and typeof', () => {
  cases('unguarded', {
    'a flag of the inner loop': `for (const a of data.as) { let ok = false; for (const b of a.bs) { if (ok) { ${work} } ok = true } }`,
    'a flag of a loop in a helper that a loop calls': `async function run(bs: any[], data: any) { let ok = false; for (const b of bs) { if (ok) { ${work} } ok = true } } ${handler('for (const a of data.as) await run(a.bs, data)')}`,
    'a flag of a while in a while': `let i = data.n; while (i-- > 0) { let last: any = null; let j = data.m; while (j-- > 0) { if (last) { ${work} } last = { j } } }`,
  })
  cases('guarded', {
    'an id that is a string does not equal an absent one': `${session} const { userId } = data; if (typeof userId !== 'string') return null; if (userId !== session?.user.id) throw new Error(); ${work}`,
  })
})

// a jump out of the catch keeps `denying` set, so what follows is dropped as an audit record; a labelled `continue` is lost.
describe('jumps out of a catch, and labelled continue', () => {
  cases('unguarded', {
    'continue in the catch': `${session} for (const x of [1]) { try { if (!session) throw new Error() } catch { continue } } ${work}`,
    'break in the catch': `${session} for (const x of [1]) { try { if (!session) throw new Error() } catch { break } } ${work}`,
    'a helper whose catch returns null, which nobody tests': `${requireUser} async function maybeUser() { try { return await requireUser() } catch { return null } } ${handler(`await maybeUser(); ${work}`)}`,
    'a helper whose catch returns a guest': `${requireUser} async function maybeUser() { try { return await requireUser() } catch { return { id: 'guest' } } } ${handler(`const user = await maybeUser(); if (!user) throw new Error(); ${work}`)}`,
    'a helper whose catch returns false, tested the wrong way': `${requireUser} async function ok() { try { await requireUser(); return true } catch { return false } } ${handler(`if (await ok()) return null; ${work}`)}`,
    'a helper that returns early in the branch of the anonymous, before a thrown redirect': `async function track() { ${session} if (!session) return; console.log(session.user.id) } ${handler(`await track(); ${work} throw redirect({ to: '/done' })`)}`,
    'a labelled continue before the check': `${session} a: for (const x of [1]) { if (data.k) continue a; if (!session) throw new Error() } ${work}`,
    'next() in a timer': `export const m = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (!session) { setTimeout(() => next(), 0); throw new Error() } return next() })
 ${handler(work, '.middleware([m])')}`,
  })
})
