import { all, asyncGives, asyncPure, builder, call, credential, fn, gives, passes, pure, session } from './define.ts'
import type { CallMeaning, Library, Meaning, Result } from './meaning.ts'

/** Creating it does nothing; it denies when thrown, or returned from middleware. `{ throw: true }` throws by itself. */
const denial: CallMeaning = gives('denial', {
  variants: [{ when: { at: [0, 'throw'], is: true }, then: gives('redirects') }],
  source: 'claims.md §2, 16',
})

/** Sealed cookie session of h3 and Start: an anonymous caller cannot seal data, so every field is undefined. */
const sealedSession = (data: Result): Result => ({
  object: {
    id: 'unknown',
    data,
    update: fn(
      credential({
        keepsIn: 'data',
        vouches: [0],
        source: 'https://tanstack.com/start/latest/docs/framework/react/guide/authentication',
      }),
    ),
    clear: fn(credential()),
  },
})
const sealedData = {
  anonymous: { object: {}, rest: 'undefined' },
  signedIn: { object: {}, rest: 'principal' },
} satisfies Record<string, Result>

const sessions: Record<string, Meaning> = {
  ...all('useSession getSession', session(sealedSession(sealedData.anonymous), sealedSession(sealedData.signedIn))),
  updateSession: credential({ vouches: [1] }),
  clearSession: credential(),
  sealSession: asyncPure,
  unsealSession: call({
    async: true,
    proves: 'secret',
    anonymous: 'throws',
    returns: sealedSession(sealedData.signedIn),
  }),
}

/** What the request brings: everything here is the caller's to choose. */
const requestReaders: Record<string, Meaning> = {
  ...all('getRequest getWebRequest toWebRequest getEvent', gives('request')),
  ...all('getRequestHeaders getHeaders', gives('headers')),
  ...all('getRequestHeader getHeader getRequestIP getRequestHost getRequestProtocol', gives('header')),
  ...all('getRequestUrl getRequestURL getQuery getRouterParam getRouterParams', gives('input')),
  ...all('getValidatedQuery getValidatedRouterParams', asyncGives('input')),
  ...all('readBody readFormData readMultipartFormData readRawBody readValidatedBody', asyncGives('input')),
  ...all('getRequestWebStream getRequestFingerprint', asyncGives('input')),
  getCookie: gives('cookie'),
  ...all('getCookies parseCookies', gives({ object: {}, rest: 'cookie' })),
  ...all('isMethod isPreflightRequest', gives('boolean')),
}

const responseWriters: Record<string, Meaning> = {
  ...all(
    'setHeader setResponseHeader appendHeader appendResponseHeader',
    call({ returns: 'undefined', answersWith: 'header' }),
  ),
  ...all(
    'setHeaders setResponseHeaders appendHeaders appendResponseHeaders',
    call({ returns: 'undefined', answersWith: 'headers' }),
  ),
  setCookie: call({ returns: 'undefined', answersWith: 'cookie' }),
  ...all(
    `deleteCookie setResponseStatus removeResponseHeader clearResponseHeaders
     getResponseHeader getResponseHeaders getResponseStatus getResponseStatusText getResponse defaultContentType
     handleCacheHeaders handleCors appendCorsHeaders appendCorsPreflightHeaders writeEarlyHints sanitizeStatusCode
     sanitizeStatusMessage splitCookiesString isCorsOriginAllowed`,
    pure,
  ),
  ...all('send sendStream sendRedirect sendNoContent sendWebResponse sendError', asyncGives('response')),
}

const routerExports: Record<string, Meaning> = {
  ...all('createFileRoute', builder('router.file-route')),
  ...all('createLazyFileRoute createLazyRoute', builder('router.lazy-route')),
  ...all('createRootRoute createRootRouteWithContext rootRouteWithContext', builder('router.root-route')),
  createRoute: builder('router.route'),
  ...all('redirect notFound', denial),
  ...all('isRedirect isNotFound', gives('boolean')),
}

const startExports: Record<string, Meaning> = {
  createServerFn: builder('start.server-fn'),
  createMiddleware: builder('start.middleware'),
  createStart: builder('start.instance'),
  registerGlobalMiddleware: builder('start.register-global'),
  createServerFileRoute: builder('start.server-file-route'),
  createServerRoute: builder('start.server-file-route'),
  createServerRootRoute: builder('start.server-file-route'),
  createAPIFileRoute: builder('start.api-file-route'),
  createCsrfMiddleware: builder('start.csrf'),
  createIsomorphicFn: builder('start.isomorphic-fn'),
  ...all('createServerOnlyFn serverOnly useServerFn', passes),
  ...all('createClientOnlyFn clientOnly', gives({ fn: gives('throws') })),
  json: gives('response'),
  ...all('mergeHeaders createStartHandler defaultStreamHandler defaultRenderHandler createStartAPIHandler', pure),
  ...all('createRequestHandler createServerEntry defineHandlerCallback eventHandler defineEventHandler', pure),
}

const frameworks = ['react', 'solid', 'vue']

export const tanstackStart: readonly Library[] = [
  {
    packages: [
      '@tanstack/start',
      '@tanstack/start/*',
      '@tanstack/start-client-core',
      '@tanstack/start-server-core',
      '@tanstack/start-server-core/*',
      ...frameworks.flatMap((name) => [
        `@tanstack/${name}-start`,
        `@tanstack/${name}-start/*`,
        `@tanstack/${name}-start-server`,
        `@tanstack/${name}-start-client`,
      ]),
    ],
    category: 'framework',
    detects: 'tanstack-start',
    exports: { ...routerExports, ...requestReaders, ...responseWriters, ...sessions, ...startExports },
    unlisted: 'unknown',
  },
  {
    packages: ['@tanstack/start-static-server-functions'],
    category: 'framework',
    exports: { staticFunctionMiddleware: builder('start.static') },
    unlisted: 'unknown',
  },
  {
    packages: frameworks
      .flatMap((name) => [`@tanstack/${name}-router`, `@tanstack/${name}-router/*`])
      .concat('@tanstack/router-core', '@tanstack/router-core/*', '@tanstack/history'),
    category: 'framework',
    exports: { ...routerExports, json: gives('response') },
    unlisted: 'harmless',
    because: 'a router of components: what it runs are routes, which are entry points themselves',
  },
  {
    packages: frameworks
      .flatMap((name) => [
        `@tanstack/${name}-query`,
        `@tanstack/${name}-router-ssr-query`,
        `@tanstack/${name}-router-with-query`,
        `@tanstack/${name}-form`,
        `@tanstack/${name}-form-start`,
        `@tanstack/${name}-table`,
        `@tanstack/${name}-store`,
        `@tanstack/${name}-virtual`,
      ])
      .concat('@tanstack/query-core', '@tanstack/form-core', '@tanstack/zod-adapter', '@tanstack/valibot-adapter'),
    category: 'harmless',
    exports: {
      ...all('queryOptions infiniteQueryOptions mutationOptions', passes),
      // `queryClient.fetchQuery({ queryFn })` runs the function when the data is not there yet.
      QueryClient: gives({ instance: 'tanstack-query.client' }),
    },
    unlisted: 'harmless',
    instances: {
      'tanstack-query.client': {
        members: all(
          'fetchQuery ensureQueryData prefetchQuery fetchInfiniteQuery ensureInfiniteQueryData prefetchInfiniteQuery',
          call({ async: true, runs: [{ at: [0, 'queryFn'], maybe: true }], returns: 'callback' }),
        ),
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['vinxi/http', 'h3'],
    category: 'framework',
    exports: { ...requestReaders, ...responseWriters, ...sessions },
    unlisted: 'unknown',
  },
]
