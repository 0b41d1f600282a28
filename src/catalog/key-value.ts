import { all, asyncPure, call, effect, gives, pure, value } from './define.ts'
import type { Library, Meaning, Result } from './meaning.ts'

const redis: Result = { instance: 'redis' }

// Names are those of Redis, lower case in ioredis and Upstash, camel case in node-redis.
const members: Record<string, Meaning> = {
  ...all(
    `get mget getBuffer getrange strlen exists ttl pttl type keys scan scanStream dbsize randomkey hget hmget hgetall
     hkeys hvals hlen hexists hscan hGet hmGet hGetAll hKeys hVals hLen hExists lrange llen lindex lRange lLen lIndex
     smembers sismember scard srandmember sinter sunion sdiff sMembers sIsMember sCard zrange zrangebyscore zrevrange
     zscore zrank zcard zcount zRange zRangeByScore zScore zRank zCard zCount xrange xread xlen xRange xRead
     json.get json.mget ft.search bitcount getbit pfcount geodist geosearch mGet info time memory`,
    effect('db', 'read', 'reads the key-value store'),
  ),
  ...all('* *.*', effect('db', 'write', 'writes the key-value store', { byKey: true })),
  ...all('pipeline multi duplicate withTypeMapping', gives(redis)),
  ...all('on once off addListener removeListener defineCommand status isOpen isReady', pure),
  ...all('connect disconnect quit destroy close ping auth select subscribe psubscribe unsubscribe', asyncPure),
}

const stored = effect('storage', 'read', 'reads the storage')
const stores = effect('storage', 'write', 'writes the storage')
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
          ...all('get getItem getItems getItemRaw getKeys keys has hasItem getMeta', stored),
          ...all('set setItem setItems setItemRaw setMeta remove removeItem removeMeta del clear', stores),
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
          ...all('get getWithMetadata getMetadata list', stored),
          ...all('set setJSON delete deleteAll', stores),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: [
      'ioredis',
      'redis',
      '@redis/client',
      '@upstash/redis',
      '@upstash/redis/*',
      '@vercel/kv',
      'iovalkey',
      'valkey',
    ],
    category: 'data',
    detects: 'redis',
    exports: {
      ...all('createSentinel Redis.Cluster', gives(redis)),
      ...all('defineScript commandOptions ErrorReply ReplyError Redis.Command', pure),

      ...all('default Redis Cluster createClient createCluster createClientPool Redis.fromEnv Valkey', gives(redis)),
      kv: value(redis),
    },
    unlisted: 'unknown',
    instances: { redis: { members, unlisted: 'unknown' } },
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
