/** The packed plugin in a real ESLint language server: what an editor shows while somebody works on a guard. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Editor } from './language-client.ts'

const hosts = process.env.AUTHZ_HOSTS
if (!hosts) throw new Error('Run it by `npm run test:hosts`, which installs the hosts.')
const server = path.join(
  hosts,
  'language-server/node_modules/vscode-langservers-extracted/bin/vscode-eslint-language-server',
)

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
  'eslint.config.js': `import authz from 'eslint-plugin-authz'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

export default defineConfig([{ files: ['**/*.ts'], languageOptions: { parser: ts.parser } }, authz.configs.strict])
`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const invoices = pgTable('invoices', { id: text().primaryKey(), ownerId: text().notNull() })
export const db = drizzle(process.env.DATABASE_URL!)
`,
  'src/other/middleware.ts': `import { createMiddleware } from '@tanstack/react-start'
export const authMiddleware = createMiddleware().server(({ next }) => next())
`,
}
const guard = `import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { betterAuth } from 'better-auth'
const auth = betterAuth({})
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('Unauthorized')
  return next({ context: { user: session.user } })
})
`
const soft = guard.replace("if (!session) throw new Error('Unauthorized')", '').replace('session.user', 'session?.user')
const clear = (middleware = ''): string => `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from '~/db'
${middleware && "import { authMiddleware } from '~/middleware'\n"}
export const clear = createServerFn({ method: 'POST' })${middleware}.handler(async () => {
  await db.delete(invoices)
})
`
const guarded = clear('.middleware([authMiddleware])')
const file = 'src/clear.ts'

let folder: string
let editor: Editor

function save(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), text)
}

const remove = (name: string): void => rmSync(path.join(folder, name))

/** The message ids would say more, but are not part of the protocol. */
const found = async (): Promise<string[]> =>
  (await editor.diagnostics(file)).map(({ code, message }) => `${code}: ${message}`)

const nothing: readonly string[] = []
const open: readonly unknown[] = [
  expect.stringMatching(/^authz\/no-unguarded-server-fn: `clear` writes `invoices` for anyone/),
]
const softly = [expect.stringMatching(/^authz\/no-unguarded-server-fn: `authMiddleware` looks the caller up/)]
const unknown = [expect.stringMatching(/^authz\/no-unverifiable-entry-point: /)]

beforeAll(async () => {
  folder = mkdtempSync(path.join(hosts, 'editor-'))
  symlinkSync(path.join(hosts, 'eslint-10/node_modules'), path.join(folder, 'node_modules'), 'junction')
  for (const [name, text] of Object.entries({ ...files, 'src/middleware.ts': guard, [file]: guarded })) save(name, text)
  // What VS Code's extension sends, as far as the server needs it, and no actions but the plugin's own.
  editor = await Editor.on(folder, server, {
    validate: 'on',
    run: 'onType',
    problems: { shortenToSingleLine: false },
    rulesCustomizations: [],
    experimental: {},
    options: {},
    nodePath: null,
    quiet: false,
    format: false,
    onIgnoredFiles: 'off',
    codeAction: {
      disableRuleComment: { enable: false },
      showDocumentation: { enable: false },
    },
    codeActionOnSave: { mode: 'all' },
    workingDirectory: { mode: 'auto' },
    workspaceFolder: { uri: pathToFileURL(folder).href, name: 'project' },
  })
  editor.open(file, guarded)
})

afterAll(async () => {
  await editor.close()
  rmSync(folder, { recursive: true })
})

it('shows nothing on a guarded function', async () => {
  expect(await found()).toEqual(nothing)
})

it('shows what is typed before it is saved', async () => {
  editor.type(file, clear())
  expect(await found()).toEqual(open)
  const [diagnostic] = await editor.diagnostics(file)
  expect(diagnostic!.range).toEqual({ start: { line: 3, character: 13 }, end: { line: 3, character: 18 } })
})

it('offers the guard of the folder with its import, and the buffer is clean when it was taken', async () => {
  const [diagnostic] = await editor.diagnostics(file)
  const actions = await editor.actions(file, diagnostic!)
  expect(actions.map(({ title }) => title)).toEqual([
    'Put the middleware `authMiddleware` in front of `clear`. (authz/no-unguarded-server-fn)',
    'Declare `clear` public, with a reason to fill in. (authz/no-unguarded-server-fn)',
  ])

  await editor.apply(actions.find(({ title }) => title.includes('authMiddleware'))!)
  expect(editor.text(file)).toContain('.middleware([authMiddleware])')
  expect(editor.text(file)).toContain("import { authMiddleware } from '~/middleware'")
  expect(await found()).toEqual(nothing)
})

it('sees at the next lint that the file of the guard was edited, deleted and written again', async () => {
  editor.type(file, guarded)
  save('src/middleware.ts', soft)
  expect(await found()).toEqual(softly)

  remove('src/middleware.ts')
  expect(await found()).toEqual(unknown)

  save('src/middleware.ts', guard)
  expect(await found()).toEqual(nothing)
})

it('sees that an alias leads elsewhere', async () => {
  save(
    'tsconfig.json',
    '{ "compilerOptions": { "paths": { "~/middleware": ["./src/other/middleware"], "~/*": ["./src/*"] } } }',
  )
  expect(await found()).toEqual(open)

  save('tsconfig.json', files['tsconfig.json']!)
  expect(await found()).toEqual(nothing)
})

it('sees a policy file that appears, is wrong, and goes', async () => {
  editor.type(file, clear())
  expect(await found()).toEqual(open)

  save('authz.config.json', `{ "public": [{ "files": "${file}", "reason": "a demo" }] }`)
  expect(await found()).toEqual(nothing)

  save('authz.config.json', '{ "public": ')
  expect(await found()).toEqual([expect.stringMatching(/authz\.config\.json/), ...open])

  remove('authz.config.json')
  expect(await found()).toEqual(open)
})

it('has nothing to complain about', () => {
  expect(editor.log).not.toMatch(/error|exception/i)
})
