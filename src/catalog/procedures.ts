import { all, asyncGives, asyncPure, builder, call, effect, fn, gives, pure, value } from './define.ts'
import type { CallMeaning, Library, Result } from './meaning.ts'

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

const helpers = ['*', '*.*', '*.*.*', '*.*.*.*'].flatMap((path) =>
  ['fetch', 'prefetch', 'fetchInfinite', 'prefetchInfinite', 'ensureData'].map((verb) => `${path}.${verb}`),
)

/** https://github.com/CopilotKit/CopilotKit: packages/runtime/src/v1-deprecated/lib/integrations, packages/runtime/src/v2 */
const runsAgent = effect('ai', 'write', 'runs an AI agent', { returns: 'response' })
/** A runtime, or its handler, may be given a hook that sees each request first, and refuses it perhaps. */
const endpoint = (of: (handler: CallMeaning) => Result): CallMeaning =>
  gives(of(runsAgent), {
    variants: [
      [0, 'runtime', 'beforeRequestMiddleware'],
      [0, 'runtime', 'middleware'],
      [0, 'hooks'],
    ].map((at) => ({ when: { at, present: true }, then: gives(of(mount)) })),
  })

export const procedures: readonly Library[] = [
  {
    packages: ['@trpc/server', '@trpc/server/*'],
    category: 'framework',
    detects: 'trpc',
    exports: {
      initTRPC: value({ instance: 'trpc.t' }),
      fetchRequestHandler: mount,
      createNextApiHandler: gives(fn(mount)),
      ...all(
        `TRPCError getHTTPStatusCodeFromError getErrorShape transformTRPCResponse experimental_standaloneMiddleware tracked
         isTrackedEnvelope observable isObservable getTRPCErrorFromUnknown`,
        pure,
      ),
      ...all('callTRPCProcedure callProcedure nodeHTTPRequestHandler', mount),
      ...all('createExpressMiddleware createHTTPHandler createHTTPServer awsLambdaRequestHandler', gives(fn(mount))),
    },
    unlisted: 'unknown',
    instances: {
      // https://trpc.io/docs/server/server-side-calls: a caller calls procedures, whose own guards decide.
      'trpc.t': {
        members: {
          ...all('create context meta', gives({ instance: 'trpc.t' })),
          ...all('router mergeRouters', gives({ instance: 'trpc.router' })),
          createCallerFactory: gives(fn(gives({ instance: 'trpc.caller' }))),
          procedure: value({ instance: 'trpc.procedure' }),
          middleware: gives('unknown'),
        },
        unlisted: 'unknown',
      },
      // What it is given runs when a request comes, or a caller.
      'trpc.procedure': { members: all('*', gives({ instance: 'trpc.procedure' })), unlisted: 'unknown' },
      'trpc.router': { members: { createCaller: gives({ instance: 'trpc.caller' }) }, unlisted: 'unknown' },
      'trpc.caller': { members: all('* *.* *.*.* *.*.*.*', mount), unlisted: 'unknown' },
    },
  },
  {
    // https://trpc.io/docs/client/nextjs/server-side-helpers: they call procedures of the router for the context that is given,
    // and refuse nobody themselves.
    packages: ['@trpc/react-query/server'],
    category: 'framework',
    exports: { createServerSideHelpers: gives({ instance: 'trpc.helpers' }) },
    unlisted: 'unknown',
    instances: {
      'trpc.helpers': {
        members: {
          ...all(helpers.join(' '), mount),
          dehydrate: pure,
          queryClient: value({ instance: 'tanstack-query.client' }),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@copilotkit/runtime', '@copilotkit/runtime/*'],
    category: 'framework',
    exports: {
      ...all(
        `copilotRuntimeNodeHttpEndpoint copilotRuntimeNodeExpressEndpoint copilotRuntimeNestEndpoint
         copilotRuntimeNextJSPagesRouterEndpoint createCopilotRuntimeHandler createCopilotNodeHandler
         createNodeFetchHandler createCopilotNodeListener createCopilotExpressHandler createCopilotEndpointExpress
         createCopilotEndpointSingleRouteExpress`,
        endpoint((handler) => fn(handler)),
      ),
      copilotRuntimeNextJSAppRouterEndpoint: endpoint((handler) => ({ object: { handleRequest: fn(handler) } })),
      ...all(
        'createCopilotHonoHandler createCopilotEndpoint createCopilotEndpointSingleRoute',
        endpoint((handler) => ({ object: { fetch: fn(handler), request: fn(handler) } })),
      ),
      ...all('CopilotRuntime CopilotSseRuntime CopilotIntelligenceRuntime', gives({ instance: 'copilotkit.runtime' })),
      ...all(
        `AnthropicAdapter BedrockAdapter EmptyAdapter ExperimentalEmptyAdapter ExperimentalOllamaAdapter
         GoogleGenerativeAIAdapter GroqAdapter LangChainAdapter OpenAIAdapter OpenAIAssistantAdapter UnifyAdapter
         LangGraphAgent LangGraphHttpAgent BuiltInAgent BasicAgent InMemoryAgentRunner copilotKitEndpoint
         langGraphPlatformEndpoint`,
        pure,
      ),
    },
    unlisted: 'unknown',
    instances: { 'copilotkit.runtime': { members: {}, unlisted: 'unknown' } },
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
      os: value({ instance: 'orpc.builder' }),
      implement: gives({ instance: 'orpc.builder' }),
      ...all('RPCHandler OpenAPIHandler', gives({ instance: 'orpc.handler' })),
      ORPCError: pure,
      // https://orpc.dev/docs/client/server-side: both call procedures of the router, whose own guards decide.
      createRouterClient: gives({ instance: 'orpc.caller' }),
      call: mount,
      oc: value('unknown'),
      ...all('onStart onSuccess onError onFinish isDefinedError safe eventIterator withEventMeta type lazy', pure),
      ...all(
        `CORSPlugin BatchHandlerPlugin ResponseHeadersPlugin RequestHeadersPlugin SimpleCsrfProtectionHandlerPlugin
         StrictGetMethodPlugin OpenAPIReferencePlugin OpenAPIGenerator RethrowHandlerPlugin BodyLimitPlugin`,
        pure,
      ),
    },
    unlisted: 'unknown',
    instances: {
      'orpc.builder': {
        members: {
          ...all('* *.* *.*.* *.*.*.*', gives({ instance: 'orpc.builder' })),
          ...all('callable actionable', gives(fn(mount))),
        },
        unlisted: 'unknown',
      },
      'orpc.caller': { members: all('* *.* *.*.* *.*.*.*', mount), unlisted: 'unknown' },
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
      // Middleware is run by the app, which is a mount; `z` is zod with more to say about OpenAPI.
      ...all(
        `basicAuth bearerAuth bodyLimit cache compress contextStorage cors csrf etag every except ipRestriction jwk jwt
         languageDetector logger methodOverride poweredBy prettyJSON requestId secureHeaders serveStatic some timeout timing
         startTime endTime setMetric trimTrailingSlash appendTrailingSlash validator zValidator sValidator createRoute
         HTTPException getConnInfo showRoutes swaggerUI httpInstrumentationMiddleware sentry trpcServer serve`,
        pure,
      ),
      z: value('unknown'),
      ...all('setCookie deleteCookie', pure),

      ...all('Hono OpenAPIHono', gives({ instance: 'hono.app' })),
      handle: gives(fn(mount)),
      createFactory: builder('hono.factory'),
      createMiddleware: builder('hono.middleware'),
    },
    unlisted: 'unknown',
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
    ],
    category: 'framework',
    exports: {
      ...all('createSchema tsr tsr.router completable ResourceTemplate', pure),
      // Documents that say where to sign in.
      ...all('protectedResourceHandler metadataCorsOptionsRequestHandler', gives(fn(asyncGives('response')))),
      ...all('McpServer Server', gives({ instance: 'mcp.server' })),
      ...all(
        'StreamableHTTPServerTransport WebStandardStreamableHTTPServerTransport SSEServerTransport',
        gives({ instance: 'mcp.transport' }),
      ),
      ...all(
        'createYoga startServerAndCreateNextHandler createHandler fetchRequestHandler createNextRoute createNextRouter createMcpHandler',
        gives(fn(mount)),
      ),
      ApolloServer: gives({ instance: 'apollo.server' }),
    },
    unlisted: 'unknown',
    instances: {
      'apollo.server': {
        members: {
          ...all('start stop addPlugin assertStarted', asyncPure),
          ...all('executeOperation executeHTTPGraphQLRequest', mount),
        },
        unlisted: 'unknown',
      },
      // https://modelcontextprotocol.io: tools are noted and run when a transport hands a request over.
      'mcp.server': {
        members: {
          ...all(
            `tool registerTool resource registerResource prompt registerPrompt registerCapabilities setRequestHandler
             setNotificationHandler sendToolListChanged sendResourceListChanged sendPromptListChanged`,
            pure,
          ),
          ...all('connect close', asyncPure),
          ...all('server', value({ instance: 'mcp.server' })),
        },
        unlisted: 'unknown',
      },
      'mcp.transport': {
        members: {
          ...all('handleRequest handlePostMessage handleMessage', mount),
          ...all('start close send', asyncPure),
          ...all('sessionId onclose onerror onmessage', value('unknown')),
        },
        unlisted: 'unknown',
      },
    },
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
