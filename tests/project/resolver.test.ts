import { describe, expect, it } from 'vitest'
import { createProject } from '../../src/project/project.ts'
import { project } from './fixture.ts'

/** Where `specifier` leads from a file of the fixture, relative to its root: short to read in a test. */
function lead(files: Record<string, string>, from: string, specifier: string, follow: string[] = []): string {
  return leadIn(project(files), from, specifier, follow)
}

function leadIn(fixture: ReturnType<typeof project>, from: string, specifier: string, follow: string[] = []): string {
  const answer = createProject({ follow }).resolve(specifier, fixture.path(from))
  if (answer.kind === 'module') return answer.file.slice(fixture.root.length + 1).replaceAll('\\', '/')
  return answer.kind === 'package' ? `package ${answer.name}` : `unresolved: ${answer.reason}`
}

const json = JSON.stringify

describe('relative imports', () => {
  it.each([
    ['./b', 'b.ts', 'b.ts'],
    ['./b', 'b.tsx', 'b.tsx'],
    ['./b.js', 'b.ts', 'b.ts'],
    ['./b.js', 'b.tsx', 'b.tsx'],
    ['./b.jsx', 'b.tsx', 'b.tsx'],
    ['./b.mjs', 'b.mts', 'b.mts'],
    ['./b.cjs', 'b.cts', 'b.cts'],
    ['./b.js', 'b.js', 'b.js'],
    ['./b.ts', 'b.ts', 'b.ts'],
    ['./b', 'b/index.ts', 'b/index.ts'],
    ['./b/', 'b/index.tsx', 'b/index.tsx'],
    ['.', 'index.ts', 'index.ts'],
    ['./b.server', 'b.server.ts', 'b.server.ts'],
    ['./b.css', 'b.css.ts', 'b.css.ts'],
    ['./$id', '$id.tsx', '$id.tsx'],
  ])('%s leads to %s', (specifier, file, expected) => {
    expect(lead({ [file]: '' }, 'a.ts', specifier)).toBe(expected)
  })

  it('takes a file before a folder of the same name', () => {
    expect(lead({ 'b.ts': '', 'b/index.ts': '' }, 'a.ts', './b')).toBe('b.ts')
  })

  it('reads the main of a folder, unless that leads around in a circle', () => {
    expect(lead({ 'b/package.json': json({ main: './lib/m.js' }), 'b/lib/m.ts': '' }, 'a.ts', './b')).toBe('b/lib/m.ts')
    const circle = { 'b/package.json': json({ main: '../c' }), 'c/package.json': json({ main: '../b' }) }
    expect(lead(circle, 'a.ts', './b')).toMatch(/^unresolved/)
  })

  it('survives a folder that is named like a file', () => {
    expect(lead({ 'b.ts/index.ts': '' }, 'a.ts', './b.ts')).toBe('b.ts/index.ts')
  })

  it.each([
    ['./x.vue', 'x.vue', 'unresolved: a .vue file is not code'],
    ['./x.css', 'x.css', 'unresolved: a .css file is not code'],
    ['./x.json', 'x.json', 'unresolved: a .json file is not code'],
    ['./x.mdx', 'other', 'unresolved: a .mdx file is not code'],
    ['./x?raw', 'x.ts', 'unresolved: “./x?raw” is an import by query, not code'],
    ['./x', 'x.d.ts', 'unresolved: declaration only'],
    ['./x.js', 'x.d.ts', 'unresolved: declaration only'],
    ['./x', 'other', 'unresolved: “./x” leads to no file'],
  ])('%s with only %s: %s', (specifier, file, expected) => {
    expect(lead({ [file]: '' }, 'a.ts', specifier)).toBe(expected)
  })
})

describe('a declaration without a source', () => {
  it('is found for those who read types', () => {
    const fixture = project({ 'db/schema.d.ts': '', 'types/index.d.ts': '', 'b.ts': '' })
    const of = createProject()
    const from = fixture.path('a.ts')
    expect(of.declaration('./db/schema', from)).toBe(fixture.path('db/schema.d.ts'))
    expect(of.declaration('./db/schema.js', from)).toBe(fixture.path('db/schema.d.ts'))
    expect(of.declaration('./types', from)).toBe(fixture.path('types/index.d.ts'))
    expect(of.declaration('./b', from)).toBeUndefined()
  })
})

describe('packages', () => {
  it.each(['node:fs', 'fs', 'react', '@scope/x', '@scope/x/y', 'virtual:routes', 'cloudflare:workers', 'bun:test'])(
    '%s is a package, as written, with nothing installed',
    (specifier) => {
      expect(lead({ 'package.json': json({ dependencies: { react: '1' } }) }, 'a.ts', specifier)).toBe(
        `package ${specifier}`,
      )
    },
  )

  it('does not look into an installed package', () => {
    expect(lead({ 'node_modules/p/package.json': '{"main":"m.js"}', 'node_modules/p/m.js': '' }, 'a.ts', 'p')).toBe(
      'package p',
    )
  })

  it('follows a package that the policy names, by its exports', () => {
    const files = {
      'node_modules/@acme/p/package.json': json({
        name: '@acme/p',
        exports: { '.': { types: './m.d.ts', import: './m.mjs' }, './sub': './sub.js' },
      }),
      'node_modules/@acme/p/m.mjs': '',
      'node_modules/@acme/p/m.d.ts': '',
      'node_modules/@acme/p/sub.js': '',
      'node_modules/@acme/p/inner.js': '',
    }
    expect(lead(files, 'a.ts', '@acme/p', ['@acme/*'])).toBe('node_modules/@acme/p/m.mjs')
    expect(lead(files, 'a.ts', '@acme/p/sub', ['@acme/*'])).toBe('node_modules/@acme/p/sub.js')
    expect(lead(files, 'node_modules/@acme/p/sub.js', './inner.js', ['@acme/*'])).toBe('node_modules/@acme/p/inner.js')
    expect(lead(files, 'a.ts', '@acme/p/none', ['@acme/*'])).toMatch(/^unresolved/)
  })

  it('reads package.json#imports', () => {
    const files = {
      'package.json': json({ imports: { '#db': './src/db.ts', '#lib/*': './src/lib/*.js', '#out': './dist/o.js' } }),
      'src/db.ts': '',
      'src/lib/x.ts': '',
      'src/o.ts': '',
    }
    expect(lead(files, 'src/a.ts', '#db')).toBe('src/db.ts')
    expect(lead(files, 'src/a.ts', '#lib/x')).toBe('src/lib/x.ts')
    expect(lead(files, 'src/a.ts', '#out')).toBe('src/o.ts')
    expect(lead(files, 'src/a.ts', '#none')).toMatch(/^unresolved/)
    const circle = { 'package.json': json({ imports: { '#a': '#b', '#b': '#a' } }) }
    expect(lead(circle, 'a.ts', '#a')).toMatch(/^unresolved/)
  })
})

describe('tsconfig', () => {
  it('maps paths, comments and trailing commas in the file', () => {
    const files = {
      'tsconfig.json':
        '{ // aliases\n "compilerOptions": { "paths": { "~/*": ["./src/*"], /* one */ "db": ["./src/db"], }, }, }',
      'src/x.ts': '',
      'src/db/index.ts': '',
    }
    expect(lead(files, 'src/routes/a.ts', '~/x')).toBe('src/x.ts')
    expect(lead(files, 'src/routes/a.ts', 'db')).toBe('src/db/index.ts')
    expect(lead(files, 'src/routes/a.ts', '~/none')).toBe('unresolved: “~/none” leads to no file')
  })

  it('maps by the longest prefix, and tries all targets', () => {
    const files = {
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./a/*', './b/*'], '@/lib/*': ['./lib/*'] } } }),
      'b/x.ts': '',
      'lib/x.ts': '',
      'a/lib/x.ts': '',
    }
    expect(lead(files, 'm.ts', '@/x')).toBe('b/x.ts')
    expect(lead(files, 'm.ts', '@/lib/x')).toBe('lib/x.ts')
  })

  it('reads baseUrl, and leaves packages alone that are not below it', () => {
    const files = { 'tsconfig.json': json({ compilerOptions: { baseUrl: './src' } }), 'src/lib/x.ts': '' }
    expect(lead(files, 'src/a.ts', 'lib/x')).toBe('src/lib/x.ts')
    expect(lead(files, 'src/a.ts', 'react')).toBe('package react')
  })

  it('keeps what it says itself when its extends leads nowhere', () => {
    const files = {
      'tsconfig.json': json({
        extends: '@not/installed/base.json',
        compilerOptions: { paths: { '@/*': ['./src/*'] } },
      }),
      'src/x.ts': '',
    }
    expect(lead(files, 'src/a.ts', '@/x')).toBe('src/x.ts')
    expect(lead(files, 'src/a.ts', './x')).toBe('src/x.ts')
  })

  it('inherits paths relative to the file that writes them', () => {
    const files = {
      'base/tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['../src/*'] } } }),
      'tsconfig.json': json({ extends: ['./none.json', './base/tsconfig'] }),
      'src/x.ts': '',
    }
    expect(lead(files, 'src/a.ts', '@/x')).toBe('src/x.ts')
  })

  it('inherits from a workspace package that is not installed, with configDir', () => {
    const files = {
      'package.json': json({ workspaces: ['packages/*', 'apps/*'] }),
      'packages/config/package.json': json({ name: '@acme/tsconfig' }),
      'packages/config/app.json': json({ compilerOptions: { paths: { '@/*': ['${configDir}/src/*'] } } }),
      'apps/web/package.json': json({ name: 'web' }),
      'apps/web/tsconfig.json': json({ extends: '@acme/tsconfig/app.json' }),
      'apps/web/src/x.ts': '',
    }
    expect(lead(files, 'apps/web/src/a.ts', '@/x')).toBe('apps/web/src/x.ts')
  })

  it('reads the projects that a solution file refers to', () => {
    const files = {
      'tsconfig.json': json({
        files: [],
        references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }],
      }),
      'tsconfig.app.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      'tsconfig.node.json': '{}',
      'src/x.ts': '',
    }
    expect(lead(files, 'src/a.ts', '@/x')).toBe('src/x.ts')
  })

  it('takes the nearest one upward, and jsconfig.json', () => {
    const files = {
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
      'app/jsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      'x.ts': '',
      'app/src/x.js': '',
    }
    expect(lead(files, 'app/src/a.js', '@/x')).toBe('app/src/x.js')
    expect(lead(files, 'other/a.ts', '@/x')).toBe('x.ts')
  })

  it('ends on a cycle of extends and on a broken file', () => {
    const cycle = {
      'tsconfig.json': json({ extends: './b.json' }),
      'b.json': json({ extends: './tsconfig.json' }),
      'x.ts': '',
    }
    expect(lead(cycle, 'a.ts', './x')).toBe('x.ts')
    expect(lead({ 'tsconfig.json': '{ "compilerOptions": {', 'x.ts': '' }, 'a.ts', './x')).toBe('x.ts')
    expect(lead({ 'tsconfig.json': '[1]', 'x.ts': '' }, 'a.ts', './x')).toBe('x.ts')
  })

  it('guesses the usual meaning of an alias that nothing explains', () => {
    const files = { 'package.json': '{}', 'src/x.ts': '', 'app/y.ts': '', 'z.ts': '' }
    expect(lead(files, 'src/a.ts', '~/x')).toBe('src/x.ts')
    expect(lead(files, 'src/a.ts', '@/y')).toBe('app/y.ts')
    expect(lead(files, 'src/a.ts', '#/z')).toBe('z.ts')
    expect(lead(files, 'src/a.ts', 'src/x')).toBe('src/x.ts')
    expect(lead(files, 'src/a.ts', '@/none')).toBe('unresolved: “@/none” leads to no file')
  })
})

describe('workspace packages, nothing installed', () => {
  const web = { 'apps/web/package.json': json({ name: 'web', dependencies: { '@acme/db': 'workspace:*' } }) }
  const pnpm = 'packages:\n  # all\n  - \'packages/*\'\n  - "apps/*"\n\n  - !packages/old # gone\ncatalog:\n  x: 1\n'
  const db = (fields: object, files: Record<string, string>): Record<string, string> => ({
    ...web,
    'pnpm-workspace.yaml': pnpm.replace('- !packages/old', "- '!packages/old'"),
    'packages/db/package.json': json({ name: '@acme/db', ...fields }),
    ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`packages/db/${file}`, text])),
  })

  it.each<[string, object, string, string, string]>([
    ['main in dist', { main: './dist/index.js' }, 'src/index.ts', '@acme/db', 'src/index.ts'],
    ['main that is a source', { main: './lib/main.ts' }, 'lib/main.ts', '@acme/db', 'lib/main.ts'],
    ['types that is a source', { types: './src/all.ts' }, 'src/all.ts', '@acme/db', 'src/all.ts'],
    ['nothing', {}, 'src/index.tsx', '@acme/db', 'src/index.tsx'],
    ['nothing, at the top', {}, 'index.ts', '@acme/db', 'index.ts'],
    ['exports as a string', { exports: './src/main.ts' }, 'src/main.ts', '@acme/db', 'src/main.ts'],
    [
      'exports to dist',
      { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } } },
      'src/index.ts',
      '@acme/db',
      'src/index.ts',
    ],
    [
      'exports of a sub path to dist',
      { exports: { './schema': './dist/schema.mjs' } },
      'src/schema.ts',
      '@acme/db/schema',
      'src/schema.ts',
    ],
    [
      'dist with a flavour',
      { exports: { './schema': { import: './dist/esm/schema/index.js' } } },
      'src/schema/index.ts',
      '@acme/db/schema',
      'src/schema/index.ts',
    ],
    [
      'dist beside sources without src',
      { exports: { './schema': './dist/schema.js' } },
      'schema.ts',
      '@acme/db/schema',
      'schema.ts',
    ],
    ['a pattern', { exports: { './*': './src/*.ts' } }, 'src/a/b.ts', '@acme/db/a/b', 'src/a/b.ts'],
    [
      'a pattern with alternatives',
      { exports: { './*': ['./src/*.ts', './src/*.tsx'] } },
      'src/b.tsx',
      '@acme/db/b',
      'src/b.tsx',
    ],
    [
      'a custom condition',
      { exports: { '.': { '@acme/source': './source/m.ts', default: './dist/m.js' } } },
      'source/m.ts',
      '@acme/db',
      'source/m.ts',
    ],
    [
      'a server entry beside a browser one',
      { exports: { '.': { browser: './src/client.ts', default: './src/server.ts' } } },
      'src/server.ts',
      '@acme/db',
      'src/server.ts',
    ],
    [
      'a sub path that exports does not have',
      { exports: { '.': './src/index.ts' } },
      'src/x.ts',
      '@acme/db/x',
      'src/x.ts',
    ],
    ['a sub path without exports', {}, 'lib/x.ts', '@acme/db/lib/x', 'lib/x.ts'],
    [
      'a sub path with its extension',
      { exports: { './x.js': './dist/x.js' } },
      'src/x.ts',
      '@acme/db/x.js',
      'src/x.ts',
    ],
  ])('%s', (_name, fields, file, specifier, expected) => {
    expect(lead(db(fields, { [file]: '', 'src/client.ts': '' }), 'apps/web/src/a.ts', specifier)).toBe(
      `packages/db/${expected}`,
    )
  })

  it('prefers the source to what was built of it', () => {
    const files = db({ exports: { '.': './dist/index.js' } }, { 'dist/index.js': '', 'src/index.ts': '' })
    expect(lead(files, 'apps/web/src/a.ts', '@acme/db')).toBe('packages/db/src/index.ts')
  })

  it('takes JavaScript that was written by hand', () => {
    const files = db({ exports: { '.': './lib/index.js' } }, { 'lib/index.js': '' })
    expect(lead(files, 'apps/web/src/a.ts', '@acme/db')).toBe('packages/db/lib/index.js')
  })

  it('says so when a package has no sources', () => {
    expect(lead(db({ main: 'dist/x.js' }, { 'README.md': '' }), 'apps/web/src/a.ts', '@acme/db')).toBe(
      'unresolved: the sources of “@acme/db” were not found in the workspace',
    )
  })

  it('leaves out what the workspace negates', () => {
    const files = {
      ...db({}, {}),
      'packages/old/package.json': json({ name: '@acme/old' }),
      'packages/old/index.ts': '',
    }
    expect(lead(files, 'apps/web/src/a.ts', '@acme/old')).toBe('package @acme/old')
  })

  it.each([
    [['packages/**'], 'packages/a/b'],
    [['./packages/*/'], 'packages/b'],
    [['{libs,packages}/*'], 'packages/b'],
    [['packages/b'], 'packages/b'],
    [{ packages: ['packages/*'] }, 'packages/b'],
  ])('expands %j', (workspaces, folder) => {
    const files = {
      ...web,
      'package.json': json({ workspaces }),
      [`${folder}/package.json`]: json({ name: '@acme/db' }),
      [`${folder}/src/index.ts`]: '',
    }
    expect(lead(files, 'apps/web/a.ts', '@acme/db')).toBe(`${folder}/src/index.ts`)
  })

  it('finds a package by a link in package.json, and itself by its own name', () => {
    const files = {
      'web/package.json': json({ name: 'web', dependencies: { db: 'file:../db' }, exports: { './x': './src/x.ts' } }),
      'web/src/x.ts': '',
      'db/index.ts': '',
    }
    expect(lead(files, 'web/a.ts', 'db')).toBe('db/index.ts')
    expect(lead(files, 'web/a.ts', 'web/x')).toBe('web/src/x.ts')
  })

  it('sees through links of node_modules into the project', () => {
    const fixture = project({
      'app/package.json': '{}',
      'shared/db/package.json': json({ name: 'db', main: 'dist/index.js' }),
      'shared/db/src/index.ts': '',
    })
    fixture.link('app/node_modules/db', '../../shared/db')
    expect(leadIn(fixture, 'app/a.ts', 'db')).toBe('shared/db/src/index.ts')
  })
})

describe('a package whose meaning is known', () => {
  it('stays a package where its sources are at hand, unlike its neighbours', () => {
    const fixture = project({
      'package.json': json({ workspaces: ['packages/*'] }),
      'packages/auth/package.json': json({ name: '@acme/auth' }),
      'packages/auth/index.ts': '',
      'packages/db/package.json': json({ name: '@acme/db' }),
      'packages/db/index.ts': '',
    })
    const of = createProject({ known: (specifier) => specifier === '@acme/auth' })
    const from = fixture.path('packages/db/a.ts')
    expect(of.resolve('@acme/auth', from)).toEqual({ kind: 'package', name: '@acme/auth' })
    expect(of.resolve('@acme/db', from)).toEqual({ kind: 'module', file: fixture.path('packages/db/index.ts') })
  })
})
