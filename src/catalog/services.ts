/** Queues, messages, and other services that an application calls. */
import { all, asyncGives, asyncPure, call, effect, fn, gives, passes, pure, verifies } from './define.ts'
import type { ArgPath, CallMeaning, Library, Result } from './meaning.ts'
import { service } from './service.ts'

const isSignature = call({ proves: 'signature', anonymous: 'false', returns: 'boolean' })

const queued = effect('queue', 'write', 'queues a job')
/** A handler that runs what was registered for requests that the service has signed, and answers no others. */
const signedRun = (what: string): CallMeaning =>
  verifies('response', { async: true, effect: { kind: 'queue', write: true, what } })

/** The same, as a read where what stands at one of these places is a query of GraphQL. */
const unlessQuery = (writes: CallMeaning, reads: CallMeaning, ...places: readonly ArgPath[]): CallMeaning => ({
  ...writes,
  variants: places.map((at) => ({ when: { at, document: 'query' }, then: reads })),
})
/** https://graphql.org/learn/serving-over-http: as a body, as an object that becomes one, or as an argument of its own */
const posts = unlessQuery(
  http('write'),
  http('read'),
  [1, 'body'],
  [1, 'body', 'query'],
  [1, 'json', 'query'],
  [1, 'query'],
  [0, 'data', 'query'],
  [0, 'document'],
  [0],
  [1],
)
/**
 * A function of an address and options, or of options alone: it reads unless these say otherwise
 * (https://axios-http.com/docs/req_config, `method`).
 */
const requesting: CallMeaning = {
  ...http('read'),
  variants: [
    ...['GET', 'get', 'HEAD'].flatMap((method) => [
      { when: { at: [1, 'method'], is: method }, then: http('read') },
      { when: { at: [0, 'method'], is: method }, then: http('read') },
    ]),
    ...(posts.variants ?? []),
    { when: { at: [1, 'method'], present: true }, then: http('write') },
    // what stands before options is the address
    { when: { at: [1], present: true }, then: http('read') },
    { when: { at: [0, 'method'], present: true }, then: http('write') },
  ],
}
const callsGitHub = unlessQuery(effect('http', 'write', 'calls GitHub'), effect('http', 'read', 'reads GitHub'), [0])

const messages: readonly Library[] = [
  {
    packages: ['inngest', 'inngest/*'],
    category: 'effect',
    detects: 'inngest',
    exports: {
      ...all(
        'EventSchemas InngestMiddleware NonRetriableError RetryAfterError slugify eventType staticSchema cron',
        pure,
      ),

      Inngest: gives({ instance: 'inngest' }),
      // Requests are signed with the key of the environment; functions run only for those.
      serve: gives(
        { instance: 'inngest.handler' },
        { source: 'https://www.inngest.com/docs/platform/signing-keys, https://www.inngest.com/docs/reference/serve' },
      ),
    },
    unlisted: 'unknown',
    instances: {
      inngest: { members: { send: queued, ...all('createFunction setEventKey', pure) }, unlisted: 'unknown' },
      // A function, of which frameworks that have one for each method take those.
      'inngest.handler': {
        call: signedRun('runs its functions'),
        members: {
          GET: signedRun('lists its functions'),
          POST: signedRun('runs its functions'),
          PUT: signedRun('registers its functions'),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@trigger.dev/sdk', '@trigger.dev/sdk/v3', '@trigger.dev/sdk/v4'],
    category: 'effect',
    detects: 'trigger.dev',
    exports: {
      ...all('task schemaTask schedules.task', gives({ instance: 'trigger.task' })),
      ...all(
        'tasks.trigger tasks.batchTrigger tasks.triggerAndWait batch.trigger runs.cancel runs.replay schedules.create schedules.update schedules.del',
        queued,
      ),
      ...all('runs.retrieve runs.list runs.poll', effect('queue', 'read', 'reads jobs')),
      // A token for the caller's browser, no check of who the caller is.
      ...all(
        'auth.createPublicToken auth.createTriggerPublicToken',
        effect('secret', 'write', 'makes a token for the job server'),
      ),
      ...all(
        `configure defineConfig logger.info logger.error logger.warn logger.debug logger.log logger.trace metadata.set
         metadata.get metadata.current metadata.append metadata.increment wait.for wait.until tags.add locals.create locals.get
         locals.set queue AbortTaskRunError idempotencyKeys.create tasks.middleware tasks.onStart tasks.onStartAttempt
         tasks.onSuccess tasks.onFailure tasks.onComplete tasks.onWait tasks.onResume tasks.onCancel tasks.catchError`,
        pure,
      ),
      ...all('schedules.list schedules.retrieve schedules.timezones', effect('queue', 'read', 'reads jobs')),
      'retry.fetch': http('write'),
      'retry.onThrow': call({ async: true, runs: [{ at: [0] }], returns: 'callback' }),
    },
    unlisted: 'unknown',
    instances: { 'trigger.task': { members: { '*': queued }, unlisted: 'effect-write' } },
  },
  service({
    // https://dub.co/docs/sdks/typescript
    packages: ['dub'],
    kind: 'other',
    clients: 'Dub',
    write: 'changes links at Dub',
    read: ['links.get links.list links.count links.getInfo analytics.retrieve events.list', 'reads links at Dub'],
  }),
  service({
    // https://www.plain.com/docs/api-reference/typescript-sdk
    packages: ['@team-plain/typescript-sdk'],
    kind: 'other',
    clients: 'PlainClient',
    write: 'writes to the help desk',
    read: [
      'getCustomerById getCustomerByEmail getCustomers getThread getThreads getThreadByExternalId getTenant getTenants',
      'reads the help desk',
    ],
    exports: all('uiComponent', pure),
  }),
  service({
    // https://imapflow.com/docs/api/imapflow-client
    packages: ['imapflow'],
    kind: 'mail',
    clients: 'ImapFlow',
    write: 'changes a mailbox',
    read: [
      'connect list listTree status search fetch fetchOne fetchAll download downloadMany getMailboxLock mailboxOpen getQuota',
      'reads a mailbox',
    ],
    harmless: 'on once off close logout idle noop',
  }),
  service({
    packages: [
      'bullmq',
      'bull',
      'bee-queue',
      'pg-boss',
      'graphile-worker',
      '@upstash/workflow',
      '@vercel/queue',
      '@google-cloud/tasks',
      '@google-cloud/pubsub',
      'amqplib',
      'kafkajs',
      '@temporalio/client',
      'agenda',
    ],
    kind: 'queue',
    clients:
      'default Queue FlowProducer PgBoss makeWorkerUtils Client CloudTasksClient PubSub Kafka Connection Connection.connect connect',
    write: 'queues a job',
    exports: {
      ...all('quickAddJob send', queued),
      // What a worker is given to run, it runs when a job comes.
      ...all('Worker QueueEvents QueueScheduler UnrecoverableError WorkflowExecutionAlreadyStartedError', pure),
      ...all('WorkflowRetryAfterError WorkflowNonRetryableError', pure),
      // https://upstash.com/docs/workflow/quickstarts/platforms, "another platform"
      serve: gives({ object: { handler: fn(signedRun('runs its workflow')) } }),
    },
    read: ['getJob getJobs getJobCounts getWaiting getActive getCompleted getFailed getState', 'reads jobs'],
    harmless: 'on once off close start stop connect disconnect',
  }),
  {
    packages: ['@upstash/workflow/nextjs', '@upstash/workflow/tanstack'],
    category: 'effect',
    exports: {
      serve: gives(
        { object: { POST: fn(signedRun('runs its workflow')) } },
        { source: 'https://upstash.com/docs/workflow/howto/security' },
      ),
    },
    unlisted: 'unknown',
  },
  service({
    packages: [
      'pusher',
      'ably',
      '@liveblocks/node',
      'partykit',
      'socket.io',
      'stream-chat',
      'livekit-server-sdk',
      '@knocklabs/node',
      '@novu/node',
      '@novu/api',
      'onesignal-node',
    ],
    kind: 'other',
    clients:
      'default Rest Realtime Liveblocks Server StreamClient StreamChat StreamChat.getInstance RoomServiceClient Knock Novu',
    write: 'sends messages',
    harmless: 'on once',
    members: {
      ...all('channels.get of to in', gives({ instance: 'pusher' })),
      ...all(
        'authorizeChannel authenticateUser authenticate prepareSession identifyUser createToken',
        effect('secret', 'write', 'makes a token for the message server'),
      ),
      webhook: pure,
    },
  }),
  service({
    packages: ['twilio', '@vonage/server-sdk', 'messagebird', 'plivo'],
    kind: 'mail',
    clients: 'default Twilio Vonage',
    write: 'sends text messages',
    exports: {
      ...all('validateRequest validateRequestWithBody validateExpressRequest', isSignature),
      ...all('twiml.VoiceResponse twiml.MessagingResponse jwt.AccessToken', pure),
    },
    members: { ...all('verify.v2.services', gives({ instance: 'twilio' })) },
  }),
  {
    packages: ['web-push'],
    category: 'effect',
    exports: {
      WebPushError: pure,

      sendNotification: effect('other', 'write', 'sends push messages'),
      ...all('setVapidDetails generateVAPIDKeys', pure),
    },
    unlisted: 'unknown',
  },
  service({
    packages: [
      '@slack/web-api',
      '@slack/webhook',
      'discord.js',
      '@discordjs/rest',
      'telegraf',
      'grammy',
      'node-telegram-bot-api',
      '@linear/sdk',
      '@notionhq/client',
      'airtable',
      '@hubspot/api-client',
      'intercom-client',
      'jira.js',
      'node-zendesk',
    ],
    kind: 'http',
    clients: 'default WebClient IncomingWebhook REST Client Telegraf Bot LinearClient Airtable IntercomClient',
    write: 'calls an outside service',
    exports: {
      verifyKey: isSignature,
      ...all('EmbedBuilder ActionRowBuilder ButtonBuilder SlashCommandBuilder AttachmentBuilder', pure),
    },
  }),
  service({
    packages: [
      'octokit',
      '@octokit/rest',
      '@octokit/core',
      '@octokit/app',
      '@octokit/graphql',
      '@octokit/request',
      '@gitbeaker/rest',
    ],
    kind: 'http',
    clients: 'Octokit App Gitlab',
    write: 'calls GitHub',
    // https://github.com/octokit/graphql.js#usage, https://github.com/octokit/core.js#defaults: the same with other defaults
    exports: {
      ...all('graphql request', callsGitHub),
      ...all('graphql.defaults request.defaults withCustomRequest', gives(fn(callsGitHub))),
      ...all('Octokit.defaults Octokit.plugin App.defaults', gives(fn(gives({ instance: 'octokit' })))),
      ...all('RequestError GraphqlResponseError', pure),
    },
    read: [
      'repos.get rest.repos.get rest.repos.listForAuthenticatedUser rest.users.getAuthenticated rest.users.getByUsername rest.repos.getContent rest.issues.listForRepo',
      'reads GitHub',
    ],
    members: {
      graphql: callsGitHub,
      ...all('webhooks.verify', call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' })),
      'webhooks.verifyAndReceive': verifies('unknown', { async: true }),
    },
  }),
  service({
    unlisted: 'effect-write',
    packages: [
      'googleapis',
      '@googleapis/*',
      'google-auth-library',
      '@google-cloud/vertexai',
      '@google-analytics/data',
      '@microsoft/microsoft-graph-client',
      '@azure/identity',
    ],
    kind: 'http',
    clients:
      'google.sheets google.drive google.gmail google.calendar google.youtube google.people VertexAI BetaAnalyticsDataClient Client.init sheets drive gmail calendar',
    write: 'calls an outside service',
    exports: {
      ...all('google.auth.OAuth2 auth.OAuth2 OAuth2Client', gives({ instance: 'google.oauth' })),
      // They sign requests with the server's key, and make them: https://github.com/googleapis/google-auth-library-nodejs
      ...all('google.auth.GoogleAuth google.auth.JWT GoogleAuth JWT', gives({ instance: 'google.oauth' })),
      'google.options': pure,
    },
  }),
  {
    packages: [
      'axios',
      'got',
      'ky',
      'ofetch',
      '@better-fetch/fetch',
      'undici',
      'node-fetch',
      'cross-fetch',
      'redaxios',
      'wretch',
      'superagent',
      'openapi-fetch',
      'graphql-request',
      'needle',
      '@hey-api/client-fetch',
    ],
    category: 'effect',
    exports: {
      ...all('get head options default.get default.head', http('read')),
      ...all('post put patch delete request post default.post default.put default.patch default.delete', posts),
      ...all('default fetch $fetch ofetch betterFetch got ky axios', requesting),
      ...all('request gql GraphQLClient.request', posts),
      gql: pure,
      ...all(
        `create extend default.create default.extend createFetch createClient GraphQLClient ofetch.create $fetch.create
         ky.create ky.extend got.extend`,
        gives({ instance: 'http.client' }),
      ),
      ...all('axios.get ky.get got.get axios.head', http('read')),
      ...all(
        'axios.post axios.put axios.patch axios.delete axios.request ky.post ky.put ky.patch ky.delete got.post',
        posts,
      ),
      'axios.create': gives({ instance: 'http.client' }),
      ...all('isAxiosError axios.isAxiosError', gives('boolean')),
      ...all('Agent ProxyAgent EnvHttpProxyAgent Pool setGlobalDispatcher getGlobalDispatcher createSchema', pure),
      ...all('$fetch.raw ofetch.raw $fetch.native ofetch.native', posts),
      rawRequest: posts,
      batchRequests: http('write'),
      ...all('Headers FormData', gives('collection')),
      Response: gives('response'),
      Request: gives('prepared-request'),
      ...all(
        `AxiosError AxiosHeaders CanceledError isCancel axios.isCancel toFormData FetchError HTTPError TimeoutError isHTTPError
         isTimeoutError ClientError File Blob`,
        pure,
      ),
      ...all('default.interceptors.request.use default.interceptors.response.use', pure),
    },
    unlisted: 'unknown',
    instances: {
      'http.client': {
        call: requesting,
        members: {
          ...all('get head options GET HEAD', http('read')),
          ...all('post put patch delete request POST PUT PATCH DELETE rawRequest', posts),
          batchRequests: http('write'),
          ...all('interceptors.request.use interceptors.response.use use setHeader setHeaders setEndpoint', pure),
          ...all('extend create', gives({ instance: 'http.client' })),
        },
        unlisted: 'unknown',
      },
    },
  },
  service({
    packages: ['@elastic/elasticsearch', '@opensearch-project/opensearch'],
    kind: 'db',
    clients: 'Client',
    write: 'writes the search index',
    read: ['search get mget count exists msearch suggest termsEnum', 'reads the search index'],
  }),
  service({
    packages: [
      'meilisearch',
      'algoliasearch',
      'algoliasearch/lite',
      'typesense',
      '@pinecone-database/pinecone',
      '@qdrant/js-client-rest',
      '@upstash/vector',
      '@upstash/search',
      'weaviate-client',
      'chromadb',
      '@zilliz/milvus2-sdk-node',
      '@turbopuffer/turbopuffer',
    ],
    kind: 'db',
    clients:
      'default MeiliSearch Meilisearch algoliasearch liteClient Client Pinecone QdrantClient Index Search ChromaClient MilvusClient',
    write: 'writes the search index',
    read: [
      'search query retrieve multiSearch searchSingleIndex getDocument getDocuments getObject fetch range info',
      'reads the search index',
    ],
    members: {
      ...all(
        'index initIndex Index namespace collections collections.documents getOrCreateCollection',
        gives({ instance: 'meilisearch' }),
      ),
    },
  }),
  service({
    packages: [
      '@sanity/client',
      'next-sanity',
      'contentful',
      '@prismicio/client',
      '@storyblok/js',
      '@strapi/client',
      '@builder.io/sdk',
      '@contentstack/delivery-sdk',
    ],
    kind: 'http',
    clients: 'default createClient createContentClient',
    exports: {
      ...all('groq defineQuery asText asLink asHTML asDate asImageSrc isFilled filter.at filter.any filter.not', pure),
      defineLive: gives({ object: { sanityFetch: fn(effect('http', 'read', 'reads the content service')) } }),
    },
    write: 'writes the content service',
    read: [
      'fetch getEntries getEntry getAsset getAssets getAllByType getByUID getSingle getByID getDocument getContentType',
      'reads the content service',
    ],
    harmless: 'config withConfig observable',
  }),
  service({
    packages: [
      '@shopify/shopify-api',
      '@shopify/storefront-api-client',
      '@shopify/admin-api-client',
      'shopify-buy',
      '@medusajs/js-sdk',
    ],
    kind: 'http',
    clients: 'default shopifyApi createStorefrontApiClient createAdminApiClient',
    write: 'calls the shop',
  }),
  service({
    packages: [
      '@vercel/edge-config',
      '@growthbook/growthbook',
      'launchdarkly-node-server-sdk',
      '@launchdarkly/node-server-sdk',
      'statsig-node',
      '@statsig/statsig-node-core',
      'unleash-client',
    ],
    kind: 'other',
    clients: 'createClient init',
    write: 'reads feature flags',
    exports: { ...all('get getAll has', asyncPure), flag: pure },
  }),
]

function http(mode: 'read' | 'write'): CallMeaning {
  return mode === 'read'
    ? effect('http', 'read', 'requests an outside service')
    : effect('http', 'write', 'sends a request to an outside service')
}

/** https://github.com/vercel/flags: packages/flags/src/lib/verify-access.ts, packages/flags/src/next */
const flags: Library = {
  packages: ['flags', 'flags/*', '@vercel/flags', '@vercel/flags/*'],
  category: 'effect',
  exports: {
    // Answers 401 unless the header holds what only FLAGS_SECRET can make.
    createFlagsDiscoveryEndpoint: call({
      proves: 'secret',
      anonymous: fn(call({ async: true, returns: 'response' })),
      returns: { wraps: 0 },
    }),
    ...all(
      'verifyAccess verifyAccessProof',
      call({ async: true, proves: 'secret', anonymous: 'false', returns: 'boolean' }),
    ),
    dedupe: passes,
    ...all('flag getProviderData mergeProviderData reportValue safeJsonStringify setTracerProvider', pure),
    ...all(
      `evaluate precompute serialize deserialize getPrecomputed generatePermutations clearDedupeCacheForCurrentRequest
       createAccessProof encryptFlagValues encryptFlagDefinitions encryptOverrides decryptFlagValues decryptFlagDefinitions
       decryptOverrides`,
      asyncPure,
    ),
    combine: pure,
  },
  unlisted: 'unknown',
}

const oauth: Result = { instance: 'google.oauth' }
const google: Library = {
  packages: ['@google-cloud/local-auth', '@react-oauth/google'],
  category: 'auth',
  exports: { OAuth2Client: gives(oauth) },
  unlisted: 'unknown',
  instances: {
    'google.oauth': {
      members: {
        verifyIdToken: call({
          async: true,
          proves: 'authenticated',
          anonymous: 'throws',
          returns: { object: { getPayload: fn(gives('principal')), getUserId: fn(gives('principal')) } },
        }),
        getToken: call({
          async: true,
          credential: true,
          proves: 'authenticated',
          anonymous: 'throws',
          returns: { object: { tokens: 'unknown' } },
        }),
        ...all('setCredentials generateAuthUrl on', pure),
        ...all('refreshAccessToken getAccessToken revokeToken getTokenInfo authorize', asyncGives('unknown')),
        ...all('getClient getIdTokenClient', asyncGives(oauth)),
        ...all('getProjectId getCredentials', asyncPure),
        request: effect('http', 'write', 'calls an outside service'),
      },
      unlisted: 'unknown',
    },
  },
}

export const services: readonly Library[] = [...messages, flags, google]
