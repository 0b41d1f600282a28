import { describe, expect, it } from 'vitest'
import {
  act,
  cases,
  guarded,
  handler,
  isPublic,
  middleware,
  notSafe,
  requireUser,
  session,
  unguarded,
  unverifiable,
  work,
} from './harness.ts'

const strict = middleware(
  'strict',
  `${session} if (!session) throw new Error('401'); return next({ context: { user: session.user } })`,
)
const soft = middleware('soft', `${session} return next({ context: { user: session?.user ?? null } })`)
const optional = middleware(
  'optional',
  `${session} return session ? next({ context: { user: session.user } }) : next()`,
)
const logging = middleware('logging', `console.log('called'); return next()`)

describe('chains', () => {
  guarded({
    'a list with the guard': `${strict} ${logging} ${handler(work, '.middleware([logging, strict])')}`,
    'a tuple in a variable': `${strict} const chain = [strict] as const; ${handler(work, '.middleware(chain)')}`,
    'a tuple from another file': [
      `import { protectedChain } from './chains'
       ${handler(work, '.middleware(protectedChain)')}`,
      { 'src/chains.ts': `${strict} ${logging} export const protectedChain = [logging, strict] as const` },
    ],
    'a spread of a list': `${strict} const base = [strict]; ${logging} ${handler(work, '.middleware([logging, ...base])')}`,
    'a spread of a list from another file': [
      `import { base } from './chains'
       ${handler(work, '.middleware([...base])')}`,
      { 'src/chains.ts': `${strict} export const base = [strict]` },
    ],
    'the guard is the parent of a soft middleware': `${strict} ${middleware('org', 'return next({ context: { orgId: data.orgId ?? null } })', '.middleware([strict])')} ${handler(work, '.middleware([org])')}`,
    'the guard is the parent of the parent': `${strict} ${middleware('a', 'return next()', '.middleware([strict])')} ${middleware('b', 'return next()', '.middleware([a])')} ${handler(work, '.middleware([b])')}`,
    'the child refuses what the soft parent gives': `${soft} ${middleware('hard', `if (!context.user) throw new Error(); return next()`, '.middleware([soft])')} ${handler(work, '.middleware([hard])')}`,
    'the handler refuses what a soft middleware gives': `${soft} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([soft])')}`,
    'two calls of .middleware() on a server function add up': `${strict} ${logging} ${handler(work, '.middleware([strict]).middleware([logging])')}`,
    'the guard comes after the validator': `${strict} ${handler(work, '.validator((d: any) => d).middleware([strict])')}`,
    'a guard with .client() and .server()': `const both = createMiddleware({ type: 'function' }).client(async ({ next }) => next()).server(async ({ next }) => { ${session} if (!session) throw new Error(); return next() }); ${handler(work, '.middleware([both])')}`,
    'a request middleware on a server function': `const requestGuard = createMiddleware().server(async ({ next, request }) => { const s = await auth.api.getSession({ headers: request.headers }); if (!s) return new Response(null, { status: 401 }); return next() }); ${handler(work, '.middleware([requestGuard])')}`,
    'a factory variable': `${strict} const authed = createServerFn({ method: 'POST' }).middleware([strict]); export const act = authed.handler(async ({ data }) => { ${work} })`,
    'a factory variable that is called': `${strict} const authed = createServerFn().middleware([strict]); export const act = authed({ method: 'POST' }).handler(async ({ data }) => { ${work} })`,
    'a factory variable through a barrel': [
      `import { authed } from './server'
       export const act = authed.handler(async ({ data }) => { ${work} })`,
      {
        'src/server/index.ts': `// as it is\nexport * from './base'`,
        'src/server/base.ts': `${strict} export const authed = createServerFn({ method: 'POST' }).middleware([strict])`,
      },
    ],
    'a factory passed as middleware': `${strict} const authed = createServerFn().middleware([strict]); ${handler(work, '.middleware([authed])')}`,
    'a function that gives a middleware': `const needs = (role: string) => createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (session?.user.role !== role) throw new Error(); return next() }); ${handler(work, `.middleware([needs('admin')])`)}`,
    'a function that gives a list of middleware': `${strict} const chain = () => [strict]; ${handler(work, '.middleware(chain())')}`,
    'a body by name': `async function guard({ next }: any) { ${session} if (!session) throw new Error(); return next() } const named = createMiddleware({ type: 'function' }).server(guard); ${handler(work, '.middleware([named])')}`,
    'a body that hands next to a helper': `async function proceed(next: any, user: any) { if (!user) throw new Error(); return next({ context: { user } }) } const m = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} return proceed(next, session?.user) }); ${handler(work, '.middleware([m])')}`,
    'the check of a helper of a helper': `${requireUser} async function assertAdmin() { const user = await requireUser(); if (user.role !== 'admin') throw new Error() } ${middleware('admin', 'await assertAdmin(); return next()')} ${handler(work, '.middleware([admin])')}`,
  })
  unguarded({
    'an empty list': handler(work, '.middleware([])'),
    'logging only': `${logging} ${handler(work, '.middleware([logging])')}`,
    'a guard that is defined and not attached': `${strict} ${handler(work)}`,
    'a guard attached to another function': `${strict} export const other = createServerFn().middleware([strict]).handler(async () => 1); ${handler(work)}`,
    'a second .middleware() on createMiddleware replaces the guard': `${strict} ${logging} const m = createMiddleware({ type: 'function' }).middleware([strict]).middleware([logging]).server(async ({ next }) => next()); ${handler(work, '.middleware([m])')}`,
    'a middleware that writes before the guard': `${strict} ${middleware('audit', `await db.insert(logs).values({ what: 'x' }); return next()`)} ${handler(work, '.middleware([audit, strict])')}`,
    'a guard without .server()': `${strict} const m = createMiddleware({ type: 'function' }).validator((d: any) => d); ${handler(work, '.middleware([m])')}`,
    'a base that was not extended': `${strict} const base = createServerFn({ method: 'POST' }); base.middleware([strict]); export const act = base.handler(async ({ data }) => { ${work} })`,
  })
  cases(
    { verdict: 'unguarded', cause: 'clientOnly' },
    {
      'a guard that runs in the browser only': `const m = createMiddleware({ type: 'function' }).client(async ({ next }) => { if (!localStorage.getItem('token')) throw new Error(); return next() }); ${handler(work, '.middleware([m])')}`,
      'a parent that runs in the browser only': `const parent = createMiddleware({ type: 'function' }).client(async ({ next }) => { throw redirect({ to: '/login' }) }); ${middleware('child', 'return next()', '.middleware([parent])')} ${handler(work, '.middleware([child])')}`,
      'a base whose guard runs in the browser only': `const m = createMiddleware({ type: 'function' }).client(async ({ next }) => { throw new Error() }); const base = createServerFn().middleware([m]); export const act = base.handler(async ({ data }) => { ${work} })`,
      'a token that the browser attaches': `const attach = createMiddleware({ type: 'function' }).client(async ({ next }) => next({ headers: { Authorization: 'x' } })); ${handler(work, '.middleware([attach])')}`,
    },
  )
  cases(
    { verdict: 'unguarded', cause: 'soft' },
    { 'a middleware that lets everybody through': `${soft} ${handler(work, '.middleware([soft])')}` },
  )
  unguarded({
    'a soft middleware whose user is only shown': `${soft} ${handler(`console.log(context.user?.id); ${work}`, '.middleware([soft])')}`,
    'the vendor middleware of Clerk': `import { clerkMiddleware } from '@clerk/tanstack-react-start/server'; ${handler(work, '.middleware([clerkMiddleware()])')}`,
    'a function that a library of telemetry makes for it': `import * as Sentry from '@sentry/tanstackstart-react'; ${handler(work, '.middleware([createMiddleware().server(Sentry.sentryGlobalServerMiddlewareHandler())])')}`,
    'a function that a library of telemetry exports for it': `import { trace } from '@opentelemetry/api'; ${handler(work, '.middleware([createMiddleware().server(trace)])')}`,
    'a middleware that ends the request for unknown input only': `${middleware('csrf', `if (getRequestHeader('x-csrf') !== data.csrf) throw new Error(); return next()`)} ${handler(work, '.middleware([csrf])')}`,
    'next() in a callback of a helper that swallows': `async function safely(run: () => any) { try { await run() } catch {} } ${middleware('m', `await safely(async () => { ${session} if (!session) throw new Error() }); return next()`)} ${handler(work, '.middleware([m])')}`,
  })
  unverifiable({
    'a middleware of an unknown package': `import { guard } from 'acme-guards'; ${handler(work, '.middleware([guard])')}`,
    'a middleware around a function of an unknown package': `import { guard } from 'acme-guards'; ${handler(work, '.middleware([createMiddleware().server(guard)])')}`,
    'a middleware around what a function of an unknown package makes': `import { createGuard } from 'acme-guards'; ${handler(work, '.middleware([createMiddleware().server(createGuard())])')}`,
    'a middleware that a function of an unknown package makes': `import { createGuard } from 'acme-guards'; ${handler(work, `.middleware([createGuard({ role: 'admin' })])`)}`,
    'a middleware of a file that is not there': `import { guard } from './generated/guard'; ${handler(work, '.middleware([guard])')}`,
  })
  unguarded({
    'the guard is in one alternative of a list': `export const strict = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) throw new Error('401'); return next({ context: { user: session.user } }) })
 const chain = import.meta.env.VITE_OPEN ? [] : [strict]; ${handler(work, '.middleware(chain)')}`,
    'the guard is filtered out by a condition of the environment': `export const strict = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) throw new Error('401'); return next({ context: { user: session.user } }) })
 ${handler(work, '.middleware(process.env.OPEN ? [] : [strict])')}`,
  })
})

describe('context', () => {
  guarded({
    'a key that the chain always writes': `${soft} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([soft])')}`,
    'a key that is null for the anonymous on every path': `${middleware('m', `${session} if (!session) return next({ context: { user: null } }); return next({ context: { user: session.user } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
    'a key that is undefined for the anonymous on every path': `${middleware('m', `${session} return next({ context: { user: session?.user } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
    'a key that a later middleware overwrites': `${optional} ${soft} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([optional, soft])')}`,
    'a deeper key of a written object': `${middleware('m', `${session} return next({ context: { auth: { user: session?.user ?? null } } })`)} ${handler(`if (!context.auth.user) throw new Error(); ${work}`, '.middleware([m])')}`,
  })
  cases(
    { verdict: 'unguarded', cause: 'injectableContext' },
    {
      'a key that no middleware writes': handler(`if (!context.user) throw new Error(); ${work}`),
      'a key that one path leaves unset': `${optional} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([optional])')}`,
      'a conditional spread': `${middleware('m', `${session} return next({ context: { ...(session && { user: session.user }) } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
      'a conditional spread by a ternary': `${middleware('m', `${session} return next({ context: { ...(session ? { user: session.user } : {}) } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
      'an empty object for the anonymous': `${middleware('m', `${session} return next({ context: session ? { user: session.user } : {} })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
      'a role of the caller': handler(`if (context.user?.role !== 'admin') throw new Error(); ${work}`),
      'a middleware that trusts the context of the caller': `${middleware('m', `if (!context.user) throw new Error(); return next()`)} ${handler(work, '.middleware([m])')}`,
      'another key than the one that is written': `${soft} ${handler(`if (!context.member) throw new Error(); ${work}`, '.middleware([soft])')}`,
    },
  )
  unguarded({
    'the context of the caller passed on': `${middleware('m', `return next({ context: { user: context.user } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
    'sendContext of the client': `const m = createMiddleware({ type: 'function' }).client(async ({ next }) => next({ sendContext: { userId: 'x' } })).server(async ({ next, context }) => { if (!context.userId) throw new Error(); return next() }); ${handler(work, '.middleware([m])')}`,
    'a fallback to the context of the caller': `${middleware('m', `${session} return next({ context: { user: session?.user ?? context.user } })`)} ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
  })
  unguarded({
    'the context of the caller spread over the own key': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} return next({ context: { user: session?.user, ...context } }) })
 ${handler(`if (!context.user) throw new Error(); ${work}`, '.middleware([m])')}`,
  })
})

describe('global middleware', () => {
  const start = (body: string): Readonly<Record<string, string>> => ({
    'src/start.ts': body,
  })
  it('a global function middleware guards every server function', () => {
    const answer = act(
      handler(work),
      start(`${strict} export const startInstance = createStart(() => ({ functionMiddleware: [strict] }))`),
    )
    expect(answer).toMatchObject({ verdict: 'guarded', how: ['global'] })
  })
  it('a global request middleware guards every server function', () => {
    const guard = `const guard = createMiddleware().server(async ({ next, request }) => { const s = await auth.api.getSession({ headers: request.headers }); if (!s) throw redirect({ to: '/login' }); return next() })`
    expect(
      act(
        handler(work),
        start(`${guard}; export const startInstance = createStart(() => ({ requestMiddleware: [guard] }))`),
      ).verdict,
    ).toBe('guarded')
  })
  it('a global middleware that lets everybody through guards nothing', () => {
    expect(
      act(
        handler(work),
        start(`${soft} export const startInstance = createStart(() => ({ functionMiddleware: [soft] }))`),
      ).verdict,
    ).toBe('unguarded')
  })
  it('a function of a library around every request hides no guard behind it', () => {
    const logged = start(
      `import { logRequests } from 'acme-logs'; export const startInstance = createStart(() => ({ requestMiddleware: [createMiddleware().server(logRequests)] }))`,
    )
    expect(act(`${requireUser} ${handler(`await requireUser(); ${work}`)}`, logged).verdict).toBe('guarded')
    expect(act(handler(work), logged)).toMatchObject({ verdict: 'unverifiable' })
  })
  const allowList = start(`
    const allowed = new Set(['src/fns.ts:open'])
    const guard = createMiddleware({ type: 'function' }).server(async ({ next, serverFnMeta }) => {
      if (allowed.has(serverFnMeta.filename + ':' + serverFnMeta.name)) return next()
      ${session}
      if (!session) throw new Error()
      return next()
    })
    export const startInstance = createStart(() => ({ functionMiddleware: [guard] }))`)
  it('an allow-list in the global middleware does not open the functions that are not in it', () => {
    expect(act(handler(work), allowList).verdict).toBe('guarded')
  })
  it('an allow-list in the global middleware opens the functions that are in it', () => {
    const open = handler(work).replace('const act', 'const open')
    expect(act(`${open} ${handler(work)}`, allowList).verdict).toBe('guarded')
    const answers = act(handler(work), {
      'src/start.ts': allowList['src/start.ts']!.replace(':open', ':act'),
    })
    expect(answers.verdict).toBe('unguarded')
  })
  it('a start file without middleware changes nothing', () => {
    expect(act(handler(work), start('export const startInstance = createStart(() => ({}))')).verdict).toBe('unguarded')
  })
})

describe('validators', () => {
  unguarded({
    'a validator that only shapes the input': `import { z } from 'zod'; ${handler(work, '.validator(z.object({ id: z.string() }))')}`,
    'a validator function that refuses bad input': handler(
      work,
      `.validator((d: any) => { if (!d.id) throw new Error(); return d })`,
    ),
  })
  guarded({
    'an async validator that refuses the anonymous': handler(
      work,
      `.validator(async (d: any) => { ${session} if (!session) throw new Error(); return d })`,
    ),
  })
  notSafe({
    'a validator of a middleware that comes after a write': `${middleware('write', `await db.insert(logs).values(data); return next()`)} ${handler(work, `.middleware([write]).validator(async (d: any) => { ${session} if (!session) throw new Error(); return d })`)}`,
  })
  isPublic({ 'a validator and no work': handler('return data.id', '.validator((d: any) => d)') })
})

describe('the middleware that is named as the guard', () => {
  const hard = middleware('hard', `if (!context.user) throw new Error(); return next()`, '.middleware([soft])')
  const behind = (find: string): string =>
    `${find}\n${middleware('soft', 'return next({ context: { user: await find() } })')} ${hard} ${handler(work, '.middleware([hard])')}`
  const sealed = `import { unsealData } from 'iron-session'
    const find = async () => { const cookie = getCookie('s'); if (!cookie) return null;`
  for (const [name, find] of Object.entries({
    'the lookup': `const find = async () => (await auth.api.getSession({ headers: getRequestHeaders() }))?.user ?? null`,
    'a helper that returns early': `const find = async () => { ${session} if (!session) return null; return session.user }`,
    'a helper that returns early, by what a crash tells it': `${sealed}
      try { const s = await unsealData<any>(cookie, { password: process.env.PW! }); console.log(s.user.email); return s } catch { return null } }`,
    'a helper that returns early, by what one of several crashes tells it': `${sealed}
      try { const s = await unsealData<any>(cookie, { password: process.env.PW! })
        if (Date.now() > s.expiresAt) { console.log(s.user.email); return null }
        console.log(s.user.name); return s } catch { deleteCookie('s'); return null } }`,
    'a helper that takes a denial for an answer': `${requireUser} const find = async () => { try { return await requireUser() } catch { return null } }`,
    'a server function that another middleware calls': `const find = createServerFn().handler(async () => { ${session} if (!session) return null; return session.user })`,
  }))
    it(`is the one that refuses, and not the one that runs ${name}`, () => {
      expect(act(behind(find))).toMatchObject({ verdict: 'guarded', guards: ['hard'], how: ['middleware'] })
    })
  it('is the one that refuses, and not one that goes on without a user', () => {
    const early = middleware(
      'soft',
      `${session} if (!session) return next({ context: { user: null } }); return next({ context: { user: session.user } })`,
    )
    const answer = act(`${early} ${hard} ${handler(work, '.middleware([hard])')}`)
    expect(answer).toMatchObject({ verdict: 'guarded', guards: ['hard'] })
  })
  it('is both, where both refuse', () => {
    const twice = `${strict} ${middleware('hard', `if (context.user.role !== 'admin') throw new Error(); return next()`, '.middleware([strict])')}`
    expect(act(`${twice} ${handler(work, '.middleware([hard])')}`)).toMatchObject({ guards: ['strict'] })
  })
})
