/** What a store of the request holds where nothing on the way has filled it. */
import { describe } from 'vitest'
import { type Case, type Files, guarded, handler, session, unverifiable, unguarded, work } from './harness.ts'

const store = `// as it is
  import { AsyncLocalStorage } from 'node:async_hooks'
  const storage = new AsyncLocalStorage<Request>()
  export const withRequest = <T>(request: Request, run: () => T): T => storage.run(request, run)
  export const current = (): Request | undefined => storage.getStore()`

/** Looks for a key in the request at hand, else in the headers. */
const byKey = `import { createHash } from 'node:crypto'
  import { current, withRequest } from '~/store'
  async function caller() {
    ${session}
    if (session) return session.user
    const sent = (current()?.headers ?? getRequestHeaders()).get('authorization')
    if (!sent) return undefined
    const hash = createHash('sha256').update(sent).digest('hex')
    return prisma.machine.findUnique({ where: { hash } })
  }\n`

const files = (more: Files = {}): Files => ({ 'src/store.ts': store, ...more })
const app = (body: string, more?: Files): Case => [byKey + handler(body), files(more)]

describe('a store that a function fills with what it is told', () => {
  guarded({
    'holds nothing for who is not below it': app(`if (!(await caller())) throw new Error(); ${work}`),
    'holds it for who is below it': app(
      `await withRequest(getRequest(), async () => { if (!(await caller())) throw new Error(); ${work} })`,
    ),
  })
  unguarded({
    'and nobody tests what it gives': app(`current(); ${work}`),
    'and only who is there passes': app(`if (current()) throw new Error(); ${work}`),
  })
  unverifiable({
    'where the application has a server of its own': app(`if (!(await caller())) throw new Error(); ${work}`, {
      'src/main.ts': "// as it is\nimport http from 'node:http'\nhttp.createServer(() => {})",
    }),
  })
})

describe('a row that is found by the digest of a header', () => {
  const found = (column: string, value: string): string =>
    `import { createHash } from 'node:crypto'
    ${handler(`const sent = getRequestHeader('x-key'); if (!sent) throw new Error()
      const made = createHash('sha256').update(${value}).digest('hex')
      const row = await prisma.machine.findUnique({ where: { ${column}: made } }); if (!row) throw new Error(); ${work}`)}`
  guarded({ 'of its digest': found('hash', 'sent') })
  unguarded({
    'of who visits': found('visitorHash', 'sent'),
    'of what was passed': found('hash', 'data.key'),
  })
})

/** Long enough that what it found is remembered. */
const long = Array.from({ length: 40 }, (_, i) => `const step${String(i)} = [${String(i)}, 'x'].length`).join('\n')

const slots = `// as it is
  import { AsyncLocalStorage } from 'node:async_hooks'
  export const slots = new AsyncLocalStorage<any>()
  export const slot = (): any => slots.getStore()`
const within = (body: string): Case => [
  `import { slot, slots } from '~/slots'
  async function must() { ${long}
    if (!slot()?.user) throw new Error('Unauthorized') }
  async function fill() { ${long}
    ${session}
    slot().user = session?.user ?? null }
  ${handler(`const kept: any = { user: null, seen: 0 }; await slots.run(kept, async () => { ${body} })`)}`,
  { 'src/slots.ts': slots },
]

describe('a property of a store', () => {
  guarded({
    'is filled by a helper': within(`await fill(); await must(); ${work}`),
    'is filled between two looks at it': within(
      `try { await must() } catch {} await fill(); slot().seen = 1; await must(); ${work}`,
    ),
  })
  unguarded({
    'is overwritten between two looks at it': within(
      `slot().user = { id: 'guest' }; await must(); await fill(); slot().user = { id: 'other' }; await must(); ${work}`,
    ),
    'is not looked at, and another is': within(`await fill(); if (slot().seen > 1) throw new Error(); ${work}`),
  })
})

describe('a store that a function fills which does not run', () => {
  const files = {
    'src/session.ts': `// as it is
      import { AsyncLocalStorage } from 'node:async_hooks'
      import { getRequestHeaders } from '@tanstack/react-start/server'
      import { auth } from '~/auth'
      const store = new AsyncLocalStorage<{ session?: Promise<any> }>()
      export const withSession = <T,>(fn: () => T): T => store.run({}, fn)
      const find = async () => (await auth.api.getSession({ headers: getRequestHeaders() })) ?? null
      const put = (session: any) => { const kept = store.getStore(); if (kept) kept.session = session; return session }
      let last: any
      export const signIn = (session: any) => { last = put(Promise.resolve(session)) }
      export const lastName = async () => (await last)?.user.name
      export async function getSession() {
        const kept = store.getStore()
        if (!kept) return find()
        kept.session ??= find()
        return kept.session
      }`,
  }
  const asked = `const user = await getSession(); if (!user) throw new Error('Unauthorized'); ${work}`
  guarded({
    'is as empty as before for what is asked next': [
      `import { getSession, lastName } from './session'
      export const first = createServerFn().handler(() => lastName())
      ${handler(asked)}`,
      files,
    ],
  })
})

describe('a store that a program fills with what it is told', () => {
  const kept = `// as it is
    import { AsyncLocalStorage } from 'node:async_hooks'
    const storage = new AsyncLocalStorage<any>()
    export const runWith = (held: unknown, run: () => unknown) => storage.run(held, run)
    export const held = () => storage.getStore()`
  const filled = (test: string, more: Files): Case => [
    `import { held, runWith } from '~/kept'\n${handler(`${test} ${work}`)}`,
    { 'src/kept.ts': kept, ...more },
  ]
  const server = (parameters: string, told: string, before = ''): string => `// as it is
    import { runWith } from './kept'
    import { auth } from './auth'
    import handler from '@tanstack/react-start/server-entry'
    export default { async fetch(${parameters}) { ${before}; return runWith(${told}, () => handler.fetch(request)) } }`
  const test = 'if (!held()) throw new Error();'
  unguarded({
    'what the host gives is the same for all': filled(test, { 'src/worker.ts': server('request, env', 'env') }),
    'so is a part of it': filled("if (!(held()?.URL ?? process.env.URL)) throw new Error('no url');", {
      'src/worker.ts': server('request, env', 'env'),
    }),
    'so is what is made of it': filled(test, { 'src/worker.ts': server('request, env', '{ url: env.URL }') }),
  })
  unverifiable({
    'nobody in sight calls it': [
      `import { held } from '~/kept'\n${handler(`${test} ${work}`)}`,
      { 'src/kept.ts': kept },
    ],
    'it is told the session': filled(test, {
      'src/worker.ts': server(
        'request, env',
        'user',
        'const user = await auth.api.getSession({ headers: request.headers })',
      ),
    }),
    'it is told a row that is found by the request': filled(test, {
      'src/worker.ts': `// as it is
        import { runWith } from './kept'
        import { prisma } from './prisma'
        export default { async fetch(request, env) {
          const user = await prisma.user.findFirst({ where: { token: request.headers.get('x-token') } })
          return runWith(user, () => env.ASSETS.fetch(request)) } }`,
    }),
    'it is told the request': filled(test, { 'src/worker.ts': server('request, env', 'request') }),
    'a wrapper of the project tells it more': filled(test, {
      'src/wrap.ts': '// as it is\nexport const wrap = (app: any) => app',
      'src/worker.ts':
        server('request, user', 'user').replace(
          'export default {',
          "import { wrap } from './wrap'\nexport default wrap({",
        ) + ')',
    }),
    'another file hands it on': filled(test, {
      'src/within.ts': `// as it is\nimport { runWith } from './kept'\nexport const within = (a: any, b: any) => runWith(a, b)`,
      'src/worker.ts': server('request, env', 'env').replace(
        "{ runWith } from './kept'",
        "{ within as runWith } from './within'",
      ),
    }),
    'the store itself is filled elsewhere': [
      `import { held } from '~/kept'\n${handler(`${test} ${work}`)}`,
      {
        'src/kept.ts': kept.replace('const storage', 'export const storage'),
        'src/worker.ts': server('request, env', 'user')
          .replace("{ runWith } from './kept'", "{ storage } from './kept'")
          .replace('runWith(', 'storage.run('),
      },
    ],
    'it holds somebody': filled('if (!held()?.user) throw new Error();', {
      'src/worker.ts': server('request, env', 'env'),
    }),
  })
})
