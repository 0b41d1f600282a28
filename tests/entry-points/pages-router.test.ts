/** Pages of Next.js' Pages Router: what they do for each request, and who gets it. */
import { describe, expect, it } from 'vitest'
import { verdicts, type Answer, type Files } from '../analysis/harness.ts'

const imports = `
import { getServerSession } from 'next-auth'
import { eq } from 'drizzle-orm'
import { auth } from '~/auth'
import { db } from '~/db'
import { invoices } from '~/schema'
import { prisma } from '~/prisma'
`
const read = 'const rows = await db.select().from(invoices)\n'
const write = "await db.insert(invoices).values({ id: '1' })\n"
const shows = 'return { props: { rows } }'
const login = "return { redirect: { destination: '/login', permanent: false } }"

function all(
  source: string,
  file = 'src/pages/invoices/[id].tsx',
  others: Files = {},
): Readonly<Record<string, Answer>> {
  const given = Object.entries(others).map(([at, text]) => [at, imports + text] as const)
  return verdicts({ ...Object.fromEntries(given), [file]: imports + source })
}

const found = (source: string, file?: string, others?: Files): string[] =>
  Object.values(all(source, file, others)).map(({ entry: { name, kind } }) => `${name} | ${kind}`)

function verdictOf(source: string, name = 'getServerSideProps', others?: Files): string {
  const answer = all(source, undefined, others)[name]
  if (!answer) throw new Error(`no entry point ${name}`)
  return [answer.verdict, answer.cause ?? answer.reason].filter(Boolean).join(': ')
}

const load = (body: string): string => `export async function getServerSideProps(ctx: any) { ${body} }\n`
const page = 'export default function Page() { return <p/> }\n'

function table(
  cases: Readonly<Record<string, readonly [verdict: string, source: string, others?: Files]>>,
  name?: string,
) {
  for (const [title, [verdict, source, others]] of Object.entries(cases))
    it(`${title}: ${verdict}`, () => expect(verdictOf(source + page, name, others)).toBe(verdict))
}

describe('what a page of the Pages Router does for each request', () => {
  const one = ['getServerSideProps | page']

  it('is found as a function, as a constant, and brought from another file', () => {
    const other = { 'src/load.ts': load('return { props: {} }') }
    expect(found(load('return { props: {} }') + page)).toEqual(one)
    expect(found('export const getServerSideProps = (async () => ({ props: {} })) satisfies object\n' + page)).toEqual(
      one,
    )
    expect(found(`export { getServerSideProps } from '../../load'\n${page}`, undefined, other)).toEqual(one)
  })
  it('is found in every page, also in one that says that it is of the client', () => {
    for (const file of ['src/pages/index.tsx', 'src/pages/a/[...path].tsx', 'src/pages/.well-known/a.tsx'])
      expect(found(load('return { props: {} }') + page, file)).toEqual(one)
    expect(Object.keys(verdicts({ 'src/pages/a.tsx': `'use client'\n${load('return { props: {} }')}` }))).toHaveLength(
      1,
    )
  })
  it('is none outside of the folder of the pages, below `api`, and in what stands around pages', () => {
    for (const name of [
      'lib/load.ts',
      'app/page.tsx',
      'pages/_app.tsx',
      'pages/_document.tsx',
      'pages/_error.tsx',
      'pages/404.tsx',
    ])
      expect(found(load('return { props: {} }'), `src/${name}`)).toEqual([])
    expect(found(load('return { props: {} }') + page, 'src/pages/api/a.tsx')).toEqual(['default | route-handler'])
  })
  it('is not what makes a page when the application is built', () => {
    expect(found('export async function getStaticProps() { return { props: {} } }\n' + page)).toEqual([])
  })
  it('is found as `getInitialProps` of the component', () => {
    expect(found(`${page}Page.getInitialProps = async () => ({})`)).toEqual(['getInitialProps | page'])
    expect(
      found(`export default class Page extends React.Component { static async getInitialProps() { return {} } }`),
    ).toEqual(['getInitialProps | page'])
  })
})

describe('getServerSideProps', () => {
  const session = 'const session = await getServerSession(ctx.req, ctx.res, {})\n'

  table({
    'rows for everybody': ['unguarded: noGuard', load(`${read}${shows}`)],
    'the row of an id that the caller chooses': [
      'unguarded: noGuard',
      load('const row = await prisma.invoice.findUnique({ where: { id: ctx.params.id } }); return { props: { row } }'),
    ],
    'a write': ['unguarded: noGuard', load(`${write} return { props: {} }`)],
    'a write behind a test of what the caller sends': [
      'unguarded: untrusted',
      load(`if (ctx.query.key !== ctx.req.cookies.key) return { notFound: true }\n${write} return { props: {} }`),
    ],
    'props that are promised': ['unguarded: noGuard', load('return { props: db.select().from(invoices) }')],
    'an answer that the function writes itself': [
      'unguarded: noGuard',
      load(`${read} ctx.res.end(JSON.stringify(rows)); return { props: {} }`),
    ],
    'rows that are read and not sent': ['public: no protected effect', load(`${read} return { props: {} }`)],
    'the language of the page': [
      'public: no protected effect',
      `import { serverSideTranslations } from 'next-i18next/serverSideTranslations'\n${load("return { props: { ...(await serverSideTranslations(ctx.locale, ['common'])) } }")}`,
    ],
    'a redirect for callers without a session': ['guarded', load(`${session} if (!session) ${login}\n${read}${shows}`)],
    'not found for callers without a session': [
      'guarded',
      load(`${session} if (!session) return { notFound: true }\n${read}${shows}`),
    ],
    'another page for callers without a session': [
      'guarded',
      load(`${session} if (!session) return { props: { rows: [] } }\n${read}${shows}`),
    ],
    'a redirect that comes after the rows were read': [
      'guarded',
      load(`${read}${session} if (!session) ${login}\n${shows}`),
    ],
    'a redirect that comes after the rows were written': [
      'unguarded: tooLate',
      load(`${write}${session} if (!session) ${login}\nreturn { props: {} }`),
    ],
    'a redirect that is not returned': [
      'unguarded: passesNull',
      load(`${session} const away = session ? undefined : { redirect: { destination: '/' } }\n${read}${shows}`),
    ],
    'a redirect to what is in the row': [
      'unguarded: noGuard',
      load(`${read} return { redirect: { destination: rows[0].url, permanent: false } }`),
    ],
    'nothing but the user, and a redirect for others': [
      'guarded',
      load(`${session} if (!session) ${login}\nreturn { props: { user: session.user } }`),
    ],
    'the session, whoever asks': [
      "public: answers with the caller's own session only",
      load(`${session} return { props: { session } }`),
    ],
    'a redirect of those who are signed in': [
      "public: answers with the caller's own session only",
      load(`${session} if (session) ${login}\nreturn { props: {} }`),
    ],
    'next-auth in the browser’s package': [
      'guarded',
      `import { getSession } from 'next-auth/react'\n${load(`if (!(await getSession({ req: ctx.req }))) ${login}\n${read}${shows}`)}`,
    ],
    'the token of next-auth': [
      'guarded',
      `import { getToken } from 'next-auth/jwt'\n${load(`if (!(await getToken({ req: ctx.req }))) ${login}\n${read}${shows}`)}`,
    ],
    Clerk: [
      'guarded',
      `import { buildClerkProps, getAuth } from '@clerk/nextjs/server'\n${load(`const { userId } = getAuth(ctx.req); if (!userId) ${login}\n${read} return { props: { rows, ...buildClerkProps(ctx.req) } }`)}`,
    ],
    'Clerk, which only fills the props': [
      'unguarded: noGuard',
      `import { buildClerkProps } from '@clerk/nextjs/server'\n${load(`${read} return { props: { rows, ...buildClerkProps(ctx.req) } }`)}`,
    ],
    'Better Auth': [
      'guarded',
      load(`const s = await auth.api.getSession({ headers: ctx.req.headers }); if (!s) ${login}\n${read}${shows}`),
    ],
    'a helper that gives the redirect, if any': [
      'guarded',
      `async function away(ctx: any) { ${session} return session ? null : { redirect: { destination: '/login', permanent: false } } }\n${load(`const gone = await away(ctx); if (gone) return gone\n${read}${shows}`)}`,
    ],
    'a helper that gives the redirect, which nobody returns': [
      'unguarded: passesNull',
      `async function away(ctx: any) { ${session} return session ? null : { redirect: { destination: '/login', permanent: false } } }\n${load(`await away(ctx)\n${read}${shows}`)}`,
    ],
  })
})

describe('getServerSideProps in a wrapper', () => {
  const handler = `async (ctx: any) => { ${read}${shows} }`
  const wrapper = (check: string): Files => ({
    'src/with-session.ts': `\nexport const withSession = (handler: any) => async (ctx: any) => { const session = await getServerSession(ctx.req, ctx.res, {}); ${check}; ctx.user = session?.user; return handler(ctx) }`,
  })
  const wrapped = `import { withSession } from '~/with-session'\nexport const getServerSideProps = withSession(${handler})\n`
  const auth0 = `import { Auth0Client } from '@auth0/nextjs-auth0/server'\nconst auth0 = new Auth0Client()\n`
  const iron = `import { withIronSessionApiRoute, withIronSessionSsr } from 'iron-session/next'\n`

  table({
    'of the project that redirects': ['guarded', wrapped, wrapper(`if (!session) ${login}`)],
    'of the project that lets everybody through': ['unguarded: resultIgnored', wrapped, wrapper('')],
    'of an unknown package': [
      'unverifiable: unknown effect: it calls `getServerSideProps`, which could not be followed',
      `import { withSession } from 'some-package'\nexport const getServerSideProps = withSession(${handler})\n`,
    ],
    'of Auth0': [
      'guarded',
      `${auth0}export const getServerSideProps = auth0.withPageAuthRequired({ getServerSideProps: ${handler} })\n`,
    ],
    'of Auth0, of an older release, as a method': [
      'guarded',
      `import { withPageAuthRequired } from '@auth0/nextjs-auth0'\nexport const getServerSideProps = withPageAuthRequired({ returnTo: '/', async getServerSideProps(ctx: any) { ${read}${shows} } })\n`,
    ],
    'of Auth0 around nothing': ['guarded', `${auth0}export const getServerSideProps = auth0.withPageAuthRequired()\n`],
    'of Auth0 around nothing, with an option': [
      'guarded',
      `${auth0}export const getServerSideProps = auth0.withPageAuthRequired({ returnTo: '/' })\n`,
    ],
    'of iron-session, and a test': [
      'guarded',
      `${iron}export const getServerSideProps = withIronSessionSsr(async ({ req }) => { if (!req.session.user) return { notFound: true }\n${read}${shows} }, {})\n`,
    ],
    'of iron-session, and no test': [
      'unguarded: resultIgnored',
      `${iron}export const getServerSideProps = withIronSessionSsr(${handler}, {})\n`,
    ],
    'of iron-session, and a test of what the caller sends': [
      'unguarded: resultIgnored',
      `${iron}export const getServerSideProps = withIronSessionSsr(async ({ req }) => { if (!req.cookies.user) return { notFound: true }\n${read}${shows} }, {})\n`,
    ],
  })

  it('lists what is behind it', () => {
    const behind = (source: string): unknown => all(source).getServerSideProps?.effects
    expect(
      behind(
        `${auth0}export const getServerSideProps = auth0.withPageAuthRequired({ getServerSideProps: ${handler} })`,
      ),
    ).toEqual(['reads `invoices`'])
  })
  it('of iron-session is the same for a handler below `pages/api`', () => {
    const api = (test: string): unknown =>
      all(
        `${iron}export default withIronSessionApiRoute(async (req: any, res: any) => { ${test}\n${read} res.json(rows) }, {})`,
        'src/pages/api/a.ts',
      ).default?.verdict
    expect(api('if (!req.session.user) return res.status(401).end()')).toBe('guarded')
    expect(api('')).toBe('unguarded')
  })
})

describe('getInitialProps', () => {
  const initial = (body: string): string => `Page.getInitialProps = async (ctx: any) => { ${body} }\n`
  table(
    {
      'rows for everybody': ['unguarded: noGuard', initial(`${read} return { rows }`)],
      'an answer of its own for callers without a session': [
        'guarded',
        initial(
          `const s = await getServerSession(ctx.req, ctx.res, {}); if (!s) { ctx.res.writeHead(302, { Location: '/login' }); ctx.res.end(); return {} }\n${read} return { rows }`,
        ),
      ],
      'what another function gives': [
        'unguarded: noGuard',
        `const load = (name: string) => async (ctx: any) => { ${read} return { [name]: rows } }\nPage.getInitialProps = load('rows')\n`,
      ],
    },
    'getInitialProps',
  )
  it('is a method of a class as well', () => {
    const source = `export default class Page extends React.Component { static async getInitialProps(ctx: any) { ${read} return { rows } } }`
    expect(verdictOf(source, 'getInitialProps')).toBe('unguarded: noGuard')
  })
})

describe('an API route that is a CommonJS module', () => {
  const body = `async (req, res) => { ${write} res.end() }`
  it.each([
    ['a function', `module.exports = ${body}`],
    ['a name', `const handler = ${body}; module.exports = handler`],
    ['the default', `exports.default = ${body}`],
  ])('is found where it exports %s', (_, text) => {
    const answers = Object.values(all(text, 'src/pages/api/save.js'))
    expect(answers.map(({ entry: { kind }, verdict }) => `${kind} | ${verdict}`)).toEqual(['route-handler | unguarded'])
  })
})

describe('whose rows a page or an API route of the Pages Router answers with', () => {
  const byId = 'const [row] = await db.select().from(invoices).where(eq(invoices.id, req.query.id))\n'
  const tenantOf = (source: string, file?: string): string => {
    const [answer] = Object.values(all(source, file))
    expect(answer?.verdict).toBe('guarded')
    return String(answer?.scope().tenant)
  }
  const api = (body: string): string =>
    tenantOf(
      `export default async function handler(req: any, res: any) { const s = await auth.api.getSession({ headers: req.headers }); if (!s) return res.status(401).end(); ${body} }`,
      'src/pages/api/a.ts',
    )
  const props = (body: string): string =>
    tenantOf(
      load(
        `const { req } = ctx; const s = await auth.api.getSession({ headers: req.headers }); if (!s) ${login}\n${body}`,
      ) + page,
    )

  it('is judged by what is handed to the response', () => {
    for (const method of ['json', 'send', 'end']) expect(api(`${byId} res.status(200).${method}(row)`)).toBe('unscoped')
    expect(api(`${byId} const ok = (what: unknown) => res.json({ what }); return ok(row)`)).toBe('unscoped')
    expect(api(`${byId} if (row) res.json({ ok: true })`)).toBe('null')
  })
  it('is judged by the props', () => {
    expect(props(`${byId} return { props: { row } }`)).toBe('unscoped')
    expect(props(`${byId} return { props: { row: null } }`)).toBe('null')
  })
  it('is proved where the row is compared before it is sent', () => {
    const compared = 'if (row?.organizationId !== s.session.activeOrganizationId)'
    expect(api(`${byId} ${compared} return res.status(403).end(); res.json(row)`)).toBe('scoped')
    expect(api(`${byId} ${compared} return res.status(403).json(row); res.json(row)`)).toBe('unscoped')
    expect(props(`${byId} ${compared} return { notFound: true }; return { props: { row } }`)).toBe('scoped')
  })
})
