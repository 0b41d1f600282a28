/** The caller's word is replaced by what was proved, in a whole project: what comes of it has the right types and is clean. */
import * as parser from '@typescript-eslint/parser'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'
import plugin from '../../src/index.ts'
import { project } from '../project/fixture.ts'
import { typeErrors } from './type-errors.ts'

const shared = {
  'package.json': '{ "name": "app", "type": "module", "dependencies": { "next": "16.0.0" } }',
  'src/packages.d.ts': `declare module 'better-auth' {
  export function betterAuth(options: object): { api: { getSession(given: { headers: Headers }): Promise<Session | null> } }
  interface Session { user: { id: string }; session: { activeOrganizationId: string } }
}
declare module 'next/headers' { export function headers(): Promise<Headers> }
declare module 'drizzle-orm' { export interface Condition { kind: 'condition' }; export function eq(column: { id: string }, value: string): Condition; export function and(...all: Condition[]): Condition }
declare module 'drizzle-orm/node-postgres' {
  import { Condition } from 'drizzle-orm'
  export function drizzle(url: string): { delete(table: object): { where(on: Condition): Promise<void> }; insert(table: object): { values(row: object): Promise<void> } }
}
declare module 'drizzle-orm/pg-core' {
  interface Column { id: string; references(to: () => Column): Column }
  export function pgTable<T extends object>(name: string, columns: T): T
  export function text(): Column
}
`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: text() })
export const organizations = pgTable('organizations', { id: text() })
export const members = pgTable('members', {
  userId: text().references(() => users.id),
  organizationId: text().references(() => organizations.id),
})
export const notes = pgTable('notes', { id: text(), authorId: text().references(() => users.id) })
export const invoices = pgTable('invoices', { id: text(), organizationId: text().references(() => organizations.id) })
export const db = drizzle('postgres://localhost')
`,
  'src/auth.ts': `import { betterAuth } from 'better-auth'
import { headers } from 'next/headers'
const auth = betterAuth({})
export async function requireSession() {
  const session = await auth.api.getSession({ headers: await headers() })
  if (!session) throw new Error('Unauthorized')
  return session
}
`,
}

const file = 'src/app/actions.ts'
const action = (parameter: string, body: string): string => `'use server'
import { eq } from 'drizzle-orm'
import { requireSession } from '../auth'
import { db, invoices, notes } from '../db'

export async function act(${parameter}: { id: string; authorId: string; organizationId: string }) {
  const { user, session } = await requireSession()
  const { activeOrganizationId: organizationId } = session
  if (!organizationId) throw new Error('no organization')
  ${body}
  return [invoices.id, notes.id, eq(notes.id, user.id), organizationId]
}
`

it.each([
  [
    'whose a new row is',
    'no-untrusted-identity',
    'data',
    'await db.insert(notes).values({ id: data.id, authorId: data.authorId })',
  ],
  [
    'whose a new row is, by a name that is taken out',
    'no-untrusted-identity',
    '{ id, authorId }',
    'await db.insert(notes).values({ id, authorId })',
  ],
  [
    'the tenant of a new row',
    'require-tenant-scope',
    'data',
    'await db.insert(invoices).values({ organizationId: data.organizationId })',
  ],
  [
    'the tenant in a condition',
    'require-tenant-scope',
    'data',
    'await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))',
  ],
  [
    'no tenant in the conditions',
    'require-tenant-scope',
    'data',
    'await db.delete(invoices).where(eq(invoices.id, data.id))',
  ],
])('%s', async (_, rule, parameter, body) => {
  const code = action(parameter, body)
  const fixture = project({ ...shared, [file]: code })
  expect(typeErrors(fixture, file)).toEqual([])
  const eslint = new ESLint({
    cwd: fixture.root,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs['multi-tenant']],
  })
  const lint = async () => (await eslint.lintFiles([file])).flatMap(({ messages }) => messages)
  const [found, ...others] = await lint()
  expect([found?.ruleId, others]).toEqual([`authz/${rule}`, []])
  const { range, text } = found!.suggestions![0]!.fix
  fixture.write(file, code.slice(0, range[0]) + text + code.slice(range[1]))
  expect(typeErrors(fixture, file)).toEqual([])
  expect((await lint()).map(({ ruleId, message }) => [ruleId, message])).toEqual([])
})
