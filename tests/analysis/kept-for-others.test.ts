/** What is put into something that belongs to the module, and that the requests of others find there. */
import { describe, expect, it } from 'vitest'
import { act, handler, middleware, session } from './harness.ts'

const authMiddleware = middleware(
  'authMiddleware',
  `${session}; if (!session) throw new Error('Unauthorized'); return next({ context: { user: session.user } })`,
)
const mine = 'await db.select().from(invoices).where(eq(invoices.ownerId, context.user.id))'

const kept = (before: string, body: string): readonly string[] =>
  (act(`${authMiddleware}${before}\n${handler(body, '.middleware([authMiddleware])')}`).judgement.lost ?? []).map(
    ({ cause, name }) => `${cause} ${name}`,
  )

describe('what is one caller’s is kept for others', () => {
  it.each([
    ['me', 'let me: any', 'me = context.user'],
    ['state.user', 'const state: any = {}', 'state.user = context.user'],
    ['state.now.user', 'const state: any = { now: {} }', 'state.now.user = context.user'],
    [
      'this.user',
      'class Now { user: any; set(u: any) { this.user = u } } const now = new Now()',
      'now.set(context.user)',
    ],
    ['Now.user', 'class Now { static user: any }', 'Now.user = context.user'],
    ['rows', 'let rows: any', `rows ??= ${mine}`],
    ['rows', 'let rows: any', `if (!rows) rows = ${mine}`],
    ['found', 'const found = new Map<string, any>()', `if (!found.has('rows')) found.set('rows', ${mine})`],
  ])('%s', (name, before, keeps) => {
    expect(kept(before, `${keeps}; return ${mine}`)).toEqual([`moduleState ${name}`])
  })
})

describe('what may be kept', () => {
  it.each([
    ['an object of the request', '', 'const state: any = {}; state.user = context.user'],
    [
      'an object that is made for each call',
      'const make = (): any => ({})',
      'const state = make(); state.user = context.user',
    ],
    [
      'an instance of the request',
      'class Now { user: any; set(u: any) { this.user = u } }',
      'new Now().set(context.user)',
    ],
    ['under a key of the caller', 'const by: any = {}', 'by[context.user.id] = context.user'],
    [
      'in a map under a key of the caller',
      'const by = new Map<string, any>()',
      'by.set(context.user.id, context.user)',
    ],
    ['in a map of the request', '', "const by = new Map<string, any>(); by.set('user', context.user)"],
    ['rows that are the same for all', 'let all: any', 'all ??= await db.select().from(countries)'],
    ['a setting', 'const state: any = {}', 'state.ready = true'],
  ])('%s', (_, before, keeps) => {
    expect(kept(before, `${keeps}; return ${mine}`)).toEqual([])
  })
})
