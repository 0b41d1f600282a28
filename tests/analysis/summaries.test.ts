/** What a long helper did for one entry point is used again for the next one, and must be just as true there. */
import { describe, expect, it } from 'vitest'
import { ask, type Files, guarded, handler, session, unguarded, work } from './harness.ts'

/** Makes a helper long enough that its calls are remembered. */
const long = Array.from(
  { length: 40 },
  (_, i) => `const step${String(i)} = [${String(i)}, 'x'].length + ${String(i)}`,
).join('\n')

const helper = (signature: string, body: string): string => `async function ${signature} {\n${long}\n${body}\n}\n`

const verdictsOf = (source: string, files: Files = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(ask(source, files)).map(([name, answer]) => [name, answer.verdict]))

const fn = (name: string, body: string): string => handler(body).replace('act', name)

describe('a long helper that is asked twice', () => {
  guarded({
    throws: `${helper('must()', `${session} if (!session) throw new Error(); return session.user`)} ${handler(`await must(); ${work}`)}`,
    'gives null, which is tested': `${helper('user()', `${session} return session?.user ?? null`)} ${handler(`if (!(await user())) return null; ${work}`)}`,
    'writes the user into its argument': `${helper('load(ctx: any)', `${session} ctx.user = session?.user ?? null`)} ${handler(`const ctx: any = { user: { id: 'guest' } }; await load(ctx); if (!ctx.user) throw new Error(); ${work}`)}`,
    'pushes an error into a list': `${helper('check(errors: any[])', `${session} if (!session) errors.push('no')`)} ${handler(`const errors: any[] = []; await check(errors); if (errors.length > 0) throw new Error(); ${work}`)}`,
    'sets a property of this': `class Context { user: any = { id: 'guest' }; ${helper('load()', `${session} this.user = session?.user ?? null`).replace('async function', 'async')} } ${handler(`const ctx = new Context(); await ctx.load(); if (!ctx.user) throw new Error(); ${work}`)}`,
    'gives an object that another call changed': `${helper('load()', `${session} return { user: session?.user ?? null }`)} ${handler(`const a: any = await load(); a.user = { id: 'guest' }; const b = await load(); if (!b.user) throw new Error(); ${work}`)}`,
  })
  unguarded({
    'writes a guest into its argument': `${helper('load(ctx: any)', `ctx.user = { id: 'guest' }`)} ${handler(`${session} const ctx: any = { user: session?.user ?? null }; await load(ctx); if (!ctx.user) throw new Error(); ${work}`)}`,
    'empties a list of errors': `${helper('clear(errors: any[])', `errors.length = 0; errors.splice(0)`)} ${handler(`${session} const state: any = { error: session ? null : 'no' }; await clear([]); await reset(state); if (state.error) throw new Error(); ${work}`)} ${helper('reset(state: any)', 'state.error = null')}`,
    'works, then throws': `${helper('late(data: any)', `${work} ${session} if (!session) throw new Error()`)} ${handler(`await late(data)`)}`,
    'is not awaited': `${helper('must()', `${session} if (!session) throw new Error()`)} ${handler(`must(); ${work}`)}`,
    'is swallowed': `${helper('must()', `${session} if (!session) throw new Error()`)} ${handler(`try { await must() } catch {} ${work}`)}`,
    'works after a soft lookup': `${helper('save(data: any)', `${session} console.log(session?.user); ${work}`)} ${handler('await save(data)')}`,
    'gives an object that the caller fills': `${helper('load()', `${session} return { user: session?.user ?? null }`)} ${handler(`const a: any = await load(); a.user ??= { id: 'guest' }; if (!a.user) throw new Error(); ${work}`)}`,
  })
})

describe('a long helper of two entry points', () => {
  const record = helper('record(data: any)', work)
  const must = helper('must()', `${session} if (!session) throw new Error(); return session.user`)
  const list = helper('list()', 'return db.select().from(invoices)')

  it('behind a guard, and without one', () => {
    const source = `${record}${must}${fn('a', 'await must(); await record(data)')}${fn('b', 'await record(data)')}${fn('c', 'await must(); await record(data)')}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded', c: 'guarded' })
  })
  it('as a handler, and called by another one, whose guard it is', () => {
    const source = `${must}export const a = createServerFn().handler(must)\n${fn('b', `${work} await must()`)}`
    expect(ask(source).b).toMatchObject({ verdict: 'unguarded', cause: 'tooLate', culprit: 'must' })
  })
  it('after a sign-in, and without one', () => {
    const source = `${record}${fn('a', 'await auth.api.signInEmail({ body: data }); await record(data)')}${fn('b', 'await record(data)')}`
    expect(verdictsOf(source).b).toBe('unguarded')
  })
  it('without a sign-in, and after one', () => {
    const source = (first: string, second: string): string => `${record}${fn('a', first)}${fn('b', second)}`
    const signedIn = 'await auth.api.signInEmail({ body: data }); await record(data)'
    expect(verdictsOf(source('await record(data)', signedIn)).b).toBe(verdictsOf(source('return 1', signedIn)).b)
  })
  it('without a guard, and behind a call that may be it', () => {
    const source = `import { thing } from 'acme-sdk'\n${record}${fn('b', 'await record(data)')}${fn('a', 'await thing(getRequest()); await record(data)')}`
    expect(verdictsOf(source)).toEqual({ a: 'unverifiable', b: 'unguarded' })
  })
  it('whose rows one of them answers', () => {
    const source = `${list}${fn('a', 'await list(); return 1')}${fn('b', 'return list()')}${fn('c', 'await list(); return 1')}`
    expect(verdictsOf(source)).toEqual({ a: 'public', b: 'unguarded', c: 'public' })
  })
  it('with a constant that decides, and with another', () => {
    const check = helper('check(optional: boolean)', `${session} if (!session && !optional) throw new Error()`)
    const source = `${check}${fn('a', `await check(false); ${work}`)}${fn('b', `await check(true); ${work}`)}${fn('c', `await check(data.optional); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded', c: 'unguarded' })
  })
  it('with an option in an object that decides', () => {
    const check = helper('check(options: any)', `${session} if (!session && !options.auth.optional) throw new Error()`)
    const source = `${check}${fn('a', `await check({ auth: { optional: false } }); ${work}`)}${fn('b', `await check({ auth: { optional: true } }); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('with a function that decides', () => {
    const check = helper('check(test: any)', `${session} if (!test(session)) throw new Error()`)
    const source = `${check}const strict = (s: any) => Boolean(s)\nconst soft = () => true\n${fn('a', `await check(strict); ${work}`)}${fn('b', `await check(soft); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('with a closure that decides', () => {
    const check = helper('check(test: any)', `${session} if (!test(session)) throw new Error()`)
    const source = `${check}const allow = (always: boolean) => (s: any) => always || Boolean(s)\n${fn('a', `await check(allow(false)); ${work}`)}${fn('b', `await check(allow(true)); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('with the session of the one and the input of the other', () => {
    const check = helper('check(user: any)', 'if (!user) throw new Error()')
    const source = `${check}${fn('a', `${session} await check(session?.user); ${work}`)}${fn('b', `await check(data.user); ${work}`)}${fn('c', `${session} await check(session?.user ?? data.user); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded', c: 'unguarded' })
  })
  it('with the context that one chain has set and the other has not', () => {
    const check = helper('check(context: any)', 'if (!context.user) throw new Error()')
    const soft = `const soft = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} return next({ context: { user: session?.user ?? null } }) })\n`
    const source = `${check}${soft}${handler(`await check(context); ${work}`, '.middleware([soft])').replace('act', 'a')}${fn('b', `await check(context); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('in a loop whose later rounds differ', () => {
    const check = helper('check(user: any)', 'if (!user) throw new Error()')
    const source = `${check}${fn('a', `${session} let user: any = { id: 'guest' }; for (const x of [1, 2]) { await check(user); user = session?.user } ${work}`)}${fn('b', `${session} let user: any = session?.user; for (const x of data.xs) { await check(user); user = { id: 'x' } } ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('that a denial calls for its record, and another for its work', () => {
    const source = `${record}${fn('a', `${session} if (!session) { await record(data); throw new Error() } return 1`)}${fn('b', 'await record(data)')}${fn('c', `${session} if (!session) { await record(data); throw new Error() } ${work}`)}`
    expect(verdictsOf(source)).toMatchObject({ b: 'unguarded', c: 'guarded' })
  })
  it('behind a call that may be the guard, and without one', () => {
    const source = `import { thing } from 'acme-sdk'\n${record}${fn('a', 'await thing(getRequest()); await record(data)')}${fn('b', 'await record(data)')}`
    expect(verdictsOf(source)).toEqual({ a: 'unverifiable', b: 'unguarded' })
  })
  it('that proves what was proved before, and by itself', () => {
    const admin = helper('admin()', `${session} if (session?.user.role !== 'admin') throw new Error()`)
    const asked = `${session} if (session?.user.role !== 'admin') throw new Error();`
    const source = `${admin}${fn('a', `${asked} await admin(); ${work}`)}${fn('b', `await admin(); ${work}`)}`
    const answers = ask(source)
    expect(answers.a).toMatchObject({ verdict: 'guarded', proofs: ['authenticated', 'role:admin'] })
    expect(answers.b).toMatchObject({ verdict: 'guarded', proofs: ['authenticated', 'role:admin'], guards: ['admin'] })
  })
  it('that makes the client of a module, and another that finds it made so', () => {
    const source = `import { betterAuth } from 'better-auth'
import { anonymous } from 'better-auth/plugins'
let kept: any
async function make() {\n${long}
const started = Date.now()
return betterAuth({ plugins: [anonymous({ onLinkAccount: () => console.log(started) })], hooks: { before: async () => started } }) }
async function client() { if (!kept) kept = await make(); return kept }
const signedIn = async () => { const session = await (await client()).api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error() }
${fn('a', `await signedIn(); ${work}`)}${fn('b', `await signedIn(); ${work}`)}`
    const open = { verdict: 'unguarded', cause: 'anonymousSession' }
    expect(ask(source)).toMatchObject({ a: open, b: open })
  })
  it('that refuses in two ways, and whose denial is caught', () => {
    const check = helper(
      'check()',
      `${session} if (!session) throw new Error(); if (!session.user.email) throw new Error()`,
    )
    const caught = `try { await check() } catch { console.log('go on') } ${work}`
    const source = `${check}${fn('a', caught)}${fn('b', caught)}`
    const open = { verdict: 'unguarded', cause: 'swallowed' }
    expect(ask(source)).toMatchObject({ a: open, b: open })
  })
  it('that works on the way of one failure only, before a check and after it', () => {
    const load = helper('load(data: any)', `if (data.broken) { ${work} throw new TypeError() } return data`)
    const source = `${load}${must}${fn('a', `await load(data); await must(); ${work}`)}${fn('b', `await load(data); await must(); ${work}`)}`
    const open = { verdict: 'unguarded', cause: 'noGuard' }
    expect(ask(source)).toMatchObject({ a: open, b: open })
  })
  it('that is asked a second time where it is no longer new, and by itself', () => {
    const source = `let count = 0
${helper('must()', `count = count + 1; ${session} if (!session) throw new Error(); return count`)}
${fn('a', `await must(); await must(); ${work}`)}
${fn('b', `count = 1; await must(); ${work}`)}`
    const answers = ask(source)
    expect(answers.b).toMatchObject({ verdict: 'guarded', proofs: ['authenticated'], guards: ['must'] })
  })
  it('behind a role, and behind a bare session', () => {
    const source = `${record}${must}${fn('a', `const user = await must(); if (user.role !== 'admin') throw new Error(); await record(data)`)}${fn('b', 'await must(); await record(data)')}`
    const answers = ask(source)
    expect(answers.a?.proofs).toContain('role:admin')
    expect(answers.b?.proofs).toEqual(['authenticated'])
  })
})

describe('what a module keeps between requests', () => {
  const kept = (first: string, body: string): string => `${first}\n${handler(body)}`
  guarded({
    'settings that are read once, by a long helper': kept(
      `let config: any = null\nfunction settings() { if (config) return config; ${long}; config = { role: process.env.ROLE }; return config }`,
      `settings(); ${session} if (!session) throw new Error(); settings(); ${work}`,
    ),
    'a client that a test may replace': kept(
      `let client: any\nexport function setClient(c: any) { client = c }\nfunction theDb() { client ??= db; return client }`,
      `${session} if (!session) throw new Error(); await theDb().delete(invoices)`,
    ),
  })
  unguarded({
    'that the check was made once': kept(
      'let checked = false',
      `if (!checked) { ${session} if (!session) throw new Error(); checked = true } ${work}`,
    ),
    'the session of whoever came first': kept(
      `let kept: any = null\nasync function current() { if (kept) return kept; kept = await auth.api.getSession({ headers: getRequest().headers }); return kept }`,
      `const s = await current(); if (!s) throw new Error(); ${work}`,
    ),
    'a user that an object of the module has kept': kept(
      `const store: any = { user: null }\n${helper('load()', `${session} if (session) store.user = session.user`)}`,
      `await load(); store.user ??= { id: 'guest' }; if (!store.user) throw new Error(); ${work}`,
    ),
    'work of a helper that refuses to run in some environment only': kept(
      `async function save(data: any) { if (process.env.READ_ONLY === '1') throw new Error(); ${work} }`,
      'await save(data)',
    ),
  })

  it('a helper that asks a variable which each entry point sets', () => {
    const source = `let open = false
${helper('must()', `${session} if (!session && !open) throw new Error()`)}
${fn('a', `open = false; await must(); ${work}`)}
${fn('b', `open = true; await must(); ${work}`)}
${fn('c', `open = false; await must(); ${work}`)}
${fn('d', `await must(); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded', c: 'guarded', d: 'unguarded' })
  })
  it('a helper that asks an object within an object of the module', () => {
    const source = `const store: any = { current: { user: null } }
${helper('load()', `${session} store.current.user = session?.user ?? null`)}
${helper('must()', `if (!store.current.user) throw new Error()`)}
${fn('a', `await load(); await must(); ${work}`)}
${fn('b', `await load(); store.current.user = { id: 'guest' }; await must(); ${work}`)}
${fn('c', `await load(); store.current = { user: { id: 'guest' } }; await must(); ${work}`)}
${fn('d', `await load(); await must(); ${work}`)}`
    expect(verdictsOf(source)).toMatchObject({ a: 'guarded', b: 'unguarded', c: 'unguarded', d: 'guarded' })
  })
  const who = `const who = async () => { ${session} return session?.user ?? null }`
  it('a helper that asks the older of two objects that were made alike', () => {
    const source = `${who}
let older: any = null
let younger: any = null
const make = () => ({ user: null as any })
const fill = () => { younger = make(); older = younger; younger = make() }
${helper('must()', `if (!older.user) throw new Error()`)}
${fn('a', `fill(); older.user = await who(); await must(); ${work}`)}
${fn('b', `fill(); younger.user = await who(); older.user = { id: 'guest' }; await must(); ${work}`)}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('a helper that asks an object which was changed on one path, and kept by the module on the other', () => {
    const kept = (path: string): string =>
      `const user: any = await who(); const one: any = { user }; if (data.x) { ${path} } else { store.one = one } store.one = one; await must(); ${work}`
    const source = `${who}
const store: any = { one: null }
${helper('must()', `if (!store.one.user) throw new Error()`)}
${fn('a', kept('console.log(1)'))}
${fn('b', kept(`one.user = { id: 'guest' }`))}`
    expect(verdictsOf(source)).toEqual({ a: 'guarded', b: 'unguarded' })
  })
  it('a helper that many calls ask, while something else changes', () => {
    const source = `let settings: any = null
let count = 0
${helper('read()', `settings ??= { name: process.env.NAME }; return settings`)}
${fn('a', `${'count = count + 1; await read(); '.repeat(400)} ${session} if (!session) throw new Error(); ${work}`)}`
    // followed anew each time it would be too large to follow to its end
    expect(verdictsOf(source)).toEqual({ a: 'guarded' })
  })

  it('a helper whose outcome hangs on what another call has left in an object', () => {
    const source = `const store: any = { user: null }
${helper('load()', `${session} store.user = session?.user ?? null`)}
${helper('guest()', `store.user = { id: 'guest' }`)}
${helper('must()', `if (!store.user) throw new Error()`)}
${fn('a', `await load(); await must(); ${work}`)}
${fn('b', `await guest(); await must(); ${work}`)}
${fn('c', `await load(); await must(); ${work}`)}`
    expect(verdictsOf(source)).toMatchObject({ a: 'guarded', b: 'unguarded', c: 'guarded' })
  })
})

describe('an entry point that is too large', () => {
  const helpers = helper('step(of: number)', 'return of')
  const calls = (count: number): string =>
    Array.from({ length: count }, (_, i) => `await step(${String(i)})`).join('; ')
  const act = (name: string, count: number): string =>
    fn(name, `${calls(count)}; ${session} if (!session) throw new Error(); ${work}`)
  const reasonOf = (source: string, name: string): string => {
    const { verdict, reason } = ask(helpers + source)[name]!
    return reason ?? verdict
  }
  const tooLarge = 'too large to follow to its end'

  it.each([
    [300, 'guarded'],
    [700, tooLarge],
  ])('calls of %i helpers: %s', (count, expected) => {
    expect(reasonOf(act('b', count), 'b')).toBe(expected)
  })

  // between these two
  it.each([350, 400, 450, 500, 550, 600, 650])('is given up whatever was looked at before: %i helpers', (count) => {
    const alone = reasonOf(act('b', count), 'b')
    expect(reasonOf(act('a', count) + act('b', count), 'b')).toBe(alone)
    expect(reasonOf(act('a', count - 20) + act('b', count), 'b')).toBe(alone)
  })
})
