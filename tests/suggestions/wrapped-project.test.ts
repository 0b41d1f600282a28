/** A suggestion is applied in a whole project: what comes of it has the right types, and nothing is left to report. */
import * as parser from '@typescript-eslint/parser'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'
import plugin from '../../src/index.ts'
import { project } from '../project/fixture.ts'
import { typeErrors } from './type-errors.ts'

const shared = {
  'package.json': '{ "name": "app", "type": "module", "dependencies": { "next": "16.0.0" } }',
  'src/packages.d.ts': `declare module 'better-auth' {
  export function betterAuth(options: object): { api: { getSession(given: { headers: Headers }): Promise<{ user: { id: string } } | null> } }
}
declare module 'next/headers' { export function headers(): Promise<Headers> }
declare module 'drizzle-orm/node-postgres' {
  export function drizzle(url: string): { delete(table: object): Promise<void>; select(): { from(table: object): Promise<object[]> } }
}
declare module 'drizzle-orm/pg-core' { export function pgTable(name: string, columns: object): object; export function text(): object }
`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const invoices = pgTable('invoices', { id: text(), ownerId: text() })
export const db = drizzle('postgres://localhost')
`,
  'src/auth.ts': `import { betterAuth } from 'better-auth'
import { headers } from 'next/headers'
const auth = betterAuth({})
type Handler = (request: Request, context: { user: { id: string } }) => Promise<Response>
export const withUser = (handler: Handler) => async (request: Request) => {
  const session = await auth.api.getSession({ headers: await headers() })
  if (!session) return new Response(null, { status: 401 })
  return handler(request, { user: session.user })
}
export const signedIn = <A extends unknown[], R>(action: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
  if (!(await auth.api.getSession({ headers: await headers() }))) throw new Error('Unauthorized')
  return action(...args)
}
`,
}

it.each([
  [
    'a handler',
    'src/app/api/route.ts',
    `import { withUser } from '../../auth'
import { db, invoices } from '../../db'

export const GET = withUser(async (request, { user }) => Response.json([request.url, user.id]))

export async function DELETE(request: Request): Promise<Response> {
  await db.delete(invoices)
  return Response.json(request.url)
}
`,
  ],
  [
    'an action',
    'src/app/actions.ts',
    `'use server'
import { signedIn } from '../auth'
import { db, invoices } from '../db'

export const rename = signedIn(async (id: string) => id.trim())

export const clear = async (reason: string) => {
  await db.delete(invoices)
  return reason
}
`,
  ],
  [
    'a handler beside one that is wrapped',
    'src/app/clubs/route.ts',
    `import { db, invoices } from '../../db'

export async function DELETE() {
  await db.delete(invoices)
  return new Response(null, { status: 204 })
}
`,
  ],
])('%s is wrapped as its siblings are', async (_, file, code) => {
  const fixture = project({
    ...shared,
    'src/app/members/route.ts': `import { withUser } from '../../auth'\n\nexport const GET = withUser(async () => Response.json(null))\n`,
    [file]: code,
  })
  const eslint = new ESLint({
    cwd: fixture.root,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parser } },
      plugin.configs.strict,
      // what an entry point proves, and for whom, is asked elsewhere
      { rules: { 'authz/require-denial-log': 'off' } },
    ],
  })
  const lint = async (): Promise<readonly NonNullable<ESLint.LintResult['messages'][number]>[]> =>
    (await eslint.lintFiles([file])).flatMap(({ messages }) => messages)
  const [found, ...others] = await lint()
  expect(others).toEqual([])
  const wrap = found?.suggestions?.find(({ messageId }) => messageId === 'wrapInGuard')
  const { range, text } = wrap!.fix
  const wrapped = code.slice(0, range[0]) + text + code.slice(range[1])
  fixture.write(file, wrapped)
  expect(typeErrors(fixture, file)).toEqual([])
  expect((await lint()).map(({ ruleId, message }) => [ruleId, message])).toEqual([])
})
