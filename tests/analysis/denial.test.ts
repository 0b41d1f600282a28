import { describe } from 'vitest'
import { type Case, guarded, handler, middleware, requireUser, session, unguarded, work } from './harness.ts'

describe('what denies in a handler', () => {
  guarded({
    'throws an error': `${session} if (!session) throw new Error('Unauthorized'); ${work}`,
    'throws a redirect': `${session} if (!session) throw redirect({ to: '/login' }); ${work}`,
    'throws notFound': `${session} if (!session) throw notFound(); ${work}`,
    'throws a Response': `${session} if (!session) throw new Response('no', { status: 401 }); ${work}`,
    'throws what a project factory makes': [
      `const unauthorized = () => new Error('401')
       ${handler(`${session} if (!session) throw unauthorized(); ${work}`)}`,
      {},
    ],
    'throws an error class of the project': [
      `class HttpError extends Error { constructor(readonly status: number) { super('x') } }
       ${handler(`${session} if (!session) throw new HttpError(401); ${work}`)}`,
      {},
    ],
    'returns a Response': `${session} if (!session) return new Response(null, { status: 401 }); ${work}`,
    'returns Response.json': `${session} if (!session) return Response.json({ error: 'no' }, { status: 403 }); ${work}`,
    'returns null': `${session} if (!session) return null; ${work}`,
    'returns an empty list': `${session} if (!session) return []; ${work}`,
    'returns an error object': `${session} if (!session) return { success: false, error: 'no' }; ${work}`,
    'returns nothing': `${session} if (!session) return; ${work}`,
    'returns in the branch and works in the else': `${session} if (session) { ${work} } else { return null }`,
    'works only in the positive branch': `${session} if (session) { ${work} }`,
    'sets the status and returns': `${session} if (!session) { setResponseStatus(401); return { error: 'no' } } ${work}`,
    'lets a call that never returns deny': [
      `function deny(): never { throw new Error('401') }
       ${handler(`${session} if (!session) deny(); ${work}`)}`,
      {},
    ],
    'returns a call that throws': [
      `function deny(): never { throw new Error('401') }
       ${handler(`${session} if (!session) return deny(); ${work}`)}`,
      {},
    ],
    'redirects with throw: true': `${session} if (!session) redirect({ to: '/login', throw: true }); ${work}`,
    'uses the redirect of next/navigation, which throws by itself': [
      `import { redirect as leave } from 'next/navigation'
       ${handler(`${session} if (!session) leave('/login'); ${work}`)}`,
      {},
    ],
    'asserts with an assertion function of the project': [
      `function assertUser(user: unknown): asserts user { if (!user) throw new Error('401') }
       ${handler(`${session} assertUser(session?.user); ${work}`)}`,
      {},
    ],
    'asserts with tiny-invariant': [
      `import invariant from 'tiny-invariant'
       ${handler(`${session} invariant(session, 'sign in'); ${work}`)}`,
      {},
    ],
    'asserts with node:assert': [
      `import assert from 'node:assert'
       ${handler(`${session} assert(session, 'sign in'); ${work}`)}`,
      {},
    ],
    'destructures null': `const { user } = await auth.api.getSession({ headers: getRequestHeaders() }); ${work}`,
    'reads a property of null': `${session} const id = session.user.id; ${work}`,
    'reads a property of null behind a non-null assertion': `${session} const id = session!.user.id; ${work}`,
    'calls a helper that throws': [`${requireUser} ${handler(`await requireUser(); ${work}`)}`, {}],
  })
})

describe('a denial that is made and dropped', () => {
  unguarded(
    {
      'redirect() without throw': `${session} if (!session) redirect({ to: '/login' }); ${work}`,
      'notFound() without throw': `${session} if (!session) notFound(); ${work}`,
      'new Error() without throw': `${session} if (!session) new Error('no'); ${work}`,
      'new Response() without return': `${session} if (!session) new Response('no', { status: 401 }); ${work}`,
      'Response.json() without return': `${session} if (!session) Response.json({}, { status: 401 }); ${work}`,
    },
    'denialDropped',
  )
  unguarded({
    'a log line instead of a denial': `${session} if (!session) console.error('no session'); ${work}`,
    'only the status is set': `${session} if (!session) setResponseStatus(401); ${work}`,
    'the error is built and put in a variable': `${session} let error; if (!session) error = new Error('no'); ${work}`,
    'an inner function returns': `${session} const check = () => { if (!session) return null; return true }; check(); ${work}`,
    'a callback of forEach returns': `${session};[1].forEach(() => { if (!session) return }); ${work}`,
    'a flag is set and never looked at': `${session} let ok = true; if (!session) ok = false; ${work}`,
  })
})

describe('what denies in a middleware', () => {
  const chain = (body: string): string => `${middleware('guard', body)} ${handler(work, '.middleware([guard])')}`
  guarded({
    throws: chain(`${session} if (!session) throw new Error('no'); return next()`),
    'throws a redirect': chain(`${session} if (!session) throw redirect({ to: '/login' }); return next()`),
    'returns a redirect that it did not throw': chain(
      `${session} if (!session) return redirect({ to: '/login' }); return next()`,
    ),
    'returns a Response': chain(`${session} if (!session) return new Response('no', { status: 401 }); return next()`),
    'ends without next()': chain(`${session} if (session) return next()`),
    'returns an object without next()': chain(`${session} if (!session) return { error: 'no' }; return next()`),
    'returns undefined without next()': chain(`${session} if (!session) return; return next()`),
    'returns next() of a ternary or a throwing call': chain(
      `${session} const deny = () => { throw new Error('no') }; return session ? next() : deny()`,
    ),
    'awaits next() after the check': chain(
      `${session} if (!session) throw new Error('no'); const result = await next(); return result`,
    ),
  })
  unguarded({
    'redirect() as a statement, then next()': chain(
      `${session} if (!session) redirect({ to: '/login' }); return next()`,
    ),
    'new Error() as a statement, then next()': chain(`${session} if (!session) new Error('no'); return next()`),
    'check after next()': chain(
      `const result = await next(); ${session} if (!session) throw new Error('no'); return result`,
    ),
    'throw that a catch around it swallows': chain(
      `try { ${session} if (!session) throw new Error('no') } catch {} return next()`,
    ),
    'next() in both branches': chain(
      `${session} if (!session) return next(); return next({ context: { user: session.user } })`,
    ),
    'a throw before next(), in a callback that never runs': chain(
      `${session} const deny = () => { throw new Error('no') }; return next()`,
    ),
    'next() is called first and its promise returned after the check': chain(
      `const rest = next(); ${session} if (!session) throw new Error('no'); return rest`,
    ),
  })
})

describe('an answer that is made before the denial', () => {
  guarded({
    'of lists by key, each made where it is missing': `function byField(issues: any[]) { const by: Record<string, string[]> = {}; for (const issue of issues) { const key = issue.path.join('.'); if (!by[key]) by[key] = []; by[key].push(issue.message) } return by }\n${handler(`const errors = byField(data.issues); ${session} if (!session) return { errors }; ${work}`)}`,
  })
})

describe('a helper that asks who is calling, and goes on whoever it is', () => {
  const me = `async function me() { ${session} if (!session) return null; return session.user }\n`
  unguarded({
    'and lists for everybody': `${me}async function listAll() { const user = await me(); const rows = await db.select().from(invoices); return { rows, mine: rows.filter((row) => row.ownerId === user?.id).length } }\n${handler('return await listAll()')}`,
    'and writes for everybody': `${me}async function wipe() { const user = await me(); console.log(user?.id ?? 'guest'); await db.delete(invoices) }\n${handler('await wipe()')}`,
    'and writes by another helper, in a wrapper': `async function actorOf() { ${session} if (!session) return { kind: 'anonymous' as const }; return { kind: 'user' as const, id: session.user.id } }
      async function insert(row: any) { const [made] = await db.insert(invoices).values(row).returning(); return made }
      const wrap = (inner: (request: Request) => Promise<Response>) => async (request: Request) => inner(request)
      const upload = wrap(async (request) => { await actorOf(); await insert(await request.json()); return new Response('ok') })
      ${handler('return await upload(getRequest())')}`,
    'in front of another one that refuses': `${me}${requireUser}async function wipe() { const user = await me(); console.log(user?.id ?? 'guest'); await db.delete(invoices) }\n${handler('await wipe(); await requireUser(); return 1')}`,
  })
  guarded({
    'and its caller refuses': `async function visit() { ${session} if (!session) return null; await db.update(sessions).set({ seen: new Date() }); return session.user }\n${handler(`const user = await visit(); if (!user) throw new Error('401'); ${work}`)}`,
    'and counts the visit before its caller refuses': `async function visit() { ${session} await db.select().from(settings); if (!session) return null; return session.user }\n${handler(`const user = await visit(); if (!user) throw new Error('401'); ${work}`)}`,
  })
})

describe('what a guard does itself before it refuses', () => {
  /** A guard that notes something, and then asks who calls. */
  const noting = (what: string): Case => [
    `async function requireUser(request: Request) {
      await db.insert(logs).values({ what: ${what} })
      ${session} if (!session) throw new Error()
    }
    ${handler(`await requireUser(getRequest()); ${work}`)}`,
    {},
  ]
  guarded({
    'it notes the time': noting('String(Date.now())'),
    'it notes the host that was asked, by which it tells its databases apart': noting('new URL(request.url).hostname'),
    'it notes what it has found by the host': noting(
      '(await db.query.countries.findFirst({ where: eq(countries.code, new URL(request.url).host) }))!.label',
    ),
    'it notes what is kept for the request under a symbol, beside the path': [
      `import { createStart } from '@tanstack/react-start'
      import { AsyncLocalStorage } from 'node:async_hooks'
      const storage = new AsyncLocalStorage<Record<PropertyKey, any>>()
      const slot = Symbol('id')
      export const startInstance = createStart(() => ({
        requestMiddleware: [createMiddleware().server(({ next, request }) =>
          storage.run({ path: request.url, [slot]: '1' }, () => next()))] }))
      async function requireUser() {
        await db.insert(logs).values({ what: storage.getStore()![slot] })
        ${session} if (!session) throw new Error()
      }
      ${handler(`await requireUser(); ${work}`)}`,
      {},
    ],
  })
  unguarded({
    'it writes what was asked for': noting("new URL(request.url).searchParams.get('what')"),
    'it writes what was sent': noting('await request.text()'),
  })
  const before = (write: string): string =>
    `async function handle() { ${write}; ${session} if (!session) throw new Error(); ${work} }\n${handler('await handle()')}`
  unguarded(
    {
      'it removes rows': before('await prisma.invoice.deleteMany()'),
      'it changes rows': before('await db.update(invoices).set({ paid: true })'),
      'it changes rows by SQL': before(
        "await db.execute((await import('drizzle-orm')).sql`update invoices set paid = true`)",
      ),
    },
    'tooLate',
  )
  guarded({
    'it removes sessions that have run out': before(
      'await db.delete(sessions).where(lt(sessions.expiresAt, new Date()))',
    ),
  })
})
