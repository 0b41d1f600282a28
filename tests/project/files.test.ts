import { describe, expect, it } from 'vitest'
import { sourceFiles } from '../../src/project/files.ts'
import { project, type Fixture } from './fixture.ts'

function listed(fixture: Fixture, below = '.'): string[] {
  return sourceFiles(fixture.path(below)).files.map((file) => file.slice(fixture.root.length + 1).replaceAll('\\', '/'))
}

function list(...files: string[]): string[] {
  return listed(project(Object.fromEntries(files.map((file) => [file, '']))))
}

describe('the source files of a project', () => {
  it('are the eight kinds, sorted', () => {
    expect(
      list('z.ts', 'a.tsx', 'b.mts', 'c.cts', 'd.js', 'e.jsx', 'f.mjs', 'g.cjs', 'h.json', 'i.vue', 'j.css'),
    ).toEqual(['a.tsx', 'b.mts', 'c.cts', 'd.js', 'e.jsx', 'f.mjs', 'g.cjs', 'z.ts'])
  })

  it.each([
    'node_modules/p/a.ts',
    'packages/x/node_modules/p/a.ts',
    '.next/a.js',
    '.output/a.mjs',
    '.vinxi/a.js',
    '.nitro/a.js',
    '.tanstack/a.ts',
    '.turbo/a.js',
    '.cache/a.js',
    '.vercel/output/functions/a.func/index.js',
    '.svelte-kit/a.js',
    '.wrangler/tmp/a.js',
    '.git/hooks/a.js',
    '.yarn/releases/yarn-4.cjs',
    'storybook-static/a.js',
    'a.test.ts',
    'a.spec.tsx',
    'a.stories.tsx',
    '__tests__/a.ts',
    'src/__mocks__/a.ts',
    'a.d.ts',
    'a.d.mts',
    'src/routeTree.gen.ts',
  ])('leave out %s', (file) => {
    expect(list('kept.ts', file)).toEqual(['kept.ts'])
  })

  it('stand in folders that begin with a dot, too: frameworks serve them, and ESLint lints them', () => {
    expect(list('app/.well-known/security/route.ts', '.storybook/main.ts', 'a.ts')).toEqual([
      '.storybook/main.ts',
      'a.ts',
      'app/.well-known/security/route.ts',
    ])
  })

  it('are not those of a folder with a dot that .gitignore names', () => {
    const fixture = project({
      '.gitignore': '.generated\n',
      '.generated/a.ts': '',
      'src/.generated/a.ts': '',
      'a.ts': '',
    })
    expect(listed(fixture)).toEqual(['a.ts'])
  })

  it.each(['dist', 'build', 'out', 'coverage', 'cypress', 'playwright', 'e2e'])(
    'leave out %s beside a package.json, not a route of that name',
    (name) => {
      const route = `src/routes/${name}/a.ts`
      expect(list('package.json', `${name}/a.ts`, route)).toEqual([route])
    },
  )

  it('leave out what .gitignore files say, each for its folder, the nearest one deciding', () => {
    const fixture = project({
      '.gitignore': 'generated/\n*.local.ts\n/only-here\n',
      'generated/a.ts': '',
      'x.local.ts': '',
      'only-here/a.ts': '',
      'sub/only-here/a.ts': '',
      'sub/.gitignore': '!kept.local.ts\nown.ts\n',
      'sub/kept.local.ts': '',
      'sub/own.ts': '',
      'own.ts': '',
    })
    expect(listed(fixture)).toEqual(['own.ts', 'sub/kept.local.ts', 'sub/only-here/a.ts'])
  })

  it('obey the .gitignore files above, up to the repository', () => {
    const fixture = project({
      '.gitignore': '*.ts\n',
      'repo/.git/HEAD': '',
      'repo/.gitignore': 'secret/\n',
      'repo/apps/web/a.ts': '',
      'repo/apps/web/secret/a.ts': '',
    })
    expect(listed(fixture, 'repo/apps/web')).toEqual(['repo/apps/web/a.ts'])
  })

  it('do not follow links, so that a loop is none', () => {
    const fixture = project({ 'src/a.ts': '' })
    fixture.link('src/loop', '..')
    expect(listed(fixture)).toEqual(['src/a.ts'])
  })

  it('are none below a folder that is not there, which is said', () => {
    const fixture = project({})
    expect(sourceFiles(fixture.path('none'))).toMatchObject({ files: [], problems: [{ file: fixture.path('none') }] })
  })
})
