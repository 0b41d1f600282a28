/** Guards that others share, as helpers and wrappers; and what loaders do themselves. */
import { describe, expect, it } from 'vitest'
import { app, clears } from './files.ts'

const imports = `import { createFileRoute, redirect } from '@tanstack/react-router'
import { createMiddleware, createServerFn, createIsomorphicFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from './auth'
import { db, invoices } from './db'
`
const session = 'const session = await auth.api.getSession({ headers: getRequestHeaders() })'

type Found = readonly [problem: string, text: string, named?: string]

function found(rule: string, code: string, files: Readonly<Record<string, string>>, file: string): Found[] {
  const text = code.includes('./auth') ? code : imports + code
  return app({ [file]: text, ...files })
    .analyse(file)
    .findings.filter((finding) => finding.rule === rule)
    .map(({ problem, range, data }) => [problem, text.slice(...range), data.what ?? data.culprit] as const)
}

describe('no-ineffective-guard, in a helper', () => {
  const says = (name: string, code: string, expected: readonly Found[], files = {}): void => {
    it(name, () => {
      expect(found('no-ineffective-guard', code, files, 'src/guards.ts')).toEqual(expected)
    })
  }
  const helper = (body: string, name = 'requireUser'): string =>
    `export async function ${name}(request?: Request) { ${session}; ${body} }`
  says('a redirect that is only made', helper("if (!session) redirect({ to: '/' })"), [
    ['denialDropped', "redirect({ to: '/' })", 'redirect'],
  ])
  says('a redirect that is thrown', helper("if (!session) throw redirect({ to: '/' })"), [])
  says(
    'the answer is not awaited',
    'export async function requireUser() { requireSession() }\n' +
      helper('if (!session) throw new Error()', 'requireSession'),
    [['notAwaited', 'requireSession()', 'requireSession']],
  )
  says('an answer that others are to test', helper('return session?.user ?? null', 'getUser'), [])
  says(
    'whoever has no session passes, and nothing else guards those who call it',
    helper("if (session && session.user.role !== 'admin') throw new Error()", 'requireAdmin'),
    [['passesNull', "session && session.user.role !== 'admin'", 'auth.api.getSession']],
    { 'src/use.ts': useOf('requireAdmin') },
  )
  says(
    'the same, and nobody calls it',
    helper("if (session && session.user.role !== 'admin') throw new Error()", 'requireAdmin'),
    [],
  )
  says('nothing is tested, and reading a property of nothing is what stops callers', helper('return session.user'), [
    ['crashOnly', 'user', 'auth.api.getSession'],
  ])
  says(
    'a redirect that is only made, with a crash behind it',
    helper("if (!session) redirect({ to: '/' }); return session.user"),
    [['denialDropped', "redirect({ to: '/' })", 'redirect']],
  )
  says(
    'a test of a promise, which nobody passes',
    helper('const { user } = find(); if (!user) throw new Error(); return user') +
      `\nasync function find() { ${session}; return { user: session?.user } }`,
    [['notAwaited', 'find()', 'find']],
  )
  says(
    'a timeout beside the check',
    helper(
      'const { user } = await Promise.race([find(), new Promise<never>((_, reject) => setTimeout(() => reject(new Error()), 9))]); if (!user) throw new Error(); return user',
    ) + `\nasync function find() { ${session}; return { user: session?.user } }`,
    [],
  )
  says(
    'a component that asks who is there',
    `export function Profile() { load() }\nasync function load() { ${session}; if (!session) throw new Error() }`,
    [],
  )
  const wrapper = (body: string, name = 'withUser'): string =>
    `export const ${name} = (handler: (request: Request) => Promise<Response>) => async (request: Request) => { ${session}; ${body} }`
  says(
    'a wrapper that goes on',
    wrapper("if (!session) new Response('no', { status: 401 }); return handler(request)"),
    [['denialDropped', "new Response('no', { status: 401 })", 'Response']],
  )
  says(
    'a wrapper that refuses',
    wrapper("if (!session) return new Response('no', { status: 401 }); return handler(request)"),
    [],
  )
  says(
    'a wrapper that is too late',
    wrapper('const answer = await handler(request); if (!session) throw new Error(); return answer', 'requireUser'),
    [['tooLate', '!session', 'auth.api.getSession']],
  )
})

describe('no-ineffective-guard, in a loader', () => {
  const whoAmI = `const whoAmI = createServerFn().handler(async () => { ${session}; return session?.user ?? null })`
  const refuses = "async () => { const user = await whoAmI(); if (!user) throw redirect({ to: '/' }); return user }"
  const route = (options: string): string => `${whoAmI}\nexport const Route = createFileRoute('/app')({ ${options} })`
  const child = {
    'src/routes/app/a.tsx':
      "import { createFileRoute } from '@tanstack/react-router'\nexport const Route = createFileRoute('/app/a')({ loader: () => 1 })",
  }
  const says = (
    name: string,
    options: string,
    expected: readonly Found[],
    files: Readonly<Record<string, string>> = child,
  ): void => {
    it(name, () => {
      const text = imports.replaceAll('./', '../') + route(options)
      const report = app({ 'src/routes/app.tsx': text, ...files }).analyse('src/routes/app.tsx')
      const about = report.findings.filter(({ rule }) => rule === 'no-ineffective-guard')
      expect(about.map(({ problem, range, data }) => [problem, text.slice(...range), data.name])).toEqual(expected)
    })
  }
  says('a redirect in the loader of a route that has others below it', `loader: ${refuses}`, [
    ['besideOthers', "throw redirect({ to: '/' });", '/app'],
  ])
  says('the same in beforeLoad', `beforeLoad: ${refuses}`, [])
  says('a guard in beforeLoad and one in the loader', `beforeLoad: ${refuses}, loader: ${refuses}`, [])
  says('no route below', `loader: ${refuses}`, [], {})
  says('a route below that loads nothing', `loader: ${refuses}`, [], {
    'src/routes/app/a.tsx': child['src/routes/app/a.tsx'].replace('loader: () => 1', ''),
  })
  says('a redirect that says nothing of the caller', "loader: () => { throw redirect({ to: '/app/a' }) }", [])
})

const useOf = (name: string): string =>
  clears(`import { ${name} } from './guards'`).replace('async () => {', `async () => { await ${name}();`)

describe('no-protected-work-in-loader', () => {
  const says = (name: string, hook: string, expected: readonly Found[], before = '', files = {}): void => {
    it(name, () => {
      const route = `${before}\nexport const Route = createFileRoute('/a')({ ${hook} })`
      expect(found('no-protected-work-in-loader', route, files, 'src/a.tsx')).toEqual(expected)
    })
  }
  const query = 'db.select().from(invoices)'
  says('a query', `loader: () => ${query}`, [['effect', 'db.select()', 'reads `invoices`']])
  says('a query in beforeLoad', `beforeLoad: async () => { await ${query} }`, [
    ['effect', 'db.select()', 'reads `invoices`'],
  ])
  says(
    'a query in a helper of another file',
    'loader: () => list()',
    [['effect', 'list()', 'reads `invoices`']],
    "import { list } from './list'",
    { 'src/list.ts': `${imports}export const list = () => ${query}` },
  )
  says('behind a server function', 'loader: () => list()', [], `const list = createServerFn().handler(() => ${query})`)
  says(
    'behind a server function of a file of the server',
    'loader: () => list()',
    [],
    "import { list } from './list.server'",
    { 'src/list.server.ts': `${imports}export const list = createServerFn().handler(() => ${query})` },
  )
  says(
    'a function of a file of the server',
    'loader: () => list()',
    [['serverModule', 'list()', './list.server']],
    "import { list } from './list.server'",
    { 'src/list.server.ts': 'export const list = () => 1' },
  )
  says(
    "the server's half of an isomorphic function",
    'loader: () => list()',
    [],
    `const list = createIsomorphicFn().server(() => ${query}).client(() => [])`,
  )
  says('headers of the request', 'loader: () => getRequestHeaders()', [
    ['serverModule', 'getRequestHeaders()', '@tanstack/react-start/server'],
  ])
  says('a secret', 'loader: () => process.env.STRIPE_SECRET_KEY', [
    ['secret', 'process.env.STRIPE_SECRET_KEY', 'STRIPE_SECRET_KEY'],
  ])
  says('a variable that is none', 'loader: () => process.env.NODE_ENV', [])
  says("a request to the application's own routes", "loader: () => fetch('/api/invoices').then((r) => r.json())", [])
  says('the component', `component: () => ${query}`, [])
})

describe('require-denial-log', () => {
  const says = (
    name: string,
    code: string,
    expected: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): void => {
    it(name, () => {
      expect(found('require-denial-log', code, files, 'src/guards.ts').map(([, text]) => text)).toEqual(expected)
    })
  }
  const guard = (body: string, before = ''): string =>
    `${before}\nexport const guard = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session}; ${body}; return next() })`
  const refuses = "if (!session) throw new Error('no')"
  says('a middleware that refuses and tells nobody', guard(refuses), ['guard'])
  says('a middleware that refuses nobody', guard(''), [])
  says('the console', guard("if (!session) { console.warn('refused'); throw new Error('no') }"), [])
  says('a log of what happens before anything is known is none of denials', guard(`console.log('asked'); ${refuses}`), [
    'guard',
  ])
  says(
    'one of two refusals',
    guard(
      `if (!session) { console.warn('refused'); throw new Error('no') } if (session.user.role !== 'admin') throw new Error('no')`,
    ),
    ['guard'],
  )
  says(
    'a log of a package',
    guard(
      "if (!session) { log.warn('refused'); throw new Error('no') }",
      "import pino from 'pino'\nconst log = pino()",
    ),
    [],
  )
  says(
    'an error tracker',
    guard(
      "if (!session) { Sentry.captureMessage('refused'); throw new Error('no') }",
      "import * as Sentry from '@sentry/node'",
    ),
    [],
  )
  says(
    'a row that is added',
    guard("if (!session) { await db.insert(invoices).values({ id: '1' }); throw new Error('no') }"),
    [],
  )
  says('a session that is ended', guard('if (!session) { await db.delete(invoices); throw new Error() }'), ['guard'])
  says(
    'where the refusal is caught and thrown again',
    guard(`try { ${refuses} } catch (error) { console.error(error); throw error }`),
    [],
  )
  says(
    'a function of the project that logs',
    guard('if (!session) throw refused()', "const refused = () => { console.error('refused'); return new Error() }"),
    [],
  )
  says(
    'a function of the project that does not',
    guard('if (!session) throw refused()', 'const refused = () => new Error()'),
    ['guard'],
  )
  const declared = {
    'authz.config.json': JSON.stringify({ denialLog: [{ name: 'audit.denied', from: './src/audit' }] }),
    'src/audit.ts':
      'export const audit = { denied: (who: string) => { queue.push(who) }, asked: (who: string) => { queue.push(who) } }\nconst queue: string[] = []',
  }
  const audits = (what: string): string =>
    guard(`if (!session) { audit.${what}('x'); throw new Error('no') }`, "import { audit } from './audit'")
  says('what the policy file calls a record', audits('denied'), [], declared)
  says('what it does not', audits('asked'), ['guard'], declared)
  says('the same without a policy', audits('denied'), ['guard'], { 'src/audit.ts': declared['src/audit.ts'] })
  says('what runs around all requests and logs what they end with', guard(refuses), [], {
    'src/start.ts': `import { createMiddleware, createStart } from '@tanstack/react-start'
const log = createMiddleware({ type: 'function' }).server(async ({ next }) => { try { return await next() } catch (error) { console.error(error); throw error } })
export const startInstance = createStart(() => ({ functionMiddleware: [log] }))`,
  })
  says('a helper', `export async function requireUser() { ${session}; ${refuses}; return session.user }`, [
    'requireUser',
  ])
  const demands = `export async function requireSession() { ${session}; ${refuses}; return session }`
  says('a helper that demands what others only look up', demands, ['requireSession'])
  says(
    'once, where it refuses, and not for each that calls it',
    `${demands}
export const requireUser = async () => (await requireSession()).user
export async function requireAdmin() { const { user } = await requireSession(); if (user.role !== 'admin') { console.warn('no admin'); throw new Error('no') } return user }
export async function getAdminStats() { await requireSession(); return db.select().from(invoices) }`,
    ['requireSession'],
  )
  says(
    'a refusal of its own beside that of another',
    `${demands}
export async function requireAdmin() { const { user } = await requireSession(); if (user.role !== 'admin') throw new Error('no'); return user }`,
    ['requireSession', 'requireAdmin'],
  )
  says(
    'what a helper that nobody else is given refuses',
    `async function ask() { ${session}; ${refuses}; return session }
export const requireUser = async () => (await ask()).user`,
    ['requireUser'],
  )
  says(
    'a middleware that leaves it to a guard of another file',
    guard('await requireUser()', "import { requireUser } from './require'"),
    [],
    {
      'src/require.ts': `import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from './auth'
export async function requireUser() { ${session}; ${refuses}; return session.user }`,
    },
  )
  says(
    'what refuses by a crash alone, which is said to do so',
    `export async function requireUser() { ${session}; if (!session) console.error('no'); return session!.user }
export async function requireMe() { ${session}; return session!.user }`,
    [],
  )
  says(
    'the actions of a file, which guard nothing but themselves',
    `'use server'\n${imports}export async function getRatesAdmin() { ${session}; ${refuses}; return db.select().from(invoices) }`,
    [],
  )
  says(
    'a helper that is called something else',
    `export async function load() { ${session}; ${refuses}; return session.user }`,
    [],
  )
  says(
    'a helper that logs',
    `export async function requireUser() { ${session}; if (!session) { console.warn('no'); throw new Error() } return session.user }`,
    [],
  )
  says(
    'a parent that has its own report',
    `export const parent = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session}; ${refuses}; return next({ context: { session } }) })
export const child = createMiddleware({ type: 'function' }).middleware([parent]).server(async ({ next, context }) => { if (context.session.user.role !== 'admin') { console.warn('no'); throw new Error() } return next() })`,
    ['parent'],
  )
})
