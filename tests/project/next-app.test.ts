import { describe, expect, it } from 'vitest'
import { createProject } from '../../src/project/project.ts'
import { project } from './fixture.ts'

const dependsOnNext = JSON.stringify({ dependencies: { next: '16.0.0' } })

/** The Next.js application of a file, with paths relative to the fixture. */
function nextApp(files: Record<string, string>, file: string): Record<string, unknown> | undefined {
  const fixture = project(files)
  const app = createProject().nextApp(fixture.path(file))
  const relative = (at: string | undefined): string | undefined =>
    at?.slice(fixture.root.length).replaceAll('\\', '/').replace(/^\//, '')
  return (
    app && {
      root: relative(app.root),
      app: relative(app.appFolder),
      pages: relative(app.pagesFolder),
      proxy: relative(app.proxyFile),
      extensions: app.pageExtensions.join(' '),
      problem: app.problem,
    }
  )
}

describe('the Next.js application of a file', () => {
  it('is around the folder `app`', () => {
    expect(nextApp({ 'package.json': dependsOnNext, 'app/page.tsx': '' }, 'app/page.tsx')).toEqual({
      root: '',
      app: 'app',
      pages: undefined,
      proxy: undefined,
      extensions: 'tsx ts jsx js',
      problem: undefined,
    })
  })
  it('may keep its sources in `src`, with its proxy', () => {
    const files = {
      'package.json': dependsOnNext,
      'src/app/a/page.tsx': '',
      'src/pages/api/b.ts': '',
      'src/proxy.ts': '',
    }
    expect(nextApp(files, 'src/app/a/page.tsx')).toMatchObject({
      root: '',
      app: 'src/app',
      pages: 'src/pages',
      proxy: 'src/proxy.ts',
    })
  })
  it('has the middleware of older releases for a proxy', () => {
    expect(
      nextApp({ 'package.json': dependsOnNext, 'app/page.tsx': '', 'middleware.ts': '' }, 'app/page.tsx'),
    ).toMatchObject({ proxy: 'middleware.ts' })
  })
  it('is one of several in a monorepo', () => {
    const files = {
      'package.json': '{}',
      'apps/web/package.json': dependsOnNext,
      'apps/web/app/page.tsx': '',
      'apps/docs/package.json': dependsOnNext,
      'apps/docs/src/app/page.tsx': '',
    }
    expect(nextApp(files, 'apps/web/app/page.tsx')).toMatchObject({ root: 'apps/web', app: 'apps/web/app' })
    expect(nextApp(files, 'apps/docs/src/app/page.tsx')).toMatchObject({ root: 'apps/docs', app: 'apps/docs/src/app' })
  })
  it('needs no package.json of its own where it has a configuration', () => {
    const files = { 'package.json': dependsOnNext, 'apps/web/next.config.mjs': '', 'apps/web/app/page.tsx': '' }
    expect(nextApp(files, 'apps/web/app/page.tsx')).toMatchObject({ root: 'apps/web' })
  })
  it('is none where nothing says Next.js', () => {
    expect(nextApp({ 'package.json': '{}', 'app/page.tsx': '' }, 'app/page.tsx')).toBeUndefined()
    expect(nextApp({ 'package.json': dependsOnNext, 'lib/route.ts': '' }, 'lib/route.ts')).toBeUndefined()
  })
  it('has page extensions that are written as a list of texts', () => {
    const config = `const config = { pageExtensions: ['page.tsx', "api.ts"] }\nexport default withMdx(config)`
    expect(
      nextApp({ 'package.json': dependsOnNext, 'next.config.ts': config, 'app/a.page.tsx': '' }, 'app/a.page.tsx'),
    ).toMatchObject({ extensions: 'page.tsx api.ts' })
  })
  it('says so where they are written otherwise', () => {
    const config = `module.exports = { pageExtensions: makeExtensions() }`
    expect(
      nextApp({ 'package.json': dependsOnNext, 'next.config.js': config, 'app/page.tsx': '' }, 'app/page.tsx')?.problem,
    ).toMatch(/pageExtensions/)
  })
})
