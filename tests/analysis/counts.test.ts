/** Counting how often somebody comes, to refuse those who come too often: no work, and no guard. */
import { describe } from 'vitest'
import { type Case, guarded, handler, isPublic, session, unguarded, work } from './harness.ts'

const counting = (body: string, table = 'rate_limits'): Case => [
  `import { pgTable, text, integer } from 'drizzle-orm/pg-core'
  import { sql } from 'drizzle-orm'
  const counted = pgTable('${table}', { id: text('id'), count: integer('count') })
  async function count(who: string) {
    const rows = await db.insert(counted).values({ id: who, count: 1 })
      .onConflictDoUpdate({ target: counted.id, set: { count: sql\`\${counted.count} + 1\` } })
      .returning({ count: counted.count })
    const times = rows[0]?.count ?? 1
    return { allowed: times <= 5, left: 5 - times }
  }
  async function limited(request: Request) {
    const { allowed, left } = await count(request.headers.get('x-forwarded-for') ?? 'unknown')
    const headers = new Headers({ 'x-left': String(left) })
    return allowed ? { headers } : { response: new Response('slow down', { status: 429, headers }) }
  }
  ${handler(body)}`,
  {},
]
const test = "const limit = await limited(getRequest()); if ('response' in limit) return limit.response;"

describe('a count of attempts that is tested', () => {
  isPublic({
    'is all that is done': counting(`${test} return 1`),
    'is tested where it is made': counting(
      "if (!(await count('x')).allowed) return new Response(null, { status: 429 }); return 1",
    ),
  })
  guarded({
    'comes before what may refuse for another reason, and before the session': counting(
      `${test} if (!data.name) return new Response('no name', { status: 400 })
       ${session} if (!session) return new Response(null, { status: 401 }); ${work}`,
    ),
  })
  unguarded({
    'is no guard': counting(`${test} ${work}`),
    'and nobody tests it': counting("await count('x'); return 1"),
    'of something else': counting(`${test} return 1`, 'votes'),
  })
})
