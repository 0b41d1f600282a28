/** Why a check does not stop the caller, what it is called, and which piece of the code is to be looked at. */
import { describe, expect, it } from 'vitest'
import { act, handler, middleware, prelude, requireUser, session, work } from './harness.ts'

type Expected = readonly [cause: string, culprit: string | undefined, place: string]

function cause(name: string, source: string, [wanted, culprit, place]: Expected): void {
  it(name, () => {
    const { judgement } = act(source)
    const [start, end] = judgement.causeSite?.range ?? [0, 0]
    const text = (prelude + source).slice(start, end)
    expect([judgement.cause, judgement.culprit, text]).toEqual([wanted, culprit, place])
  })
}

const guard = (body: string): string => `${middleware('guard', body)} ${handler(work, '.middleware([guard])')}`
const can = `async function can() { ${session} return !!session }`
const lookup = 'auth.api.getSession({ headers: getRequestHeaders() })'

describe('not awaited', () => {
  cause('a helper that throws', `${requireUser} ${handler(`requireUser(); ${work}`)}`, [
    'notAwaited',
    'requireUser',
    'requireUser()',
  ])
  cause('a helper whose promise is kept', `${requireUser} ${handler(`const user = requireUser(); ${work}`)}`, [
    'notAwaited',
    'requireUser',
    'requireUser()',
  ])
  cause('a promise that is tested', `${can} ${handler(`if (!can()) throw new Error(); ${work}`)}`, [
    'notAwaited',
    'can',
    'can()',
  ])
  cause('the helper of a middleware', `${requireUser} ${guard('requireUser(); return next()')}`, [
    'notAwaited',
    'requireUser',
    'requireUser()',
  ])
})

describe('result not tested', () => {
  cause('a session that nothing looks at', handler(session + work), ['resultIgnored', 'auth.api.getSession', lookup])
  cause('an answer that is dropped: where it was asked for', `${can} ${handler(`await can(); ${work}`)}`, [
    'resultIgnored',
    'can',
    'can()',
  ])
  cause(
    'a helper that turns the denial into null',
    `${requireUser} async function safe() { try { return await requireUser() } catch { return null } } ${handler(`await safe(); ${work}`)}`,
    ['resultIgnored', 'safe', 'safe()'],
  )
  cause(
    'a helper that returns early, as if that stopped anybody',
    `async function check() { ${session} if (!session) return; return session.user } ${handler(`await check(); ${work}`)}`,
    ['resultIgnored', 'check', 'check()'],
  )
  it('and not of what is told who is calling', () => {
    const tell = "function tell(user) { if (!user) { console.log('nobody'); return } console.log(user.id) }"
    const told = act(`${tell} ${handler(`${session} tell(session?.user); ${work}`)}`).judgement
    expect(told.cause).toBe('noGuard')
  })
})

describe('a check on another way than the work', () => {
  const user = `async function user() { ${session} if (!session) return null; return session.user }`
  const requires = `${user} async function requireUser() { const found = await user(); if (!found) throw new Error(); return found }`
  const apart = (check: string): string => handler(`if (data.mode === 'run') { ${work} return } ${check} ${work}`)
  cause('that throws for its own helper', `${requires} ${apart('await requireUser();')}`, ['noGuard', undefined, ''])
  cause('that tests what a helper gave', `${user} ${apart('const me = await user(); if (!me) throw new Error();')}`, [
    'noGuard',
    undefined,
    '',
  ])
  cause(
    'beside the same helper, whose answer nobody tests',
    `${requires} ${handler(`if (data.mode === 'run') { await user(); ${work} return } await requireUser(); ${work}`)}`,
    ['resultIgnored', 'user', 'user()'],
  )
})

describe('a denial that is made and dropped', () => {
  const redirect = "redirect({ to: '/login' })"
  cause('in an if', handler(`${session} if (!session) ${redirect}; ${work}`), ['denialDropped', 'redirect', redirect])
  cause('behind &&', handler(`${session} !session && ${redirect}; ${work}`), ['denialDropped', 'redirect', redirect])
  cause('in a ternary', handler(`${session} session ? null : notFound(); ${work}`), [
    'denialDropped',
    'notFound',
    'notFound()',
  ])
  cause('new Error()', handler(`${session} if (!session) new Error('no'); ${work}`), [
    'denialDropped',
    'Error',
    "new Error('no')",
  ])
  cause('made by a helper', `const deny = () => ${redirect}\n${handler(`${session} if (!session) deny(); ${work}`)}`, [
    'denialDropped',
    'deny',
    'deny()',
  ])
  cause('in a middleware', guard(`${session} if (!session) ${redirect}; return next()`), [
    'denialDropped',
    'redirect',
    redirect,
  ])
})

describe('a test that the missing session passes', () => {
  const passes = (name: string, test: string, body = `if (${test}) throw new Error()`): void => {
    cause(name, handler(`${session} ${body}; ${work}`), ['passesNull', 'auth.api.getSession', test])
  }
  passes('session && …', "session && session.user.role !== 'admin'")
  passes('compared with what the caller sends', 'data.id !== session?.user.id')
  passes('compared the other way round', 'session?.user.id !== data.id')
  passes('a role that must not be', "session?.user.role === 'banned'")
  passes('inverted', 'session')
  passes('inverted, with return', 'session', 'if (session) return')
})

describe('swallowed', () => {
  cause(
    'what is caught is no check of the caller, but of where the code runs',
    handler(`try { if (process.env.NODE_ENV === 'production') throw new Error() } catch {} ${work}`),
    ['noGuard', undefined, ''],
  )
  const tried = 'try { await requireUser() } catch {}'
  cause('a helper in a try', `${requireUser} ${handler(`${tried} ${work}`)}`, ['swallowed', 'requireUser', tried])
  cause('by .catch()', `${requireUser} ${handler(`await requireUser().catch(() => null); ${work}`)}`, [
    'swallowed',
    'requireUser',
    'requireUser().catch(() => null)',
  ])
  const inline = 'try { if (!session) throw new Error() } catch {}'
  cause('a throw of its own', handler(`${session} ${inline} ${work}`), ['swallowed', 'auth.api.getSession', inline])
  const next = 'try { if (!session) throw new Error(); return await next() } catch { return next() }'
  cause('a middleware that goes on in its catch', guard(session + next), ['swallowed', 'auth.api.getSession', next])
})

describe('too late', () => {
  cause('after the write', handler(`${work} ${session} if (!session) throw new Error()`), [
    'tooLate',
    'auth.api.getSession',
    '!session',
  ])
  cause('a helper after the write: where it is called', `${requireUser} ${handler(`${work} await requireUser()`)}`, [
    'tooLate',
    'requireUser',
    'requireUser()',
  ])
  cause(
    'beside the write',
    `${requireUser} ${handler('await Promise.all([requireUser(), db.insert(invoices).values(data)])')}`,
    ['tooLate', 'requireUser', 'requireUser()'],
  )
  cause('after next()', guard(`await next(); ${session} if (!session) throw new Error()`), [
    'tooLate',
    'guard',
    '!session',
  ])
  cause(
    'in a validator behind a middleware that writes',
    `${middleware('write', 'await db.insert(logs).values(data); return next()')}
     ${handler(work, `.middleware([write]).validator(async (d: any) => { ${session} if (!session) throw new Error(); return d })`)}`,
    ['tooLate', 'auth.api.getSession', '!session'],
  )
  it('fetch, compare, then write is no late check', () => {
    const { verdict } = act(
      handler(`${session}
        const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) })
        if (!session || row?.ownerId !== session.user.id) throw new Error()
        ${work}`),
    )
    expect(verdict).toBe('guarded')
  })
})

describe('a helper that asks in front of what it reads is no lost check of its caller', () => {
  const open = 'const all = await db.select().from(invoices)'
  const mine = (body: string): string => `async function mine() { ${session} ${body} }\n`
  cause(
    'rows of those who are signed in, and nothing for the others',
    `${mine('if (!session) return []; return db.select().from(lines)')}${handler(`${open}; return [all, await mine()]`)}`,
    ['noGuard', undefined, ''],
  )
  cause(
    'the same the other way round',
    `${mine('if (session) return db.select().from(lines); return []')}${handler(`${open}; return [all, await mine()]`)}`,
    ['noGuard', undefined, ''],
  )
  cause(
    'what is written while it is looked up who calls, is nobody’s work',
    `${mine('if (!session) return null; await db.insert(logs).values({ what: session.user.id }); return session.user')}${handler(`await mine(); ${work}`)}`,
    ['resultIgnored', 'mine', 'mine()'],
  )
  cause(
    'who the caller is, is no work of its own',
    `${mine('if (!session) return null; return db.query.users.findFirst({ where: eq(users.email, session.user.email) })')}${handler(`const user = await mine(); ${open}; return [all, user]`)}`,
    ['resultIgnored', 'mine', 'mine()'],
  )
  cause(
    'nor is of what they are a member',
    `${mine('if (!session) return null; return db.query.members.findFirst({ where: eq(members.userId, session.user.id) })')}${handler(`const member = await mine(); ${open}; return [all, member]`)}`,
    ['resultIgnored', 'mine', 'mine()'],
  )
  cause(
    'what it lets everybody have, it does not protect',
    `${mine(`${open}; if (!session) return all; return [all, await db.select().from(lines)]`)}${handler('return mine()')}`,
    ['resultIgnored', 'mine', 'mine()'],
  )
})
