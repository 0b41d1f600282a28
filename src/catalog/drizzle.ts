import { all, asyncGives, call, effect, fn, gives, passes, pure, query, value } from './define.ts'
import type { Library, Meaning, ModelPlace, QueryMeaning, Result, WherePlace } from './meaning.ts'

const db: Result = { instance: 'drizzle.db' }
const source = 'https://orm.drizzle.team/docs/overview'

const joined: readonly ModelPlace[] = ['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin'].map((method) => ({
  method,
  at: [0],
}))
const where: readonly WherePlace[] = [{ method: 'where', at: [0] }]

const select = query('select', {
  model: [{ method: 'from', at: [0] }, ...joined],
  where: [...where, { method: 'innerJoin', at: [1] }, { method: 'having', at: [0] }],
  returns: 'rows',
  methods: {
    get: { returns: 'row-or-undefined', settles: true },
    all: { returns: 'rows', settles: true },
    values: { returns: 'rows', settles: true },
    execute: { settles: true },
  },
})
const settling: NonNullable<QueryMeaning['methods']> = {
  returning: { returns: 'rows' },
  $returningId: { returns: 'rows' },
  get: { returns: 'row-or-undefined', settles: true },
  all: { returns: 'rows', settles: true },
  run: { settles: true },
  execute: { settles: true },
}
const insert = query('insert', {
  model: [{ at: [0] }],
  values: [{ method: 'values', at: [0] }],
  returns: 'affected',
  methods: {
    ...settling,
    onConflictDoUpdate: { verb: 'upsert' },
    onDuplicateKeyUpdate: { verb: 'upsert' },
  },
})
const raw = (returns: QueryMeaning['returns']): QueryMeaning => query('raw', { model: [], returns, sql: { at: [0] } })

const relational = (root: string): Record<string, Meaning> => ({
  [`${root}.*.findFirst`]: query('select', {
    model: [{ segment: 0 }],
    where: [{ at: [0, 'where'] }],
    returns: 'row-or-undefined',
    methods: { execute: { settles: true }, sync: { settles: true } },
  }),
  [`${root}.*.findMany`]: query('select', {
    model: [{ segment: 0 }],
    where: [{ at: [0, 'where'] }],
    returns: 'rows',
    methods: { execute: { settles: true }, sync: { settles: true } },
  }),
})

const members: Record<string, Meaning> = {
  ...all('select selectDistinct selectDistinctOn', select),
  insert,
  update: query('update', {
    model: [{ at: [0] }],
    where,
    values: [{ method: 'set', at: [0] }],
    returns: 'affected',
    methods: settling,
  }),
  delete: query('delete', { model: [{ at: [0] }], where, returns: 'affected', methods: settling }),
  ...relational('query'),
  ...relational('_query'),
  $count: query('count', { model: [{ at: [0] }], where: [{ at: [1] }], returns: 'number' }),
  execute: raw('driver-rows'),
  run: raw('affected'),
  all: raw('rows'),
  values: raw('rows'),
  get: raw('row'),
  transaction: call({ async: true, runs: [{ at: [0], given: [db] }], returns: 'callback' }),
  batch: asyncGives('promise-list'),
  with: gives(db),
  ...all('$with as', gives('unknown')),
  refreshMaterializedView: query('raw', { model: [{ at: [0] }], returns: 'affected' }),
  '$cache.invalidate': call({ async: true }),
  ...all('$primary', value(db)),
  // In a transaction: throws to undo it.
  rollback: gives('throws'),
  setTransaction: call(),
}

const table = gives({ table: { name: 0, columns: 1 } })
const schema = gives({ instance: 'drizzle.schema' })

const columns = all(
  `bigint bigserial binary bit blob boolean bytea char cidr date datetime decimal double doublePrecision float geometry
   halfvec inet int integer interval json jsonb line longblob longtext macaddr macaddr8 mediumblob mediumint mediumtext
   mysqlEnum numeric point real serial singlestoreEnum smallint smallserial sparsevec text time timestamp tinyblob
   tinyint tinytext uuid varbinary varchar vector year`,
  gives('column'),
)

export const drizzle: readonly Library[] = [
  {
    packages: [
      'drizzle-orm/pg-core',
      'drizzle-orm/mysql-core',
      'drizzle-orm/sqlite-core',
      'drizzle-orm/singlestore-core',
      'drizzle-orm/gel-core',
    ],
    category: 'data',
    detects: 'drizzle',
    exports: {
      // Queries that are combined: https://orm.drizzle.team/docs/set-operations
      ...all('union unionAll intersect intersectAll except exceptAll', passes),
    },
    unlisted: 'harmless',
    because: 'definitions of tables, columns, indexes, constraints and policies',
  },
  {
    packages: ['drizzle-orm', 'drizzle-orm/*'],
    category: 'data',
    detects: 'drizzle',
    exports: {
      ...all(
        `asc desc max min relations defineRelations defineRelationsPart createOne createMany aliasedTable aliasedTableColumn
         alias getColumns getTableColumns getTableName getTableUniqueName getViewName getViewSelectedFields is isTable isView
         isSQLWrapper name mapColumnsInSQLToAlias cosineDistance l1Distance l2Distance innerProduct hammingDistance
         jaccardDistance extractTablesRelationalConfig Name Param Placeholder SQL StringChunk DefaultLogger NoopLogger
         ConsoleLogWriter DrizzleError DrizzleQueryError TransactionRollbackError`,
        gives('unknown'),
      ),

      drizzle: gives(db, { source }),
      withReplicas: gives(db),
      'drizzle.mock': gives(db),
      migrate: effect('db', 'write', 'changes the schema'),

      eq: gives({ condition: 'eq' }),
      inArray: gives({ condition: 'in' }),
      ...all(
        `ne gt gte lt lte like notLike ilike notIlike between notBetween isNull isNotNull notInArray arrayContains
         arrayContained arrayOverlaps`,
        gives({ condition: 'compare' }),
      ),
      and: gives({ condition: 'and' }),
      or: gives({ condition: 'or' }),
      not: gives({ condition: 'not' }),
      ...all('exists notExists sql sql.raw sql.join sql.empty sql.fromList', gives({ condition: 'raw' })),
      ...all('count countDistinct sum sumDistinct avg avgDistinct', gives('aggregate')),
      ...all('sql.identifier sql.placeholder sql.param placeholder param', gives('unknown')),

      ...all('pgTable mysqlTable sqliteTable singlestoreTable gelTable', table),
      ...all('pgTableCreator mysqlTableCreator sqliteTableCreator singlestoreTableCreator', gives({ fn: table })),
      ...all('pgSchema mysqlSchema singlestoreSchema', schema),
      ...columns,
      // An enum is called like a column builder: `status('status')`.
      pgEnum: gives(fn(gives('column'))),
      customType: gives(fn(gives('column'))),
    },
    unlisted: 'unknown',
    instances: {
      'drizzle.db': { members, unlisted: 'unknown' },
      'drizzle.schema': {
        members: { table, enum: gives(fn(gives('column'))) },
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['drizzle-typebox', 'drizzle-arktype'],
    category: 'harmless',
    exports: {},
    unlisted: 'harmless',
  },
  {
    // https://orm.drizzle.team/docs/seed-overview
    packages: ['drizzle-kit', 'drizzle-kit/*', 'drizzle-seed'],
    category: 'data',
    exports: {
      ...all('seed reset', effect('db', 'write', 'writes the database')),
      ...all('pushSchema pushMySQLSchema pushSQLiteSchema', effect('db', 'write', 'changes the schema')),
      ...all('defineConfig generateDrizzleJson generateMigration', pure),
    },
    unlisted: 'unknown',
  },
]
