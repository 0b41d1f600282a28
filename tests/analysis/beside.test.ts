/** Promises that nobody waits for, and what is kept under keys that only the run knows. */
import { describe, it, expect } from 'vitest'
import { act, guarded, handler, isPublic, requireUser, session, unguarded, work } from './harness.ts'

const find = `const find = async () => { ${session}; return { user: session?.user ?? null } }\n`
const timeout = 'new Promise<never>((_, reject) => setTimeout(() => reject(new Error()), 9))'

describe('a promise has no other properties than its own', () => {
  unguarded({
    'a property that is not there is no session': `${find}${handler(`const { user } = find(); if (user === null) throw new Error(); ${work}`)}`,
  })
  it('a test that nobody passes is no work for anybody, and says what is not awaited', () => {
    const { judgement } = act(`${find}${handler(`const { user } = find(); if (!user) throw new Error(); ${work}`)}`)
    expect(judgement.effects).toEqual([])
    expect(judgement.lost).toMatchObject([{ cause: 'notAwaited', name: 'find' }])
  })
})

describe('a check beside nothing', () => {
  isPublic({ 'a check that nobody waits for stops nobody': `${requireUser}${handler('requireUser(); return 1')}` })
  guarded({
    'a check that is waited for, in front of nothing': `${requireUser}${handler('await requireUser(); return 1')}`,
  })
})

describe('a race', () => {
  guarded({
    'with a timeout that can only fail': `${requireUser}${handler(`await Promise.race([requireUser(), ${timeout}]); ${work}`)}`,
  })
  unguarded({
    'with a timeout that may win': `${requireUser}${handler(`await Promise.race([requireUser(), new Promise((resolve) => setTimeout(resolve, 9))]); ${work}`)}`,
    'with one that something else may fulfil': `${requireUser}${handler(`await Promise.race([requireUser(), new Promise((resolve, reject) => { process.on('x', resolve); setTimeout(reject, 9) })]); ${work}`)}`,
  })
})

describe('rows that are kept under computed keys are answered with', () => {
  const rows = 'const rows = await db.select().from(invoices);'
  unguarded({
    'lists by key': handler(
      `${rows} const by: any = {}; for (const row of rows) { const key = row.ownerId; if (!by[key]) by[key] = []; by[key].push(row.total) } return by`,
    ),
    'a list that is written to by another name': handler(
      `${rows} const by: any = {}; by[data.key] = []; const list = by[data.key]; list.push(rows[0]); return list`,
    ),
  })
})

describe('what packages are given they may keep', () => {
  const rows = 'const rows = await db.select().from(invoices);'
  const given = (before: string, body: string): string => `${before}\n${handler(`${rows} ${body}`)}`
  unguarded({
    'a document that rows are written into': given(
      "import Pdf from 'acme-pdf'",
      'const pdf = new Pdf(); pdf.text(rows[0].total, 1, 1); return pdf.output()',
    ),
    'a sheet of a workbook': given(
      "import { Workbook } from 'acme-sheets'",
      "const book = new Workbook(); const sheet = book.addWorksheet('a'); for (const row of rows) sheet.addRow(row); return book.write()",
    ),
    'an object that is given beside the rows': given(
      "import * as sheets from 'acme-sheets'",
      'const book = sheets.create(); sheets.append(book, rows); return sheets.write(book)',
    ),
    'an object of its own': given(
      "import { fill } from 'acme-sheets'",
      'const answer: any = {}; fill(answer, rows); return answer',
    ),
  })
  isPublic({
    'what is only looked for in a list': given(
      '',
      "const names = ['a', 'b']; const known = names.includes(rows[0].total); console.log(known); return names",
    ),
  })
})
