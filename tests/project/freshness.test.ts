import { chmodSync, statSync, symlinkSync, utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ModuleForm } from '../../src/model/form.ts'
import { createProject, type Project } from '../../src/project/project.ts'
import { project, type Fixture } from './fixture.ts'

const json = JSON.stringify
/** Far enough back for no file to count as just written. */
const LONG_AGO = new Date(Date.now() - 3_600_000)

function age(fixture: Fixture, ...files: string[]): void {
  for (const file of files) utimesSync(fixture.path(file), LONG_AGO, LONG_AGO)
}

/** An answer that follows the import of `specifier` in a.ts and reads what it leads to. */
function answer(of: Project, fixture: Fixture, specifier: string): ReturnType<Project['track']> {
  return of.track(() => {
    const to = of.resolve(specifier, fixture.path('a.ts'))
    return to.kind === 'module' ? of.module(to.file) : to
  })
}

/** Whether an answer about `specifier` still holds in the lint after `change`. */
function holdsAfter(files: Record<string, string>, specifier: string, change: (fixture: Fixture) => void): boolean {
  const fixture = project(files)
  const of = createProject()
  of.begin()
  const { deps } = answer(of, fixture, specifier)
  expect(of.isFresh(deps)).toBe(true)
  change(fixture)
  of.begin()
  return of.isFresh(deps)
}

describe('an answer', () => {
  const b = { 'b.ts': 'export const b = 1\n' }

  it('holds while nothing changes', () => {
    expect(holdsAfter(b, './b', () => undefined)).toBe(true)
  })

  it('holds when another file appears beside the ones it looked at', () => {
    expect(holdsAfter(b, './b', (f) => f.write('c.ts', ''))).toBe(true)
  })

  it('holds when a file is written again with the same text', () => {
    expect(holdsAfter(b, './b', (f) => f.write('b.ts', b['b.ts']))).toBe(true)
  })

  it('does not hold when the file is edited', () => {
    expect(holdsAfter(b, './b', (f) => f.write('b.ts', 'export const b = 22\n'))).toBe(false)
  })

  it('does not hold when the file is edited to the same size and time', () => {
    expect(
      holdsAfter(b, './b', (f) => {
        const { mtime } = statSync(f.path('b.ts'))
        f.write('b.ts', 'export const b = 2\n', mtime)
      }),
    ).toBe(false)
  })

  it('does not hold when the file is deleted', () => {
    expect(holdsAfter(b, './b', (f) => f.remove('b.ts'))).toBe(false)
  })

  it('does not hold when an absent file appears', () => {
    expect(holdsAfter({ 'a.ts': '' }, './b', (f) => f.write('b.ts', ''))).toBe(false)
  })

  it('does not hold when a file appears that is taken before the one it found', () => {
    expect(holdsAfter({ 'b/index.ts': '' }, './b', (f) => f.write('b.ts', ''))).toBe(false)
    expect(holdsAfter({ 'b.js': '' }, './b', (f) => f.write('b.ts', ''))).toBe(false)
  })

  it('does not hold when a file becomes a folder', () => {
    expect(
      holdsAfter(b, './b', (f) => {
        f.remove('b.ts')
        f.write('b.ts/index.ts', '')
      }),
    ).toBe(false)
  })

  it('does not hold when the paths of tsconfig change', () => {
    const files = {
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./x/*'] } } }),
      'x/c.ts': '',
      'y/c.ts': '',
    }
    expect(
      holdsAfter(files, '@/c', (f) =>
        f.write('tsconfig.json', json({ compilerOptions: { paths: { '@/*': ['./y/*'] } } })),
      ),
    ).toBe(false)
  })

  it('holds when tsconfig changes in what does not concern imports', () => {
    const paths = { '@/*': ['./x/*'] }
    const files = { 'tsconfig.json': json({ compilerOptions: { paths } }), 'x/c.ts': '' }
    expect(
      holdsAfter(files, '@/c', (f) => f.write('tsconfig.json', json({ compilerOptions: { paths, strict: true } }))),
    ).toBe(true)
  })

  it('does not hold when a tsconfig appears that was missing, or that is extended', () => {
    const files = { 'tsconfig.json': json({ extends: './base.json' }), 'x/c.ts': '', 'y/package.json': '{}' }
    const base = json({ compilerOptions: { paths: { '@/*': ['./x/*'] } } })
    expect(holdsAfter(files, '@/c', (f) => f.write('base.json', base))).toBe(false)
    expect(holdsAfter({ 'x/c.ts': '' }, '@/c', (f) => f.write('tsconfig.json', base))).toBe(false)
  })

  it('does not hold when a workspace package appears or moves', () => {
    const files = {
      'package.json': json({ workspaces: ['packages/*'] }),
      'packages/x/package.json': json({ name: 'x' }),
    }
    const add = (f: Fixture): void => {
      f.write('packages/db/package.json', json({ name: 'db' }))
      f.write('packages/db/index.ts', '')
    }
    expect(holdsAfter(files, 'db', add)).toBe(false)
  })

  it('does not hold when a package that is followed is installed anew', () => {
    const fixture = project({
      'node_modules/p/package.json': json({ name: 'p', main: './one.js' }),
      'node_modules/p/one.js': '',
      'node_modules/p/two.js': '',
    })
    const of = createProject({ follow: ['p'] })
    const file = fixture.path('a.ts')
    expect(of.resolve('p', file)).toEqual({ kind: 'module', file: fixture.path('node_modules/p/one.js') })
    fixture.write('node_modules/p/package.json', json({ name: 'p', main: './two.js' }))
    of.begin()
    expect(of.resolve('p', file)).toEqual({ kind: 'module', file: fixture.path('node_modules/p/two.js') })
    fixture.remove('node_modules/p')
    of.begin()
    expect(of.resolve('p', file)).toEqual({ kind: 'package', name: 'p' })
  })

  it('depends on the listings that it asked for', () => {
    const fixture = project({ 'routes/a.ts': '' })
    const of = createProject()
    const listed = of.track(() => of.list(fixture.path('routes')))
    const other = of.track(() => of.list(fixture.path('none')))
    fixture.write('routes/b.ts', '')
    of.begin()
    expect(of.isFresh(listed.deps)).toBe(false)
    expect(of.isFresh(other.deps)).toBe(true)
    expect(of.list(fixture.path('routes'))).toEqual(['a.ts', 'b.ts'])
    fixture.write('none/c.ts', '')
    of.begin()
    expect(of.isFresh(other.deps)).toBe(false)
  })

  it('inside of another one makes the outer one depend on the same', () => {
    const fixture = project(b)
    const of = createProject()
    const outer = of.track(() => answer(of, fixture, './b').value)
    fixture.write('b.ts', '')
    of.begin()
    expect(of.isFresh(outer.deps)).toBe(false)
  })
})

describe('within a lint', () => {
  it('a path is looked at once', () => {
    const fixture = project({ 'a.ts': '' })
    const of = createProject()
    expect(of.isFile(fixture.path('b.ts'))).toBe(false)
    fixture.write('b.ts', '')
    expect(of.isFile(fixture.path('b.ts'))).toBe(false)
    of.begin()
    expect(of.isFile(fixture.path('b.ts'))).toBe(true)
  })
})

describe('the module store', () => {
  it('parses a file once, however often it is asked for', () => {
    const fixture = project({ 'b.ts': 'export const b = 1\n' })
    age(fixture, 'b.ts')
    const of = createProject()
    const first = of.module(fixture.path('b.ts'))
    for (let i = 0; i < 5; i++) {
      of.begin()
      expect(of.module(fixture.path('b.ts'))).toBe(first)
    }
    expect(of.parsed).toBe(1)
  })

  it('parses a file again when it changed, and keeps the form when only its time did', () => {
    const fixture = project({ 'b.ts': 'export const b = 1\n' })
    const of = createProject()
    const first = of.module(fixture.path('b.ts'))
    age(fixture, 'b.ts')
    of.begin()
    expect(of.module(fixture.path('b.ts'))).toBe(first)
    fixture.write('b.ts', 'export const c = 1\n')
    of.begin()
    expect(of.module(fixture.path('b.ts'))).not.toBe(first)
    expect(of.parsed).toBe(2)
  })

  it('says that a file is gone, and reads it when it is back', () => {
    const fixture = project({ 'b.ts': '' })
    const of = createProject()
    of.module(fixture.path('b.ts'))
    fixture.remove('b.ts')
    of.begin()
    expect(of.module(fixture.path('b.ts')).unreadable).toBe('the file does not exist')
    expect(of.resolve('./b', fixture.path('a.ts')).kind).toBe('unresolved')
    fixture.write('b.ts', '')
    of.begin()
    expect(of.module(fixture.path('b.ts')).unreadable).toBeUndefined()
  })

  it('survives links that loop, folders named like files and names that are none', () => {
    const fixture = project({ 'folder.ts/x.ts': '' })
    symlinkSync(fixture.path('loop.ts'), fixture.path('loop.ts'))
    const of = createProject()
    expect(of.module(fixture.path('loop.ts')).unreadable).toBe('the file does not exist')
    expect(of.resolve('./loop', fixture.path('a.ts')).kind).toBe('unresolved')
    expect(of.module(fixture.path('folder.ts')).unreadable).toBe('is a directory')
    expect(of.resolve('./folder.ts', fixture.path('a.ts')).kind).toBe('unresolved')
    expect(of.module(fixture.path('a\0b.ts')).unreadable).toBe('the file does not exist')
    expect(of.resolve(`./${'x'.repeat(5_000)}`, fixture.path('a.ts')).kind).toBe('unresolved')
    expect(of.resolve('', fixture.path('a.ts')).kind).toBe('unresolved')
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('survives a file that may not be read', () => {
    const fixture = project({ 'b.ts': '' })
    chmodSync(fixture.path('b.ts'), 0)
    expect(createProject().module(fixture.path('b.ts')).unreadable).toBe('the file cannot be read')
  })
})

describe('the form of the host', () => {
  const form = (file: string): ModuleForm => ({
    file,
    lineStarts: [0],
    imports: [],
    exports: [],
    bindings: [],
    functions: [],
    classes: [],
    markers: [],
    types: {},
  })

  it('stands for the file until the next lint, also for those who import it', () => {
    const fixture = project({ 'b.ts': 'export {}\n' })
    const of = createProject()
    const file = fixture.path('b.ts')
    const onDisk = of.module(file)
    const rests = of.track(() => of.module(file))
    const unsaved = form(file)
    of.begin()
    of.withHostForm(file, unsaved, 'export const unsaved = 1\n')
    expect(of.module(file)).toBe(unsaved)
    expect(of.isFresh(rests.deps)).toBe(false)
    of.begin()
    expect(of.module(file)).toBe(onDisk)
    expect(of.isFresh(rests.deps)).toBe(true)
  })

  it('stands for a file that is on no disk', () => {
    const fixture = project({ 'a.ts': '' })
    const of = createProject()
    const unsaved = form(fixture.path('new.ts'))
    of.withHostForm(unsaved.file, unsaved)
    expect(of.module(unsaved.file)).toBe(unsaved)
    of.begin()
    expect(of.module(unsaved.file).unreadable).toBe('the file does not exist')
  })

  it('keeps answers valid when its text is what is on disk, byte-order mark or not', () => {
    for (const mark of ['', '\uFEFF']) {
      const text = 'export const b = 1\n'
      const fixture = project({ 'b.ts': mark + text })
      const of = createProject()
      const file = fixture.path('b.ts')
      const rests = of.track(() => of.module(file))
      of.begin()
      of.withHostForm(file, form(file), text)
      expect(of.isFresh(rests.deps)).toBe(true)
    }
  })

  it('keeps answers valid when the same unsaved text is linted again', () => {
    const fixture = project({ 'b.ts': '' })
    const of = createProject()
    const file = fixture.path('b.ts')
    of.withHostForm(file, form(file), 'let unsaved\n')
    const rests = of.track(() => of.module(file))
    of.begin()
    expect(of.isFresh(rests.deps)).toBe(false)
    of.begin()
    of.withHostForm(file, form(file), 'let unsaved\n')
    expect(of.isFresh(rests.deps)).toBe(true)
  })

  it('is not parsed again once it is saved', () => {
    const fixture = project({ 'b.ts': 'export const old = 1\n' })
    const of = createProject()
    const file = fixture.path('b.ts')
    of.module(file)
    of.begin()
    const host = form(file)
    of.withHostForm(file, host, 'export const b = 1\n')
    of.module(file)
    fixture.write('b.ts', 'export const b = 1\n')
    of.begin()
    expect(of.module(file)).toBe(host)
    expect(of.parsed).toBe(1)
  })
})
