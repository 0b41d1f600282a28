import { all, call, effect, gives, query, value } from './define.ts'
import type { Library, Meaning, ModelPlace, QueryMeaning, Result, WherePlace } from './meaning.ts'

const db: Result = { instance: 'kysely.db' }

const joined: readonly ModelPlace[] = ['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin'].map((method) => ({
  method,
  at: [0],
}))
const where: readonly WherePlace[] = [
  { method: 'where', column: 0, op: 1, value: 2 },
  { method: 'where', at: [0] },
]
const methods = (returns: QueryMeaning['returns']): NonNullable<QueryMeaning['methods']> => ({
  execute: { returns, settles: true },
  executeTakeFirst: { returns: 'row-or-undefined', settles: true },
  executeTakeFirstOrThrow: { returns: 'row-or-throw', settles: true },
  stream: { returns: 'rows', settles: true },
  returning: {},
})

/** A builder is no promise: only its execute… methods run it. */
const begin = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns']): QueryMeaning =>
  query(verb, {
    model: verb === 'select' ? [{ at: [0] }, ...joined] : [{ at: [0] }],
    where,
    values: [
      { method: 'values', at: [0] },
      { method: 'set', at: [0] },
    ],
    returns,
    thenable: false,
    methods:
      verb === 'insert'
        ? { ...methods('rows'), onConflict: { verb: 'upsert' }, onDuplicateKeyUpdate: { verb: 'upsert' } }
        : methods('rows'),
  })

/** A table or an index that is made where it is missing changes nothing that is there. */
const create = query('raw', {
  model: [],
  returns: 'unknown',
  thenable: false,
  methods: { execute: { settles: true }, ifNotExists: { write: false } },
})

const members: Record<string, Meaning> = {
  ...all('selectFrom selectNoFrom', begin('select', 'rows')),
  ...all('insertInto replaceInto', begin('insert', 'rows')),
  updateTable: begin('update', 'rows'),
  deleteFrom: begin('delete', 'rows'),
  mergeInto: begin('upsert', 'rows'),
  ...all('with withRecursive withSchema withPlugin withoutPlugins withTables', gives(db)),
  ...all('transaction startTransaction connection', gives({ instance: 'kysely.transaction' })),
  executeQuery: effect('db', 'write', 'runs SQL'),
  ...all('schema.createTable schema.createIndex schema.createView schema.createSchema', create),
  'schema.*': effect('db', 'write', 'changes the schema'),
  ...all('fn.*', gives('unknown')),
  ...all('fn case getExecutor', gives('unknown')),
  dynamic: value('unknown'),
  'introspection.*': call({ async: true }),
  destroy: call({ async: true }),
  // A controlled transaction.
  ...all('commit rollback savepoint rollbackToSavepoint releaseSavepoint', gives({ instance: 'kysely.command' })),
}

export const kysely: Library = {
  packages: ['kysely', 'kysely/*', 'kysely-neon', 'kysely-d1', 'kysely-postgres-js', '@vercel/postgres-kysely'],
  category: 'data',
  detects: 'kysely',
  exports: {
    ...all(
      `PostgresDialect MysqlDialect SqliteDialect MssqlDialect NeonDialect NeonHTTPDialect D1Dialect PostgresJSDialect
       CamelCasePlugin ParseJSONResultsPlugin DeduplicateJoinsPlugin HandleEmptyInListsPlugin WithSchemaPlugin
       jsonArrayFrom jsonObjectFrom jsonBuildObject mergeAction expressionBuilder CompiledQuery.raw DummyDriver NoResultError
       PostgresAdapter PostgresQueryCompiler PostgresIntrospector SqliteAdapter SqliteQueryCompiler SqliteIntrospector
       MysqlAdapter MysqlQueryCompiler MysqlIntrospector`,
      gives('unknown'),
    ),
    ...all('Kysely createKysely', gives(db, { source: 'https://kysely.dev/docs/getting-started' })),
    sql: query('raw', {
      model: [],
      returns: 'driver-rows',
      thenable: false,
      sql: 'tag',
      methods: { execute: { returns: 'driver-rows', settles: true } },
    }),
    ...all('sql.raw sql.ref sql.table sql.lit sql.val sql.join sql.id', gives({ condition: 'raw' })),
  },
  unlisted: 'unknown',
  instances: {
    'kysely.db': { members, unlisted: 'unknown' },
    'kysely.transaction': {
      members: {
        ...all('setIsolationLevel setAccessMode', gives({ instance: 'kysely.transaction' })),
        execute: call({
          async: true,
          returns: db,
          variants: [
            {
              when: { at: [0], present: true },
              then: call({ async: true, runs: [{ at: [0], given: [db] }], returns: 'callback' }),
            },
          ],
        }),
      },
      unlisted: 'unknown',
    },
    'kysely.command': { members: { execute: call({ async: true, returns: db }) }, unlisted: 'unknown' },
  },
}
