import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const list = `import { createServerFn } from '@tanstack/react-start'
import { db, invoices, countries } from './db'
import { authMiddleware } from './middleware'
import { auth } from './auth'
import { eq } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'
const invites = pgTable('invites', { id: text(), token: text() })
import { getRequestHeaders } from '@tanstack/react-start/server'
export const listInvoices = createServerFn().handler(() => db.select().from(invoices))
export const listCountries = createServerFn().handler(() => db.select().from(countries))
export const ownInvoices = createServerFn().middleware([authMiddleware]).handler(() => db.select().from(invoices))
export const getUser = createServerFn().handler(async () => (await auth.api.getSession({ headers: getRequestHeaders() }))?.user ?? null)
export const getAccount = createServerFn().validator((id: string) => id).handler(async ({ data }) => (await db.select().from(countries).where(eq(countries.code, data)))[0])
export const byToken = createServerFn().validator((t: string) => t).handler(async ({ data }) => {
  const [row] = await db.select().from(invites).where(eq(invites.token, data))
  if (!row) throw new Error('Not found')
})
// authz: public -- a demo
export const demo = createServerFn().handler(() => db.select().from(invoices))
`
const head = `import { createFileRoute, redirect, notFound, Navigate } from '@tanstack/react-router'
import { listInvoices, listCountries, ownInvoices, getUser, demo, getAccount, byToken } from '../fns'
`
const routes = (code: string, more: Record<string, string> = {}) =>
  app({ 'src/fns.ts': list, 'src/routes/a.tsx': head + code, ...more }).analyse('src/routes/a.tsx').routes
const page = (options: string, after = '') => `export const Route = createFileRoute('/a')({\n${options}\n})\n${after}`
const load = 'loader: () => listInvoices(),'

describe('a route that guards its page and calls open functions', () => {
  it.each([
    ['the context', '({ context }) => { if (!context.user) throw redirect({ to: "/login" }) }'],
    [
      'a role in the context',
      '({ context }) => { if (context.session.user.role !== "admin") throw redirect({ to: "/" }) }',
    ],
    ['a context that is destructured', '({ context: { user } }) => { if (!user) throw notFound() }'],
    [
      'a function of the context',
      '({ context }) => { if (!context.auth.isAuthenticated()) throw redirect({ to: "/login" }) }',
    ],
    ['a server function', 'async () => { const user = await getUser(); if (!user) throw redirect({ to: "/login" }) }'],
    [
      'a returned redirect',
      'async () => { const user = await getUser(); if (!user) return redirect({ to: "/login" }) }',
    ],
    ['a guarded server function', 'async () => { await ownInvoices() }'],
    [
      'a catch',
      'async () => { let user = null; try { user = await getUser() } catch { throw redirect({ to: "/login" }) }\n if (!user) throw redirect({ to: "/login" }) }',
    ],
    [
      'a branch',
      'async ({ location }) => { if (location.pathname !== "/login") { const user = await getUser(); if (!user) throw redirect({ to: "/login" }) } }',
    ],
    ['what the browser keeps', '() => { if (!localStorage.getItem("token")) throw redirect({ to: "/login" }) }'],
  ])('in beforeLoad, by %s', (_, beforeLoad) => {
    expect(routes(page(`beforeLoad: ${beforeLoad},\n${load}`))).toMatchObject([
      {
        path: '/a',
        guardedIn: 'beforeLoad',
        opens: [{ name: 'listInvoices', what: 'reads `invoices`', exposure: 'owned-read' }],
      },
    ])
  })

  it('by a client of the auth library', () => {
    const client =
      "import { createAuthClient } from 'better-auth/react'\nexport const authClient = createAuthClient()\n"
    const code = `import { authClient } from '../client'\n${page(`beforeLoad: async () => { const { data: session } = await authClient.getSession(); if (!session) throw redirect({ to: '/login' }) },\n${load}`)}`
    expect(routes(code, { 'src/client.ts': client })).toMatchObject([{ guardedIn: 'beforeLoad' }])
  })

  it('by a helper of another file', () => {
    const helper =
      "import { redirect } from '@tanstack/react-router'\nexport function onlyUsers({ context }) { if (!context.user) throw redirect({ to: '/login' }) }\n"
    expect(
      routes(`import { onlyUsers } from '../only'\n${page(`beforeLoad: onlyUsers,\n${load}`)}`, {
        'src/only.ts': helper,
      }),
    ).toMatchObject([{ guardedIn: 'beforeLoad' }])
  })

  it('by what the route above has put into the context', () => {
    const root = `import { createRootRoute } from '@tanstack/react-router'
import { getUser } from '../fns'
export const Route = createRootRoute({ beforeLoad: async () => ({ who: await getUser() }) })
`
    expect(
      routes(page(`beforeLoad: ({ context }) => { if (!context.who) throw redirect({ to: '/login' }) },\n${load}`), {
        'src/routes/__root.tsx': root,
      }),
    ).toMatchObject([{ guardedIn: 'beforeLoad' }])
  })

  it('in the loader', () => {
    expect(
      routes(
        page(
          'loader: async ({ context }) => { if (!context.user) throw redirect({ to: "/login" }); return listInvoices() },',
        ),
      ),
    ).toMatchObject([{ guardedIn: 'loader' }])
  })

  it('in the component', () => {
    const component =
      "function Page() { const { session } = Route.useRouteContext()\n if (!session) return <Navigate to='/login' />\n return null }\n"
    expect(routes(page(`${load}\ncomponent: Page,`, component))).toMatchObject([{ guardedIn: 'component' }])
  })

  it.each([
    ['an effect', 'useEffect(() => { if (!session) navigate({ to: "/login" }) }, [session])'],
    [
      'what an effect calls',
      'async function check() { if (!session) await navigate({ to: "/login" }) }\nuseEffect(() => { void check() }, [])',
    ],
    [
      'the answer that an effect waits for',
      'useEffect(() => { authClient.getSession().then(({ data: session }) => { if (!session) navigate({ to: "/login" }) }) }, [])',
    ],
    ['a test behind the loading', 'if (!isPending && !session) return <Navigate to="/login" />'],
    ['a role', 'useEffect(() => { if (session && !session.user.isAdmin) navigate({ to: "/" }) }, [session])'],
  ])('in the component, by %s', (_, body) => {
    const component = `function Page() { const { session, isPending } = Route.useRouteContext(); const navigate = useNavigate()\n${body}\nreturn null }\n`
    expect(routes(page(`${load}\ncomponent: Page,`, component))).toMatchObject([{ guardedIn: 'component' }])
  })

  it('in beforeLoad, which lets the session be renewed', () => {
    const options = `beforeLoad: async () => { const user = await getUser(); if (!user) { const renewed = await fetch('/renew'); if (!renewed.ok) throw redirect({ to: '/login' }) } },\n${load}`
    expect(routes(page(options))).toMatchObject([{ guardedIn: 'beforeLoad' }])
  })

  it('in server.middleware', () => {
    const code = `import { authMiddleware } from '../middleware'\n${page(`server: { middleware: [authMiddleware] },\n${load}`)}`
    expect(routes(code)).toMatchObject([{ guardedIn: 'server.middleware' }])
  })

  it('in the route above', () => {
    const parent =
      "import { createFileRoute, redirect } from '@tanstack/react-router'\nexport const Route = createFileRoute('/_in')({ beforeLoad: ({ context }) => { if (!context.user) throw redirect({ to: '/login' }) } })\n"
    const a = app({
      'src/fns.ts': list,
      'src/routes/_in.tsx': parent,
      'src/routes/_in/a.tsx': head.replace('../', '../../') + page(load),
    })
    const [route] = a.analyse('src/routes/_in/a.tsx').routes
    expect(route).toMatchObject({ inherited: a.path('src/routes/_in.tsx'), opens: [{ name: 'listInvoices' }] })
    expect(route!.range).toEqual(route!.opens[0]!.callRange)
    expect(a.analyse('src/routes/_in.tsx').routes).toEqual([])
  })

  it('is reported where it refuses', () => {
    const code =
      head + page(`beforeLoad: ({ context }) => { if (!context.user) throw redirect({ to: '/login' }) },\n${load}`)
    const [route] = app({ 'src/fns.ts': list, 'src/routes/a.tsx': code }).analyse('src/routes/a.tsx').routes
    expect(code.slice(...route!.range)).toBe("throw redirect({ to: '/login' })")
    expect(code.slice(...route!.opens[0]!.callRange!)).toBe('listInvoices()')
  })
})

describe('a route below one that guards', () => {
  it('is not its own guard when it sends away for missing data', () => {
    const parent =
      "import { createFileRoute, redirect } from '@tanstack/react-router'\nexport const Route = createFileRoute('/_in')({ beforeLoad: ({ context }) => { if (!context.session) throw redirect({ to: '/login' }); if (!context.session.user) throw redirect({ to: '/x' }) } })\n"
    const own = page(
      `beforeLoad: async ({ params, context }) => { const project = await getAccount({ data: params.id }); if (!project) throw redirect({ to: '/o', params: { id: context.session.user.id } }) },\n${load}`,
    )
    const a = app({
      'src/fns.ts': list,
      'src/routes/_in.tsx': parent,
      'src/routes/_in/a.tsx': head.replace('../', '../../') + own,
    })
    expect(a.analyse('src/routes/_in/a.tsx').routes).toMatchObject([{ inherited: a.path('src/routes/_in.tsx') }])
  })
})

describe('what a route calls', () => {
  const guarded = "beforeLoad: ({ context }) => { if (!context.user) throw redirect({ to: '/login' }) },"
  it.each([
    ['in a component', 'component: () => { const run = useServerFn(listInvoices); return null },'],
    [
      'in a query',
      "loader: ({ context }) => context.queryClient.ensureQueryData({ queryKey: ['a'], queryFn: () => listInvoices() }),",
    ],
    ['in an event', 'component: () => <button onClick={() => listInvoices()} />,'],
  ])('%s', (_, options) => {
    expect(routes(page(`${guarded}\n${options}`))).toMatchObject([{ opens: [{ name: 'listInvoices' }] }])
  })

  it('through a hook and query options of another file', () => {
    const hooks = `import { queryOptions, useQuery } from '@tanstack/react-query'
import { listInvoices, listCountries } from './fns'
export const invoicesQuery = queryOptions({ queryKey: ['a'], queryFn: () => listInvoices() })
export function useCountries() { return useQuery({ queryKey: ['b'], queryFn: () => listCountries() }) }
`
    const code = `import { invoicesQuery, useCountries } from '../hooks'\n${page(`${guarded}\nloader: ({ context }) => context.queryClient.ensureQueryData(invoicesQuery),\ncomponent: () => { useCountries(); return null },`)}`
    expect(routes(code, { 'src/hooks.ts': hooks })).toMatchObject([
      { opens: [{ name: 'listInvoices' }, { name: 'listCountries', exposure: 'read' }] },
    ])
  })

  it('is not open when it is guarded, public, or not called', () => {
    expect(routes(page(`${guarded}\nloader: async () => [await ownInvoices(), await demo()],`))).toEqual([])
  })
})

describe('a route that guards nothing', () => {
  it.each([
    ['nothing', ''],
    ['data', 'beforeLoad: async () => ({ user: await getUser() }),'],
    [
      'an early return',
      'beforeLoad: async () => { const user = await getUser(); if (!user) return { user: null }; return { user } },',
    ],
    ['a redirect by params', 'beforeLoad: ({ params }) => { if (params.id === "new") throw redirect({ to: "/" }) },'],
    [
      'a redirect of those who are signed in',
      'beforeLoad: ({ context }) => { if (context.user) throw redirect({ to: "/app" }) },',
    ],
    ['a redirect of everybody', 'beforeLoad: () => { throw redirect({ to: "/app" }) },'],
    [
      'a query client',
      "beforeLoad: async ({ context }) => { await context.queryClient.ensureQueryData({ queryKey: ['a'], queryFn: () => 1 }) },",
    ],
    [
      'a redirect that is not thrown',
      'beforeLoad: ({ context }) => { if (!context.user) redirect({ to: "/login" }) },',
    ],
    ['a loader of guarded data', 'beforeLoad: () => ({}),\nloaderDeps: () => ({}),\nstaticData: {},'],
  ])('%s', (_, options) => {
    expect(routes(page(`${options}\n${load}`))).toEqual([])
  })

  it.each([
    [
      'a click',
      'async function accept() { if (!session) { await navigate({ to: "/login" }); return } }\nreturn <button onClick={accept} />',
    ],
    ['an event in place', 'return <button onClick={() => { if (!session) navigate({ to: "/login" }) }} />'],
    [
      'what is on offer for who is signed in',
      'useEffect(() => { if (user && !user.isPremium) navigate({ to: "/x" }) }, [user])\nreturn null',
    ],
    [
      'what somebody who is there has bought',
      'useEffect(() => { if (!user.isPremium) navigate({ to: "/x" }) }, [user])\nreturn null',
    ],
  ])('a component that sends away by %s', (_, body) => {
    const component = `function Page() { const { session, user } = Route.useRouteContext(); const navigate = useNavigate()\n${body} }\n`
    expect(routes(page(`${load}\ncomponent: Page,`, component))).toEqual([])
  })

  it('a switch of the application, which those with a role pass in any case', () => {
    const flags = `import { createServerFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { redirect } from '@tanstack/react-router'
import { eq } from 'drizzle-orm'
import { auth } from './auth'
import { db, countries } from './db'
export const isOn = createServerFn().validator((code: string) => code).handler(async ({ data }) => {
  const [row] = await db.select().from(countries).where(eq(countries.code, data))
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) return row?.name === 'true'
  if (session.user.role === 'admin') return true
  return row?.name === 'true'
})
export const assertOn = async (code: string) => { if (!(await isOn({ data: code }))) throw redirect({ to: '/' }) }
`
    const code = `import { assertOn } from '../flags'\n${page(`beforeLoad: () => assertOn('blog'),\n${load}`)}`
    expect(routes(code, { 'src/flags.ts': flags })).toEqual([])
  })

  it('a loader that also calls what is guarded', () => {
    expect(routes(page('loader: async () => [await ownInvoices(), await listInvoices()],'))).toEqual([])
  })
})

describe('the cause', () => {
  const code = `import { createServerFn } from '@tanstack/react-start'
import { createFileRoute, redirect } from '@tanstack/react-router'
import { db, invoices } from '../db'
const clear = createServerFn({ method: 'POST' }).handler(async () => { await db.delete(invoices) })
const other = createServerFn({ method: 'POST' }).handler(async () => { await db.delete(invoices) })
export const Route = createFileRoute('/a')({
  beforeLoad: ({ context }) => { if (!context.user) throw redirect({ to: '/login' }) },
  component: () => <button onClick={() => clear()} />,
})
`
  it('is that only the route of the same file checks', () => {
    const { entryPoints } = app({ 'src/routes/a.tsx': code }).analyse('src/routes/a.tsx')
    expect(entryPoints).toMatchObject([
      { name: 'clear', cause: 'onlyInBeforeLoad', culprit: 'beforeLoad' },
      { name: 'other', cause: 'noGuard' },
    ])
  })

  it('is that nothing in the project asks who is calling', () => {
    const file =
      "import { createServerFn } from '@tanstack/react-start'\nimport { db, invoices } from './db'\nexport const clear = createServerFn().handler(async () => { await db.delete(invoices) })\n"
    const alone = { 'src/a.ts': file, 'src/auth.ts': undefined, 'src/middleware.ts': undefined }
    const a = app(alone)
    expect(a.analyse('src/a.ts').entryPoints).toMatchObject([{ cause: 'noGuardInProject' }])
    expect(a.workspace.inventory(a.root).entryPoints).toMatchObject([{ cause: 'noGuardInProject' }])
    a.write(
      'src/session.ts',
      "import { auth } from '@clerk/tanstack-react-start/server'\nexport const who = () => auth()\n",
    )
    expect(a.analyse('src/a.ts').entryPoints).toMatchObject([{ cause: 'noGuard' }])
    expect(a.workspace.inventory(a.root).entryPoints).toMatchObject([{ cause: 'noGuard' }])
  })
})
