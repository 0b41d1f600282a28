/** What an answer tells of rows that are not in it. */
import { describe } from 'vitest'
import { guarded, handler, isPublic, session, unguarded } from './harness.ts'

const rows = 'const rows = await db.select().from(invoices)\n'
const row = `const [row] = await db.select().from(invoices).where(eq(invoices.id, data.id))\n`

describe('a key that was read is in the answer', () => {
  unguarded({
    'of an object that is written to': handler(
      `${rows} const seen: Record<string, boolean> = {}; for (const row of rows) seen[row.ownerId] = true; return seen`,
    ),
    'of an object literal': handler(`${row} return { [row!.ownerId]: true }`),
    'of a count by key': handler(
      `${rows} return rows.reduce((counts: any, row) => { counts[row.ownerId] = (counts[row.ownerId] || 0) + 1; return counts }, {})`,
    ),
    'of a map': handler(
      `${rows} const seen = new Map(); for (const row of rows) seen.set(row.ownerId, 1); return [...seen.keys()]`,
    ),
    'of a map made of pairs': handler(
      `${rows} return Object.fromEntries(new Map(rows.map((row) => [row.ownerId, 1])))`,
    ),
    'listed by itself': handler(
      `${rows} const seen: any = {}; for (const row of rows) seen[row.ownerId] = 1; return Object.keys(seen)`,
    ),
  })
  isPublic({
    'that the caller sent is no news': handler(`return { [data.name]: true }`),
  })
})

describe('which of two answers is given tells of the row that was tested', () => {
  unguarded({
    'one of two texts': handler(`${row} return { plan: row?.total === 'pro' ? 'pro' : 'free' }`),
    'an early answer': handler(`${row} if (row) return { taken: true }; return { taken: false }`),
    'one of several cases': handler(
      `${row} switch (row!.ownerId) { case 'root': return 'admin'; default: return 'user' }`,
    ),
    'by a helper': handler(`return { free: await isFree(data.id) }`).concat(
      `\nasync function isFree(id: string) { const [row] = await db.select().from(invoices).where(eq(invoices.id, id)); if (row) return 'no'; return 'yes' }`,
    ),
  })
  isPublic({
    'not that nothing was found': handler(`${row} if (!row) return null; return { ok: true }`),
    'not an error': handler(`${row} if (!row) return { error: 'Not found' }; return { ok: true }`),
    'not an error that is thrown': handler(`${row} if (!row) throw new Error('Not found'); return { ok: true }`),
    'not a refusal': handler(`${row} if (!row) return new Response(null, { status: 404 }); return null`),
  })
  guarded({
    'behind a guard': handler(
      `${session} if (!session) throw new Error('401'); ${row} if (row) return { taken: true }; return { taken: false }`,
    ),
  })
})

describe('the address of a redirect is told', () => {
  unguarded({
    'with what was read in it': handler(`${row} throw redirect({ to: '/invoices', search: { owner: row!.ownerId } })`),
  })
  isPublic({
    'with what the caller sent in it': handler(`${row} throw redirect({ to: '/invoices', search: { id: data.id } })`),
  })
})
