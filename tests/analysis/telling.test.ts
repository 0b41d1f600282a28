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
    'of a map, to whom goes through its entries': handler(
      `${rows} const seen = new Map(); for (const row of rows) seen.set(row.ownerId, 1); return Array.from(seen.entries()).map(([owner]) => owner)`,
    ),
    'of a map, beside what is made of its value': handler(
      `${rows} const seen = new Map(); for (const row of rows) { const count = seen.get(row.ownerId) ?? { n: 0 }; count.n++; seen.set(row.ownerId, count) }
      return [...seen].map(([owner, count]) => ({ owner, ...count }))`,
    ),
    'of a map, as the second argument of a callback': handler(
      `${rows} const seen = new Map(); for (const row of rows) seen.set(row.ownerId, { n: 1 }); const list: any[] = []; seen.forEach((count, owner) => list.push({ owner, ...count })); return list`,
    ),
    'listed by itself': handler(
      `${rows} const seen: any = {}; for (const row of rows) seen[row.ownerId] = 1; return Object.keys(seen)`,
    ),
  })
  isPublic({
    'that the caller sent is no news': handler(`return { [data.name]: true }`),
    'nor is it as the key of a map': handler(
      `const seen = new Map(); seen.set(data.name, { n: 1 }); return [...seen].map(([name, count]) => ({ name, ...count }))`,
    ),
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

describe('what is written where a test of rows went one way tells of them', () => {
  unguarded({
    'a yes or no': handler(`${row} let taken = false; if (row) taken = true; return { taken }`),
    'one of two texts': handler(`${row} let plan; if (row!.total === 1) plan = 'pro'; else plan = 'free'; return plan`),
    'letter by letter': handler(
      `${row} let out = ''; for (const c of row!.ownerId!) { if (c === 'a') out += 'a'; else if (c === 'b') out += 'b' } return out`,
    ),
    'a count of rows': handler(`${rows} let n = 0; for (const row of rows) n++; return n`),
    'a count of those that pass': handler(
      `${rows} let n = 0; for (const row of rows) { if (row.total === 1) n++ } return n`,
    ),
    'a count of those that are not passed over': handler(
      `${rows} let n = 0; for (const row of rows) { if (row.total === 1) continue; n++ } return n`,
    ),
    'a count in a callback': handler(
      `${rows} let n = 0; rows.forEach((row) => { if (row.total === 1) n += 1 }); return n`,
    ),
    'a count of callbacks': handler(`${rows} return rows.reduce((n) => n + 1, 0)`),
    'rounds of a loop': handler(`${row} let n = 0; while (n < row!.total!) n++; return n`),
    'a flag set before a break': handler(
      `${rows} let found = false; for (const row of rows) { if (row.total === 1) { found = true; break } } return found`,
    ),
    'a case': handler(`${row} let n = 'x'; switch (row!.total) { case 1: n = 'y'; break; case 2: n = 'z' } return n`),
    'behind an operator': handler(`${row} let ok = 0; row && (ok = 1); return ok`),
    'a property': handler(`${row} const o = { plan: 'free' }; if (row!.total === 1) o.plan = 'pro'; return o`),
    'an object': handler(`${row} let o; if (row) o = { taken: 1 }; else o = { taken: 0 }; return o`),
    'an item, and which of those that the caller sent': handler(
      `const taken = []; for (const id of data.ids) { const [row] = await db.select().from(invoices).where(eq(invoices.id, id)); if (row) taken.push(id) } return taken`,
    ),
    'where it was caught': handler(
      `${row} let ok; try { if (!row) throw new Error('no'); ok = 1 } catch { ok = 0 } return ok`,
    ),
    'by a closure': handler(`${row} let n = 0; const bump = () => { n++ }; if (row) bump(); return n`),
    'by a closure that returns early': handler(
      `${row} let n = 0; const check = () => { if (!row) return; n = 1 }; check(); return n`,
    ),
  })
  isPublic({
    'not what is not answered': handler(`${row} let n = 0; if (row) n = 1; return { ok: true }`),
    'not what is written over': handler(`${row} let n = 0; if (row) n = 1; n = 2; return n`),
    'not what another test has chosen': handler(
      `let kind; if (data.id) { ${row} if (!row) throw new Error('404'); kind = 'a' } else kind = 'b'; return { kind }`,
    ),
    'not what the test has narrowed': handler(
      `${row} const kind = data.k ? 'a' : 'b'; if (kind === 'a' && row) console.log(1); return { kind }`,
    ),
    'not a property that the test has narrowed': handler(
      `${row} const o = { kind: data.k ? 'a' : 'b' }; if (o.kind === 'a' && row) console.log(1); return o`,
    ),
    'not behind the test': handler(`${row} let n = 0; if (row) console.log(1); n++; return n`),
  })
  guarded({
    'behind a guard': handler(
      `${session} if (!session) throw new Error('401'); ${row} let taken = false; if (row) taken = true; return { taken }`,
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
