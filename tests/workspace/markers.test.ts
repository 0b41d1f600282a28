import { describe, expect, it } from 'vitest'
import { app, clears, first } from './files.ts'

const guarded = "import { authMiddleware } from './middleware'\n"
const problems = (code: string, policy?: string) =>
  app({ 'src/a.ts': code, 'authz.config.json': policy })
    .analyse('src/a.ts')
    .markers.map(({ problem, name }) => ({ problem, name }))

describe('a public marker', () => {
  it.each([
    ['above the declaration', '// authz: public -- the demo resets itself'],
    ['as a block comment', '/* authz: public -- the demo resets itself */'],
    ['as a block comment of several lines', '/**\n * authz: public -- the demo\n * resets itself\n */'],
    ['with another comment below it', '// authz: public -- the demo resets itself\n// eslint-disable-next-line'],
  ])('counts %s', (_, marker) => {
    const report = app({ 'src/a.ts': clears(marker) }).analyse('src/a.ts')
    expect(first(report)).toMatchObject({ verdict: 'public', reason: 'the demo resets itself', marker: 0 })
    expect(first(report).reasonAt?.range).toEqual(report.entryPoints[0]!.evidence[0]!.place.range)
    expect(first(report).cause).toBeUndefined()
    expect(first(report).effects).not.toEqual([])
    expect(report.markers).toEqual([])
  })

  it('counts above a property', () => {
    const code = `import { createServerFn } from '@tanstack/react-start'
import { db, invoices } from './db'
export const api = {
  // authz: public -- everybody may
  clear: createServerFn().handler(async () => { await db.delete(invoices) }),
  drop: createServerFn().handler(async () => { await db.delete(invoices) }),
}
`
    const report = app({ 'src/a.ts': code }).analyse('src/a.ts')
    expect(report.entryPoints.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['clear', 'public'],
      ['drop', 'unguarded'],
    ])
  })

  it('counts above a verb of a route', () => {
    const code = `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../db'
export const Route = createFileRoute('/x')({
  server: {
    handlers: {
      // authz: public -- everybody may
      POST: async () => { await db.delete(invoices) },
      DELETE: async () => { await db.delete(invoices) },
    },
  },
})
`
    const report = app({ 'src/routes/x.ts': code }).analyse('src/routes/x.ts')
    expect(report.entryPoints.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['POST', 'public'],
      ['DELETE', 'unguarded'],
    ])
  })

  it.each(['// authz: public', '// authz: public --', '// authz: public -- <reason>'])(
    'without a reason does not count: %s',
    (marker) => {
      const report = app({ 'src/a.ts': clears(marker) }).analyse('src/a.ts')
      expect(first(report)).toMatchObject({ verdict: 'unguarded', marker: 0 })
      expect(report.markers).toMatchObject([{ problem: 'noReason', name: 'clear' }])
    },
  )

  it.each(['pubic -- x', 'Public -- x', 'public: x', 'publik', 'allow', 'publci -- x', 'everyone -- x'])(
    'is misspelt: %s',
    (text) => {
      expect(problems(clears(`// authz: ${text}`))).toEqual([{ problem: 'misspelt', name: 'clear' }])
    },
  )

  it.each([
    '// authz public -- x',
    '// @authz public -- x',
    '/** @authz: public -- x */',
    '/**\n * Clears it.\n * authz: public -- x\n */',
  ])('is misspelt where it does not begin the comment as `authz:`, and does not count: %s', (comment) => {
    const report = app({ 'src/a.ts': clears(comment) }).analyse('src/a.ts')
    expect(first(report).verdict).toBe('unguarded')
    expect(report.markers).toMatchObject([{ problem: 'misspelt', name: 'clear' }])
  })

  it.each([
    '// authz see the docs',
    '// authz authorization is checked by the gateway',
    '// authz user (3rd argument, used by tools -- see the docs).',
    '// authz is handled above — see requireUser',
    '// Authz open question: do we need roles?',
    '// authz: see docs/authz.md',
    '// authz: handled in the middleware — see requireUser',
    '// authz - see above',
    '// authz public routes are listed below',
    '/* authz policy: everybody signed in */',
  ])('is none in a comment that only mentions the word: %s', (comment) => {
    expect(problems(clears(comment))).toEqual([])
  })

  it.each([
    ['with an empty line below it', clears('// authz: public -- x\n')],
    ['above something else', clears('// authz: public -- x\nconst limit = 1')],
    ['at the end of the file', `${clears()}// authz: public -- x\n`],
    ['in a file without entry points', '// authz: public -- x\nexport const a = 1\n'],
  ])('is orphaned %s', (_, code) => {
    expect(problems(code)).toMatchObject([{ problem: 'orphaned' }])
  })

  it('is stale where the code refuses, and the verdict stays what the code says', () => {
    const report = app({
      'src/a.ts': clears(`${guarded}// authz: public -- x`, '.middleware([authMiddleware])'),
    }).analyse('src/a.ts')
    expect(report.markers).toMatchObject([{ problem: 'stale', name: 'clear' }])
    expect(first(report).verdict).toBe('guarded')
  })

  it('is stale where nothing is protected', () => {
    expect(
      problems(
        "import { createServerFn } from '@tanstack/react-start'\n// authz: public -- x\nexport const now = createServerFn().handler(() => 1)\n",
      ),
    ).toEqual([{ problem: 'stale', name: 'now' }])
  })

  it('is not stale where one of the verbs below it needs it', () => {
    const code = `import { createFileRoute } from '@tanstack/react-router'
import { db, invoices } from '../db'
// authz: public -- everybody may
export const Route = createFileRoute('/x')({
  server: { handlers: { GET: () => new Response('ok'), DELETE: async () => { await db.delete(invoices) } } },
})
`
    const report = app({ 'src/routes/x.ts': code }).analyse('src/routes/x.ts')
    expect(report.markers).toEqual([])
    expect(report.entryPoints.map(({ verdict }) => verdict)).toEqual(['public', 'public'])
  })

  it('does not count where the policy forbids it', () => {
    const policy = '{ "inlinePublic": "forbid" }'
    const report = app({ 'src/a.ts': clears('// authz: public -- x'), 'authz.config.json': policy }).analyse('src/a.ts')
    expect(first(report).verdict).toBe('unguarded')
    expect(report.inlinePublicForbidden).toBe(true)
    expect(report.markers).toMatchObject([{ problem: 'forbidden', name: 'clear' }])
  })
})
