import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const rule = 'no-shared-cache-of-private-data'
const shared = {
  'package.json': '{ "name": "app", "dependencies": { "next": "16.0.0" } }',
  'src/me.ts': `import { auth } from './auth'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
export async function me() {
  const session = await auth.api.getSession({ headers: await headers() })
  if (!session) redirect('/login')
  return session.user
}
`,
}
const imports = `import { unstable_cache } from 'next/cache'
import { NextResponse } from 'next/server'
import { eq } from 'drizzle-orm'
import { db, invoices, countries } from '~/db'
import { me } from '~/me'
`

/** What is found in the file, by its place in the text and what the message is filled with. */
function found(file: string, code: string, others: Readonly<Record<string, string>> = {}): unknown[] {
  const text = imports + code
  return app({ ...shared, ...others, [file]: text })
    .analyse(file)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ problem, range, data }) => [problem, text.slice(...range), data.culprit, data.where ?? ''])
}

const page = 'src/app/orders/page.tsx'
const ofPage = (body: string, before = ''): string =>
  `${before}export default async function Page() { ${body}; return <p>{JSON.stringify(rows)}</p> }\n`
const mine = (id: string): string => `db.select().from(invoices).where(eq(invoices.ownerId, ${id}))`

describe('unstable_cache', () => {
  const captured = `unstable_cache(async () => ${mine('user.id')}, ['orders'])`
  it('whose key lacks the caller that it reads', () =>
    expect(found(page, ofPage(`const user = await me(); const rows = await ${captured}()`))).toEqual([
      ['capturedIdentity', captured, 'user', ''],
    ]))
  it('without a key', () => {
    const call = `unstable_cache(() => ${mine('user.id')})`
    expect(found(page, ofPage(`const user = await me(); const get = ${call}; const rows = await get()`))).toEqual([
      ['capturedIdentity', call, 'user', ''],
    ])
  })
  it('with the caller in its tags alone', () => {
    const call = `unstable_cache(() => ${mine('id')}, ['orders'], { tags: [id] })`
    expect(found(page, ofPage(`const { id } = await me(); const rows = await ${call}()`))).toEqual([
      ['capturedIdentity', call, 'id', ''],
    ])
  })
  it('of a function beside it that reads the caller', () => {
    const body = `const user = await me(); const load = () => ${mine('user.id')}; const rows = await unstable_cache(load, ['x'])()`
    expect(found(page, ofPage(body))).toEqual([['capturedIdentity', "unstable_cache(load, ['x'])", 'user', '']])
  })
  it('with the id of a row that was found by the caller', () => {
    const call = `unstable_cache(() => db.select().from(countries).where(eq(countries.name, first.id)), ['x'])`
    const body = `const user = await me(); const [first] = await ${mine('user.id')}; const rows = await ${call}()`
    expect(found(page, ofPage(body))).toEqual([['capturedIdentity', call, 'first', '']])
  })
  it('in a helper of another file, where the page shows it', () => {
    const orders = `import { unstable_cache } from 'next/cache'
import { eq } from 'drizzle-orm'
import { db, invoices } from './db'
export const ordersOf = (id: string) => unstable_cache(() => ${mine('id')}, ['orders'])()
`
    const code = ofPage(
      'const user = await me(); const rows = await ordersOf(user.id)',
      "import { ordersOf } from '~/orders'\n",
    )
    expect(found(page, code, { 'src/orders.ts': orders })).toEqual([
      ['capturedIdentity', 'Page', 'id', ' in `orders.ts`'],
    ])
  })
  it.each([
    ['with the caller in its key', `unstable_cache(() => ${mine('user.id')}, ['orders', user.id])()`],
    ['with the caller in a text of its key', `unstable_cache(() => ${mine('user.id')}, [\`orders-\${user.id}\`])()`],
    ['with the caller as an argument', `unstable_cache((id: string) => ${mine('id')}, ['orders'])(user.id)`],
    ['of the same for all who may', `unstable_cache(() => db.select().from(countries), ['countries'])()`],
    ['that reads something else', `unstable_cache(() => db.select().from(countries).limit(size), ['countries'])()`],
  ])('%s', (_, call) =>
    expect(found(page, ofPage(`const user = await me(); const size = 3; const rows = await ${call}`))).toEqual([]),
  )
  it('that asks who is calling', () => {
    const before = `const load = unstable_cache(async () => { const user = await me(); return ${mine('user.id')} }, ['x'])\n`
    expect(found(page, ofPage('await me(); const rows = await load()', before))).toEqual([
      ['askedWhenKept', 'me()', 'me', ''],
    ])
  })
})

describe("'use cache'", () => {
  const load = (directive: string): string =>
    `async function load() { '${directive}'; const user = await me(); return ${mine('user.id')} }\n`
  const shown = ofPage('await me(); const rows = await load()')
  it.each(['use cache', 'use cache: remote'])('%s around a lookup of the caller', (directive) =>
    expect(found(page, load(directive) + shown)).toEqual([['askedWhenKept', 'me()', 'me', '']]),
  )
  it('of the whole file', () => {
    const text = `'use cache'\n${imports}${ofPage('const user = await me(); const rows = await ' + mine('user.id'))}`
    const report = app({ ...shared, [page]: text }).analyse(page)
    expect(report.findings.map(({ problem, range }) => [problem, text.slice(...range)])).toEqual([
      ['askedWhenKept', 'me()'],
    ])
  })
  it('of a file that helps, where the page asks for it', () => {
    const orders = `'use cache'
import { eq } from 'drizzle-orm'
import { db, invoices } from './db'
import { me } from './me'
export async function orders() { const user = await me(); return ${mine('user.id')} }
`
    const code = ofPage('await me(); const rows = await orders()', "import { orders } from '~/orders'\n")
    expect(found(page, code, { 'src/orders.ts': orders })).toEqual([['askedWhenKept', 'Page', 'me', ' in `orders.ts`']])
  })
  it('for the caller alone', () => expect(found(page, load('use cache: private') + shown)).toEqual([]))
  it('with the caller as an argument', () =>
    expect(
      found(
        page,
        `async function load(id: string) { 'use cache'; return ${mine('id')} }
${ofPage('const user = await me(); const rows = await load(user.id)')}`,
      ),
    ).toEqual([]))
  it('that reads the caller from around it, which is part of its key', () =>
    expect(
      found(
        page,
        ofPage(
          `const user = await me(); async function load() { 'use cache'; return ${mine('user.id')} } const rows = await load()`,
        ),
      ),
    ).toEqual([]))
  it('around a check of the token that it was given', () =>
    expect(
      found(
        page,
        `import { cookies } from 'next/headers'
import { jwtVerify } from 'jose'
async function whose(token: string) { 'use cache'; return (await jwtVerify(token, key)).payload.sub as string }
const key = new TextEncoder().encode(process.env.SECRET!)
${ofPage(`const id = await whose((await cookies()).get('token')!.value); const rows = await ${mine('id')}`)}`,
      ),
    ).toEqual([]))
})

describe("dynamic = 'force-static'", () => {
  const fixed = `export const dynamic = 'force-static'\n`
  const guarded = ofPage(`const user = await me(); const rows = await ${mine('user.id')}`)
  it('of a page that is guarded', () =>
    expect(found(page, fixed + guarded)).toEqual([['prerendered', 'dynamic', "dynamic = 'force-static'", '']]))
  it('of a route that is guarded', () =>
    expect(
      found(
        'src/app/api/route.ts',
        `${fixed}export async function GET() { const user = await me(); return Response.json(await ${mine('user.id')}) }\n`,
      ),
    ).toEqual([['prerendered', 'dynamic', "dynamic = 'force-static'", '']]))
  it('of the layout above', () => {
    const layout = `${fixed}export default function Layout({ children }: any) { return children }\n`
    expect(found(page, guarded, { 'src/app/layout.tsx': layout })).toEqual([
      ['prerendered', 'Page', "dynamic = 'force-static'", ' in `layout.tsx`'],
    ])
    expect(found(page, `export const dynamic = 'auto'\n${guarded}`, { 'src/app/layout.tsx': layout })).toEqual([])
  })
  it('of a page for everybody', () =>
    expect(found(page, fixed + ofPage('const rows = await db.select().from(countries)'))).toEqual([]))
  it('revalidate alone, which gives way to whoever reads the request', () =>
    expect(found(page, `export const revalidate = 60\n${guarded}`)).toEqual([]))
})

describe('Cache-Control of an answer', () => {
  const route = 'src/app/api/orders/route.ts'
  const get = (answer: string): string =>
    `export async function GET() { const user = await me(); const rows = await ${mine('user.id')}; ${answer} }\n`
  const list = "{ headers: { 'Cache-Control': 'public, max-age=60' } }"
  it.each([
    ['in the options', `return NextResponse.json(rows, ${list})`, `NextResponse.json(rows, ${list})`],
    ['of the language', `return Response.json(rows, ${list})`, `Response.json(rows, ${list})`],
    ['made', `return new Response(JSON.stringify(rows), ${list})`, `new Response(JSON.stringify(rows), ${list})`],
    [
      'set afterwards',
      "const r = NextResponse.json(rows); r.headers.set('Cache-Control', 's-maxage=60'); return r",
      "r.headers.set('Cache-Control', 's-maxage=60')",
    ],
    [
      'in a list of headers',
      "const headers = new Headers({ 'cache-control': 'public' }); return new Response(JSON.stringify(rows), { headers })",
      'new Response(JSON.stringify(rows), { headers })',
    ],
    [
      'for the CDN alone',
      "return Response.json(rows, { headers: { 'Vercel-CDN-Cache-Control': 'max-age=60' } })",
      "Response.json(rows, { headers: { 'Vercel-CDN-Cache-Control': 'max-age=60' } })",
    ],
  ])('%s', (_, answer, at) =>
    expect(found(route, get(answer)).map((finding) => (finding as unknown[]).slice(0, 2))).toEqual([['header', at]]),
  )
  it('below pages/api', () =>
    expect(
      found(
        'pages/api/orders.ts',
        `export default async function handler(req: any, res: any) { const user = await me(); res.setHeader('Cache-Control', 'public'); res.json(await ${mine('user.id')}) }\n`,
      ),
    ).toEqual([['header', "res.setHeader('Cache-Control', 'public')", 'public', '']]))
  it('of what is the same for everybody, beside the answer', () =>
    expect(
      found(
        route,
        get(
          "if (rows.length === 0) return Response.json([], { headers: { 'Cache-Control': 'public' } }); return Response.json(rows)",
        ),
      ),
    ).toEqual([]))
  it('private', () =>
    expect(found(route, get("return Response.json(rows, { headers: { 'Cache-Control': 'private' } })"))).toEqual([]))
})
