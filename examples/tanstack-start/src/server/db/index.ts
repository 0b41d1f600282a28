import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { env } from '../env'
import { createTables } from './migrations'
import * as schema from './schema'
import { seed } from './seed'

// One database a process: hot reloading must not open a second one.
const globalForDb = globalThis as typeof globalThis & { tallybookDatabase?: PGlite }

const client = (globalForDb.tallybookDatabase ??= new PGlite(env.databaseDir))

export const db = drizzle({ client, schema, casing: 'snake_case' })

export type Database = typeof db

await client.exec(createTables)
await seed(db)
