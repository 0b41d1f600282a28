import { all, asyncGives, asyncPure, call, effect, fn, gives, pure, query, value } from './define.ts'
import { found, put } from './keyed.ts'
import type { Keyed, Library, Meaning, QueryMeaning, Result } from './meaning.ts'

/** A store is called what it is bound to: `env.SESSIONS`. https://developers.cloudflare.com/kv/api/ */
const binding: Pick<Keyed, 'room'> = { room: 'member' }

/** Runs SQL text that is its first argument, or the `text` / `sql` of an object there. */
const text = (returns: QueryMeaning['returns'], facts: Partial<QueryMeaning> = {}): QueryMeaning =>
  query('raw', { model: [], returns, lazy: false, sql: { at: [0] }, ...facts })
/** Runs SQL when used as a template tag; called as a function it only makes a fragment. */
const tag = (returns: QueryMeaning['returns']): QueryMeaning => query('raw', { model: [], returns, sql: 'tag' })

/** `db.prepare(sql).all(…)` of the SQLite drivers: preparing runs nothing. */
const prepare = (facts: Partial<QueryMeaning> = {}): QueryMeaning =>
  query('raw', {
    model: [],
    returns: 'unknown',
    thenable: false,
    sql: { at: [0] },
    methods: {
      // bun gives null: https://bun.sh/docs/runtime/sqlite#get
      get: { returns: 'row', settles: true },
      first: { returns: 'row-or-null', settles: true },
      all: { returns: 'rows', settles: true },
      values: { returns: 'rows', settles: true },
      iterate: { returns: 'rows', settles: true },
      raw: {},
      run: { returns: 'affected', settles: true },
    },
    ...facts,
  })

const ends = all('end close release destroy unref ref on off once removeListener', asyncPure)

const postgres: Result = { instance: 'postgres.sql' }
const pg: Result = { instance: 'pg.client' }
const mysql: Result = { instance: 'mysql.connection' }
const sqlite: Result = { instance: 'sqlite.db' }
const libsql: Result = { instance: 'libsql.client' }
const pglite: Result = { instance: 'pglite.db' }
const planetscale: Result = { instance: 'planetscale.connection' }
const neon: Result = { instance: 'neon.sql' }

const pgMembers: Record<string, Meaning> = {
  query: text('driver-rows'),
  connect: asyncGives(pg),
  // @vercel/postgres
  sql: tag('driver-rows'),
  ...ends,
}

export const sql: readonly Library[] = [
  {
    packages: ['pg', 'pg-pool', 'pg/lib/*'],
    category: 'data',
    detects: 'pg',
    exports: {
      ...all('Pool Client default', gives(pg)),
      types: value('unknown'),
      ...all('DatabaseError escapeIdentifier escapeLiteral', pure),
    },
    unlisted: 'unknown',
    instances: { 'pg.client': { members: pgMembers, unlisted: 'unknown' } },
  },
  {
    packages: ['postgres'],
    category: 'data',
    detects: 'postgres',
    exports: {
      PostgresError: pure,
      default: gives(postgres, { source: 'https://github.com/porsager/postgres#readme' }),
    },
    unlisted: 'unknown',
    instances: {
      'postgres.sql': {
        call: tag('rows'),
        members: {
          unsafe: text('rows', { lazy: true }),
          file: effect('db', 'write', 'runs SQL'),
          ...all(
            'begin savepoint',
            call({
              async: true,
              runs: [
                { at: [0], given: [postgres], maybe: true },
                { at: [1], given: [postgres], maybe: true },
              ],
              returns: 'callback',
            }),
          ),
          reserve: asyncGives(postgres),
          ...all('json array typed types', pure),
          notify: effect('db', 'write', 'notifies listeners of the database'),
          ...all('listen subscribe', asyncPure),
          ...ends,
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['mysql2', 'mysql2/promise', 'mysql', '@tidbcloud/serverless'],
    category: 'data',
    detects: 'mysql',
    exports: {
      ...all('raw format escape escapeId', pure),
      ...all('createPool createConnection createPoolCluster connect', gives(mysql)),
    },
    unlisted: 'unknown',
    instances: {
      'mysql.connection': {
        members: {
          ...all('query execute', text('unknown')),
          ...all('getConnection promise', asyncGives(mysql)),
          ...all('beginTransaction commit rollback ping format escape escapeId', asyncPure),
          begin: asyncGives(mysql),
          ...ends,
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['better-sqlite3', 'node:sqlite', 'bun:sqlite'],
    category: 'data',
    detects: 'sqlite',
    exports: {
      SqliteError: pure,
      ...all('default Database DatabaseSync', gives(sqlite)),
    },
    unlisted: 'unknown',
    instances: {
      'sqlite.db': {
        members: {
          ...all('prepare query', prepare()),
          ...all('exec run', text('affected')),
          transaction: gives(
            { wraps: 0, likewise: ['default', 'deferred', 'immediate', 'exclusive'] },
            {
              // and https://bun.sh/reference/bun:sqlite/Database/transaction
              source:
                'https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md#transactionfunction---function',
            },
          ),
          ...all('pragma function aggregate loadExtension serialize', pure),
          backup: effect('db', 'read', 'copies the database'),
          close: pure,
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@libsql/client', '@libsql/client/*', '@tursodatabase/serverless', '@tursodatabase/database'],
    category: 'data',
    detects: 'libsql',
    exports: {
      LibsqlError: pure,
      ...all('createClient connect', gives(libsql)),
    },
    unlisted: 'unknown',
    instances: {
      'libsql.client': {
        members: {
          execute: text('driver-rows'),
          ...all('batch migrate executeMultiple', effect('db', 'write', 'runs SQL')),
          prepare: prepare(),
          transaction: asyncGives(libsql),
          ...all('commit rollback sync close', asyncPure),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@neondatabase/serverless'],
    category: 'data',
    detects: 'neon',
    exports: {
      neonConfig: value('unknown'),
      ...all('NeonDbError types.setTypeParser', pure),
      neon: gives(neon),
      ...all('Pool Client', gives(pg)),
    },
    unlisted: 'unknown',
    instances: {
      'neon.sql': {
        call: tag('rows'),
        members: { query: text('rows', { lazy: true }), unsafe: pure, transaction: asyncGives('promise-list') },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@electric-sql/pglite', '@electric-sql/pglite/*'],
    category: 'data',
    detects: 'pglite',
    exports: {
      ...all('vector live uuid_ossp pg_trgm IdbFs MemoryFS', pure),
      PGlite: gives(pglite),
      'PGlite.create': asyncGives(pglite),
    },
    unlisted: 'unknown',
    instances: {
      'pglite.db': {
        members: {
          query: text('driver-rows'),
          exec: text('unknown'),
          sql: tag('driver-rows'),
          transaction: call({ async: true, runs: [{ at: [0], given: [pglite] }], returns: 'callback' }),
          dumpDataDir: effect('db', 'read', 'copies the database'),
          ...all('listen close waitReady rollback', asyncPure),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@vercel/postgres'],
    category: 'data',
    detects: 'postgres',
    exports: {
      VercelPostgresError: pure,

      sql: tag('driver-rows'),
      'sql.query': text('driver-rows'),
      'sql.connect': asyncGives(pg),
      ...all('db', value(pg)),
      ...all('createPool createClient', gives(pg)),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@planetscale/database'],
    category: 'data',
    detects: 'planetscale',
    exports: {
      ...all('cast format hex DatabaseError', pure),
      connect: gives(planetscale),
      Client: gives(planetscale),
    },
    unlisted: 'unknown',
    instances: {
      'planetscale.connection': {
        members: {
          execute: text('driver-rows'),
          connection: gives(planetscale),
          transaction: call({ async: true, runs: [{ at: [0], given: [planetscale] }], returns: 'callback' }),
          refresh: asyncPure,
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    // Bindings are known by what is called on them: D1, KV, R2, queues, Workers AI, services.
    packages: ['cloudflare:workers', '@opennextjs/cloudflare', '@cloudflare/next-on-pages'],
    category: 'data',
    detects: 'cloudflare',
    exports: {
      env: value({ instance: 'cloudflare.env' }),
      ...all(
        'getCloudflareContext getRequestContext',
        call({ async: true, returns: { object: { env: { instance: 'cloudflare.env' } }, rest: 'unknown' } }),
      ),
      // https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil
      waitUntil: call({ runs: [{ at: [0] }] }),
    },
    unlisted: 'unknown',
    instances: {
      'cloudflare.env': {
        members: {
          '*': value('secret'),
          '*.prepare': prepare(),
          '*.batch': effect('db', 'write', 'runs SQL'),
          '*.exec': text('unknown'),
          ...all('*.getWithMetadata *.list *.head', effect('storage', 'read', 'reads a Cloudflare store')),
          '*.get': effect('storage', 'read', 'reads a Cloudflare store', { keyed: { ...found, ...binding } }),
          '*.createMultipartUpload': effect('storage', 'write', 'writes a Cloudflare store'),
          '*.put': effect('storage', 'write', 'writes a Cloudflare store', {
            keyed: { ...put, ...binding },
            // KV alone knows these options, R2 does not: https://developers.cloudflare.com/kv/api/write-key-value-pairs/
            variants: ['expirationTtl', 'expiration'].map((option) => ({
              when: { at: [2, option], present: true },
              then: effect('storage', 'write', 'writes a Cloudflare store', {
                byKey: true,
                keyed: { ...put, ...binding },
              }),
            })),
          }),
          '*.delete': effect('storage', 'write', 'writes a Cloudflare store', { keyed: { ...found, ...binding } }),
          ...all('*.send *.sendBatch', effect('queue', 'write', 'queues a message')),
          '*.run': effect('ai', 'write', 'runs an AI model'),
          '*.fetch': effect('http', 'write', 'calls another Worker'),
          '*.create': effect('queue', 'write', 'starts a workflow'),
          ...all('*.query *.insert *.upsert *.deleteByIds', effect('db', 'write', 'uses the vector index')),
          ...all('*.idFromName *.idFromString *.newUniqueId *.writeDataPoint', pure),
          '*.limit': call({ async: true, returns: { object: { success: 'boolean' } } }),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    // https://github.com/chronark/zod-bird: both make a function that asks, or fills, Tinybird.
    packages: ['@chronark/zod-bird', 'zod-bird'],
    category: 'data',
    exports: { ...all('Tinybird NoopTinybird', gives({ instance: 'tinybird' })) },
    unlisted: 'unknown',
    instances: {
      tinybird: {
        members: {
          buildPipe: gives(fn(effect('db', 'read', 'reads events at Tinybird'))),
          buildIngestEndpoint: gives(fn(effect('http', 'write', 'sends events to Tinybird'))),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['@clickhouse/client', '@clickhouse/client-web'],
    category: 'data',
    detects: 'clickhouse',
    exports: {
      ClickHouseError: pure,
      createClient: gives({ instance: 'clickhouse.client' }),
    },
    unlisted: 'unknown',
    instances: {
      'clickhouse.client': {
        members: {
          query: query('raw', { model: [], returns: 'unknown', lazy: false, write: false, sql: { at: [0, 'query'] } }),
          insert: query('insert', { model: [{ at: [0, 'table'] }], returns: 'affected', lazy: false }),
          ...all(
            'command exec',
            query('raw', { model: [], returns: 'unknown', lazy: false, sql: { at: [0, 'query'] } }),
          ),
          ...all('ping close', asyncPure),
        },
        unlisted: 'unknown',
      },
    },
  },
]
