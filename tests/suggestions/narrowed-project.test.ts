/** What is suggested about the caller's word, in a whole project: what comes of it has the right types and is clean. */
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
  interface Session { user: { id: string; role: string }; session: { activeOrganizationId: string } }
}
declare module 'next/headers' { export function headers(): Promise<Headers> }
declare module 'drizzle-orm' { export interface Condition { kind: 'condition' }; export function eq(column: { id: string }, value: string): Condition; export function and(...all: Condition[]): Condition }
declare module 'drizzle-orm/node-postgres' {
  import { Condition } from 'drizzle-orm'
  interface Db {
    delete(table: object): { where(on: Condition): Promise<void> }
    insert(table: object): { values(row: object): Promise<void> }
    update(table: object): { set(row: object): { where(on: Condition): Promise<void> } }
    select(): { from(table: object): { where(on: Condition): Promise<object[]> } }
  }
  export function drizzle(url: string): Db
}
declare module 'drizzle-orm/pg-core' {
  interface Column { id: string; references(to: () => Column): Column }
  export function pgTable<T extends object>(name: string, columns: T): T
  export function text(): Column
}
`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: text(), name: text(), role: text(), activeOrganizationId: text() })
export const organizations = pgTable('organizations', { id: text() })
export const members = pgTable('members', {
  userId: text().references(() => users.id),
  organizationId: text().references(() => organizations.id),
  role: text(),
})
export const notes = pgTable('notes', { id: text(), title: text(), authorId: text().references(() => users.id) })
export const invoices = pgTable('invoices', { id: text(), organizationId: text().references(() => organizations.id) })
export const db = drizzle('postgres://localhost')
`,
  'src/auth.ts': `import { betterAuth } from 'better-auth'
import { headers } from 'next/headers'
import { and, eq } from 'drizzle-orm'
import { db, members } from './db'
const auth = betterAuth({})
export async function requireSession() {
  const session = await auth.api.getSession({ headers: await headers() })
  if (!session) throw new Error('Unauthorized')
  return session
}
export async function requireAdmin() {
  const { user } = await requireSession()
  if (user.role !== 'admin') throw new Error('Forbidden')
}
export async function requireMember(id: string) {
  const { user } = await requireSession()
  const [own] = await db.select().from(members).where(and(eq(members.userId, user.id), eq(members.organizationId, id)))
  if (!own) throw new Error('Forbidden')
}
`,
}

const file = 'src/app/actions.ts'
const action = (parameter: string, body: string): string => `'use server'
import { eq } from 'drizzle-orm'
import { requireSession } from '../auth'
import { db, invoices, members, notes, users } from '../db'

export async function act(${parameter}: { id: string; title: string; authorId: string; organizationId: string; role: string }) {
  const { user, session } = await requireSession()
  const { activeOrganizationId: organizationId } = session
  if (!organizationId) throw new Error('no organization')
  ${body}
  return [invoices.id, notes.id, members.role, users.id, eq(notes.id, user.id), organizationId]
}
`

it.each([
  [
    'whose a new row is',
    'no-untrusted-identity',
    'data',
    'await db.insert(notes).values({ id: data.id, authorId: data.authorId })',
    ['Use `user.id` instead.'],
  ],
  [
    'whose a new row is, by a name that is taken out',
    'no-untrusted-identity',
    '{ id, authorId }',
    'await db.insert(notes).values({ id, authorId })',
    ['Use `user.id` instead.'],
  ],
  [
    'the tenant of a new row',
    'require-tenant-scope',
    'data',
    'await db.insert(invoices).values({ organizationId: data.organizationId })',
    ['Use `organizationId` instead.', 'Call `requireMember(data.organizationId)` first.'],
  ],
  [
    'the tenant in a condition',
    'require-tenant-scope',
    'data',
    'await db.delete(invoices).where(eq(invoices.organizationId, data.organizationId))',
    ['Use `organizationId` instead.', 'Call `requireMember(data.organizationId)` first.'],
  ],
  [
    'all that was sent, into a row that is there',
    'no-untrusted-identity',
    'data',
    'await db.update(notes).set(data).where(eq(notes.authorId, user.id))',
    ['Write only `title`.'],
  ],
  [
    'what is left of all that was sent',
    'no-untrusted-identity',
    '{ id, ...changes }',
    'await db.update(notes).set({ ...changes, id: `${id}` }).where(eq(notes.authorId, user.id))',
    ['Write only `title`.'],
  ],
  [
    'a role that the caller says',
    'no-untrusted-identity',
    'data',
    'await db.update(members).set({ role: data.role }).where(eq(members.organizationId, organizationId))',
    ['Call `requireAdmin` before anything else in `act`.'],
  ],
  [
    'the tenant that the caller works in from now on',
    'no-untrusted-identity',
    'data',
    'await db.update(users).set({ activeOrganizationId: data.organizationId }).where(eq(users.id, user.id))',
    ['Call `requireMember(data.organizationId)` first.'],
  ],
  [
    'no tenant in the conditions',
    'require-tenant-scope',
    'data',
    'await db.delete(invoices).where(eq(invoices.id, data.id))',
    ['Add `organizationId: organizationId` to the conditions.'],
  ],
])('%s', async (_, rule, parameter, body, says) => {
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
  expect(found?.suggestions?.map(({ desc }) => desc)).toEqual(says)
  for (const { fix } of found!.suggestions!) {
    fixture.write(file, code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]))
    expect(typeErrors(fixture, file)).toEqual([])
    expect((await lint()).map(({ ruleId, message }) => [ruleId, message])).toEqual([])
  }
})
