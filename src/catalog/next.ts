import { all, asyncGives, asyncPure, builder, call, fn, gives, pure } from './define.ts'
import type { Library } from './meaning.ts'

const response = gives('response')

export const next: readonly Library[] = [
  {
    packages: ['next/headers'],
    category: 'framework',
    detects: 'next',
    exports: {
      // Synchronous until Next 14; awaiting a value that is no promise gives the value.
      headers: asyncGives('headers'),
      cookies: asyncGives('cookies'),
      // The draft cookie holds a secret of the build.
      draftMode: call({
        async: true,
        proves: 'secret',
        anonymous: { object: { isEnabled: 'false', enable: fn(pure), disable: fn(pure) } },
        returns: { object: { isEnabled: 'boolean', enable: fn(pure), disable: fn(pure) } },
      }),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['next/navigation'],
    category: 'framework',
    detects: 'next',
    exports: {
      ...all(
        'useRouter useServerInsertedHTML unstable_rethrow unstable_isUnrecognizedActionError ReadonlyURLSearchParams',
        pure,
      ),

      // These throw by themselves (claims.md 16), unlike TanStack's functions of the same names.
      ...all('redirect permanentRedirect notFound unauthorized forbidden', gives('redirects')),
      ...all(
        'useSearchParams useParams usePathname useSelectedLayoutSegment useSelectedLayoutSegments',
        gives('input'),
      ),
    },
    unlisted: 'unknown',
  },
  {
    // What `next/navigation` is made of, which it did not export itself at first: files of `next/dist/client/components`.
    packages: ['next/dist/client/components/*'],
    category: 'framework',
    exports: {
      ...all('redirect permanentRedirect notFound unauthorized forbidden', gives('redirects')),
      ...all(
        'isRedirectError isNotFoundError isHTTPAccessFallbackError isNextRouterError',
        gives('boolean', {
          source: 'https://github.com/vercel/next.js/tree/canary/packages/next/src/client/components',
        }),
      ),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['next/cache'],
    category: 'framework',
    detects: 'next',
    // What such a function reads from around it is part of the key (docs: directives/use-cache, "Cache keys").
    keeps: { 'use cache': 'everybody', 'use cache: private': 'caller' },
    exports: {
      // Arguments and `keyParts` are the key; what the function reads from around it is not (its docs, "Parameters").
      unstable_cache: gives({ keeps: 0, key: 1 }),
      ...all('revalidatePath revalidateTag updateTag refresh unstable_noStore noStore cacheTag cacheLife', pure),
      ...all('unstable_cacheTag unstable_cacheLife unstable_expirePath unstable_expireTag', pure),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['next/server'],
    category: 'framework',
    detects: 'next',
    exports: {
      URLPattern: pure,

      NextResponse: response,
      ...all('NextResponse.json NextResponse.redirect NextResponse.error', response),
      // Of a proxy: the request goes on, to the same address or to another one of the application.
      ...all(
        'NextResponse.rewrite NextResponse.next',
        gives('ok-response', { source: 'https://nextjs.org/docs/app/api-reference/functions/next-response' }),
      ),
      ImageResponse: response,
      NextRequest: gives('request'),
      ...all('after unstable_after', call({ runs: [{ at: [0] }] })),
      connection: asyncPure,
      ...all('userAgent userAgentFromString', gives('input')),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['next/og', '@vercel/og'],
    category: 'framework',
    exports: { ImageResponse: response },
    unlisted: 'unknown',
  },
  {
    packages: [
      'next',
      'next/link',
      'next/image',
      'next/dynamic',
      'next/script',
      'next/form',
      'next/head',
      'next/router',
      'next/font/google',
      'next/font/local',
      'next/web-vitals',
      'next/error',
      'next/document',
      'next/app',
      'next/types',
    ],
    category: 'framework',
    detects: 'next',
    exports: {},
    unlisted: 'harmless',
    because: 'components, hooks, fonts and types',
  },
  {
    packages: ['server-only', 'client-only', '@tanstack/react-start/server-only', '@tanstack/react-start/client-only'],
    category: 'framework',
    exports: {},
    unlisted: 'harmless',
    because: 'they export nothing',
  },
  {
    // Action clients: their `.use()` chains are recorded and read by the entry points layer.
    packages: ['next-safe-action'],
    category: 'framework',
    exports: {
      ...all('flattenValidationErrors formatValidationErrors', pure),
      // https://next-safe-action.dev/docs/define-actions/validation-errors: it throws, so what comes after it does not run.
      ...all('returnValidationErrors', gives('throws')),

      createSafeActionClient: builder('next-safe-action.client'),
      createMiddleware: builder('next-safe-action.middleware'),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['zsa'],
    category: 'framework',
    exports: {
      ZSAError: pure,

      createServerAction: builder('zsa.action'),
      createServerActionProcedure: builder('zsa.procedure'),
      chainServerActionProcedures: builder('zsa.chain'),
    },
    unlisted: 'unknown',
  },
]
