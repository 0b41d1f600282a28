import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Linter, type Rule } from 'eslint'
import { describe, expect, it } from 'vitest'
import { lower } from '../../src/lowering/lower.ts'
import type { ModuleForm } from '../../src/model/form.ts'
import { dump } from '../../src/model/dump.ts'
import { viaHost, viaOxc } from './parse.ts'
import { SNIPPETS, TYPESCRIPT_ONLY } from './snippets.ts'

/** What a form is on disk or over a wire. */
function plain(form: ModuleForm | undefined): unknown {
  return form && JSON.parse(JSON.stringify(form))
}

function expectSame(text: string, lang: 'ts' | 'tsx'): void {
  const oxc = viaOxc(text, lang)
  expect(oxc, 'oxc reads it').toBeDefined()
  expect(oxc?.unreadable).toBeUndefined()
  expect(plain(viaHost(text, lang))).toEqual(plain(oxc))
}

const root = path.join(import.meta.dirname, '../..')
const files = ['src', 'tests/lowering', 'examples']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, String(name))),
  )
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))

describe('both parsers give the same form', () => {
  it.each(SNIPPETS)('%s', (text) => expectSame(text, 'tsx'))
  it.each(TYPESCRIPT_ONLY)('%s', (text) => expectSame(text, 'ts'))
  it.each(files)('%s', (name) => {
    expectSame(readFileSync(path.join(root, name), 'utf8'), name.endsWith('x') ? 'tsx' : 'ts')
  })
})

describe('the default parser of ESLint gives the same form of JavaScript', () => {
  it.each([
    'export const f = async ({ a, ...b }) => { if (!a?.b) throw new Error(`x${b}`); return <A {...b} c="d&amp;">{a}</A> }',
    "'use server'\nimport x, { y as z } from 'a'; export { z }; export default class { #p = 1; static { x() } m() { return this.#p } }",
    'var a = 1n, b = /x/g, c = { get d() { return 1 }, e() {} }; for (a of b) a++; label: while (c) break label',
  ])('%s', (text) => {
    let form: ModuleForm | undefined
    const create = ({ sourceCode }: Rule.RuleContext): Rule.RuleListener => {
      form = lower(sourceCode.ast, text, '/file.jsx', sourceCode.ast.comments)
      return {}
    }
    const plugins = { test: { rules: { lower: { create } } } }
    const languageOptions = { parserOptions: { ecmaFeatures: { jsx: true } } }
    expect(new Linter().verify(text, { plugins, languageOptions, rules: { 'test/lower': 'error' } })).toEqual([])
    expect(plain(form)).toEqual(plain(viaOxc(text, 'jsx')))
  })
})

describe('a form is plain data', () => {
  it.each(SNIPPETS)('%s', (text) => {
    const form = viaOxc(text)!
    expect(structuredClone(form)).toEqual(plain(form))
    expect(dump(JSON.parse(JSON.stringify(form)) as ModuleForm)).toBe(dump(form))
  })

  it('points to what exists only', () => {
    for (const text of SNIPPETS) checkReferences(viaOxc(text)!)
    for (const name of files) {
      const form = viaOxc(readFileSync(path.join(root, name), 'utf8'), name.endsWith('x') ? 'tsx' : 'ts')!
      checkReferences(form)
    }
  })
})

/** Every id is in range, every function and class is written in exactly one place, every range lies in the text. */
function checkReferences(form: ModuleForm): void {
  const places = new Map<string, number>()
  const end = form.functions[0]!.range[1]
  const stack: unknown[] = [form.functions, form.classes]
  while (stack.length > 0) {
    const item = stack.pop()
    if (typeof item !== 'object' || item === null) continue
    const node = item as { t?: string; binding?: number; fn?: number; cls?: number; range?: [number, number] }
    if (node.binding !== undefined) expect(form.bindings[node.binding]).toBeDefined()
    if (node.fn !== undefined) expect(form.functions[node.fn]).toBeDefined()
    if (node.t === 'function') places.set(`fn${node.fn}`, (places.get(`fn${node.fn}`) ?? 0) + 1)
    if (node.t === 'class') places.set(`class${node.cls}`, (places.get(`class${node.cls}`) ?? 0) + 1)
    if (node.range) expect(node.range[0] >= 0 && node.range[0] <= node.range[1] && node.range[1] <= end).toBe(true)
    stack.push(...(Object.values(item) as unknown[]))
  }
  form.classes.forEach((_, id) => expect(places.get(`class${id}`)).toBe(1))
}

describe('robustness', () => {
  it('never throws on what the parsers make of truncated programs', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    let lowered = 0
    for (const text of SNIPPETS) {
      for (let i = 0; i < 25; i++) {
        const from = random(Math.max(1, text.length / 2))
        const to = from + random(text.length - from + 1)
        const cut = random(2) === 0 ? text.slice(0, to) : text.slice(0, from) + text.slice(to)
        const forms = [viaOxc(cut), viaHost(cut)]
        for (const form of forms) {
          if (!form) continue
          expect(form.unreadable).toBeUndefined()
          dump(form)
          lowered++
        }
      }
    }
    expect(lowered).toBeGreaterThan(300)
  })

  it('survives trees with holes', () => {
    const text = SNIPPETS.join('\n').slice(0, 200)
    for (const type of ['IfStatement', 'CallExpression', 'ClassDeclaration', 'Nonsense', 'ExportNamedDeclaration']) {
      const form = lower({ type: 'Program', body: [{ type }] }, text, '/x.ts', [])
      expect(form.file).toBe('/x.ts')
    }
  })

  /** The parser of the host gives up before the lowering does, so that the tree is made by hand. */
  function nested(depth: number, wrap: (inner: object) => object): ModuleForm {
    let node: object = { type: 'Identifier', name: 'x', range: [0, 1] }
    for (let i = 0; i < depth; i++) node = wrap(node)
    const statement = { type: 'ExpressionStatement', expression: node, range: [0, 1] }
    return lower({ type: 'Program', body: [statement] }, 'x', '/x.ts', [])
  }

  const range = [0, 1]
  const leaf = { type: 'Literal', value: 1, raw: '1', range }
  const body = (inner: object): object => ({
    type: 'BlockStatement',
    body: [{ type: 'ReturnStatement', argument: inner, range }],
    range,
  })
  it.each<[string, (inner: object) => object]>([
    [
      'ternaries',
      (inner) => ({ type: 'ConditionalExpression', test: leaf, consequent: leaf, alternate: inner, range }),
    ],
    ['additions', (inner) => ({ type: 'BinaryExpression', operator: '+', left: inner, right: leaf, range })],
    [
      'additions to the right',
      (inner) => ({ type: 'BinaryExpression', operator: '+', left: leaf, right: inner, range }),
    ],
    ['conditions', (inner) => ({ type: 'LogicalExpression', operator: '&&', left: inner, right: leaf, range })],
    ['calls', (inner) => ({ type: 'CallExpression', callee: inner, arguments: [], optional: false, range })],
    ['arguments', (inner) => ({ type: 'CallExpression', callee: leaf, arguments: [inner], optional: false, range })],
    ['members', (inner) => ({ type: 'MemberExpression', object: inner, property: leaf, computed: true, range })],
    ['casts', (inner) => ({ type: 'TSAsExpression', expression: inner, range })],
    ['arrays', (inner) => ({ type: 'ArrayExpression', elements: [inner], range })],
    ['arrows', (inner) => ({ type: 'ArrowFunctionExpression', params: [], body: inner, range })],
    ['functions', (inner) => ({ type: 'FunctionExpression', params: [], body: body(inner), range })],
    [
      'assignments',
      (inner) => ({
        type: 'AssignmentExpression',
        operator: '=',
        left: { type: 'Identifier', name: 'y', range },
        right: inner,
        range,
      }),
    ],
    [
      'patterns',
      (inner) => ({
        type: 'AssignmentExpression',
        operator: '=',
        left: { type: 'ArrayPattern', elements: [inner], range },
        right: leaf,
        range,
      }),
    ],
    [
      'JSX',
      (inner) => ({
        type: 'JSXFragment',
        children: [{ type: 'JSXExpressionContainer', expression: inner, range }],
        range,
      }),
    ],
    [
      'templates',
      (inner) => ({ type: 'TemplateLiteral', quasis: [{ value: { raw: 'x' } }], expressions: [inner], range }),
    ],
    ['unknown syntax', (inner) => ({ type: 'PipelineExpression', left: inner, range })],
  ])('does not overflow on %s', (_, wrap) => {
    for (const depth of [1_000, 30_000]) {
      const form = nested(depth, wrap)
      expect(form.unreadable).toBeUndefined()
      expect(dump(form)).toMatch(/opaque|x/)
      expect(JSON.stringify(form).length).toBeGreaterThan(0)
    }
  })

  it('does not overflow on statements', () => {
    const chain = (wrap: (inner: object) => object): ModuleForm => {
      let node: object = { type: 'EmptyStatement', range }
      for (let i = 0; i < 30_000; i++) node = wrap(node)
      return lower({ type: 'Program', body: [node as { type: string }] }, 'x', '/x.ts', [])
    }
    const empty = { type: 'BlockStatement', body: [], range }
    const forms = [
      chain((inner) => ({ type: 'IfStatement', test: leaf, consequent: empty, alternate: inner, range })),
      chain((inner) => ({ type: 'BlockStatement', body: [inner], range })),
      chain((inner) => ({ type: 'WhileStatement', test: leaf, body: inner, range })),
      chain((inner) => ({ type: 'TryStatement', block: { type: 'BlockStatement', body: [inner], range }, range })),
      chain((inner) => ({ type: 'LabeledStatement', label: { name: 'a' }, body: inner, range })),
    ]
    for (const form of forms) {
      expect(form.unreadable).toBeUndefined()
      expect(dump(form)).toContain('opaque[nested too deep]')
    }
  })

  it.each([
    ['ternaries', (n: number) => `x = ${'a ? b : '.repeat(n)}c`],
    ['parentheses', (n: number) => `x = ${'('.repeat(n)}c${')'.repeat(n)}`],
    ['else-ifs', (n: number) => `if (a) {} ${'else if (a) {}'.repeat(n)}`],
    ['calls', (n: number) => `x = a${'.b(c)'.repeat(n)}`],
    ['arrows', (n: number) => `x = ${'() => '.repeat(n)}c`],
  ])('lowers what the host itself survives of %s', (_, text) => {
    for (const n of [300, 1_000, 3_000]) {
      let form: ModuleForm | undefined
      try {
        form = viaHost(text(n))
      } catch (error) {
        // The host's parser overflowed, not the lowering, which never throws.
        expect(error).toBeInstanceOf(RangeError)
        continue
      }
      expect(form?.unreadable).toBeUndefined()
    }
  })
})
