import { describe, expect, it } from 'vitest'
import { app, clears, first, shared } from './files.ts'

const inventory = (files: Record<string, string | undefined>) => {
  const a = app(files)
  return a.workspace.inventory(a.root)
}

describe('the inventory', () => {
  it('says the same as the reports of the files', () => {
    const a = app({
      'src/a.ts': clears(),
      'src/b.ts': clears("import { authMiddleware } from './middleware'", '.middleware([authMiddleware])'),
    })
    const { entryPoints } = a.workspace.inventory(a.root)
    expect(entryPoints).toMatchObject([
      {
        file: 'src/a.ts',
        line: 4,
        column: 14,
        name: 'clear',
        verdict: 'unguarded',
        cause: 'noGuard',
        exposure: 'write',
        tenant: null,
        object: null,
      },
      {
        file: 'src/b.ts',
        verdict: 'guarded',
        proofs: ['authenticated'],
        guards: [{ name: 'authMiddleware', file: 'src/middleware.ts', line: 4, how: 'middleware', trust: 'verified' }],
      },
    ])
    for (const { file, verdict } of entryPoints) expect(first(a.analyse(file)).verdict).toBe(verdict)
  })

  it('names middleware that a function makes by that function, and says how a parent came there', () => {
    const { entryPoints } = inventory({
      'src/roles.ts': `import { createMiddleware } from '@tanstack/react-start'
import { authMiddleware } from './middleware'
export function requireRole(role: string) {
  return createMiddleware().middleware([authMiddleware]).server(async ({ next, context }) => {
    if (context.user.role !== role) throw new Error('Forbidden')
    return next()
  })
}
export const requireEditor = () => createMiddleware().middleware([requireRole('editor')]).server(({ next }) => next())
export const only = (role: string) => createMiddleware().server(async ({ next }) => {
  if ((await auth.api.getSession({ headers: getRequestHeaders() }))?.user.role !== role) throw new Error('Forbidden')
  return next()
})
import { auth } from './auth'
import { getRequestHeaders } from '@tanstack/react-start/server'
`,
      'src/a.ts': clears("import { requireEditor } from './roles'", '.middleware([requireEditor()])'),
      'src/b.ts': clears("import { requireRole } from './roles'", ".middleware([requireRole('owner')])"),
      'src/c.ts': clears("import { only } from './roles'", ".middleware([only('owner')])"),
      'src/d.ts': clears(
        "import { requireRole } from './roles'\nimport { authMiddleware } from './middleware'",
        ".middleware([authMiddleware, requireRole('owner')])",
      ),
      'src/routes/e.ts': `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../db'
import { requireRole } from '../roles'
const middleware = [requireRole('owner')]
export const Route = createFileRoute('/e')({
  server: { handlers: { DELETE: { middleware, handler: async () => { await db.delete(invoices) } } } },
})
`,
    })
    const named = entryPoints.map(({ file, guards }) => [
      file,
      ...guards.map(({ name, through = [] }) => [...through, name].join(' → ')),
    ])
    expect(named).toEqual([
      ['src/a.ts', 'requireEditor → requireRole → authMiddleware'],
      ['src/b.ts', 'requireRole → authMiddleware'],
      ['src/c.ts', 'only'],
      ['src/d.ts', 'authMiddleware'],
      ['src/routes/e.ts', 'requireRole → authMiddleware'],
    ])
    expect(entryPoints[0]?.evidence).toEqual([
      { file: 'src/roles.ts', line: 9, what: '`requireEditor` runs `requireRole` first' },
      { file: 'src/roles.ts', line: 4, what: '`requireRole` runs `authMiddleware` first' },
      { file: 'src/middleware.ts', line: 4, what: '`authMiddleware` refuses callers who prove nothing' },
      { file: 'src/middleware.ts', line: 6, what: 'where it refuses' },
      { file: 'src/a.ts', line: 5, what: 'writes `invoices`' },
    ])
  })

  it('names a wrapper by its name, and not by what another one calls it that it was given to', () => {
    const { entryPoints } = inventory({
      'src/wrappers.ts': `import { auth } from './auth'
type Handler = (context: { request: Request }) => Promise<Response>
export const withUser = (handler: Handler): Handler => async (context) => {
  const session = await auth.api.getSession({ headers: context.request.headers })
  if (!session) return new Response(null, { status: 401 })
  return handler(context)
}
export const withTiming = (handler: Handler): Handler => async (context) => {
  console.time(context.request.url)
  return handler(context)
}
const mustBe = (role: string) => async (headers: Headers) => {
  const session = await auth.api.getSession({ headers })
  if (session?.user.role !== role) throw new Error('Forbidden')
}
export const requireAdmin = mustBe('admin')
`,
      'src/routes/a.ts': `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../db'
import { requireAdmin, withTiming, withUser } from '../wrappers'
const clear = async () => {
  await db.delete(invoices)
  return new Response()
}
export const Route = createFileRoute('/a')({
  server: {
    handlers: {
      DELETE: withTiming(withUser(clear)),
      PUT: withUser(clear),
      POST: async ({ request }) => {
        await requireAdmin(request.headers)
        return clear()
      },
    },
  },
})
`,
    })
    const named = entryPoints.map(({ name, guards, evidence }) => [name, guards[0]?.name, evidence[0]?.what])
    expect(named).toEqual([
      ['DELETE', 'withUser', '`withUser` refuses callers who prove nothing'],
      ['PUT', 'withUser', '`withUser` refuses callers who prove nothing'],
      ['POST', 'requireAdmin', '`requireAdmin` refuses callers who prove nothing'],
    ])
  })

  it.each([
    ['./gone', '“./gone” leads to no file'],
    ['./guard.css', '“./guard.css” cannot be followed: a .css file is not code'],
  ])('says once what hides a guard that is imported from %s', (from, expected) => {
    const { entryPoints } = inventory({
      'src/a.ts': clears(`import { guard } from '${from}'`, '.middleware([guard])'),
      'src/guard.css': '',
    })
    expect(entryPoints[0]?.reason).toBe(`\`guard\` may be the guard: ${expected}`)
  })

  it('names no place for what it cannot see', () => {
    const { entryPoints } = inventory({
      'src/a.ts': clears("import { guard } from 'acme-guards'", '.middleware([guard])'),
    })
    expect(entryPoints).toMatchObject([
      { verdict: 'unverifiable', reason: expect.stringContaining('`guard`') as unknown },
    ])
    expect(entryPoints[0]).not.toHaveProperty('reasonAt')
  })

  it('of some files says of them what the whole one says, with what is known of the others', () => {
    const files = {
      'src/a.ts': clears(),
      'src/b.ts': clears("import { authMiddleware } from './middleware'", '.middleware([authMiddleware])'),
    }
    const all = inventory(files)
    for (const file of Object.keys(files)) {
      const a = app(files)
      const { entryPoints } = a.workspace.inventory(a.root, undefined, [a.path(file)])
      expect(entryPoints).toEqual(all.entryPoints.filter((entry) => entry.file === file))
    }
  })

  it('detects libraries by imports and by package.json', () => {
    const { detected } = inventory({
      'package.json': '{ "name": "app", "dependencies": { "@clerk/tanstack-react-start": "1" } }',
      'src/a.ts': clears(),
    })
    expect(detected).toEqual({ frameworks: ['tanstack-start'], auth: ['better-auth', 'clerk'], data: ['drizzle'] })
  })

  it('says what it could not read', () => {
    const { problems, entryPoints } = inventory({ 'src/a.ts': `${clears()}\nexport const = 1\n`, 'src/b.ts': clears() })
    expect(problems).toMatchObject([{ file: 'src/a.ts' }])
    expect(entryPoints).toMatchObject([{ file: 'src/b.ts' }])
  })

  it('lists a server entry of its own, and routers that were not analysed', () => {
    const trpc = `import { createFileRoute } from '@tanstack/react-router'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { appRouter } from '../router'
const handler = ({ request }: { request: Request }) => fetchRequestHandler({ req: request, router: appRouter, endpoint: '/api/trpc' })
export const Route = createFileRoute('/api/trpc/$')({ server: { handlers: { GET: handler, POST: handler } } })
`
    const { notAnalysed, entryPoints } = inventory({
      'src/server.ts':
        "import handler from '@tanstack/react-start/server-entry'\nexport default { fetch: (request: Request) => handler.fetch(request) }\n",
      'src/routes/trpc.ts': trpc,
      'src/router.ts': 'export const appRouter = {}\n',
    })
    expect(entryPoints.map(({ name, kind, verdict }) => [name, kind, verdict])).toEqual([
      ['GET', 'server-route', 'unverifiable'],
      ['POST', 'server-route', 'unverifiable'],
    ])
    expect(notAnalysed).toEqual([
      { what: 'a server entry of its own', file: 'src/server.ts' },
      { what: 'hands the request to procedures that decide one by one', file: 'src/routes/trpc.ts' },
    ])
  })

  it('is empty for an empty folder', () => {
    const a = app(Object.fromEntries(Object.keys(shared).map((file) => [file, undefined])))
    expect(a.workspace.inventory(a.root)).toEqual({
      version: 1,
      root: a.root,
      detected: { frameworks: [], auth: [], data: [] },
      entryPoints: [],
      notAnalysed: [],
      problems: [],
    })
  })
})

describe('models whose columns stand in no code', () => {
  const prisma = (generator: string) => `generator client {
  ${generator}
}

datasource db {
  provider = "postgresql"
}

model Invoice {
  id      String @id
  ownerId String
  owner   User   @relation(fields: [ownerId], references: [id])
}

model Country {
  code String @id
  name String
}

model User {
  id       String    @id
  email    String
  invoices Invoice[]
}
`
  const installed = prisma('provider = "prisma-client-js"')
  const generated = prisma('provider = "prisma-client"\n  output   = "../src/generated"')
  const reads = (model: string, from = './prisma') => `import { createServerFn } from '@tanstack/react-start'
import { prisma } from '${from}'
export const list = createServerFn().handler(() => prisma.${model}.findMany())
`
  const client = (from: string) => `import { PrismaClient } from '${from}'\nexport const prisma = new PrismaClient()\n`

  it.each([
    ['@prisma/client', installed, {}],
    ['./generated/client', generated, {}],
    ['./generated/client', generated, { 'src/generated/client.ts': 'export const PrismaClient = make()\n' }],
  ] as const)('Prisma: the client of %s', (from, schema, more) => {
    const files = { 'prisma/schema.prisma': schema, 'src/prisma.ts': client(from), ...more }
    expect(first(app({ ...files, 'src/a.ts': reads('invoice') }).analyse('src/a.ts'))).toMatchObject({
      verdict: 'unguarded',
      exposure: 'owned-read',
    })
    expect(first(app({ ...files, 'src/a.ts': reads('country') }).analyse('src/a.ts'))).toMatchObject({
      verdict: 'unguarded',
      exposure: 'read',
    })
  })

  it('Prisma: the schema of the package that makes the client', () => {
    const files = {
      'package.json': '{ "name": "root", "workspaces": ["apps/*", "packages/*"] }',
      'packages/db/package.json': '{ "name": "@acme/db", "exports": "./index.ts" }',
      'packages/db/prisma/schema.prisma': installed,
      'packages/db/index.ts': client('@prisma/client'),
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/a.ts': reads('country', '@acme/db'),
    }
    expect(first(app(files).analyse('apps/web/src/a.ts'))).toMatchObject({ exposure: 'read' })
  })

  it('Kysely: the interface of its rows', () => {
    const files = {
      'src/types.ts':
        'export interface InvoiceTable { id: string; owner_id: string }\nexport interface CountryTable { code: string; name: string }\nexport interface Database { invoices: InvoiceTable; countries: CountryTable }\n',
      'src/kysely.ts':
        "import { Kysely, PostgresDialect } from 'kysely'\nimport type { Database } from './types'\nexport const kysely = new Kysely<Database>({ dialect: new PostgresDialect({}) })\n",
    }
    const code = (table: string) => `import { createServerFn } from '@tanstack/react-start'
import { kysely } from './kysely'
export const list = createServerFn().handler(() => kysely.selectFrom('${table}').selectAll().execute())
`
    expect(first(app({ ...files, 'src/a.ts': code('invoices') }).analyse('src/a.ts'))).toMatchObject({
      exposure: 'owned-read',
    })
    expect(first(app({ ...files, 'src/a.ts': code('countries') }).analyse('src/a.ts'))).toMatchObject({
      exposure: 'read',
    })
  })

  it('Supabase: the types that its tool generates', () => {
    const files = {
      'src/types.ts':
        'export type Database = { public: { Tables: { invoices: { Row: { id: string; owner_id: string }; Insert: { id?: string } }; stock: { Row: { slug: string; quantity: number } } } } }\n',
      'src/admin.ts':
        "import { createClient } from '@supabase/supabase-js'\nimport type { Database } from './types'\nexport const admin = createClient<Database>(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)\n",
    }
    const code = (table: string) => `import { createServerFn } from '@tanstack/react-start'
import { admin } from './admin'
export const list = createServerFn().handler(async () => (await admin.from('${table}').select('*')).data)
`
    const exposure = (table: string) => first(app({ ...files, 'src/a.ts': code(table) }).analyse('src/a.ts')).exposure
    expect(exposure('invoices')).toBe('owned-read')
    expect(exposure('stock')).toBe('read')
    expect(exposure('unknown_table')).toBe('owned-read')
  })
})

describe('bad input', () => {
  it.each([
    ['a syntax error in a dependency', { 'src/middleware.ts': 'export const = 1' }],
    ['an import cycle', { 'src/middleware.ts': "export * from './a'\n" }],
    ['an import that leads nowhere', { 'src/middleware.ts': undefined }],
  ])('%s ends in `unverifiable`', (_, more) => {
    const files = {
      'src/a.ts': clears("import { authMiddleware } from './middleware'", '.middleware([authMiddleware])'),
      ...more,
    }
    expect(first(app(files).analyse('src/a.ts')).verdict).toBe('unverifiable')
  })

  it('a file that is not there', () => {
    expect(app({}).analyse('src/gone.ts')).toMatchObject({
      entryPoints: [],
      problems: [{ message: expect.any(String) as string }],
    })
  })
})
