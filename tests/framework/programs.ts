/**
 * A grammar of server functions: chains, factories, global middleware and handlers, with guards and with the mistakes that
 * people make in them. All that refuses anybody in these programs asks who is calling; all effects are one insert.
 */
import fc from 'fast-check'

export interface Program {
  /** Texts by path; the harness of the analysis puts its imports before each. */
  readonly files: Readonly<Record<string, string>>
  /** Mistakes that were made, by name. */
  readonly mistakes: readonly string[]
}

/** Where a check is written decides how it can refuse. */
type Where = 'handler' | 'middleware' | 'validator' | 'helper'

interface Check {
  readonly mistake?: string
  /** Statements, given what tells the names of this check from others. */
  readonly text: (id: string, where: Where) => string
}

const session = (id: string): string => `const s${id} = await auth.api.getSession({ headers: getRequestHeaders() })`

const refusal = (where: Where): string =>
  where === 'handler'
    ? 'return null'
    : where === 'middleware'
      ? 'return new Response(null, { status: 401 })'
      : "throw new Error('401')"

const right: readonly Check[] = [
  { text: (id) => `${session(id)}\nif (!s${id}) throw new Error('401')` },
  { text: (id) => `${session(id)}\nif (!s${id}?.user) throw redirect({ to: '/login' })` },
  { text: (id, where) => `${session(id)}\nif (!s${id}) ${refusal(where)}` },
  { text: (id, where) => `${session(id)}\nif (s${id} === null || s${id}.user.role !== 'admin') { ${refusal(where)} }` },
  { text: (id) => `${session(id)}\nif (s${id}?.user.role !== 'admin') throw new Error('403')` },
  { text: (id) => `const { user: u${id} } = await auth.api.getSession({ headers: getRequestHeaders() })` },
  { text: () => 'await requireUser()' },
  { text: (id) => `const u${id} = await requireUser()\nconsole.log(u${id}.id)` },
  { text: () => 'await requireAdmin()' },
  { text: () => 'try { await requireUser() } catch (error) { throw error }' },
  { text: (id, where) => `try { await requireUser() } catch { ${refusal(where)} }` },
  { text: (id, where) => `const r${id} = await access()\nif (!r${id}.ok) ${refusal(where)}` },
  { text: (id) => `const u${id} = await currentUser()\nif (!u${id}) throw notFound()` },
  { text: (id) => `${session(id)}\nconst ok${id} = Boolean(s${id})\nif (!ok${id}) throw new Error('401')` },
  { text: (id) => `${session(id)}\nconst fail${id} = () => { throw new Error('401') }\ns${id} ?? fail${id}()` },
  { text: (id) => `${session(id)}\ns${id} || deny()` },
  { text: () => 'await Promise.all([requireUser(), currentUser()])' },
  { text: () => 'for (const _ of [1]) { await requireUser() }' },
  { text: (id) => `const p${id} = requireUser()\nawait p${id}` },
  { text: (id) => `${session(id)}\nswitch (Boolean(s${id})) { case false: throw new Error('401') }` },
  { text: (id) => `${session(id)}\nassertUser(s${id}?.user)` },
  { text: () => 'await requireUser().then((user) => { console.log(user.id) })' },
  { text: (id, where) => `${session(id)}\nif (s${id} == null) ${refusal(where)}` },
  { text: (id) => `${session(id)}\nif (!(s${id} && s${id}.user)) { console.log('no'); throw new Error('401') }` },
  {
    text: (id) =>
      `const u${id} = (await auth.api.getSession({ headers: getRequestHeaders() }))?.user\nif (!u${id}?.id) throw new Error('401')`,
  },
  { text: (id) => `${session(id)}\ndo { if (!s${id}) throw new Error('401') } while (false)` },
  { text: () => 'await (async () => { await requireUser() })()' },
  { text: (id) => `const run${id} = async (guard) => { await guard() }\nawait run${id}(requireUser)` },
  { text: (id) => `class Guard${id} { async check() { return requireUser() } }\nawait new Guard${id}().check()` },
  { text: (id) => `const [u${id}] = await Promise.all([requireUser()])\nconsole.log(u${id}.id)` },
  { text: () => 'await Promise.all([requireUser].map((guard) => guard()))' },
  { text: () => 'for (const guard of [currentUser, requireUser]) await guard()' },
  { text: (id) => `const guards${id} = { check: requireUser }\nawait guards${id}.check()` },
  {
    text: (id) =>
      `${session(id)}\nlet ok${id} = false\nif (s${id}) ok${id} = true\nif (!ok${id}) throw new Error('401')`,
  },
  {
    text: (id) =>
      `let u${id}\ntry { u${id} = await requireUser() } catch { u${id} = null }\nif (!u${id}) throw new Error('401')`,
  },
]

const wrong: readonly Check[] = [
  { mistake: 'not awaited', text: () => 'requireUser()' },
  { mistake: 'not awaited', text: (id) => `const p${id} = requireUser()\nconsole.log(typeof p${id})` },
  { mistake: 'not awaited', text: () => "if (!currentUser()) throw new Error('401')" },
  { mistake: 'denial dropped', text: (id) => `${session(id)}\nif (!s${id}) redirect({ to: '/login' })` },
  { mistake: 'denial dropped', text: (id) => `${session(id)}\nif (!s${id}) new Error('401')` },
  { mistake: 'denial dropped', text: (id) => `${session(id)}\n!s${id} && notFound()` },
  { mistake: 'swallowed', text: () => 'try { await requireUser() } catch {}' },
  { mistake: 'swallowed', text: () => 'try { await requireUser() } catch (error) { console.error(error) }' },
  { mistake: 'swallowed', text: () => 'await requireUser().catch(() => null)' },
  { mistake: 'swallowed', text: () => 'await Promise.allSettled([requireUser()])' },
  {
    mistake: 'null passes',
    text: (id) => `${session(id)}\nif (s${id} && s${id}.user.role !== 'admin') throw new Error('403')`,
  },
  {
    mistake: 'null passes',
    text: (id) => `${session(id)}\nif (s${id}?.user.role === 'banned') throw new Error('403')`,
  },
  { mistake: 'inverted', text: (id) => `${session(id)}\nif (s${id}) throw new Error('401')` },
  { mistake: 'inverted', text: (id, where) => `if ((await access()).ok) ${refusal(where)}` },
  { mistake: 'result ignored', text: () => 'await access()' },
  { mistake: 'result ignored', text: (id) => `const u${id} = await currentUser()\nconsole.log(u${id}?.id)` },
  { mistake: 'result ignored', text: (id) => session(id) },
  {
    mistake: 'caller decides',
    text: (_, where) => (where === 'helper' ? 'await access()' : 'if (data.secure) { await requireUser() }'),
  },
  {
    mistake: 'caller decides',
    text: (_, where) =>
      where === 'helper' ? 'await access()' : 'for (const _ of data.items ?? []) await requireUser()',
  },
  { mistake: 'in a callback', text: () => ';[1].forEach(async () => { await requireUser() })' },
  { mistake: 'in a callback', text: () => 'setTimeout(() => requireUser().catch(() => null), 0)' },
  {
    mistake: 'never called',
    text: (id) => `const check${id} = async () => { await requireUser() }\nconsole.log(typeof check${id})`,
  },
  { mistake: 'early return', text: () => 'await lenient()' },
  { mistake: 'early return', text: () => 'await forgiving()' },
  { mistake: 'not awaited', text: () => 'void requireUser()' },
  { mistake: 'not awaited', text: () => 'requireUser().then((user) => { console.log(user.id) })' },
  { mistake: 'not awaited', text: () => 'await Promise.race([requireUser(), Promise.resolve()])' },
  { mistake: 'not awaited', text: () => 'await Promise.any([requireUser(), Promise.resolve(1)])' },
  { mistake: 'null passes', text: (id) => `${session(id)}\nif (s${id} === undefined) throw new Error('401')` },
  { mistake: 'null passes', text: (id) => `${session(id)}\nif (typeof s${id} === 'undefined') throw new Error('401')` },
  {
    mistake: 'null passes',
    text: (id) => `${session(id)}\nconst u${id} = s${id}?.user ?? { id: 'guest' }\nif (!u${id}) throw new Error('401')`,
  },
  { mistake: 'null passes', text: (id) => `${session(id)}\nif ([s${id}].length === 0) throw new Error('401')` },
  {
    mistake: 'inverted',
    text: (id) =>
      `${session(id)}\nlet ok${id} = true\nif (s${id}) ok${id} = false\nif (!ok${id}) throw new Error('401')`,
  },
  {
    mistake: 'caller decides',
    text: (id, where) =>
      where === 'helper' ? 'await access()' : `${session(id)}\nif (!s${id} && data.secure) throw new Error('401')`,
  },
  {
    mistake: 'swallowed',
    text: (id) => `const safely${id} = async (run) => { try { await run() } catch {} }\nawait safely${id}(requireUser)`,
  },
  {
    mistake: 'swallowed',
    text: (id) => `let u${id}\ntry { u${id} = await requireUser() } catch { u${id} = null }\nconsole.log(u${id})`,
  },
  {
    mistake: 'result ignored',
    text: (id) => `${session(id)}\nlet ok${id} = true\nif (!s${id}) ok${id} = false\nconsole.log(ok${id})`,
  },
  {
    mistake: 'never called',
    text: (id) =>
      `${session(id)}\nconst deny${id} = () => { if (!s${id}) throw new Error('401') }\nconsole.log(typeof deny${id})`,
  },
  {
    mistake: 'in a callback',
    text: (id) =>
      `${session(id)}\nconst found${id} = [1].map(() => { if (!s${id}) return null; return 1 })\nconsole.log(found${id})`,
  },
]

const nothing: Check = { text: () => '' }

const check: fc.Arbitrary<Check> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...right) },
  { weight: 6, arbitrary: fc.constantFrom(...wrong) },
  { weight: 1, arbitrary: fc.constant(nothing) },
)

const helpers = `
export async function requireUser() {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('401')
  return session.user
}
export async function requireAdmin() {
  const user = await requireUser()
  if (user.role !== 'admin') throw new Error('403')
  return user
}
export async function currentUser() {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  return session?.user ?? null
}
export async function access() {
  const user = await currentUser()
  if (!user) return { ok: false }
  return { ok: true, user }
}
export async function lenient() {
  const user = await currentUser()
  if (!user) return
  return user
}
export async function forgiving() {
  try {
    await requireUser()
  } finally {
    return null
  }
}
export function assertUser(user) {
  if (!user) throw new Error('401')
}
export function deny() {
  throw new Error('401')
}
`
const helperNames = 'requireUser, requireAdmin, currentUser, access, lenient, forgiving, assertUser, deny'

/** How a middleware goes on. */
interface Passing {
  readonly mistake?: string
  readonly text: (id: string) => string
}

const plainNext: Passing = { text: () => 'return next()' }

const passing: fc.Arbitrary<Passing> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(plainNext) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Passing>(
      { text: () => 'const result = await next()\nreturn result' },
      { text: () => "return next({ context: { tag: 'x' } })" },
      { text: () => 'return next({ context: { user: await currentUser() } })' },
      {
        mistake: 'context unset',
        text: (id) => `${session(`n${id}`)}\nreturn sn${id} ? next({ context: { user: sn${id}.user } }) : next()`,
      },
      {
        mistake: 'context unset',
        text: (id) => `${session(`n${id}`)}\nreturn next({ context: { ...(sn${id} && { user: sn${id}.user }) } })`,
      },
      { mistake: 'check after next()', text: () => 'const result = await next()\nawait requireUser()\nreturn result' },
      {
        mistake: 'swallowed around next()',
        text: (id) =>
          `${session(`n${id}`)}\ntry { if (!sn${id}) throw new Error('401'); return await next() } catch { return next() }`,
      },
      {
        text: (id) =>
          `${session(`n${id}`)}\nif (!sn${id}) throw new Error('401')\nreturn next({ context: { user: sn${id}.user } })`,
      },
      {
        text: (id) =>
          `${session(`n${id}`)}\nif (sn${id}) return next({ context: { user: sn${id}.user } })\nthrow redirect({ to: '/login' })`,
      },
      { text: () => 'if (!context.user) throw new Error()\nreturn next()', mistake: 'trusts the context' },
    ),
  },
)

type Form =
  'function' | 'request' | 'client only' | 'client and server' | 'validator' | 'named body' | 'made by a function'

interface Middleware {
  readonly form: Form
  readonly check: Check
  readonly passing: Passing
  readonly away: boolean
  readonly parent: Middleware | undefined
  /** A second list of parents, which replaces the first. */
  readonly replaced: boolean
}

const middleware: fc.Memo<Middleware> = fc.memo((depth) =>
  fc.record({
    form: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom<Form>(
          'function',
          'request',
          'client and server',
          'named body',
          'made by a function',
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom<Form>('client only', 'validator') },
    ),
    check,
    passing,
    away: fc.boolean(),
    parent: depth > 1 ? fc.option(middleware(depth - 1), { freq: 3, nil: undefined }) : fc.constant(undefined),
    replaced: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  }),
)

type Attached = 'list' | 'tuple' | 'spread' | 'base' | 'factory in a list' | 'two calls' | 'base that is not extended'

interface Source {
  readonly chain: readonly Middleware[]
  readonly attached: Attached
  readonly global: Middleware | undefined
  readonly validator: Check | undefined
  readonly handler: {
    readonly checks: readonly Check[]
    /** Tests what a middleware may have put into the context. */
    readonly testsContext: boolean
    readonly effect: Effect
    readonly away: boolean
  }
  readonly helpersAway: boolean
}

type Effect = 'insert' | 'helper' | 'before the check' | 'beside the check' | 'if there is a user' | 'in a callback'

const source: fc.Arbitrary<Source> = fc.record({
  chain: fc.array(middleware(2), { maxLength: 2 }),
  attached: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Attached>('list') },
    { weight: 6, arbitrary: fc.constantFrom<Attached>('tuple', 'spread', 'base', 'factory in a list', 'two calls') },
    { weight: 1, arbitrary: fc.constant<Attached>('base that is not extended') },
  ),
  global: fc.option(middleware(1), { freq: 2, nil: undefined }),
  validator: fc.option(check, { freq: 6, nil: undefined }),
  handler: fc.record({
    checks: fc.array(check, { maxLength: 1 }),
    testsContext: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    effect: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<Effect>('insert', 'helper', 'in a callback') },
      { weight: 2, arbitrary: fc.constantFrom<Effect>('before the check', 'beside the check', 'if there is a user') },
    ),
    away: fc.boolean(),
  }),
  helpersAway: fc.boolean(),
})

export const program: fc.Arbitrary<Program> = source.map((from) => written(from))

function written(from: Source): Program {
  const mistakes: string[] = []
  const away: string[] = []
  const here: string[] = []
  let count = 0

  const noted = <T extends { readonly mistake?: string }>(part: T): T => {
    if (part.mistake !== undefined) mistakes.push(part.mistake)
    return part
  }
  const declared = (mw: Middleware, isAway: boolean): string => {
    const id = String(++count)
    const name = `mw${id}`
    const isRequest = mw.form === 'request'
    // a request middleware has no function middleware before it
    const parent = mw.parent && !isRequest ? declared(mw.parent, isAway) : undefined
    let parents = ''
    if (parent !== undefined) {
      parents = `.middleware([${parent}])`
      if (mw.replaced) {
        mistakes.push('replaced')
        parents += '.middleware([])'
      }
    }
    const where = mw.form === 'validator' ? 'validator' : 'middleware'
    const clientOnly = mw.form === 'client only'
    if (clientOnly) mistakes.push('client only')
    const guard = clientOnly ? mw.check : noted(mw.check)
    const goesOn = clientOnly || mw.form === 'validator' ? plainNext : noted(mw.passing)
    // request middleware is given no data
    const data = isRequest ? 'const data = {}\n' : ''
    const body = `${data}${guard.text(id, where)}\n${goesOn.text(id)}`
    const parameters = isRequest ? '{ next, context }' : '{ next, context, data }'
    const start = `createMiddleware(${isRequest ? '' : "{ type: 'function' }"})${parents}`
    const target = isAway ? away : here
    const text: Record<Form, string> = {
      function: `export const ${name} = ${start}.server(async (${parameters}) => { ${body} })`,
      request: `export const ${name} = ${start}.server(async (${parameters}) => { ${body} })`,
      'client and server': `export const ${name} = ${start}.client(async ({ next }) => next()).server(async (${parameters}) => { ${body} })`,
      'client only': `export const ${name} = ${start}.client(async (${parameters}) => { ${body} })`,
      validator: `export const ${name} = ${start}.validator(async (data) => { ${guard.text(id, where)}\nreturn data })`,
      'named body': `async function body${id}(${parameters}) { ${body} }\nexport const ${name} = ${start}.server(body${id})`,
      'made by a function': `const make${id} = (tag) => ${start}.server(async (${parameters}) => { ${body} })\nexport const ${name} = make${id}('x')`,
    }
    target.push(text[mw.form])
    return name
  }

  const names: string[] = []
  const imported: string[] = []
  for (const mw of from.chain) {
    const name = declared(mw, mw.away)
    names.push(name)
    if (mw.away) imported.push(name)
  }
  const files: Record<string, string> = {}
  if (from.global) {
    const before = here.length
    const name = declared({ ...from.global, parent: undefined }, false)
    const text = here.splice(before)
    files['src/start.ts'] = [
      `import { ${helperNames} } from '~/helpers'`,
      ...text,
      `export const startInstance = createStart(() => ({ functionMiddleware: [${name}] }))`,
    ].join('\n')
  }

  const { handler } = from
  const insert = 'await db.insert(invoices).values({ id: data.id })'
  const checks = handler.checks.map((c) => noted(c).text(`h${String(++count)}`, 'handler')).join('\n')
  if (handler.testsContext && !from.chain.some((mw) => mw.passing.text('').includes('user:')))
    mistakes.push('context never set')
  const test = handler.testsContext ? "if (!context.user) throw new Error('401')\n" : ''
  if (handler.effect === 'before the check') mistakes.push('after the effect')
  if (handler.effect === 'beside the check') mistakes.push('beside the effect')
  const body: Record<Effect, string> = {
    insert: `${test}${checks}\n${insert}`,
    helper: `${test}${checks}\nawait save(data)`,
    'in a callback': `${test}${checks}\nawait Promise.all([1].map(async () => { ${insert} }))`,
    'before the check': `${test}${insert}\n${checks}\nawait requireUser()`,
    'beside the check': `${test}${checks}\nawait Promise.all([requireUser(), db.insert(invoices).values({ id: data.id })])`,
    'if there is a user': `${test}${checks}\nconst found = await currentUser()\nif (found) { ${insert} }`,
  }
  const validator = from.validator
    ? `.validator(async (data) => { ${noted(from.validator).text(`v${String(++count)}`, 'validator')}\nreturn data })`
    : ''
  const list = `[${names.join(', ')}]`
  const options = "{ method: 'POST' }"
  const before: Record<Attached, string> = {
    list: '',
    tuple: `const chain = ${list}`,
    spread: `const rest = ${list}\nconst chain = [...rest]`,
    base: `const base = createServerFn(${options}).middleware(${list})`,
    'factory in a list': `const base = createServerFn().middleware(${list})`,
    'two calls': '',
    'base that is not extended': `const base = createServerFn(${options})\nbase.middleware(${list})`,
  }
  const start: Record<Attached, string> = {
    list: `createServerFn(${options}).middleware(${list})`,
    tuple: `createServerFn(${options}).middleware(chain)`,
    spread: `createServerFn(${options}).middleware(chain)`,
    base: 'base',
    'factory in a list': `createServerFn(${options}).middleware([base])`,
    'two calls': names
      .map((name) => `.middleware([${name}])`)
      .reduce((all, one) => all + one, `createServerFn(${options})`),
    'base that is not extended': 'base',
  }
  if (from.attached === 'base that is not extended' && names.length > 0) mistakes.push('base not extended')
  const save = `export async function save(data) { ${insert} }`
  const saveAway = handler.effect === 'helper' && handler.away
  if (saveAway) files['src/save.ts'] = save
  // `created` when the middleware of other files needs them too
  const helpersAway = from.helpersAway || imported.length > 0 || from.global !== undefined
  if (helpersAway) files['src/helpers.ts'] = helpers
  if (away.length > 0) files['src/mw.ts'] = [`import { ${helperNames} } from '~/helpers'`, ...away].join('\n')
  files['src/fns.ts'] = [
    ...(helpersAway ? [`import { ${helperNames} } from '~/helpers'`] : [helpers]),
    ...(imported.length > 0 ? [`import { ${imported.join(', ')} } from '~/mw'`] : []),
    ...(saveAway ? [`import { save } from '~/save'`] : handler.effect === 'helper' ? [save] : []),
    ...here,
    before[from.attached],
    `export const act = ${start[from.attached]}${validator}.handler(async ({ data, context }) => { ${body[handler.effect]} })`,
  ].join('\n')
  return { files, mistakes }
}
