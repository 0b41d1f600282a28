/** What is handed to the response, or to a stream whose other end is answered, has left. */
import { describe, expect, it } from 'vitest'
import { guarded, handler, session, unguarded, verdicts } from './harness.ts'

const imports = `
import fs from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { cookies } from 'next/headers'
import { NextResponse } from 'next/server'
import { eq } from 'drizzle-orm'
import { getServerSession } from 'next-auth'
import { archiver, stringify } from 'some-writer'
import { db } from '~/db'
import { invoices } from '~/schema'
`
const rows = 'const rows = await db.select().from(invoices);\n'

/** Handlers of both routers, by title: what they do, and the verdict. */
function all(file: string, write: (body: string) => string, cases: Readonly<Record<string, string>>): void {
  for (const [title, body] of Object.entries(cases)) {
    const [verdict, text] = body.startsWith('public:') ? ['public', body.slice(7)] : ['unguarded', body]
    it(`${title}: ${verdict}`, () => {
      const [answer] = Object.values(verdicts({ [file]: imports + write(text) }))
      expect(answer?.verdict).toBe(verdict)
    })
    if (verdict === 'unguarded')
      it(`${title}, behind a guard`, () => {
        const guard = 'const session = await getServerSession(); if (!session) throw new Error("401")\n'
        const [answer] = Object.values(verdicts({ [file]: imports + write(guard + text) }))
        expect(answer?.verdict).toBe('guarded')
      })
  }
}

describe('the response of Node.js', () => {
  all('src/pages/api/a.ts', (body) => `export default async function handler(req: any, res: any) { ${body} }`, {
    'is where a stream is led': `fs.createReadStream('/data/' + req.query.name).pipe(res)`,
    'is the last of a pipeline': `await pipeline(fs.createReadStream('/data/' + req.query.name), res)`,
    'gets rows through a stream': `${rows} Readable.from(rows.map((row) => JSON.stringify(row))).pipe(res)`,
    'gets them through what was led to it before': `${rows} const zip = archiver('zip'); zip.pipe(res); zip.append(JSON.stringify(rows))`,
    'gets them with a call that nobody can see': `${rows} stringify(rows, res)`,
    'gets them by a method that nobody listed': `${rows} res.attachment(rows[0]!.number)`,
    'says by its status whether there is a row': `${rows} res.statusCode = rows[0] ? 200 : 204; res.end()`,
    'is handed around with nothing in it': `public: ${rows} stringify({ a: 1 }, res); res.end()`,
    'is not where rows go that were handed to something else': `public: ${rows} const zip = archiver('zip'); zip.append(JSON.stringify(rows)); res.end()`,
  })
})

const row = 'const [row] = await db.select().from(invoices).where(eq(invoices.id, req.query.id));\n'

describe('which of two answers is sent tells of the row that was tested', () => {
  all('src/pages/api/a.ts', (body) => `export default async function handler(req: any, res: any) { ${body} }`, {
    'one and else another': `${row} if (row?.total) res.json({ size: 'big' }); else res.json({ size: 'small' })`,
    'an early one': `${row} if (row) return res.status(200).send('taken'); return res.status(200).send('free')`,
    'one of several cases': `${row} switch (row!.number) { case '1': res.json('first'); break; default: res.json('other') }`,
    'a status alone': `${row} if (row) return res.status(200).end(); return res.status(204).end()`,
    'an answer that is sent by a helper': `${row} const ok = (what: string) => res.json({ what }); if (row) return ok('taken'); return ok('free')`,
    'not a refusal': `public: ${row} if (!row) return res.status(404).json({ message: 'Not found' }); return res.status(200).json({ ok: true })`,
    'not an error': `public: ${row} if (row) res.json({ error: 'taken' }); else res.end()`,
    'not what is sent either way': `public: ${row} if (row) console.log('taken'); res.json({ ok: true })`,
  })
  all(
    'src/pages/a.tsx',
    (body) => `export async function getServerSideProps({ query, req }: any) { req = { query }; ${body} }`,
    {
      'the properties of a page': `${row} if (row?.total) return { props: { size: 1 } }; return { props: { size: 2 } }`,
      'not that a page is not there': `public: ${row} if (!row) return { notFound: true }; return { props: { size: 2 } }`,
    },
  )
})

describe('a response that was made', () => {
  all('src/app/a/route.ts', (body) => `export async function GET(request: Request) { ${body} }`, {
    'has the headers that are set later': `${rows} const response = NextResponse.json({}); response.headers.set('x-total', rows[0]!.total); return response`,
    'has the cookies that are set later': `${rows} const response = NextResponse.json({}); response.cookies.set('total', rows[0]!.total); return response`,
    'has the headers that it was made with': `${rows} const headers = new Headers(); headers.append('x-total', rows[0]!.total); return new Response('', { headers })`,
    'goes out with the cookies of the request': `${rows} (await cookies()).set('total', rows[0]!.total); return new Response('')`,
    'gives what is written to the other end of its stream': `${rows} const { readable, writable } = new TransformStream(); const writer = writable.getWriter(); writer.write(JSON.stringify(rows)); writer.close(); return new Response(readable)`,
    'gives what is written there once it was returned': `const { readable, writable } = new TransformStream(); const writer = writable.getWriter(); db.select().from(invoices).then((rows) => { writer.write(JSON.stringify(rows)) }); return new Response(readable.pipeThrough(new CompressionStream('gzip')))`,
    'gives what is led there': `${rows} const { readable, writable } = new TransformStream(); new Blob([JSON.stringify(rows)]).stream().pipeTo(writable); return new Response(readable)`,
    'has nothing of what was written elsewhere': `public: ${rows} const { writable } = new TransformStream(); writable.getWriter().write(JSON.stringify(rows)); return new Response('')`,
  })
})

describe('headers and cookies of a server function', () => {
  const writers = `import { setCookie, setResponseHeader } from '@tanstack/react-start/server'\n`
  unguarded({
    'a header': writers + handler(`${rows} setResponseHeader('x-total', rows[0]!.total)`),
    'a cookie': writers + handler(`${rows} setCookie('total', rows[0]!.total)`),
  })
})

describe('a promise that is resolved from outside', () => {
  unguarded({
    'gives what it is resolved with': handler(
      `const { promise, resolve } = Promise.withResolvers<any>(); db.select().from(invoices).then(resolve); return promise`,
    ),
    'and so to whoever waits for it': handler(
      `const wait = Promise.withResolvers<any>(); db.select().from(invoices).then((rows) => wait.resolve(rows)); const rows = await wait.promise; return { rows }`,
    ),
  })
  guarded({
    'with a session': handler(
      `const wait = Promise.withResolvers<any>(); ${session} wait.resolve(session); const who = await wait.promise; if (!who) throw new Error('401'); await db.delete(invoices)`,
    ),
  })
})
