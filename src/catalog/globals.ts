import { all, asyncGives, asyncPure, call, effect, fn, gives, passes, pure, spells, value } from './define.ts'
import type { CallMeaning, Library, Result } from './meaning.ts'
import { randomUuid, randomValues } from './random.ts'

const get = effect('http', 'read', 'requests an outside service')
const send = effect('http', 'write', 'sends a request to an outside service')

/** A method that is not known is taken for a writing one; no method is GET. */
export const fetching: CallMeaning = {
  ...get,
  variants: [
    ...['GET', 'get', 'HEAD', 'head', 'OPTIONS'].map((method) => ({
      when: { at: [1, 'method'], is: method },
      then: get,
    })),
    // https://graphql.org/learn/serving-over-http: queries are sent by POST as well
    { when: { at: [1, 'body'], document: 'query' }, then: get },
    { when: { at: [1, 'method'], present: true }, then: send },
    // A prepared Request carries its method with it.
    ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({ when: { at: [0, 'method'], is: method }, then: send })),
    { when: { at: [0], type: 'object' as const }, then: get },
  ],
}

const response = gives('response')

const controller: Result = { object: { enqueue: fn(call({ answersWith: 'body' })) }, rest: 'unknown' }

/** Globals by dotted path; the intrinsics of the language (JSON, Object, Promise …) are the interpreter's own. */
export const globals: Library = {
  packages: ['global'],
  category: 'harmless',
  exports: {
    fetch: fetching,
    Response: response,
    ...all('Response.json Response.redirect Response.error', response),
    // Made here, of whatever is passed; the caller's request comes from the framework.
    ...all('Headers URLSearchParams FormData', gives('collection')),
    Request: gives('prepared-request'),
    // Text that becomes code: nothing can be said of what it does.
    ...all('eval Function', effect('process', 'write', 'runs code that is made of text')),
    'process.env': value('env'),
    'import.meta.env': value('env'),
    'Bun.env': value('env'),
    'Deno.env': value('env'),
    'Deno.env.get': gives('secret'),
    'Deno.env.toObject': gives('env'),
    'process.cwd': pure,
    'process.exit': gives('throws'),

    'crypto.subtle.verify': call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
    'crypto.subtle.timingSafeEqual': call({ proves: 'signature', anonymous: 'false', returns: 'boolean' }),
    'crypto.subtle.digest': asyncGives('digest'),
    ...all('crypto.subtle.sign crypto.subtle.importKey crypto.subtle.deriveBits', asyncPure),
    ...all(
      'crypto.subtle.deriveKey crypto.subtle.encrypt crypto.subtle.generateKey crypto.subtle.exportKey',
      asyncPure,
    ),
    'crypto.subtle.decrypt': asyncGives('unknown'),
    'crypto.getRandomValues': randomValues,
    'crypto.randomUUID': randomUuid,

    // Whoever reads the stream gets what is put into it.
    ReadableStream: call({
      runs: [
        { at: [0, 'start'], given: [controller], maybe: true },
        { at: [0, 'pull'], given: [controller], maybe: true },
      ],
    }),
    // https://streams.spec.whatwg.org/#ts-model: and from its readable side, what is written to the other.
    TransformStream: call({
      runs: [{ at: [0, 'transform'], given: ['unknown', controller], maybe: true }],
      returns: 'stream-pair',
    }),
    ...all('structuredClone', passes),
    ...all('btoa Buffer.from encodeURIComponent', spells),
    // What a timer runs, it runs later: it stops nobody, and does its work all the same.
    ...all(
      'setTimeout setInterval setImmediate queueMicrotask process.nextTick',
      call({ runs: [{ at: [0], maybe: true }] }),
    ),
    ...all('URL', gives('url')),
    TextEncoder: gives({ instance: 'text-encoder' }),
    ...all('clearTimeout clearInterval clearImmediate', pure),
    ...all(
      `URL.canParse URL.parse URLPattern atob TextDecoder Blob File
       AbortController AbortSignal.timeout AbortSignal.any WritableStream
       CompressionStream DecompressionStream Buffer.alloc Buffer.concat Buffer.byteLength Buffer.isBuffer
       Event EventTarget CustomEvent MessageChannel BroadcastChannel WebSocket performance.now performance.mark
       performance.measure decodeURIComponent encodeURI decodeURI escape unescape
       Bun.CryptoHasher Bun.hash Bun.escapeHTML Bun.sleep`,
      pure,
    ),
    ...all(
      'console.log console.error console.warn console.info console.debug console.trace console.table console.dir console.group console.groupEnd console.time console.timeEnd console.assert console.count',
      gives('undefined'),
    ),

    'Bun.password.hash': asyncPure,
    'Bun.password.verify': call({ async: true, proves: 'secret', anonymous: 'false', returns: 'boolean' }),
    'Bun.file': gives({ instance: 'bun.file' }),
    'Bun.write': effect('storage', 'write', 'writes a file'),
    ...all('Bun.spawn Bun.spawnSync', effect('process', 'write', 'starts a program')),
    'Deno.readTextFile': effect('storage', 'read', 'reads a file'),
    'Deno.writeTextFile': effect('storage', 'write', 'writes a file'),
  },
  unlisted: 'unknown',
  instances: {
    // https://developer.mozilla.org/en-US/docs/Web/API/TextEncoder
    'text-encoder': { members: { encode: spells, ...all('encodeInto encoding', pure) }, unlisted: 'unknown' },
    'bun.file': {
      members: {
        ...all('text json arrayBuffer bytes stream exists', effect('storage', 'read', 'reads a file')),
        ...all('delete unlink writer', effect('storage', 'write', 'writes a file')),
      },
      unlisted: 'unknown',
    },
  },
}
