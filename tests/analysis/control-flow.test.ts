import { describe, expect, it } from 'vitest'
import { act, cases, guarded, handler, requireUser, session, unguarded, work } from './harness.ts'

const read = 'const rows = await db.select().from(invoices)\n'

describe('await', () => {
  const withHelper = (body: string): readonly [string, Readonly<Record<string, string>>] => [
    `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(body)}`,
    {},
  ]
  guarded({
    'the check is awaited': withHelper(`await requireUser(); ${work}`),
    'the promise is kept and awaited before the work': withHelper(
      `const pending = requireUser(); await later(1); await pending; ${work}`,
    ),
    'the check is awaited with others in Promise.all': withHelper(
      `await Promise.all([requireUser(), later(1)]); ${work}`,
    ),
    'the work is chained behind the check with then': withHelper(
      `return requireUser().then(() => db.insert(invoices).values(data))`,
    ),
    'the check is returned from an arrow that is awaited': withHelper(
      `const check = () => requireUser(); await check(); ${work}`,
    ),
    'a predicate is awaited and tested': withHelper(`if (!(await isSignedIn())) throw new Error(); ${work}`),
    'a result of Promise.all is tested': withHelper(
      `const [ok] = await Promise.all([isSignedIn(), later(1)]); if (!ok) throw new Error(); ${work}`,
    ),
    'the result of allSettled is tested': withHelper(
      `const [r] = await Promise.allSettled([requireUser()]); if (r.status === 'rejected') throw new Error(); ${work}`,
    ),
    'catch on the check throws again': withHelper(
      `await requireUser().catch(() => { throw new Error('401') }); ${work}`,
    ),
    'catch on the check gives null, which is tested': withHelper(
      `const user = await requireUser().catch(() => null); if (!user) return null; ${work}`,
    ),
    'finally on the check keeps the denial': withHelper(
      `await requireUser().finally(() => console.log('done')); ${work}`,
    ),
  })
  unguarded(
    {
      'the check is not awaited': withHelper(`requireUser(); ${work}`),
      'the predicate is not awaited': withHelper(`if (!isSignedIn()) throw new Error(); ${work}`),
    },
    'notAwaited',
  )
  unguarded({
    'the promise is awaited after the work': withHelper(`const pending = requireUser(); ${work} await pending`),
    'the check and the work run side by side in Promise.all': withHelper(
      `await Promise.all([requireUser(), db.insert(invoices).values(data)])`,
    ),
    'allSettled swallows the denial': withHelper(`await Promise.allSettled([requireUser()]); ${work}`),
    'catch on the check swallows the denial': withHelper(`await requireUser().catch(() => null); ${work}`),
    'catch on the check only logs': withHelper(`await requireUser().catch(console.error); ${work}`),
    'the second argument of then swallows the denial': withHelper(
      `await requireUser().then((user) => user, () => undefined); ${work}`,
    ),
    'the check runs in a timer': withHelper(`setTimeout(() => requireUser(), 0); ${work}`),
    'the check runs for the elements of an unknown list': withHelper(
      `for (const id of data.ids) await requireUser(); ${work}`,
    ),
    'the check runs in an un-awaited map': withHelper(`[1].map(async () => { await requireUser() }); ${work}`),
    'the check runs in an async forEach': withHelper(`[1].forEach(async () => { await requireUser() }); ${work}`),
    'an async function that throws is called without await in a middleware-like helper': withHelper(
      `const guard = async () => { requireUser() }; await guard(); ${work}`,
    ),
    'Promise.race lets the other promise win': withHelper(`await Promise.race([requireUser(), later(1)]); ${work}`),
    'Promise.any lets the other promise win': withHelper(`await Promise.any([requireUser(), later(1)]); ${work}`),
  })
  cases(
    { cause: 'notAwaited', verdict: 'unguarded' },
    {
      'void instead of await': `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(`void requireUser(); ${work}`)}`,
      'the promise is kept and never awaited': `${requireUser}
     async function isSignedIn() { ${session} return Boolean(session) }
     const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
     ${handler(`const pending = requireUser(); ${work}`)}`,
    },
  )
})

describe('try, catch, finally', () => {
  guarded({
    'the guard and the work stand in one try': `try { ${session} if (!session) throw new Error(); ${work} } catch { return null }`,
    'the catch throws again': `${session} try { if (!session) throw new Error() } catch (e) { throw e } ${work}`,
    'the catch throws something else': `${session} try { if (!session) throw new Error() } catch { throw redirect({ to: '/login' }) } ${work}`,
    'the catch answers with a Response': `${session} try { if (!session) throw new Error() } catch { return new Response(null, { status: 401 }) } ${work}`,
    'the catch answers with an error object': `${session} try { if (!session) throw new Error() } catch (e) { return { error: String(e) } } ${work}`,
    'the catch logs and throws again': `${session} try { if (!session) throw new Error() } catch (e) { console.error(e); throw e } ${work}`,
    'an error of the lookup ends in null, which is refused': `let session = null; try { session = await auth.api.getSession({ headers: getRequestHeaders() }) } catch {} if (!session) throw new Error(); ${work}`,
    'a finally does not swallow': `${session} try { if (!session) throw new Error() } finally { console.log('done') } ${work}`,
    'a return in the try ends the handler': `${session} try { if (!session) return null } catch {} ${work}`,
    'the inner try swallows and an outer test refuses': `${session} let ok = false; try { if (!session) throw new Error(); ok = true } catch {} if (!ok) throw new Error(); ${work}`,
    'the catch is for errors of the input': `${session} if (!session) throw new Error(); try { JSON.parse(data.text) } catch {} ${work}`,
  })
  unguarded(
    {
      'an empty catch': `${session} try { if (!session) throw new Error() } catch {} ${work}`,
      'a catch that logs': `${session} try { if (!session) throw new Error() } catch (e) { console.error(e) } ${work}`,
      'a catch that rethrows some errors': `${session} try { if (!session) throw new Error() } catch (e) { if (data.strict) throw e } ${work}`,
    },
    'swallowed',
  )
  unguarded({
    'the helper swallows its own denial': [
      `async function check() { ${session} try { if (!session) throw new Error() } catch (e) { console.error(e) } }
       ${handler(`await check(); ${work}`)}`,
      {},
    ],
    'the catch rethrows redirects only, and the denial is an error': `${session} try { if (!session) throw new Error() } catch (e) { if (e instanceof Response) throw e } ${work}`,
    'the lookup throws and the catch keeps a guest': `let user: any = { id: 'guest' }; try { ${session} if (session) user = session.user } catch {} if (!user) throw new Error(); ${work}`,
  })
})

describe('loops', () => {
  guarded({
    'the check before a loop': `${session} if (!session) throw new Error(); for (const id of data.ids) { ${work} }`,
    'the check inside the loop before the work inside the loop': `${session} for (const id of data.ids) { if (!session) throw new Error(); ${work} }`,
    'a do-while runs once': `${session} do { if (!session) throw new Error() } while (data.more); ${work}`,
    'an endless loop is left only by the signed-in': `${session} for (;;) { if (!session) throw new Error(); break } ${work}`,
    'continue skips the work of the anonymous': `${session} for (const id of data.ids) { if (!session) continue; ${work} }`,
    'a labelled continue skips the work': `${session} outer: for (const a of data.as) { for (const b of data.bs) { if (!session) continue outer; ${work} } }`,
    'a loop over a known list': `${session} for (const value of [session]) { if (!value) throw new Error() } ${work}`,
  })
  unguarded({
    'the check stands in a loop that may not run': `${session} for (const id of data.ids) { if (!session) throw new Error() } ${work}`,
    'the check stands in a while that may not run': `${session} let i = data.n; while (i-- > 0) { if (!session) throw new Error() } ${work}`,
    'break leaves the loop before the check': `${session} for (const id of data.ids) { if (!session) break; } ${work}`,
    'the check stands behind a break': `${session} for (;;) { if (data.skip) break; if (!session) throw new Error(); break } ${work}`,
    'the check runs over the keys of the input': `${session} for (const key in data) { if (!session) throw new Error() } ${work}`,
    'the check runs in every() of an unknown list': `${session} data.ids.every(() => { if (!session) throw new Error(); return true }); ${work}`,
    'the work of the second round comes before the check': `${session} let first = true; for (const id of data.ids) { if (!first) { ${work} } first = false } if (!session) throw new Error()`,
  })
  guarded({
    'a while that only signed-in callers leave': `${session} while (!session) { throw new Error() } ${work}`,
  })
  unguarded({
    'a flag of the inner loop': `for (const a of data.as) { let ok = false; for (const b of a.bs) { if (ok) { ${work} } ok = true } }`,
    'a flag of a loop in a helper that a loop calls': `async function run(bs: any[], data: any) { let ok = false; for (const b of bs) { if (ok) { ${work} } ok = true } } ${handler('for (const a of data.as) await run(a.bs, data)')}`,
    'a flag of a while in a while': `let i = data.n; while (i-- > 0) { let last: any = null; let j = data.m; while (j-- > 0) { if (last) { ${work} } last = { j } } }`,
  })
})

describe('order', () => {
  unguarded(
    {
      'the check after the write': `${work} ${session} if (!session) throw new Error()`,
      'the answer is refused after the write': `const row = await db.insert(invoices).values(data).returning(); ${session} if (!session) return null; return row`,
    },
    'tooLate',
  )
  unguarded({
    'the write is started before the check and awaited after it': `const write = db.insert(invoices).values(data).execute(); ${session} if (!session) throw new Error(); await write`,
    'a raw write before a check that reads its result': `const row = await db.delete(invoices).where(eq(invoices.id, data.id)).returning(); ${session} if (row[0].ownerId !== session?.user.id) throw new Error()`,
    'the read is answered in the denial': `${read} ${session} if (!session) return rows; return null`,
  })
  guarded({
    'fetch, then compare the owner': `const [row] = await db.select().from(invoices).where(eq(invoices.id, data.id)); ${session} if (row.ownerId !== session?.user.id) throw new Error(); await db.update(invoices).set(data).where(eq(invoices.id, row.id))`,
    'fetch, then check the session and the owner at once': `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); ${session} if (!session || row?.ownerId !== session.user.id) throw notFound(); await db.delete(invoices).where(eq(invoices.id, data.id)); return row`,
    'a read that is answered only after the check': `${read} ${session} if (!session) throw new Error(); return rows`,
    'the audit record of a denial': `${session} if (!session) { await db.insert(logs).values({ what: 'denied' }); throw new Error() } ${work}`,
    'the audit record of a denial in a helper': [
      `async function deny() { await db.insert(logs).values({ what: 'denied' }); throw new Error() }
       ${handler(`${session} if (!session) await deny(); ${work}`)}`,
      {},
    ],
    'the audit record of a denial that is returned': `${session} if (!session) { await db.insert(logs).values({ what: 'denied' }); return new Response(null, { status: 401 }) } ${work}`,
    'the record of a failure in the catch, which answers with an error object': `try { ${session} if (!session) throw new Error(); ${work} } catch (e) { await db.insert(logs).values({ what: String(e), data }); return { ok: false } }`,
    'the record of a failure in the catch, which answers with a Response': `try { ${session} if (!session) throw new Error(); ${work} } catch { await db.insert(logs).values(data); return new Response(null, { status: 500 }) }`,
    'the audit record in the catch of a promise, which throws again': `${requireUser} ${handler(`await requireUser().catch(async (e) => { await db.insert(logs).values({ what: e.message, data }); throw e }); ${work}`)}`,
    'the audit record in the catch of a denial that is thrown again': `${session} try { if (!session) throw new Error() } catch (e) { await db.insert(logs).values({ what: 'denied' }); throw e } ${work}`,
  })
})

describe('work that the anonymous reach in a branch, a catch or a finally', () => {
  unguarded({
    'the handler ends with a thrown redirect': `export const soft = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) return next({ context: { user: null } }); return next({ context: { user: session.user } }) })
 ${handler(`${work} throw redirect({ to: '/done' })`, '.middleware([soft])')}`,
    'the lookup of a helper returns early and the handler ends with a thrown redirect': `async function kind() { ${session} if (!session) return 'guest'; return 'user' } ${handler(`const k = await kind(); ${work} throw redirect({ to: '/done' })`)}`,
    'a middleware whose catch goes on without a user': `${requireUser} export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { try { const user = await requireUser(); return await next({ context: { user } }) } catch { return next({ context: { user: null } }) } })
 ${handler(work, '.middleware([m])')}`,
    'a wrapper whose catch runs the handler without a user': `${requireUser} const withUser = (fn: any) => async (args: any) => { try { return await fn({ ...args, user: await requireUser() }) } catch { return fn({ ...args, user: null }) } }
export const act = createServerFn().handler(withUser(async ({ data }: any) => { ${work} }))`,
    'a runner that runs the callback on an error as well': `async function asUser(run: any) { try { ${session} if (!session) throw new Error(); return await run(session.user) } catch { return run(null) } } ${handler(`return asUser(async () => { ${work} })`)}`,
    'next() in the branch of the anonymous': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { ${session} if (!session) { await next(); throw new Error() } return next() })
 ${handler(work, '.middleware([m])')}`,
    'next() in a finally': `export const m = createMiddleware({ type: 'function' }).server(async ({ next, context, data }) => { try { ${session} if (!session) throw new Error() } finally { return next() } })
 ${handler(work, '.middleware([m])')}`,
    'a return in the finally drops the denial of a helper': `async function check() { try { ${session} if (!session) throw new Error() } finally { return true } }
       ${handler(`await check(); ${work}`)}`,
    'a break in the finally drops the denial': `${session} for (;;) { try { if (!session) throw new Error() } finally { break } } ${work}`,
    'the catch of a denial does the work': `${session} try { if (!session) throw new Error() } catch { ${work} }`,
    'the catch of a denial answers with rows': `${session} try { if (!session) throw new Error(); return null } catch { return db.select().from(invoices) }`,
    'the finally of a denial does the work': `${session} try { if (!session) throw new Error() } finally { ${work} }`,
    'next() in a timer': `export const m = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (!session) { setTimeout(() => next(), 0); throw new Error() } return next() })
 ${handler(work, '.middleware([m])')}`,
  })
})

describe('jumps out of a catch, and labelled continue', () => {
  unguarded({
    'continue in the catch': `${session} for (const x of [1]) { try { if (!session) throw new Error() } catch { continue } } ${work}`,
    'break in the catch': `${session} for (const x of [1]) { try { if (!session) throw new Error() } catch { break } } ${work}`,
    'a helper whose catch returns null, which nobody tests': `${requireUser} async function maybeUser() { try { return await requireUser() } catch { return null } } ${handler(`await maybeUser(); ${work}`)}`,
    'a helper whose catch returns a guest': `${requireUser} async function maybeUser() { try { return await requireUser() } catch { return { id: 'guest' } } } ${handler(`const user = await maybeUser(); if (!user) throw new Error(); ${work}`)}`,
    'a helper whose catch returns false, tested the wrong way': `${requireUser} async function ok() { try { await requireUser(); return true } catch { return false } } ${handler(`if (await ok()) return null; ${work}`)}`,
    'a helper that returns early in the branch of the anonymous, before a thrown redirect': `async function track() { ${session} if (!session) return; console.log(session.user.id) } ${handler(`await track(); ${work} throw redirect({ to: '/done' })`)}`,
    'a labelled continue before the check': `${session} a: for (const x of [1]) { if (data.k) continue a; if (!session) throw new Error() } ${work}`,
  })
})

describe('cases that were once wrong', () => {
  cases('guarded', {
    'a helper whose catch returns null, which is tested': `${requireUser} async function maybeUser() { try { return await requireUser() } catch { return null } } ${handler(`const user = await maybeUser(); if (!user) throw new Error(); ${work}`)}`,
  })
})

describe('what is made on one of two paths', () => {
  it('and kept for the other one is followed', () => {
    const store = `class Store { async list() { return db.select().from(invoices) } }\nlet kept: Store | undefined\nconst store = () => (kept ??= new Store())\n`
    const { effects } = act(
      `${store}${handler(`if (process.env.EARLY) store(); const all = await store().list(); ${session} if (!session) throw new Error(); ${work} return all`)}`,
    )
    expect(new Set(effects)).toEqual(new Set(['reads `invoices`', 'writes `invoices`']))
  })
  const asked = `const who = async () => { const box: any = {}; if (data.a) console.log(1); box.denied = !session; return box }`
  guarded({
    'an object that is changed after it was made': handler(
      `${session} ${asked}; const box = data.x ? await who() : await who(); if (box.denied) throw new Error(); ${work}`,
    ),
  })
  unguarded({
    'an object of a module that one path alone looks at': `const store: any = { user: { id: 'guest' } }\n${handler(`${session} if (data.x) { if (data.y) console.log(1); store.user = session?.user ?? null } if (!store.user) throw new Error(); ${work}`)}`,
    'a binding of a module that one path alone looks at': `let user: any = { id: 'guest' }\nexport const reset = () => { user = { id: 'guest' } }\n${handler(`${session} if (data.x) { if (data.y) console.log(1); user = session?.user ?? null } if (!user) throw new Error(); ${work}`)}`,
    'a binding of a module that holds nothing at first': `let refused: any\n${handler(`${session} if (data.x) refused = !session; if (refused) throw new Error(); ${work}`)}`,
    'an object that was there before': handler(
      `${session} const box: any = { user: { id: 'guest' } }; if (data.x) { if (data.y) console.log(1); box.user = session?.user ?? null } if (!box.user) throw new Error(); ${work}`,
    ),
    'a binding that was there before': handler(
      `${session} let user: any = { id: 'guest' }; const take = () => { user = session?.user ?? null }; if (data.x) { if (data.y) console.log(1); take() } if (!user) throw new Error(); ${work}`,
    ),
  })
})
