/** What is generated of a Prisma schema is not there, but the schema is. */
import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const schema = `generator client {
  provider = "prisma-client-js"
}
enum Role {
  ADMIN // runs it
  MEMBER
}
model User {
  id   String @id
  role Role
}
`

const claims = (test: string): readonly string[] | undefined => {
  const made = app({
    'package.json': JSON.stringify({ name: 'app', dependencies: { '@prisma/client': '6.0.0' } }),
    'prisma/schema.prisma': schema,
    'src/auth.ts': `import { betterAuth } from 'better-auth'\nexport const auth = betterAuth({ emailAndPassword: { enabled: true } })`,
    'src/a.ts': `import { createServerFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { PrismaClient, Role } from '@prisma/client'
import { auth } from './auth'
const prisma = new PrismaClient()
export const act = createServerFn({ method: 'POST' }).handler(async ({ data }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error()
  const me = await prisma.user.findUnique({ where: { id: session.user.id } })
  ${test}
  await prisma.user.update({ where: { id: data.id }, data: { role: data.role } })
})
`,
  })
  const [entry] = made.analyse('src/a.ts').entryPoints
  expect(entry?.verdict).toBe('guarded')
  return made.workspace.scopeOf(made.path('src/a.ts'), entry!)?.claims.map(({ kind }) => kind)
}

describe('an enum of the schema', () => {
  it('is the role that is asked for', () => {
    expect(claims('if (me?.role !== Role.ADMIN) throw new Error()')).toEqual([])
  })

  it('has no values beside those', () => {
    expect(claims('if (me?.role !== Role.NOBODY) throw new Error()')).toEqual(['role'])
    expect(claims('if (me?.role !== Rank.ADMIN) throw new Error()')).toEqual(['role'])
  })
})
