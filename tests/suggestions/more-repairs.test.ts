import { describe, expect, it } from 'vitest'
import { checkFirst } from '../../src/suggestions/check-first.ts'
import type { Suggestion } from '../../src/suggestions/edit.ts'
import { completeCacheKey } from '../../src/suggestions/complete-cache-key.ts'
import { keepInFunction } from '../../src/suggestions/keep-in-function.ts'
import { makePrivate } from '../../src/suggestions/make-private.ts'
import { narrow } from '../../src/suggestions/narrow-query.ts'
import { removeMarker } from '../../src/suggestions/remove-marker.ts'
import { removeOption } from '../../src/suggestions/remove-option.ts'
import { removeSwitch } from '../../src/suggestions/remove-switch.ts'
import { refuseCrash } from '../../src/suggestions/refuse-missing.ts'
import { rethrow } from '../../src/suggestions/rethrow.ts'
import type { Source } from '../../src/suggestions/source.ts'
import type { LooseQueryReport } from '../../src/model/report.ts'
import { rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

type Build = (source: Source, range: readonly [number, number]) => Suggestion | undefined
const edited = (code: string, at: string, build: Build): string | undefined =>
  applied(code, build(sourceOf(code), rangesOf(code)(at))?.edits)

describe('rethrow', () => {
  const code = (body: string, param = ' (error)'): string =>
    `async function f() {\n  try {\n    await check()\n  } catch${param} {${body}}\n  work()\n}\n`
  const thrown = (body: string, param?: string): string | undefined => {
    const text = code(body, param)
    return edited(text, text.slice(text.indexOf('try'), text.indexOf('\n  work')), (source, range) =>
      rethrow(source, range, '`check`'),
    )
  }

  it.each([
    ['behind what the block does', ['\n    log(error)\n  '], ['\n    log(error)\n    throw error\n  ']],
    ['in an empty block', [''], [' throw error ']],
    ['by a name that is not bound yet', ['\n    log()\n  ', ''], ['\n    log()\n    throw error\n  ', ' (error)']],
  ] as const)('%s', (_, before, after) => {
    expect(thrown(...(before as readonly [string, string?]))).toBe(code(...(after as readonly [string, string?])))
  })

  it.each([
    ['where the block returns', '\n    return\n  ', undefined],
    ['where what is caught is taken apart', '\n    log()\n  ', ' ({ message })'],
  ])('nothing %s', (_, body, param) => {
    expect(thrown(body, param)).toBeUndefined()
  })
})

describe('checkFirst', () => {
  const first = (code: string): string | undefined =>
    edited(code, 'check()', (source, range) => checkFirst(source, range, '`check`'))

  it('moves the statement with its line', () => {
    expect(first('f(async () => {\n  await work()\n  await check()\n  return 1\n})')).toBe(
      'f(async () => {\n  await check()\n  await work()\n  return 1\n})',
    )
  })

  it('moves what it declares', () => {
    expect(first('f(async () => {\n  await work()\n  const user = await check()\n  log(user)\n})')).toBe(
      'f(async () => {\n  const user = await check()\n  await work()\n  log(user)\n})',
    )
  })

  it.each([
    ['what it reads is declared before', 'f(async () => {\n  const id = work()\n  log(id, await check())\n})'],
    ['it is first', 'f(async () => {\n  await check()\n  await work()\n})'],
    ['it is what the function answers', 'f(async () => {\n  await work()\n  return check()\n})'],
    ['it stands on a line with others', 'f(async () => { await work(); await check() })'],
  ])('does nothing where %s', (_, code) => {
    expect(first(code)).toBeUndefined()
  })
})

describe('makePrivate', () => {
  it('writes the header of an answer anew', () => {
    const call = "new Response(text, { headers: { 'cache-control': 'public, max-age=9' } })"
    expect(edited(`import 'a'\nf(() => ${call})`, call, (s, r) => makePrivate(s, r, 'public, max-age=9'))).toBe(
      `import 'a'\nf(() => ${call.replace('public, max-age=9', 'private, no-store')})`,
    )
  })

  it('writes that of a route anew, of which the key is told', () => {
    const code = 'const r = { headers: () => ({ "Cache-Control": "public" }) }'
    expect(edited(code, 'headers', (s, r) => makePrivate(s, r, 'public'))).toBe(
      'const r = { headers: () => ({ "Cache-Control": "private, no-store" }) }',
    )
  })

  it('does nothing where the text stands elsewhere', () => {
    expect(
      edited('const r = { headers: () => shared }', 'headers', (s, r) => makePrivate(s, r, 'public')),
    ).toBeUndefined()
  })
})

describe('keepInFunction', () => {
  const kept = (code: string): string | undefined =>
    edited(code, 'user = me', (source, range) => keepInFunction(source, range, 'user'))

  it('moves the declaration into the only function that uses it', () => {
    expect(kept('let user: User | undefined\n\nf(() => {\n  user = me\n  return user\n})\n')).toBe(
      'f(() => {\n  let user: User | undefined\n  user = me\n  return user\n})\n',
    )
  })

  it.each([
    ['another function reads it', 'let user\nf(() => {\n  user = me\n})\nconst mine = () => user\n'],
    ['it is exported', 'export let user\nf(() => {\n  user = me\n})\n'],
    ['it is declared with others', 'let user, other\nf(() => {\n  user = me\n})\n'],
  ])('does nothing where %s', (_, code) => {
    expect(kept(code)).toBeUndefined()
  })
})

describe('completeCacheKey', () => {
  const completed = (call: string, name = 'user'): string | undefined => {
    const code = `const get = ${call}\n`
    return edited(code, call, (source, range) => completeCacheKey(source, range, name))
  }

  it('adds what is read of the identity', () => {
    expect(completed("cache(() => ordersOf(user.id), ['orders'])")).toBe(
      "const get = cache(() => ordersOf(user.id), ['orders', user.id])\n",
    )
  })

  it('writes a key where there is none', () => {
    expect(completed('cache(() => ordersOf(user.id))')).toBe('const get = cache(() => ordersOf(user.id), [user.id])\n')
    expect(completed('cache(() => ordersOf(user.id), [], options)')).toBe(
      'const get = cache(() => ordersOf(user.id), [user.id], options)\n',
    )
  })

  it('adds each thing once, without the methods that are called on it', () => {
    expect(completed("cache(() => [user.id.trim(), user.org.id, of(user.id)], ['orders',])")).toBe(
      "const get = cache(() => [user.id.trim(), user.org.id, of(user.id)], ['orders', user.id, user.org.id,])\n",
    )
  })

  it('adds an id of its own', () => {
    expect(completed("cache(() => ordersOf(userId), ['orders'])", 'userId')).toBe(
      "const get = cache(() => ordersOf(userId), ['orders', userId])\n",
    )
  })

  it.each([
    ['the whole identity is passed on', "cache(() => ordersOf(user), ['orders'])"],
    ['the key is made elsewhere', 'cache(() => ordersOf(user.id), keys)'],
    ['the function stands elsewhere', "cache(load, ['orders'])"],
  ])('does nothing where %s', (_, call) => {
    expect(completed(call)).toBeUndefined()
  })
})

describe('removeOption', () => {
  const without = (code: string): string | undefined =>
    edited(code, 'dynamic', (source, range) => removeOption(source, range))

  it('takes the line away, and the empty one behind it', () => {
    expect(without("import 'a'\n\nexport const dynamic = 'force-static'\n\nexport default f\n")).toBe(
      "import 'a'\n\nexport default f\n",
    )
  })

  it('does nothing where more is declared with it', () => {
    expect(without("export const dynamic = 'force-static', revalidate = 60\n")).toBeUndefined()
  })
})

describe('removeMarker', () => {
  const without = (code: string, comment: string): string | undefined => {
    const edit = removeMarker(sourceOf(code), { range: rangesOf(code)(comment), problem: 'stale', text: '' })
    return edit && applied(code, [edit])
  }

  it('takes its line away', () => {
    expect(without('a()\n  // authz: public -- x\nb()\n', '// authz: public -- x')).toBe('a()\nb()\n')
  })

  it('leaves what stands beside code to its author', () => {
    expect(without('const h = { /* authz: public -- x */ GET: get }\n', '/* authz: public -- x */')).toBeUndefined()
  })
})

describe('removeSwitch', () => {
  const off = (code: string): string | undefined =>
    edited(code, 'process.env.SKIP', (source, range) => removeSwitch(source, range, 'SKIP'))

  it('takes a way past the check away', () => {
    expect(off('f(() => {\n  if (process.env.SKIP) return next()\n  check()\n})')).toBe('f(() => {\n  check()\n})')
  })

  it('checks always what was checked at times', () => {
    expect(off('f(() => {\n  if (process.env.SKIP) {\n    const a = b()\n    check(a)\n  }\n  return next()\n})')).toBe(
      'f(() => {\n  const a = b()\n  check(a)\n  return next()\n})',
    )
  })

  it.each([
    ['there is another way', 'f(() => {\n  if (process.env.SKIP) check()\n  else other()\n})'],
    ['it is one test of several', 'f(() => {\n  if (process.env.SKIP && a) return next()\n})'],
    [
      'a name is taken outside',
      'f(() => {\n  const a = 1\n  if (process.env.SKIP) {\n    const a = b()\n    c(a)\n  }\n})',
    ],
  ])('does nothing where %s', (_, code) => {
    expect(off(code)).toBeUndefined()
  })
})

describe('narrow', () => {
  const loose = { kind: 'tenant', model: 'invoices', column: 'orgId', what: '', write: true } as const
  const narrowed = (code: string, query: string, given: Partial<LooseQueryReport>): string | undefined =>
    edited(code, query, (source, range) =>
      narrow(source, { ...loose, problem: 'missing', place: { file: '', range, line: 1 }, ...given }),
    )

  it('refuses where the tenant may be missing', () => {
    const query = 'find({ where: orgId ? eq(t.orgId, orgId) : undefined })'
    expect(
      narrowed(`import 'a'\nf(async ({ orgId }) => {\n  return ${query}\n})`, query, {
        problem: 'mayBeMissing',
        proved: 'orgId',
      }),
    ).toBe(`import 'a'\nf(async ({ orgId }) => {\n  if (!orgId) throw new Error('Unauthorized')\n  return ${query}\n})`)
  })

  it('adds the user to conditions that hold at times only', () => {
    const query = 'find({ where: p ? eq(t.ownerId, p.id) : undefined })'
    expect(
      narrowed(`import { and, eq } from 'drizzle-orm'\nf(({ user }) => ${query})`, query, {
        kind: 'owner',
        column: 'ownerId',
        problem: 'mayBeMissing',
        proved: 'user.id',
      }),
    ).toBe(
      `import { and, eq } from 'drizzle-orm'\nf(({ user }) => find({ where: and(p ? eq(t.ownerId, p.id) : undefined, eq(t.ownerId, user.id)) }))`,
    )
  })

  it('takes what it needs out of what the handler is given', () => {
    expect(
      narrowed("import 'a'\nf(({ data }) => find({ where: { id: data.id } }))", 'find({ where: { id: data.id } })', {
        proved: 'context.orgId',
      }),
    ).toBe("import 'a'\nf(({ data, context }) => find({ where: { id: data.id, orgId: context.orgId } }))")
  })
})

describe('refuseCrash', () => {
  it.each(['user', 'session!.user'])('refuses in front of the statement that would crash, told %s', (at) => {
    const code = "import 'a'\nf(async () => {\n  const session = await read()\n  return next(session!.user)\n})"
    expect(edited(code, at, refuseCrash)).toBe(
      "import 'a'\nf(async () => {\n  const session = await read()\n  if (!session) throw new Error('Unauthorized')\n  return next(session!.user)\n})",
    )
  })

  const handler = (...lines: string[]): string =>
    `import 'a'\nf(async () => {\n${lines.map((line) => `  ${line}\n`).join('')}})`
  const session = 'const session = await read()'
  const refuse = "if (!session) throw new Error('Unauthorized')"

  it.each([
    [
      'what a pattern is taken from',
      'user',
      [session, '', 'const { user } = session!'],
      [session, refuse, '', 'const { user } = session!'],
    ],
    [
      'with a default',
      'id = 1',
      [session, 'const { id = 1 } = session'],
      [session, refuse, 'const { id = 1 } = session'],
    ],
    [
      'before other reads',
      'id',
      [session, 'const rows = await all()', 'use(rows, session.id)'],
      [session, refuse, 'const rows = await all()', 'use(rows, session.id)'],
    ],
    [
      'in front of a branch whose test reads it',
      'email',
      [session, 'if (now > session.expires) {', '  log(session.email)', '}'],
      [session, refuse, 'if (now > session.expires) {', '  log(session.email)', '}'],
    ],
    [
      'only in the branch that needs it',
      'id',
      [session, 'if (data.mine) {', '  use(session!.id)', '}', 'return open()'],
      [session, 'if (data.mine) {', `  ${refuse}`, '  use(session!.id)', '}', 'return open()'],
    ],
    [
      'outside of a function that is run by somebody else',
      'id',
      [session, 'return rows.filter((row) => row.by === session.id)'],
      [session, refuse, 'return rows.filter((row) => row.by === session.id)'],
    ],
    [
      'behind what may end it before',
      'id',
      [session, 'if (full) return later()', 'use(session.id)'],
      [session, 'if (full) return later()', refuse, 'use(session.id)'],
    ],
    [
      'behind what is said of its absence',
      'id',
      [session, 'if (!session) log()', 'use(session.id)'],
      [session, 'if (!session) log()', refuse, 'use(session.id)'],
    ],
    [
      'a part of it',
      'id',
      ['const ctx = await read()', 'use(ctx.session!.id)'],
      ['const ctx = await read()', "if (!ctx.session) throw new Error('Unauthorized')", 'use(ctx.session!.id)'],
    ],
    [
      'a part of what may be missing too',
      'id',
      [session, 'use(session!.user.id)'],
      [session, "if (!session?.user) throw new Error('Unauthorized')", 'use(session!.user.id)'],
    ],
    ['on one line', 'id', [`${session}; use(session.id)`], [`${session}; ${refuse}; use(session.id)`]],
  ] as const)('%s', (_, at, before, after) => {
    const code = handler(...before)
    const start = code.lastIndexOf(at)
    const range = [start, start + at.length] as const
    expect(applied(code, refuseCrash(sourceOf(code), range)?.edits)).toBe(handler(...after))
  })

  it.each([
    ['what is asked for there and then', 'id', 'use((await read()).id)'],
    ['what a pattern inside of it is taken from', 'id', 'const { user: { id } } = session'],
  ])('leaves %s', (_, at, line) => {
    const code = handler(session, line)
    expect(edited(code, at, refuseCrash)).toBeUndefined()
  })

  const of = (head: string, refusal: string): string =>
    `import 'a';\n${head} {\n  const session = await read();\n${refusal}  res.status(200).json(session.id);\n}`
  it.each([
    ['getServerSideProps', 'export async function getServerSideProps(context)', 'return { notFound: true }'],
    ['an API route', 'export default async function handler(req, res)', 'return res.status(401).end()'],
    [
      'an API route that gives nothing',
      'export default async function handler(req, res): Promise<void>',
      "throw new Error('Unauthorized')",
    ],
    ['a helper of one', 'async function help(req, res)', "throw new Error('Unauthorized')"],
  ])('refuses as its host expects: %s', (_, head, refusal) => {
    const code = of(head, '')
    const at = code.lastIndexOf('id')
    expect(applied(code, refuseCrash(sourceOf(code), [at, at + 2])?.edits)).toBe(
      of(head, `  if (!session) ${refusal};\n`),
    )
  })
})
