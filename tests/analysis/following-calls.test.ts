import { describe, expect, it } from 'vitest'
import {
  act,
  ask,
  type Files,
  guarded,
  handler,
  middleware,
  requireUser,
  session,
  unguarded,
  unverifiable,
  work,
} from './harness.ts'
import type { Verdict } from '../../src/model/report.ts'

const guard = { 'src/guard.ts': requireUser }

describe('helpers in other files', () => {
  guarded({
    'a relative import': [`import { requireUser } from './guard'; ${handler(`await requireUser(); ${work}`)}`, guard],
    'an alias of the project': [
      `import { requireUser } from '~/guard'; ${handler(`await requireUser(); ${work}`)}`,
      guard,
    ],
    'an import under another name': [
      `import { requireUser as must } from './guard'; ${handler(`await must(); ${work}`)}`,
      guard,
    ],
    'a namespace import': [
      `import * as guards from './guard'; ${handler(`await guards.requireUser(); ${work}`)}`,
      guard,
    ],
    'a default export': [
      `import must from './must'; ${handler(`await must(); ${work}`)}`,
      { 'src/must.ts': `export default async function () { ${session} if (!session) throw new Error() }` },
    ],
    'a default export by name': [
      `import must from './must'; ${handler(`await must(); ${work}`)}`,
      { 'src/must.ts': `${requireUser.replace('export ', '')} export default requireUser` },
    ],
    'a barrel': [
      `import { requireUser } from './lib'; ${handler(`await requireUser(); ${work}`)}`,
      { ...guard, 'src/lib/index.ts': `// as it is\nexport { requireUser } from '../guard'` },
    ],
    'a barrel that renames': [
      `import { must } from './lib'; ${handler(`await must(); ${work}`)}`,
      { ...guard, 'src/lib/index.ts': `// as it is\nexport { requireUser as must } from '../guard'` },
    ],
    'export * twice': [
      `import { requireUser } from './lib'; ${handler(`await requireUser(); ${work}`)}`,
      {
        ...guard,
        'src/lib/index.ts': `// as it is\nexport * from './more'`,
        'src/lib/more.ts': `// as it is\nexport * from '../guard'`,
      },
    ],
    'export * as a namespace': [
      `import { guards } from './lib'; ${handler(`await guards.requireUser(); ${work}`)}`,
      { ...guard, 'src/lib/index.ts': `// as it is\nexport * as guards from '../guard'` },
    ],
    'import, then export': [
      `import { requireUser } from './lib'; ${handler(`await requireUser(); ${work}`)}`,
      { ...guard, 'src/lib/index.ts': `// as it is\nimport { requireUser } from '../guard'\nexport { requireUser }` },
    ],
    'a dynamic import': [
      handler(`const { requireUser } = await import('./guard'); await requireUser(); ${work}`),
      guard,
    ],
    'a dynamic import of a module object': [
      handler(`const guards = await import('./guard'); await guards.requireUser(); ${work}`),
      guard,
    ],
    'a dynamic import with then': [handler(`await import('./guard').then((m) => m.requireUser()); ${work}`), guard],
    'the whole handler behind a dynamic import': [
      `export const act = createServerFn({ method: 'POST' }).handler(async ({ data }) => { const implementation = await import('./act.server'); return implementation.run(data) })`,
      {
        ...guard,
        'src/act.server.ts': `import { requireUser } from './guard'; export async function run(data: any) { await requireUser(); ${work} }`,
      },
    ],
    'five hops': [
      `import { a } from './a'; ${handler(`await a(); ${work}`)}`,
      {
        ...guard,
        'src/a.ts': `import { b } from './b'; export const a = () => b()`,
        'src/b.ts': `import { c } from './c'; export async function b() { return await c() }`,
        'src/c.ts': `import { d } from './d'; export const c = async () => { await d(); return 1 }`,
        'src/d.ts': `import { requireUser } from './guard'; export function d() { return requireUser() }`,
      },
    ],
    'cyclic imports': [
      `import { check } from './a'; ${handler(`await check(); ${work}`)}`,
      {
        ...guard,
        'src/a.ts': `import { other } from './b'; import { requireUser } from './guard'; export const check = () => requireUser(); export const use = () => other()`,
        'src/b.ts': `import { use } from './a'; export const other = () => use`,
      },
    ],
    'a function that stands below its use': [
      `${handler(`await later(); ${work}`)} async function later() { ${session} if (!session) throw new Error() }`,
      {},
    ],
    'the work in another file, behind a check there': [
      `import { createInvoice } from './dal'; ${handler('return createInvoice(data)')}`,
      {
        ...guard,
        'src/dal.ts': `import { requireUser } from './guard'; export async function createInvoice(data: any) { const user = await requireUser(); return db.insert(invoices).values({ ...data, ownerId: user.id }) }`,
      },
    ],
    'the user handed to a helper that refuses nobody': [
      `import { canEdit } from './policy'; ${handler(`${session} if (!canEdit(session?.user)) throw new Error(); ${work}`)}`,
      {
        'src/policy.ts': `// as it is\nexport const canEdit = (user: any) => user?.role === 'admin' || user?.role === 'owner'`,
      },
    ],
  })
  unguarded({
    'the same name in another file that does not refuse': [
      `import { requireUser } from './soft'; ${handler(`await requireUser(); ${work}`)}`,
      { ...guard, 'src/soft.ts': `export async function requireUser() { ${session} return session?.user ?? null }` },
    ],
    'a barrel that swaps the names': [
      `import { requireUser } from './lib'; ${handler(`await requireUser(); ${work}`)}`,
      {
        ...guard,
        'src/soft.ts': `export async function maybeUser() { ${session} return session?.user ?? null }`,
        'src/lib/index.ts': `// as it is\nexport { maybeUser as requireUser } from '../soft'\nexport { requireUser as maybeUser } from '../guard'`,
      },
    ],
    'a local function hides the import': [
      `import { requireUser } from './guard'; ${handler(`const requireUser = async () => null; await requireUser(); ${work}`)}`,
      guard,
    ],
    'a parameter hides the import': [
      `import { requireUser } from './guard'; async function run(requireUser: any, data: any) { await requireUser(); ${work} } ${handler(`await run(async () => null, data)`)}`,
      guard,
    ],
    'the guard is imported and not called': [
      `import { requireUser } from './guard'; ${handler(`${work}; return requireUser`)}`,
      guard,
    ],
    'the guard is called in a comment': [
      `import { requireUser } from './guard'; ${handler(`// await requireUser()\n${work}`)}`,
      guard,
    ],
    'a guard that was emptied': [
      `import { requireUser } from './empty'; ${handler(`await requireUser(); ${work}`)}`,
      { 'src/empty.ts': `// as it is\nexport async function requireUser() {}` },
    ],
    'an override that does not refuse': [
      `import { requireUser } from './lib'; ${handler(`await requireUser(); ${work}`)}`,
      {
        ...guard,
        'src/lib/index.ts': `// as it is\nexport * from '../guard'\nexport async function requireUser() { return null }`,
      },
    ],
  })
  unverifiable({
    'a file that is not there': [
      `import { requireUser } from './missing'; ${handler(`await requireUser(); ${work}`)}`,
      {},
    ],
    'a name that the file does not export': [
      `import { requireAdmin } from './guard'; ${handler(`await requireAdmin(); ${work}`)}`,
      guard,
    ],
  })
})

describe('CommonJS modules', () => {
  const check = `async function must() { ${session} if (!session) throw new Error() }`
  const from = (text: string): Files => ({ 'src/must.js': `${check}\n${text}` })
  const after = (imports: string, called = 'must'): string => `${imports}; ${handler(`await ${called}(); ${work}`)}`
  guarded({
    'a function, imported': [after(`import must from './must'`), from('module.exports = must')],
    'a function, required': [after(`const must = require('./must')`), from('module.exports = must')],
    'a function, required in the handler': [
      handler(`const must = require('./must'); await must(); ${work}`),
      from('module.exports = must'),
    ],
    'a member, imported': [after(`import { must } from './must'`), from('module.exports = { must }')],
    'a member, required': [after(`const { must } = require('./must')`), from('module.exports = { must }')],
    'a member of what is required': [after(`const lib = require('./must')`, 'lib.must'), from('exports.must = must')],
    'a member of the default': [after(`import lib from './must'`, 'lib.must'), from('exports.must = must')],
    'a member of a namespace': [after(`import * as lib from './must'`, 'lib.must'), from('module.exports = { must }')],
    'the default of what import() gives': [
      handler(`const lib = await import('./must'); await lib.default(); ${work}`),
      from('module.exports = must'),
    ],
    'one by one': [after(`import { must } from './must'`), from('module.exports.must = must')],
    'through a barrel': [
      after(`import { must } from './lib'`),
      { ...from('module.exports = { must }'), 'src/lib.ts': `export * from './must'` },
    ],
  })
  unguarded({
    'a function that lets everybody through': [
      after(`import must from './must'`),
      { 'src/must.js': 'module.exports = async () => {}' },
    ],
    'work of one': [
      `import save from './save'; ${handler('await save(data)')}`,
      {
        'src/save.js': `const { db } = require('./db'); const { invoices } = require('./schema'); module.exports = (d) => db.insert(invoices).values(d)`,
      },
    ],
  })
  unverifiable({
    'one of two, nobody knows which': [
      after(`import must from './must'`),
      from('if (process.env.OPEN) module.exports = async () => {}; else module.exports = must'),
    ],
  })
})

describe('methods', () => {
  const check = `${session} if (!session) throw new Error()`
  guarded({
    'an object method': `const guards = { async user() { ${check} } }; ${handler(`await guards.user(); ${work}`)}`,
    'an arrow property': `const guards = { user: async () => { ${check} } }; ${handler(`await guards.user(); ${work}`)}`,
    'a nested object': `const guards = { require: { user: async () => { ${check} } } }; ${handler(`await guards.require.user(); ${work}`)}`,
    'a static method': `class Guards { static async user() { ${check} } } ${handler(`await Guards.user(); ${work}`)}`,
    'an instance method': `class Guards { async user() { ${check} } } ${handler(`await new Guards().user(); ${work}`)}`,
    'an inherited method': `class Base { async user() { ${check} } } class Guards extends Base {} ${handler(`await new Guards().user(); ${work}`)}`,
    'a method that calls another': `class Guards { async user() { ${session} return session?.user } async must() { if (!(await this.user())) throw new Error() } } ${handler(`await new Guards().must(); ${work}`)}`,
    'a private method': `class Guards { async #user() { ${check} } async must() { await this.#user() } } ${handler(`await new Guards().must(); ${work}`)}`,
    'a singleton instance of another file': [
      `import { guards } from './guards'; ${handler(`await guards.user(); ${work}`)}`,
      { 'src/guards.ts': `class Guards { async user() { ${check} } } export const guards = new Guards()` },
    ],
    'an arrow field of a class': `class Guards { user = async () => { ${check} } } ${handler(`await new Guards().user(); ${work}`)}`,
    'a service that the constructor is given': `class Guards { async user() { ${check} } } class Service { constructor(private guards: Guards) {} async run(data: any) { await this.guards.user(); ${work} } } ${handler(`await new Service(new Guards()).run(data)`)}`,
    'a static factory': `class Guards { static create() { return new Guards() } async user() { ${check} } } ${handler(`await Guards.create().user(); ${work}`)}`,
    'a getter': `class Guards { get user() { return (async () => { ${check} })() } } ${handler(`await new Guards().user; ${work}`)}`,
  })
  unguarded({
    'an overridden method that does not refuse': `class Base { async user() { ${check} } } class Guards extends Base { async user() {} } ${handler(`await new Guards().user(); ${work}`)}`,
    'an optional method that is not there': `const guards: any = {}; ${handler(`await guards.user?.(); ${work}`)}`,
    'a subclass field hides the method of the base': `class Base { async user() { ${check} } } class Guards extends Base { user = async () => {} } ${handler(`await new Guards().user(); ${work}`)}`,
  })
  unguarded({
    'an optional call skips the check': `async function requireUser() { ${session} if (!session) throw new Error() }
       ${handler(`const checks: any = data.secure ? { requireUser } : undefined; await checks?.requireUser(); ${work}`)}`,
  })
})

describe('wrappers', () => {
  const withUser = `const withUser = (fn: any) => async (args: any) => { ${session} if (!session) throw new Error(); return fn({ ...args, user: session.user }) }\n`
  const run = (wrapper: string, call: string): string =>
    `${wrapper}\nexport const act = createServerFn({ method: 'POST' }).handler(${call})`
  const workFn = `async ({ data }: any) => { ${work} }`
  guarded({
    'a function around the handler': run(withUser, `withUser(${workFn})`),
    'a wrapper of another file': [
      `import { withUser } from './with-user'; export const act = createServerFn().handler(withUser(${workFn}))`,
      { 'src/with-user.ts': `export ${withUser}` },
    ],
    'a curried wrapper': run(
      `const withRole = (role: string) => (fn: any) => async (args: any) => { ${session} if (session?.user.role !== role) throw new Error(); return fn(args) }`,
      `withRole('admin')(${workFn})`,
    ),
    'a wrapper in a wrapper': run(
      `${withUser} const traced = (fn: any) => async (args: any) => { console.time('x'); try { return await fn(args) } finally { console.timeEnd('x') } }`,
      `traced(withUser(${workFn}))`,
    ),
    'a callback runner': `async function asUser(run: any) { ${session} if (!session) throw new Error(); return run(session.user) } ${handler(`return asUser(async () => { ${work} })`)}`,
    'a runner with a config object': `async function action({ check, run }: any) { await check(); return run() } ${requireUser} ${handler(`return action({ check: requireUser, run: async () => { ${work} } })`)}`,
    'React cache around the guard': `import { cache } from 'react'; ${requireUser} const user = cache(requireUser); ${handler(`await user(); ${work}`)}`,
    'React cache around an arrow': `import { cache } from 'react'; const user = cache(async () => { ${session} if (!session) throw new Error(); return session.user }); ${handler(`await user(); ${work}`)}`,
    'a memoising function of the project': `const once = (fn: any) => { let value: any; return () => (value ??= fn()) }; ${requireUser} const user = once(requireUser); ${handler(`await user(); ${work}`)}`,
    bind: `${requireUser} const user = requireUser.bind(null); ${handler(`await user(); ${work}`)}`,
    call: `${requireUser} ${handler(`await requireUser.call(null); ${work}`)}`,
    'a handler by name': `async function run({ data }: any) { ${session} if (!session) throw new Error(); ${work} } export const act = createServerFn().handler(run)`,
    'an imported handler': [
      `import { run } from './run'; export const act = createServerFn().handler(run)`,
      {
        'src/run.ts': `export async function run({ data }: any) { ${session} if (!session) throw new Error(); ${work} }`,
      },
    ],
    'a transaction callback behind the check': `${requireUser} ${handler(`await requireUser(); await db.transaction(async (tx) => { await tx.insert(invoices).values(data) })`)}`,
    'the check inside a transaction callback': handler(
      `await db.transaction(async (tx) => { ${session} if (!session) throw new Error(); await tx.insert(invoices).values(data) })`,
    ),
  })
  unguarded({
    'a wrapper that only logs': run(
      `const withLog = (fn: any) => async (args: any) => { console.log('x'); return fn(args) }`,
      `withLog(${workFn})`,
    ),
    'a wrapper that runs the handler first': run(
      `const withUser = (fn: any) => async (args: any) => { const result = await fn(args); ${session} if (!session) throw new Error(); return result }`,
      `withUser(${workFn})`,
    ),
    'a wrapper that swallows': run(
      `const withUser = (fn: any) => async (args: any) => { try { ${session} if (!session) throw new Error() } catch {} return fn(args) }`,
      `withUser(${workFn})`,
    ),
    'a wrapper whose option switches the check off': run(
      `const action = (fn: any, options: any = {}) => async (args: any) => { if (options.auth !== false) { ${session} if (!session) throw new Error() } return fn(args) }`,
      `action(${workFn}, { auth: false })`,
    ),
    'a wrapper that checks for one kind of input': run(
      `const withUser = (fn: any) => async (args: any) => { if (args.data.secure) { ${session} if (!session) throw new Error() } return fn(args) }`,
      `withUser(${workFn})`,
    ),
    'a wrapper that is made and not used': `${withUser} ${handler(`withUser(async () => {}); ${work}`)}`,
  })
  guarded({
    'a wrapper whose option leaves the check on': run(
      `const action = (fn: any, options: any = {}) => async (args: any) => { if (options.auth !== false) { ${session} if (!session) throw new Error() } return fn(args) }`,
      `action(${workFn}, { name: 'x' })`,
    ),
  })
})

describe('server functions as helpers', () => {
  const ensure = `export const ensureSession = createServerFn().handler(async () => { ${session} if (!session) throw new Error(); return session })\n`
  guarded({
    'a server function that throws': `${ensure} ${handler(`await ensureSession(); ${work}`)}`,
    'a server function with a guard middleware': `const guard = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (!session) throw new Error(); return next() }); export const ping = createServerFn().middleware([guard]).handler(async () => 1); ${handler(`await ping(); ${work}`)}`,
    'a server function that gives the user, which is tested': `export const currentUser = createServerFn().handler(async () => { ${session} return session?.user ?? null }); ${handler(`const user = await currentUser(); if (!user) throw new Error(); ${work}`)}`,
    'three server functions deep': `${ensure} export const game = createServerFn().handler(async () => { await ensureSession(); return 1 }); export const player = createServerFn().handler(async () => game()); ${handler(`await player(); ${work}`)}`,
  })
  unguarded({
    'the helper gives null and nobody looks': `export const currentUser = createServerFn().handler(async () => { ${session} return session?.user ?? null }); ${handler(`await currentUser(); ${work}`)}`,
  })
  unguarded({
    'the helper is not awaited': `export const ensureSession = createServerFn().handler(async () => { ${session} if (!session) throw new Error(); return session })
 ${handler(`ensureSession(); ${work}`)}`,
    'the helper swallows': `export const ensureSession = createServerFn().handler(async () => { ${session} if (!session) throw new Error(); return session })
 ${handler(`await ensureSession().catch(() => null); ${work}`)}`,
  })
})

describe('state that calls leave behind', () => {
  guarded({
    'a helper that writes the user into an object': `async function load(ctx: any) { ${session} ctx.user = session?.user ?? null } ${handler(`const ctx: any = {}; await load(ctx); if (!ctx.user) throw new Error(); ${work}`)}`,
    'a helper that pushes the error into a list': `async function check(errors: string[]) { ${session} if (!session) errors.push('no') } ${handler(`const errors: string[] = []; await check(errors); if (errors.length > 0) throw new Error(); ${work}`)}`,
    'a closure that sets a variable': handler(
      `let user: any = null; const load = async () => { ${session} user = session?.user ?? null }; await load(); if (!user) throw new Error(); ${work}`,
    ),
  })
  unguarded({
    'a helper that writes a guest into an object': `async function load(ctx: any) { ctx.user = { id: 'guest' } } ${handler(`${session} const ctx: any = { user: session?.user }; await load(ctx); if (!ctx.user) throw new Error(); ${work}`)}`,
    'the second call of a helper replaces what the first one wrote': `async function load(ctx: any, value: any) { ctx.user = value } ${handler(`${session} const ctx: any = {}; await load(ctx, session?.user); await load(ctx, { id: 'x' }); if (!ctx.user) throw new Error(); ${work}`)}`,
    'a closure that sets a guest': handler(
      `${session} let user: any = session?.user; const reset = () => { user = { id: 'guest' } }; reset(); if (!user) throw new Error(); ${work}`,
    ),
    'a module variable that another call may have set': `let current: any = null; export async function load() { ${session} if (session) current = session.user } ${handler(`await load(); if (!current) throw new Error(); ${work}`)}`,
  })
  it('one entry point does not change what another one with the same helper is', () => {
    const helper = `async function load(ctx: any, soft: boolean) { ${session} if (!session && !soft) throw new Error(); ctx.user = session?.user }`
    const answers = ask(`${helper}
      export const a = createServerFn().handler(async ({ data }) => { await load({}, false); ${work} })
      export const b = createServerFn().handler(async ({ data }) => { await load({}, true); ${work} })
      export const c = createServerFn().handler(async ({ data }) => { const ctx: any = {}; await load(ctx, true); if (!ctx.user) throw new Error(); ${work} })`)
    expect(Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, answer.verdict]))).toEqual({
      a: 'guarded',
      b: 'unguarded',
      c: 'guarded',
    })
  })
  it('many entry points of one file share a helper in another', () => {
    const files: Files = { 'src/guard.ts': requireUser }
    const names = Array.from({ length: 20 }, (_, i) => `f${String(i)}`)
    const answers = ask(
      `import { requireUser } from './guard'\n${names.map((name, i) => handler(`${i % 2 ? 'await ' : ''}requireUser(); ${work}`).replace('act', name)).join('')}`,
      files,
    )
    expect(names.filter((name) => answers[name]?.verdict === 'guarded')).toEqual(names.filter((_, i) => i % 2 === 1))
  })
  it('endless recursion ends', () => {
    expect(
      act(
        `async function again(n: number): Promise<void> { if (n > 0) return again(n - 1); ${session} if (!session) throw new Error() } ${handler(`await again(data.n); ${work}`)}`,
      ).verdict,
    ).not.toBe('public')
    expect(
      act(`async function round(): Promise<void> { return round() } ${handler(`await round(); ${work}`)}`).verdict,
    ).not.toBe('guarded')
  })
})

describe('cycles of imports', () => {
  const insert = 'db.insert(invoices).values(v)'
  const check = `async () => { ${session} if (!session) throw new Error() }`
  const cycles: Readonly<Record<string, readonly [Verdict, string, Readonly<Record<string, string>>]>> = {
    'an object of services that one of them is made with': [
      'unguarded',
      `import { services } from './services'; ${handler('await services.invoices.add(data)')}`,
      {
        'src/services.ts': `import { invoicesService } from './invoices'; export const services = { invoices: invoicesService }`,
        'src/invoices.ts': `import { services } from './services'; const make = (s: any) => ({ add: (v: any) => ${insert}, s }); export const invoicesService = make(services)`,
      },
    ],
    'a helper that is bound before it is there': [
      'unguarded',
      `import { repo } from './repo'; ${handler('await repo.add(data)')}`,
      {
        'src/repo.ts': `import { make } from './make'; export const helper = (v: any) => ${insert}; export const repo = make()`,
        'src/make.ts': `import { helper } from './repo'; const bound = { helper }; export const make = () => ({ add: bound.helper })`,
      },
    ],
    'a middleware whose file leads back': [
      'guarded',
      `import { authed } from './middleware'; ${handler(work, '.middleware([authed])')}`,
      {
        'src/middleware.ts': `import { all } from './all'; ${middleware('authed', `${session} if (!session) throw new Error(); return next()`)} export const used = all`,
        'src/all.ts': `import { act as first } from './fns'; export const all = [first]`,
      },
    ],
    'guards that are kept beside what uses them': [
      'guarded',
      `import { guards } from './guards'; ${handler(`await guards.user(); ${work}`)} export const base = { guards }`,
      { 'src/guards.ts': `import { base } from './fns'; export const guards = { user: ${check}, base }` },
    ],
  }
  for (const [name, [verdict, source, files]] of Object.entries(cycles)) {
    it(`${name}, whichever file is looked at first`, () => {
      const names = Object.keys(files)
      for (const first of [names, [...names].reverse(), ['src/fns.ts', ...names]]) {
        const ordered = Object.fromEntries(first.map((file) => [file, files[file] ?? '']))
        expect({ first, verdict: act(source, ordered).verdict }).toEqual({ first, verdict })
      }
    })
  }
})
