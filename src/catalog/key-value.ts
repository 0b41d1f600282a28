import { all, asyncPure, call, effect, gives, pure, value } from './define.ts'
import { counted, found, gathered, put } from './keyed.ts'
import type { Keyed, Library, Meaning, Result } from './meaning.ts'

const redis: Result = { instance: 'redis' }
const upstash: Result = { instance: 'upstash.redis' }

const reads = 'reads the key-value store'
const writes = 'writes the key-value store'
const takes = effect('db', 'write', writes, { byKey: true, keyed: found })
const ends = effect('db', 'write', writes, { byKey: true, keyed: counted })
const puts = effect('db', 'write', writes, { byKey: true, keyed: put })
const field = { field: true } as const

// Names are those of Redis, lower case in ioredis and Upstash, camel case in node-redis.
// https://redis.io/docs/latest/commands/: what each gives for a key that is not there.
const members: Record<string, Meaning> = {
  ...all(
    `mget getrange strlen ttl pttl type keys scan scanStream dbsize randomkey hmget
     hkeys hvals hlen hexists hscan hmGet hKeys hVals hLen hExists lrange llen lindex lRange lLen lIndex
     smembers sismember scard srandmember sinter sunion sdiff sMembers sIsMember sCard zrange zrangebyscore zrevrange
     zscore zrank zcard zcount zRange zRangeByScore zScore zRank zCard zCount xrange xread xlen xRange xRead
     json.mget ft.search bitcount getbit pfcount geodist geosearch mGet info time memory`,
    effect('db', 'read', reads),
  ),
  ...all('get getBuffer json.get', effect('db', 'read', reads, { keyed: found })),
  ...all('hget hGet', effect('db', 'read', reads, { keyed: { ...found, ...field } })),
  ...all('hgetall hGetAll', effect('db', 'read', reads, { keyed: gathered })),
  exists: effect('db', 'read', reads, { keyed: counted }),
  ...all('* *.*', effect('db', 'write', writes, { byKey: true })),
  ...all('getdel getDel getex getEx', takes),
  ...all('del unlink expire pexpire persist', ends),
  ...all('set setex setEx psetex pSetEx setnx setNX getset getSet json.set', puts),
  ...all('hset hSet hmset hsetnx hSetNX', effect('db', 'write', writes, { byKey: true, keyed: { ...put, ...field } })),
  ...all('pipeline multi duplicate withTypeMapping', gives(redis)),
  ...all('on once off addListener removeListener defineCommand status isOpen isReady', pure),
  ...all('connect disconnect quit destroy close ping auth select subscribe psubscribe unsubscribe', asyncPure),
}

const stored = effect('storage', 'read', 'reads the storage')
/** A store of which parts have names: where the name stands in what made it. */
const storedIn = (room: Keyed['room']): Meaning =>
  effect('storage', 'read', 'reads the storage', { keyed: { ...found, ...(room && { room }) } })
const stores = effect('storage', 'write', 'writes the storage')
const storesIn = (room: Keyed['room']): Meaning =>
  effect('storage', 'write', 'writes the storage', { keyed: { ...put, ...(room && { room }) } })
const endsIn = (room: Keyed['room']): Meaning =>
  effect('storage', 'write', 'writes the storage', { keyed: { ...found, ...(room && { room }) } })
/** `useStorage(base)`, `prefixStorage(storage, base)`: https://unstorage.unjs.io/guide/utils */
const base: Keyed['room'] = [[0], [1]]
/** `getStore(name)`, `getStore({ name })`. */
const named: Keyed['room'] = [[0], [0, 'name']]
const storage: Result = { instance: 'unstorage' }

export const keyValue: readonly Library[] = [
  {
    // https://unstorage.unjs.io/guide, and Nitro's `useStorage`, which gives one.
    packages: ['unstorage', 'nitro/storage', 'nitropack/runtime', 'nitro/runtime', 'nitro'],
    category: 'data',
    exports: {
      ...all(
        `useRuntimeConfig useAppConfig defineConfig defineNitroConfig definePlugin defineNitroPlugin defineDriver
         builtinDrivers normalizeKey joinKeys`,
        pure,
      ),
      ...all('createStorage prefixStorage useStorage', gives(storage)),
    },
    unlisted: 'unknown',
    instances: {
      unstorage: {
        members: {
          ...all('getItems getKeys keys has hasItem getMeta', stored),
          ...all('get getItem getItemRaw', storedIn(base)),
          ...all('setItems setMeta removeMeta clear', stores),
          ...all('set setItem setItemRaw', storesIn(base)),
          ...all('remove removeItem del', endsIn(base)),
          ...all('mount unmount getMount getMounts watch unwatch dispose', pure),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    // https://docs.netlify.com/build/data-and-storage/netlify-blobs/
    packages: ['@netlify/blobs'],
    category: 'data',
    exports: {
      ...all('connectLambda setEnvironmentContext', pure),
      ...all('getStore getDeployStore', gives({ instance: 'netlify.blobs' })),
      listStores: stored,
    },
    unlisted: 'unknown',
    instances: {
      'netlify.blobs': {
        members: {
          ...all('get getWithMetadata getMetadata', storedIn(named)),
          list: stored,
          ...all('set setJSON', storesIn(named)),
          delete: endsIn(named),
          deleteAll: stores,
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['ioredis', 'redis', '@redis/client', 'iovalkey', 'valkey'],
    category: 'data',
    detects: 'redis',
    exports: {
      ...all('createSentinel Redis.Cluster', gives(redis)),
      ...all('defineScript commandOptions ErrorReply ReplyError Redis.Command', pure),
      ...all('default Redis Cluster createClient createCluster createClientPool Valkey', gives(redis)),
    },
    unlisted: 'unknown',
    instances: { redis: { members, unlisted: 'unknown' } },
  },
  {
    // https://upstash.com/docs/redis/sdks/ts/overview; Vercel's is made of it.
    packages: ['@upstash/redis', '@upstash/redis/*', '@vercel/kv'],
    category: 'data',
    detects: 'redis',
    exports: {
      ...all('default Redis createClient Redis.fromEnv', gives(upstash)),
      kv: value(upstash),
    },
    unlisted: 'unknown',
    instances: {
      'upstash.redis': {
        members: {
          ...members,
          hgetall: effect('db', 'read', reads, { keyed: found }),
          ...all('pipeline multi', gives(upstash)),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    // Limits speak about addresses and counts, not about who calls: never a guard (design.md).
    packages: [
      '@upstash/ratelimit',
      'rate-limiter-flexible',
      '@unkey/ratelimit',
      'limiter',
      'express-rate-limit',
      '@arcjet/next',
      '@arcjet/node',
    ],
    category: 'harmless',
    exports: {
      ...all(
        'Ratelimit RateLimiter RateLimiterRedis RateLimiterMemory RateLimiterPostgres RateLimiterPrisma',
        gives({ instance: 'rate-limit' }),
      ),
      ...all('Ratelimit.slidingWindow Ratelimit.fixedWindow Ratelimit.tokenBucket Ratelimit.cachedFixedWindow', pure),
      default: gives({ instance: 'rate-limit' }),
    },
    unlisted: 'harmless',
    instances: {
      'rate-limit': {
        members: {
          ...all(
            'limit blockUntilReady consume',
            call({ async: true, returns: { object: { success: 'boolean' }, rest: 'unknown' } }),
          ),
          ...all('getRemaining resetUsedTokens get reward penalty delete protect withRule', asyncPure),
        },
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['lru-cache', 'node-cache', '@isaacs/ttlcache', 'keyv', 'quick-lru'],
    category: 'harmless',
    exports: {},
    unlisted: 'harmless',
  },
]
