/** One-time codes: rows that hold for a time, are used up, and are found by what chance made and somebody was sent. */
import { describe } from 'vitest'
import { cases, unguarded, type Case } from './harness.ts'

const codes = `// as it is
  import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
  export const codes = pgTable('linking_codes', {
    id: uuid('id').primaryKey().defaultRandom(), code: text('code').notNull().unique(), userId: text('user_id').notNull(),
    expiresAt: timestamp('expires_at').notNull(), usedAt: timestamp('used_at') })`

const makes = (code = "randomBytes(6).toString('hex').toUpperCase()", owner = 'userId'): string =>
  `async function make(userId: string, typed: string) {
    const code = ${code}
    return db.insert(codes).values({ code, userId: ${owner}, expiresAt: new Date(Date.now() + 600_000) }).returning() }`

const claims = (where: string, column = 'code'): string =>
  `const [claimed] = await db.update(codes).set({ usedAt: new Date() }).where(and(eq(codes.${column}, input.code), ${where})).returning()
   if (!claimed) return { ok: false }
   await db.insert(invoices).values({ ownerId: claimed.userId })`
const unused = 'isNull(codes.usedAt), gt(codes.expiresAt, new Date())'

const app = (body: string, made = makes(), table = codes, beside = ''): Case => [
  '',
  {
    'src/codes.ts': table,
    'src/make.ts': `import { headers } from 'next/headers'
      import { randomBytes, randomInt } from 'node:crypto'
      import { customAlphabet } from 'nanoid'
      import { auth } from '~/auth'
      import { db } from '~/db'
      import { codes } from '~/codes'
      export ${made}`,
    'src/beside.ts': `import { headers } from 'next/headers'
      import { auth } from '~/auth'
      import { db } from '~/db'
      import { eq } from 'drizzle-orm'
      import { codes } from '~/codes'
      ${beside}`,
    'src/act.ts': `// as it is
      'use server'
      import { and, eq, gt, isNull } from 'drizzle-orm'
      import { db } from '~/db'
      import { codes } from '~/codes'
      import { invoices } from '~/schema'
      export async function act(input: any) { ${body} }`,
  },
]

describe('a one-time code', () => {
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'is claimed by an update': app(claims(unused)),
      'is claimed by an update that asks for the expiry alone': app(claims('gt(codes.expiresAt, new Date())')),
      'is claimed by deleting it': app(
        `const [claimed] = await db.delete(codes).where(and(eq(codes.code, input.code), gt(codes.expiresAt, new Date()))).returning()
         if (!claimed) return; await db.insert(invoices).values({ ownerId: claimed.userId })`,
      ),
      'is read, and then used': app(
        `const [row] = await db.select().from(codes).where(and(eq(codes.code, input.code.toUpperCase()), ${unused}))
         if (!row) return
         await db.insert(invoices).values({ ownerId: row.userId })`,
      ),
      'of three bytes, where it soon expires': app(claims(unused), makes("randomBytes(3).toString('hex')")),
      'is looked at after it was read, where nobody finds it by trying': app(
        `const [row] = await db.select().from(codes).where(eq(codes.code, input.code))
         if (!row || row.usedAt || row.expiresAt < new Date()) return
         await db.insert(invoices).values({ ownerId: row.userId })`,
        makes("customAlphabet('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 12)()"),
      ),
      'is made for whoever signed in': app(
        claims(unused),
        makes("randomBytes(6).toString('hex')", '(await auth.api.getSession({ headers: await headers() })).user.id'),
      ),
    },
  )
  unguarded({
    'is not tested': app(
      `await db.update(codes).set({ usedAt: new Date() }).where(and(eq(codes.code, input.code), ${unused})); await db.insert(invoices).values(input)`,
    ),
    'that nothing here makes': app(claims(unused), 'const nothing = 1'),
    'that somebody types: a coupon': app(claims(unused), makes('typed')),
    'that somebody types elsewhere': app(
      claims(unused),
      makes(),
      codes,
      `export async function add(input: any) {
        const session = await auth.api.getSession({ headers: await headers() })
        await db.insert(codes).values({ code: input.code, userId: session.user.id, expiresAt: input.until }) }`,
    ),
    'that somebody changes': app(
      claims(unused),
      makes(),
      codes,
      'export const rename = (id: string, code: string) => db.update(codes).set({ code }).where(eq(codes.id, id))',
    ),
    'that comes with all that was sent': app(
      claims(unused),
      makes(),
      codes,
      'export const add = (input: any) => db.insert(codes).values({ ...input })',
    ),
    'of six digits': app(claims(unused), makes("customAlphabet('0123456789', 6)()")),
    'of a number': app(claims(unused), makes('String(randomInt(100000, 999999))')),
    'that can be foreseen': app(claims(unused), makes('Math.random().toString(36).slice(2)')),
    'of three bytes, which can be tried for ever': app(
      `const [row] = await db.select().from(codes).where(eq(codes.code, input.code)); if (!row) return
       await db.insert(invoices).values({ ownerId: row.userId })`,
      makes("randomBytes(3).toString('hex')"),
    ),
    'whose expiry the caller chooses': app(
      claims('gt(codes.expiresAt, input.now)'),
      makes("randomBytes(3).toString('hex')"),
    ),
    'or any other': app(
      `const rows = await db.select().from(codes).where(gt(codes.expiresAt, new Date())); if (rows.length === 0) return
       await db.insert(invoices).values(input)`,
    ),
    'by its id': app(claims(unused, 'id'), makes().replace('values({ code,', 'values({ id: code, code,')),
    'that never expires and is not used up: a slug': app(
      `const [row] = await db.select().from(codes).where(eq(codes.code, input.code)); if (!row) return
       await db.insert(invoices).values({ ownerId: row.userId })`,
      makes().replace(', expiresAt: new Date(Date.now() + 600_000)', ''),
      codes.replace(/expiresAt: .*/, '})'),
    ),
  })
})
