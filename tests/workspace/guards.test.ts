import { describe, expect, it } from 'vitest'
import { app, clears, first, shared } from './files.ts'

const more = `import { createMiddleware } from '@tanstack/react-start'
import { auth } from './auth'
export const adminMiddleware = createMiddleware({ type: 'function' }).server(async ({ next, context }) => {
  const session = await auth.api.getSession({ headers: new Headers() })
  if (session?.user.role !== 'admin') throw new Error('Forbidden')
  return next()
})
export const clientMiddleware = createMiddleware().client(({ next }) => next())
export const logMiddleware = createMiddleware().server(({ next }) => next())
export const nightly = createMiddleware().server(({ next }) => { throw new Error('closed') })
`
const guards = (
  files: Record<string, string | undefined>,
  file = 'src/a.ts',
  kind: 'server-fn' | 'server-route' = 'server-fn',
) => {
  const a = app(files)
  return a.workspace
    .guardsFor(a.path(file), kind)
    .map((guard) => ({ ...guard, file: guard.file.replace(a.root, '').replaceAll('\\', '/') }))
}

describe('guards to insert', () => {
  it('the one that the policy names comes first', () => {
    const policy = JSON.stringify({ insert: { middleware: { name: 'softMiddleware', from: './src/middleware' } } })
    expect(guards({ 'src/a.ts': clears(), 'authz.config.json': policy })).toMatchObject([
      { name: 'softMiddleware', file: '/src/middleware.ts', specifier: './middleware', type: 'request' },
      { name: 'authMiddleware' },
    ])
  })

  it('those that other functions of the file use', () => {
    const code = `import { adminMiddleware } from './more'
import { authMiddleware as signedIn } from './middleware'
${clears('export const one = createServerFn().middleware([signedIn]).handler(() => 1)\nexport const two = createServerFn().middleware([signedIn]).handler(() => 2)\nexport const three = createServerFn().middleware([adminMiddleware]).handler(() => 3)')}`
    expect(guards({ 'src/a.ts': code, 'src/more.ts': more })).toEqual([
      {
        name: 'authMiddleware',
        file: '/src/middleware.ts',
        local: 'signedIn',
        specifier: './middleware',
        type: 'request',
      },
      {
        name: 'adminMiddleware',
        file: '/src/more.ts',
        local: 'adminMiddleware',
        specifier: './more',
        type: 'function',
      },
    ])
  })

  it('one that the file declares', () => {
    const code = clears(`import { createMiddleware } from '@tanstack/react-start'
import { auth } from './auth'
const mine = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: new Headers() })
  if (!session) throw new Error()
  return next()
})`)
    expect(guards({ 'src/a.ts': code })).toEqual([{ name: 'mine', file: '/src/a.ts', specifier: '', type: 'request' }])
  })

  it('those of the folder', () => {
    expect(guards({ 'src/a.ts': clears(), 'src/more.ts': more }).map(({ name }) => name)).toEqual([
      'authMiddleware',
      'adminMiddleware',
    ])
  })

  it('the nearest of the project', () => {
    const code = clears().replaceAll('./', '../../')
    expect(guards({ 'src/features/x/a.ts': code }, 'src/features/x/a.ts')).toEqual([
      { name: 'authMiddleware', file: '/src/middleware.ts', specifier: '../../middleware', type: 'request' },
    ])
  })

  it('by the alias that the file uses', () => {
    const tsconfig = '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }'
    const code = clears().replace("'./db'", "'~/db'")
    expect(guards({ 'src/features/x/a.ts': code, 'tsconfig.json': tsconfig }, 'src/features/x/a.ts')).toMatchObject([
      { specifier: '~/middleware' },
    ])
  })

  it('with the extension that the file writes', () => {
    expect(guards({ 'src/a.ts': clears().replace("'./db'", "'./db.ts'") })).toMatchObject([
      { specifier: './middleware.ts' },
    ])
  })

  it('for a route, only what runs for requests', () => {
    const code =
      "import { adminMiddleware } from '../more'\nimport { createFileRoute } from '@tanstack/react-router'\nexport const Route = createFileRoute('/x')({ server: { middleware: [adminMiddleware] } })\n"
    expect(guards({ 'src/routes/x.ts': code, 'src/more.ts': more }, 'src/routes/x.ts', 'server-route')).toMatchObject([
      { name: 'authMiddleware' },
    ])
  })

  it('none, where none refuses anonymous callers and lets others pass', () => {
    expect(
      guards({ 'src/a.ts': clears(), 'src/middleware.ts': more.replace(/export const admin[\s\S]*?\n\}\)\n/, '') }),
    ).toEqual([])
  })

  const made = `import { createMiddleware } from '@tanstack/react-start'
import { auth } from './auth'
import { authMiddleware } from './middleware'
export const roleMiddleware = (...roles: string[]) => createMiddleware({ type: 'function' }).middleware([authMiddleware]).server(async ({ next, context }) => {
  if (!roles.includes(context.user.role)) throw new Error('Forbidden')
  return next()
})
export const may = (permission: string) => createMiddleware({ type: 'function' }).middleware([authMiddleware]).server(async ({ next, context }) => {
  if (!context.user.permissions.includes(permission)) throw new Error('Forbidden')
  return next()
})
`
  const using = (...lists: readonly string[]): string =>
    clears(
      `import { may, roleMiddleware } from './made'
import { authMiddleware } from './middleware'
const other = 'owner'
${lists.map((list, at) => `export const f${String(at)} = createServerFn().middleware([${list}]).handler(() => 1)\n`).join('')}`,
    )
  const namesOf = (found: readonly { readonly name: string; readonly args?: unknown }[]): string[] =>
    found.map(({ name, args }) => name + (args ? JSON.stringify(args) : ''))

  it('made by a call, as other functions of the file make them', () => {
    const code = using(`roleMiddleware('owner', 'admin')`, `roleMiddleware('owner', 'admin')`, 'authMiddleware')
    const [used, ...others] = guards({ 'src/a.ts': code, 'src/made.ts': made })
    expect(used).toEqual({
      name: 'roleMiddleware',
      file: '/src/made.ts',
      local: 'roleMiddleware',
      specifier: './made',
      type: 'function',
      args: ['owner', 'admin'],
    })
    expect(namesOf(others)).toEqual(['authMiddleware'])
  })

  it('not made by a call whose arguments mean nothing elsewhere', () => {
    const code = using('roleMiddleware(other)', 'roleMiddleware(...[])', 'roleMiddleware({ [other]: 1 })')
    expect(namesOf(guards({ 'src/a.ts': code, 'src/made.ts': made }))).toEqual(['authMiddleware'])
  })

  it('made by a call as files nearby make them, where nothing else is at hand', () => {
    const files = {
      'src/features/made.ts': made.replaceAll("'./", "'../"),
      'src/features/b.ts': using(`may('invoices:delete')`)
        .replaceAll("'./db'", "'../db'")
        .replace("'./middleware'", "'../middleware'"),
      'src/features/a.ts': clears().replace("'./db'", "'../db'"),
      'src/middleware.ts': shared['src/middleware.ts']!,
    }
    expect(guards(files, 'src/features/a.ts')).toEqual([
      {
        name: 'may',
        file: '/src/features/made.ts',
        specifier: './made',
        type: 'function',
        args: ['invoices:delete'],
      },
    ])
  })

  it('that ask for a right over rows, where that is wanted: a role that may do more, or a permission about them', () => {
    const over = (models: readonly string[], ...lists: readonly string[]) => {
      const a = app({ 'src/a.ts': using(...lists), 'src/made.ts': made })
      return namesOf(a.workspace.guardsFor(a.path('src/a.ts'), 'server-fn', undefined, { rightOver: models }))
    }
    expect(over(['members'], 'authMiddleware', `roleMiddleware('owner', 'admin')`)).toEqual([
      'roleMiddleware["owner","admin"]',
    ])
    expect(over(['members'], `roleMiddleware('member')`, `roleMiddleware('owner', 'member')`)).toEqual([])
    expect(over(['members'], `may('invoice:read')`, `may('member:manage')`)).toEqual(['may["member:manage"]'])
  })

  it('a name proves nothing', () => {
    const fake =
      "import { createMiddleware } from '@tanstack/react-start'\nexport const authMiddleware = createMiddleware().server(({ next }) => next({ context: { user: {} } }))\n"
    expect(guards({ 'src/a.ts': clears(), 'src/middleware.ts': fake })).toEqual([])
  })
})

describe('whether anything in the project asks who is calling', () => {
  it('is also said by what stands in a folder that begins with a dot, unless a tool wrote it', () => {
    const cause = (file: string): unknown => {
      const rest = { 'src/auth.ts': undefined, 'src/middleware.ts': undefined, 'src/a.ts': clears() }
      return first(app({ ...rest, [file]: shared['src/auth.ts']! }).analyse('src/a.ts')).cause
    }
    expect(cause('src/.internal/auth.ts')).toBe('noGuard')
    expect(cause('.output/auth.ts')).toBe('noGuardInProject')
  })
  it('is also said by what a file imports of the workspace', () => {
    const a = app({
      'package.json': '{ "name": "app", "workspaces": ["packages/*"] }',
      'src/auth.ts': undefined,
      'src/middleware.ts': undefined,
      'packages/guard/package.json': '{ "name": "@acme/guard", "main": "index.ts" }',
      'packages/guard/index.ts': shared['src/auth.ts']!,
      'src/a.ts': clears("import '@acme/guard'"),
      'src/b.ts': clears(),
    })
    const causes = (): unknown[] => ['src/a.ts', 'src/b.ts'].map((file) => first(a.analyse(file)).cause)
    expect(causes()).toEqual(['noGuard', 'noGuardInProject'])
    a.remove('packages/guard/index.ts')
    expect(causes()).toEqual(['noGuardInProject', 'noGuardInProject'])
    a.write('src/auth.ts', shared['src/auth.ts']!)
    expect(causes()).toEqual(['noGuard', 'noGuard'])
    a.remove('src/auth.ts')
    expect(causes()).toEqual(['noGuardInProject', 'noGuardInProject'])
  })
})
