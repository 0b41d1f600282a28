import { all, call, gives, pure, query, value } from './define.ts'
import type { Library, Meaning, QueryMeaning, QueryResult, Result } from './meaning.ts'

const client: Result = { instance: 'prisma.client' }

/** `where: { userId: undefined }` is no condition at all (claims.md 15), except where a unique key is demanded. */
const model = (verb: QueryMeaning['verb'], returns: QueryResult, unique = false): QueryMeaning =>
  query(verb, {
    model: [{ segment: 0 }],
    where: [{ at: [0, 'where'] }],
    ...((verb === 'insert' || verb === 'update') && { values: [{ at: [0, 'data'] }] }),
    ...(verb === 'upsert' && { values: [{ at: [0, 'create'] }] }),
    returns,
    // since version 5 other columns may stand beside the unique one: https://www.prisma.io/docs/orm/reference/prisma-client-reference#filter-on-non-unique-fields-with-userwhereuniqueinput
    dropsUndefined: unique ? 'beside-a-key' : true,
    ...(verb === 'raw' && { write: false }),
  })

const raw = (returns: QueryResult, write: boolean, sql: QueryMeaning['sql']): QueryMeaning =>
  query('raw', { model: [], returns, write, ...(sql && { sql }) })

const members: Record<string, Meaning> = {
  '*.findUnique': model('select', 'row-or-null', true),
  '*.findUniqueOrThrow': model('select', 'row-or-throw', true),
  '*.findFirst': model('select', 'row-or-null'),
  '*.findFirstOrThrow': model('select', 'row-or-throw'),
  '*.findMany': model('select', 'rows'),
  '*.count': model('count', 'number'),
  '*.aggregate': model('select', 'unknown'),
  '*.groupBy': model('select', 'rows'),
  '*.findRaw': model('raw', 'unknown'),
  '*.aggregateRaw': model('raw', 'unknown'),
  '*.create': model('insert', 'row-or-throw'),
  '*.createMany': model('insert', 'affected'),
  '*.createManyAndReturn': model('insert', 'rows'),
  '*.update': model('update', 'row-or-throw', true),
  '*.updateMany': model('update', 'affected'),
  '*.updateManyAndReturn': model('update', 'rows'),
  '*.upsert': model('upsert', 'row-or-throw', true),
  '*.delete': model('delete', 'row-or-throw', true),
  '*.deleteMany': model('delete', 'affected'),
  $queryRaw: raw('rows', true, 'tag'),
  $executeRaw: raw('affected', true, 'tag'),
  $queryRawUnsafe: raw('rows', true, { at: [0] }),
  $executeRawUnsafe: raw('affected', true, { at: [0] }),
  $queryRawTyped: raw('rows', false, undefined),
  $runCommandRaw: raw('unknown', true, undefined),
  $transaction: call({
    async: true,
    returns: 'promise-list',
    variants: [
      {
        when: { at: [0], type: 'function' },
        then: call({ async: true, runs: [{ at: [0], given: [client] }], returns: 'callback' }),
      },
    ],
  }),
  ...all('$extends $primary $replica', gives(client)),
  ...all('$connect $disconnect', call({ async: true })),
  ...all('$on $use', pure),
  $parent: value(client),
}

/** ZenStack: the policies of the schema decide, for the user that is handed in. */
export const zenStack: Library = {
  packages: ['@zenstackhq/runtime', '@zenstackhq/runtime/*'],
  category: 'data',
  detects: 'prisma',
  exports: { enhance: gives(client), ...all('isPrismaClientKnownRequestError', pure) },
  unlisted: 'unknown',
}

export const prisma: Library = {
  // A client that is generated into the project gets its class from the runtime of this package.
  packages: ['@prisma/client', '@prisma/client/*', '.prisma/client', '.prisma/client/*'],
  category: 'data',
  detects: 'prisma',
  exports: {
    PrismaClient: gives(client, { source: 'https://www.prisma.io/docs/orm/prisma-client' }),
    getPrismaClient: gives({ fn: gives(client) }),
    ...all('Prisma.sql Prisma.join Prisma.raw', gives({ condition: 'raw' })),
    'Prisma.empty': value('unknown'),
    'Prisma.validator': gives({ fn: gives({ arg: 0 }) }),
    'Prisma.defineExtension': gives({ arg: 0 }),
  },
  unlisted: 'harmless',
  because: 'what is generated of the schema, apart from the client: enums, types, errors',
  // https://www.prisma.io/docs/orm/prisma-schema/data-model/models#defining-enums: `Role.ADMIN` is 'ADMIN'
  enums: true,
  instances: {
    'prisma.client': { members, unlisted: 'unknown' },
  },
}
