import { all, asyncPure, call, effect, gives, passes, pure, value } from './define.ts'
import { fetching } from './globals.ts'
import type { CallMeaning, Library, Meaning } from './meaning.ts'

/** A module by both of its names. */
const both = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [`node:${name}`, name])

const readsFile = effect('storage', 'read', 'reads a file')
const writesFile = effect('storage', 'write', 'writes a file')
const makesFolder: CallMeaning = call({
  async: true,
  effect: { kind: 'storage', write: true, what: 'writes a file', setsUp: true },
})
const runsProgram = effect('process', 'write', 'starts a program')

const reading =
  'readFile readdir opendir stat lstat statfs fstat access realpath readlink open openAsBlob read readv exists watch watchFile glob'
const writing = `writeFile appendFile mkdtemp rm rmdir unlink rename copyFile cp chmod chown utimes truncate symlink
  link write writev createWriteStream lutimes lchown lchmod futimes fchmod fchown ftruncate`
const sync = (names: string): string =>
  names
    .split(/\s+/)
    .map((name) => `${name}Sync`)
    .join(' ')
const prefixed = (names: string): string =>
  names
    .split(/\s+/)
    .map((name) => `promises.${name}`)
    .join(' ')
const now = <M extends { readonly async?: boolean }>(meaning: M): M => ({ ...meaning, async: false })

const asking = `lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr
  resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse`

const files: Record<string, Meaning> = {
  ...all(reading, readsFile),
  ...all(writing, writesFile),
  ...all(sync(reading), now(readsFile)),
  ...all(sync(writing), now(writesFile)),
  createReadStream: now(readsFile),
  // A folder that is there stays as it is (https://nodejs.org/api/fs.html#fsmkdirpath-options-callback).
  ...all('mkdir promises.mkdir', makesFolder),
  mkdirSync: now(makesFolder),
  ...all(prefixed(reading), readsFile),
  ...all(prefixed(writing), writesFile),
  ...all('close closeSync fsync fsyncSync fdatasync fdatasyncSync unwatchFile', call()),
  // Whether a file is there says little.
  ...all('access accessSync existsSync promises.access', call({ returns: 'boolean' })),
}

export const node: readonly Library[] = [
  { packages: both('fs', 'fs/promises'), category: 'effect', exports: files, unlisted: 'unknown' },
  {
    packages: ['fs-extra', 'graceful-fs'],
    category: 'effect',
    exports: {
      ...files,
      ...all('readJson readJSON pathExists readJsonSync', readsFile),
      ...all('outputFile writeJson writeJSON ensureFile remove move emptyDir copy outputJson', writesFile),
      // https://github.com/jprichardson/node-fs-extra/blob/master/docs/ensureDir.md
      ...all('ensureDir mkdirp mkdirs', makesFolder),
      ...all('ensureDirSync mkdirpSync mkdirsSync', now(makesFolder)),
    },
    unlisted: 'unknown',
  },
  {
    packages: both('child_process', 'cluster', 'worker_threads', 'vm', 'v8'),
    category: 'effect',
    exports: {
      ...all(
        'getHeapStatistics getHeapSpaceStatistics serialize deserialize MessageChannel isContext createContext',
        pure,
      ),

      ...all('exec execFile spawn fork execSync execFileSync spawnSync', runsProgram),
      ...all('Worker runInNewContext runInContext runInThisContext Script', runsProgram),
      ...all('isMainThread parentPort workerData threadId', value('unknown')),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['execa', 'zx', 'cross-spawn', 'shelljs', 'tinyexec', 'node-pty', 'dockerode', 'ssh2', 'simple-git'],
    category: 'effect',
    exports: {},
    unlisted: 'effect-write',
  },
  {
    packages: both('assert', 'assert/strict'),
    category: 'harmless',
    exports: {
      ...all('default ok strict', call({ asserts: 0 })),
      fail: gives('throws'),
      ...all('equal strictEqual deepEqual deepStrictEqual notEqual notStrictEqual match', pure),
    },
    unlisted: 'harmless',
  },
  {
    packages: both('async_hooks'),
    category: 'harmless',
    exports: { AsyncLocalStorage: gives({ instance: 'node.storage' }), AsyncResource: pure },
    unlisted: 'harmless',
    instances: {
      'node.storage': {
        members: {
          run: call({ store: 'runs', runs: [{ at: [1] }], returns: 'callback' }),
          exit: call({ runs: [{ at: [0] }], returns: 'callback' }),
          getStore: call({ store: 'reads' }),
          enterWith: call({ store: 'enters' }),
          disable: pure,
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: both('http', 'https', 'http2'),
    category: 'effect',
    exports: {
      ...all('validateHeaderName validateHeaderValue', pure),

      ...all('get', fetching),
      request: effect('http', 'write', 'sends a request to an outside service'),
      ...all('Agent createServer', pure),
    },
    unlisted: 'unknown',
  },
  {
    // https://docs.netlify.com/build/caching/cache-api/: fetches, unless it has the answer.
    packages: ['@netlify/cache'],
    category: 'effect',
    exports: {
      ...all('cacheHeaders setCacheHeaders getCacheStatus needsRevalidation', pure),
      fetchWithCache: fetching,
    },
    unlisted: 'unknown',
  },
  {
    packages: both('net', 'tls', 'dgram', 'dns', 'dns/promises'),
    category: 'effect',
    exports: {
      ...all('connect createConnection createSocket Socket', effect('http', 'write', 'opens a connection')),
      ...all('isIP isIPv4 isIPv6 BlockList SocketAddress createServer checkServerIdentity', pure),
      // What names stand for, anybody may ask; an answer of before `promises` goes to a function.
      ...all(
        `${asking} ${prefixed(asking)}`,
        call({
          async: true,
          runs: [
            { at: [1], maybe: true },
            { at: [2], maybe: true },
          ],
        }),
      ),
      ...all('Resolver promises.Resolver', pure),
      ...all('setServers getServers setDefaultResultOrder getDefaultResultOrder', pure),
    },
    unlisted: 'unknown',
  },
  {
    packages: both('util'),
    category: 'harmless',
    exports: { ...all('promisify callbackify deprecate', passes) },
    unlisted: 'harmless',
  },
  {
    packages: both('process'),
    category: 'harmless',
    exports: { env: value('env'), exit: gives('throws'), ...all('cwd nextTick hrtime memoryUsage uptime', pure) },
    unlisted: 'harmless',
  },
  {
    packages: both('timers/promises'),
    category: 'harmless',
    exports: { ...all('setTimeout setInterval setImmediate', asyncPure) },
    unlisted: 'harmless',
  },
  {
    // https://nodejs.org/api/webstreams.html#utility-consumers: all that comes out of a stream.
    packages: both('stream/consumers'),
    category: 'harmless',
    exports: all('arrayBuffer blob buffer bytes json text', asyncPure),
    unlisted: 'harmless',
  },
  {
    packages: both(
      'path',
      'path/posix',
      'url',
      'buffer',
      'os',
      'querystring',
      'stream',
      'stream/promises',
      'stream/web',
      'events',
      'perf_hooks',
      'zlib',
      'string_decoder',
      'punycode',
      'module',
      'tty',
      'readline',
      'readline/promises',
      'constants',
      'diagnostics_channel',
      'util/types',
      'timers',
      'console',
      'test',
    ),
    category: 'harmless',
    exports: {},
    unlisted: 'harmless',
  },
]
