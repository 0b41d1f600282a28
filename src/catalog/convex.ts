import { all, call, effect, fn, gives, pure, session, value } from './define.ts'
import type { CallMeaning, Library, Result } from './meaning.ts'

// Every function that these can call is public at Convex: it decides by itself, for the token that is sent along, and an
// anonymous caller may as well call it there.
const source = 'https://docs.convex.dev/client/nextjs/app-router/server-rendering'
const convexCall = { delegated: true, token: [2, 'token'], source } as const
const reading = effect('db', 'read', 'calls a Convex query', convexCall)
const writing = effect('db', 'write', 'calls a Convex mutation', convexCall)
const acting = effect('other', 'write', 'calls a Convex action', convexCall)

const mounted = call({ async: true, credential: true, mounts: 'auth', returns: 'response' })
const withToken = { delegated: 'caller', source } as const
const calls = {
  fetchAuthQuery: fn(effect('db', 'read', 'calls a Convex query', withToken)),
  fetchAuthMutation: fn(effect('db', 'write', 'calls a Convex mutation', withToken)),
  fetchAuthAction: fn(effect('other', 'write', 'calls a Convex action', withToken)),
  preloadAuthQuery: fn(effect('db', 'read', 'calls a Convex query', withToken)),
}

/** With `jwtCache` the token comes from the cookie as it is, decoded without a check (utils of @convex-dev/better-auth 0.12). */
const tokens = (verified: boolean): Record<string, Result> =>
  verified
    ? { getToken: fn(session('undefined', 'principal')), isAuthenticated: fn(session('false', 'true')) }
    : {
        getToken: fn(call({ async: true, returns: { maybe: 'cookie' } })),
        isAuthenticated: fn(call({ async: true, returns: 'boolean' })),
      }
const setup = (handler: Result): CallMeaning =>
  gives(
    { object: { ...calls, handler, ...tokens(true) } },
    {
      variants: [
        {
          when: { at: [0, 'jwtCache'], present: true },
          then: gives({ object: { ...calls, handler, ...tokens(false) } }),
        },
      ],
    },
  )

export const convex: readonly Library[] = [
  {
    packages: ['convex/react', 'convex/react-clerk', 'convex/react-auth0'],
    category: 'data',
    detects: 'convex',
    exports: { ConvexReactClient: gives({ instance: 'convex.client' }) },
    unlisted: 'harmless',
    because: 'components and hooks',
  },
  {
    packages: ['convex/server', 'convex/values'],
    category: 'data',
    detects: 'convex',
    exports: {},
    unlisted: 'harmless',
    because: 'defines tables, validators and functions, which run at Convex',
  },
  {
    packages: ['convex/nextjs', 'convex/browser'],
    category: 'data',
    detects: 'convex',
    exports: {
      ...all('preloadedQueryResult ConvexError', pure),

      ...all('fetchQuery preloadQuery', reading),
      fetchMutation: writing,
      fetchAction: acting,
      ...all('ConvexHttpClient ConvexClient', gives({ instance: 'convex.client' })),
    },
    unlisted: 'unknown',
    instances: {
      'convex.client': {
        members: {
          ...all('query consistentQuery', reading),
          mutation: writing,
          action: acting,
          // Not public functions: what comes after this has the rights of an administrator.
          setAdminAuth: effect('db', 'write', 'becomes administrator at Convex', { privileged: true, async: false }),
          ...all('setAuth clearAuth', call({ carries: true })),
          ...all('setDebug setFetchOptions onUpdate close', pure),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@convex-dev/better-auth', '@convex-dev/better-auth/*'],
    category: 'auth',
    detects: 'convex',
    exports: {
      ...all('createClient createApi convexAdapter getAuthConfigProvider convex convexClient crossDomain', pure),

      convexBetterAuthReactStart: setup(fn(mounted)),
      convexBetterAuthNextJs: setup({ object: { GET: fn(mounted), POST: fn(mounted) } }),
      // Releases before 0.10.
      ...all('reactStartHandler', mounted),
      nextJsHandler: gives({ object: { GET: fn(mounted), POST: fn(mounted) } }),
      fetchSession: session({ object: { session: 'null' } }, { object: { session: 'principal' } }),
      getAuth: session(
        { object: { userId: 'undefined', token: 'undefined' } },
        { object: { userId: 'principal', token: 'principal' } },
      ),
      getToken: call({ async: true, returns: { maybe: 'cookie' } }),
      getCookieName: pure,
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@convex-dev/auth/nextjs/server'],
    category: 'auth',
    detects: 'convex',
    exports: {
      convexAuthNextjsToken: call({ async: true, returns: { maybe: 'cookie' } }),
      isAuthenticatedNextjs: session('false', 'true'),
      ...all('convexAuthNextjsMiddleware createRouteMatcher', pure),
      nextjsMiddlewareRedirect: gives('response'),
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      '@convex-dev/react-query',
      '@convex-dev/auth',
      '@convex-dev/auth/react',
      'convex-helpers',
      'convex-helpers/*',
    ],
    category: 'data',
    detects: 'convex',
    exports: { ConvexQueryClient: gives({ instance: 'convex.query-client' }) },
    unlisted: 'harmless',
    because: 'hooks, and helpers of functions that run at Convex',
    instances: {
      // https://github.com/get-convex/convex-react-query
      'convex.query-client': {
        members: {
          ...all('convexClient serverHttpClient', value({ instance: 'convex.client' })),
          ...all('queryFn hashFn connect subscribeInner', pure),
        },
        unlisted: 'unknown',
      },
    },
  },
]
