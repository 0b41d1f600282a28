import { describe } from 'vitest'
import {
  cases,
  guarded,
  handler,
  isPublic,
  middleware,
  session,
  shared,
  unguarded,
  work,
  type Case,
} from './harness.ts'

describe('ownership in the condition', () => {
  guarded({
    'Drizzle: eq with an absent id matches nothing': `${session} await db.delete(invoices).where(eq(invoices.ownerId, session?.user.id as string))`,
    'Drizzle: and(id, owner)': `${session} await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.ownerId, session?.user.id!)))`,
    'Drizzle: the owned row is fetched, then changed': `${session} const row = await db.query.invoices.findFirst({ where: and(eq(invoices.id, data.id), eq(invoices.ownerId, session?.user.id!)) }); if (!row) throw notFound(); await db.delete(invoices).where(eq(invoices.id, row.id))`,
    'Drizzle: the query callback': `${session} const row = await db.query.invoices.findFirst({ where: (t, { eq }) => eq(t.ownerId, session?.user.id!) }); if (!row) throw notFound(); await db.delete(invoices).where(eq(invoices.id, row.id))`,
    'Drizzle: rows of the user, empty for the anonymous': `${session} const rows = await db.select().from(members).where(eq(members.userId, session?.user.id!)); if (rows.length === 0) throw new Error(); await db.insert(invoices).values(data)`,
    'Drizzle: the first row by index': `${session} const rows = await db.select().from(members).where(eq(members.userId, session?.user.id!)); if (!rows[0]) throw new Error(); await db.insert(invoices).values(data)`,
    'Prisma: findUnique by an absent id throws': `${session} const user = await prisma.user.findUniqueOrThrow({ where: { id: session!.user.id } }); await prisma.invoice.create({ data })`,
    'Prisma: the owner in a key of two columns': `${session} await prisma.member.delete({ where: { userId_teamId: { userId: session?.user.id!, teamId: data.teamId } } })`,
    'Prisma: the owner beside a state': `${session} await prisma.profile.delete({ where: { userId: session?.user.id, status: 'draft' } })`,
    'the answer is the rows of the user': `${session} return db.select().from(invoices).where(eq(invoices.ownerId, session?.user.id!))`,
  })
  unguarded({
    'Prisma: undefined in where widens a deleteMany': `${session} await prisma.invoice.deleteMany({ where: { ownerId: session?.user.id } })`,
    'Prisma: undefined in where widens a count that is a guard': `${session} const n = await prisma.member.count({ where: { userId: session?.user.id } }); if (n === 0) throw new Error(); await prisma.invoice.create({ data })`,
    'Prisma: undefined in where widens a findFirst': `${session} const m = await prisma.member.findFirst({ where: { id: data.id, userId: session?.user.id } }); if (!m) throw new Error(); await prisma.invoice.create({ data })`,
    'Prisma: undefined in a relation filter': `${session} const m = await prisma.organization.findFirst({ where: { members: { some: { userId: session?.user.id } } } }); if (!m) throw new Error(); await prisma.invoice.create({ data })`,
    'Prisma: undefined in an AND': `${session} await prisma.invoice.deleteMany({ where: { AND: [{ id: data.id }, { ownerId: session?.user.id }] } })`,
    'Prisma: undefined beside the key of an update': `${session} await prisma.invoice.update({ where: { id: data.id, ownerId: session?.user.id }, data: { paid: true } })`,
    'Prisma: undefined beside the key of a delete': `${session} await prisma.invoice.delete({ where: { id: data.id, AND: { ownerId: session?.user.id } } })`,
    'Prisma: undefined beside the key, in a relation': `${session} await prisma.invoice.delete({ where: { id: data.id, team: { members: { some: { userId: session?.user.id } } } } })`,
    'Prisma: undefined beside a key of two columns': `${session} await prisma.invoice.delete({ where: { teamId_number: { teamId: data.teamId, number: data.number }, ownerId: session?.user.id } })`,
    'Prisma: undefined beside the key of a findUnique': `${session} const row = await prisma.invoice.findUnique({ where: { id: data.id, ownerId: session?.user.id } }); if (!row) throw new Error(); await prisma.invoice.delete({ where: { id: row.id } })`,
    'Drizzle: the owner stands in an or': `${session} await db.delete(invoices).where(or(eq(invoices.id, data.id), eq(invoices.ownerId, session?.user.id!)))`,
    'Drizzle: and with a part that may be missing': `${session} await db.delete(invoices).where(and(eq(invoices.id, data.id), session ? eq(invoices.ownerId, session.user.id) : undefined))`,
    'Drizzle: the owner is chosen by the caller': `await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.ownerId, data.ownerId)))`,
    'Drizzle: the owner of the session or of the input': `${session} await db.delete(invoices).where(eq(invoices.ownerId, session?.user.id ?? data.ownerId))`,
    'Drizzle: the condition is built and not used': `${session} const own = eq(invoices.ownerId, session?.user.id!); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    'Drizzle: a left join on the owner': `${session} return db.select().from(invoices).leftJoin(users, eq(users.id, session?.user.id!))`,
    'Drizzle: ne': `${session} const { ne } = await import('drizzle-orm'); await db.delete(invoices).where(ne(invoices.ownerId, session?.user.id!))`,
    'Drizzle: the ownership read is never looked at': `${session} await db.query.invoices.findFirst({ where: eq(invoices.ownerId, session?.user.id!) }); await db.delete(invoices).where(eq(invoices.id, data.id))`,
    'Drizzle: the ownership is on another query': `${session} const rows = await db.select().from(members).where(eq(members.userId, session?.user.id!)); await db.insert(invoices).values({ ...data, memberIds: rows.map((r) => r.id) })`,
    'Drizzle: rows is a list and never null': `${session} const rows = await db.select().from(members).where(eq(members.userId, session?.user.id!)); if (!rows) throw new Error(); await db.insert(invoices).values(data)`,
    'a count that is compared the wrong way': `${session} const rows = await db.select().from(members).where(eq(members.userId, session?.user.id!)); if (rows.length > 3) throw new Error(); await db.insert(invoices).values(data)`,
    'the user id is written into the row': `${session} await db.insert(invoices).values({ ...data, ownerId: session?.user.id })`,
    'an update without where': `${session} await db.update(invoices).set({ ownerId: session?.user.id })`,
  })
})

describe('a row that is not there', () => {
  // found by a secret of the caller's cookie, so that nobody has one who proves nothing
  const found = {
    Prisma: `prisma.session.findUnique({ where: { id: getCookie('session')! } })`,
    Mongoose: `SessionModel.findOne({ token: getCookie('session') })`,
    MongoDB: `mongo.db().collection('sessions').findOne({ token: getCookie('session') })`,
    Drizzle: `db.query.sessions.findFirst({ where: eq(sessions.token, getCookie('session')!) })`,
    Kysely: `kdb.selectFrom('sessions').selectAll().where('token', '=', getCookie('session')).executeTakeFirst()`,
  }
  const asked = (library: keyof typeof found): string =>
    `const row: any = await ${found[library]}; console.log(typeof row);`
  const given = `import mongoose from 'mongoose'\nimport { MongoClient } from 'mongodb'\nimport { Kysely } from 'kysely'\nconst kdb = new Kysely<any>({} as any)\nconst SessionModel = mongoose.model('Session', new mongoose.Schema({ token: String }))\nconst mongo = new MongoClient('')\n`
  const isNull = ['Prisma', 'Mongoose', 'MongoDB'] as const
  const isUndefined = ['Drizzle', 'Kysely'] as const
  const table = (rows: readonly (keyof typeof found)[], test: (library: string) => string): Record<string, string> =>
    Object.fromEntries(rows.map((name) => [name, given + handler(`${asked(name)} ${test(name)}`)]))
  const refused = (absent: string): string => `if (row === ${absent}) throw new Error(); await db.delete(invoices)`
  const other = (absent: string): string =>
    `if (row === ${absent}) { await db.delete(invoices); return 0 } return row.id`
  describe('is null', () => guarded(table(isNull, () => refused('null'))))
  describe('is not undefined', () => unguarded(table(isNull, () => refused('undefined'))))
  describe('is null for whoever has none', () => unguarded(table(isNull, () => other('null'))))
  describe('is undefined', () => guarded(table(isUndefined, () => refused('undefined'))))
  describe('is not null', () => unguarded(table(isUndefined, () => refused('null'))))
  describe('is undefined for whoever has none', () => unguarded(table(isUndefined, () => other('undefined'))))
})

describe('sessions that are looked up by raw SQL', () => {
  const of = (
    imports: string,
    lookUp: string,
    rest = `if (!row) throw new Error(); await db.delete(invoices)`,
  ): string => `${imports}\n${handler(`const token = getCookie('session'); ${lookUp}; ${rest}`)}`
  const pg = `import { Pool } from 'pg'\nconst pool = new Pool()`
  const asked = (statement: string): string =>
    `const row = (await pool.query(${JSON.stringify(statement)}, [token])).rows[0]`
  guarded({
    pg: of(pg, asked('select * from sessions where token = $1 and expires_at > now()')),
    'pg, with the user': of(
      pg,
      asked('select u.* from sessions s join users u on u.id = s.user_id where s.token = $1'),
    ),
    'pg, the token in the condition of the join': of(
      pg,
      asked('select u.* from users u join sessions s on s.token = $1 where u.id = s.user_id'),
    ),
    'postgres.js': of(
      `import postgres from 'postgres'\nconst sql = postgres('')`,
      'const [row] = await sql`select * from sessions where token = ${token}`',
    ),
    'better-sqlite3': of(
      `import Database from 'better-sqlite3'\nconst lite = new Database('x')`,
      `const row = lite.prepare('select * from sessions where token = ?').get(token)`,
    ),
    D1: of(
      `import { env } from 'cloudflare:workers'`,
      `const row = await env.DB.prepare('select * from sessions where token = ?').bind(token).first()`,
      `if (row === null) throw new Error(); await db.delete(invoices)`,
    ),
    'what belongs to whoever has the token': of(
      pg,
      `await pool.query('delete from invoices where owner_id in (select user_id from sessions where token = $1)', [token])`,
      '',
    ),
  })
  unguarded({
    'an outer join': of(pg, asked('select * from users u left join sessions s on s.token = $1')),
    'a count': of(pg, asked('select count(*) from sessions where token = $1')),
    'whether there is one': of(pg, asked('select exists (select 1 from sessions where token = $1) as there')),
    'an or': of(pg, asked('select * from sessions where token = $1 or token is null')),
    'those that are not': of(
      pg,
      asked('select * from users where id not in (select user_id from sessions where token = $1)'),
    ),
    'a row that is written': of(
      pg,
      `const row = (await pool.query('insert into sessions (token) values ($1) on conflict (token) do update set seen = now() where sessions.token = $1 returning *', [token])).rows[0]`,
    ),
    'a name that anybody knows': of(pg, asked('select * from users where name = $1')),
    'one that nobody tests': of(pg, asked('select * from sessions where token = $1'), 'await db.delete(invoices)'),
    'a case': of(pg, asked('select case when token = $1 then 1 else 0 end from sessions')),
  })
})

describe('proofs', () => {
  cases(
    { verdict: 'guarded', proofs: ['authenticated', 'role:admin'] },
    {
      'a role of the session': `${session} if (session?.user.role !== 'admin') throw new Error(); await db.delete(invoices)`,
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    { 'a bare session': `${session} if (!session) throw new Error(); await db.delete(invoices)` },
  )
})

const settings = (body: string): Case => [
  handler(body),
  {
    'src/schema.ts': `${shared['src/schema.ts']!}
      export const settings = pgTable('settings', { id: text('id').primaryKey(), name: text('name'), webhookSecret: text('webhook_secret') })`,
  },
]

const behindTenants = (body: string): Case => [
  handler(body),
  {
    'src/start.ts': `import { createStart } from '@tanstack/react-start'
      export const startInstance = createStart(() => ({ requestMiddleware: [createMiddleware().server(async ({ next, request }) => {
        const found = await db.query.organizations.findFirst({ where: eq(organizations.name, request.headers.get('host')!) })
        if (!found) return new Response(\`no \${found}\`)
        return found.name === 'old' ? Response.json({ goTo: found.name }) : next() })] }))`,
  },
]

describe('a table that is made where it is missing', () => {
  const sql = `const { sql } = await import('drizzle-orm')\n`
  const kysely = `const { Kysely } = await import('kysely'); const store = new Kysely<any>({} as any)\n`
  const rest = `${session} if (!session) throw new Error('401'); ${work}`
  guarded({
    'in front of the guard, in SQL': handler(
      `${sql} await db.execute(sql\`create table if not exists notes (id text); CREATE INDEX IF NOT EXISTS by_id ON notes (id)\`); ${rest}`,
    ),
    'in front of the guard, by a builder': handler(
      `${kysely} await store.schema.createTable('notes').ifNotExists().addColumn('id', 'text').execute(); ${rest}`,
    ),
  })
  unguarded({
    'and then emptied': handler(
      `${sql} await db.execute(sql\`create table if not exists notes (id text); delete from notes\`); ${rest}`,
    ),
    'whether it is missing or not': handler(`${kysely} await store.schema.createTable(data.name).execute(); ${rest}`),
    'and another one dropped, by a builder': handler(
      `${kysely} await store.schema.dropTable('notes').execute(); ${rest}`,
    ),
  })
})

describe('exposure', () => {
  const sql = `const { sql } = await import('drizzle-orm');`
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'an insert': `await db.insert(countries).values(data)`,
      'an update': `await db.update(countries).set(data)`,
      'a delete of the Prisma client': `await prisma.invoice.delete({ where: { id: data.id } })`,
      'a write in a transaction': `await db.transaction(async (tx) => { await tx.insert(countries).values(data) })`,
      'raw SQL that writes': `const { sql } = await import('drizzle-orm'); await db.execute(sql\`delete from countries where code = \${data.code}\`)`,
      mail: `const { Resend } = await import('resend'); await new Resend(process.env.KEY).emails.send({ from: 'a', to: data.to, subject: 's', text: 't' })`,
      'a write beside a read': `const rows = await db.select().from(countries); await db.insert(logs).values({ what: 'x' }); return rows`,
      'a write that is returned and not awaited': `return db.insert(countries).values(data)`,
      'a write that is sent off and not awaited': `void db.insert(countries).values(data).execute()`,
      'a write in a map': `await Promise.all(data.items.map((item: any) => db.insert(countries).values(item)))`,
      'a write in a for loop': `for (const item of data.items) await db.insert(countries).values(item)`,
      'a write in a then': `await Promise.resolve().then(() => db.insert(countries).values(data))`,
      'a file': `const fs = await import('node:fs/promises'); await fs.writeFile('/tmp/x', data.text)`,
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      'rows with an owner': `return db.select().from(invoices)`,
      'the row of a tenant that the caller names': `const row = await prisma.organization.findUnique({ where: { id: data.id } }); return { signUp: row?.isSignUpOpen }`,
      'the row of a user that the code names': `const row = await prisma.user.findUnique({ where: { id: '1' } }); return { plan: row?.plan }`,
      'the principal model': `return db.query.users.findFirst({ where: eq(users.id, data.id) })`,
      'the tenant model': `return db.query.organizations.findMany()`,
      'columns that are secret': `return db.select().from(apiKeys)`,
      'an owned table in a join': `return db.select().from(countries).innerJoin(users, eq(users.id, countries.code))`,
      'a model of an unknown schema': `return prisma.thing.findMany()`,
      'raw SQL over a table with an owner': `${sql} return db.execute(sql\`select * from invoices\`)`,
      'raw SQL that joins one': `${sql} return db.execute(sql\`select * from countries join users on users.country = countries.code\`)`,
      'raw SQL with a list of tables': `${sql} return db.execute(sql\`select * from countries c, users u where u.country = c.code\`)`,
      'raw SQL with a query within': `${sql} return db.execute(sql\`select code, (select email from users limit 1) from countries\`)`,
      'a part of a row': `const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); return { mail: row?.email }`,
      'a text made of a row': `const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); return \`mail: \${row?.email}\``,
      'a row in a Response': `const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); return Response.json(row)`,
      'a row that a mapper copies': `const rows = await db.select().from(users); return rows.map((row) => ({ id: row.id, email: row.email }))`,
      'a row that a loop collects': `const rows = await db.select().from(users); const out: any[] = []; for (const row of rows) out.push(row.email); return out`,
      'a row that reduce collects': `const rows = await db.select().from(users); return rows.reduce((all: any, row) => ({ ...all, [row.id]: row.email }), {})`,
      'a row that is assigned to a property': `const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); const out: any = {}; out.mail = row?.email; return out`,
      'a row through JSON': `const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); return JSON.parse(JSON.stringify(row))`,
      'a row in a Map': `const rows = await db.select().from(users); const byId = new Map(rows.map((row) => [row.id, row])); return [...byId.values()]`,
      'a row in a class': `class Dto { constructor(readonly mail: any) {} } const row = await db.query.users.findFirst({ where: eq(users.id, data.id) }); return new Dto(row?.email)`,
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'read' },
    {
      'whether a row is there': `const row = await db.query.users.findFirst({ where: eq(users.email, data.email) }); return row !== undefined`,
      'rows that belong to nobody': `return db.select().from(countries)`,
      'a count of rows that belong to nobody': `return db.$count(countries)`,
      'rows that belong to nobody, by raw SQL': `${sql} return db.execute(sql\`select * from countries order by code, name\`)`,
    },
  )
  cases(
    { exposure: 'read', verdict: 'unguarded' },
    {
      'the row of the tenant that the code names': `const row = await prisma.organization.findUnique({ where: { id: 1 } }); return { signUp: row?.isSignUpOpen, plan: row?.plan }`,
      'what the installation is set to, without its secret': settings(
        `const row = await db.query.settings.findFirst(); return { name: row?.name }`,
      ),
      'rows that a cache in the database keeps': `const { sql } = await import('drizzle-orm'); const rows = await db.select().from(countries); await db.execute(sql\`insert into kept (key, value, expires_at) values (\${'countries'}, \${JSON.stringify(rows)}, now())\`); return rows`,
      'rows behind a global middleware that reads others for its own answer': behindTenants(
        'return db.select().from(countries)',
      ),
    },
  )
  isPublic({ 'nothing, behind a global middleware that reads for its own answer': behindTenants('return 1') })
  cases(
    { exposure: 'write', verdict: 'unguarded' },
    {
      'a switch that is kept under a key, and nothing else': `const { sql } = await import('drizzle-orm'); await db.execute(sql\`insert into kept (key, value, expires_at) values ('maintenance', 'on', now())\`)`,
    },
  )
  cases(
    { exposure: 'owned-read', verdict: 'unguarded' },
    {
      'what the installation is set to, with its secret': settings(
        `const row = await db.query.settings.findFirst(); return { name: row?.name, key: row?.webhookSecret }`,
      ),
      'all that the installation is set to': settings(`return db.query.settings.findFirst()`),
      'one of many users': `return db.query.users.findFirst()`,
      'rows of somebody behind a global middleware that reads others for its own answer': behindTenants(
        'return db.select().from(invoices)',
      ),
      'rows that hang off an owned row by a foreign key': `return db.select().from(lines)`,
    },
  )
})

describe('reads that stay on the server', () => {
  isPublic({
    'a read whose rows nobody uses': `await db.select().from(countries); return { ok: true }`,
    'a read that feeds a log line': `const rows = await db.select().from(countries); console.log(rows.length); return { ok: true }`,
  })
  guarded({
    'a read before the check and its answer after': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); ${session} if (!session) throw new Error(); return row`,
  })
  unguarded({
    'a read that feeds a write': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); await db.insert(logs).values({ what: row?.ownerId! })`,
    'a middleware that puts the rows into the context': `${middleware('rows', 'const rows = await db.select().from(invoices); return next({ context: { rows } })')} ${handler('return context.rows', '.middleware([rows])')}`,
  })
})
