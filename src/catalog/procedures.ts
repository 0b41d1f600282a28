import { all, builder, call, effect, fn, gives, pure } from './define.ts'
import type { Library } from './meaning.ts'

/** Hands the request to procedures that decide one by one. */
const mount = call({ async: true, mounts: 'procedures', returns: 'response' })
const object = gives({
  object: {
    GET: fn(mount),
    POST: fn(mount),
    PUT: fn(mount),
    PATCH: fn(mount),
    DELETE: fn(mount),
    OPTIONS: fn(mount),
    HEAD: fn(mount),
  },
})

// The local API overrides access control unless told otherwise.
const reads = effect('db', 'read', 'reads the content', { privileged: true })
const writes = effect('db', 'write', 'writes the content', { privileged: true })

export const procedures: readonly Library[] = [
  {
    packages: ['@trpc/server', '@trpc/server/*'],
    category: 'framework',
    detects: 'trpc',
    exports: {
      initTRPC: builder('trpc'),
      fetchRequestHandler: mount,
      createNextApiHandler: gives(fn(mount)),
      TRPCError: pure,
      callTRPCProcedure: mount,
    },
    unlisted: 'harmless',
  },
  {
    packages: [
      '@trpc/client',
      '@trpc/react-query',
      '@trpc/next',
      '@trpc/tanstack-react-query',
      '@trpc/next/*',
      '@trpc/react-query/*',
    ],
    category: 'framework',
    exports: {},
    unlisted: 'unknown',
  },
  {
    packages: ['@orpc/server', '@orpc/server/*', '@orpc/openapi', '@orpc/openapi/*', '@orpc/contract'],
    category: 'framework',
    detects: 'orpc',
    exports: {
      os: builder('orpc'),
      implement: builder('orpc'),
      ...all('RPCHandler OpenAPIHandler', gives({ instance: 'orpc.handler' })),
      ORPCError: pure,
      createRouterClient: gives('unknown'),
      call: gives('unknown'),
    },
    unlisted: 'harmless',
    instances: {
      'orpc.handler': {
        members: {
          handle: call({
            async: true,
            mounts: 'procedures',
            returns: { object: { matched: 'boolean', response: 'response' } },
          }),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['hono', 'hono/*', '@hono/*'],
    category: 'framework',
    detects: 'hono',
    exports: {
      ...all('Hono OpenAPIHono', gives({ instance: 'hono.app' })),
      handle: gives(fn(mount)),
      createFactory: builder('hono.factory'),
      createMiddleware: builder('hono.middleware'),
    },
    unlisted: 'harmless',
    instances: {
      'hono.app': {
        members: {
          ...all('fetch request', mount),
          ...all(
            'get post put patch delete all use route basePath on mount onError notFound openapi doc',
            gives({ instance: 'hono.app' }),
          ),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['elysia', '@elysiajs/*', 'itty-router', 'express', 'fastify', 'koa'],
    category: 'framework',
    exports: { ...all('default Elysia AutoRouter Router express fastify', gives({ instance: 'router.app' })) },
    unlisted: 'unknown',
    instances: {
      'router.app': {
        members: {
          ...all('handle fetch inject callback', mount),
          ...all('get post put patch delete all use group guard derive onError', gives({ instance: 'router.app' })),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: [
      'graphql-yoga',
      '@apollo/server',
      '@as-integrations/next',
      'graphql-http/lib/use/fetch',
      '@ts-rest/serverless/fetch',
      '@ts-rest/next',
      '@modelcontextprotocol/sdk/server/*',
      'mcp-handler',
      '@vercel/mcp-adapter',
      '@copilotkit/runtime',
    ],
    category: 'framework',
    exports: {
      ...all(
        'createYoga startServerAndCreateNextHandler createHandler fetchRequestHandler createNextRoute createNextRouter createMcpHandler',
        gives(fn(mount)),
      ),
      copilotRuntimeNextJSAppRouterEndpoint: gives({ object: { handleRequest: fn(mount) } }),
      ApolloServer: pure,
    },
    unlisted: 'harmless',
  },
  {
    packages: ['payload', '@payloadcms/next/*', 'next-sanity/studio', '@keystatic/next/*', 'tinacms'],
    category: 'framework',
    exports: {
      ...all(
        'REST_GET REST_POST REST_PUT REST_PATCH REST_DELETE REST_OPTIONS GRAPHQL_POST GRAPHQL_PLAYGROUND_GET',
        gives(fn(mount)),
      ),
      makeRouteHandler: object,
      getPayload: call({ async: true, returns: { instance: 'payload' } }),
    },
    unlisted: 'unknown',
    instances: {
      payload: {
        members: {
          find: reads,
          findByID: reads,
          findGlobal: reads,
          count: reads,
          ...all('create update delete updateGlobal', writes),
          auth: call({
            async: true,
            proves: 'authenticated',
            anonymous: { object: { user: 'null' } },
            returns: { object: { user: 'principal' }, rest: 'unknown' },
          }),
          ...all('login resetPassword forgotPassword verifyEmail unlock', call({ async: true, credential: true })),
          logger: pure,
          'logger.*': pure,
          ...all('sendEmail', effect('mail', 'write', 'sends mail')),
        },
        unlisted: 'unknown',
      },
    },
  },
]
