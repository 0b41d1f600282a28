import { describe, expect, it } from 'vitest'
import type { App } from '../../src/project/app-root.ts'
import { createProject } from '../../src/project/project.ts'
import { project } from './fixture.ts'

/** The places of the application of a file, relative to its root. */
function places(files: Record<string, string>, file = 'src/a.ts'): Record<string, string | undefined> {
  const fixture = project(files)
  const app = createProject().app(fixture.path(file))
  const relative = (at: string | undefined): string | undefined => at?.slice(app.root.length + 1).replaceAll('\\', '/')
  return {
    root: app.root.slice(fixture.root.length + 1).replaceAll('\\', '/'),
    routes: relative(app.routesFolder),
    sources: relative(app.sourceFolder),
    start: relative(app.startFile),
    tree: relative(app.routeTree),
  }
}

const vite = (options: string): string =>
  `import { tanstackStart } from '@tanstack/react-start/plugin/vite'
export default defineConfig(({ mode }) => ({ plugins: [tsconfig(), tanstackStart(${options}), react()] }))\n`

describe('the application of a file', () => {
  it('is the nearest folder upward with a package.json, with what it declares', () => {
    const fixture = project({
      'package.json': '{}',
      'apps/web/package.json': JSON.stringify({ dependencies: { a: '1' }, devDependencies: { b: 'workspace:*' } }),
    })
    const app: App = createProject().app(fixture.path('apps/web/src/deep/a.ts'))
    expect(app.root).toBe(fixture.path('apps/web'))
    expect(app.dependencies).toEqual({ a: '1', b: 'workspace:*' })
  })

  it('has the usual places of Start', () => {
    expect(places({ 'package.json': '{}', 'src/routes/index.tsx': '', 'src/start.ts': '' })).toEqual({
      root: '',
      routes: 'src/routes',
      sources: 'src',
      start: 'src/start.ts',
      tree: 'src/routeTree.gen.ts',
    })
  })

  it('has the places of an older Start', () => {
    expect(places({ 'package.json': '{}', 'app/routes/index.tsx': '' })).toMatchObject({
      routes: 'app/routes',
      sources: 'app',
      start: undefined,
    })
    const written = { 'app.config.ts': "export default defineConfig({ tsr: { appDirectory: 'web' } })" }
    expect(places({ 'package.json': '{}', 'web/routes/index.tsx': '', 'src/x.ts': '', ...written })).toMatchObject({
      routes: 'web/routes',
      sources: 'web',
    })
  })

  it('reads the options of the bundler plugin', () => {
    const files = {
      'package.json': '{}',
      'vite.config.ts': vite(
        `{ srcDirectory: 'source', start: { entry: './my-start.tsx' }, router: { routesDirectory: 'pages', generatedRouteTree: './tree.gen.ts', other: compute() } }`,
      ),
      'source/pages/index.tsx': '',
      'source/my-start.tsx': '',
      'src/routes/index.tsx': '',
    }
    expect(places(files)).toEqual({
      root: '',
      routes: 'source/pages',
      sources: 'source',
      start: 'source/my-start.tsx',
      tree: 'source/tree.gen.ts',
    })
  })

  it('reads tsr.config.json, whose places are relative to the root', () => {
    const files = {
      'package.json': '{}',
      'tsr.config.json':
        '{ "routesDirectory": "./src/pages", "generatedRouteTree": "./src/gen.ts", "indexToken": "home" }',
      'src/pages/home.tsx': '',
    }
    expect(places(files)).toMatchObject({ routes: 'src/pages', tree: 'src/gen.ts' })
    const fixture = project(files)
    expect(createProject().app(fixture.path('a.ts')).routerOptions).toMatchObject({ indexToken: 'home' })
  })

  it('has no routes where there is no such folder, and survives a broken configuration', () => {
    expect(
      places({ 'package.json': '{ broken', 'vite.config.ts': 'export default {{{', 'src/a.ts': '' }),
    ).toMatchObject({
      routes: undefined,
      sources: 'src',
    })
  })

  it('changes with its configuration', () => {
    const fixture = project({ 'package.json': '{}', 'src/routes/a.ts': '', 'source/routes/a.ts': '' })
    const of = createProject()
    const before = of.track(() => of.app(fixture.path('a.ts')))
    expect(before.value.routesFolder).toBe(fixture.path('src/routes'))
    fixture.write('vite.config.ts', vite("{ srcDirectory: 'source' }"))
    of.begin()
    expect(of.isFresh(before.deps)).toBe(false)
    expect(of.app(fixture.path('a.ts')).routesFolder).toBe(fixture.path('source/routes'))
  })
})
