/** Rows of guests: found by a key that the server made up, and handed to their browser in a cookie. */
import { describe } from 'vitest'
import { cases, type Case, unguarded } from './harness.ts'

const baskets = (key: string): string => `// as it is
  import { json, pgTable, serial, text, uuid } from 'drizzle-orm/pg-core'
  export const baskets = pgTable('baskets', { id: ${key}, clientSecret: text('client_secret'), items: json('items') })`

const issues = `export async function open() {
  const [basket] = await db.insert(baskets).values({ items: [] }).returning()
  ;(await cookies()).set('basket', String(basket?.id), { httpOnly: true })
}\n`

const shop = (
  body: string,
  key = "text('id').$defaultFn(() => crypto.randomUUID()).primaryKey()",
  other = issues,
): Case => [
  '',
  {
    'src/baskets.ts': baskets(key),
    'src/shop.ts': `// as it is
      'use server'
      import { cookies } from 'next/headers'
      import { eq } from 'drizzle-orm'
      import { db } from '~/db'
      import { baskets } from '~/baskets'
      ${other}
      export async function act(input: any) { const id = (await cookies()).get('basket')?.value; ${body} }`,
  },
]

describe('the row of a guest', () => {
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'is found by what was put into the cookie': shop(
        'if (!id) return; await db.update(baskets).set({ items: input }).where(eq(baskets.id, id))',
      ),
      'is found by a random key': shop(
        'if (!id) return; await db.delete(baskets).where(eq(baskets.id, id))',
        "uuid('id').defaultRandom().primaryKey()",
      ),
    },
  )
  unguarded({
    'by a key that is counted': shop(
      'if (!id) return; await db.delete(baskets).where(eq(baskets.id, id))',
      "serial('id').primaryKey()",
    ),
    'by a key that is passed': shop('await db.delete(baskets).where(eq(baskets.id, input.id))'),
    'by a cookie that nothing here sets': shop(
      'if (!id) return; await db.delete(baskets).where(eq(baskets.id, id))',
      undefined,
      '',
    ),
    'by a cookie that holds what was passed': shop(
      'if (!id) return; await db.delete(baskets).where(eq(baskets.id, id))',
      undefined,
      "export async function open(id: string) { (await cookies()).set('basket', id) }",
    ),
    'and others': shop('if (!id) return; await db.delete(baskets)'),
  })
})
