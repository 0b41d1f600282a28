import { describe, expect, it } from 'vitest'
import type { PrismaSchema } from '../../src/project/prisma-schema.ts'
import { createProject } from '../../src/project/project.ts'
import { project, type Fixture } from './fixture.ts'

const CLIENT = 'generator client {\n  provider = "prisma-client-js"\n}\n'
const generated = (output: string): string =>
  `generator client {\n  provider = "prisma-client"\n  output   = "${output}"\n}\n`
const model = (name: string): string => `model ${name} {\n  id String @id\n}\n`

function schemas(fixture: Fixture, file = 'src/a.ts'): readonly PrismaSchema[] {
  return createProject().prismaSchemas(fixture.path(file))
}

function modelNames(schema: PrismaSchema | undefined): string[] | undefined {
  return schema && Object.keys(schema.models)
}

function client(fixture: Fixture, specifier: string, file = 'src/a.ts'): string[] | undefined {
  return modelNames(createProject().prismaClient(specifier, fixture.path(file)))
}

describe('a Prisma schema', () => {
  it('gives models with their tables, columns, relations and keys', () => {
    const fixture = project({
      'package.json': '{}',
      'prisma/schema.prisma': `${CLIENT}
/* who belongs
   where */
model Member { // the join
  id     String  @id @default(cuid()) @map("_id")
  role   Role?   @default(MEMBER)
  tags   String[]
  orgId  String  @map("org_id") @db.Uuid // of the tenant
  org    Organization @relation(
    "members", fields: [orgId],
    references: [id], onDelete: Cascade
  )
  note   String  @default("a // b { } \\" [")

  @@unique([orgId, role(sort: Desc)], name: "one")
  @@map("members")
}

model Organization {
  id      String   @id
  members Member[] @relation("members")
  slug    String   @unique
}

enum Role {
  MEMBER
  ADMIN @map("admin")
}

view Totals {
  orgId String @unique
}
`,
    })
    const [schema] = schemas(fixture)
    expect(schema?.problem).toBeUndefined()
    expect(modelNames(schema)).toEqual(['Member', 'Organization', 'Totals'])
    expect(schema?.models.Member).toEqual({
      name: 'Member',
      table: 'members',
      file: fixture.path('prisma/schema.prisma'),
      line: 7,
      columns: {
        id: { type: 'String', optional: false, list: false, column: '_id' },
        role: { type: 'Role', optional: true, list: false, column: 'role' },
        tags: { type: 'String', optional: false, list: true, column: 'tags' },
        orgId: { type: 'String', optional: false, list: false, column: 'org_id' },
        org: {
          type: 'Organization',
          optional: false,
          list: false,
          column: 'org',
          relation: { model: 'Organization', fields: ['orgId'], references: ['id'] },
        },
        note: { type: 'String', optional: false, list: false, column: 'note' },
      },
      unique: [['id'], ['orgId', 'role']],
    })
    expect(schema?.models.Organization?.columns.members).toMatchObject({
      list: true,
      relation: { model: 'Member', fields: [], references: [] },
    })
  })

  it('says what is wrong when it cannot be read', () => {
    const fixture = project({ 'package.json': '{}', 'prisma/schema.prisma': 'model A {\n  id\n' })
    const [schema] = schemas(fixture)
    expect(schema?.problem).toContain(fixture.path('prisma/schema.prisma'))
    expect(schema?.models).toEqual({})
  })

  it('is read again when it changes', () => {
    const fixture = project({ 'package.json': '{}', 'prisma/schema.prisma': CLIENT + model('A') })
    const of = createProject()
    const before = of.track(() => of.prismaClient('@prisma/client', fixture.path('src/a.ts')))
    expect(modelNames(before.value)).toEqual(['A'])
    fixture.write('prisma/schema.prisma', CLIENT + model('B'))
    of.begin()
    expect(of.isFresh(before.deps)).toBe(false)
    expect(modelNames(of.prismaClient('@prisma/client', fixture.path('src/a.ts')))).toEqual(['B'])
  })
})

describe('where schemas are found', () => {
  it.each<[string, Record<string, string>]>([
    ['prisma/schema.prisma', { 'prisma/schema.prisma': CLIENT + model('A') }],
    ['schema.prisma', { 'schema.prisma': CLIENT + model('A') }],
    ['the files of prisma/schema', { 'prisma/schema/schema.prisma': CLIENT, 'prisma/schema/sub/a.prisma': model('A') }],
    [
      'prisma.config.ts',
      {
        'prisma.config.ts':
          "import { defineConfig } from 'prisma/config'\nexport default defineConfig({ schema: './db/x.prisma', datasource: { url: env('X') } })",
        'db/x.prisma': CLIENT + model('A'),
        'prisma/schema.prisma': CLIENT + model('Other'),
      },
    ],
    [
      'prisma.config.ts with a joined path, as a plain object',
      {
        'prisma.config.ts':
          "export default { schema: path.join(import.meta.dirname, 'db', 'models') } satisfies PrismaConfig",
        'db/models/x.prisma': CLIENT + model('A'),
      },
    ],
    [
      'package.json#prisma',
      { 'package.json': '{ "prisma": { "schema": "db/x.prisma" } }', 'db/x.prisma': CLIENT + model('A') },
    ],
    [
      'a script',
      {
        'package.json': '{ "scripts": { "db": "prisma generate --schema=db/x.prisma" } }',
        'db/x.prisma': CLIENT + model('A'),
      },
    ],
  ])('%s', (_name, files) => {
    expect(client(project({ 'package.json': '{}', ...files }), '@prisma/client')).toEqual(['A'])
  })

  it('nowhere', () => {
    expect(schemas(project({ 'package.json': '{}' }))).toEqual([])
  })
})

describe('the schema of a client', () => {
  it('is the one that generates into the folder that is imported, there or not yet', () => {
    const fixture = project({
      'package.json': '{}',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'prisma/schema.prisma': generated('../src/generated/prisma') + model('A'),
    })
    expect(client(fixture, '@/generated/prisma')).toEqual(['A'])
    expect(client(fixture, './generated/prisma/client.js')).toEqual(['A'])
    expect(client(fixture, '../generated/prisma', 'src/lib/db.ts')).toEqual(['A'])
    expect(client(fixture, '@/generated/other')).toBeUndefined()
    expect(client(fixture, '@prisma/client')).toBeUndefined()
  })

  it('may be of another package of the workspace', () => {
    const fixture = project({
      'package.json': '{ "workspaces": ["packages/*", "apps/*"] }',
      'packages/db/package.json': '{ "name": "@acme/db" }',
      'packages/db/prisma/schema.prisma': CLIENT + model('A'),
      'packages/other/package.json': '{ "name": "@acme/other" }',
      'packages/other/prisma/schema.prisma': generated('../generated') + model('B'),
      'apps/web/package.json': '{ "name": "web" }',
    })
    expect(client(fixture, '@prisma/client', 'apps/web/src/a.ts')).toEqual(['A'])
    expect(client(fixture, '@acme/other/generated/client', 'apps/web/src/a.ts')).toEqual(['B'])
    fixture.write('packages/third/package.json', '{ "name": "@acme/third" }')
    fixture.write('packages/third/prisma/schema.prisma', CLIENT + model('C'))
    expect(client(fixture, '@prisma/client', 'packages/third/a.ts')).toEqual(['C'])
    expect(client(fixture, '@prisma/client', 'apps/web/src/a.ts')).toBeUndefined()
  })
})
