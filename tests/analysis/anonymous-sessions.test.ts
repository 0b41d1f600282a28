/** Sessions that the project also hands to callers who proved nothing: one of these alone proves nothing either. */
import { describe } from 'vitest'
import { cases, type Case, handler, session, work } from './harness.ts'

const admin = 'admin()'
const guest = 'anonymous()'

/** A Better Auth instance with these plugins. */
const betterAuth = (plugins: string): Readonly<Record<string, string>> => ({
  'src/auth.ts': `// as it is
    import { betterAuth } from 'better-auth'
    import { admin, anonymous } from 'better-auth/plugins'
    export const auth = betterAuth({ plugins: ${plugins} })`,
})

const withPlugins = (plugins: string, table: Readonly<Record<string, string>>): Readonly<Record<string, Case>> =>
  Object.fromEntries(Object.entries(table).map(([name, body]) => [name, [handler(body), betterAuth(plugins)]]))

const signedIn = `${session} if (!session) throw new Error();`

const favorite = `const ex = await db.query.members.findFirst({ where: eq(members.userId, session.user.id) });`

describe('the anonymous() plugin of Better Auth', () => {
  cases(
    { verdict: 'unguarded', cause: 'anonymousSession' },
    {
      ...withPlugins(`[${admin}, ${guest}]`, {
        'a session alone': `${signedIn} ${work}`,
        'a session alone, in a condition': `${session} if (session) { ${work} }`,
        'the row of the user, which an anonymous user has as well': `${signedIn} const user = await db.query.users.findFirst({ where: eq(users.id, session.user.id) }); if (!user) throw new Error(); ${work}`,
      }),
      ...withPlugins(`[${guest}]`, {
        'a row of the user that must not be there, which nobody has at first': `${signedIn} ${favorite} if (ex) throw new Error(); ${work}`,
        'work for whom has no such row': `${signedIn} ${favorite} if (!ex) { ${work} }`,
        'as long as a list of them is empty': `${signedIn} const rows = await db.select().from(members).where(eq(members.userId, session.user.id)); if (rows.length > 0) throw new Error(); ${work}`,
        'and what is left to those who have one': `${signedIn} ${favorite} if (ex) { await db.delete(members).where(eq(members.id, ex.id)) } else { ${work} }`,
        'work behind a call that asks for any session itself': `await auth.api.setPassword({ headers: getRequestHeaders(), body: { newPassword: data.password } }); ${work}`,
        'and behind another': `await auth.api.updateUser({ headers: getRequestHeaders(), body: { name: data.name } }); ${work}`,
        'whose promise is kept': `const changed = auth.api.updateUser({ headers: getRequestHeaders(), body: { name: data.name } }); await changed; ${work}`,
        'whose answer is a Response': `const res = await auth.api.updateUser({ headers: getRequestHeaders(), body: { name: data.name }, asResponse: true }); if (!res.ok) throw new Error(); ${work}`,
        'and one that reads': `const keys = await auth.api.listSessions({ headers: getRequestHeaders() }); ${work} return keys`,
        'a list of devices, which asks for no session': `await auth.api.listDeviceSessions({ headers: getRequestHeaders() }); ${work}`,
        'an active organization, which is not tested': `await auth.api.getFullOrganization({ headers: getRequestHeaders() }); ${work}`,
      }),
      ...withPlugins(`[${admin}, ...(process.env.GUESTS ? [${guest}] : [])]`, {
        'a plugin that is there under a condition': `${signedIn} ${work}`,
      }),
    },
  )
  cases(
    'guarded',
    withPlugins(`[${guest}]`, {
      'anonymous users are refused': `${session} if (!session || session.user.isAnonymous) throw new Error(); ${work}`,
      'a call that asks for the session itself, and does its work for that user': `${signedIn} await auth.api.deleteUser({ headers: getRequestHeaders(), body: {} })`,
      'that call alone': `await auth.api.deleteUser({ headers: getRequestHeaders(), body: {} })`,
      'that call alone, whose promise is returned': `return auth.api.updateUser({ headers: getRequestHeaders(), body: { name: data.name } })`,
      'a call that wants the password as well': `await auth.api.changePassword({ headers: getRequestHeaders(), body: data }); ${work}`,
      'a call that wants a right of the admin plugin': `await auth.api.banUser({ headers: getRequestHeaders(), body: data }); ${work}`,
      'a call that wants a membership': `await auth.api.removeMember({ headers: getRequestHeaders(), body: data }); ${work}`,
      'an active organization': `const org = await auth.api.getFullOrganization({ headers: getRequestHeaders() }); if (!org) throw new Error(); ${work}`,
      'a role is asked for': `${session} if (session?.user.role !== 'admin') throw new Error(); ${work}`,
      'a permission is asked for': `const ok = await auth.api.userHasPermission({ headers: getRequestHeaders(), body: { permissions: { invoice: ['create'] } } }); if (!ok.success) throw new Error(); ${work}`,
    }),
  )
  cases(
    'unverifiable',
    withPlugins(`[${guest}]`, {
      'work for whom has a row': `${signedIn} ${favorite} if (ex) { ${work} } else throw new Error()`,
      'the account of the user, which the sign-in may have made': `${signedIn} const [account] = await db.select().from(users).where(eq(users.email, session.user.email)); if (account) throw new Error(); ${work}`,
      'rows of anybody else': `${signedIn} const others = await db.select().from(members).where(gt(members.userId, session.user.id)); if (others.length > 0) throw new Error(); ${work}`,
      'a membership, of which nobody knows whether an anonymous user has one': `${signedIn} const [member] = await db.select().from(members).where(eq(members.userId, session.user.id)); if (!member) throw new Error(); ${work}`,
    }),
  )
  describe('what is kept for the request', () => {
    const kept = (guests: boolean): Case => [
      `import { memoized } from '~/memo'
      import { createStart } from '@tanstack/react-start'
      import { withStore } from '~/memo'
      export const startInstance = createStart(() => ({
        requestMiddleware: [createMiddleware().server(({ next }) => withStore(() => next()))] }))
      async function requireMember() {
        const found = await memoized('session', async () => { ${session} return session })
        if (!found) throw new Error()
        const { member } = await memoized(\`member:\${found.user.id}\`, async () => {
          const member = await db.query.members.findFirst({ where: eq(members.userId, found.user.id) })
          if (!member) throw new Error()
          return { member }
        })
        return member
      }
      ${handler(`await requireMember(); ${work}`)}`,
      {
        ...betterAuth(guests ? `[${guest}]` : '[]'),
        'src/memo.ts': `
          import { AsyncLocalStorage } from 'node:async_hooks'
          const storage = new AsyncLocalStorage<Record<PropertyKey, any>>()
          const slot = Symbol.for('memo')
          export const withStore = (run: () => unknown) => storage.run({ route: 'x' }, run)
          export function memoized<T>(key: string, compute: () => Promise<T>): Promise<T> {
            const store = storage.getStore()
            if (!store) return compute()
            const memo = (store[slot] ??= {})
            if (memo[key]) return memo[key]
            const pending = compute().catch((error) => { delete memo[key]; throw error })
            memo[key] = pending
            return pending
          }`,
      },
    ]
    cases('guarded', { 'a membership, in an application without anonymous users': kept(false) })
    cases('unverifiable', { 'a membership, which an anonymous user may have': kept(true) })
  })

  describe('a permission that is looked for in a list', () => {
    const lists: Readonly<Record<string, string>> = {
      'of rows': 'new Set(rows.map((row) => row.permission)).has(wanted)',
      'of rows, as a list': 'rows.map((row) => row.permission).includes(wanted)',
      'that goes by the role': "(member.role === 'owner' ? ['invoice:write'] : []).includes(wanted)",
    }
    cases(
      'guarded',
      Object.fromEntries(
        Object.entries(lists).map(([name, test]): [string, Case] => [
          name,
          [
            `import { pgTable, text } from 'drizzle-orm/pg-core'
            const grants = pgTable('grants', { userId: text('user_id'), permission: text('permission') })
            ${handler(`const wanted = 'invoice:write'; ${signedIn}
              const [member] = await db.select().from(members).where(eq(members.userId, session.user.id))
              const rows = await db.select().from(grants).where(eq(grants.userId, session.user.id))
              if (!(${test})) throw new Error()
              ${work}`)}`,
            betterAuth(`[${guest}]`),
          ],
        ]),
      ),
    )
  })

  cases(
    'guarded',
    withPlugins(`[${admin}]`, {
      'another plugin changes nothing': `${signedIn} ${work}`,
      'nor to a call that asks itself': `await auth.api.updateUser({ headers: getRequestHeaders(), body: { name: data.name } }); ${work}`,
    }),
  )
  cases(
    'public',
    withPlugins(`[${guest}]`, { 'a getter of the own session stays public': `${session} return session` }),
  )
})

describe("Supabase's anonymous sign-in", () => {
  const user = (test: string): string =>
    `import { createServerClient } from '@supabase/ssr'; ${handler(`const supabase = createServerClient(process.env.URL!, process.env.KEY!, { cookies: { getAll: () => [] } }); const { data: { user } } = await supabase.auth.getUser(); if (${test}) throw new Error(); ${work}`)}`
  const used = { 'src/login.ts': 'export const guest = (client: any) => client.auth.signInAnonymously()' }
  cases(
    { verdict: 'unguarded', cause: 'anonymousSession' },
    { 'a user alone, where something in the application signs in so': [user('!user'), used] },
  )
  cases('guarded', {
    'anonymous users are refused': [user('!user || user.is_anonymous'), used],
    'nothing in the application signs in so': user('!user'),
  })
})
