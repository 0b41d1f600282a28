import { describe, expect, it } from 'vitest'
import { body, cases, guarded, handler, isPublic, notSafe, session, unguarded, work } from './harness.ts'

describe('what is public', () => {
  isPublic({
    'a health check': `return { ok: true }`,
    'the time': `return new Date().toISOString()`,
    'a redirect': `throw redirect({ to: '/' })`,
    'what the caller sent': `return data.name`,
    'a theme cookie': [
      `import { setCookie } from '@tanstack/react-start/server'; ${handler(`setCookie('theme', data.theme)`)}`,
      {},
    ],
    'the own session': `return auth.api.getSession({ headers: getRequestHeaders() })`,
    'the own user': `${session} return session?.user ?? null`,
    'whether one is signed in': `${session} return { signedIn: Boolean(session) }`,
    'parsed input': [`import { z } from 'zod'; ${handler(`return z.object({ id: z.string() }).parse(data)`)}`, {}],
    'a computed constant': `const prices = { free: 0, pro: 10 }; return prices`,
  })
  cases(
    { verdict: 'public' },
    {
      'sign-up': `return auth.api.signUpEmail({ body: data })`,
      'sign-out': `await auth.api.signOut({ headers: getRequestHeaders() }); throw redirect({ to: '/' })`,
      'the own sealed session is cleared': `const s = await useSession({ password: process.env.SECRET! }); await s.clear()`,
    },
  )
})

describe('an own-session getter that refuses the anonymous', () => {
  it('is public or guarded, as it has no protected effect', () => {
    const answer = body(`${session} if (!session) throw redirect({ to: '/login' }); return session.user`)
    expect(['public', 'guarded']).toContain(answer.verdict)
    expect(answer.effects).toEqual([])
  })
})

describe('what only the server can make for the signed-in caller', () => {
  guarded({
    'a signature over the own id': [
      `import { createHmac } from 'node:crypto'; ${handler(`${session} if (!session) return null; return { id: session.user.id, hash: createHmac('sha256', process.env.CHAT_KEY!).update(session.user.id).digest('hex') }`)}`,
      {},
    ],
  })
})

describe('what is not public', () => {
  unguarded({
    'a write after a sign-out': `await auth.api.signOut({ headers: getRequestHeaders() }); ${work}`,
    'a write before a sign-in': `${work} return auth.api.signInEmail({ body: data })`,
    'a write beside the clearing of a session': `const s = await useSession({ password: process.env.SECRET! }); await s.clear(); ${work}`,
    'a write after the session was set from the input': `const s = await useSession<any>({ password: process.env.SECRET! }); await s.update({ userId: data.userId }); ${work}`,
    'a write after a password reset was requested': `await auth.api.requestPasswordReset({ body: { email: data.email } }); ${work}`,
    'a getter that has a name of its own session': [
      `export const act = createServerFn().handler(async ({ data }) => getCurrentUser(data.id)); const getCurrentUser = (id: string) => db.query.users.findFirst({ where: eq(users.id, id) })`,
      {},
    ],
    'a login that reads the user by mail and gives it': `return db.query.users.findFirst({ where: eq(users.email, data.email) })`,
    'a health check that reads a table': `return db.select().from(users)`,
    'all sessions': `return db.select().from(sessions)`,
  })
  notSafe({
    'a sign-in with a catch that goes on': `try { await auth.api.signInEmail({ body: data }) } catch {} ${work}`,
    'a sign-in on one of two paths': `if (data.password) await auth.api.signInEmail({ body: data }); ${work}`,
    'a sign-in that is not awaited': `auth.api.signInEmail({ body: data }); ${work}`,
  })
})

describe('calls of an auth SDK that refuse by themselves', () => {
  guarded({
    'with the headers of the caller': `return auth.api.changePassword({ body: data, headers: getRequestHeaders() })`,
    'awaited before other work': `await auth.api.changeEmail({ body: data, headers: getRequestHeaders() }); ${work}`,
  })
})

describe('credential flows', () => {
  isPublic({
    'sign-in': `return auth.api.signInEmail({ body: data, headers: getRequestHeaders() })`,
    'a reset': `await auth.api.resetPassword({ body: { newPassword: data.password, token: data.token } })`,
  })
})
