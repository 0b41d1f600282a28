import { describe, expect, it } from 'vitest'
import { verdicts, type Answer, type Files } from '../analysis/harness.ts'

const imports = `
import { headers, cookies } from 'next/headers'
import { redirect, notFound } from 'next/navigation'
import { NextResponse } from 'next/server'
import { cache, use } from 'react'
import { and, eq } from 'drizzle-orm'
import { auth } from '~/auth'
import { db } from '~/db'
import { invoices } from '~/schema'
`

const getSession = `const getSession = async () => auth.api.getSession({ headers: await headers() })\n`
const requireUser = `${getSession}async function requireUser() {
  const session = await getSession()
  if (!session) redirect('/login')
  return session.user
}\n`
const write = 'await db.insert(invoices).values({ id: "1" })\n'
const read = 'const rows = await db.select().from(invoices)\n'

/** The answer for one entry point of a file. */
function answer(file: string, source: string, name: string, others: Files = {}): Answer {
  const directive = /^'use (?:server|client)'\n/.exec(source)?.[0] ?? ''
  const text = directive + imports + source.slice(directive.length)
  const found = verdicts({
    ...Object.fromEntries(Object.entries(others).map(([at, other]) => [at, imports + other])),
    [file]: text,
  })
  const given = found[name] ?? found[`${file}#${name}`]
  if (!given) throw new Error(`no entry point ${name} among ${Object.keys(found).join()}`)
  return given
}

const said = ({ verdict, cause, reason, guards }: Answer): Record<string, unknown> => ({
  verdict,
  cause,
  reason,
  guards,
})

type Case = readonly [verdict: string, source: string, others?: Files]

function table(file: string, name: string, cases: Readonly<Record<string, Case>>): void {
  for (const [title, [verdict, source, others]] of Object.entries(cases))
    it(`${title}: ${verdict}`, () => {
      const given = answer(file, source, name, others)
      expect(given.verdict, JSON.stringify(said(given))).toBe(verdict)
    })
}

const action = (body: string): string => `'use server'\n${requireUser}export async function act(input: any) { ${body} }`

describe('server actions', () => {
  table('src/actions.ts', 'act', {
    'nothing checks': ['unguarded', action(write)],
    'a helper redirects, which throws': ['guarded', action(`await requireUser()\n${write}`)],
    'a helper that is not awaited': ['unguarded', action(`requireUser()\n${write}`)],
    'an early return': ['guarded', action(`const s = await getSession(); if (!s) return { error: 'no' }\n${write}`)],
    'a session that nothing tests': ['unguarded', action(`const s = await getSession()\n${write}`)],
    'the guard comes after the work': ['unguarded', action(`${write}\nawait requireUser()`)],
    'what is passed is no identity': ['unguarded', action(`if (!input.userId) throw new Error()\n${write}`)],
    'a cookie that is there': ['unguarded', action(`if (!(await cookies()).has('session')) redirect('/')\n${write}`)],
    'only its path is revalidated': ['public', action(`redirect('/')`)],
    'a guard that is cached for the request': [
      'guarded',
      `'use server'\n${requireUser}const user = cache(requireUser)\nexport async function act() { await user()\n${write} }`,
    ],
    'a runner that calls back': [
      'guarded',
      `'use server'\n${requireUser}const withUser = async (fn: any) => fn(await requireUser())\nexport async function act() { return withUser(async () => { ${write} }) }`,
    ],
    'a wrapper that is made once': [
      'guarded',
      `'use server'\n${requireUser}const guarded = (fn: any) => async (...args: any[]) => { await requireUser(); return fn(...args) }\nexport const act = guarded(async () => { ${write} })`,
    ],
    'a wrapper that only logs': [
      'unguarded',
      `'use server'\nconst withAuth = (fn: any) => async (...args: any[]) => { console.log('call'); return fn(...args) }\nexport const act = withAuth(async () => { ${write} })`,
    ],
    'a wrapper whose option skips the check': [
      'unguarded',
      `'use server'\n${requireUser}const enhance = (fn: any, o: any) => async (...args: any[]) => { if (o.auth !== false) await requireUser(); return fn(...args) }\nexport const act = enhance(async () => { ${write} }, { auth: false })`,
    ],
    'the same wrapper without that option': [
      'guarded',
      `'use server'\n${requireUser}const enhance = (fn: any, o: any) => async (...args: any[]) => { if (o.auth !== false) await requireUser(); return fn(...args) }\nexport const act = enhance(async () => { ${write} }, {})`,
    ],
    'a wrapper of an unknown package': [
      'unverifiable',
      `'use server'\nimport { protect } from 'some-package'\nexport const act = protect(async () => { ${write} })`,
    ],
  })
  it('an inline action is not guarded by its page', () => {
    const page = `${requireUser}export default async function Page() { await requireUser(); async function act() { 'use server'\n${write} }\nreturn <form action={act}/> }`
    expect(answer('src/app/page.tsx', page, 'act').verdict).toBe('unguarded')
  })
})

const client = (middleware: string, act = write): string => `'use server'
import { createSafeActionClient, createMiddleware } from 'next-safe-action'
${requireUser}
const base = createSafeActionClient()
const client = base${middleware}
export const act = client.metadata({ name: 'a' }).inputSchema({}).action(async ({ parsedInput, ctx }) => { ${act} })`

describe('actions of next-safe-action', () => {
  const strict = `.use(async ({ next }) => { const session = await getSession(); if (!session) throw new Error(); return next({ ctx: { user: session.user } }) })`
  table('src/actions.ts', 'act', {
    'a client without middleware': ['unguarded', client('')],
    'middleware that throws': ['guarded', client(strict)],
    'middleware behind one that logs': [
      'guarded',
      client(`.use(async ({ next }) => { console.log('x'); return next() })${strict}`),
    ],
    'middleware that ends without going on': [
      'guarded',
      client(
        `.use(async ({ next }) => { const session = await getSession(); if (!session) return; return next({ ctx: {} }) })`,
      ),
    ],
    'middleware that lets everybody through': [
      'unguarded',
      client(`.use(async ({ next }) => next({ ctx: { session: await getSession() } }))`),
    ],
    'the action tests what such middleware gives': [
      'guarded',
      client(
        `.use(async ({ next }) => next({ ctx: { session: await getSession() } }))`,
        `if (!ctx.session) throw new Error()\n${write}`,
      ),
    ],
    'middleware that is defined apart': [
      'guarded',
      client(
        `.use(createMiddleware().define(async ({ next }) => { const session = await getSession(); if (!session) throw new Error(); return next() }))`,
      ),
    ],
    'middleware of another package': [
      'unverifiable',
      client('.use(mw)').replace("'use server'\n", "'use server'\nimport { mw } from 'some-package'\n"),
    ],
    'the client of release 6': [
      'guarded',
      `'use server'\nimport { createSafeActionClient } from 'next-safe-action'\n${requireUser}const action = createSafeActionClient({ async middleware() { const user = await requireUser(); return { user } } })\nexport const act = action({}, async (input, { user }) => { ${write} })`,
    ],
    'before release 7, the action tests what the middleware found': [
      'guarded',
      `'use server'\nimport { createSafeActionClient } from 'next-safe-action'\n${getSession}const action = createSafeActionClient({ async middleware() { const session = await getSession(); return { userId: session?.user.id } } })\nexport const act = action({}, async (input, { userId }) => { if (!userId) return { error: 'no' }\n${write} }, { middlewareData: { name: 'act' } })`,
    ],
    'before release 7, nobody tests what the middleware found': [
      'unguarded',
      `'use server'\nimport { createSafeActionClient } from 'next-safe-action'\n${getSession}const action = createSafeActionClient({ async middleware() { const session = await getSession(); return { userId: session?.user.id } } })\nexport const act = action({}, async (input, { userId }) => { ${write} })`,
    ],
  })
  it('names the client that holds the guard', () => {
    expect(answer('src/actions.ts', client(strict), 'act').guards).toEqual(['client'])
  })
  it('an error in the answer of an action that other code calls is no refusal by itself', () => {
    const other = `${client(strict).replace('export const act', 'export const inner')}\n`
    const ignoring = `${other}export async function act() { await inner({})\n${write} }`
    const testing = `${other}export async function act() { const result = await inner({}); if (result.serverError) throw new Error()\n${write} }`
    expect(answer('src/actions.ts', ignoring, 'act').verdict).toBe('unguarded')
    expect(answer('src/actions.ts', testing, 'act').verdict).toBe('guarded')
  })
})

describe('actions of zsa', () => {
  const zsa = (procedure: string): string =>
    `'use server'\nimport { createServerAction, createServerActionProcedure, chainServerActionProcedures } from 'zsa'\n${requireUser}${procedure}`
  const act = `.input({}).handler(async ({ input, ctx }) => { ${write} })`
  table('src/actions.ts', 'act', {
    'no procedure': ['unguarded', zsa(`export const act = createServerAction()${act}`)],
    'a procedure that throws': [
      'guarded',
      zsa(
        `const authed = createServerActionProcedure().handler(async () => ({ user: await requireUser() }))\nexport const act = authed.createServerAction()${act}`,
      ),
    ],
    'a procedure that only looks': [
      'unguarded',
      zsa(
        `const authed = createServerActionProcedure().handler(async () => ({ session: await getSession() }))\nexport const act = authed.createServerAction()${act}`,
      ),
    ],
    'a procedure made from one that throws': [
      'guarded',
      zsa(
        `const authed = createServerActionProcedure().handler(async () => ({ user: await requireUser() }))\nconst logged = createServerActionProcedure(authed).handler(async ({ ctx }) => ctx)\nexport const act = logged.createServerAction()${act}`,
      ),
    ],
    'a chain of procedures': [
      'guarded',
      zsa(
        `const authed = createServerActionProcedure().handler(async () => ({ user: await requireUser() }))\nconst other = createServerActionProcedure().handler(async () => ({}))\nexport const act = chainServerActionProcedures(authed, other).createServerAction()${act}`,
      ),
    ],
  })
})

describe('route handlers', () => {
  const get = (body: string): string =>
    `${requireUser}export async function GET(request: any, { params }: any) { ${body} }`
  table('src/app/api/things/route.ts', 'GET', {
    'rows for everybody': ['unguarded', get(`${read} return Response.json(rows)`)],
    'an answer that refuses': [
      'guarded',
      get(
        `const s = await getSession(); if (!s) return new NextResponse(null, { status: 401 })\n${read} return Response.json(rows)`,
      ),
    ],
    'an answer that is made and not returned': [
      'unguarded',
      get(
        `const s = await getSession(); if (!s) NextResponse.json({}, { status: 401 })\n${read} return Response.json(rows)`,
      ),
    ],
    'a guard that gives the answer': [
      'guarded',
      `${getSession}const check = async () => (await getSession()) ? null : new Response(null, { status: 401 })\nexport async function GET() { const denied = await check(); if (denied) return denied\n${read} return Response.json(rows) }`,
    ],
    'a guard that gives a result with a closure': [
      'guarded',
      `${getSession}async function parse(request: any, schema?: any, options?: any) {
        let error: any; let user = null
        if (schema) { const r = schema.safeParse({}); if (!r.success) error = () => Response.json({}, { status: 400 }) }
        if (!options?.skip && !error) { user = await getSession(); if (!user) error = () => Response.json({}, { status: 401 }) }
        return { user, error }
      }
      import { z } from 'zod'
      export async function GET(request: any) { const { error } = await parse(request, z.object({})); if (error) return error()\n${read} return Response.json(rows) }`,
    ],
    'a check that the path skips, on another path': [
      'guarded',
      get(`if (request.nextUrl.pathname !== '/api/open') await requireUser()\n${read} return Response.json(rows)`),
    ],
    'a check that the path skips, on this path': [
      'unguarded',
      get(`if (request.nextUrl.pathname !== '/api/things') await requireUser()\n${read} return Response.json(rows)`),
    ],
    'a check for another method': [
      'unguarded',
      get(`if (request.method === 'POST') await requireUser()\n${read} return Response.json(rows)`),
    ],
    'a wrapper that is known to log': [
      'unguarded',
      `import { withAxiom } from 'next-axiom'\nexport const GET = withAxiom(async () => { ${read} return Response.json(rows) })`,
    ],
    'the same around a handler that checks': [
      'guarded',
      `import { createAxiomRouteHandler } from '@axiomhq/nextjs'\n${requireUser}const withLog = createAxiomRouteHandler({})\nexport const GET = withLog(async () => { await requireUser()\n${read} return Response.json(rows) })`,
    ],
    'a token whose digest is the key': [
      'guarded',
      `import { Redis } from '@upstash/redis'\nimport { createHash } from 'node:crypto'\nconst redis = Redis.fromEnv()\nexport async function GET(request: Request) { const hash = createHash('sha256').update(request.headers.get('authorization')).digest('hex'); const owner = await redis.get('token:' + hash); if (!owner) return new Response(null, { status: 401 })\n${read} return Response.json(rows) }`,
    ],
    'a token as the key': [
      'unguarded',
      `import { Redis } from '@upstash/redis'\nconst redis = Redis.fromEnv()\nexport async function GET(request: Request) { const seen = await redis.get('visit:' + request.headers.get('x-forwarded-for')); if (!seen) return new Response(null, { status: 401 })\n${read} return Response.json(rows) }`,
    ],
  })
  table('src/pages/api/things.ts', 'default', {
    'nothing checks': [
      'unguarded',
      `export default async function handler(req, res) { ${read} res.status(200).json(rows) }`,
    ],
    'an answer that refuses': [
      'guarded',
      `export default async function handler(req, res) { const s = await auth.api.getSession({ headers: req.headers }); if (!s) return res.status(401).end()\n${read} res.json(rows) }`,
    ],
    'an answer that does not end it': [
      'unguarded',
      `export default async function handler(req, res) { const s = await auth.api.getSession({ headers: req.headers }); if (!s) res.status(401).end()\n${read} res.json(rows) }`,
    ],
  })
})

describe('route handlers with a parameter in their address', () => {
  const get = (condition: string): string =>
    `${requireUser}export async function GET(request: any) { if (!${condition}) await requireUser()\n${read} return Response.json(rows) }`
  table('src/app/api/things/[id]/route.ts', 'GET', {
    'a check that another path skips': ['guarded', get("['/open', '/api/open'].includes(request.nextUrl.pathname)")],
    'a check that a path below theirs skips': [
      'unguarded',
      get("['/api/things/1'].includes(request.nextUrl.pathname)"),
    ],
  })
})

describe('pages', () => {
  const page = (body: string, before = ''): string =>
    `${requireUser}${before}export default async function Page() { ${body} }`
  table('src/app/page.tsx', 'default', {
    'rows for everybody': ['unguarded', page(`${read} return <List rows={rows}/>`)],
    'a redirect': ['guarded', page(`await requireUser()\n${read} return <List rows={rows}/>`)],
    'another page instead': [
      'guarded',
      page(`if (!(await getSession())) return <Login/>\n${read} return <List rows={rows}/>`),
    ],
    'a component below reads': [
      'unguarded',
      page(`return <main><Rows/></main>`, `async function Rows() { ${read} return <List rows={rows}/> }\n`),
    ],
    'the page checks before it shows such a component': [
      'guarded',
      page(
        `await requireUser(); return <main><Rows/></main>`,
        `async function Rows() { ${read} return <List rows={rows}/> }\n`,
      ),
    ],
    'the component checks itself': [
      'guarded',
      page(`return <Rows/>`, `async function Rows() { await requireUser()\n${read} return <List rows={rows}/> }\n`),
    ],
    'a sibling that checks keeps nobody away': [
      'unguarded',
      page(
        `return <><Gate/><Rows/></>`,
        `async function Gate() { await requireUser(); return null }\nasync function Rows() { ${read} return <List rows={rows}/> }\n`,
      ),
    ],
    'a component around that shows its children only to users': [
      'guarded',
      page(
        `return <Gate><Rows/></Gate>`,
        `async function Gate({ children }) { await requireUser(); return children }\nasync function Rows() { ${read} return <List rows={rows}/> }\n`,
      ),
    ],
    'a component of the client runs nothing of the server': [
      'public',
      page(`return <Widget/>`, `import { Widget } from './widget'\n`),
      { 'src/app/widget.tsx': '' },
    ],
    'a promise that is handed down': ['unguarded', page(`return <List rows={db.select().from(invoices)}/>`)],
    'a guard that is consumed by use': [
      'guarded',
      `${requireUser}export default function Page() { const user = use(requireUser()); const rows = use(db.select().from(invoices)); return <List rows={rows}/> }`,
    ],
    'it only greets its user': ['guarded', page(`const user = await requireUser(); return <p>{user.name}</p>`)],
  })
  it('its metadata is asked for itself', () => {
    const source = `${requireUser}export async function generateMetadata() { ${read} return { title: rows[0].id } }\n${page('await requireUser(); return null').slice(requireUser.length)}`
    expect(answer('src/app/page.tsx', source, 'generateMetadata').verdict).toBe('unguarded')
    expect(answer('src/app/page.tsx', source, 'default').verdict).toBe('guarded')
  })
})
