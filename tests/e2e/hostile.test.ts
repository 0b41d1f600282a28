/** What no one writes by hand, and a generator, a bundler or an attacker does: it ends, soon, and nothing is thrown. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import plugin from '../../src/index.ts'
import { examplesOf, pages } from '../doc-examples.ts'
import { DANGEROUS } from '../lowering/nesting.ts'
import { project, type Fixture } from '../project/fixture.ts'

const require = createRequire(import.meta.url)
const urlOf = (specifier: string): string => pathToFileURL(require.resolve(specifier)).href

/** Of the processor's time, for one file with all rules; the issue's bar on real files is the same. */
const LIMIT = 2_000

// Without it, a defect of the plugin would be silence.
beforeAll(() => (process.env.AUTHZ_DEBUG = '1'))
afterAll(() => delete process.env.AUTHZ_DEBUG)

const shared = {
  'package.json': '{ "name": "app", "type": "module" }',
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
export const invoices = pgTable('invoices', { id: text().primaryKey(), ownerId: text().notNull() })
export const db = drizzle(process.env.DATABASE_URL!)
`,
  'src/auth.ts': `import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { betterAuth } from 'better-auth'
export const auth = betterAuth({})
export const getSession = () => auth.api.getSession({ headers: getRequestHeaders() })
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await getSession()
  if (!session) throw new Error('Unauthorized')
  return next({ context: { user: session.user } })
})
`,
}
const head = `import { createServerFn, createMiddleware } from '@tanstack/react-start'
import { db, invoices } from './db'
import { authMiddleware, getSession } from './auth'
`
/** A server function around a body, behind what stands before it. */
const fn = (body: string, before = '', chain = ''): string => `${head}${before}
export const act = createServerFn({ method: 'POST' })${chain}.handler(async ({ data, context }) => {
${body}
await db.delete(invoices)
})
`
const times = (n: number, each: (i: number) => string, between = '\n'): string =>
  Array.from({ length: n }, (_, i) => each(i)).join(between)

function lint(fixture: Fixture, file = 'src/a.ts'): Linter.LintMessage[] {
  const linter = new Linter({ cwd: fixture.root })
  const config: Linter.Config[] = [
    { files: ['**/*.{ts,tsx}'], languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } } },
    plugin.configs.strict,
  ]
  const at = fixture.path(file)
  const text = readFileSync(at, 'utf8')
  // What the host itself costs is not ours to bound.
  linter.verify(text, config.slice(0, 1), { filename: at })
  const start = process.cpuUsage()
  const messages = linter.verify(text, config, { filename: at })
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1_000).toBeLessThan(LIMIT)
  return messages
}

const only = (text: string, files: Readonly<Record<string, string>> = {}): Fixture =>
  project({ ...shared, ...files, 'src/a.ts': text })

const rulesOf = (messages: readonly Linter.LintMessage[]): string[] =>
  messages.map(({ ruleId, message }) => ruleId?.replace('authz/', '') ?? message)

const much: readonly (readonly [name: string, text: string])[] = [
  // the parser of the host ends at a thousand
  ['a test of three hundred names', fn(`if (${times(300, (i) => `data.kind === 'k${i}'`, ' || ')}) throw new Error()`)],
  [
    'a value that may be a thousand others',
    fn(
      `let x: Kind = 'k'\n${times(1_000, (i) => `if (data.a${i}) x = 'k${i}'`)}\nif (x === 'k7') throw new Error()`,
      `type Kind = 'k' | ${times(1_000, (i) => `'k${i}'`, ' | ')}`,
    ),
  ],
  [
    'a thousand functions of which one is called',
    fn('await checks[data.kind]()', `const checks = { ${times(1_000, (i) => `k${i}: () => getSession(${i})`, ', ')} }`),
  ],
  ['a thousand tests in a row', fn(times(1_000, (i) => `if (data.a${i}) data.b${i} = 1`))],
  ['a thousand guards that may be off', fn(times(1_000, (i) => `if (data.a${i}) throw new Error('${i}')`))],
  [
    'a switch of a thousand cases',
    fn(`switch (data.kind) { ${times(1_000, (i) => `case 'k${i}': data.n = ${i}; break`)} }`),
  ],
  ['a thousand awaited calls', fn(times(1_000, (i) => `const s${i} = await getSession()`))],
  [
    'a thousand handlers',
    head +
      times(
        1_000,
        (i) => `export const act${i} = createServerFn({ method: 'POST' }).handler(() => db.delete(invoices))`,
      ),
  ],
  [
    'a hundred middlewares',
    fn(
      '',
      times(100, (i) => `const m${i} = createMiddleware().server(({ next }) => next({ context: { a${i}: ${i} } }))`),
      `.middleware([${times(100, (i) => `m${i}`, ', ')}])`,
    ),
  ],
  [
    'a chain of a hundred middlewares',
    fn(
      '',
      times(
        100,
        (i) =>
          `const m${i} = createMiddleware()${i > 0 ? `.middleware([m${i - 1}])` : ''}.server(({ next }) => next())`,
      ),
      '.middleware([m99])',
    ),
  ],
  [
    'an object of ten thousand keys',
    fn(`const all = { ${times(10_000, (i) => `k${i}: ${i}`, ', ')} }; if (!all[data.key]) throw new Error()`),
  ],
  [
    'an array of twenty thousand numbers',
    fn(`const all = [${times(20_000, String, ', ')}]; if (!all.includes(data.key)) throw new Error()`),
  ],
  ['a pattern of a thousand names', fn(`const { ${times(1_000, (i) => `k${i}`, ', ')} } = data`)],
  [
    'a template of a thousand holes',
    fn(`const text = \`${times(1_000, (i) => `\${data.k${i}}`, '')}\`; if (!text) throw new Error()`),
  ],
  [
    'a promise with two hundred steps',
    fn(`await getSession()${times(200, (i) => `.then((value) => value ?? ${i})`, '')}`),
  ],
  ['a line of a megabyte', fn(`const text = '${'x'.repeat(1_000_000)}'; if (!text) throw new Error()`)],
  [
    'a thousand classes, each of the one before',
    fn(
      '',
      times(1_000, (i) => `class C${i} ${i > 0 ? `extends C${i - 1} ` : ''}{ a${i}() { return ${i} } }`),
    ),
  ],
  [
    'five thousand functions in a row of calls',
    fn(
      'f0()',
      times(5_000, (i) => `function f${i}() { return ${i < 4_999 ? `f${i + 1}()` : 'getSession()'} }`),
    ),
  ],
]

describe('much of one thing', () => {
  it.each(much)('%s', (_, text) => {
    const found = rulesOf(lint(only(text)))
    expect(found.filter((rule) => !/^no-un(?:guarded-server-fn|verifiable-entry-point)$/.test(rule))).toEqual([])
  })
})

const depth = 40
const powers: readonly (readonly [name: string, text: string])[] = [
  [
    'functions that call the next one twice',
    fn(
      'f0()',
      times(
        depth,
        (i) =>
          `async function f${i}() { ${i < depth - 1 ? `await f${i + 1}(); await f${i + 1}()` : 'await getSession()'} }`,
      ),
    ),
  ],
  [
    'functions that call the next one with what it gave',
    fn(
      'f0(data)',
      times(
        depth,
        (i) => `function f${i}(x) { return ${i < depth - 1 ? `f${i + 1}({ a: f${i + 1}(x), b: x })` : 'x'} }`,
      ),
    ),
  ],
  [
    'values that hold the one before twice',
    fn(
      'if (!v39.a) throw new Error()',
      times(depth, (i) => `const v${i} = ${i > 0 ? `{ a: v${i - 1}, b: v${i - 1} }` : '{}'}`),
    ),
  ],
  [
    'lists that spread the one before twice',
    fn(
      'if (!v39.length) throw new Error()',
      times(depth, (i) => `const v${i} = ${i > 0 ? `[...v${i - 1}, ...v${i - 1}]` : '[1]'}`),
    ),
  ],
  [
    'texts that hold the one before twice',
    fn(
      "if (v59 === 'x' || w59 === 'y') throw new Error()",
      times(
        60,
        (i) =>
          `const v${i} = ${i > 0 ? `v${i - 1} + v${i - 1}` : "'x'"}\nconst w${i} = ${i > 0 ? `\`\${w${i - 1}}\${w${i - 1}}\`` : "'y'"}`,
      ),
    ),
  ],
  [
    'lists that are joined with themselves',
    fn(
      `let list = [1]\n${times(40, () => 'list = list.concat(list); list.push(...list)')}\nif (!list.length) throw new Error()`,
    ),
  ],
  ['tests in tests', fn(`${times(depth, (i) => `if (data.a${i}) {`)} await getSession() ${'}'.repeat(depth)}`)],
  [
    'tests that each change what the next one asks',
    fn(
      `let x = data\n${times(200, (i) => `x = x.a${i} ? { ...x, b${i}: x } : { c${i}: x }`)}\nif (!x.done) throw new Error()`,
    ),
  ],
  [
    'loops in loops',
    fn(`${times(30, (i) => `for (const i${i} of data.rows) {`)} await getSession() ${'}'.repeat(30)}`),
  ],
  [
    'attempts in attempts',
    fn(
      `${'try { '.repeat(60)} await getSession() ${'} catch (e) { if (data.x) throw e } finally { data.n++ }'.repeat(60)}`,
    ),
  ],
  ['callbacks in callbacks', fn(`${times(60, (i) => `data.rows.map((r${i}) => `, '')}r0${')'.repeat(60)}`)],
  ['choices in choices', fn(`const x = ${times(400, (i) => `data.a${i} ? ${i} :`)} 0; if (x) throw new Error()`)],
  [
    'functions that are handed on',
    fn(
      'run(f0)',
      `const run = (f) => f((g) => g(f))\n${times(depth, (i) => `const f${i} = (g) => g(${i < depth - 1 ? `f${i + 1}` : 'run'}, f0)`)}`,
    ),
  ],
]

describe('what grows by powers when it is unfolded', () => {
  it.each(powers)('%s', (_, text) => {
    lint(only(text))
  })
})

it('all of that takes little memory in one process', () => {
  const texts = [...much, ...powers].map(([, text], i) => [`src/a${i}.ts`, text] as const)
  const fixture = project({
    ...shared,
    ...Object.fromEntries(texts),
    'eslint.config.js': `import authz from '${urlOf('eslint-plugin-authz')}'
import parser from '${urlOf('@typescript-eslint/parser')}'
export default [{ files: ['**/*.ts'], languageOptions: { parser } }, authz.configs.strict]
`,
  })
  const program = path.join(path.dirname(require.resolve('eslint/package.json')), 'bin/eslint.js')
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=400', program, 'src', '--format', 'json'],
    { cwd: fixture.root, encoding: 'utf8', maxBuffer: 1e8 },
  )
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toHaveLength(texts.length + 2)
})

describe('what leads to itself', () => {
  it.each<[string, string]>([
    ['a function', fn('await f()', 'async function f(n = 0) { if (n < 3) await f(n + 1); else await f(n - 1) }')],
    ['two functions', fn('await f()', 'async function f() { await g() }\nasync function g() { await f() }')],
    ['a variable', fn('if (!x) throw new Error()', 'const x = x ?? x.y')],
    ['a list', fn('', 'const list = [authMiddleware, ...list]', '.middleware(list)')],
    [
      'a middleware',
      fn('', 'const m = createMiddleware().middleware([m]).server(({ next }) => next())', '.middleware([m])'),
    ],
    ['an object', fn('if (!o.o.o) throw new Error()', 'const o = { get o() { return o }, ...o }')],
    ['a class', fn('new A().check()', 'class A extends A { check() { return super.check() } }')],
    ['a server function', `${head}export const act = createServerFn().handler(() => act())`],
    ['a type', fn('', 'type T = T[] | { [K in keyof T]: T }\nfunction f<X extends f<X>>(x: X): asserts x is X {}')],
  ])('%s', (_, text) => {
    lint(only(text))
  })

  it('a module', () => {
    lint(only(fn('await x.default()', "import * as x from './a'\nexport * from './a'\nexport default act\n")))
  })

  it('modules in a ring of three hundred', () => {
    const ring = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        `src/m${i}.ts`,
        `export * from './m${(i + 1) % 300}'\nexport * from './m${(i * 7) % 300}'\nexport const v${i} = 1\n`,
      ]),
    )
    lint(only(fn('await check()', "import { check } from './m0'"), ring))
  })
})

describe('files', () => {
  it('a barrel of five thousand exports', () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`src/p${i}.ts`, times(100, (j) => `export const e${i}_${j} = ${j}`)]),
    )
    const barrel = times(50, (i) => `export * from './p${i}'`) + "\nexport * from './auth'\n"
    const chain = '.middleware([authMiddleware])'
    const text = fn('', '', chain).replace("'./auth'", "'./barrel'")
    expect(rulesOf(lint(only(text, { ...many, 'src/barrel.ts': barrel })))).toEqual([])
  })

  it('a barrel of a thousand barrels', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [
        `src/p${i}.ts`,
        i < 999 ? `export * from './p${i + 1}'\n` : "export * from './auth'\n",
      ]),
    )
    lint(only(fn('', '', '.middleware([authMiddleware])').replace("'./auth'", "'./p0'"), many))
  })

  it('a folder that is called like a file, and links that go round', () => {
    const fixture = only(fn('await check()', "import { check } from './guard'\nimport './round/round/a'"))
    mkdirSync(fixture.path('src/guard.ts'))
    symlinkSync(fixture.path('src'), fixture.path('src/round'), 'junction')
    symlinkSync(fixture.path('src/nowhere'), fixture.path('src/gone'), 'junction')
    expect(rulesOf(lint(fixture))).toEqual(['no-unverifiable-entry-point'])
  })

  it.each(Object.entries(DANGEROUS))('an import that is nested so deep that its parser dies of it: %s', (_, text) => {
    const check = `${text(20_000)}\nexport const check = () => {}\n`
    const [found, ...others] = lint(
      only(fn('await check()', "import { check } from './check'"), { 'src/check.ts': check }),
    )
    expect(found).toMatchObject({ ruleId: 'authz/no-unverifiable-entry-point' })
    expect(found!.message).toMatch(/nested too deep|larger than 1 MB/)
    expect(others).toEqual([])
  })

  it.each<[string, string]>([
    ['data', `export const all = [${times(120_000, (i) => String(i), ',')}]`],
    ['code', times(15_000, (i) => `export function f${i}(a){if(a)throw f${i}(a);return a.b${i}}`, ';')],
    ['calls', `${times(30_000, (i) => `all.push(make(${i}, all))`, ';')};var all = []; function make(i) { return i }`],
  ])('an import that is one line of a megabyte of %s', (_, line) => {
    const check = `${line};export { getSession as check } from './auth'\n`
    expect(check.length).toBeGreaterThan(600_000)
    lint(only(fn('await check()', "import { check } from './check'"), { 'src/check.ts': check }))
  })

  it('the same in what a file imports: tests, steps and cases by the thousand', () => {
    const check = `import { getSession } from './auth'
export async function check(data) {
  if (${times(1_000, (i) => `data.kind === 'k${i}'`, ' || ')}) throw new Error()
  const x = ${times(1_000, (i) => `data.a${i} ?`, ' ')} 1 ${': 2'.repeat(1_000)}
  await getSession()${times(1_000, (i) => `.then((value) => value ?? ${i})`, '')}
  return x + ${times(1_000, (i) => `data.n${i}`, ' + ')}
}
`
    lint(only(fn('await check(data)', "import { check } from './check'"), { 'src/check.ts': check }))
  })

  it('names that objects have by themselves', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'prototype']
    const use = (name: string): string => `
      const { ${name}: v_${name} } = data
      if (context['${name}']) throw data.${name}()
      const o_${name} = { '${name}': getSession, ['${name}']: 1, ${name}() {} }
      await o_${name}.${name}?.()`
    const text = `${fn(times(names.length, (i) => use(names[i]!)))}\n${times(names.length, (i) => `export const ${names[i] === '__proto__' ? 'proto' : names[i]!} = createServerFn().handler(() => db.delete(invoices))`)}`
    expect(rulesOf(lint(only(text))).length).toBeGreaterThan(0)
  })
})

// other work on the machine makes some measurements wrong, but no square looks like a line three times
describe('what it costs grows with what there is', { retry: 2 }, () => {
  it.each<[string, (n: number) => string]>([
    ['statements', (n) => fn(times(n, (i) => `if (data.a${i}) data.b${i} = await getSession()`))],
    [
      'entry points',
      (n) => head + times(n, (i) => `export const act${i} = createServerFn().handler(() => db.delete(invoices))`),
    ],
    [
      'functions',
      (n) =>
        fn(
          'await f0()',
          times(n, (i) => `const f${i} = async () => { ${i < n - 1 ? `await f${i + 1}()` : 'await getSession()'} }`),
        ),
    ],
  ])('%s', (_, text) => {
    const cost = (n: number): number => {
      const fixture = only(text(n))
      const once = (): number => {
        const start = process.cpuUsage()
        lint(fixture)
        const { user, system } = process.cpuUsage(start)
        return user + system
      }
      return Math.min(once(), once(), once())
    }
    cost(100)
    // four times as much; a square would make it sixteen
    expect(cost(800) / cost(200)).toBeLessThan(9)
  })
})

// --- programs as people write them, with mistakes that nobody makes ------------------------------------------------------

const examples = path.join(import.meta.dirname, '../../examples')

/** Projects whose files are mutated: those of the docs, and the example applications. */
const real: readonly { readonly files: ReadonlyMap<string, string>; readonly file: string }[] = [
  ...[...pages.values()].flatMap(examplesOf).flatMap(({ files }) => [...files.keys()].map((file) => ({ files, file }))),
  ...readdirSync(examples).flatMap((name) => {
    const root = path.join(examples, name, 'src')
    if (!existsSync(root)) return []
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.gen)\.tsx?$/.test(file),
    )
    const files = new Map(
      names.map((file) => [`src/${file.replaceAll('\\', '/')}`, readFileSync(path.join(root, file), 'utf8')]),
    )
    return [...files.keys()].map((file) => ({ files, file }))
  }),
]

const tokens = /[\w$]+|\s+|[^\w\s]/g

type Mutation = readonly ['drop' | 'double' | 'swap' | 'steal' | 'wrap' | 'line', number, number]

/** Tokens and lines are dropped, doubled, swapped, taken from elsewhere: most of it still parses. */
function mutated(text: string, mutations: readonly Mutation[]): string {
  let parts: string[] = text.match(tokens) ?? []
  for (const [kind, a, b] of mutations) {
    const [i, j] = [a % parts.length, b % parts.length]
    const [x, y] = [parts[i]!, parts[j]!]
    if (kind === 'drop') parts = parts.filter((_, at) => at !== i)
    else if (kind === 'double') parts.splice(i, 0, x)
    else if (kind === 'swap') [parts[i], parts[j]] = [y, x]
    else if (kind === 'steal') parts[i] = y
    else if (kind === 'wrap') parts[i] = /^[a-z_$]/i.test(x) ? `(() => ${x})()` : x
    else {
      const lines = parts.join('').split('\n')
      const [moved] = lines.splice(a % lines.length, 1)
      lines.splice(b % (lines.length + 1), 0, moved!)
      parts = lines.join('\n').match(tokens) ?? []
    }
    if (parts.length === 0) return ''
  }
  return parts.join('')
}

it('a mutated program is linted without an exception, in time', () => {
  const mutation = fc.tuple(
    fc.constantFrom('drop', 'double', 'swap', 'steal', 'wrap', 'line'),
    fc.nat(100_000),
    fc.nat(100_000),
  ) as fc.Arbitrary<Mutation>
  const cases = fc.record({
    at: fc.nat(real.length - 1),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  })
  const linted = new Map<ReadonlyMap<string, string>, Fixture>()
  let parsed = 0
  fc.assert(
    fc.property(cases, ({ at, mutations }) => {
      const { files, file } = real[at]!
      let fixture = linted.get(files)
      if (!fixture) {
        fixture = project({
          'package.json': '{ "name": "app" }',
          'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
          ...Object.fromEntries(files),
        })
        linted.set(files, fixture)
      }
      const text = mutated(files.get(file)!, mutations)
      fixture.write(file, text)
      const messages = lint(fixture, file)
      if (!messages.some(({ fatal }) => fatal)) parsed++
      // the next one finds the others as they were
      fixture.write(file, files.get(file)!)
    }),
    { numRuns: Number(process.env.AUTHZ_FUZZ ?? 150) },
  )
  expect(parsed).toBeGreaterThan(10)
}, 600_000)
