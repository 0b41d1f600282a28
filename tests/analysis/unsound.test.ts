/** Attacks on the analysis: open entry points that must never be called guarded or public. */
import { describe } from 'vitest'
import {
  cases,
  guarded,
  handler,
  middleware,
  notSafe,
  requireUser,
  session,
  unguarded,
  unverifiable,
  work,
} from './harness.ts'

describe('work that does not look like work', () => {
  const db = (text: string, body: string): readonly [string, Readonly<Record<string, string>>] => [
    `import { store } from './store'; ${handler(body)}`,
    {
      'src/store.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { PrismaClient } from '@prisma/client'\n${text}`,
    },
  ]
  unguarded({
    'a destructured method': handler(`const { insert } = db; await insert(invoices).values(data)`),
    'a method under a computed literal': handler(`await db['insert'](invoices).values(data)`),
    'a bound method': handler(`const insert = db.insert.bind(db); await insert(invoices).values(data)`),
    'a comma call': handler(`await (0, db.insert)(invoices).values(data)`),
    'a client in an object': handler(`const deps = { db }; await deps.db.insert(invoices).values(data)`),
    'a client that is passed': `const save = (client: any, values: any) => client.insert(invoices).values(values); ${handler('await save(db, data)')}`,
    'a client in the context': `${middleware('m', 'return next({ context: { db } })')} ${handler('await context.db.insert(invoices).values(data)', '.middleware([m])')}`,
    'a repository': `class Invoices { constructor(private client: any) {} add(values: any) { return this.client.insert(invoices).values(values) } } const repository = new Invoices(db); ${handler('await repository.add(data)')}`,
    'a repository made by a function': `const repository = (client: any) => ({ add: (values: any) => client.insert(invoices).values(values) }); ${handler('await repository(db).add(data)')}`,
    'a client that is made on first use': db(
      `let cached: any; export function store() { if (!cached) cached = drizzle(process.env.URL!); return cached }`,
      `await store().insert(invoices).values(data)`,
    ),
    'a client that is made with ??=': db(
      `let cached: any; export const store = () => (cached ??= drizzle(process.env.URL!))`,
      `await store().insert(invoices).values(data)`,
    ),
    'a client that is kept on globalThis': db(
      `const g = globalThis as any; export const store = g.prisma ?? new PrismaClient(); if (process.env.NODE_ENV !== 'production') g.prisma = store`,
      `await store.invoice.create({ data })`,
    ),
    'a client that is kept on globalThis with ||': db(
      `const g = globalThis as unknown as { prisma: PrismaClient | undefined }; export const store = g.prisma || new PrismaClient()`,
      `await store.invoice.create({ data })`,
    ),
    'a client that is made by an async function': db(
      `export async function store() { const { drizzle } = await import('drizzle-orm/node-postgres'); return drizzle(process.env.URL!) }`,
      `const client = await store(); await client.insert(invoices).values(data)`,
    ),
    'an extended Prisma client': db(
      `export const store = new PrismaClient().$extends({})`,
      `await store.invoice.create({ data })`,
    ),
    'a table that the caller chooses': handler(
      `const tables: any = { invoices, logs }; await db.insert(tables[data.table]).values(data)`,
    ),
    'a dispatch table': `const actions: any = { create: (d: any) => db.insert(invoices).values(d), noop: () => null }; ${handler('return actions[data.kind](data)')}`,
    'a Map of actions': `const actions = new Map<string, any>([['create', (d: any) => db.insert(invoices).values(d)]]); ${handler('return actions.get(data.kind)?.(data)')}`,
    'a list of actions': handler(`for (const run of [() => db.insert(invoices).values(data)]) await run()`),
    'a reduce over actions': handler(
      `await [() => db.insert(invoices).values(data)].reduce((p: any, run) => p.then(run), Promise.resolve())`,
    ),
    'a default value of a parameter': `async function run(_row: any = db.insert(invoices).values({ id: 'x' }).execute()) { return 1 } ${handler('await run()')}`,
    'a default value in destructuring': handler(
      `const { row = await db.insert(invoices).values(data) } = data as any; return 1`,
    ),
    'a template literal': handler('return `${await db.insert(invoices).values(data)}`'),
    'a tagged template of the project': `const run = (_s: any, values: any) => db.insert(invoices).values(values); ${handler('await run`x${data}`')}`,
    'a getter of an object': handler(
      `const o = { get go() { return db.insert(invoices).values(data).execute() } }; await o.go`,
    ),
    'a getter of a class': `class Store { get go() { return db.delete(invoices).execute() } } ${handler('await new Store().go')}`,
    'a constructor': `class Job { constructor(values: any) { void db.insert(invoices).values(values).execute() } } ${handler('new Job(data)')}`,
    'a field of a class': `class Job { done = db.delete(invoices).execute() } ${handler('new Job()')}`,
    'an argument of console.log': handler(`console.log(await db.insert(invoices).values(data))`),
    'an operand of ??': handler(`const nothing: any = null; return nothing ?? db.insert(invoices).values(data)`),
    'the test of a condition': handler(`if (await db.insert(invoices).values(data)) return 1`),
    'the expression of a throw': handler(`throw await db.insert(invoices).values(data)`),
    'the update of a loop': handler(`for (let i = 0; i < data.n; await db.insert(invoices).values(data)) i++`),
    'the executor of a promise': handler(
      `await new Promise((resolve) => db.insert(invoices).values(data).execute().then(resolve))`,
    ),
    'an async function that is called at once': handler(
      `void (async () => { await db.insert(invoices).values(data) })()`,
    ),
    'a recursion over the input': `async function walk(node: any): Promise<void> { for (const child of node.children) await walk(child); await db.insert(invoices).values(node) } ${handler('await walk(data)')}`,
    'a program': handler(
      `const { exec } = await import('node:child_process'); const { promisify } = await import('node:util'); await promisify(exec)(data.command)`,
    ),
    'a request with a method that the caller chooses': handler(
      `await fetch(process.env.API!, { method: data.method, headers: { Authorization: process.env.KEY! } })`,
    ),
    'the work of a sibling server function': `export const wipe = createServerFn().handler(async () => { await db.delete(invoices) }); ${handler('await wipe()')}`,
  })
  notSafe({
    'a client behind a Proxy': db(
      `const make = () => drizzle(process.env.URL!); export const store: any = new Proxy({}, { get: (_t, key) => (make() as any)[key] })`,
      `await store.insert(invoices).values(data)`,
    ),
    'Reflect.apply': `const run = (values: any) => db.insert(invoices).values(values).execute(); ${handler('Reflect.apply(run, null, [data])')}`,
  })
  unguarded({
    'a timer': `setTimeout(() => { void db.insert(invoices).values(data).execute() }, 0)`,
    setImmediate: `setImmediate(async () => { await db.insert(invoices).values(data) })`,
    queueMicrotask: `queueMicrotask(() => { void db.insert(invoices).values(data).execute() })`,
    'process.nextTick': `process.nextTick(() => { void db.insert(invoices).values(data).execute() })`,
    'a generator': `async function* rows(values: any) { await db.insert(invoices).values(values); yield 1 } ${handler(`for await (const x of rows(data)) console.log(x)`)}`,
    eval: `eval('db.insert(invoices).values(data)')`,
    'a function that is made of text': `new Function('db', data.code)(db)`,
    'a binding of the platform': `import { env } from 'cloudflare:workers'; ${handler(`await env.DB.prepare('delete from invoices where id = ?').bind(data.id).run()`)}`,
    'a prepared Request': `await fetch(new Request(process.env.API!, { method: 'POST', body: data.text }))`,
    'a setter': `const o = { set go(values: any) { void db.insert(invoices).values(values).execute() } }; o.go = data`,
    'a setter of a class': `class Store { set row(values: any) { void db.insert(invoices).values(values).execute() } } class Invoices extends Store {} ${handler('const store = new Invoices(); store.row = data')}`,
    'a client in a Map': `const clients = new Map<string, any>(); clients.set('main', db); ${handler(`await clients.get('main').insert(invoices).values(data)`)}`,
    'a client that a container gives': `class Container { private services: any = {}; register(name: string, value: any) { this.services[name] = value } get(name: string) { return this.services[name] } } const container = new Container(); container.register('db', db); ${handler(`await container.get('db').insert(invoices).values(data)`)}`,
    'a client that a class keeps for itself': db(
      `class Database { static instance: any; static get() { if (!Database.instance) Database.instance = drizzle(process.env.URL!); return Database.instance } }; export const store = Database`,
      `await store.get().insert(invoices).values(data)`,
    ),
    'a client that is put into a class': db(
      `export class Database { static instance: any }; Database.instance = drizzle(process.env.URL!)
export const store = Database`,
      `await store.instance.insert(invoices).values(data)`,
    ),
    'a row that a generator yields': `async function* all() { const rows = await db.select().from(users); for (const row of rows) yield row } ${handler(`const out = []; for await (const row of all()) out.push(row); return out`)}`,
    'a generator that another one delegates to': `async function* all() { yield* await db.select().from(users) } ${handler(`return all()`)}`,
    'a handler that is a generator': `export const act = createServerFn().handler(async function* () { const rows = await db.select().from(users); yield* rows; ${session} if (!session) throw new Error() })`,
    'a Set of actions': `const actions = new Set<any>(); actions.add((values: any) => db.insert(invoices).values(values)); ${handler('for (const run of actions) await run(data)')}`,
    'a Map of actions that is iterated': `const actions = new Map<string, any>(); actions.set('a', (values: any) => db.insert(invoices).values(values)); ${handler('for (const [, run] of actions) await run(data)')}`,
    'a stream that writes when it is read': `return new ReadableStream({ async pull(controller) { ${work} controller.close() } })`,
    'a stream of rows': `return new Response(new ReadableStream({ async start(controller) { const rows = await db.select().from(invoices); for (const row of rows) controller.enqueue(JSON.stringify(row)) } }))`,
    'a constructor by Reflect': `class Save { constructor(values: any) { void db.insert(invoices).values(values).execute() } } ${handler('Reflect.construct(Save, [data])')}`,
    'an object with a method then, which is awaited': `const lazy: any = { then(resolve: any) { db.insert(invoices).values(data).execute(); resolve(1) } }; await lazy`,
    'a query object of the project with a method then': `class Insert { constructor(private values: any) {} then(resolve: any) { return db.insert(invoices).values(this.values).then(resolve) } } ${handler('await new Insert(data)')}`,
    'a query that a generator yields to next()': `function* all() { yield db.delete(invoices) } ${handler(`await all().next().value`)}`,
    'a query that a generator yields to a loop over next()': `function* all() { yield db.delete(invoices) } ${handler(`const it = all(); for (let step = it.next(); !step.done; step = it.next()) await step.value`)}`,
    'queries that a generator yields to Promise.all': `function* all() { yield db.delete(invoices); yield db.delete(users) } ${handler(`await Promise.all(all())`)}`,
    'queries that a generator yields to Promise.allSettled': `function* all() { yield db.delete(invoices) } ${handler(`await Promise.allSettled(all())`)}`,
    'rows that a generator returns': `function* all() { yield 1; return db.select().from(invoices) } ${handler(`return all().next().value`)}`,
    'rows that an async generator gives to next()': `async function* all() { yield* await db.select().from(invoices) } ${handler(`const { value } = await all().next(); return value`)}`,
    'rows that a generator gives to a set': `function* all(rows: any) { for (const row of rows) yield row.ownerId } ${handler(`return [...new Set(all(await db.select().from(invoices)))]`)}`,
    'a generator that is driven by next()': `function* rows(values: any) { db.insert(invoices).values(values).execute(); yield 1 } ${handler(`rows(data).next()`)}`,
  })
})

describe('work on something that is put out of sight into what is used', () => {
  const elsewhere = {
    'src/registry.ts':
      'export const clients = new Map<string, any>(); export const actions: any = {}; export const state: any = {}',
  }
  const from = "import { actions, clients, state } from './registry'\n"
  notSafe({
    'a Map': [from + handler(`await clients.get('main').insert(invoices).values(data)`), elsewhere],
    'an entry that the caller names': [from + handler(`return actions[data.kind]?.(data)`), elsewhere],
    'a property': [from + handler(`await state.db.insert(invoices).values(data)`), elsewhere],
    'a function': [from + handler(`return actions.create(data)`), elsewhere],
  })
})

describe('what was written last', () => {
  const sealed = `const s = await useSession<{ userId?: string }>({ password: process.env.SESSION_SECRET! });`
  unguarded({
    'a method that was replaced': `const guards = { user: async () => { ${session} if (!session) throw new Error() } }; guards.user = async () => {}; ${handler(`await guards.user(); ${work}`)}`,
    'a method that Object.assign replaced': `const guards = { user: async () => { ${session} if (!session) throw new Error() } }; Object.assign(guards, { user: async () => {} }); ${handler(`await guards.user(); ${work}`)}`,
    'the data of a session, from the input': `${sealed} await s.update({ userId: data.userId }); if (!s.data.userId) throw new Error(); ${work}`,
    'the data of a session, by a function': `${sealed} await s.update((before) => ({ ...before, userId: data.userId })); if (!s.data.userId) throw new Error(); ${work}`,
    'an object of the module, behind a helper that has looked at it before': `const current: any = { user: null }
      async function check() { if (!current.user) throw new Error(); return [1, 2, 3, 4, 5, 6].map((n) => n + 1).filter((n) => n > 3).map((n) => n * 2 + 1).some((n) => n > 4 && n < 10 || n === 3 || n === 7) }
      ${handler(`try { await check() } catch {} current.user = data.user; await check(); ${work}`)}`,
  })
  guarded({
    'another key of a session': `${sealed} await s.update({ theme: data.theme }); if (!s.data.userId) throw new Error(); ${work}`,
    'a method that was replaced by a guard': `const guards = { user: async () => {} }; guards.user = async () => { ${session} if (!session) throw new Error() }; ${handler(`await guards.user(); ${work}`)}`,
  })
})

describe('work in a callback that is given to a package that nobody knows', () => {
  notSafe({
    'in a list': `import { series } from 'acme-flow'; ${handler(`await series([async () => { await db.insert(invoices).values(data) }])`)}`,
    'in an object in a list': `import { series } from 'acme-flow'; ${handler(`await series([{ run: async () => { await db.insert(invoices).values(data) } }])`)}`,
  })
})

describe('work for the anonymous behind a test that looks like a denial', () => {
  unguarded({
    'a middleware that sets the user in a try and goes on after it': `${requireUser} ${middleware('m', `let user = null; try { user = await requireUser() } catch {} return next({ context: { user } })`)} ${handler(work, '.middleware([m])')}`,
    'the catch of the check does the work': `${requireUser} ${handler(`return requireUser().catch(() => db.insert(invoices).values(data))`)}`,
    'the finally of the check does the work': `${requireUser} ${handler(`await requireUser().finally(() => db.insert(invoices).values(data))`)}`,
    'the second argument of then does the work': `${requireUser} ${handler(`await requireUser().then(() => null, () => db.insert(invoices).values(data))`)}`,
    'next() in the catch of a promise': `${requireUser} ${middleware('m', `return requireUser().then((user) => next({ context: { user } })).catch(() => next())`)} ${handler(work, '.middleware([m])')}`,
    'next() beside the check in Promise.all': `${requireUser} ${middleware('m', `const [, result] = await Promise.all([requireUser(), next()]); return result`)} ${handler(work, '.middleware([m])')}`,
    'guests get a path of their own': `${session} if (!session) { await db.insert(invoices).values(data); return { ok: true } } return null`,
    'guests get a path of their own in a helper': `async function forGuests(values: any) { return db.insert(invoices).values(values) } ${handler(`${session} if (!session) return forGuests(data); return null`)}`,
    'guests get a path of their own by a ternary': `${session} return session ? null : db.insert(invoices).values(data)`,
    'guests get a path of their own by ||': `${session} return session || db.insert(invoices).values(data)`,
    'guests get a path of their own by ??': `${session} return session ?? db.insert(invoices).values(data)`,
    'guests get a path of their own in an else': `${session} if (session) { return null } else { ${work} }`,
    'guests get a path of their own in a switch': `${session} switch (session) { case null: ${work} }`,
    'guests get the rows of a read': `${session} const rows = await db.select().from(invoices); return session ? null : rows`,
    'the handler answers guests with the rows and others with a redirect': `${session} const rows = await db.select().from(invoices); if (session) throw redirect({ to: '/app' }); return rows`,
    'the middleware lets guests through with next() behind a log line': `${middleware('m', `${session} if (!session) { console.log('anonymous'); return next() } return next()`)} ${handler(work, '.middleware([m])')}`,
    'a denial that is decided by the caller as well': `${session} const deny = !session && data.deny; if (deny) throw new Error(); ${work}`,
    'a denial with a caller-chosen alternative in a helper': `const allowed = (user: any, input: any) => Boolean(user) || input.token === 'preview'; ${handler(`${session} if (!allowed(session?.user, data)) throw new Error(); ${work}`)}`,
    'a test of an inner variable that hides the session': `${session} { const session = { user: 1 }; if (!session) throw new Error() } ${work}`,
    'a predicate that is always true': `function isUser(value: any): value is { id: string } { return true } ${handler(`${session} if (!isUser(session?.user)) throw new Error(); ${work}`)}`,
    'an assertion function with an empty body': `function assertUser(value: unknown): asserts value {} ${handler(`${session} assertUser(session?.user); ${work}`)}`,
    'a check whose parameter turns it off': `async function check(optional = true) { ${session} if (!session && !optional) throw new Error() } ${handler(`await check(); ${work}`)}`,
    'a check of a promise that is truthy': `async function find() { ${session} return session } ${handler(`const found = find(); if (!found) throw new Error(); ${work}`)}`,
    'a check of a function that is truthy': `const isAdmin = () => false; ${handler(`if (!isAdmin) throw new Error(); ${work}`)}`,
    'a check of a list that is truthy': `${session} if (!(session ? [1] : [])) throw new Error(); ${work}`,
    'an un-awaited check in an async callback of Promise.all': `${requireUser} ${handler(`await Promise.all([1].map(async () => { requireUser() })); ${work}`)}`,
    'a check in a callback that runs for no element': `${requireUser} ${handler(`await Promise.all([].map(async () => { await requireUser() })); ${work}`)}`,
    'a check in a then that nobody waits for': `async function signedIn() { ${session} return Boolean(session) } ${handler(`signedIn().then((ok) => { if (!ok) throw new Error() }); ${work}`)}`,
    'a check in the then of a query that nobody waits for': `${session} db.select().from(users).where(eq(users.id, session?.user.id as any)).then((rows) => { if (!rows[0]) throw new Error() }); ${work}`,
    'a check in a getter that is never read': `${requireUser} const guards = { get user() { return requireUser() } }; ${handler(work)}`,
    'a check in a generator that nobody iterates': `async function* check() { ${session} if (!session) throw new Error(); yield session.user } ${handler(`check(); ${work}`)}`,
    'a check in a generator behind what next() asks of it': `function* check(session: any) { yield 1; if (!session) throw new Error() } ${handler(`${session} check(session).next(); ${work}`)}`,
    'a check in a closure that is never called': `${requireUser} ${handler(`const check = async () => { await requireUser() }; ${work}`)}`,
    'a check of another session': `async function get(token: string) { return db.query.users.findFirst({ where: eq(users.id, token) }) } ${handler(`const session = await get(data.id); if (!session) throw new Error(); ${work}`)}`,
  })
})

describe('rows that leave in an error', () => {
  const read = 'const rows = await db.select().from(invoices)\n'
  unguarded({
    'in the message of the denial': `${read} ${session} if (!session) throw new Error(rows[0].id); return null`,
    'in the message of an error class of the project': `class Refused extends Error { constructor(message: string) { super(message) } } ${handler(`${read} ${session} if (!session) throw new Refused(rows[0].id); return null`)}`,
  })
  guarded({
    'not: what a service says of its own failure': `${session} const response = await fetch(process.env.API_URL!); if (!response.ok) throw new Error(await response.text()); if (!session) throw new Error(); return response.json()`,
  })
})

describe('compares with something that is no secret', () => {
  const bearer = (name: string): string =>
    `if (getRequestHeader('authorization') !== \`Bearer \${process.env.${name}}\`) throw new Error(); ${work}`
  unguarded({
    'a locale of the environment': `if (data.locale !== process.env.DEFAULT_LOCALE) throw new Error(); ${work}`,
    'a locale of the environment behind a prefix': bearer('DEFAULT_LOCALE'),
  })
  unverifiable({
    'a variable whose name does not tell': `if (data.kind !== process.env.KIND) throw new Error(); ${work}`,
    'a variable whose name does not tell, behind a prefix': bearer('KIND'),
  })
  guarded({ 'but a secret behind a prefix': bearer('CRON_SECRET') })
  notSafe({
    'the origin with a list of the environment': `if (!process.env.ALLOWED_ORIGINS!.split(',').includes(getRequestHeader('origin')!)) throw new Error(); ${work}`,
    'a region in a switch': `switch (process.env.REGION) { case data.region: break; default: throw new Error() } ${work}`,
  })
})

describe('lookups that find a row for everybody', () => {
  unguarded({
    'a row that need not be there is compared with an absent id': `const [row] = await db.select().from(invoices).where(eq(invoices.id, data.id)); ${session} if (row?.ownerId !== session?.user.id) throw new Error(); await db.insert(invoices).values(data)`,
    'a row that need not be there, by findFirst': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); ${session} if (row?.ownerId !== session?.user.id) throw new Error(); await db.insert(lines).values({ id: data.id })`,
    'an empty list of ids': `const { inArray } = await import('drizzle-orm'); const rows = await db.select().from(members).where(inArray(members.id, data.ids)); if (rows.length === 0) throw new Error(); ${work}`,
    'the organisation of the input is there': `const org = await db.query.organizations.findFirst({ where: eq(organizations.id, data.orgId) }); if (!org) throw notFound(); await db.insert(invoices).values({ ...data, organizationId: org.id })`,
    'a member of the organisation is there': `const member = await db.query.members.findFirst({ where: and(eq(members.organizationId, data.orgId), eq(members.userId, data.userId)) }); if (!member) throw new Error(); ${work}`,
    'a token that was read from the same row': `const row = await db.query.invites.findFirst({ where: eq(invites.id, data.id) }); const again = await db.query.invites.findFirst({ where: eq(invites.token, row!.token!) }); if (!again) throw new Error(); ${work}`,
    'a token prefix': `const { like } = await import('drizzle-orm'); const row = await db.query.invites.findFirst({ where: like(invites.token, data.token + '%') }); if (!row) throw new Error(); ${work}`,
    'a token that is not null': `const { isNotNull } = await import('drizzle-orm'); const row = await db.query.invites.findFirst({ where: isNotNull(invites.token) }); if (!row) throw new Error(); ${work}`,
    'the same token in an or with the id': `const row = await db.query.invites.findFirst({ where: or(eq(invites.token, data.token), eq(invites.id, data.id)) }); if (!row) throw new Error(); ${work}`,
    'a token lookup whose other branch works too': `const row = await db.query.invites.findFirst({ where: eq(invites.token, data.token) }); if (!row) { ${work} } return null`,
    'a token lookup that only chooses a label': `const row = await db.query.invites.findFirst({ where: eq(invites.token, data.token) }); await db.insert(logs).values({ what: row ? 'invited' : 'not invited' })`,
  })
  unguarded({
    'Prisma findFirst by a token that may be undefined': `const user = await prisma.user.findFirst({ where: { resetToken: data.token } }); if (!user) throw new Error(); await prisma.user.update({ where: { id: user.id }, data: { password: data.password } })`,
    'Prisma findFirst by a cookie that may be absent': `const row = await prisma.session.findFirst({ where: { token: getCookie('session') } }); if (!row) throw new Error(); ${work}`,
    'Prisma updateMany by a token that may be undefined': `await prisma.user.updateMany({ where: { resetToken: data.token }, data: { password: data.password } })`,
    'an owner that may be null is compared loosely': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); ${session} if (row!.ownerId != session?.user.id) throw new Error(); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    'a hash of content is no secret': `import { pgTable, text } from 'drizzle-orm/pg-core'; const files = pgTable('files', { id: text('id'), contentHash: text('content_hash') }); ${handler(`const file = await db.select().from(files).where(eq(files.contentHash, data.hash)); if (!file[0]) throw new Error(); ${work}`)}`,
  })
})

describe('state that needs more than one round', () => {
  unguarded({
    'a flag of a loop in a callback of map': `await Promise.all(data.as.map(async (a: any) => { let ok = false; for (const b of a.bs) { if (ok) { ${work} } ok = true } }))`,
    'a flag that is set three rounds before': `let a = false; let b = false; let c = false; for (const x of data.xs) { if (c) { ${work} } c = b; b = a; a = true }`,
    'a flag that is set in the first round of a do loop': `let ok = false; do { if (ok) { ${work} } ok = true } while (data.more)`,
    'the third level of a recursion': `async function step(n: number, values: any): Promise<void> { if (n > 3) { await db.insert(invoices).values(values); return } await step(n + 1, values) } ${handler(`await step(0, data)`)}`,
    'a counter': `let n = 0; for (const x of data.xs) { if (n === 5) { ${work} } n++ }`,
    'a long list of constants': `for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) { if (n === 10) { ${work} } }`,
    'a while over a queue': `const queue = [data]; while (queue.length > 0) { const item = queue.pop(); if (item.done) { ${work} } queue.push(...item.children) }`,
    'the check of the last round counts for the first': `${session} let user: any = null; for (const x of data.xs) { if (user) { ${work} } user = { id: x } }`,
    'a break out of a labelled loop skips the check': `${session} outer: for (const a of data.as) { for (const b of data.bs) { if (b.skip) break outer } if (!session) throw new Error() } ${work}`,
    'a switch that falls through': `${session} switch (data.kind) { case 'a': if (session) return null; case 'b': ${work} }`,
  })
})

describe('guards that look odd and hold', () => {
  guarded({
    'a copy of the session by a spread': `${session} const s: any = { ...session }; if (!s.user) throw new Error(); ${work}`,
    'a Map of users by id': `${session} const byKey: any = { user: session?.user }; if (!byKey['user']) throw new Error(); ${work}`,
    'both conditions must hold': `${session} if (!session || !data.id) throw new Error(); ${work}`,
    'a test in two steps': `${session} const anonymous = !session; if (anonymous) throw new Error(); ${work}`,
    'a check in a generator that is iterated': `async function* check() { ${session} if (!session) throw new Error(); yield session.user } ${handler(`for await (const user of check()) console.log(user); ${work}`)}`,
    'a check in a generator that is listed': `function* check(session: any) { if (!session) throw new Error(); yield session.user } ${handler(`${session} const [user] = Array.from(check(session)); console.log(user); ${work}`)}`,
    'a check in a generator that is answered': `async function* rows() { ${session} if (!session) throw new Error(); yield* await db.select().from(invoices) } ${handler('return rows()')}`,
    'a handler that is a generator': `export const act = createServerFn().handler(async function* () { ${session} if (!session) throw new Error(); yield* await db.select().from(invoices) })`,
    'for await over a list of checks': `${requireUser} ${handler(`for await (const user of [requireUser()]) console.log(user); ${work}`)}`,
    'a check in a getter that is read': `${requireUser} const guards = { get user() { return requireUser() } }; ${handler(`await guards.user; ${work}`)}`,
    'a check in a then': `async function signedIn() { ${session} return Boolean(session) } ${handler(`await signedIn().then((ok) => { if (!ok) throw new Error() }); ${work}`)}`,
    'a check in a then, whose promise is awaited later': `async function signedIn() { ${session} return Boolean(session) } ${handler(`const check = signedIn().then((ok) => { if (!ok) throw new Error() }); await check; ${work}`)}`,
    'a check in the then of a query': `${session} await db.select().from(users).where(eq(users.id, session?.user.id as any)).then((rows) => { if (!rows[0]) throw new Error() }); ${work}`,
    'a check in a finally that throws': `try { console.log('x') } finally { ${session} if (!session) throw new Error() } ${work}`,
    'a check in a block with a label': `${session} check: { if (session) break check; throw new Error() } ${work}`,
    'a check in every branch of a switch': `${session} switch (data.kind) { case 'a': if (!session) throw new Error(); break; default: if (!session) return null } ${work}`,
    'a check before an async generator is drained': `async function* rows(values: any) { await db.insert(invoices).values(values); yield 1 } ${handler(`${session} if (!session) throw new Error(); for await (const x of rows(data)) console.log(x)`)}`,
  })
})

describe('cases that were once wrong', () => {
  notSafe({
    'a method that the caller chooses': `await (db as any)[data.method](invoices).values(data)`,
    'an import of a file that is not there': `import { save } from './generated'; ${handler(`await save(data)`)}`,
  })
  cases('unguarded', {
    'the lengths are compared': `
const post = async ({ request }: any) => { if (request.headers.get('x-key')?.length !== process.env.CRON_SECRET?.length) throw new Error(); await db.delete(sessions) }
${handler(`return post({ request: getRequest() })`)}`,
  })
})

describe('a map has a key, whatever it holds there', () => {
  unguarded({
    'from entries': `${session} const held = new Map([['session', session]]); if (!held.has('session')) throw new Error(); ${work}`,
    'that was set': `${session} const held = new Map<string, unknown>(); held.set(data.key, session); if (!held.has('session')) return; ${work}`,
  })
})

describe('what the caller sends may have members with the names of methods', () => {
  const write = `await db.insert(invoices).values(data)`
  unguarded({
    ...Object.fromEntries(
      ['filter', 'sort', 'find', 'map', 'some', 'reduce', 'forEach', 'flatMap'].map((name) => [
        `compared: ${name}`,
        handler(`if (data.${name} === 'a') ${write}`),
      ]),
    ),
    'taken apart': handler(`const { filter } = data as any; if (filter === 'a') ${write}`),
    'in a switch': handler(`switch (data.filter) { case 'a': ${write} }`),
    'by its type': handler(`if (typeof data.filter === 'string') ${write}`),
    'where it is not there': handler(`if (!data.find) ${write}`),
    'in a row': handler(`const row: any = await db.query.logs.findFirst(); if (row.sort === 'x') ${write}`),
    'where the session is asked for otherwise': handler(
      `if (data.sort !== 'x') { ${session}; if (!session) throw new Error('no') } ${write}`,
    ),
    'the length of something that need not have one': handler(`if (data.length == null) ${write}`),
    'beside the items of a list': handler(
      `const list: any = [1]; list.mode = data.mode; if (list.mode === 'a') ${write}`,
    ),
    'called, it still runs what it is given': handler(
      `await Promise.all(data.ids.map(async (id: string) => { ${write} }))`,
    ),
    'called after a test, it still runs what it is given': handler(
      `if (data.ids.map) await Promise.all(data.ids.map(async (id: string) => { ${write} }))`,
    ),
  })
  cases('public', { 'a filtered list has its methods': handler(`if (!data.ids.filter(Boolean).map) ${write}`) })
})

describe('functions in an object that is made of entries', () => {
  const write = `async (d: any) => { await db.insert(invoices).values(d) }`
  const wrap = `const wrapAll = (o: any): any => Object.fromEntries(Object.entries(o).map(([k, f]: any) => [k, async (d: any) => f(d)]))`
  unguarded({
    'wrapped one by one': `${wrap}; const all = wrapAll({ save: ${write} }); ${handler('await all.save(data)')}`,
    'under a key of the caller': `${wrap}; const all = wrapAll({ save: ${write} }); ${handler('await all[data.kind](data)')}`,
    'under names that are put together': `const all: any = Object.fromEntries(['a', 'b'].flatMap((n) => [[n + 'Save', ${write}], [n, ${write}]])); ${handler('await all.aSave(data)')}`,
    'under names that nobody can tell': `const names: any = process.env.NAMES?.split(','); const all: any = Object.fromEntries(names.map((n: any) => [n, ${write}])); ${handler('await all.save(data)')}`,
    'of a map': `const all: any = Object.fromEntries(new Map<string, any>([['save', ${write}]])); ${handler('await all.save(data)')}`,
    'one that is not there': `const all: any = Object.fromEntries(process.env.NAMES!.split(',').map((n: any) => [n, () => 1])); ${handler(`if (!all.save) await db.insert(invoices).values(data)`)}`,
    'the last entry under a name counts': handler(
      `const all: any = Object.fromEntries([['role', 'user'], ...data.more]); if (all.role !== 'user') await db.insert(invoices).values(data)`,
    ),
    'by mapValues': `import { mapValues } from 'lodash'; const all: any = mapValues({ save: ${write} }, (f: any) => async (d: any) => f(d)); ${handler('await all.save(data)')}`,
    picked: `import { pick } from 'lodash'; const all: any = pick({ save: ${write} }, ['save']); ${handler('await all.save(data)')}`,
    sorted: `import { sortBy } from 'lodash'; const all: any = sortBy([${write}], 'length'); ${handler('for (const run of all) await run(data)')}`,
  })
})

describe('a query that is handed to somebody who waits for it', () => {
  const prisma = `import { prisma } from '~/prisma'`
  const query = `prisma.invoice.create({ data })`
  unguarded({
    'a package that nobody knows': `${prisma}; import { tryCatch } from 'who-knows'; ${handler(`await tryCatch(${query})`)}`,
    'a package that makes a pair of it': `${prisma}; import { to } from 'await-to-js'; ${handler(`const [error] = await to(${query})`)}`,
    'work beside the answer': `${prisma}; import { after } from 'next/server'; ${handler(`after(${query})`)}`,
    'work that the platform waits for': `${prisma}; import { waitUntil } from '@vercel/functions'; ${handler(`waitUntil(${query})`)}`,
    'under a name': `${prisma}; import { waitUntil } from '@vercel/functions'; ${handler(`const work = ${query}; waitUntil(work)`)}`,
    'a Worker': `${prisma}; import { waitUntil } from 'cloudflare:workers'; ${handler(`waitUntil(${query})`)}`,
    'a method that nothing in sight puts there': `${prisma}; ${handler(`(globalThis as any).context.waitUntil(${query})`)}`,
  })
  cases('public', {
    'and not a part of a query that is never run': `import { exists } from 'drizzle-orm'; ${handler('const some = exists(db.select().from(invoices)); return 1')}`,
  })
})
