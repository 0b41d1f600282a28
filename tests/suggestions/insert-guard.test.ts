import { describe, expect, it } from 'vitest'
import type { EntryPointShape } from '../../src/model/report.ts'
import { insertGuard } from '../../src/suggestions/insert-guard.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { authMiddleware, entryPoint, rangesOf, type At } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

type Shape = Omit<EntryPointShape, 'declaration'>

const imported: GuardCandidate = { ...authMiddleware, local: 'authMiddleware' }

function inserted(
  code: string,
  shape: (at: At) => Shape,
  guard: GuardCandidate = imported,
  kind: 'server-fn' | 'server-route' = 'server-fn',
) {
  const declaration = rangesOf(code)('export const')
  const report = entryPoint({ kind, range: declaration, shape: { ...shape(rangesOf(code)), declaration } })
  const suggestion = insertGuard(sourceOf(code), '/p/src/invoices.ts', report, guard)
  return { id: suggestion?.id, code: applied(code, suggestion?.edits) }
}

const chain = (code: string, start: string, guard?: GuardCandidate) =>
  inserted(code, (at) => ({ chainStart: at(start) }), guard).code
const list = (code: string, middleware: string) => inserted(code, (at) => ({ middleware: at(middleware) })).code
const route = (code: string, shape: (at: At) => Shape, guard?: GuardCandidate) =>
  inserted(code, shape, guard, 'server-route')

describe('a guard in front of a server function', () => {
  it('is made by a call, once', () => {
    const made: GuardCandidate = { ...imported, args: ['admin', ['a', null]] }
    const [start, written] = ['createServerFn()', "authMiddleware('admin', ['a', null])"]
    expect(chain(`export const f = ${start}.handler(work)`, start, made)).toBe(
      `export const f = ${start}.middleware([${written}]).handler(work)`,
    )
    const behind = (list: string) =>
      inserted(`export const f = ${start}.middleware(${list}).handler(work)`, (at) => ({ middleware: at(list) }), made)
    expect(behind('[authMiddleware]').code).toContain(`.middleware([${written}, authMiddleware])`)
    expect(behind(`[${written}]`).code).toBeUndefined()
  })

  it('follows the start of the chain', () => {
    expect(chain('export const f = createServerFn().handler(work)', 'createServerFn()')).toBe(
      'export const f = createServerFn().middleware([authMiddleware]).handler(work)',
    )
  })

  it('stands on a line of its own in a chain of lines', () => {
    expect(
      chain(
        "export const f = createServerFn({ method: 'POST' })\n  .validator(v)\n  .handler(work)",
        "createServerFn({ method: 'POST' })",
      ),
    ).toBe(
      "export const f = createServerFn({ method: 'POST' })\n  .middleware([authMiddleware])\n  .validator(v)\n  .handler(work)",
    )
  })

  it('keeps CRLF and tabs', () => {
    expect(chain('export const f = createServerFn()\r\n\t.handler(work)\r\n', 'createServerFn()')).toBe(
      'export const f = createServerFn()\r\n\t.middleware([authMiddleware])\r\n\t.handler(work)\r\n',
    )
  })

  it('follows a base variable', () => {
    expect(chain('export const f = base.handler(work)', 'base')).toBe(
      'export const f = base.middleware([authMiddleware]).handler(work)',
    )
  })

  it('follows a base that is called', () => {
    expect(chain('export const f = base({ method: "POST" }).handler(work)', 'base({ method: "POST" })')).toBe(
      'export const f = base({ method: "POST" }).middleware([authMiddleware]).handler(work)',
    )
  })

  it('does not move into a comment', () => {
    expect(chain('export const f = createServerFn() // reads\n  .handler(work)', 'createServerFn()')).toBe(
      'export const f = createServerFn()\n  .middleware([authMiddleware]) // reads\n  .handler(work)',
    )
  })

  it('becomes the first of a list', () => {
    expect(list('export const f = createServerFn().middleware([log]).handler(work)', '[log]')).toBe(
      'export const f = createServerFn().middleware([authMiddleware, log]).handler(work)',
    )
  })

  it('keeps the spaces inside the brackets', () => {
    expect(list('export const f = createServerFn().middleware([ log ]).handler(work)', '[ log ]')).toContain(
      '([ authMiddleware, log ])',
    )
  })

  it('becomes the only one of an empty list', () => {
    expect(list('export const f = createServerFn().middleware([]).handler(work)', '[]')).toContain('([authMiddleware])')
  })

  it('takes a line of its own in a list of lines', () => {
    expect(
      list(
        'export const f = createServerFn().middleware([\n  log,\n  trace,\n]).handler(work)',
        '[\n  log,\n  trace,\n]',
      ),
    ).toBe('export const f = createServerFn().middleware([\n  authMiddleware,\n  log,\n  trace,\n]).handler(work)')
  })

  it('goes into a list that is cast', () => {
    expect(
      list('export const f = createServerFn().middleware([log] as const).handler(work)', '[log] as const'),
    ).toContain('([authMiddleware, log] as const)')
  })

  it('spreads a tuple', () => {
    expect(list('export const f = createServerFn().middleware(common).handler(work)', 'common')).toContain(
      '([authMiddleware, ...common])',
    )
  })

  it('spreads what a call returns', () => {
    expect(list('export const f = createServerFn().middleware(common("x")).handler(work)', 'common("x")')).toContain(
      '([authMiddleware, ...common("x")])',
    )
  })

  it('brings its import', () => {
    expect(
      chain(
        "import { createServerFn } from '@tanstack/react-start'\n\nexport const f = createServerFn().handler(work)\n",
        'createServerFn()',
        authMiddleware,
      ),
    ).toBe(
      "import { createServerFn } from '@tanstack/react-start'\nimport { authMiddleware } from '~/middleware'\n\nexport const f = createServerFn().middleware([authMiddleware]).handler(work)\n",
    )
  })

  it('takes another name where its own is taken', () => {
    const code = chain(
      "import { authMiddleware } from './soft'\nexport const f = createServerFn().handler(() => authMiddleware)\n",
      'createServerFn()',
      authMiddleware,
    )
    expect(code).toContain("import { authMiddleware as authMiddlewareGuard } from '~/middleware'")
    expect(code).toContain('.middleware([authMiddlewareGuard])')
  })

  const sameFile: GuardCandidate = { ...authMiddleware, file: '/p/src/invoices.ts' }

  it('needs no import in its own file', () => {
    expect(
      chain(
        'const authMiddleware = createMiddleware()\nexport const f = createServerFn().handler(work)',
        'createServerFn()',
        sameFile,
      ),
    ).toBe(
      'const authMiddleware = createMiddleware()\nexport const f = createServerFn().middleware([authMiddleware]).handler(work)',
    )
  })

  it('is not offered above its own declaration, where it does not exist yet', () => {
    expect(
      chain(
        'export const f = createServerFn().handler(work)\nexport const authMiddleware = createMiddleware()',
        'createServerFn()',
        sameFile,
      ),
    ).toBeUndefined()
  })

  it('is not offered where the analysis knows no place', () => {
    expect(inserted('export const f = make()', () => ({})).code).toBeUndefined()
  })
})

describe('a guard in front of a server route', () => {
  it('becomes a property of `server`', () => {
    const code = "export const Route = createFileRoute('/x')({ server: { handlers: { GET: get } } })"
    expect(route(code, (at) => ({ server: at('{ handlers: { GET: get } }'), handler: at('get') }))).toEqual({
      id: 'insertRouteGuard',
      code: "export const Route = createFileRoute('/x')({ server: { middleware: [authMiddleware], handlers: { GET: get } } })",
    })
  })

  it('takes a line of its own in an object of lines', () => {
    const server = '{\n    handlers: {\n      GET: get,\n    },\n  }'
    const code = `export const Route = createFileRoute('/x')({\n  server: ${server},\n})`
    expect(route(code, (at) => ({ server: at(server), handler: at('get') })).code).toBe(
      "export const Route = createFileRoute('/x')({\n  server: {\n    middleware: [authMiddleware],\n    handlers: {\n      GET: get,\n    },\n  },\n})",
    )
  })

  it('joins the middleware that is there', () => {
    const code = "export const Route = createFileRoute('/x')({ server: { middleware: [log], handlers: { GET: get } } })"
    expect(
      route(code, (at) => ({
        server: at('{ middleware: [log], handlers: { GET: get } }'),
        middleware: at('[log]'),
        handler: at('get'),
      })),
    ).toEqual({ id: 'insertRouteGuard', code: code.replace('[log]', '[authMiddleware, log]') })
  })

  const handlers = (verbs: string) =>
    `export const Route = createFileRoute('/x')({ server: { handlers: ({ createHandlers }) => createHandlers(${verbs}) } })`

  it('wraps a single verb of createHandlers', () => {
    expect(route(handlers('{ GET: open, POST: (c) => save(c) }'), (at) => ({ handler: at('(c) => save(c)') }))).toEqual(
      {
        id: 'insertVerbGuard',
        code: handlers('{ GET: open, POST: { middleware: [authMiddleware], handler: (c) => save(c) } }'),
      },
    )
  })

  it('wraps a shorthand verb of createHandlers', () => {
    expect(route(handlers('{ POST }'), (at) => ({ handler: at('POST') })).code).toBe(
      handlers('{ POST: { middleware: [authMiddleware], handler: POST } }'),
    )
  })

  it('becomes a property of a verb that is an object', () => {
    expect(route(handlers('{ POST: { handler: save } }'), (at) => ({ handler: at('{ handler: save }') })).code).toBe(
      handlers('{ POST: { middleware: [authMiddleware], handler: save } }'),
    )
  })

  it('joins the middleware of the verb', () => {
    expect(
      route(handlers('{ POST: { middleware: [log], handler: save } }'), (at) => ({
        handler: at('{ middleware: [log], handler: save }'),
        middleware: at('[log]'),
      })),
    ).toEqual({
      id: 'insertVerbGuard',
      code: handlers('{ POST: { middleware: [authMiddleware, log], handler: save } }'),
    })
  })

  it('guards the whole route where the verb is a method', () => {
    const server = '{ handlers: ({ createHandlers }) => createHandlers({ POST() {} }) }'
    const code = `export const Route = createFileRoute('/x')({ server: ${server} })`
    expect(route(code, (at) => ({ server: at(server), handler: at('() {}') })).id).toBe('insertRouteGuard')
  })

  it('follows the start of a legacy chain', () => {
    expect(
      route("export const ServerRoute = createServerFileRoute('/x').methods({ GET: get })", (at) => ({
        chainStart: at("createServerFileRoute('/x')"),
        handler: at('get'),
      })).code,
    ).toBe("export const ServerRoute = createServerFileRoute('/x').middleware([authMiddleware]).methods({ GET: get })")
  })
})
