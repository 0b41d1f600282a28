/** What a helper has proved by the answer that it gives: known to whoever tests that answer, and to nobody else. */
import { describe } from 'vitest'
import { cases, type Case } from './harness.ts'

const asks = `const session = await auth.api.getSession({ headers: await headers() })
  if (!session) return null
  const userId = session.user.id
  const place = await prisma.userTeam.findUnique({ where: { userId_teamId: { userId, teamId } }, select: { role: true } })`
const isAdmin = `if (!place || place.role !== 'ADMIN') return null`
const reads = 'return await prisma.doc.findMany({ where: { teamId } })'

const act = (helper: string, body: string): Case => [
  '',
  {
    'src/act.ts': `// as it is
      'use server'
      import { headers } from 'next/headers'
      import { auth } from '~/auth'
      import { prisma } from '~/prisma'
      async function admin(teamId: string): Promise<any> { ${helper} }
      export async function act(teamId: string, input: any) { ${body} }`,
  },
]
const refuses = `const found = await admin(teamId); if (!found) return null; ${reads}`

describe('a helper that gives nothing to others', () => {
  cases(
    { verdict: 'guarded', proofs: ['authenticated', 'tenant', 'role:ADMIN'] },
    {
      'and an object to those who may': act(`${asks}; ${isAdmin}; return { userId }`, refuses),
      'and true to those who may': act(`${asks}; ${isAdmin}; return true`, refuses),
      'and the row that it has found': act(`${asks}; ${isAdmin}; return place`, refuses),
      'and is compared with null': act(
        `${asks}; ${isAdmin}; return { userId }`,
        `const found = await admin(teamId); if (found === null) throw new Error(); ${reads}`,
      ),
      'and hands on what another one gives': act(
        `const found = await inner(teamId); return found ? { ...found } : null } async function inner(teamId: string) { ${asks}; ${isAdmin}; return { userId }`,
        refuses,
      ),
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    {
      'and the same to those who may not': act(
        `${asks}; if (input()) return { userId }; ${isAdmin}; return { userId } } function input() { return Math.random() > 0.5`,
        refuses,
      ),
      'and is not tested, where the session is': act(
        `${asks}; ${isAdmin}; return { userId }`,
        `const session = await auth.api.getSession({ headers: await headers() }); if (!session) return null
         const found = await admin(teamId); console.log(found); ${reads}`,
      ),
      'and may be replaced by something else': act(
        `${asks}; ${isAdmin}; return { userId }`,
        `const session = await auth.api.getSession({ headers: await headers() }); if (!session) return null
         const found = (await admin(teamId)) ?? { userId: input.userId }; if (!found) return null; ${reads}`,
      ),
    },
  )
})
