/** Changes of a program that do not change what it does must not change what is said about it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { act, type Files } from './harness.ts'

/** A guard, or what passes for one, with holes for the names of its locals. */
interface Program {
  readonly name: string
  /** The body of a helper `check`; what it returns, the handler looks at in `test`. */
  readonly helper: string
  readonly test: string
}

const lookup = 'const SESSION = await auth.api.getSession({ headers: getRequestHeaders() })\n'

const programs: readonly Program[] = [
  {
    name: 'throws',
    helper: `${lookup}if (!SESSION) throw new Error('401')\nreturn SESSION.user`,
    test: 'const USER = await check()',
  },
  {
    name: 'null, tested',
    helper: `${lookup}return SESSION?.user ?? null`,
    test: 'const USER = await check()\nif (!USER) throw new Error()',
  },
  {
    name: 'null, not tested',
    helper: `${lookup}return SESSION?.user ?? null`,
    test: 'const USER = await check()\nconsole.log(USER)',
  },
  {
    name: 'null passes',
    helper: `${lookup}return SESSION`,
    test: "const USER = await check()\nif (USER && USER.user.role !== 'admin') throw new Error()",
  },
  {
    name: 'role',
    helper: `${lookup}return SESSION`,
    test: "const USER = await check()\nif (USER?.user.role !== 'admin') throw new Error()",
  },
  { name: 'not awaited', helper: `${lookup}if (!SESSION) throw new Error('401')`, test: 'check()' },
  {
    name: 'swallowed',
    helper: `${lookup}if (!SESSION) throw new Error('401')`,
    test: 'try { await check() } catch (ERROR) { console.error(ERROR) }',
  },
  {
    name: 'rethrown',
    helper: `${lookup}if (!SESSION) throw new Error('401')`,
    test: 'try { await check() } catch (ERROR) { throw ERROR }',
  },
  {
    name: 'result object',
    helper: `${lookup}if (!SESSION) return { ok: false as const }\nreturn { ok: true as const, user: SESSION.user }`,
    test: 'const USER = await check()\nif (!USER.ok) return null',
  },
  {
    name: 'one path',
    helper: `${lookup}if (!SESSION) throw new Error('401')`,
    test: 'if (data.secure) { await check() }',
  },
  {
    name: 'in a loop',
    helper: `${lookup}if (!SESSION) throw new Error('401')`,
    test: 'for (const ITEM of data.items) { await check() }',
  },
  { name: 'boolean', helper: `${lookup}return Boolean(SESSION)`, test: 'if (!(await check())) return null' },
  { name: 'nothing', helper: 'return 1', test: 'await check()' },
]

/** Ways to write the same thing. */
interface Style {
  readonly names: readonly string[]
  /** Where the helper stands. */
  readonly place: 'same file' | 'other file' | 'barrel' | 'export *' | 'namespace' | 'dynamic import' | 'default export'
  readonly arrow: boolean
  readonly block: boolean
  readonly parentheses: boolean
  readonly cast: boolean
  readonly extraAwait: boolean
  readonly comments: boolean
}

const identifier = fc.stringMatching(/^[a-z][\w$]{0,8}$/).filter((name) => !taken.has(name))
const taken = new Set(
  `auth db data context check invoices getRequestHeaders console next act do if in of for let new try var case else enum eval null this true
   void with async await break catch class const false super throw while yield delete export import public return static switch typeof default
   extends finally package private continue debugger function arguments interface protected implements instanceof undefined as any or and eq gt
   lines logs users members invites prisma apiKeys session sessions countries organizations redirect notFound lib`.split(
    /\s+/,
  ),
)

const style: fc.Arbitrary<Style> = fc.record({
  names: fc.uniqueArray(identifier, { minLength: 4, maxLength: 4 }),
  place: fc.constantFrom(
    'same file',
    'other file',
    'barrel',
    'export *',
    'namespace',
    'dynamic import',
    'default export',
  ),
  arrow: fc.boolean(),
  block: fc.boolean(),
  parentheses: fc.boolean(),
  cast: fc.boolean(),
  extraAwait: fc.boolean(),
  comments: fc.boolean(),
})

const plain: Style = {
  names: ['session', 'user', 'error', 'item'],
  place: 'same file',
  arrow: false,
  block: false,
  parentheses: false,
  cast: false,
  extraAwait: false,
  comments: false,
}

function written(program: Program, how: Style): readonly [source: string, files: Files] {
  const [sessionName, userName, errorName, itemName] = how.names
  const named = (text: string): string =>
    text
      .replaceAll('SESSION', sessionName!)
      .replaceAll('USER', userName!)
      .replaceAll('ERROR', errorName!)
      .replaceAll('ITEM', itemName!)
  const dressed = (text: string): string => {
    let result = text
    if (how.parentheses)
      result = result
        .replaceAll(/if \((.*?)\) (throw|return|\{)/g, 'if ((($1))) $2')
        .replaceAll('await auth.api', 'await (auth).api')
    if (how.cast)
      result = result
        .replaceAll('getRequestHeaders()', '(getRequestHeaders() as any)')
        .replaceAll(/= await check\(\)/g, '= (await check())! as any')
    if (how.extraAwait)
      result = result
        .replaceAll('return 1', 'return await 1')
        .replaceAll('Boolean(SESSION)', 'await Boolean(await SESSION)')
        .replaceAll('console.log(USER)', 'await console.log(USER)')
    if (how.comments) result = result.replaceAll('\n', ' // if (!session) throw new Error()\n')
    return result
  }
  const helperBody = named(dressed(program.helper))
  const work = 'await db.insert(invoices).values(data)'
  const test = named(dressed(program.test))
  const handlerBody = how.block ? `{\n${test}\n{ ${work} }\n}` : `${test}\n${work}`
  const helper = (exported: string): string =>
    how.arrow && exported !== 'export default '
      ? `${exported}const check = async () => {\n${helperBody}\n}\n`
      : `${exported}async function check() {\n${helperBody}\n}\n`
  const handler = (body: string): string =>
    `export const act = createServerFn({ method: 'POST' }).handler(async ({ data, context }) => {\n${body}\n})\n`
  const called = (by: string): string => handlerBody.replaceAll('check()', by)
  switch (how.place) {
    case 'same file':
      return [helper('') + handler(handlerBody), {}]
    case 'other file':
      return [`import { check } from './check'\n${handler(handlerBody)}`, { 'src/check.ts': helper('export ') }]
    case 'barrel':
      return [
        `import { check } from './lib'\n${handler(handlerBody)}`,
        { 'src/check.ts': helper('export '), 'src/lib/index.ts': `// as it is\nexport { check } from '../check'` },
      ]
    case 'export *':
      return [
        `import { check } from './lib'\n${handler(handlerBody)}`,
        { 'src/check.ts': helper('export '), 'src/lib/index.ts': `// as it is\nexport * from '../check'` },
      ]
    case 'namespace':
      return [
        `import * as lib from './check'\n${handler(called('lib.check()'))}`,
        { 'src/check.ts': helper('export ') },
      ]
    case 'dynamic import':
      return [
        handler(`const { check } = await import('./check')\n${handlerBody}`),
        { 'src/check.ts': helper('export ') },
      ]
    case 'default export':
      return [`import check from './check'\n${handler(handlerBody)}`, { 'src/check.ts': helper('export default ') }]
  }
}

describe('a program that is written differently gets the same verdict', () => {
  for (const program of programs) {
    it(program.name, () => {
      const [source, files] = written(program, plain)
      const { verdict } = act(source, files)
      fc.assert(
        fc.property(style, (how) => {
          const [other, beside] = written(program, how)
          expect(act(other, beside).verdict, JSON.stringify([other, beside], null, 1)).toBe(verdict)
        }),
        { seed: 20_261_122, numRuns: 12 },
      )
    })
  }
  it('the programs have different verdicts', () => {
    const verdicts = programs.map((program) => act(...written(program, plain)).verdict)
    expect(Object.fromEntries(programs.map((program, i) => [program.name, verdicts[i]]))).toEqual({
      throws: 'guarded',
      'null, tested': 'guarded',
      'null, not tested': 'unguarded',
      'null passes': 'unguarded',
      role: 'guarded',
      'not awaited': 'unguarded',
      swallowed: 'unguarded',
      rethrown: 'guarded',
      'result object': 'guarded',
      'one path': 'unguarded',
      'in a loop': 'unguarded',
      boolean: 'guarded',
      nothing: 'unguarded',
    })
  })
})
