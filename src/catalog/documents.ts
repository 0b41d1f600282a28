import { all, asyncGives, asyncPure, call, effect, fn, gives, pure, query, value } from './define.ts'
import type { CallMeaning, Library, Meaning, QueryMeaning, Result } from './meaning.ts'

const makesReady: CallMeaning = call({
  async: true,
  effect: { kind: 'db', write: true, what: 'changes the schema', setsUp: true },
})

const maker: QueryMeaning['model'] = [{ maker: [0] }]
type Facts = Partial<Omit<QueryMeaning, 'kind' | 'verb'>>

// -------------------------------------------------------------------------------------------------------------- MongoDB

const filtered = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns'], facts: Facts = {}): QueryMeaning =>
  query(verb, { model: maker, where: [{ at: [0] }], returns, lazy: false, ...facts })
const inserted: QueryMeaning = query('insert', { model: maker, returns: 'affected', lazy: false })

const mongoCollection: Record<string, Meaning> = {
  find: filtered('select', 'rows', {
    lazy: true,
    thenable: false,
    methods: {
      toArray: { returns: 'rows', settles: true },
      next: { returns: 'row-or-null', settles: true },
      tryNext: { returns: 'row-or-null', settles: true },
      forEach: { settles: true },
      count: { returns: 'number', settles: true },
    },
  }),
  aggregate: query('select', {
    model: maker,
    returns: 'rows',
    thenable: false,
    methods: { toArray: { settles: true }, next: { returns: 'row-or-null', settles: true } },
  }),
  findOne: filtered('select', 'row-or-null'),
  ...all('countDocuments count', filtered('count', 'number')),
  estimatedDocumentCount: query('count', { model: maker, returns: 'number', lazy: false }),
  distinct: query('select', { model: maker, where: [{ at: [1] }], returns: 'rows', lazy: false }),
  ...all('insertOne insertMany', inserted),
  ...all('updateOne updateMany replaceOne', filtered('update', 'affected')),
  ...all('findOneAndUpdate findOneAndReplace', filtered('update', 'row-or-null')),
  findOneAndDelete: filtered('delete', 'row-or-null'),
  ...all('deleteOne deleteMany', filtered('delete', 'affected')),
  bulkWrite: query('upsert', { model: maker, returns: 'affected', lazy: false }),
  ...all('drop dropIndex rename', effect('db', 'write', 'changes the schema')),
  // https://www.mongodb.com/docs/manual/reference/method/db.collection.createIndex/, "Behaviors": one that is there stays as it is.
  ...all('createIndex createIndexes', makesReady),
  ...all('indexes watch', asyncPure),
}

// ------------------------------------------------------------------------------------------------------------- Mongoose

// https://mongoosejs.com/docs/tutorials/lean.html: what a query gives are documents, unless it is told to give plain data.
const one: Facts = {
  lazy: true,
  documents: 'mongoose.document',
  methods: { exec: { settles: true }, orFail: { returns: 'row-or-throw' }, lean: { plain: true } },
}
const many: Facts = { ...one }
const byMethod: QueryMeaning['where'] = [{ at: [0] }, { method: 'where', at: [0] }, { method: 'find', at: [0] }]
const mongooseQuery = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns'], facts: Facts): QueryMeaning =>
  query(verb, { model: maker, where: byMethod, returns, ...facts })

/** Of a document itself: it reaches what the query reached that gave it. */
const ofDocument = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns']): QueryMeaning =>
  query(verb, { model: [], returns, lazy: false })
// https://mongoosejs.com/docs/api/document.html and https://mongoosejs.com/docs/api/model.html
const mongooseDocument: Record<string, Meaning> = {
  ...all('save increment', ofDocument('update', 'row')),
  ...all('updateOne replaceOne update', ofDocument('update', 'affected')),
  ...all('deleteOne remove delete', ofDocument('delete', 'affected')),
  // What it keeps is written by `save`.
  ...all(
    `set get overwrite markModified unmarkModified markAsModified isModified isDirectModified isInit isSelected isDirectSelected
     isDefault isEmpty directModifiedPaths modifiedPaths getChanges $isDefault $isDeleted $isEmpty $isValid $markValid
     $ignore $set $get $clone $toObject $createModifiedPathsSnapshot $restoreModifiedPathsSnapshot $timestamps
     validate validateSync $validate invalidate init $init equals depopulate populated $populated $getPopulatedDocs
     $getAllSubdocs $parent parent ownerDocument $assertPopulated toObject toJSON toBSON toString valueOf hasOwnProperty
     inspect collection db $collection $session $where $locals $op errors id _id then catch finally model $model`,
    pure,
  ),
  ...all('populate $populate execPopulate', ofDocument('select', 'row')),
  exists: pure,
}

const saves: CallMeaning = effect('db', 'write', 'writes the database')
const mongooseModel: Record<string, Meaning> = {
  find: mongooseQuery('select', 'rows', many),
  ...all('findOne findById', mongooseQuery('select', 'row-or-null', one)),
  exists: mongooseQuery('select', 'row-or-null', { ...one, documents: undefined }),
  ...all('findOneAndUpdate findByIdAndUpdate findOneAndReplace', mongooseQuery('update', 'row-or-null', one)),
  ...all('findOneAndDelete findByIdAndDelete findByIdAndRemove', mongooseQuery('delete', 'row-or-null', one)),
  ...all('updateOne updateMany replaceOne update', mongooseQuery('update', 'affected', one)),
  ...all('deleteOne deleteMany remove', mongooseQuery('delete', 'affected', one)),
  ...all('countDocuments count', mongooseQuery('count', 'number', one)),
  estimatedDocumentCount: query('count', { model: maker, returns: 'number' }),
  distinct: query('select', { model: maker, where: [{ at: [1] }], returns: 'rows' }),
  aggregate: query('select', { model: maker, returns: 'rows', methods: { exec: { settles: true } } }),
  ...all('create insertMany insertOne bulkWrite bulkSave', inserted),
  where: mongooseQuery('select', 'rows', many),
  ...all('populate hydrate schema modelName collection', pure),
}

// --------------------------------------------------------------------------------------------------- TypeORM, MikroORM

const entity: QueryMeaning['model'] = [{ maker: [0] }]
const repository = (model: QueryMeaning['model'], at: number): Record<string, Meaning> => {
  const options: Facts = { model, where: [{ at: [at, 'where'] }], lazy: false, dropsUndefined: true }
  const by: Facts = { model, where: [{ at: [at] }], lazy: false, dropsUndefined: true }
  const make = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns'], facts: Facts): QueryMeaning =>
    query(verb, { model, returns, ...facts })
  return {
    ...all('find findAndCount', make('select', 'rows', options)),
    ...all('findBy findByIds findAndCountBy', make('select', 'rows', by)),
    findOne: make('select', 'row-or-null', options),
    ...all('findOneBy findOneById', make('select', 'row-or-null', by)),
    findOneOrFail: make('select', 'row-or-throw', options),
    findOneByOrFail: make('select', 'row-or-throw', by),
    ...all('count exists exist', make('count', 'number', options)),
    ...all('countBy existsBy sum average minimum maximum', make('count', 'number', by)),
    ...all('save upsert', make('upsert', 'unknown', { lazy: false })),
    insert: make('insert', 'affected', { lazy: false }),
    ...all('update increment decrement restore', make('update', 'affected', by)),
    ...all('delete softDelete remove softRemove', make('delete', 'affected', by)),
    ...all('clear deleteAll', make('delete', 'affected', { lazy: false })),
    query: query('raw', { model, returns: 'rows', lazy: false, sql: { at: [0] } }),
    createQueryBuilder: query('select', {
      model: model.length > 0 ? model : [{ at: [0] }, { method: 'from', at: [0] }],
      where: [
        { method: 'where', at: [0] },
        { method: 'andWhere', at: [0] },
      ],
      returns: 'unknown',
      thenable: false,
      methods: {
        insert: { verb: 'insert', write: true },
        update: { verb: 'update', write: true },
        delete: { verb: 'delete', write: true },
        softDelete: { verb: 'delete', write: true },
        getOne: { returns: 'row-or-null', settles: true },
        getOneOrFail: { returns: 'row-or-throw', settles: true },
        getRawOne: { returns: 'row-or-undefined', settles: true },
        getMany: { returns: 'rows', settles: true },
        getRawMany: { returns: 'rows', settles: true },
        getManyAndCount: { returns: 'unknown', settles: true },
        getCount: { returns: 'number', settles: true },
        execute: { returns: 'affected', settles: true },
      },
    }),
    ...all('create merge preload getId metadata target', pure),
    extend: gives({ instance: 'typeorm.repository' }),
  }
}
const source: Result = { instance: 'typeorm.source' }
const manager: Result = { instance: 'typeorm.manager' }
const getRepository = gives({ instance: 'typeorm.repository' })
const inTransaction = (given: Result): CallMeaning =>
  call({
    async: true,
    runs: [
      { at: [0], given: [given], maybe: true },
      { at: [1], given: [given], maybe: true },
    ],
    returns: 'callback',
  })

const em: Result = { instance: 'mikro-orm.em' }
const mikro = (verb: QueryMeaning['verb'], returns: QueryMeaning['returns']): QueryMeaning =>
  query(verb, { model: [{ at: [0] }], where: [{ at: [1] }], returns, lazy: false })

const mongoClient: Result = { instance: 'mongodb.client' }
const mongoSession: Result = { instance: 'mongodb.session' }
const connection: Result = { instance: 'mongoose.connection' }
/** What mongoose and each of its connections have. */
const mongooseParts: Record<string, Meaning> = {
  model: gives({ instance: 'mongoose.model' }),
  models: value({ instance: 'mongoose.models' }),
  startSession: asyncGives(mongoSession),
}

export const documents: readonly Library[] = [
  {
    packages: ['mongodb'],
    category: 'data',
    detects: 'mongodb',
    exports: {
      MongoClient: gives({ instance: 'mongodb.client' }),
      'MongoClient.connect': asyncGives(mongoClient),
      GridFSBucket: gives({ instance: 'mongodb.bucket' }),
      ...all(
        `ObjectId ObjectId.isValid ObjectId.createFromHexString ObjectId.createFromTime ObjectId.createFromBase64
         ObjectId.generate Binary Decimal128 Decimal128.fromString Double Int32 Long Long.fromNumber Long.fromString
         Timestamp UUID BSONRegExp Code DBRef MaxKey MinKey BSON.serialize BSON.deserialize MongoError MongoServerError`,
        pure,
      ),
    },
    unlisted: 'unknown',
    instances: {
      'mongodb.client': {
        members: {
          connect: asyncGives({ instance: 'mongodb.client' }),
          db: gives({ instance: 'mongodb.db' }),
          startSession: gives(mongoSession),
          ...all('on once off', gives('unknown')),
          close: asyncPure,
          withSession: call({ async: true, runs: [{ at: [0], given: [mongoSession] }], returns: 'callback' }),
        },
        unlisted: 'unknown',
      },
      'mongodb.db': {
        members: {
          collection: gives({ instance: 'mongodb.collection' }),
          ...all('command aggregate', effect('db', 'write', 'runs a database command')),
          ...all('collections listCollections stats', effect('db', 'read', 'reads the database')),
          ...all('dropDatabase dropCollection createCollection', effect('db', 'write', 'changes the schema')),
          createIndex: makesReady,
          admin: gives({ instance: 'mongodb.admin' }),
        },
        unlisted: 'unknown',
      },
      'mongodb.admin': {
        members: {
          ...all('listDatabases serverStatus serverInfo buildInfo', effect('db', 'read', 'reads the database')),
          ping: asyncPure,
          '*': effect('db', 'write', 'runs a database command'),
        },
        unlisted: 'unknown',
      },
      'mongodb.session': {
        members: {
          withTransaction: call({ async: true, runs: [{ at: [0], given: [mongoSession] }], returns: 'callback' }),
          ...all('startTransaction inTransaction', pure),
          ...all('commitTransaction abortTransaction endSession', asyncPure),
          client: value(mongoClient),
          id: value('unknown'),
        },
        unlisted: 'unknown',
      },
      // https://www.mongodb.com/docs/drivers/node/current/crud/gridfs/
      'mongodb.bucket': {
        members: {
          ...all(
            'openUploadStream openUploadStreamWithId',
            effect('storage', 'write', 'writes the bucket', { async: false }),
          ),
          ...all(
            'openDownloadStream openDownloadStreamByName',
            effect('storage', 'read', 'reads the bucket', { async: false }),
          ),
          find: filtered('select', 'rows', {
            model: [],
            lazy: true,
            thenable: false,
            methods: {
              toArray: { returns: 'rows', settles: true },
              next: { returns: 'row-or-null', settles: true },
              forEach: { settles: true },
            },
          }),
          ...all('delete rename drop', effect('storage', 'write', 'writes the bucket')),
        },
        unlisted: 'unknown',
      },
      'mongodb.collection': { members: mongoCollection, unlisted: 'unknown' },
    },
  },
  {
    packages: ['mongoose'],
    category: 'data',
    detects: 'mongoose',
    exports: {
      ...mongooseParts,
      connection: value(connection),
      connections: value({ list: connection }),
      createConnection: gives(connection, { source: 'https://mongoosejs.com/docs/connections.html' }),
      connect: asyncGives({ instance: 'mongoose' }),
      disconnect: asyncPure,
      ...all(
        'Schema set get plugin pluralize isValidObjectId isObjectIdOrHexString trusted sanitizeFilter skipMiddlewareFunction',
        pure,
      ),
      ...all('Types mongo.ObjectId', value('unknown')),
    },
    unlisted: 'unknown',
    instances: {
      mongoose: {
        members: {
          ...mongooseParts,
          connection: value(connection),
          connections: value({ list: connection }),
          createConnection: gives(connection),
          ...all('connect disconnect', asyncPure),
          ...all('set get plugin', pure),
        },
        unlisted: 'unknown',
      },
      // https://mongoosejs.com/docs/api/connection.html
      'mongoose.connection': {
        members: {
          ...mongooseParts,
          db: value({ instance: 'mongodb.db' }),
          collection: gives({ instance: 'mongodb.collection' }),
          getClient: gives(mongoClient),
          client: value(mongoClient),
          useDb: gives(connection),
          ...all('asPromise openUri', asyncGives(connection)),
          transaction: call({ async: true, runs: [{ at: [0], given: [mongoSession] }], returns: 'callback' }),
          withSession: call({ async: true, runs: [{ at: [0], given: [mongoSession] }], returns: 'callback' }),
          ...all('close destroy', asyncPure),
          ...all('on once off addListener removeListener set get plugin setMaxListeners', pure),
          ...all('readyState host name port', value('unknown')),
          listCollections: effect('db', 'read', 'reads the database'),
          ...all(
            'createCollection createCollections dropCollection dropDatabase syncIndexes',
            effect('db', 'write', 'changes the schema'),
          ),
          deleteModel: pure,
        },
        unlisted: 'unknown',
      },
      'mongoose.document': { members: mongooseDocument, unlisted: 'unknown' },
      'mongoose.models': { members: { '*': value({ instance: 'mongoose.model' }) }, unlisted: 'unknown' },
      'mongoose.model': {
        call: gives({
          object: { save: fn(saves), deleteOne: fn(saves), validate: fn(asyncPure), toObject: fn(pure) },
          rest: 'unknown',
        }),
        members: mongooseModel,
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['typeorm'],
    category: 'data',
    detects: 'typeorm',
    exports: {
      DataSource: gives(source),
      ...all('getRepository getMongoRepository', getRepository),
      ...all('getManager getConnection createConnection', gives(manager)),
      ...all('In Any', gives({ condition: 'in' })),
      ...all(
        'Not MoreThan MoreThanOrEqual LessThan LessThanOrEqual Like ILike Between IsNull',
        gives({ condition: 'compare' }),
      ),
      Equal: gives({ condition: 'compare' }),
      Raw: gives({ condition: 'raw' }),
      // https://typeorm.io/docs/entity/entities: decorators say how a class is stored.
      ...all(
        `Entity ViewEntity ChildEntity TableInheritance Column PrimaryColumn PrimaryGeneratedColumn ObjectIdColumn
         CreateDateColumn UpdateDateColumn DeleteDateColumn VersionColumn ViewColumn Generated OneToOne OneToMany ManyToOne
         ManyToMany JoinColumn JoinTable RelationId Index Unique Check Exclusion Tree TreeParent TreeChildren BeforeInsert
         AfterInsert BeforeUpdate AfterUpdate BeforeRemove AfterRemove AfterLoad EventSubscriber EntitySchema
         QueryFailedError EntityNotFoundError`,
        pure,
      ),
      ...all('ArrayContains ArrayContainedBy ArrayOverlap JsonContains And Or', gives({ condition: 'compare' })),
      Brackets: gives({ condition: 'raw' }),
    },
    unlisted: 'unknown',
    instances: {
      'typeorm.source': {
        members: {
          ...all('getRepository getTreeRepository getMongoRepository', getRepository),
          manager: value(manager),
          transaction: inTransaction(manager),
          createQueryRunner: gives({ instance: 'typeorm.runner' }),
          createQueryBuilder: repository([], 0).createQueryBuilder!,
          query: query('raw', { model: [], returns: 'rows', lazy: false, sql: { at: [0] } }),
          ...all('initialize destroy runMigrations', asyncPure),
          isInitialized: value('boolean'),
          ...all('synchronize dropDatabase', effect('db', 'write', 'changes the schema')),
        },
        unlisted: 'unknown',
      },
      'typeorm.repository': { members: repository(entity, 0), unlisted: 'unknown' },
      'typeorm.manager': {
        members: {
          ...repository([{ at: [0] }], 1),
          ...all('getRepository withRepository', getRepository),
          transaction: inTransaction(manager),
          query: query('raw', { model: [], returns: 'rows', lazy: false, sql: { at: [0] } }),
        },
        unlisted: 'unknown',
      },
      'typeorm.runner': {
        members: {
          manager: value(manager),
          query: query('raw', { model: [], returns: 'rows', lazy: false, sql: { at: [0] } }),
          ...all('connect startTransaction commitTransaction rollbackTransaction release', asyncPure),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: [
      '@mikro-orm/core',
      '@mikro-orm/postgresql',
      '@mikro-orm/mysql',
      '@mikro-orm/sqlite',
      '@mikro-orm/mongodb',
      '@mikro-orm/libsql',
      '@mikro-orm/better-sqlite',
    ],
    category: 'data',
    detects: 'mikro-orm',
    exports: {
      'MikroORM.init': asyncGives({ instance: 'mikro-orm' }),
      'MikroORM.initSync': gives({ instance: 'mikro-orm' }),
      MikroORM: gives({ instance: 'mikro-orm' }),
      // https://mikro-orm.io/docs/defining-entities
      ...all(
        `Entity Property PrimaryKey SerializedPrimaryKey Enum OneToOne OneToMany ManyToOne ManyToMany Embeddable Embedded
         Formula Index Unique Check Filter BeforeCreate AfterCreate BeforeUpdate AfterUpdate BeforeDelete AfterDelete OnInit
         OnLoad EntityRepositoryType EntitySchema defineEntity defineConfig Collection wrap ref rel raw sql p`,
        gives('unknown'),
      ),
    },
    unlisted: 'unknown',
    instances: {
      'mikro-orm': {
        members: { em: value(em), ...all('connect close isConnected', asyncPure) },
        unlisted: 'unknown',
      },
      'mikro-orm.em': {
        members: {
          ...all('fork getContext', gives(em)),
          ...all('find findAll findAndCount findByCursor', mikro('select', 'rows')),
          findOne: mikro('select', 'row-or-null'),
          findOneOrFail: mikro('select', 'row-or-throw'),
          count: mikro('count', 'number'),
          ...all('insert insertMany', query('insert', { model: [{ at: [0] }], returns: 'affected', lazy: false })),
          ...all('upsert upsertMany', query('upsert', { model: [{ at: [0] }], returns: 'unknown', lazy: false })),
          nativeUpdate: mikro('update', 'affected'),
          nativeDelete: mikro('delete', 'affected'),
          ...all('flush persistAndFlush removeAndFlush commit', effect('db', 'write', 'writes the database')),
          // Noted until the next flush.
          ...all('persist remove create assign merge clear getReference populate refresh begin rollback', pure),
          ...all('transactional', call({ async: true, runs: [{ at: [0], given: [em] }], returns: 'callback' })),
          getRepository: gives({ instance: 'mikro-orm.repository' }),
          ...all('execute', effect('db', 'write', 'runs SQL')),
        },
        unlisted: 'unknown',
      },
      'mikro-orm.repository': { members: repository(entity, 0), unlisted: 'unknown' },
    },
  },
]
