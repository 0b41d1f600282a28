import { describe, expect, it } from 'vitest'
import { guarded, session, unguarded, verdicts, work, type Answer, type Files } from '../analysis/harness.ts'

const imports = `
import { createMiddleware, createServerFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { createFileRoute } from '@tanstack/react-router'
import { auth } from '~/auth'
import { db } from '~/db'
import { invoices } from '~/schema'
`

const strict = `export const strict = createMiddleware({ type: 'function' }).server(async ({ next }) => { ${session} if (!session) throw new Error(); return next() })\n`
const strictRequest = `export const strictRequest = createMiddleware().server(async ({ next, request }) => {
  const session = await auth.api.getSession({ headers: request.headers })
  if (!session) return new Response(null, { status: 401 })
  return next()
})\n`

const withImports = (files: Files): Files =>
  Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file,
      /^\s*import .*(?:start|vinxi)/.test(text) ? text : imports + text,
    ]),
  )

const found = (files: Files): Record<string, Answer> => verdicts(withImports(files))

/** Name, kind and method of each entry point, and the text that its range marks. */
function listed(source: string, file = 'src/fns.ts'): string[] {
  const files = withImports({ [file]: source })
  return Object.values(verdicts(files)).map(({ entry }) =>
    [entry.name, entry.kind, entry.method, files[file]!.slice(...entry.range)].join(' | '),
  )
}

const names = (source: string, file?: string): string[] => listed(source, file).map((line) => line.split(' | ')[0]!)

const fn = `.handler(async ({ data }) => { ${work} })`

describe('server functions that are found', () => {
  it('a variable', () => {
    expect(listed(`const a = createServerFn()${fn}`)).toEqual(['a | server-fn | GET | a'])
  })
  it('an exported variable with a method', () => {
    expect(listed(`export const a = createServerFn({ method: 'POST' })${fn}`)).toEqual(['a | server-fn | POST | a'])
  })
  it('a method from a constant', () => {
    expect(
      listed(`const Method = { Post: 'POST' } as const; export const a = createServerFn({ method: Method.Post })${fn}`),
    ).toEqual(['a | server-fn | POST | a'])
  })
  it('several, in the order of the file', () => {
    expect(names(`export const b = createServerFn()${fn}\nconst a = createServerFn()${fn}\nexport { a }`)).toEqual([
      'b',
      'a',
    ])
  })
  it('an import under another name', () => {
    expect(
      names(`import { createServerFn as make } from '@tanstack/react-start'\nconst a = make().handler(async () => 1)`),
    ).toEqual(['a'])
  })
  it('an import of the namespace', () => {
    expect(
      names(`import * as start from '@tanstack/react-start'\nconst a = start.createServerFn().handler(async () => 1)`),
    ).toEqual(['a'])
  })
  for (const name of ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/vue-start', '@tanstack/start']) {
    it(`from ${name}`, () => {
      expect(
        names(`import { createServerFn } from '${name}'\nconst a = createServerFn().handler(async () => 1)`),
      ).toEqual(['a'])
    })
  }
  it('middleware before and after the validator', () => {
    expect(
      names(
        `const a = createServerFn().middleware([]).validator((d: any) => d)${fn}; const b = createServerFn().inputValidator((d: any) => d).middleware([])${fn}`,
      ),
    ).toEqual(['a', 'b'])
  })
  it('with a type assertion around the chain', () => {
    expect(names(`export const a = (createServerFn()${fn}) as any`)).toEqual(['a'])
  })
  it('with satisfies', () => {
    expect(names(`export const a = createServerFn()${fn} satisfies unknown`)).toEqual(['a'])
  })
  it('a property of an object', () => {
    expect(names(`export const api = { list: createServerFn()${fn} }`)).toEqual(['list'])
  })
  it('a default export', () => {
    expect(names(`export default createServerFn()${fn}`)).toEqual(['default'])
  })
  it('a base variable of the same file', () => {
    expect(names(`const base = createServerFn().middleware([]); export const a = base${fn}`)).toEqual(['a'])
  })
  it('in a route file', () => {
    expect(
      names(
        `const a = createServerFn()${fn}; export const Route = createFileRoute('/x')({ loader: () => a() })`,
        'src/routes/x.tsx',
      ),
    ).toEqual(['a'])
  })
  it('inside a function', () => {
    expect(names(`export function make() { const a = createServerFn()${fn}; return a }`)).toEqual(['a'])
  })
  it('not a function of the same name of another package', () => {
    expect(
      names(`import { createServerFn } from 'not-start'\nconst a = createServerFn().handler(async () => 1)`),
    ).toEqual([])
  })
  it('not a local function of the same name', () => {
    expect(
      names(
        `const createServerFn = () => ({ handler: (f: any) => f })\nconst a = createServerFn().handler(async () => 1)`.replace(
          /^/,
          `import { x } from '@tanstack/react-start'\n`,
        ),
      ),
    ).toEqual([])
  })
  it('not a base without a handler', () => {
    expect(names(`export const base = createServerFn().middleware([])`)).toEqual([])
  })
  it('not a handler of something else', () => {
    expect(names(`const bus = { handler: (f: any) => f }; bus.handler(() => 1)`)).toEqual([])
  })
})

describe('server routes', () => {
  const route = (server: string, path = '/api/x'): string =>
    `export const Route = createFileRoute('${path}')({ server: ${server} })`
  const get = `async ({ request }) => { return Response.json(await db.select().from(invoices)) }`
  const file = 'src/routes/api/x.ts'
  it('an object of verbs', () => {
    expect(listed(route(`{ handlers: { GET: ${get}, POST: ${get} } }`), file)).toEqual([
      'GET | server-route | GET | GET',
      'POST | server-route | POST | POST',
    ])
  })
  it('a shorthand', () => {
    expect(names(`const GET = ${get}; ${route('{ handlers: { GET } }')}`, file)).toEqual(['GET'])
  })
  it('a method', () => {
    expect(names(route(`{ handlers: { async DELETE({ request }) { return new Response() } } }`), file)).toEqual([
      'DELETE',
    ])
  })
  it('createHandlers', () => {
    expect(
      names(
        route(
          `{ handlers: ({ createHandlers }) => createHandlers({ GET: ${get}, POST: { middleware: [], handler: ${get} } }) }`,
        ),
        file,
      ),
    ).toEqual(['GET', 'POST'])
  })
  it('ANY', () => {
    expect(names(route(`{ handlers: { ANY: ${get} } }`), file)).toEqual(['ANY'])
  })
  it('handlers that are imported as an object', () => {
    expect(names(`const handlers = { GET: ${get}, PUT: ${get} }; ${route('{ handlers }')}`, file)).toEqual([
      'GET',
      'PUT',
    ])
  })
  it('the older createServerFileRoute', () => {
    expect(
      names(
        `import { createServerFileRoute } from '@tanstack/react-start/server'\nexport const ServerRoute = createServerFileRoute('/x').methods({ GET: async () => new Response(), POST: async () => new Response() })`,
        file,
      ),
    ).toEqual(['GET', 'POST'])
  })
  it('the older createServerFileRoute with a method builder', () => {
    expect(
      names(
        `import { createServerFileRoute } from '@tanstack/react-start/server'\nexport const ServerRoute = createServerFileRoute('/x').methods((api) => ({ GET: api.middleware([]).handler(async () => new Response()) }))`,
        file,
      ),
    ).toEqual(['GET'])
  })
  it('the older createAPIFileRoute', () => {
    expect(
      names(
        `import { createAPIFileRoute } from '@tanstack/react-start/api'\nexport const APIRoute = createAPIFileRoute('/x')({ GET: async () => new Response(), POST: async () => new Response() })`,
        file,
      ),
    ).toEqual(['GET', 'POST'])
  })
  it('no entry point for a route without handlers', () => {
    expect(names(`export const Route = createFileRoute('/x')({ component: () => null })`, 'src/routes/x.tsx')).toEqual(
      [],
    )
  })

  const at = (files: Files, name = 'GET'): string | undefined => found(files)[name]?.verdict
  const plain = route(`{ handlers: { GET: ${get} } }`)
  it('an open handler is unguarded', () => {
    expect(at({ [file]: plain })).toBe('unguarded')
  })
  it("the route's own middleware guards its handlers", () => {
    expect(
      at({ [file]: `${strictRequest}${route(`{ middleware: [strictRequest], handlers: { GET: ${get} } }`)}` }),
    ).toBe('guarded')
  })
  it("a handler's own middleware guards that handler only", () => {
    const answers = found({
      [file]: `${strictRequest}${route(`{ handlers: ({ createHandlers }) => createHandlers({ GET: ${get}, POST: { middleware: [strictRequest], handler: ${get} } }) }`)}`,
    })
    expect([answers.GET?.verdict, answers.POST?.verdict]).toEqual(['unguarded', 'guarded'])
  })
  it('a session lookup with the headers of the request guards', () => {
    expect(
      at({
        [file]: route(
          `{ handlers: { GET: async ({ request }) => { const s = await auth.api.getSession({ headers: request.headers }); if (!s) return new Response(null, { status: 401 }); return Response.json(await db.select().from(invoices)) } } }`,
        ),
      }),
    ).toBe('guarded')
  })
  it('a wrapper of the handler guards', () => {
    expect(
      at({
        [file]: `const withUser = (fn: any) => async (args: any) => { const s = await auth.api.getSession({ headers: args.request.headers }); if (!s) return new Response(null, { status: 401 }); return fn({ ...args, user: s.user }) }\n${route(`{ handlers: { GET: withUser(${get}) } }`)}`,
      }),
    ).toBe('guarded')
  })

  const guardedParent = (path: string): string =>
    `${strictRequest}export const Route = createFileRoute('${path}')({ server: { middleware: [strictRequest] } })`
  const parents: Record<string, Files> = {
    'the folder': { 'src/routes/api/x.ts': plain, 'src/routes/api/route.ts': guardedParent('/api') },
    'a file beside the folder': { 'src/routes/api/x.ts': plain, 'src/routes/api.ts': guardedParent('/api') },
    'a pathless layout': { 'src/routes/_authed/api.x.ts': plain, 'src/routes/_authed.tsx': guardedParent('/_authed') },
    'a dotted name': { 'src/routes/api.x.ts': plain, 'src/routes/api.ts': guardedParent('/api') },
    'the root': {
      'src/routes/api/x.ts': plain,
      'src/routes/__root.tsx': guardedParent('__root__')
        .replace("createFileRoute('__root__')(", 'createRootRoute(')
        .replace(
          'export const strictRequest',
          `import { createRootRoute } from '@tanstack/react-router'\nexport const strictRequest`,
        ),
    },
    'two levels above': { 'src/routes/api/v1/x.ts': plain, 'src/routes/api.ts': guardedParent('/api') },
  }
  for (const [name, files] of Object.entries(parents)) {
    it(`the middleware of a route above guards: ${name}`, () => {
      expect(at(files)).toBe('guarded')
    })
  }
  const strangers: Record<string, Files> = {
    'a sibling': { 'src/routes/api/x.ts': plain, 'src/routes/api/y.ts': guardedParent('/api/y') },
    'a longer name': { 'src/routes/api-x.ts': plain, 'src/routes/api.ts': guardedParent('/api') },
    'a folder that is left by an underscore': {
      'src/routes/api_.x.ts': plain,
      'src/routes/api.ts': guardedParent('/api'),
    },
    'a child': { 'src/routes/api.ts': plain, 'src/routes/api/x.ts': guardedParent('/api/x') },
    'a beforeLoad above': {
      'src/routes/_authed/x.ts': plain,
      'src/routes/_authed.tsx': `export const Route = createFileRoute('/_authed')({ beforeLoad: () => { throw new Error() } })`,
    },
  }
  for (const [name, files] of Object.entries(strangers)) {
    it(`the middleware of another route does not guard: ${name}`, () => {
      expect(at(files)).toBe('unguarded')
    })
  }
  it('function middleware of the start file does not run for routes', () => {
    expect(
      at({
        [file]: plain,
        'src/start.ts': `import { createStart } from '@tanstack/react-start'\n${imports.replace(/\nimport \{ createMiddleware[^\n]*/, `\nimport { createMiddleware } from '@tanstack/react-start'`)}${strict}export const startInstance = createStart(() => ({ functionMiddleware: [strict] }))`,
      }),
    ).toBe('unguarded')
  })
  it('request middleware of the start file runs for routes', () => {
    expect(
      at({
        [file]: plain,
        'src/start.ts': `import { createStart } from '@tanstack/react-start'\n${imports.replace(/\nimport \{ createMiddleware[^\n]*/, `\nimport { createMiddleware } from '@tanstack/react-start'`)}${strictRequest}export const startInstance = createStart(() => ({ requestMiddleware: [strictRequest] }))`,
      }),
    ).toBe('guarded')
  })
  it("the middleware of a route does not guard the file's server functions", () => {
    const answers = found({
      'src/routes/x.tsx': `${strictRequest}export const act = createServerFn()${fn}; export const Route = createFileRoute('/x')({ server: { middleware: [strictRequest] }, loader: () => act() })`,
    })
    expect(answers.act?.verdict).toBe('unguarded')
  })
})

describe('handlers by name', () => {
  guarded({
    'declared above': `async function run({ data }: any) { ${session} if (!session) throw new Error(); ${work} }\nexport const act = createServerFn().handler(run)`,
    'declared below': `export const act = createServerFn().handler(run)\nasync function run({ data }: any) { ${session} if (!session) throw new Error(); ${work} }`,
  })
  unguarded({
    'declared above, open': `async function run({ data }: any) { ${work} }\nexport const act = createServerFn().handler(run)`,
    'open, in another file': [
      `import { run } from './run'; export const act = createServerFn().handler(run)`,
      { 'src/run.ts': `export async function run({ data }: any) { ${work} }` },
    ],
    'open, the default export of another file': [
      `import run from './run'; export const act = createServerFn().handler(run)`,
      { 'src/run.ts': `export default async function ({ data }: any) { ${work} }` },
    ],
    'open, a method of an object': `const impl = { async run({ data }: any) { ${work} } }; export const act = createServerFn().handler(impl.run)`,
    'open, in a conditional': `const a = async ({ data }: any) => { ${work} }; const b = async () => 1; export const act = createServerFn().handler(process.env.X ? a : b)`,
  })
  it('the same handler behind two chains gets two answers', () => {
    const answers = found({
      'src/fns.ts': `${strict} async function run({ data }: any) { ${work} }\nexport const a = createServerFn().middleware([strict]).handler(run)\nexport const b = createServerFn().handler(run)`,
    })
    expect([answers.a?.verdict, answers.b?.verdict]).toEqual(['guarded', 'unguarded'])
  })
})
