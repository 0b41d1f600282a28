import { describe, expect, it } from 'vitest'
import { addAwait } from '../../src/suggestions/add-await.ts'
import { deliverDenial } from '../../src/suggestions/deliver-denial.ts'
import { refuseNull } from '../../src/suggestions/refuse-null.ts'
import { testResult } from '../../src/suggestions/test-result.ts'
import { rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

describe('addAwait', () => {
  const awaiting = (code: string, call = 'check()') =>
    applied(code, addAwait(sourceOf(code), rangesOf(code)(call), 'the check')?.edits)

  it.each([
    'data.forEach(async () => { await check() })',
    'setTimeout(async () => { await check() }, 0)',
    'globalThis.queueMicrotask(async () => { await check() })',
  ])('leaves what gives no promise: %s', (call) => {
    expect(awaiting(`f.handler(async () => { ${call} })`, call)).toBeUndefined()
  })

  it('waits for all of a list', () => {
    const call = 'data.map(async () => { await check() })'
    expect(awaiting(`f.handler(async () => { ${call} })`, call)).toBe(
      `f.handler(async () => { await Promise.all(${call}) })`,
    )
  })

  it('waits for the promise that a function makes of another', () => {
    const call = 'locked(async () => { await check() })'
    expect(awaiting(`f.handler(async () => { ${call} })`, call)).toBe(`f.handler(async () => { await ${call} })`)
  })

  it('waits in an async handler', () => {
    expect(awaiting('f.handler(async () => { check(); work() })')).toBe(
      'f.handler(async () => { await check(); work() })',
    )
  })

  it('takes the range of the statement too', () => {
    expect(awaiting('f.handler(async () => { check(); work() })', 'check();')).toBe(
      'f.handler(async () => { await check(); work() })',
    )
  })

  it('makes an arrow function async', () => {
    expect(awaiting('f.handler(({ data }) => {\n  check()\n})')).toBe(
      'f.handler(async ({ data }) => {\n  await check()\n})',
    )
  })

  it('makes a function expression async', () => {
    expect(awaiting('f.handler(function () { check() })')).toBe('f.handler(async function () { await check() })')
  })

  it('makes a method of the handlers async', () => {
    expect(awaiting('const handlers = { GET() { check() } }')).toBe(
      'const handlers = { async GET() { await check() } }',
    )
  })

  it('makes a named handler async', () => {
    expect(awaiting('function remove() { check() }\nf.handler(remove)')).toBe(
      'async function remove() { await check() }\nf.handler(remove)',
    )
  })

  it('makes a middleware async', () => {
    expect(awaiting('m.server(({ next }) => { check(); return next() })')).toBe(
      'm.server(async ({ next }) => { await check(); return next() })',
    )
  })

  it('promises what the function returns', () => {
    expect(awaiting('f.handler((): string => { check(); return "" })')).toBe(
      'f.handler(async (): Promise<string> => { await check(); return "" })',
    )
  })

  it('keeps the promise that is written', () => {
    expect(awaiting('f.handler((): Promise<void> => { check() })')).toBe(
      'f.handler(async (): Promise<void> => { await check() })',
    )
  })

  it('brackets where a member follows', () => {
    expect(awaiting('f.handler(async () => check().user)')).toBe('f.handler(async () => (await check()).user)')
  })

  it('waits in a test', () => {
    expect(awaiting('f.handler(async () => { if (!check()) return })')).toBe(
      'f.handler(async () => { if (!await check()) return })',
    )
  })

  it('replaces `void`', () => {
    expect(awaiting('f.handler(async () => { void check() })')).toBe('f.handler(async () => { await check() })')
  })

  it.each([
    ['f.handler(async () => check()())', 'f.handler(async () => (await check())())'],
    ['f.handler(async () => check()!)', 'f.handler(async () => (await check())!)'],
    ['f.handler(async () => check() ** 2)', 'f.handler(async () => (await check()) ** 2)'],
    ['f.handler(async () => check()?.user)', 'f.handler(async () => (await check())?.user)'],
    ['f.handler(async () => (check()).user)', 'f.handler(async () => ((await check())).user)'],
    ['f.handler(async () => check() as User)', 'f.handler(async () => await check() as User)'],
    ['f.handler(async () => check() === 1)', 'f.handler(async () => await check() === 1)'],
  ])('binds as it should: %s', (code, output) => {
    expect(awaiting(code)).toBe(output)
  })

  it.each([
    'f.handler(async (a = check()) => a)',
    'f.handler(async () => class { a = check() })',
    'f.handler(async () => { void (check()) })',
    'f.handler(async () => { await check() })',
    'check()',
    'const o = { get a() { return check() } }',
  ])('is not offered where it cannot stand: %s', (code) => {
    expect(awaiting(code)).toBeUndefined()
  })

  it('is not offered for a promise that is handled', () => {
    expect(awaiting('f.handler(async () => { check().catch(log) })')).toBeUndefined()
  })

  it('is not offered inside of a callback, which nobody waits for', () => {
    expect(awaiting('f.handler(async () => { ids.forEach(async (id) => { check() }) })')).toBeUndefined()
  })

  it('is not offered in a helper that is not async: who calls it would not wait', () => {
    expect(awaiting('function deny() { check() }\nf.handler(() => { deny() })')).toBeUndefined()
  })

  it('is not offered in a generator', () => {
    expect(awaiting('f.handler(function* () { check() })')).toBeUndefined()
  })
})

describe('testResult', () => {
  const tested = (code: string, call: string, member?: string) =>
    applied(code, testResult(sourceOf(code), rangesOf(code)(call), 'the check', member)?.edits)

  it.each([
    ['await can(a)', "if (!(await can(a)).success) throw new Error('Unauthorized')"],
    [
      'const answer = await can(a)',
      "const answer = await can(a)\n  if (!answer.success) throw new Error('Unauthorized')",
    ],
    [
      'const { success } = await can(a)',
      "const { success } = await can(a)\n  if (!success) throw new Error('Unauthorized')",
    ],
  ])('asks the property that says yes or no: %s', (statement, expected) => {
    const code = (body: string): string => `import a from 'a'\nasync function f() {\n  ${body}\n}\n`
    expect(tested(code(statement), 'can(a)', 'success')).toBe(code(expected))
  })

  it.each([
    [
      'const mine = await can(a); work()',
      "const mine = await can(a); if (!mine) throw new Error('Unauthorized'); work()",
    ],
    ['const mine = await can(a)', "const mine = await can(a); if (!mine) throw new Error('Unauthorized')"],
  ])('stays on the line of others: %s', (body, expected) => {
    const code = (text: string): string => `import a from 'a'\nasync function f() { ${text} }\n`
    expect(tested(code(body), 'can(a)')).toBe(code(expected))
  })

  it('ends where the next line would go on', () => {
    const code = (test: string): string =>
      `import a from 'a'\nasync function f() {\n  const b = can(a);${test}\n  [b].map(work)\n}\n`
    expect(tested(code(''), 'can(a)')).toBe(code("\n  if (!b) throw new Error('Unauthorized');"))
  })

  it('says that there is no such page', () => {
    const code = (test: string): string =>
      `import a from 'a'\nexport const getServerSideProps = async () => {\n  const b = await can(a)${test}\n}\n`
    expect(tested(code(''), 'can(a)')).toBe(code('\n  if (!b) return { notFound: true }'))
  })

  it('throws when an awaited answer is no', () => {
    expect(tested("import a from 'a'\nasync function f() {\n  await can(a)\n}\n", 'can(a)')).toBe(
      "import a from 'a'\nasync function f() {\n  if (!(await can(a))) throw new Error('Unauthorized')\n}\n",
    )
  })

  it('throws when a plain answer is no, and keeps the semicolon', () => {
    expect(tested('import a from "a";\nfunction f() { can(a); }', 'can(a)')).toBe(
      'import a from "a";\nfunction f() { if (!can(a)) throw new Error("Unauthorized"); }',
    )
  })

  it('tests the variable below its declaration', () => {
    expect(
      tested("import a from 'a'\nasync function f() {\n  const session = await read(a)\n  work()\n}", 'await read(a)'),
    ).toBe(
      "import a from 'a'\nasync function f() {\n  const session = await read(a)\n  if (!session) throw new Error('Unauthorized')\n  work()\n}",
    )
  })

  it('keeps tabs, CRLF, semicolons and the comment behind the declaration', () => {
    expect(
      tested(
        'import a from "a";\r\nasync function f() {\r\n\tconst s = await read(a); // who\r\n\twork();\r\n}',
        'read(a)',
      ),
    ).toBe(
      'import a from "a";\r\nasync function f() {\r\n\tconst s = await read(a); // who\r\n\tif (!s) throw new Error("Unauthorized");\r\n\twork();\r\n}',
    )
  })

  it('tests what is taken out of the answer', () => {
    expect(tested('async function f() {\n  const { data: session } = await read()\n}', 'read()')).toContain(
      'if (!session)',
    )
  })

  it('looks into nested patterns', () => {
    expect(tested('async function f() {\n  const { data: { user } } = await read()\n}', 'read()')).toContain(
      'if (!user)',
    )
  })

  it('tests a variable that is assigned', () => {
    expect(tested('async function f() {\n  let s\n  s = await read()\n}', 'read()')).toContain(
      's = await read()\n  if (!s)',
    )
  })

  it('is not offered where two names are taken out of the answer', () => {
    expect(tested('async function f() {\n  const { user, error } = await read()\n}', 'read()')).toBeUndefined()
  })

  it('is not offered where the call is part of something else', () => {
    expect(tested('async function f() {\n  log(await can())\n}', 'can()')).toBeUndefined()
  })

  it('is not offered in brackets', () => {
    expect(tested('async function f() {\n  ;(await can())\n}', 'can()')).toBeUndefined()
  })

  it('is not offered where the statement has no braces around it', () => {
    expect(tested('function f() {\n  if (a) can()\n  else b()\n}', 'can()')).toBeUndefined()
  })
})

describe('deliverDenial', () => {
  const delivered = (code: string, denial: string) => {
    const suggestion = deliverDenial(sourceOf(code), rangesOf(code)(denial), 'the refusal')
    return { id: suggestion?.id, code: applied(code, suggestion?.edits) }
  }

  it('throws a redirect', () => {
    expect(delivered("function f() { if (!s) redirect({ to: '/' }) }", "redirect({ to: '/' })")).toEqual({
      id: 'throwDenial',
      code: "function f() { if (!s) throw redirect({ to: '/' }) }",
    })
  })

  it('throws an error', () => {
    expect(delivered("function f() { if (!s) { new Error('no'); } }", "new Error('no')").code).toContain(
      "throw new Error('no');",
    )
  })

  it('returns a response', () => {
    expect(
      delivered('function f() { if (!s) new Response(null, { status: 401 }) }', 'new Response(null, { status: 401 })'),
    ).toEqual({
      id: 'returnDenial',
      code: 'function f() { if (!s) return new Response(null, { status: 401 }) }',
    })
  })

  it('returns a JSON response', () => {
    expect(delivered('function f() { if (!s) Response.json({}, init) }', 'Response.json({}, init)').id).toBe(
      'returnDenial',
    )
  })

  it('makes a statement of `&&`', () => {
    expect(delivered('function f() { !s && redirect(x) }', 'redirect(x)').code).toBe(
      'function f() { if (!s) throw redirect(x) }',
    )
  })

  it('makes a statement of `||`', () => {
    expect(delivered('function f() { s || redirect(x) }', 'redirect(x)').code).toBe(
      'function f() { if (!(s)) throw redirect(x) }',
    )
  })

  it('throws what is awaited', () => {
    expect(delivered('async function f() { await redirect(x) }', 'redirect(x)').code).toBe(
      'async function f() { throw await redirect(x) }',
    )
  })

  it.each([
    'function f() { (redirect(x)) }',
    'function f() { !s && (redirect(x)) }',
    'function f() { s ?? redirect(x) }',
    'function f() { if (a) s || redirect(x); else b() }',
    'function f() { log(redirect(x)) }',
    'const f = () => redirect(x)',
  ])('is not offered where it would mean something else: %s', (code) => {
    expect(delivered(code, 'redirect(x)').code).toBeUndefined()
  })

  it('is not offered where the refusal is kept', () => {
    expect(delivered('function f() { const r = redirect(x) }', 'redirect(x)').code).toBeUndefined()
  })
})

describe('refuseNull', () => {
  const refusing = (test: string) => {
    const code = `if (${test}) throw new Error('no')`
    const output = applied(code, refuseNull(sourceOf(code), rangesOf(code)(test))?.edits)
    return output?.slice(4, output.indexOf(') throw'))
  }

  it.each([
    ["session && session.role !== 'admin'", "session?.role !== 'admin'"],
    ["session && session.user.role != 'admin'", "session?.user.role != 'admin'"],
    ["session && session.user && session.user.role !== 'admin'", "session?.user?.role !== 'admin'"],
    ["session && session['role'] !== 'admin'", "session?.['role'] !== 'admin'"],
    ["session?.user && session.user.role !== 'admin'", undefined],
    ["session && session?.role !== 'admin'", "session?.role !== 'admin'"],
    ["!!session && session.role !== 'admin'", "session?.role !== 'admin'"],
    ["session != null && session.role !== 'admin'", "session?.role !== 'admin'"],
    ['session && !session.isAdmin', '!session?.isAdmin'],
    ['session && session.user !== undefined', undefined],
    ['session && session.user !== null', undefined],
    ["session && other.role !== 'admin'", undefined],
    ["sess && session.role !== 'admin'", undefined],
    ["session && (session.role !== 'admin')", undefined],
    ["(session) && session.role !== 'admin'", "session?.role !== 'admin'"],
    ["session && session.role !== 'admin' && more", undefined],
    ['session && session?.user.role != role', 'session?.user.role != role'],
    ['session && session.banned', undefined],
    ["session || session.role !== 'admin'", undefined],
  ])('%s becomes %s', (test, output) => {
    expect(refusing(test)).toBe(output)
  })
})
