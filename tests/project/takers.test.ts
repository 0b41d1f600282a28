/** Who takes something of a module: code below entry points, or a program of the application's own. */
import { describe, expect, it } from 'vitest'
import { createProject } from '../../src/project/project.ts'
import { project } from './fixture.ts'

const store = 'export const run = (a: unknown, b: () => unknown) => b()\nexport const held = () => 1'
const who = (files: Readonly<Record<string, string>>, names: readonly string[] = ['run']): readonly string[] => {
  const fixture = project({ 'package.json': '{ "name": "app" }', 'src/lib/store.ts': store, ...files })
  const of = createProject({ entry: (_file, text) => text.includes('createServerFn') })
  const takers = of.takers(fixture.path('src/lib/store.ts'), names, fixture.path('src/fns.ts'))
  return [takers.who, ...takers.files.map((file) => file.slice(fixture.root.length + 1).replaceAll('\\', '/'))]
}
const takes = "import { run } from './lib/store'\nrun(1, () => 2)"

describe('whoever takes something of a module', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nobody does', { 'src/fns.ts': "import { held } from './lib/store'\nheld()" }, ['nobody']],
    ['a file with entry points', { 'src/fns.ts': `${takes}\ncreateServerFn()` }, ['entry points']],
    [
      'a file that such a file imports',
      { 'src/help.ts': `${takes}\nexport const a = 1`, 'src/fns.ts': "import { a } from './help'\ncreateServerFn(a)" },
      ['entry points'],
    ],
    ['a file that nobody imports', { 'src/main.ts': takes }, ['programs', 'src/main.ts']],
    [
      'one in another folder',
      { 'worker/index.ts': takes.replace('./lib', '../src/lib') },
      ['programs', 'worker/index.ts'],
    ],
    ['one that is no TypeScript', { 'src/main.mjs': takes }, ['programs', 'src/main.mjs']],
    [
      'a file that a program imports as well',
      {
        'src/help.ts': `${takes}\nexport const a = 1`,
        'src/fns.ts': "import { a } from './help'\ncreateServerFn(a)",
        'src/main.ts': "import { a } from './help'",
      },
      ['programs', 'src/help.ts'],
    ],
    [
      'two files that one program imports',
      {
        'src/a.ts': takes,
        'src/b.ts': takes,
        'src/main.ts': "import './a'\nimport './b'",
      },
      ['programs', 'src/a.ts', 'src/b.ts'],
    ],
    [
      'a program, by a file that hands it on',
      { 'src/index.ts': "export * from './lib/store'", 'src/main.ts': "import { run } from './index'\nrun()" },
      ['programs', 'src/main.ts'],
    ],
    [
      'a program, of the whole module',
      { 'src/main.ts': "import * as store from './lib/store'\nstore.run()" },
      ['programs', 'src/main.ts'],
    ],
    [
      'a program that loads it',
      { 'src/main.ts': "const { run } = await import('./lib/store')" },
      ['programs', 'src/main.ts'],
    ],
    [
      'a file with entry points that serves requests itself',
      { 'src/main.ts': `${takes}\ncreateServerFn()\nhttp.createServer(() => 1)` },
      ['programs', 'src/main.ts'],
    ],
    ['a test', { 'src/lib/store.test.ts': takes.replace('./lib', '.') }, ['nobody']],
    ['a type alone', { 'src/main.ts': "import type { run } from './lib/store'" }, ['nobody']],
    [
      'something of another module by that name',
      { 'src/other.ts': 'export const run = 1', 'src/main.ts': "import { run } from './other'" },
      ['nobody'],
    ],
  ])('%s', (_name, files, answer) => {
    expect(who(files)).toEqual(answer)
  })

  it('is told anew when another file comes', () => {
    const fixture = project({
      'package.json': '{ "name": "app" }',
      'src/lib/store.ts': store,
      'src/fns.ts': takes + '\ncreateServerFn()',
    })
    const of = createProject({ entry: (_file, text) => text.includes('createServerFn') })
    const ask = (): string => of.takers(fixture.path('src/lib/store.ts'), ['run'], fixture.path('src/fns.ts')).who
    expect(ask()).toBe('entry points')
    fixture.write('src/main.ts', takes)
    of.begin()
    expect(ask()).toBe('programs')
  })
})
