/** What is said of a file besides its open entry points: each with the piece of the code that it is about. */
import { describe, expect, it } from 'vitest'
import { app, clears } from './files.ts'

const imports = `import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { getCookie, getRequestHeader, getRequestHeaders } from '@tanstack/react-start/server'
import { redirect } from '@tanstack/react-router'
import { auth } from './auth'
import { authMiddleware } from './middleware'
import { db, invoices } from './db'
import pino from 'pino'
import { track } from 'some-tracker'
const logger = pino()
`
const session = 'const session = await auth.api.getSession({ headers: getRequestHeaders() })'
const middleware = (body: string, name = 'guard', chain = ''): string =>
  `export const ${name} = createMiddleware({ type: 'function' })${chain}.server(async ({ next, context }) => { ${body} })\n`
const guardedFn = (body: string, chain = '.middleware([authMiddleware])'): string =>
  `export const act = createServerFn({ method: 'POST' })${chain}.handler(async ({ data, context }) => { ${body}; await db.delete(invoices) })\n`

type Found = readonly [rule: string, problem: string, text: string, called?: string]

function findings(code: string, files: Readonly<Record<string, string>> = {}, file = 'src/a.ts'): Found[] {
  const text = imports + code
  return app({ [file]: text, ...files })
    .analyse(file)
    .findings.filter(({ rule }) => rule !== 'no-mutation-in-get' && rule !== 'require-denial-log')
    .map(({ rule, problem, range, data }) => {
      const called = data.culprit ?? data.key
      return [rule, problem, text.slice(range[0], range[1]), ...(called ? [called] : [])] as unknown as Found
    })
}

const find = (name: string, code: string, expected: readonly Found[], files: Readonly<Record<string, string>> = {}) => {
  it(name, () => {
    expect(findings(code, files)).toEqual(expected)
  })
}

const uses = (name: string): Readonly<Record<string, string>> => ({
  'src/use.ts': clears(`import { ${name} } from './a'`, `.middleware([${name}])`),
})

describe('no-ineffective-guard, in a middleware', () => {
  const rule = 'no-ineffective-guard'
  find('a denial that is dropped', middleware(`${session}; if (!session) redirect({ to: '/' }); return next()`), [
    [rule, 'denialDropped', "redirect({ to: '/' })", 'redirect'],
  ])
  find(
    'a check that is not awaited',
    `async function check() { ${session}; if (!session) throw new Error() }
     ${middleware('check(); return next()')}`,
    [[rule, 'notAwaited', 'check()', 'check']],
  )
  find(
    'a check after next()',
    middleware(`const result = await next(); ${session}; if (!session) throw new Error(); return result`),
    [[rule, 'tooLate', '!session', 'auth.api.getSession']],
  )
  find(
    'a list that a second one replaces',
    middleware('return next()', 'guard', '.middleware([authMiddleware]).middleware([])'),
    [[rule, 'replaced', '[authMiddleware]']],
  )
  find('one list is kept', middleware('return next()', 'guard', '.middleware([authMiddleware])'), [])
  find(
    'a variable of the environment switches it off',
    middleware(`if (process.env.SKIP_AUTH) return next(); ${session}; if (!session) throw new Error(); return next()`),
    [[rule, 'switchedOff', 'process.env.SKIP_AUTH', 'SKIP_AUTH']],
  )
  find(
    'the same, by another name',
    middleware(
      `const mock = import.meta.env.VITE_MOCK_USER; if (mock !== undefined) return next(); ${session}; if (!session) throw new Error(); return next()`,
    ),
    [[rule, 'switchedOff', 'mock !== undefined', 'VITE_MOCK_USER']],
  )
  find(
    'the same, in an application that insists on other variables',
    `import { url } from './env'\n${middleware(`if (process.env.SKIP_AUTH !== 'on') { ${session}; if (!session) throw new Error() } console.log(url); return next()`)}`,
    [[rule, 'switchedOff', "process.env.SKIP_AUTH !== 'on'", 'process.env.SKIP_AUTH']],
    {
      'src/env.ts': `const url = process.env.DATABASE_URL\nif (!url) throw new Error('DATABASE_URL')\nexport { url }`,
    },
  )
  find(
    'what is called a guard and lets everybody through, with somebody behind it whom nothing else guards',
    middleware(`${session}; return next({ context: { session } })`, 'requireUser'),
    [[rule, 'resultIgnored', 'auth.api.getSession({ headers: getRequestHeaders() })', 'auth.api.getSession']],
    uses('requireUser'),
  )
  find(
    'the same, with nobody behind it',
    middleware(`${session}; return next({ context: { session } })`, 'requireUser'),
    [],
  )
  find(
    'the same, in front of a server route',
    `export const requireUser = createMiddleware().server(async ({ next }) => { ${session}; return next({ context: { session } }) })`,
    [[rule, 'resultIgnored', 'auth.api.getSession({ headers: getRequestHeaders() })', 'auth.api.getSession']],
    {
      'src/routes/api/use.ts': `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../../db'
import { requireUser } from '../../a'
export const Route = createFileRoute('/api/use')({
  server: { middleware: [requireUser], handlers: { DELETE: async () => { await db.delete(invoices); return new Response() } } },
})`,
    },
  )
  find(
    'the same, where the one behind it tests the session',
    middleware(`${session}; return next({ context: { session } })`, 'requireUser'),
    [],
    {
      'src/use.ts': `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
import { requireUser } from './a'
export const act = createServerFn().middleware([requireUser]).handler(async ({ context }) => {
  if (!context.session) throw new Error()
  await db.delete(invoices)
})`,
    },
  )
  find(
    'a middleware that only looks the session up, and is called so',
    middleware(`${session}; return next({ context: { session } })`, 'sessionMiddleware'),
    [],
    uses('sessionMiddleware'),
  )
  find(
    'a guard that runs in the browser only',
    `export const requireLogin = createMiddleware({ type: 'function' }).client(async ({ next }) => { if (!localStorage.getItem('t')) throw new Error(); return next() })`,
    [[rule, 'clientOnly', 'requireLogin', 'requireLogin']],
    uses('requireLogin'),
  )
  find('a guard that guards', middleware(`${session}; if (!session) throw new Error(); return next()`), [])
  find('a middleware that has nothing to do with callers', middleware('console.log(1); return next()', 'guardLog'), [])
})

describe('no-ineffective-guard, in an entry point that something else guards', () => {
  const rule = 'no-ineffective-guard'
  const requireAdmin = `async function requireAdmin() { ${session}; if (session?.user.role !== 'admin') throw new Error() }\n`
  find('a check of the role that is not awaited', requireAdmin + guardedFn('requireAdmin()'), [
    [rule, 'notAwaited', 'requireAdmin()', 'requireAdmin'],
  ])
  find('a check of the role that is swallowed', requireAdmin + guardedFn('try { await requireAdmin() } catch {}'), [
    [rule, 'swallowed', 'try { await requireAdmin() } catch {}', 'requireAdmin'],
  ])
  find(
    'a check of the role that lets its caller go first, and is swallowed',
    `async function mustBeAdmin(user) { if (user.role === 'admin') return; throw new Error() }\n${guardedFn(`${session}; try { await mustBeAdmin(session.user) } catch {}`)}`,
    [[rule, 'swallowed', 'try { await mustBeAdmin(session.user) } catch {}', 'mustBeAdmin']],
  )
  find(
    'a job that asks for the role, refuses nobody, and fails for another reason',
    `async function sync(user) { const kind = user.role === 'admin' ? 1 : 2; if (!process.env.URL) throw new Error(); await fetch(process.env.URL, { body: kind }) }\n${guardedFn(`${session}; try { await sync(session.user) } catch {}`)}`,
    [],
  )
  find(
    'the same, where the failure is thrown again',
    `async function sync(user) { let kind = 1; if (user.role === 'admin') kind = 2; try { await fetch('/x', { body: kind }) } catch (e) { throw e } }\n${guardedFn(`${session}; try { await sync(session.user) } catch {}`)}`,
    [],
  )
  find(
    'a denial for want of a role that is dropped',
    guardedFn(`${session}; if (session?.user.role !== 'admin') redirect({ to: '/' })`),
    [[rule, 'denialDropped', "redirect({ to: '/' })", 'redirect']],
  )
  find(
    'a check of the role after all that is written',
    `${requireAdmin}export const act = createServerFn().middleware([authMiddleware]).handler(async () => { await db.delete(invoices); await requireAdmin() })`,
    [[rule, 'tooLate', 'requireAdmin()', 'requireAdmin']],
  )
  const mayInvite = `auth.api.hasPermission({ headers: getRequestHeaders(), body: { permissions: { invitation: ['create'] } } })`
  find('a permission that is asked for, with nobody looking at the answer', guardedFn(`await ${mayInvite}`), [
    [rule, 'resultIgnored', mayInvite, 'auth.api.hasPermission'],
  ])
  find(
    'the same in a helper that answers yes or no',
    `async function mayInvite() { const { success } = await ${mayInvite}; return success }\n${guardedFn('await mayInvite()')}`,
    [[rule, 'resultIgnored', 'mayInvite()', 'mayInvite']],
  )
  find(
    'the same in a helper that is given who calls',
    `const isAdmin = (user) => user.role === 'admin'\n${guardedFn(`${session}; isAdmin(session.user)`)}`,
    [[rule, 'resultIgnored', 'isAdmin(session.user)', 'isAdmin']],
  )
  const told = "session.user.role === 'admin'"
  find('what a logger is told', guardedFn(`${session}; logger.info('by', { admin: ${told} })`), [])
  find('what the console is told', guardedFn(`${session}; console.log(${told})`), [])
  find('what a tracker out of sight is told', guardedFn(`${session}; track({ admin: ${told} })`), [])
  find(
    'what a helper hands to a logger',
    `function note(user) { return logger.info({ admin: user.role === 'admin' }) }\n${guardedFn(`${session}; note(session.user)`)}`,
    [],
  )
  find(
    'what a helper hands back of it',
    `function keep(last, admin) { last.admin = admin; return last }\n${guardedFn(`${session}; keep({}, ${told})`)}`,
    [],
  )
  find(
    'a permission that is asked for and tested',
    guardedFn(`const { success } = await ${mayInvite}; if (!success) throw new Error()`),
    [],
  )
  find('a check of the role that works', requireAdmin + guardedFn('await requireAdmin()'), [])
  find(
    'a check of the role that decides what is done',
    guardedFn(`${session}; const all = session?.user.role === 'admin'; if (all) await db.delete(invoices)`),
    [],
  )
  find(
    'an attempt whose outcome is kept',
    requireAdmin +
      guardedFn('let admin = true; try { await requireAdmin() } catch { admin = false } console.log(admin)'),
    [],
  )
  const secret = (test: string): string => guardedFn(`if (${test}) throw new Error()`, '')
  find(
    'a secret in a text, where the variable is not set',
    secret("getRequestHeader('authorization') !== `Bearer ${process.env.CRON_SECRET}`"),
    [[rule, 'secretUnset', "getRequestHeader('authorization') !== `Bearer ${process.env.CRON_SECRET}`", 'CRON_SECRET']],
  )
  find('a secret that must be set', secret("!process.env.KEY || getRequestHeader('x-key') !== process.env.KEY"), [])
})

describe('no-injectable-context', () => {
  const rule = 'no-injectable-context'
  find(
    'a next() that leaves the user to the caller',
    middleware(`${session}; return session ? next({ context: { user: session.user } }) : next()`, 'withUser'),
    [[rule, 'sometimesUnset', 'next()', 'user']],
  )
  const spread = 'next({ context: { ...(session && { user: session.user }) } })'
  find('a spread under a condition', middleware(`${session}; return ${spread}`, 'withUser'), [
    [rule, 'sometimesUnset', spread, 'user'],
  ])
  const empty = 'next({ context: session ? { user: session.user } : {} })'
  find('an empty object for the anonymous', middleware(`${session}; return ${empty}`, 'withUser'), [
    [rule, 'sometimesUnset', empty, 'user'],
  ])
  find(
    'null on the other path',
    middleware(
      `${session}; return session ? next({ context: { user: session.user } }) : next({ context: { user: null } })`,
    ),
    [],
  )
  find('one key that is always there', middleware(`${session}; return next({ context: { user: session?.user } })`), [])
  find(
    'a key that a parent has written',
    `const base = createMiddleware({ type: 'function' }).server(({ next }) => next({ context: { user: undefined } }))
     ${middleware(`${session}; return session ? next({ context: { user: session.user } }) : next()`, 'withUser', '.middleware([base])')}`,
    [],
  )
  find(
    'a request middleware in front of routes alone',
    `export const withUser = createMiddleware().server(async ({ next }) => { ${session}; return session ? next({ context: { user: session.user } }) : next() })`,
    [],
  )
  find(
    'a request middleware in front of a server function',
    `export const withUser = createMiddleware().server(async ({ next }) => { ${session}; return session ? next({ context: { user: session.user } }) : next() })`,
    [[rule, 'sometimesUnset', 'next()', 'user']],
    uses('withUser'),
  )
  find('a role that no middleware sets', guardedFn("if (context.role !== 'admin') throw new Error()"), [
    [rule, 'neverSet', "context.role !== 'admin'", 'context.role'],
  ])
  find('a key that the guard sets', guardedFn("if (context.user.role !== 'admin') throw new Error()"), [])
})

describe('no-shared-cache-of-private-data', () => {
  const rule = 'no-shared-cache-of-private-data'
  const more = `import { setResponseHeader, setResponseHeaders } from '@tanstack/react-start/server'\n`
  const reads = (body: string, chain = '.middleware([authMiddleware])', before = ''): string =>
    `${more}${before}export const act = createServerFn()${chain}.handler(async ({ context }) => { ${body}; return db.select().from(invoices) })`
  const set = "setResponseHeader('Cache-Control', 'public, max-age=60')"
  find('a public header behind a guard', reads(set), [[rule, 'header', set, 'public, max-age=60']])
  const several = "setResponseHeaders({ 'cache-control': 's-maxage=60' })"
  find('a shared age among other headers', reads(several), [[rule, 'header', several, 's-maxage=60']])
  find('a private header', reads("setResponseHeader('Cache-Control', 'private, max-age=60')"), [])
  find('a public header for everybody', reads(set, '').replaceAll('invoices', 'countries'), [])
  find(
    'a static function behind a guard',
    reads(
      '',
      '.middleware([authMiddleware, staticFunctionMiddleware])',
      "import { staticFunctionMiddleware } from '@tanstack/start-static-server-functions'\n",
    ),
    [[rule, 'staticFunction', 'act', 'staticFunctionMiddleware']],
  )
  find(
    'the user in a variable of the module',
    reads('current = context.user', '.middleware([authMiddleware])', 'let current: unknown\n'),
    [[rule, 'moduleState', 'current', 'current']],
  )
  find(
    'something else in a variable of the module',
    reads('count = count + 1', '.middleware([authMiddleware])', 'let count = 0\n'),
    [],
  )
  const page = (guard: string, cache: string): string => `import { createFileRoute } from '@tanstack/react-router'
export const Route = createFileRoute('/page')({
  ${guard}
  headers: () => ({ 'Cache-Control': '${cache}' }),
})`
  const ofPage = (code: string): unknown[] =>
    app({ 'src/routes/page.tsx': code })
      .analyse('src/routes/page.tsx')
      .findings.map(({ problem, range }) => [problem, code.slice(...range)])
  const guard = "beforeLoad: ({ context }) => { if (!context.user) throw new Error('401') },"
  it('headers of a guarded page', () =>
    expect(ofPage(page(guard, 'public, max-age=60'))).toEqual([['routeHeaders', 'headers']]))
  it('private headers of a guarded page', () => expect(ofPage(page(guard, 'private'))).toEqual([]))
  it('headers of a page for everybody', () => expect(ofPage(page('', 'public, max-age=60'))).toEqual([]))
})

describe('require-csrf-middleware', () => {
  const start = (list: string, before = '', version = '^1.169.5'): unknown[] => {
    const text = `import { createCsrfMiddleware, createMiddleware, createStart } from '@tanstack/react-start'
${before}
export const startInstance = createStart(() => (${list}))`
    const packages = JSON.stringify({ name: 'app', dependencies: { '@tanstack/react-start': version } })
    return app({ 'src/start.ts': text, 'package.json': packages })
      .analyse('src/start.ts')
      .findings.map(({ rule, range }) => [rule, text.slice(...range)])
  }
  const missing = [['require-csrf-middleware', 'createStart']]
  const log = 'const log = createMiddleware().server(({ next }) => next())'
  it('an instance without request middleware', () => expect(start('{}')).toEqual(missing))
  it('an instance with others', () => expect(start('{ requestMiddleware: [log] }', log)).toEqual(missing))
  it('an instance with function middleware only', () =>
    expect(start('{ functionMiddleware: [createCsrfMiddleware()] }')).toEqual(missing))
  it('the middleware in the list', () => expect(start('{ requestMiddleware: [createCsrfMiddleware()] }')).toEqual([]))
  it('the middleware in a variable, between others', () =>
    expect(
      start('{ requestMiddleware: [log, csrf] }', `${log}\nconst csrf = createCsrfMiddleware({ filter: () => true })`),
    ).toEqual([]))
  it('one of its own that looks at the origin', () =>
    expect(
      start(
        '{ requestMiddleware: [own] }',
        `const own = createMiddleware().server(({ next, request }) => {
          if (request.headers.get('origin') !== 'https://app.example') throw new Error('403')
          return next()
        })`,
      ),
    ).toEqual([]))
  it('a list that cannot be read', () =>
    expect(start('{ requestMiddleware: list }', "import { list } from 'acme-start'")).toEqual([]))
  it('a version that has none', () => expect(start('{}', '', '^1.132.0')).toEqual([]))
})

describe('no-mutation-in-get', () => {
  const written = (chain: string, body = 'await db.delete(invoices)', given = ''): unknown[] => {
    const text = `${imports}export const act = ${chain}.handler(async (${given}) => { ${body} })`
    return app({ 'src/a.ts': text })
      .analyse('src/a.ts')
      .findings.filter(({ rule }) => rule === 'no-mutation-in-get')
      .map(({ rule, range, repair }) => [rule, text.slice(...range), repair && text.slice(...repair)])
  }
  it('a server function that is not told its method', () =>
    expect(written('createServerFn().middleware([authMiddleware])')).toEqual([
      ['no-mutation-in-get', 'act', 'createServerFn()'],
    ]))
  it('but for one that nobody guards, which is reported as open', () =>
    expect(written("createServerFn({ method: 'GET' })")).toEqual([]))

  const get = (before: string, chain = 'createServerFn().middleware([authMiddleware])'): unknown[] =>
    written(
      `${chain}.validator((d: { state: string; key: string }) => d)`,
      `${before}; await db.delete(invoices)`,
      '{ data }',
    )
  const reported = [['no-mutation-in-get', 'act', 'createServerFn()']]
  const stored = "const stored = getCookie('state'); "
  it('a test of what only this browser keeps shows that no other site began it', () => {
    expect(get(`${stored}if (!stored || data.state !== stored) throw new Error('no')`)).toEqual([])
    expect(
      get(`${stored}if (!stored) throw new Error('no'); if (stored !== data.state) throw new Error('no')`),
    ).toEqual([])
  })
  it.each([
    ['and both may be missing', `${stored}if (data.state !== stored) throw new Error('no')`],
    ['the wrong way round', `${stored}if (!stored || data.state === stored) throw new Error('no')`],
    ['with something else that was sent', "if (!data.key || data.key !== data.state) throw new Error('no')"],
    ['of two cookies', `${stored}if (!stored || stored !== getCookie('other')) throw new Error('no')`],
    ['on one way only', `${stored}if (data.key) { if (!stored || data.state !== stored) throw new Error('no') }`],
    [
      'after the change',
      `await db.delete(invoices); ${stored}if (!stored || data.state !== stored) throw new Error('no')`,
    ],
  ])('a test %s shows nothing', (_, before) => expect(get(before)).toEqual(reported))
  it('a secret that the browser does not keep is no other site’s to send', () => {
    const asks = (sent: string): unknown[] =>
      get(`if (${sent} !== process.env.CRON_SECRET) throw new Error('no')`, 'createServerFn()')
    expect(asks("getRequestHeader('x-cron')")).toEqual([])
    expect(asks('data.key')).toEqual([])
    expect(asks("getCookie('key')")).toEqual(reported)
  })
  it('a secret or a session is what a link may come with', () =>
    expect(
      get(
        `if (data.key !== process.env.CRON_SECRET) { ${session}; if (!session) throw new Error('no') }`,
        'createServerFn()',
      ),
    ).toEqual(reported))
  it('POST', () => expect(written("createServerFn({ method: 'POST' }).middleware([authMiddleware])")).toEqual([]))
  it('a read', () =>
    expect(written('createServerFn().middleware([authMiddleware])', 'return db.select().from(invoices)')).toEqual([]))
})

it('an open function is reported where its check fails, and only once', () => {
  const code = `${middleware(`${session}; if (!session) redirect({ to: '/' }); return next()`)}
${guardedFn('', '.middleware([guard])')}`
  const report = app({ 'src/a.ts': imports + code }).analyse('src/a.ts')
  expect(report.entryPoints).toMatchObject([{ verdict: 'unguarded', cause: 'denialDropped' }])
  expect(report.findings).toEqual([])
})
