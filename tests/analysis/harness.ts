/** Whole small applications in memory: the analysis is asked what it says about each of their entry points. */
import path from 'node:path'
import { expect, it } from 'vitest'
import { judge, type Judgement } from '../../src/analysis/verdict/judge.ts'
import { Machine } from '../../src/analysis/machine.ts'
import { siteKey } from '../../src/analysis/values/origins.ts'
import type { Summary } from '../../src/analysis/kept/summaries.ts'
import { Recent } from '../../src/analysis/values/recent.ts'
import { modelOf, tablesIn } from '../../src/analysis/queries/models.ts'
import type { Modules } from '../../src/analysis/code/modules.ts'
import { Schema } from '../../src/analysis/queries/schema.ts'
import { scopeOf, type Scope } from '../../src/analysis/verdict/scope.ts'
import { unknown } from '../../src/analysis/values/value.ts'
import { nothingKept, withPatience, type World } from '../../src/analysis/world.ts'
import { catalog, createCatalog } from '../../src/catalog/index.ts'
import { mayKeep } from '../../src/catalog/keyed.ts'
import type { AppFacts, FoundEntryPoint } from '../../src/entry-points/entry-point.ts'
import { next } from '../../src/entry-points/next/find.ts'
import { tanstackStart } from '../../src/entry-points/tanstack-start/find.ts'
import type { ModuleForm } from '../../src/model/form.ts'
import type { Verdict } from '../../src/model/report.ts'
import { mountsAsEffects } from '../../src/workspace/mounts.ts'
import { parseText } from '../../src/project/parse.ts'
import { takersOf } from '../../src/project/takers.ts'
import { mayHaveEntryPoints } from '../../src/entry-points/mentions.ts'

/** Source texts by path, relative to the application's root. */
export type Files = Readonly<Record<string, string>>

export interface Answer {
  readonly verdict: Verdict
  readonly cause?: string
  readonly culprit?: string
  readonly exposure?: string
  readonly reason?: string
  readonly proofs: readonly string[]
  /** Names of the guards. */
  readonly guards: readonly string[]
  /** How the guards are attached: `middleware`, `call`, `inline` … */
  readonly how: readonly string[]
  readonly effects: readonly string[]
  readonly entry: FoundEntryPoint
  readonly judgement: Judgement
  /** Whose rows it touches; computed when it is asked for. */
  readonly scope: () => Scope
}

const root = '/app'

/** What every case may import: a Better Auth instance, Drizzle tables and a client, and a Prisma client. */
export const shared: Files = {
  'src/auth.ts': `
    import { betterAuth } from 'better-auth'
    export const auth = betterAuth({ emailAndPassword: { enabled: true } })`,
  'src/schema.ts': `
    import { pgTable, text, timestamp, integer } from 'drizzle-orm/pg-core'
    export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email'), role: text('role') })
    export const organizations = pgTable('organizations', { id: text('id').primaryKey(), name: text('name') })
    export const members = pgTable('members', {
      id: text('id').primaryKey(), userId: text('user_id').references(() => users.id),
      organizationId: text('organization_id').references(() => organizations.id), role: text('role') })
    export const invoices = pgTable('invoices', {
      id: text('id').primaryKey(), organizationId: text('organization_id').references(() => organizations.id),
      ownerId: text('owner_id').references(() => users.id), total: integer('total') })
    export const lines = pgTable('lines', { id: text('id').primaryKey(), invoiceId: text('invoice_id').references(() => invoices.id) })
    export const countries = pgTable('countries', { code: text('code').primaryKey(), label: text('label') })
    export const logs = pgTable('logs', { id: text('id').primaryKey(), what: text('what') })
    export const sessions = pgTable('sessions', {
      id: text('id').primaryKey(), tokenHash: text('token_hash'), userId: text('user_id').references(() => users.id),
      expiresAt: timestamp('expires_at') })
    export const apiKeys = pgTable('api_keys', { id: text('id').primaryKey(), keyHash: text('key_hash'), ownerId: text('owner_id') })
    export const invites = pgTable('invites', { id: text('id').primaryKey(), token: text('token'), organizationId: text('organization_id') })`,
  'src/db.ts': `
    import { drizzle } from 'drizzle-orm/node-postgres'
    import * as schema from './schema'
    export const db = drizzle(process.env.DATABASE_URL!, { schema })`,
  'src/prisma.ts': `
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()`,
}

/** Goes before the source of a case, so that the cases show what they are about. */
export const prelude = `
import { createMiddleware, createServerFn, createStart } from '@tanstack/react-start'
import { deleteCookie, getCookie, getRequest, getRequestHeader, getRequestHeaders, setResponseStatus, useSession } from '@tanstack/react-start/server'
import { createFileRoute, notFound, redirect } from '@tanstack/react-router'
import { and, eq, gt, or } from 'drizzle-orm'
import { auth } from '~/auth'
import { db } from '~/db'
import { prisma } from '~/prisma'
import { apiKeys, countries, invites, invoices, lines, logs, members, organizations, sessions, users } from '~/schema'
`

/** Looks the caller's session up, which is null for an anonymous caller. */
export const session = 'const session = await auth.api.getSession({ headers: getRequestHeaders() })\n'

/** Protected work. */
export const work = 'await db.insert(invoices).values(data)\n'

/** A middleware of function type, by its `.server()` body. */
export const middleware = (name: string, body: string, before = ''): string =>
  `export const ${name} = createMiddleware({ type: 'function' })${before}.server(async ({ next, context, data }) => { ${body} })\n`

export const requireUser = `export async function requireUser() {
  ${session}
  if (!session) throw new Error('Unauthorized')
  return session.user
}
`

/** A server function `act` around a handler's body. */
export const handler = (body: string, chain = ''): string =>
  `export const act = createServerFn({ method: 'POST' })${chain}.handler(async ({ data, context }) => { ${body}
})\n`

const parsed = new Map<string, ModuleForm>()

function form(file: string, text: string | undefined): ModuleForm {
  const key = `${file}\0${text ?? ''}`
  let known = parsed.get(key)
  if (!known) {
    known =
      text === undefined ? { ...parseText(file, ''), unreadable: 'the file does not exist' } : parseText(file, text)
    if (shared[file.slice(root.length + 1)] === text) parsed.set(key, known)
  }
  return known
}

const extensions = ['', '.ts', '.tsx', '.js', '/index.ts', '/index.tsx']

function modulesOf(
  files: Files,
): Modules & { readonly exists: (file: string) => boolean; readonly mentions: (text: string) => boolean } {
  const forms = new Map<string, ModuleForm>()
  const has = (file: string): boolean => files[file.slice(root.length + 1)] !== undefined
  return {
    exists: has,
    resolve(specifier, from) {
      const local = /^[~@]\//.test(specifier) ? path.posix.join(root, 'src', specifier.slice(2)) : undefined
      const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : local
      if (target === undefined) return { kind: 'package', name: specifier }
      const bare = target.replace(/\.js$/, '')
      const file = [target, bare].flatMap((stem) => extensions.map((extension) => stem + extension)).find(has)
      return file === undefined ? { kind: 'unresolved', reason: 'does not exist' } : { kind: 'module', file }
    },
    keepers: (_file, of) =>
      Object.entries(files).flatMap(([file, text]) => (mayKeep(text, of) ? [`${root}/${file}`] : [])),
    takers(file, names) {
      const all = Object.keys(files).map((at) => `${root}/${at}`)
      const text = (at: string): string => files[at.slice(root.length + 1)] ?? ''
      return takersOf(
        {
          files: all,
          mentions: (at, words) => words.some((word) => text(at).includes(word)),
          text,
          module: (at) => this.module(at),
          resolve: (specifier, at) => this.resolve(specifier, at),
          isEntry: mayHaveEntryPoints,
        },
        file,
        names,
      )
    },
    mentions: (text) => Object.values(files).some((source) => source.includes(text)),
    module(file) {
      let known = forms.get(file)
      if (!known) forms.set(file, (known = form(file, files[file.slice(root.length + 1)])))
      return known
    },
  }
}

const frameworks = [tanstackStart, next]
const knowledge = createCatalog(mountsAsEffects(catalog))
const instancePackages = new Map(
  catalog.flatMap((library) =>
    Object.keys(library.instances ?? {}).map((instance) => [instance, library.packages[0]!] as const),
  ),
)

/** Like the one in `src/workspace/workspace.ts`, without a policy file and without schemas that are not code. */
function worldOf(modules: ReturnType<typeof modulesOf>): World {
  let schema: Schema | undefined
  const world: World = {
    modules,
    schemaFor: () => {
      const m = new Machine(world, { kind: 'anonymous', environment: 'production' })
      schema ??= new Schema(tablesIn(m, `${root}/src/schema.ts`), { keys: [], models: {} })
      return schema
    },
    catalog: knowledge,
    behaviours: new Map(frameworks.flatMap(({ behaviours }) => [...behaviours])),
    modelOf: (m, query) => modelOf(m, query, () => undefined),
    declared: () => undefined,
    declaredGuardValue: () => unknown(),
    packageOf: (instance) => instancePackages.get(instance),
    generated: () => undefined,
    exists: modules.exists,
    ...nothingKept(),
    // the cases are short: every call of theirs is kept, so that each case says whether keeping changes its answer
    keepsFrom: 0,
    hasOwnServer: () => modules.mentions('http.createServer('),
    callsSomewhere: (_file, method) => modules.mentions(`.${method}(`),
  }
  return world
}

/** The answers for all entry points of the files, by name; of several with one name, by file and name. */
export function verdicts(given: Files): Record<string, Answer> {
  const files = { ...shared, ...given }
  const unreadable = Object.entries(given).map(([file, text]) => form(`${root}/${file}`, text).unreadable)
  expect(unreadable.filter((problem) => problem !== undefined)).toEqual([])
  const world = worldOf(modulesOf(files))
  const has = (file: string): string | undefined => (files[file] === undefined ? undefined : `${root}/${file}`)
  const app: AppFacts = {
    root,
    dependencies: new Set(),
    routesFolder: `${root}/src/routes`,
    startFile: has('src/start.ts'),
    pages: {
      root,
      appFolder: `${root}/src/app`,
      pagesFolder: `${root}/src/pages`,
      pageExtensions: ['tsx', 'ts', 'jsx', 'js'],
      proxyFile: has('src/proxy.ts'),
    },
  }
  const answers: Record<string, Answer> = {}
  for (const file of Object.keys(given)) {
    const m = new Machine(world, { kind: 'anonymous', environment: 'production' })
    for (const entry of frameworks.flatMap((framework) => framework.find(m, `${root}/${file}`, app))) {
      // what one run leaves behind must not change what the next one says, nor what one leaves that was given up
      judge(withPatience(world, 3), entry.run, entry.notes)
      const answer = answerOf(world, entry, judge(world, entry.run, entry.notes))
      const again = answerOf(world, entry, judge(world, entry.run, entry.notes))
      expect({ again: entry.name, ...found(again) }).toEqual({ again: entry.name, ...found(answer) })
      // a call whose outcome is known gives what it gives when it is followed
      const without = { ...world, summaries: new Forgetful(0) }
      const followed = answerOf(without, entry, judge(without, entry.run, entry.notes))
      expect({ followed: entry.name, ...found(followed) }).toEqual({ followed: entry.name, ...found(answer) })
      answers[answers[entry.name] ? `${file}#${entry.name}` : entry.name] = answer
    }
  }
  return answers
}

class Forgetful extends Recent<readonly Summary[]> {
  override get(): undefined {
    return undefined
  }
}

/** All that a run has found. */
const found = ({ verdict, cause, culprit, reason, proofs, guards, how, judgement }: Answer): object => ({
  verdict,
  cause,
  culprit,
  reason,
  proofs: [...proofs].sort(),
  guards,
  how,
  effects: [
    ...new Set(judgement.effects.map(({ what, site, exposed }) => `${what} ${siteKey(site)} ${exposed}`)),
  ].sort(),
})

function answerOf(world: World, entry: FoundEntryPoint, judgement: Judgement): Answer {
  return {
    verdict: judgement.verdict,
    ...(judgement.cause ? { cause: judgement.cause } : {}),
    ...(judgement.culprit ? { culprit: judgement.culprit } : {}),
    ...(judgement.exposure ? { exposure: judgement.exposure } : {}),
    ...(judgement.reason ? { reason: judgement.reason } : {}),
    proofs: judgement.proofs,
    guards: judgement.guards.map((guard) => guard.name),
    how: judgement.guards.map((guard) => guard.how),
    effects: judgement.effects.map((effect) => effect.what),
    entry,
    judgement,
    scope: () => scopeOf(world, entry.run),
  }
}

/** The answers for `src/fns.ts`, with the prelude before it, and other files beside it. */
export const ask = (source: string, files: Files = {}): Record<string, Answer> =>
  verdicts({ ...withPrelude(files), 'src/fns.ts': prelude + source })

/** The files with the prelude before each, except where the text says that it brings its own imports. */
export const withPrelude = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, /^\s*\/\/ as it is/.test(text) ? text : prelude + text]),
  )

/** The answer for the entry point `act`. */
export function act(source: string, files: Files = {}): Answer {
  const answer = ask(source, files).act
  if (!answer) throw new Error('the source has no entry point `act`')
  return answer
}

/** The answer for a handler's body. */
export const body = (text: string, files: Files = {}): Answer => act(handler(text), files)

/** A case: a handler's body, or a source with the entry point `act`, or that with files beside it. */
export type Case = string | readonly [source: string, files: Files]

export const answerTo = (given: Case): Answer => {
  const [source, files] = typeof given === 'string' ? [given, {}] : given
  return /\bact = |\bact: /.test(source) ? act(source, files) : body(source, files)
}

/** The answer without what only the machine understands. */
const said = (answer: Answer): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answer).filter(([key]) => !['entry', 'judgement', 'scope'].includes(key)))

export interface Expected {
  readonly verdict: Verdict
  readonly cause?: string
  readonly exposure?: string
  readonly reason?: string
  readonly proofs?: readonly string[]
  readonly guards?: readonly string[]
  readonly how?: readonly string[]
}

/** `it`, or `it.fails` for what is known to be answered wrongly. */
type Test = (name: string, check: () => void) => void

/** One test a case, named by what the case does. */
export function cases(expected: Verdict | Expected, table: Readonly<Record<string, Case>>, test: Test = it): void {
  const wanted: Expected = typeof expected === 'string' ? { verdict: expected } : expected
  for (const [name, given] of Object.entries(table)) {
    test(name, () => {
      const answer = said(answerTo(given))
      expect(answer, JSON.stringify(answer)).toMatchObject(wanted)
    })
  }
}

export const guarded = (table: Readonly<Record<string, Case>>): void => cases('guarded', table)
export const unguarded = (table: Readonly<Record<string, Case>>, cause?: string): void =>
  cases({ verdict: 'unguarded', ...(cause ? { cause } : {}) }, table)
export const isPublic = (table: Readonly<Record<string, Case>>): void => cases('public', table)
export const unverifiable = (table: Readonly<Record<string, Case>>): void => cases('unverifiable', table)

/** The worst that can happen is that an open entry point passes for closed: `unverifiable` is allowed, these two are not. */
export function notSafe(table: Readonly<Record<string, Case>>, test: Test = it): void {
  for (const [name, given] of Object.entries(table)) {
    test(name, () => {
      expect(['unguarded', 'unverifiable']).toContain(answerTo(given).verdict)
    })
  }
}

/** An open entry point that passes for closed today; the case fails when it no longer does. */
export const stillOpen = (table: Readonly<Record<string, Case>>): void => notSafe(table, it.fails)

/** A case that is not answered as expected today, though nothing open passes for closed; it fails when it is. */
export const stillNot = (expected: Verdict | Expected, table: Readonly<Record<string, Case>>): void =>
  cases(expected, table, it.fails)
