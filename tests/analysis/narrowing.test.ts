import { describe } from 'vitest'
import { guarded, handler, session, unguarded, work } from './harness.ts'

describe('tests that an anonymous caller fails', () => {
  guarded({
    '!session': `${session} if (!session) throw new Error(); ${work}`,
    '!session?.user': `${session} if (!session?.user) throw new Error(); ${work}`,
    '!session?.user?.id': `${session} if (!session?.user?.id) throw new Error(); ${work}`,
    'session == null': `${session} if (session == null) throw new Error(); ${work}`,
    'session === null': `${session} if (session === null) throw new Error(); ${work}`,
    'null == session': `${session} if (null == session) throw new Error(); ${work}`,
    'session?.user === undefined': `${session} if (session?.user === undefined) throw new Error(); ${work}`,
    'typeof session?.user?.id !== "string"': `${session} if (typeof session?.user?.id !== 'string') throw new Error(); ${work}`,
    '!(session && session.user)': `${session} if (!(session && session.user)) throw new Error(); ${work}`,
    '!session || other': `${session} if (!session || session.user.banned) throw new Error(); ${work}`,
    'other || !session': `${session} if (!data.id || !session) throw new Error(); ${work}`,
    'session?.user.role !== "admin"': `${session} if (session?.user.role !== 'admin') throw new Error(); ${work}`,
    'Boolean(session) is false': `${session} if (!Boolean(session)) throw new Error(); ${work}`,
    '!!session is kept in a variable': `${session} const ok = !!session; if (!ok) throw new Error(); ${work}`,
    'user from a ternary': `${session} const user = session ? session.user : null; if (!user) throw new Error(); ${work}`,
    'user from ??': `${session} const user = session?.user ?? null; if (!user) throw new Error(); ${work}`,
    'user from &&': `${session} const user = session && session.user; if (!user) throw new Error(); ${work}`,
    'a ternary whose other side does the work': `${session} return session ? db.insert(invoices).values(data) : null`,
    'a list of roles': `${session} if (!['admin', 'owner'].includes(session?.user.role)) throw new Error(); ${work}`,
    'nested destructuring of an empty object': `${session} const { user } = session ?? {}; if (!user) throw new Error(); ${work}`,
    'the test in a helper that gives a boolean': [
      `const isSignedIn = (s: any) => Boolean(s?.user)
       ${handler(`${session} if (!isSignedIn(session)) throw new Error(); ${work}`)}`,
      {},
    ],
    'an assignment inside the test': `let session; if (!(session = await auth.api.getSession({ headers: getRequestHeaders() }))) throw new Error(); ${work}`,
    'a comma expression': `${session} if ((console.log('x'), !session)) throw new Error(); ${work}`,
  })
  guarded({
    '?? with a throwing call': `const deny = (): never => { throw new Error() }
       ${handler(`${session} const user = session?.user ?? deny(); ${work}`)}`,
    '|| with a throwing call': `const deny = (): never => { throw new Error() }
       ${handler(`${session} session || deny(); ${work}`)}`,
    'the work behind &&': `${session} session && (await db.insert(invoices).values(data))`,
    'switch on the role': `${session} switch (session?.user.role) { case 'admin': ${work} break; default: throw new Error() }`,
    'an error is told by instanceof': `async function userOrError() {
         ${session}
         if (!session) return new Error('no')
         return session.user
       }
       ${handler(`const user = await userOrError(); if (user instanceof Error) throw user; ${work}`)}`,
  })
})

describe('result objects', () => {
  const access = (test: string): readonly [string, Readonly<Record<string, string>>] => [
    `async function resolveAccess() {
       ${session}
       if (!session) return { ok: false as const, error: 'no', response: new Response(null, { status: 401 }) }
       return { ok: true as const, user: session.user }
     }
     ${handler(`const access = await resolveAccess(); ${test} ${work}`)}`,
    {},
  ]
  guarded({
    'the discriminant is tested with !': access('if (!access.ok) return access.response;'),
    'the discriminant is compared': access('if (access.ok === false) throw new Error();'),
    'a key of one variant is asked for': access(`if ('error' in access) return { error: access.error };`),
    'the value of one variant is tested': access('if (!access.user) throw new Error();'),
    'the discriminant is destructured': [
      `async function resolveAccess() {
         ${session}
         if (!session) return { ok: false as const, user: null }
         return { ok: true as const, user: session.user }
       }
       ${handler(`const { ok } = await resolveAccess(); if (!ok) return null; ${work}`)}`,
      {},
    ],
    'a Response is told by instanceof': [
      `async function userOrResponse() {
         ${session}
         if (!session) return new Response(null, { status: 401 })
         return session.user
       }
       ${handler(`const user = await userOrResponse(); if (user instanceof Response) return user; ${work}`)}`,
      {},
    ],
    'a tuple of error and user': [
      `async function tryUser() {
         ${session}
         if (!session) return ['no', null] as const
         return [null, session.user] as const
       }
       ${handler(`const [error, user] = await tryUser(); if (error) throw new Error(error); ${work}`)}`,
      {},
    ],
  })
  unguarded({
    'nobody looks at the result': access(''),
    'the wrong key is looked at': access(`if ('missing' in access) throw new Error();`),
    'the result is tested for being there': access('if (!access) throw new Error();'),
    'the discriminant is tested the wrong way': access('if (access.ok) return null;'),
    'a Response is looked for in a helper that gives null': [
      `async function maybeUser() { ${session} return session?.user ?? null }
       ${handler(`const user = await maybeUser(); if (user instanceof Response) return user; ${work}`)}`,
      {},
    ],
  })
})

describe('tests that an anonymous caller passes', () => {
  unguarded(
    {
      'session && wrong role': `${session} if (session && session.user.role !== 'admin') throw new Error(); ${work}`,
      'session?.user.banned': `${session} if (session?.user.banned) throw new Error(); ${work}`,
      'the test is inverted': `${session} if (session) throw new Error(); ${work}`,
      'own id in the input': `${session} if (data.id === session?.user.id) throw new Error('not yourself'); ${work}`,
      'session !== undefined of a lookup that gives null': `${session} if (session === undefined) throw new Error(); ${work}`,
      'the role is one of the banned': `${session} if (['banned'].includes(session?.user.role)) throw new Error(); ${work}`,
      'a ternary that throws for the signed-in': `${session} const deny = () => { throw new Error() }; session ? deny() : null; ${work}`,
    },
    'passesNull',
  )
  unguarded({
    'both branches do the work': `${session} if (!session) { ${work} } else { ${work} }`,
    'the denial stands in one case of a switch': `${session} switch (data.kind) { case 'a': if (!session) throw new Error(); break } ${work}`,
    'the check is one of two alternatives': `${session} if (!session && !data.token) throw new Error(); ${work}`,
    'an empty fallback user is truthy': `${session} const user = session?.user ?? {}; if (!user) throw new Error(); ${work}`,
    'a guest stands in for the user': `${session} const user = session?.user ?? { id: 'guest' }; if (!user.id) throw new Error(); ${work}`,
    'the fallback id comes from the caller': `${session} const id = session?.user.id ?? data.userId; if (!id) throw new Error(); ${work}`,
    'a list is never null': `${session} const users = [session?.user]; if (!users) throw new Error(); ${work}`,
    'an object around the session is never null': `${session} const state = { session }; if (!state) throw new Error(); ${work}`,
    'typeof of something else': `${session} if (typeof data.id !== 'string') throw new Error(); ${work}`,
    'undefined equals undefined': `${session} if (session?.user.id !== data.userId) throw new Error(); ${work}`,
    'undefined equals an unset header': `${session} if (session?.user.id !== (getRequestHeader('x-user') ?? undefined)) throw new Error(); ${work}`,
  })
})

describe('joins', () => {
  guarded({
    'both branches check': `${session} if (data.kind === 'a') { if (!session) throw new Error() } else { if (!session) return null } ${work}`,
    'the branch that does not check returns': `${session} if (data.dry) return { ok: true }; if (!session) throw new Error(); ${work}`,
  })
  unguarded({
    'one branch checks': `${session} if (data.kind === 'a') { if (!session) throw new Error() } ${work}`,
    'a short circuit skips the check': [
      `async function requireUser() { ${session} if (!session) throw new Error() }
       ${handler(`data.secure && (await requireUser()); ${work}`)}`,
      {},
    ],
    'a ternary skips the check': [
      `async function requireUser() { ${session} if (!session) throw new Error() }
       ${handler(`data.secure ? await requireUser() : null; ${work}`)}`,
      {},
    ],
    '??= skips the check': [
      `async function requireUser() { ${session} if (!session) throw new Error(); return session.user }
       ${handler(`let user = data.user; user ??= await requireUser(); ${work}`)}`,
      {},
    ],
    'what one branch found out of a module': [
      `const holder = { on: Math.random() > 0.5 }
       ${handler(`if (data.kind === 'a') { if (!holder.on) throw new Error() } if (!holder.on) { ${work} }`)}`,
      {},
    ],
    'the variable is overwritten after the test': `${session} let user: any = session?.user; if (data.as) user = { id: data.as }; if (!user) throw new Error(); ${work}`,
  })
})

describe('what a test has told apart stays told apart', () => {
  const open = (value: string): string => `${session} const found: any = data.open ? ${value} : session?.user;`
  guarded({
    'an id that is there does not equal an absent one': `${session} const id = data.userId; if (!id) throw new Error(); if (id !== session?.user.id) throw new Error(); ${work}`,
    'an id that is not null does not equal an absent one': `${session} const id = data.userId; if (id == null) return null; if (session?.user.id !== id) throw new Error(); ${work}`,
    'a constant by two tests': `${session} const kind = data.admin ? 'admin' : 'user'; if (kind === 'admin') { if (!session) throw new Error() } if (kind === 'user') { if (!session) throw new Error() } ${work}`,
    'objects by a key': `${session} const r: any = data.open ? { kind: 'open', ok: true } : { kind: 'own', ok: Boolean(session) }; if (r.kind === 'open') return null; if (!r.ok) throw new Error(); ${work}`,
    'objects by whether they have a key': `${session} const r: any = data.open ? { open: true, ok: true } : { ok: Boolean(session) }; if ('open' in r) return null; if (!r.ok) throw new Error(); ${work}`,
    'a Response by instanceof': `${open(`new Response('x')`)} if (found instanceof Response) return found; if (!found) throw new Error(); ${work}`,
    'a text by typeof': `${open(`'open'`)} if (typeof found === 'string') return found; if (!found) throw new Error(); ${work}`,
    'a list by Array.isArray': `${open('[1]')} if (Array.isArray(found)) return null; if (!found) throw new Error(); ${work}`,
  })
  unguarded({
    'an id that is there on one path only': `${session} const id = data.userId; if (id) console.log(id); if (id !== session?.user.id) throw new Error(); ${work}`,
    'an id that was assigned again': `${session} let id = data.a; if (!id) throw new Error(); id = data.b; if (id !== session?.user.id) throw new Error(); ${work}`,
    'a property that was assigned again': `${session} const r = { id: data.a }; if (!r.id) throw new Error(); r.id = data.b; if (r.id !== session?.user.id) throw new Error(); ${work}`,
    'an id that a closure assigned again': `${session} let id = data.a; const reset = () => { id = data.b }; if (!id) throw new Error(); reset(); if (id !== session?.user.id) throw new Error(); ${work}`,
    'an id that a loop assigned again': `${session} let id = data.a; if (!id) throw new Error(); for (const x of data.xs) id = x.id; if (id !== session?.user.id) throw new Error(); ${work}`,
    'the other key was tested': `${session} if (!data.other) throw new Error(); const id = data.userId; if (id !== session?.user.id) throw new Error(); ${work}`,
    'the test came out the other way': `${session} const id = data.userId; if (id) throw new Error(); if (id !== session?.user.id) throw new Error(); ${work}`,
    'one branch keeps the guest': `${session} let user: any = { id: 'guest' }; if (data.own) user = session?.user; if (!user) throw new Error(); ${work}`,
    'the other branch keeps the guest': `${session} let user: any = { id: 'guest' }; if (data.guest) console.log('guest'); else user = session?.user; if (!user) throw new Error(); ${work}`,
  })
})

describe('a test of an unknown and of the session', () => {
  unguarded({
    'the check is skipped by a flag of the caller': `${session} if (!data.internal && !session) throw new Error(); ${work}`,
    'the last iteration of a flag decides': `${session} let ok = false; for (const id of data.ids) { ok = !ok } if (!ok && !session) throw new Error(); ${work}`,
    'the check is skipped when the header is absent': `
const post = async ({ request }: any) => { const key = request.headers.get('x-key'); if (key && key !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
    'the environment decides whether there is a check': `
const post = async ({ request }: any) => { if (process.env.CHECK_KEYS && request.headers.get('x-key') !== process.env.CRON_SECRET) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
    'two tests that together let everybody through': `${session} if (data.a && !session) throw new Error(); if (data.b && !session) throw new Error(); ${work}`,
  })
})

describe('what an optional chain tells of what it starts from', () => {
  // else what is read of nothing could be the guard
  unguarded({
    'that it is there where the chain gives something': handler(
      `const header = getRequest().headers.get('authorization'); const token = header?.startsWith('Bearer ') ? header.slice(7) : null; if (!token) throw new Error(); ${work}`,
    ),
  })
})
