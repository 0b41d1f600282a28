/** Wrappers of libraries that answer some callers themselves: made once, when a module is loaded, and called by everybody. */
import { describe, expect, it } from 'vitest'
import { verdicts, type Answer } from '../analysis/harness.ts'

const imports = `
import { db } from '~/db'
import { invoices } from '~/schema'
import { withApiAuthRequired, withPageAuthRequired } from '@auth0/nextjs-auth0'
import { verifySignatureAppRouter } from '@upstash/qstash/nextjs'
import NextAuth from 'next-auth'
const { auth } = NextAuth({})
`
const read = 'const rows = await db.select().from(invoices)\n'
const write = "await db.insert(invoices).values({ id: '1' })\n"

function answer(file: string, source: string): Answer {
  const [only] = Object.values(verdicts({ [file]: imports + source }))
  if (!only) throw new Error(`no entry point in ${file}`)
  return only
}

const route = 'src/app/api/a/route.ts'

describe('a wrapper that refuses', () => {
  const cases: Readonly<Record<string, readonly [file: string, source: string, guard: string, effect: string]>> = {
    'a handler of pages/api': [
      'src/pages/api/a.ts',
      `export default withApiAuthRequired(async (req: any, res: any) => { ${read} res.json(rows) })`,
      'withApiAuthRequired',
      'reads `invoices`',
    ],
    'a page': [
      'src/app/page.tsx',
      `export default withPageAuthRequired(async () => { ${read} return <List rows={rows}/> })`,
      'withPageAuthRequired',
      'reads `invoices`',
    ],
    'unsigned requests': [
      route,
      `export const POST = verifySignatureAppRouter(async () => { ${write} return Response.json({}) })`,
      'verifySignatureAppRouter',
      'writes `invoices`',
    ],
    'unsigned requests, made for each': [
      route,
      `export const POST = (request: any) => verifySignatureAppRouter(async () => { ${write} return Response.json({}) })(request)`,
      'verifySignatureAppRouter',
      'writes `invoices`',
    ],
    'nobody, around a handler that does': [
      route,
      `export const GET = auth(async (request: any) => { if (!request.auth) return new Response(null, { status: 401 })\n${read} return Response.json(rows) })`,
      'auth',
      'reads `invoices`',
    ],
  }
  for (const [title, [file, source, guard, effect]] of Object.entries(cases))
    it(`${title}: it is the guard of what it was given`, () => {
      const { verdict, guards, effects } = answer(file, source)
      expect({ verdict, guards, effects }).toEqual({ verdict: 'guarded', guards: [guard], effects: [effect] })
    })

  it('is no guard of what stands beside it', () => {
    const beside = `export const POST = async (request: any) => { const signed = verifySignatureAppRouter(async () => Response.json({})); ${write} return signed(request) }`
    expect(answer(route, beside)).toMatchObject({ verdict: 'unguarded', cause: 'tooLate' })
  })
  it('is none where it only says who calls and nobody looks', () => {
    const open = `export const GET = auth(async () => { ${read} return Response.json(rows) })`
    expect(answer(route, open)).toMatchObject({ verdict: 'unguarded', cause: 'resultIgnored', culprit: 'auth' })
  })
})
