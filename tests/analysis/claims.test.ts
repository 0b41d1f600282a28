/**
 * The numbered claims about what guards a TanStack Start application and what does not, each with its bad code, which is
 * open, and its good code, which is guarded. Claims about tenants, caches, routes and style are with the rules that speak of them.
 */
import { describe, expect, it } from 'vitest'
import { ask, guarded, handler, middleware, requireUser, session, unguarded, work } from './harness.ts'

const deny = 'if (!session) throw new Error()'
const authn = middleware('authn', `${session} ${deny}; return next({ context: { session } })`)

describe('entry points without a guard', () => {
  const needs = `const needs = (permission: string) => createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (!session?.user.permissions.includes(permission)) throw new Error(); return next({ context: { member: session.user } }) })`
  unguarded({
    '1: a server function without anything': handler(
      'return db.delete(organizations).where(eq(organizations.id, data.orgId))',
      '.validator(schema)',
    ).replace('.validator(schema)', ''),
    '2: only the route has a guard': `${handler('return db.select().from(invoices)')} export const Route = createFileRoute('/_app/invoices')({ beforeLoad: ({ context }: any) => { if (!context.user) throw redirect({ to: '/login' }) }, loader: () => act() })`,
    '3: only the loader of the parent has a guard': `${handler('return db.select().from(invoices)')} export const Route = createFileRoute('/_authed')({ loader: async () => { ${session} if (!session) throw redirect({ href: '/sign-in' }) } })`,
    '5: only the middleware of the route has a guard': `${authn} ${handler('return db.select().from(invoices)')} export const Route = createFileRoute('/team')({ server: { middleware: [authn] }, loader: () => act() })`,
    '6: a middleware that runs in the browser only': `const mustLogin = createMiddleware({ type: 'function' }).client(({ next }) => { if (!localStorage.token) throw new Error('login'); return next() }); ${handler(work, '.middleware([mustLogin])')}`,
    '7: a global middleware that only looks the caller up': [
      handler('return db.query.users.findFirst()'),
      {
        'src/start.ts': `import { clerkMiddleware } from '@clerk/tanstack-react-start/server'; export const startInstance = createStart(() => ({ requestMiddleware: [clerkMiddleware()] }))`,
      },
    ],
    '10: the check is a server function of its own': `export const assertAdmin = createServerFn().handler(async () => { ${session} ${deny} }); ${handler(work)} export const remove = async (data: any) => { await assertAdmin(); await act({ data }) }`,
    '11: a builder that a function returns, without a guard': `const makeFn = () => createServerFn({ method: 'POST' }); export const act = makeFn().handler(async ({ data }: any) => { ${work} })`,
  })
  guarded({
    '1: a middleware that asks for a permission': `${needs}; ${handler(work, ".middleware([needs('org:delete')])")}`,
    '2: the server function has the guard as well': `${authn} ${handler('return db.select().from(invoices)', '.middleware([authn])')} export const Route = createFileRoute('/_app/invoices')({ loader: () => act() })`,
    '6: the check runs on the server': `${authn} ${handler(work, '.middleware([authn])')}`,
    '7: the handler tests what is known of the caller': [
      `import { auth as clerkAuth } from '@clerk/tanstack-react-start/server'; ${handler(`const { isAuthenticated, userId } = await clerkAuth(); if (!isAuthenticated) throw new Error('401'); return db.query.users.findFirst({ where: eq(users.id, userId) })`)}`,
      {
        'src/start.ts': `import { clerkMiddleware } from '@clerk/tanstack-react-start/server'; export const startInstance = createStart(() => ({ requestMiddleware: [clerkMiddleware()] }))`,
      },
    ],
    '10: a server function that refuses, called in the handler': `export const assertAdmin = createServerFn().handler(async () => { ${session} ${deny} }); ${handler(`await assertAdmin(); ${work}`)}`,
    '11: a builder that a function returns, with a guard': `${authn} const makeFn = () => createServerFn({ method: 'POST' }).middleware([authn]); export const act = makeFn().handler(async ({ data }: any) => { ${work} })`,
  })
})

describe('server routes', () => {
  const route = (server: string): string =>
    `${authn} export const Route = createFileRoute('/api/export')({ beforeLoad: ({ context }: any) => { if (!context.user) throw redirect({ to: '/login' }) }, server: { ${server} } })`
  const get = 'GET: async () => Response.json(await db.select().from(invoices))'
  const verdictsOf = (server: string): Record<string, string> =>
    Object.fromEntries(Object.entries(ask(route(server))).map(([verb, { verdict }]) => [verb, verdict]))

  it('8: the guard of the page is none for its handlers', () => {
    expect(verdictsOf(`handlers: { ${get} }`)).toEqual({ GET: 'unguarded' })
  })
  it('8: a middleware in front of the handlers is', () => {
    expect(verdictsOf(`middleware: [authn], handlers: { ${get} }`)).toEqual({ GET: 'guarded' })
  })
  it('8b: a middleware of one verb says nothing of another', () => {
    const handlers = `({ createHandlers }) => createHandlers({ GET: { middleware: [authn], handler: async () => Response.json(await db.select().from(invoices)) }, DELETE: async () => { await db.delete(invoices); return new Response() } })`
    expect(verdictsOf(`handlers: ${handlers}`)).toEqual({ GET: 'guarded', DELETE: 'unguarded' })
  })
  it('8c: nor of every other verb', () => {
    const handlers = `{ ${get.replace('GET: async () =>', `GET: async () => { ${session} if (!session) return new Response(null, { status: 401 }); return`)} }, ANY: async () => { await db.delete(invoices); return new Response() } }`
    expect(verdictsOf(`handlers: ${handlers}`)).toEqual({ GET: 'guarded', ANY: 'unguarded' })
  })
})

describe('a guard that does not guard', () => {
  const can = `const assertCan = async (user: any, permission: string, id: string) => { if (!user) throw new Error(); const row = await db.query.members.findFirst({ where: and(eq(members.userId, user.id), eq(members.role, permission)) }); if (!row) throw new Error(id) };`
  const has = `const hasPermission = async (session: any, permission: string) => Boolean(session) && session.user.permissions.includes(permission);`
  unguarded({
    '12: a middleware that can never deny': `const soft = createMiddleware().server(async ({ next, request }) => { const session = await auth.api.getSession({ headers: request.headers }); return next({ context: { session } }) }); ${handler(work, '.middleware([soft])')}`,
    '13: an async check is not awaited': `${can} ${handler(`${session} assertCan(session?.user, 'doc:write', data.id); ${work}`)}`,
    '14: a boolean is not tested': `${has} ${handler(`${session} await hasPermission(session, 'billing:write'); ${work}`)}`,
    '15: a session is fetched and not tested': `const session = await auth.api.getSession({ headers: getRequestHeaders() }); return prisma.invoice.findMany({ where: { ownerId: session?.user.id } })`,
    '16: a redirect is made and not thrown': `${session} if (!session) redirect({ to: '/login' }); ${work}`,
    '16: a Response is made and not returned': `${session} if (!session) new Response('no', { status: 403 }); ${work}`,
    '17: the denial is swallowed': `${requireUser} ${handler(`try { await requireUser() } catch (e) { console.log(e) } ${work}`)}`,
    '18: the check comes after the effect': `const row = await prisma.invoice.delete({ where: { id: data.id } }); ${session} if (row.ownerId !== session?.user.id) throw new Error('403')`,
    '19: the check comes after next()': `${middleware('late', `const result = await next(); ${session} ${deny}; return result`)} ${handler(work, '.middleware([late])')}`,
    '20: the middleware with the effect runs first': `${authn} ${middleware('write', 'await db.insert(logs).values(data as any); return next()')} ${handler('return null', '.middleware([write, authn])')}`,
    '21: an anonymous caller passes': `${session} if (session && session.user.role !== 'admin') throw new Error('403'); ${work}`,
    '21: only the banned are refused': `${session} if (session?.user.banned) throw new Error(); ${work}`,
    '22: a variable that lets everybody through where it is not set': `if (process.env.NODE_ENV !== 'test') { ${work} } else { ${session} ${deny} }`,
    '23: the second .middleware() replaces the first': `${authn} const org = createMiddleware({ type: 'function' }).middleware([authn]).middleware([]).server(async ({ next }) => next()); ${handler(work, '.middleware([org])')}`,
  })
  guarded({
    '12: a middleware that refuses': `${authn} ${handler(work, '.middleware([authn])')}`,
    '13: an async check is awaited': `${can} ${handler(`${session} await assertCan(session?.user, 'doc:write', data.id); ${work}`)}`,
    '14: a boolean is tested': `${has} ${handler(`${session} if (!(await hasPermission(session, 'billing:write'))) throw new Error('forbidden'); ${work}`)}`,
    '15: a session is tested': `const session = await auth.api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error('unauthenticated'); return prisma.invoice.findMany({ where: { ownerId: session.user.id } })`,
    '16: a redirect is thrown': `${session} if (!session) throw redirect({ to: '/login' }); ${work}`,
    '16: a redirect that throws by itself': `${session} if (!session) redirect({ to: '/login', throw: true }); ${work}`,
    '16: a Response is returned': `${session} if (!session) return new Response('no', { status: 403 }); ${work}`,
    '17: the denial is thrown again, in other words': `${requireUser} import { isRedirect } from '@tanstack/react-router'; ${handler(`try { await requireUser() } catch (e) { if (isRedirect(e)) throw e; console.log(e); throw new Error('unauthenticated') } ${work}`)}`,
    '18: the row is found by its owner first': `${session} ${deny}; const row = await prisma.invoice.findFirst({ where: { id: data.id, ownerId: session.user.id } }); if (!row) throw notFound(); await prisma.invoice.delete({ where: { id: data.id } })`,
    '19: the check comes before next()': `${middleware('early', `${session} ${deny}; return await next()`)} ${handler(work, '.middleware([early])')}`,
    '20: the guard runs first': `${authn} ${middleware('write', 'await db.insert(logs).values(data as any); return next()')} ${handler('return null', '.middleware([authn, write])')}`,
    '21: no session is no role': `${session} if (session?.user.role !== 'admin') throw new Error('403'); ${work}`,
    '23: both middleware in one list': `${authn} const org = createMiddleware({ type: 'function' }).middleware([authn]).server(async ({ next }) => next()); ${handler(work, '.middleware([org])')}`,
  })
})

describe('the trust boundary', () => {
  unguarded({
    '25: identity from sendContext': `const me = createMiddleware({ type: 'function' }).client(({ next }) => next({ sendContext: { userId: localStorage.userId } })).server(async ({ next, context }: any) => { const found = await db.query.users.findFirst({ where: eq(users.id, context.userId) }); if (!found) throw new Error(); return next({ context: { me: found } }) }); ${handler(work, '.middleware([me])')}`,
    '26: a key of the context that some path leaves unset': `${middleware('maybeAuth', `${session} return session ? next({ context: { user: session.user } }) : next()`)} ${handler(`if (!context.user) throw new Error('401'); ${work}`, '.middleware([maybeAuth])')}`,
    '26: a key of the context by a conditional spread': `${middleware('maybeAuth', `${session} return next({ context: { ...(session && { user: session.user }) } })`)} ${handler(`if (!context.user) throw new Error('401'); ${work}`, '.middleware([maybeAuth])')}`,
    '27: the actor is from the input': `await db.update(invoices).set(data.patch).where(eq(invoices.ownerId, data.userId))`,
    '28: an admin flag of the input': `if (!data.isAdmin) throw new Error(); ${work}`,
    '30: a tenant of the input, and no check': `return db.select().from(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    '31: a shape is no authorization': `import { z } from 'zod'; ${handler(`const id = z.string().uuid().parse(data.organizationId); return db.select().from(invoices).where(eq(invoices.organizationId, id))`)}`,
    '32: the tenant of a header': `const organizationId = getRequestHeader('x-org-id'); if (!organizationId) throw new Error(); return db.select().from(invoices).where(eq(invoices.organizationId, organizationId))`,
    '35: a cookie is there': `import { getSessionCookie } from 'better-auth/cookies'; ${handler(`if (!getSessionCookie(getRequest())) throw new Error(); ${work}`)}`,
    '35: the header has the name of the cookie': `if (!getRequestHeader('cookie')?.includes('session=')) throw new Error(); ${work}`,
    '36: a session that nobody verified': `import { createServerClient } from '@supabase/ssr'; ${handler(`const supabase = createServerClient(process.env.URL!, process.env.KEY!, { cookies: { getAll: () => [] } }); const { data: { session } } = await supabase.auth.getSession(); if (!session) throw new Error(); ${work}`)}`,
    '36: a token that is only decoded': `import { decodeJwt } from 'jose'; ${handler(`const claims = decodeJwt(getRequestHeader('authorization')!.slice(7)); if (!claims.sub) throw new Error(); ${work}`)}`,
    '37: an identity header': `const me = getRequestHeader('x-user-id'); if (!me) throw new Error(); ${work}`,
    '76: the role in a session that is written from the input': `const s = await useSession<{ role?: string }>({ password: process.env.SESSION_SECRET! }); await s.update({ role: data.role }); if (s.data.role !== 'admin') throw new Error(); ${work}`,
    '80: an origin that anybody can send': `if (!getRequestHeader('origin')?.includes('example.com')) throw new Error(); ${work}`,
  })
  guarded({
    '26: the key is written on every path': `${middleware('maybeAuth', `${session} return next({ context: { user: session?.user ?? null } })`)} ${handler(`if (!context.user) throw new Error('401'); ${work}`, '.middleware([maybeAuth])')}`,
    '27: the actor is the caller': `${session} ${deny}; await db.update(invoices).set(data.patch).where(eq(invoices.ownerId, session.user.id))`,
    '28: the role of the session': `${session} if (session?.user.role !== 'admin') throw new Error(); ${work}`,
    '29: the token of a header, verified': `import { jwtVerify } from 'jose'; ${handler(`const { payload } = await jwtVerify(getRequestHeader('authorization')!.slice(7), new TextEncoder().encode(process.env.JWT_SECRET)); ${work}; return payload.sub`)}`,
    '30: a membership is checked': `${session} ${deny}; const member = await db.query.members.findFirst({ where: and(eq(members.userId, session.user.id), eq(members.organizationId, data.organizationId)) }); if (!member) throw new Error(); return db.select().from(invoices).where(eq(invoices.organizationId, data.organizationId))`,
    '36: claims that are verified': `import { createServerClient } from '@supabase/ssr'; ${handler(`const supabase = createServerClient(process.env.URL!, process.env.KEY!, { cookies: { getAll: () => [] } }); const { data } = await supabase.auth.getClaims(); if (!data?.claims) throw new Error(); await db.insert(invoices).values({ id: 'x' })`)}`,
  })
})
