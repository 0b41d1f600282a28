import { describe, expect, it } from 'vitest'
import { lower } from '../../src/lowering/lower.ts'
import type { ModuleForm } from '../../src/model/form.ts'
import { body, dumped, viaHost, viaOxc } from './parse.ts'

function form(text: string): ModuleForm {
  const lowered = viaOxc(text)
  if (!lowered) throw new Error(`syntax error in ${text}`)
  return lowered
}

/** Names of the bindings that are written again. */
function reassigned(text: string): string[] {
  return form(text)
    .bindings.filter((b) => b.reassigned)
    .map((b) => b.name)
}

describe('expressions', () => {
  it.each([
    ['drops parentheses and casts', '((a as any)!.b satisfies C)(<const T,>(x: T) => x)', '^a.b(fn1)'],
    ['drops instantiations', 'const f = g<string>', 'const f = ^g'],
    ['reads a constant key as a name', "a['b'][`c`][d]['e f']", '^a.b.c[^d].e f'],
    ['keeps a number as a computed key', 'a[0]', '^a[0]'],
    ['marks where short-circuiting ends', 'a?.b.c(d).e', 'chain(^a?.b.c(^d).e)'],
    ['ends the chain at parentheses', '(a?.b).c', 'chain(^a?.b).c'],
    ['looks through a non-null assertion in a chain', 'a?.b!.c', 'chain(^a?.b.c)'],
    ['marks optional calls', 'a?.()?.[b]', 'chain(^a?.()?.[^b])'],
    ['knows undefined', 'undefined ?? null ?? NaN', '(undefined ?? null) ?? ^NaN'],
    ['keeps operators', 'a + b * c in d', '(^a + (^b * ^c)) in ^d'],
    ['keeps unary operators', 'typeof a === -1 && !void 0', '(typeof ^a === -1) && !void 0'],
    [
      'keeps literals apart',
      "['1', 1, 1n, 0xFFn, 1_0n, /a/g, true, null]",
      "['1', 1, 1n, 0xFFn, 10n, /a/g, true, null]",
    ],
    ['keeps holes and spreads', '[, a, ...b]', '[, ^a, ...^b]'],
    ['keeps objects', '({ a, b: 1, [c]: 2, ...d, "e-f": 3, 4: 5 })', '{^a, b: 1, [^c]: 2, ...^d, e-f: 3, 4: 5}'],
    ['keeps templates', '`a${b}c`', '`a${^b}c`'],
    ['keeps tagged templates', 'sql.unsafe`a${b}\\u{}`', '^sql.unsafe`a${^b}\\u{}`'],
    ['keeps conditionals and sequences', '(a, b ? c : d)', '(^a, ^b ? ^c : ^d)'],
    ['keeps construction', 'new A.B(...c)', 'new ^A.B(...^c)'],
    ['reads dynamic imports', "import('./x')", "import('./x')"],
    ['reads require', "require('x').y", "require('x').y"],
    ['keeps meta properties', 'import.meta.env.X', 'import.meta.env.X'],
    ['keeps await', 'await a.b()', 'await ^a.b()'],
    ['keeps destructuring assignments', '[a.b, c = 1, ...d] = e', '[^a.b, ^c = 1, ...^d] = ^e'],
    ['keeps compound assignments', 'a.b ??= c', '^a.b ?? (^a.b = ^c)'],
  ])('%s', (_, text, expected) => {
    expect(body(text)).toEqual([expected])
  })

  it('names the private member', () => {
    expect(dumped('class A { #x = 1; m(o) { return #x in o && this.#x } }')).toContain("return ('#x' in o) && this.#x")
  })

  it('does not read a bound require as an import', () => {
    expect(body("const require = f; require('x')")).toEqual(['const require = ^f', "require('x')"])
  })

  it('gives a long chain of operators as a list, so that nobody has to recurse into it', () => {
    const [statement] = form(`x = a${' + a'.repeat(1000)}`).functions[0]!.body
    expect(statement).toMatchObject({ expr: { value: { t: 'opaque', what: 'a long chain of operators' } } })
    expect(JSON.stringify(statement).match(/"global"/g)).toHaveLength(1002)
  })
})

describe('JSX', () => {
  it.each([
    ['keeps components and props', '<A.B x="1" y={z} w {...s} />', "<^A.B x: '1', y: ^z, w: true, ...^s>"],
    ['keeps lower-case members', '<motion.div />', '<^motion.div>'],
    ['drops markup and text', '<div> text <b>{x}</b>{/* c */}</div>', '<>(<>(^x))'],
    ['keeps functions', '<A onClick={() => f()}>{xs.map((x) => <li>{x}</li>)}</A>', '<^A onClick: fn1>(^xs.map(fn2))'],
    ['keeps fragments', '<>{...a}</>', '<>(^a)'],
    ['leaves entities as written', '<A t="&amp;" />', "<^A t: '&amp;'>"],
    ['names namespaced attributes', '<a xlink:href="#" />', "<xlink:href: '#'>"],
  ])('%s', (_, text, expected) => {
    expect(body(`x = ${text}`)).toEqual([`^x = ${expected}`])
  })
})

describe('statements', () => {
  it('hoists function declarations to the head of their block', () => {
    expect(body('f(); function f() {} { g(); function g() {} }')).toEqual([
      'function f = fn1',
      'f()',
      'block',
      '  function g = fn2',
      '  g()',
    ])
  })

  it('gives each declarator a statement', () => {
    expect(body('let a = 1, { b, c: [d = 2], ...e } = a, f')).toEqual([
      'let a = 1',
      'let {b: b, c: [d = 2], ...e} = a',
      'let f',
    ])
  })

  it('keeps branches', () => {
    expect(body('if (a) b(); else if (c) { d() } else e()')).toEqual([
      'if ^a',
      '  ^b()',
      'else',
      '  if ^c',
      '    ^d()',
      '  else',
      '    ^e()',
    ])
  })

  it('keeps loops', () => {
    expect(
      body(
        'for (let i = 0; i < 1; i++) f(i); for (const x of y) f(x); for (k in o); while (a) break; do f(); while (b)',
      ),
    ).toEqual([
      'let i = 0',
      'for while i < 1 then i++',
      '  ^f(i)',
      'for x of ^y',
      '  ^f(x)',
      'for ^k in ^o',
      'for while ^a',
      '  break',
      'do while ^b',
      '  ^f()',
    ])
  })

  it('keeps labels and jumps', () => {
    expect(body('a: for (;;) { if (b) continue a; break a }')).toEqual([
      'a:',
      '  for',
      '    if ^b',
      '      continue a',
      '    break a',
    ])
  })

  it('keeps try', () => {
    expect(body('try { a() } catch ({ message }) { b(message) } finally { c() }')).toEqual([
      'try',
      '  ^a()',
      'catch {message: message}',
      '  ^b(message)',
      'finally',
      '  ^c()',
    ])
    expect(body('try { a() } catch { throw b }')).toEqual(['try', '  ^a()', 'catch', '  throw ^b'])
  })

  it('keeps switch, with its functions before it', () => {
    expect(body('switch (a) { case 1: case f(): { b() } function f() {} default: c() }')).toEqual([
      'block',
      '  function f = fn1',
      '  switch ^a',
      '    case 1',
      '    case f()',
      '      block',
      '        ^b()',
      '    default',
      '      ^c()',
    ])
  })

  it('lists the directives and drops them from the body', () => {
    expect(dumped("'use server'\n'use strict'\nasync function f() { 'use cache'; f() }")).toBe(
      "fn0 module 'use server' 'use strict'\n  function f = fn1\nfn1 async function f() 'use cache'\n  f()",
    )
  })
})

describe('functions', () => {
  it.each([
    ['a variable', 'const f = () => {}', 'arrow f()'],
    ['a cast in a variable', 'const f = (() => {}) as F', 'arrow f()'],
    ['a property', '({ f: async function* () {} })', 'async function* f()'],
    ['a method', '({ async f() {} })', 'async method f()'],
    ['a getter', '({ get f() { return 1 } })', 'getter f()'],
    ['an assignment', 'a.f = () => {}', 'arrow f()'],
    ['a default', 'const { f = () => {} } = a', 'arrow f()'],
    ['an export', 'export default () => {}', 'arrow default()'],
    ['nothing', 'a(() => {})', 'arrow()'],
  ])('takes its name from %s', (_, text, expected) => {
    expect(dumped(text)).toContain(`\nfn1 ${expected}\n`.trimEnd())
  })

  it.each([
    ['asserts x is string', 'asserts'],
    ['asserts x', 'asserts'],
    ['x is string', 'predicate'],
    ['Promise<void>', 'promise'],
    ['never', 'never'],
    ['Promise<never>', 'never'],
    ['string', undefined],
  ])('reads the return annotation %s', (annotation, signature) => {
    expect(form(`function f(x): ${annotation} {}`).functions[1]!.signature).toBe(signature)
  })

  it('does not count a this parameter', () => {
    expect(dumped('function f(this: A, a, ...b) {}')).toContain('fn1 function f(a, ...b)')
  })

  it('ignores overloads and what is declared elsewhere', () => {
    const text = 'function f(a: 1): 1\nfunction f(a: any) {}\ndeclare const x: 1; declare function g(): void; x; g()'
    expect(body(text)).toEqual(['function f = fn1', '^x', '^g()'])
  })

  it('binds the name of a function expression inside it', () => {
    expect(dumped('const g = function self(n) { return self }')).toBe(
      'fn0 module\n  const g = fn1\nfn1 function self(n)\n  function self = fn1\n  return self',
    )
  })

  it('says who mentions this, through arrows', () => {
    const { functions } = form('function a() { return () => this } function b() { function c() { this } }')
    expect(functions.map((fn) => `${fn.name}:${fn.usesThis}`)).toEqual([
      ':false',
      'a:true',
      ':true',
      'b:false',
      'c:true',
    ])
  })

  it('knows the function around', () => {
    expect(form('function a() { return () => () => 1 }').functions.map((fn) => fn.parent)).toEqual([-1, 0, 1, 2])
  })
})

describe('classes', () => {
  it('keeps members, statics, fields and static blocks', () => {
    const text = `class A extends B.C { a = 1; static b = 2; get c() { return 1 } static d() {} [e]() {} static { f() }
      declare g: 1; h?: string; [k: string]: any; i(): void; i() {} accessor j = 3; 'k-l' = 4 }`
    expect(dumped(text).split('\nclass0')[1]!.split('\n')).toEqual([
      ' A extends ^B.C',
      '  field a = 1',
      '  static field b = 2',
      '  getter c fn1',
      '  static method d fn2',
      '  method [^e] fn3',
      '  static static-block fn4',
      '  field h',
      '  method i fn5',
      '  field j = 3',
      '  field k-l = 4',
    ])
  })

  it('assigns parameter properties at the head of the constructor', () => {
    const text = 'class A { constructor(private db: Db, readonly n = 1, x: X) { f(x) } }'
    expect(dumped(text)).toContain(
      'fn1 constructor A(db, n = 1, x) this\n  this.db = db\n  this.n = n\n  ^f(x)\nclass0 A\n  constructor fn1',
    )
  })

  it('does not trust what a decorator has touched', () => {
    const text = '@a() class A { @b m() {} @c f = 1; constructor(@d() x) {} }'
    expect(body(text)).toEqual(['opaque[decorators](^a(), ^d())', 'class A = class0'])
    expect(dumped(text)).toContain('field m = opaque[decorated](^b, fn1)\n  field f = opaque[decorated](^c, 1)')
  })

  it('binds the name of a class expression', () => {
    expect(body('const K = class Foo { m() { return Foo } }')).toEqual(['const K = Foo = class0'])
  })
})

describe('scopes', () => {
  it.each([
    ['a var out of its block', 'if (a) { var x = 1 } x', 'x'],
    ['a var out of a loop', 'for (var x of y) {} x', 'x'],
    ['a function in its own block only', '{ function x() {} } x', '^x'],
    ['a let in its own block only', '{ let x } x', '^x'],
    ['a loop variable in the loop only', 'for (const x of y) {} x', '^x'],
    ['a catch parameter in its clause only', 'try {} catch (x) {} x', '^x'],
    ['an import', "import x from 'y'; x", 'x'],
    ['a name before its declaration', 'x; const x = 1', ''],
    ['a class', 'class x {} x', 'x'],
    ['no interface', 'interface x {} x', '^x'],
    ['no type parameter', 'function f<x>() {} x', '^x'],
    ['an enum', 'enum x {} x', 'x'],
    ['a namespace', 'namespace x {} x', 'x'],
    ['an import by require', "import x = require('y'); x", 'x'],
  ])('sees %s', (_, text, last) => {
    expect(body(text).at(-1)).toBe(last === '' ? 'const x = 1' : last)
  })

  it('keeps shadowing names apart', () => {
    const text = 'const x = 1; function f(x) { { const x = 2; g(x) } return x } f(x)'
    expect(dumped(text)).toContain('  const x#3 = 2\n    ^g(x#3)\n  return x#2')
    expect(body(text).at(-1)).toBe('f(x#0)')
  })

  it('looks up defaults of parameters outside the body', () => {
    expect(dumped('function f(a = b) { var b }')).toContain('fn1 function f(a = ^b)')
  })

  it('shares one binding between a parameter and a var of its name', () => {
    expect(form('function f(a) { var a = 1; return a }').bindings.map((b) => b.name)).toEqual(['f', 'a'])
  })

  it.each([
    ['assignments', 'let a, b = 1; a = 1', ['a']],
    ['compound assignments', 'let a = 1; a ||= 2', ['a']],
    ['updates', 'let a = 1; a++', ['a']],
    ['destructuring', 'let a, b, c; [a, { x: b }] = c', ['a', 'b']],
    ['loop targets', 'let a, b; for (a of c); for (b in c);', ['a', 'b']],
    ['casts as targets', 'let a; (a as any) = 1', ['a']],
    ['writes from an inner function before the declaration', 'const f = () => { a = 1 }; let a', ['a']],
    ['a second declaration', 'function f() {} function f() {} var a = 1; var a = 2', ['a', 'f']],
    ['nothing else', 'let a = { b: 1 }; a.b = 2; for (const c of a) {}', []],
  ])('marks as reassigned: %s', (_, text, names) => {
    expect(reassigned(text)).toEqual(names)
  })
})

describe('TypeScript that runs', () => {
  it('turns enums into objects', () => {
    expect(body("enum E { A, B = 5, C, D = 'd', 'e-f' = A | 2, G = f(), H }")).toEqual([
      "enum E = {A: 0, B: 5, C: 6, D: 'd', e-f: E.A | 2, G: ^f(), H: opaque[enum member]()}",
    ])
  })

  it('runs namespaces without telling what they hold', () => {
    expect(dumped('namespace A.B { export const x = f() }')).toBe(
      'fn0 module\n  const A = opaque[namespace](fn1())\nfn1 function A()\n  const x = ^f()',
    )
  })

  it('leaves the function that a namespace merges with', () => {
    expect(body('function f() {} namespace f { export const x = 1 }')).toEqual([
      'function f = fn1',
      'opaque[namespace](fn2())',
    ])
  })

  it('reads import aliases', () => {
    expect(body("import A = B.C; import d = require('d')", 'ts')).toEqual(['const A = ^B.C'])
  })

  it('keeps the members of interfaces and object types', () => {
    const text = `export interface Db { users: UserTable; 'a-b'?: string |\n  null; f(x: number): void; [k: string]: any }
      type T = { readonly id: Generated<string>, n }; type U = string; interface Db { more: 1 }`
    expect(JSON.parse(JSON.stringify(form(text).types))).toMatchObject({
      Db: { members: { users: 'UserTable', 'a-b': 'string | null', f: '(x: number): void', more: '1' } },
      T: { members: { id: 'Generated<string>', n: '' } },
    })
    expect(Object.keys(form(text).types)).toEqual(['Db', 'T'])
  })

  it('keeps object types inside others under their path', () => {
    const { types } = form('type Db = { public: { Tables: { rows: { Row: { id: string } } } } }')
    expect(types['Db.public.Tables.rows.Row']?.members).toMatchObject({ id: 'string' })
    const deep = form(`type A = ${'{ a: '.repeat(9)}string${' }'.repeat(9)}`)
    expect(Object.keys(deep.types)).toEqual(['A.a.a.a.a', 'A.a.a.a', 'A.a.a', 'A.a', 'A'])
  })

  it('cuts long members and survives names of the prototype', () => {
    const { types } = form(`interface constructor { a: '${'x'.repeat(300)}'; toString(): string }`)
    expect(types['constructor' as string]?.members.a).toHaveLength(200)
    expect('toString' in types).toBe(false)
  })
})

describe('imports and exports', () => {
  function head(text: string): string[] {
    return dumped(text, 'ts')
      .split('\n')
      .filter((line) => /^(?:import|export)/.test(line))
  }

  it('reads imports', () => {
    const text = `import 'a'; import b from 'b'; import * as c from 'c'; import d, { e, f as g, type h, default as i } from 'd'
      import type { j } from 'j'; import type k from 'k'; import l = require('l'); import {} from 'm'; import { 'n-o' as p } from 'n'`
    expect(head(text)).toEqual([
      "import from 'a'",
      "import b = default from 'b'",
      "import c = * from 'c'",
      "import d = default from 'd'",
      "import e = e from 'd'",
      "import g = f from 'd'",
      "import type h = h from 'd'",
      "import i = default from 'd'",
      "import type j = j from 'j'",
      "import type k = default from 'k'",
      "import l = * from 'l'",
      "import from 'm'",
      "import p = n-o from 'n'",
    ])
  })

  it('reads exports', () => {
    const text = `const a = 1; export { a, a as b, a as default, a as 'c-d' }; export { e as f, default as g } from 'e'
      export * from 'h'; export * as i from 'i'; export type { J } from 'j'; export type * from 'k'; export {} from 'l'
      export const { m, n: [o], ...p } = a, q = 1; export function r(): void; export function r() {} export class S {}
      export enum T {} export namespace U {} export interface V {} export type W = 1; export { V, type W as X }`
    expect(head(text)).toEqual([
      "import from 'l'",
      'export a = a',
      'export b = a',
      'export default = a',
      'export c-d = a',
      "export f = e from 'e'",
      "export g = default from 'e'",
      "export * from 'h'",
      "export i = * from 'i'",
      "export type J = J from 'j'",
      "export type * from 'k'",
      'export m = m',
      'export o = o',
      'export p = p',
      'export q = q',
      'export r = r',
      'export S = S',
      'export T = T',
      'export U = U',
      'export type V',
      'export type X',
    ])
  })

  it.each([
    ['an expression', 'export default f(1)', 'export default = ^f(1)'],
    ['a name', 'const a = 1; export default a', 'export default = a'],
    ['a named function', 'export default async function f() {}', 'export default = f'],
    ['an anonymous function', 'export default function () {}', 'export default = default'],
    ['an anonymous class', 'export default class {}', 'export default = default'],
    ['an assignment', 'export = f', 'export default = ^f'],
  ])('reads a default export of %s', (_, text, expected) => {
    expect(head(text)).toEqual([expected])
  })

  it.each([
    ['all at once', 'module.exports = { a: 1 }', ['export default = {a: 1}']],
    ['a name', 'const a = 1; module.exports = a', ['export default = a']],
    ['one by one', 'exports.a = 1; module.exports.b = 2', ['export a = 1', 'export b = 2']],
    ['the last of several', 'exports.a = 1; exports.a = 2', ['export a = 2']],
    ['all, and more', 'module.exports = f; module.exports.b = 2', ['export default = ^f', 'export b = 2']],
    ['what may not run', 'if (a) module.exports = 1; else module.exports = 2', []],
    ['what may run after it', 'exports.a = 1; if (b) exports.a = 2', []],
    ['what is exported otherwise', 'export default 1; module.exports = 2', ['export default = 1']],
    ['names of its own', 'const module: any = {}; module.exports = 1', []],
  ])('reads what a CommonJS module exports: %s', (_, text, expected) => {
    expect(head(text)).toEqual(expected)
  })

  it('does not export what a namespace exports', () => {
    expect(head('namespace A { export const x = 1; export default 1 }'.replace(' export default 1', ''))).toEqual([])
  })
})

describe('markers', () => {
  it.each([
    ['// authz: public -- why\nx', 'public -- why', false, 24],
    ['/* authz: public */ /* other */ // more\n  x', 'public', true, 42],
    ['/**\n * authz: public --\n *   why\n */\nx', 'public -- why', true, 37],
    ['// AuthZ:public', 'public', false, -1],
  ])('reads %j', (text, expected, block, nextToken) => {
    expect(form(text).markers).toEqual([{ text: expected, block, nextToken, range: [0, expect.any(Number)] }])
  })

  it.each([
    ['//authz public\nx', 'authz', 'public'],
    ['// authz', 'authz', ''],
    ['// @authz public -- why', '@authz', 'public -- why'],
    ['/** @authz: public -- why */', '@authz:', 'public -- why'],
    ['/* x\n authz: public */', 'authz:', 'public'],
    ['/**\n * Says what.\n * @authz public\n *   -- why\n */', '@authz', 'public -- why'],
  ])('notes how %j begins, which is not quite one', (text, head, said) => {
    expect(form(text).markers).toMatchObject([{ head, text: said }])
  })

  it.each(['// authzed: public', '// see authz: public', '// a@authz: public'])('does not read %j', (text) => {
    expect(form(text).markers).toEqual([])
  })
})

describe('places', () => {
  it('finds the lines whatever ends them', () => {
    expect(form('a\nb\r\nc\rd\u2028e').lineStarts).toEqual([0, 2, 5, 7, 9])
  })

  it('gives the range of a name without its type', () => {
    const text = 'function f(abc: string, d?: number) {}'
    expect(form(text).bindings.map(({ range: [start, end] }) => text.slice(start, end))).toEqual(['f', 'abc', 'd'])
  })

  it('needs only start and end', () => {
    const text = 'export const f = async ({ a }: X) => { await g(a as any).b?.c }'
    expect(viaOxc(text, 'ts', false)).toEqual(viaOxc(text, 'ts'))
  })
})

describe('what it cannot read', () => {
  it('keeps the parts of unknown syntax', () => {
    const text = 'pipe(x)'
    const call = { type: 'Identifier', name: 'x', range: [5, 6] }
    const unknown = { type: 'PipelineExpression', range: [0, 7], parts: [call], parent: {}, loc: {} }
    const program = { type: 'Program', body: [{ type: 'ExpressionStatement', expression: unknown, range: [0, 7] }] }
    expect(lower(program, text, '/x.ts', []).functions[0]!.body).toEqual([
      {
        t: 'expr',
        expr: {
          t: 'opaque',
          what: 'PipelineExpression',
          parts: [{ t: 'global', name: 'x', range: [5, 6] }],
          range: [0, 7],
        },
        range: [0, 7],
      },
    ])
  })

  it('says so instead of throwing', () => {
    const program = { type: 'Program', body: [{ type: 'ExpressionStatement', range: [0, 1] }] }
    expect(lower(program, 'x', '/x.ts', []).unreadable).toMatch(/^could not be lowered/)
  })

  it('counts what is written in too deep a place as written', () => {
    const text = `let a = 1; ${'['.repeat(450)}() => { a = 2 }${']'.repeat(450)}`
    expect(viaHost(text)!.bindings[0]!.reassigned).toBe(true)
    expect(JSON.stringify(viaHost(text))).toContain('nested too deep')
  })
})
