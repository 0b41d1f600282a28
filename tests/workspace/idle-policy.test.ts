import { describe, expect, it } from 'vitest'
import { app, clears } from './files.ts'

/** What the inventory of a small application says of its policy, and what an editor does. */
function problems(policy: object, files: Record<string, string> = {}, folder = '') {
  const a = app({ 'src/a.ts': clears(), ...files, 'authz.config.json': JSON.stringify(policy) })
  const found = a.workspace.inventory(a.path(folder)).problems
  expect(a.analyse('src/a.ts')).toMatchObject({ problems: [] })
  expect(a.analyse('src/a.ts').policyProblem).toBeUndefined()
  return found.map(({ file, message }) => `${file}: ${message}`)
}

const idle = (key: string, glob: string, consequence: string) =>
  `authz.config.json: ${key}: “${glob}” fits no file that has an entry point, ${consequence}`

const wouldBePublic = 'and whatever comes to stand there would be public unseen. Remove it'

describe('a glob of the policy that fits no entry point is a problem of the inventory', () => {
  const reason = 'why'

  it.each([
    [
      'public',
      { public: [{ files: ['src/a.ts', 'src/gone.ts'], reason }] },
      idle('public[0].files', 'src/gone.ts', wouldBePublic),
    ],
    [
      'external',
      { external: [{ files: 'src/hooks/**', proves: ['secret'], reason }] },
      idle(
        'external[0].files',
        'src/hooks/**',
        'and whatever comes to stand there would count as guarded unseen. Remove it',
      ),
    ],
    [
      'require',
      { require: [{ proves: ['tenant'] }, { files: 'app/**', proves: ['tenant'] }] },
      idle('require[1].files', 'app/**', 'so it demands nothing. Correct it'),
    ],
    [
      'a file without one',
      { public: [{ files: 'src/db.ts', reason }] },
      idle('public[0].files', 'src/db.ts', wouldBePublic),
    ],
  ])('%s', (_name, policy, expected) => {
    expect(problems(policy)).toEqual([expected])
  })

  it('one that fits says something', () => {
    expect(problems({ public: [{ files: 'src/*.ts', reason }], require: [{ proves: ['tenant'] }] })).toEqual([])
  })

  it('one that fits what was not understood may say something', () => {
    const broken = { 'src/b.ts': `${clears()}\nexport const = 1\n` }
    expect(problems({ public: [{ files: 'src/b.ts', reason }] }, broken)).toEqual([
      expect.stringMatching(/^src\/b\.ts: syntax error/),
    ])
  })

  it('of a folder of the project nobody knows', () => {
    expect(problems({ public: [{ files: 'api/gone.ts', reason }] }, {}, 'src')).toEqual([])
  })

  it('of some files alone nobody knows either', () => {
    const policy = JSON.stringify({ public: [{ files: 'src/b.ts', reason }] })
    const a = app({ 'src/a.ts': clears(), 'src/b.ts': clears(), 'authz.config.json': policy })
    expect(a.workspace.inventory(a.root, undefined, [a.path('src/a.ts')]).problems).toEqual([])
  })

  it('a policy that others extend may speak of files that not every project has', () => {
    const org = JSON.stringify({ public: [{ files: 'src/health.ts', reason }] })
    expect(problems({ extends: './org.json' }, { 'org.json': org })).toEqual([])
  })

  it('each policy speaks of its own files', () => {
    const policy = { public: [{ files: 'src/a.ts', reason }] }
    const inner = { 'packages/x/authz.config.json': JSON.stringify(policy), 'packages/x/src/b.ts': clears() }
    expect(problems(policy, inner)).toEqual([`packages/x/${idle('public[0].files', 'src/a.ts', wouldBePublic)}`])
  })
})

describe('a reference of the policy that leads to nothing is a problem of the inventory', () => {
  const guard = (from: string, name = 'authMiddleware') => ({ guards: [{ name, from, proves: ['authenticated'] }] })

  it.each<[string, object, string]>([
    ['no such file', guard('./src/gone'), 'guards[0]: “./src/gone” leads to no file'],
    ['no such alias', { insert: { call: { name: 'x', from: '~/gone' } } }, 'insert.call: “~/gone” leads to no file'],
    ['no such export', guard('./src/middleware', 'auth'), 'guards[0]: “./src/middleware” exports no `auth`'],
    [
      'a file that cannot be read',
      guard('./src/broken'),
      'guards[0]: “./src/broken” could not be read: syntax error in line 1: Unexpected token',
    ],
  ])('%s', (_name, policy, expected) => {
    const files = {
      'src/broken.ts': 'export const = 1',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    }
    expect(problems(policy, files)).toEqual([`authz.config.json: ${expected}`])
  })

  it.each<[string, object]>([
    ['an export', guard('./src/middleware')],
    ['what a barrel may hand on', guard('./src/barrel', 'anything')],
    ['a package, which need not be installed', guard('@acme/auth')],
    ['a path into an exported object', { denialLog: [{ name: 'auth.api', from: './src/auth' }] }],
  ])('%s is left alone', (_name, policy) => {
    expect(problems(policy, { 'src/barrel.ts': "export * from '@acme/auth'" })).toEqual([])
  })

  it('an alias that leads somewhere in one of the applications is left alone', () => {
    const one = {
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
      'apps/web/src/b.ts': clears(),
      'apps/web/src/who.ts': 'export const requireUser = () => {}',
      'apps/api/package.json': '{ "name": "api" }',
      'apps/api/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
      'apps/api/src/c.ts': clears(),
    }
    expect(problems(guard('~/who', 'requireUser'), one)).toEqual([])
  })
})
