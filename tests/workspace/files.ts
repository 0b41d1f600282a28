/** Small applications: what they have in common. */
import { project, type Fixture } from '../project/fixture.ts'
import type { FileReport } from '../../src/model/report.ts'
import { createWorkspace, type Workspace } from '../../src/workspace/workspace.ts'

export const shared: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "app", "type": "module" }',
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const invoices = pgTable('invoices', { id: text().primaryKey(), ownerId: text().notNull() })
export const countries = pgTable('countries', { code: text().primaryKey(), name: text() })
export const db = drizzle(process.env.DATABASE_URL!)
`,
  'src/auth.ts': `import { betterAuth } from 'better-auth'
export const auth = betterAuth({ emailAndPassword: { enabled: true } })
`,
  'src/middleware.ts': `import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from './auth'
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('Unauthorized')
  return next({ context: { user: session.user } })
})
export const softMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  return next({ context: { session } })
})
`,
}

export interface App extends Fixture {
  readonly workspace: Workspace
  analyse(file: string): FileReport
}

/** An application with the shared files; `undefined` leaves one out. */
export function app(
  files: Readonly<Record<string, string | undefined>>,
  options: { readonly config?: string } = {},
): App {
  const all = Object.entries({ ...shared, ...files }).filter((file): file is [string, string] => file[1] !== undefined)
  const fixture = project(Object.fromEntries(all))
  const workspace = createWorkspace(options.config === undefined ? {} : { config: fixture.path(options.config) })
  return { ...fixture, workspace, analyse: (file) => workspace.analyse(fixture.path(file)) }
}

const importsOfFn = `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
`

/** A file with one server function that empties a table. */
export const clears = (before = '', chain = ''): string => `${importsOfFn}${before}
export const clear = createServerFn({ method: 'POST' })${chain}.handler(async () => {
  await db.delete(invoices)
})
`

export const first = (report: FileReport): FileReport['entryPoints'][number] => {
  const [entry] = report.entryPoints
  if (!entry) throw new Error('no entry point was found')
  return entry
}
