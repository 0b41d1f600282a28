/** Work that a function does which somebody else was handed to run: it is not the work of the guard that was on the way. */
import { describe, expect, it } from 'vitest'
import { app } from '../workspace/files.ts'

const helpers = `import { AsyncLocalStorage } from 'node:async_hooks'
import { headers } from 'next/headers'
import { auth } from './auth'
const store = new AsyncLocalStorage<Request>()
const within = (request: Request, work: () => Promise<Response>) => store.run(request, work)
const who = async () => auth.api.getSession({ headers: await headers() })
async function tell(what: string) {
  const session = await who()
  if (!session) return
  console.log(what, session.user.id)
}
export const told = (handler: (request: Request) => Promise<Response>) => async (request: Request) =>
  within(request, async () => {
    await tell('called')
    return handler(request)
  })
export const reported = (handler: (request: Request) => Promise<Response>) => async (request: Request) =>
  within(request, async () => {
    try {
      return await handler(request)
    } finally {
      await fetch('https://audit.internal/calls', { method: 'POST', headers: { 'x-key': process.env.AUDIT_KEY! } })
    }
  })
export async function telling(work: () => Promise<void>) { await tell('called'); return work() }
export async function tellingOf(given: { run: () => Promise<void> }) { await tell('called'); return given.run() }
export async function refusing(work: () => Promise<void>) {
  if (!(await who())) throw new Error('Unauthorized')
  return work()
}
`
const verdictOf = (code: string): string | undefined =>
  app({
    'package.json': '{ "name": "app", "dependencies": { "next": "16.0.0" } }',
    'src/helpers.ts': helpers,
    'src/app/api/route.ts': `import { reported, told, telling, tellingOf, refusing } from '~/helpers'
import { db, invoices } from '~/db'
async function clear() { await db.delete(invoices) }
${code}
`,
  }).analyse('src/app/api/route.ts').entryPoints[0]?.verdict

const answer = 'return new Response(null)'

describe('work behind a helper that looks the caller up and lets everybody through', () => {
  it.each([
    ['of a handler that it wraps', `export const POST = told(async () => { await clear(); ${answer} })`],
    ['of a function that it is given', `export async function POST() { await telling(clear); ${answer} }`],
    [
      'of one that is written there',
      `export async function POST() { await telling(async () => { await clear() }); ${answer} }`,
    ],
    ['of a method that it is given', `export async function POST() { await tellingOf({ run: clear }); ${answer} }`],
  ])('is open: %s', (_, code) => expect(verdictOf(code)).toBe('unguarded'))
  it('is closed where the handler refuses, though the wrapper reports each call', () => {
    const check = `if (request.headers.get('authorization') !== \`Bearer \${process.env.CRON_SECRET!}\`) return new Response(null, { status: 401 })`
    expect(verdictOf(`export const POST = reported(async (request) => { ${check}; await clear(); ${answer} })`)).toBe(
      'guarded',
    )
    expect(verdictOf(`export const POST = reported(async (request) => { await clear(); ${answer} })`)).toBe('unguarded')
  })
  it('is closed where the helper refuses', () =>
    expect(verdictOf(`export async function POST() { await refusing(clear); ${answer} }`)).toBe('guarded'))
})
