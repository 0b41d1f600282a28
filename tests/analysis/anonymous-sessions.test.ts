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

describe('the anonymous() plugin of Better Auth', () => {
  cases(
    { verdict: 'unguarded', cause: 'anonymousSession' },
    {
      ...withPlugins(`[${admin}, ${guest}]`, {
        'a session alone': `${signedIn} ${work}`,
        'a session alone, in a condition': `${session} if (session) { ${work} }`,
        'the row of the user, which an anonymous user has as well': `${signedIn} const user = await db.query.users.findFirst({ where: eq(users.id, session.user.id) }); if (!user) throw new Error(); ${work}`,
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
      'a role is asked for': `${session} if (session?.user.role !== 'admin') throw new Error(); ${work}`,
      'a permission is asked for': `const ok = await auth.api.userHasPermission({ headers: getRequestHeaders(), body: { permissions: { invoice: ['create'] } } }); if (!ok.success) throw new Error(); ${work}`,
    }),
  )
  cases(
    'unverifiable',
    withPlugins(`[${guest}]`, {
      'a membership, of which nobody knows whether an anonymous user has one': `${signedIn} const [member] = await db.select().from(members).where(eq(members.userId, session.user.id)); if (!member) throw new Error(); ${work}`,
    }),
  )
  cases('guarded', withPlugins(`[${admin}]`, { 'another plugin changes nothing': `${signedIn} ${work}` }))
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
