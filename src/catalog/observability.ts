import { all, builder, call, effect, fn, gives, passes, pure, value } from './define.ts'
import type { CallbackMeaning, CallMeaning, Library, Result } from './meaning.ts'

/** Runs a callback and gives what it gave. */
const around = (...runs: readonly CallbackMeaning[]): CallMeaning => call({ runs, returns: 'callback' })
const span: Result = { object: {}, rest: 'unknown' }

/** A line in the log. */
const logged = call({ async: true })

export const observability: readonly Library[] = [
  {
    // https://cloud.google.com/nodejs/docs/reference/logging/latest: writing entries is a record, reading them shows it.
    packages: ['@google-cloud/logging'],
    category: 'effect',
    exports: {
      Logging: gives({ instance: 'google.logging' }),
      ...all('Entry Severity SeverityNames assignSeverityToEntries', pure),
    },
    unlisted: 'unknown',
    instances: {
      'google.logging': {
        members: {
          ...all('log logSync', gives({ instance: 'google.log' })),
          ...all('entry setProjectId setDetectedResource', pure),
          ...all('getEntries getLogs getSinks', effect('other', 'read', 'reads the log')),
        },
        unlisted: 'unknown',
      },
      'google.log': {
        members: {
          ...all('write alert critical debug emergency error info notice warning', logged),
          entry: pure,
          getEntries: effect('other', 'read', 'reads the log'),
          delete: effect('other', 'write', 'deletes a log'),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@sentry/*'],
    category: 'harmless',
    detects: 'sentry',
    exports: {
      ...all('startSpan startSpanManual', around({ at: [1], given: [span] })),
      startNewTrace: around({ at: [0] }),
      ...all(
        'withScope withIsolationScope',
        around({ at: [0], given: [span], maybe: true }, { at: [1], given: [span], maybe: true }),
      ),
      ...all('withActiveSpan continueTrace withMonitor', around({ at: [1] })),
      withServerActionInstrumentation: around({ at: [1], maybe: true }, { at: [2], maybe: true }),
      ...all(
        'wrapMiddlewareWithSentry wrapFetchWithSentry wrapServerEntryWithSentry wrapMiddlewaresWithSentry wrapRouteHandlerWithSentry wrapServerComponentWithSentry wrapApiHandlerWithSentry wrapPageComponentWithSentry wrapGenerationFunctionWithSentry withErrorBoundary withProfiler wrapCreateRootRouteWithSentry wrapMiddlewareHandlerWithSentry wrapStreamFetchWithSentry',
        passes,
      ),
      ...all('withSentry withSentryConfig', passes),
      ...all('sentryGlobalRequestMiddleware sentryGlobalFunctionMiddleware', builder('pass-through')),
      ...all(
        'captureException captureMessage captureEvent captureFeedback addBreadcrumb setUser setTag setTags setContext setExtra init flush close',
        pure,
      ),
    },
    unlisted: 'harmless',
  },
  {
    packages: [
      '@opentelemetry/*',
      '@vercel/otel',
      'dd-trace',
      '@highlight-run/next',
      '@highlight-run/next/*',
      'newrelic',
      '@axiomhq/*',
      'next-axiom',
      '@logtail/next',
      '@logtail/node',
      '@baselime/node-opentelemetry',
    ],
    category: 'harmless',
    exports: {
      'trace.getTracer': gives({ instance: 'opentelemetry.tracer' }),
      'context.with': around({ at: [1] }),
      'default.trace': around({ at: [1], given: [span], maybe: true }, { at: [2], given: [span], maybe: true }),
      'default.wrap': gives({ wraps: 1 }),
      ...all('withAxiom withLogtail withBetterStack', gives({ wraps: 0 })),
      ...all('createAxiomRouteHandler AppRouterHighlight', gives({ fn: gives({ wraps: 0 }) })),
    },
    unlisted: 'harmless',
    instances: {
      'opentelemetry.tracer': {
        members: {
          startActiveSpan: around(
            { at: [1], given: [span], maybe: true },
            { at: [2], given: [span], maybe: true },
            { at: [3], given: [span], maybe: true },
          ),
          startSpan: pure,
        },
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['evlog', 'evlog/*'],
    category: 'harmless',
    exports: {
      // https://github.com/HugoRCD/evlog: it runs what comes after it, and writes errors down as they pass.
      evlogErrorHandler: call({
        async: true,
        runs: [{ at: [0, 'next'] }],
        returns: 'callback',
        variants: [
          {
            when: { at: [0], type: 'function' },
            then: call({ async: true, runs: [{ at: [0] }], returns: 'callback' }),
          },
        ],
      }),
      withAudit: gives({ wraps: 1 }),
      createEvlog: gives({ object: { withEvlog: fn(gives({ wraps: 0 })) }, rest: 'unknown' }),
      evlogMiddleware: builder('pass-through'),
      ...all('log logger', value('unknown')),
      ...all('createLogger createRequestLogger useLogger', gives('unknown')),
    },
    unlisted: 'harmless',
  },
  {
    packages: [
      'posthog-node',
      'posthog-js',
      'posthog-js/*',
      'mixpanel',
      '@amplitude/*',
      '@segment/analytics-node',
      'analytics-node',
      'logsnag',
      '@openpanel/nextjs',
      '@openpanel/sdk',
      'plausible-tracker',
      'langfuse',
      '@helicone/helpers',
      'braintrust',
      'langsmith',
      'langsmith/*',
    ],
    category: 'harmless',
    exports: { ...all('traceable wrapOpenAI wrapAISDK', passes) },
    unlisted: 'harmless',
  },
  {
    packages: [
      'pino',
      'pino-pretty',
      'pino-http',
      'winston',
      'winston-transport',
      'winston-daily-rotate-file',
      'logform',
      'triple-beam',
      '@logtail/*',
      'consola',
      'consola/*',
      'debug',
      'loglevel',
      'tslog',
      'signale',
      '@logtape/logtape',
      '@logtape/*',
      'bunyan',
      'log4js',
      'roarr',
      'chalk',
      'picocolors',
      'kleur',
      'colorette',
      'ora',
    ],
    category: 'harmless',
    exports: { default: gives('unknown'), ...all('pino createLogger getLogger logger consola', value('unknown')) },
    unlisted: 'harmless',
  },
]
