import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const nextJs = { 'package.json': '{ "name": "app", "dependencies": { "next": "16.0.0" } }' }
const inventory = (files: Record<string, string>) => {
  const a = app({ ...nextJs, ...files })
  return a.workspace.inventory(a.root)
}

const rows = (files: Record<string, string>): string[] =>
  inventory(files).entryPoints.map(({ file, name, kind, verdict }) => [file, name, kind, verdict].join(' | '))

const clears = `import { db, invoices } from '../db'\n`

describe('Next.js in the inventory', () => {
  it('has its actions, handlers and pages', () => {
    expect(
      rows({
        'src/app/actions.ts': `'use server'\n${clears}export async function clear() { await db.delete(invoices) }\n`,
        'src/app/api/route.ts': `import { db, invoices } from '../../db'\nexport async function GET() { return Response.json(await db.select().from(invoices)) }\n`,
        'src/app/page.tsx': `${clears}export default async function Page() { return <p>{JSON.stringify(await db.select().from(invoices))}</p> }\n`,
        'src/lib/route.ts': 'export async function GET() {}\n',
      }),
    ).toEqual([
      'src/app/actions.ts | clear | server-action | unguarded',
      'src/app/api/route.ts | GET | route-handler | unguarded',
      'src/app/page.tsx | default | page | unguarded',
    ])
  })
  it('has a route in a folder that begins with a dot as the linted file has it', () => {
    const file = 'src/app/.well-known/invoices/route.ts'
    const a = app({
      ...nextJs,
      [file]: `import { db, invoices } from '../../../db'\nexport async function GET() { return Response.json(await db.select().from(invoices)) }\n`,
      '.next/server/app/x/route.ts': `export async function GET() { return Response.json({}) }\n`,
    })
    const listed = a.workspace.inventory(a.root).entryPoints
    expect(listed).toMatchObject([{ file, name: 'GET', verdict: 'unguarded' }])
    expect(a.analyse(file).entryPoints).toMatchObject([{ name: 'GET', verdict: 'unguarded' }])
  })
  it('has what pages of the Pages Router do for each request, where nothing but its name says so', () => {
    const load = (check: string): string =>
      `import { getServerSession } from 'next-auth'\nimport { db, invoices } from '../db'\nexport const getServerSideProps = async ({ req, res }) => {\n  const session = await getServerSession(req, res, {})\n  ${check}\n  return { props: { session, rows: await db.select().from(invoices) } }\n}\nexport default function Page() { return null }\n`
    expect(
      rows({
        'src/pages/open.tsx': load(''),
        'src/pages/closed.tsx': load('if (!session) return { redirect: { destination: "/", permanent: false } }'),
        'src/pages/static.tsx': `import { db, invoices } from '../db'\nexport const getStaticProps = async () => ({ props: { rows: await db.select().from(invoices) } })\nexport default function Page() { return null }\n`,
        'src/lib/load.ts': load(''),
      }),
    ).toEqual([
      'src/pages/closed.tsx | getServerSideProps | page | guarded',
      'src/pages/open.tsx | getServerSideProps | page | unguarded',
    ])
  })
  it('calls a route that hands everything to a router a mount, which is not analysed', () => {
    const { entryPoints, notAnalysed } = inventory({
      'src/app/api/trpc/route.ts': `import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
const handler = (req: Request) => fetchRequestHandler({ endpoint: '/api/trpc', req, router: {} as never })
export { handler as GET, handler as POST }
`,
    })
    expect(entryPoints.map(({ name, kind, verdict }) => [name, kind, verdict])).toEqual([
      ['GET', 'mount', 'unverifiable'],
      ['POST', 'mount', 'unverifiable'],
    ])
    expect(notAnalysed).toHaveLength(1)
  })
  it('takes a marker above the directive for all of the file', () => {
    expect(
      rows({
        'src/app/actions.ts': `// authz: public -- a demo\n'use server'\n${clears}export async function clear() { await db.delete(invoices) }\nexport async function add() { await db.insert(invoices).values({ id: '1', ownerId: '2' }) }\n`,
      }),
    ).toEqual([
      'src/app/actions.ts | clear | server-action | public',
      'src/app/actions.ts | add | server-action | public',
    ])
  })
  it('says what was not understood', () => {
    const { problems } = inventory({
      'next.config.ts': 'export default { pageExtensions: extensions() }\n',
      'src/app/page.tsx': 'export default function Page() { return null }\n',
      'src/app/actions.ts': `'use server'\nexport const limit = 3\n`,
      'src/lib/api/route.ts': 'export async function GET() {}\n',
      'src/lib/route.ts': 'export const route = (path: string) => path\n',
      'src/proxy.ts': `import { paths } from './paths'\nexport function proxy() {}\nexport const config = { matcher: paths.map((path) => path + '/:path*') }\n`,
    })
    expect(problems.map(({ file, message }) => `${file}: ${message}`).sort()).toEqual([
      "src/app/actions.ts: `limit` is exported from a 'use server' file and is no function: Next.js refuses to build it",
      'src/app/page.tsx: `pageExtensions` is not written as a list of texts: the usual ones are taken',
      'src/lib/api/route.ts: it is named and written like a route handler and stands outside of the app folder: Next.js does not serve it',
      'src/proxy.ts: the matcher is not written as plain texts, so it is not known for which addresses this runs',
    ])
  })
  it('has nothing against a route handler outside of the app folder that a served file hands on', () => {
    const { problems } = inventory({
      'src/modules/health/route.ts': 'export const GET = async () => Response.json({ ok: true })\n',
      'src/modules/lost/route.ts': 'export const GET = async () => Response.json({ ok: true })\n',
      'src/app/health/route.ts': `export { GET } from '../../modules/health/route'\n`,
      'tests/lost.test.ts': `import { GET } from '../src/modules/lost/route'\nawait GET()\n`,
    })
    expect(problems.map(({ file }) => file)).toEqual(['src/modules/lost/route.ts'])
  })
  it('names a layout or a proxy that alone looks at the caller', () => {
    const page = `import { db, invoices } from '~/db'\nexport default async function Page() { return <p>{JSON.stringify(await db.select().from(invoices))}</p> }\n`
    const handler = `import { db, invoices } from '~/db'\nexport async function GET() { return Response.json(await db.select().from(invoices)) }\n`
    const { entryPoints } = inventory({
      'src/proxy.ts': `import { NextResponse } from 'next/server'
export function proxy(request: any) { if (!request.cookies.get('session')) return NextResponse.redirect('/login') }
export const config = { matcher: ['/api/:path*', { source: '/reports/(daily|weekly)' }] }
`,
      'src/app/layout.tsx': 'export default function Layout({ children }: any) { return <html>{children}</html> }\n',
      'src/app/(club)/layout.tsx': `import { auth } from '~/auth'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
export default async function Layout({ children }: any) {
  if (!(await auth.api.getSession({ headers: await headers() }))) redirect('/login')
  return <main>{children}</main>
}
`,
      'src/app/(club)/members/page.tsx': page,
      'src/app/(club)/members/actions.ts': `'use server'\n${clears.replace('../db', '~/db')}export async function clear() { await db.delete(invoices) }\n`,
      'src/app/reports/daily/actions.ts': `'use server'\n${clears.replace('../db', '~/db')}export async function clear() { await db.delete(invoices) }\n`,
      'src/actions.ts': `'use server'\n${clears.replace('../db', '~/db')}export async function clear() { await db.delete(invoices) }\n`,
      'src/app/reports/daily/page.tsx': page,
      'src/app/reports/yearly/page.tsx': page,
      'src/app/api/invoices/[id]/route.ts': handler,
      'src/app/feed/route.ts': handler,
    })
    expect(
      entryPoints
        .filter(({ verdict }) => verdict === 'unguarded')
        .map(({ file, cause, evidence }) => [file, cause, evidence.length > 0].join(' | ')),
    ).toEqual([
      'src/actions.ts | noGuard | true',
      'src/app/(club)/members/actions.ts | onlyInLayout | true',
      'src/app/(club)/members/page.tsx | onlyInLayout | true',
      'src/app/api/invoices/[id]/route.ts | onlyInProxy | true',
      'src/app/feed/route.ts | noGuard | true',
      'src/app/reports/daily/actions.ts | onlyInProxy | true',
      'src/app/reports/daily/page.tsx | onlyInProxy | true',
      'src/app/reports/yearly/page.tsx | noGuard | true',
    ])
  })
  it('names a layout where it keeps from strangers what is below it, not where it refuses in its own work', () => {
    const layout = (body: string): string => `import { auth } from '~/auth'
import { db, invoices } from '~/db'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { eq } from 'drizzle-orm'
import { Shell } from '~/shell'
const getSession = async () => auth.api.getSession({ headers: await headers() })
async function Menu({ user }: any) {
  if (!user) return <a href="/signin">Sign in</a>
  return <p>{JSON.stringify(await db.select().from(invoices).where(eq(invoices.ownerId, user.id)))}</p>
}
async function Guard({ children }: any) {
  if (!(await getSession())) redirect('/login')
  return <>{children}</>
}
export default async function Layout({ children }: any) { ${body} }
`
    const page = `import { db, invoices } from '~/db'\nexport default async function Page() { return <p>{JSON.stringify(await db.select().from(invoices))}</p> }\n`
    const user = 'const session = await getSession()'
    const layouts: Readonly<Record<string, string>> = {
      menu: `${user}; return <div><Menu user={session?.user} /><main>{children}</main></div>`,
      shell: `${user}; return <Shell><Menu user={session?.user} /><main>{children}</main></Shell>`,
      either: `${user}; if (!session) return <SignIn />; return <div><Menu user={session.user} />{children}</div>`,
      choice: `${user}; return <div>{session ? <><Menu user={session.user} />{children}</> : <SignIn />}</div>`,
      guard: `return <Guard><main>{children}</main></Guard>`,
      beside: `return <><Guard />{children}</>`,
    }
    const { entryPoints } = inventory({
      'src/shell.tsx': `'use client'\nexport const Shell = ({ children }: any) => <div>{children}</div>\n`,
      ...Object.fromEntries(
        Object.entries(layouts).flatMap(([name, body]) => [
          [`src/app/${name}/layout.tsx`, layout(body)],
          [`src/app/${name}/page.tsx`, page],
        ]),
      ),
    })
    const causes = entryPoints
      .filter(({ kind }) => kind === 'page')
      .map(({ file, cause }) => [file.split('/')[2], cause])
    expect(Object.fromEntries(causes)).toEqual({
      menu: 'noGuard',
      shell: 'noGuard',
      either: 'onlyInLayout',
      choice: 'onlyInLayout',
      guard: 'onlyInLayout',
      beside: 'onlyInLayout',
    })
  })
  it('names no proxy that lets everybody through', () => {
    const handler = `import { db, invoices } from '~/db'\nexport async function GET() { return Response.json(await db.select().from(invoices)) }\n`
    const causes = (proxy: string): readonly string[] => {
      const { entryPoints } = inventory({
        'src/proxy.ts': `import { NextResponse } from 'next/server'\nexport function proxy(request: any) { ${proxy} }\n`,
        'src/app/api/invoices/[id]/route.ts': handler,
        'src/app/reports/[id]/route.ts': handler,
      })
      return entryPoints.map(({ cause }) => cause ?? '')
    }
    const asks = `if (!request.cookies.get('session')) return NextResponse.redirect('/login')`
    const byHost = `const host = request.headers.get('host') ?? ''; if (host.endsWith('.status.dev')) return`
    expect(causes(`${asks}; return NextResponse.next()`)).toEqual(['onlyInProxy', 'onlyInProxy'])
    expect(
      causes(`${byHost} NextResponse.rewrite(new URL('/status', request.url)); return NextResponse.next()`),
    ).toEqual(['noGuard', 'noGuard'])
    // what an address begins with is known, whatever its parameters are
    expect(causes(`if (request.nextUrl.pathname.startsWith('/api/')) return NextResponse.next(); ${asks}`)).toEqual([
      'noGuard',
      'onlyInProxy',
    ])
    expect(causes(`if (request.nextUrl.pathname.startsWith('/api/invoices/new')) return; ${asks}`)).toEqual([
      'onlyInProxy',
      'onlyInProxy',
    ])
  })
  it('leaves the directive to other frameworks', () => {
    const a = app({
      'package.json': '{ "name": "app", "dependencies": { "@tanstack/react-start": "1.0.0" } }',
      'src/app/actions.ts': `'use server'\n${clears}export async function clear() { await db.delete(invoices) }\n`,
    })
    expect(a.workspace.inventory(a.root).entryPoints).toEqual([])
  })
})
