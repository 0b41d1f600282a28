import { all, builder, call, credential, fn, gives, pure, session } from './define.ts'
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
      default: gives({ instance: 'auth-js' }),
      ...all('getServerSession unstable_getServerSession', getSession),
      getToken,
      decode: session('null', 'principal'),
      encode: call({ async: true }),
      Auth: mounted,
      ...all('createActionURL isAuthAction setEnvDefaults customFetch raw skipCSRFCheck', pure),
    },
    unlisted: 'harmless',
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
    exports: { getSession, ...all('signIn signOut', credential()) },
    unlisted: 'harmless',
  },
  {
    packages: ['next-auth/middleware'],
    category: 'auth',
    detects: 'auth.js',
    exports: { default: builder('pass-through'), withAuth: builder('pass-through') },
    unlisted: 'harmless',
  },
  {
    packages: [
      'next-auth/providers/*',
      'next-auth/adapters',
      '@auth/core/*',
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
    exports: {},
    unlisted: 'harmless',
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
    unlisted: 'harmless',
  },
]
