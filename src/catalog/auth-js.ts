import { all, asyncPure, builder, call, credential, effect, fn, gives, pure, session } from './define.ts'
import type { CallMeaning, Library, Meaning, Result } from './meaning.ts'

const source = 'https://authjs.dev/getting-started/session-management/protecting'

const signedIn: Result = { object: { user: 'principal', expires: 'string' }, rest: 'principal' }
const getSession = session('null', signedIn, { source })
const mounted = call({ async: true, credential: true, mounts: 'auth', returns: 'response' })
const handlers: Result = { object: { GET: fn(mounted), POST: fn(mounted) } }

/** `auth()` gives the session; `auth(handler)` only attaches it to the request and lets everybody pass. */
const auth: CallMeaning = {
  ...getSession,
  variants: [
    {
      when: { at: [0], type: 'function' },
      then: call({
        proves: 'authenticated',
        anonymous: { wraps: 0, given: [{ object: { auth: 'null' }, rest: 'input' }] },
        returns: { wraps: 0, given: [{ object: { auth: signedIn }, rest: 'input' }] },
        source,
      }),
    },
  ],
}

const getToken = session('null', 'principal', {
  // The raw token is not verified.
  variants: [{ when: { at: [0, 'raw'], is: true }, then: call({ async: true, returns: { maybe: 'cookie' } }) }],
})

export const authJs: readonly Library[] = [
  {
    packages: ['next-auth', 'next-auth/next', 'next-auth/jwt', '@auth/core', '@auth/core/jwt'],
    category: 'auth',
    detects: 'auth.js',
    exports: {
      ...all('AuthError CredentialsSignin', pure),

      default: gives({ instance: 'auth-js' }),
      ...all('getServerSession unstable_getServerSession', getSession),
      getToken,
      decode: session('null', 'principal'),
      encode: call({ async: true }),
      Auth: mounted,
      ...all('createActionURL isAuthAction setEnvDefaults customFetch raw skipCSRFCheck', pure),
    },
    unlisted: 'unknown',
    instances: {
      'auth-js': {
        // next-auth 4 gives the route handler itself, 5 an object.
        call: mounted,
        members: {
          auth,
          handlers: { kind: 'value', is: handlers },
          ...all('GET POST', mounted),
          ...all('signIn signOut unstable_update', credential({ source })),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    // Release 3 has it in `next-auth/client`.
    packages: ['next-auth/react', 'next-auth/client'],
    category: 'auth',
    detects: 'auth.js',
    exports: {
      useSession: pure,
      ...all('getCsrfToken getProviders', asyncPure),
      getSession,
      ...all('signIn signOut', credential()),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['next-auth/middleware'],
    category: 'auth',
    detects: 'auth.js',
    exports: { default: builder('pass-through'), withAuth: builder('pass-through') },
    unlisted: 'unknown',
  },
  {
    packages: [
      '@auth/drizzle-adapter',
      '@auth/prisma-adapter',
      '@auth/kysely-adapter',
      '@auth/mongodb-adapter',
      '@auth/supabase-adapter',
      '@auth/pg-adapter',
      '@auth/upstash-redis-adapter',
      '@auth/typeorm-adapter',
      '@auth/d1-adapter',
      '@next-auth/prisma-adapter',
    ],
    category: 'auth',
    exports: {
      ...all(
        `default DrizzleAdapter PrismaAdapter KyselyAdapter MongoDBAdapter SupabaseAdapter PostgresAdapter
         UpstashRedisAdapter TypeORMAdapter D1Adapter`,
        gives({ instance: 'auth-js.adapter' }, { source: 'https://authjs.dev/reference/core/adapters' }),
      ),
    },
    unlisted: 'unknown',
    instances: {
      'auth-js.adapter': {
        members: {
          ...all(
            'getUser getUserByEmail getUserByAccount getSessionAndUser getAccount getAuthenticator listAuthenticatorsByUserId',
            effect('identity', 'read', 'reads the auth tables', { privileged: true }),
          ),
          '*': effect('identity', 'write', 'writes the auth tables', { privileged: true }),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['next-auth/providers/*', 'next-auth/adapters', '@auth/core/*'],
    category: 'auth',
    exports: {},
    unlisted: 'harmless',
    because: 'configuration of the auth router, types and errors',
  },
  {
    packages: ['start-authjs'],
    category: 'auth',
    detects: 'auth.js',
    exports: {
      ...all('getSession auth', getSession),
      ...all('serverSignIn serverSignOut', credential()),
      StartAuthJS: gives(handlers),
      authMiddleware: builder('pass-through'),
    } satisfies Record<string, Meaning>,
    unlisted: 'unknown',
  },
]
