import 'server-only'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import * as schema from './schema'
import { createTables } from './tables'

// One database a process: hot reloading must not open a second one.
const globalForDb = globalThis as typeof globalThis & { clubhouseDatabase?: PGlite }

const client = (globalForDb.clubhouseDatabase ??= new PGlite(process.env.DATABASE_DIR))

/** The client works off what it is given in order, so whatever comes later finds the tables. */
void client.exec(createTables)

export const db = drizzle({ client, schema, casing: 'snake_case' })
