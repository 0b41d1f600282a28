import { readFileSync } from 'node:fs'
import * as typescript from '@typescript-eslint/parser'
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/lowering/lower.ts'
import type { ModuleForm } from '../../src/model/form.ts'
import { app, clears, first, shared } from './files.ts'

/** As a host does it. */
function parse(text: string, file: string): ModuleForm {
  const { ast } = typescript.parseForESLint(text, { range: true, comment: true, filePath: file })
  return lower(ast, text, file, ast.comments)
}

const guardedBy = (name: string) => clears(`import { ${name} } from './middleware'`, `.middleware([${name}])`)

describe('an answer of before', () => {
  it('holds while nothing changed', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware') })
    const before = a.analyse('src/a.ts')
    expect(a.analyse('src/a.ts')).toBe(before)
  })

  it('falls when a dependency was edited', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware') })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
    a.write(
      'src/middleware.ts',
      shared['src/middleware.ts']!.replaceAll('authMiddleware', 'other').replace('softMiddleware', 'authMiddleware'),
    )
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
    a.write('src/middleware.ts', shared['src/middleware.ts']!)
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
  })

  it('falls when a dependency of a dependency was edited, by whichever file it is asked', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware'), 'src/b.ts': guardedBy('authMiddleware') })
    a.analyse('src/a.ts')
    expect(first(a.analyse('src/b.ts')).verdict).toBe('guarded')
    a.write('src/auth.ts', 'export const auth = { api: { getSession: async () => ({ user: {} }) } }\n')
    expect(first(a.analyse('src/b.ts')).verdict).toBe('unguarded')
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
  })

  it('falls when what was not there appears, and when what was there vanishes', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware'), 'src/middleware.ts': undefined })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unverifiable')
    a.write('src/middleware.ts', shared['src/middleware.ts']!)
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
    a.remove('src/middleware.ts')
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unverifiable')
  })

  it('falls when global middleware appears', () => {
    const a = app({ 'src/a.ts': clears() })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
    a.write(
      'src/start.ts',
      "import { createStart } from '@tanstack/react-start'\nimport { authMiddleware } from './middleware'\nexport const startInstance = createStart(() => ({ functionMiddleware: [authMiddleware] }))\n",
    )
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
  })

  it('falls when the guard of a route above is edited', () => {
    const route =
      "import { createFileRoute } from '@tanstack/react-router'\nimport { db, invoices } from '../db'\nexport const Route = createFileRoute('/x')({ server: { handlers: { DELETE: async () => { await db.delete(invoices) } } } })\n"
    const root = (list: string) =>
      `import { createRootRoute } from '@tanstack/react-router'\nimport { authMiddleware } from '../middleware'\nexport const Route = createRootRoute({ server: { middleware: [${list}] } })\n`
    const a = app({ 'src/routes/x.ts': route, 'src/routes/__root.tsx': root('authMiddleware') })
    expect(first(a.analyse('src/routes/x.ts')).verdict).toBe('guarded')
    a.write('src/routes/__root.tsx', root(''))
    expect(first(a.analyse('src/routes/x.ts')).verdict).toBe('unguarded')
  })

  it('falls when a file that nothing imports mints the keys of a store otherwise, by whichever file it is asked', () => {
    const guard = "import { load } from './session'\nimport { createMiddleware } from '@tanstack/react-start'\n"
    const loads = `import { getCookie } from '@tanstack/react-start/server'
import { kv } from '@vercel/kv'
const sum = (a: number, b: number): number => a + b
export async function load() {
  // long enough that what it gives is kept for the file that asks later
  const steps = [${'sum(1, sum(2, sum(3, 4))), '.repeat(20)}]
  const token = steps.length > 0 ? getCookie('sid') : ''
  return token ? kv.get(\`session:\${token}\`) : null
}
`
    const mints = (key: string) =>
      `import { kv } from '@vercel/kv'\nexport const open = (user: { id: string }) => kv.set(\`session:\${${key}}\`, user)\n`
    const middleware = `const loaded = createMiddleware().server(async ({ next }) => {
  if (!(await load())) throw new Error('Unauthorized')
  return next()
})`
    const file = clears(`${guard}${middleware}`, '.middleware([loaded])')
    const a = app({ 'src/a.ts': file, 'src/b.ts': file, 'src/session.ts': loads })
    const verdicts = () => [first(a.analyse('src/a.ts')).verdict, first(a.analyse('src/b.ts')).verdict]
    expect(verdicts()).toEqual(['unguarded', 'unguarded'])
    a.write('src/jobs/mint.ts', mints('crypto.randomUUID()'))
    expect(verdicts()).toEqual(['guarded', 'guarded'])
    a.write('src/jobs/mint.ts', mints('user.id'))
    expect(first(a.analyse('src/b.ts')).verdict).toBe('unguarded')
    a.write('src/jobs/mint.ts', mints('crypto.randomUUID()'))
    expect(verdicts()).toEqual(['guarded', 'guarded'])
    a.remove('src/jobs/mint.ts')
    expect(first(a.analyse('src/b.ts')).verdict).toBe('unguarded')
  })

  it('falls for guards to insert as well', () => {
    const a = app({ 'src/a.ts': clears() })
    const names = () => {
      a.analyse('src/a.ts')
      return a.workspace.guardsFor(a.path('src/a.ts'), 'server-fn').map(({ name }) => name)
    }
    expect(names()).toEqual(['authMiddleware'])
    a.write('src/middleware.ts', shared['src/middleware.ts']!.replaceAll('authMiddleware', 'userMiddleware'))
    expect(names()).toEqual(['userMiddleware'])
  })
})

describe('the text of the editor', () => {
  const lint = (a: ReturnType<typeof app>, file: string, text: string) =>
    a.workspace.analyse(a.path(file), parse(text, a.path(file)), text)

  it('counts, not what is on disk', () => {
    const a = app({ 'src/a.ts': clears() })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
    expect(first(lint(a, 'src/a.ts', guardedBy('authMiddleware'))).verdict).toBe('guarded')
    expect(first(lint(a, 'src/a.ts', clears())).verdict).toBe('unguarded')
    expect(first(a.analyse('src/a.ts')).verdict).toBe('unguarded')
  })

  it('of one file is not seen by the lint of another', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware') })
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
    lint(a, 'src/middleware.ts', 'export const authMiddleware = 1\n')
    expect(first(a.analyse('src/a.ts')).verdict).toBe('guarded')
  })

  it('that says what the file says is the same file', () => {
    const a = app({ 'src/a.ts': guardedBy('authMiddleware') })
    const before = a.analyse('src/a.ts')
    expect(lint(a, 'src/a.ts', readFileSync(a.path('src/a.ts'), 'utf8'))).toBe(before)
  })
})
