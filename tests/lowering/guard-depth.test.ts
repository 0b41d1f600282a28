import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { nestedTooDeep } from '../../src/lowering/guard-depth.ts'
import { DANGEROUS, FLAT, type Nesting } from './nesting.ts'

const dangerous = Object.entries(DANGEROUS)
const flat = Object.entries(FLAT)

/** Texts that end nothing when they are parsed, in a process of their own; gives the names that came through. */
function parsed(texts: readonly (readonly [name: string, lang: string, text: string])[]): {
  lines: string[]
  status: unknown
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'authz-nesting-'))
  try {
    const input = path.join(folder, 'texts.json')
    writeFileSync(input, JSON.stringify(texts))
    const script = path.join(import.meta.dirname, 'parse-in-worker.mjs')
    const { stdout, status, signal } = spawnSync(process.execPath, [script, input], { encoding: 'utf8' })
    return { lines: stdout.trim().split('\n'), status: signal ?? status }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The most that passes the scan. */
function most(text: Nesting): number {
  let low = 1
  let high = 20_000
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nestedTooDeep(text(middle))) high = middle
    else low = middle
  }
  return low
}

describe('nestedTooDeep', () => {
  it.each(dangerous)('lets ordinary nesting of %s through', (_, text) => {
    expect(nestedTooDeep(text(40))).toBe(false)
  })

  it.each(dangerous)('refuses %s that could end the process', (_, text) => {
    for (const n of [2_500, 6_000, 20_000]) expect(nestedTooDeep(text(n)), String(n)).toBe(true)
  })

  it('is right about the danger: the parser dies of what is refused', () => {
    const { status } = parsed([['parentheses', 'ts', DANGEROUS.parentheses!(20_000)]])
    expect(status).not.toBe(0)
  })

  it('keeps the parser alive: it survives the most that passes', { timeout: 60_000 }, () => {
    const texts = dangerous.map(([name, text]) => [name, 'tsx', text(most(text))] as const)
    const large = flat.map(([name, text]) => [name, 'tsx', text(5_000)] as const)
    const { lines, status } = parsed([...texts, ...large])
    expect(lines.at(-1)).toContain(flat.at(-1)![0])
    expect(status).toBe(0)
    expect(lines).toHaveLength(texts.length + large.length)
  })

  it.each(flat)('lets through, however large: %s', (_, text) => {
    expect(nestedTooDeep(text(20_000))).toBe(false)
  })

  it('scans two megabytes of data in a moment', () => {
    const text = `export const data = [${'{ id: 12345, name: "some name", tags: ["a", "b"], nested: { x: -1.5 } },\n'.repeat(28_000)}]`
    expect(text.length).toBeGreaterThan(2_000_000)
    const start = performance.now()
    expect(nestedTooDeep(text)).toBe(false)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  it.each([
    ['regular expressions after a header', 'if (a) /[(]"/.test(b)\nwhile (c) /\'/.exec(d)\n'],
    ['regular expressions after a block', '{}\n/[(]"/.test(b)\n'],
    ['divisions', 'a = b / c / (d) / e[0] / `f` / 2\nx++ / 2\n'],
    [
      'words as names',
      'a.return / 2; a.if(b); ({ if: 1, type: 2, of: 3 }).if / 1; const get = from < to, set = of / 2\n',
    ],
    ['casts', 'const a = b as C<D>\nconst e = f satisfies G<H>\nconst g = b! / 2\n'],
    ['generic arrows', 'const f = <T,>(a: T) => a, g = <T extends U>(a: T) => a, h = <const T,>(a: T) => a\n'],
    [
      'generic functions in types',
      'type F = <T>(a: T) => Array<T>\ninterface G { <T>(a: T): void; h: <T>(a: T) => void }\n',
    ],
    ['elements', 'a = <a b="(" c=\'[\' d={`{`} e=<b /> {...f}>don\'t {g ? <h /> : "i"} ` ) <j.k l:m /></a>\n'],
    ['elements with type arguments', 'a = <Select<A<B>> x={1}>(</Select>\n'],
    ['comments in elements', 'a = <a /* > " */ b // >\n c="d">{/* } */}</a>\n'],
    ['templates in templates', 'a = `${`${b}`} \\` \\${ ${{ c: "}" }.c}`\n'],
    ['strings with escapes', 'a = "\\"(" + \'\\\\\' + "\\\n("\n'],
    ['private names and decorators', 'class A { #a = 1; @b() c = #a in d; e!: F<G>; get h() { return this.#a } }\n'],
    ['comparisons', 'for (let i = 0; i < a; i++) { if (b < c && d > e || f >> 1 > g) h() }\n'],
    ['optional things', 'a?.b?.[c]?.(d); e ? .5 : f ?? g; function h(i?: J, ...k: L[]) {}\n'],
    ['a hashbang', '#!/usr/bin/env node (((\n'],
  ])('follows %s, so that a large file passes', (_, text) => {
    const many = text.startsWith('#!') ? text : text.repeat(3_000)
    expect(nestedTooDeep(many)).toBe(false)
    // Really followed: brackets after it are still counted.
    expect(nestedTooDeep(many + 'x = ' + '('.repeat(600) + ')'.repeat(600))).toBe(true)
    expect(nestedTooDeep(many + 'x = ' + '('.repeat(400) + ')'.repeat(400))).toBe(false)
  })

  it('knows angle-bracket casts in files without JSX', () => {
    const text = 'const a = <any>b, c = <T>(d: T) => (<E>d).f\n'.repeat(3_000)
    expect(nestedTooDeep(text)).toBe(false)
    expect(nestedTooDeep(text, false)).toBe(false)
    expect(nestedTooDeep(`x = ${'<A>'.repeat(3_000)}1`, false)).toBe(true)
  })

  it('judges what it cannot follow by number', () => {
    expect(nestedTooDeep('f("')).toBe(false)
    expect(nestedTooDeep(`x = ) ${'('.repeat(400)}`)).toBe(false)
    expect(nestedTooDeep(`x = ) ${'('.repeat(4_000)}`)).toBe(true)
    expect(nestedTooDeep(`x = "\n" ${'`${'.repeat(4_000)}`)).toBe(true)
  })

  it('never throws', () => {
    for (const text of [
      '',
      '(',
      ')',
      '}',
      '`',
      '`${',
      '<',
      '<a',
      '<a>',
      '<a b="',
      '/',
      '/*',
      '//',
      '/[',
      '"',
      "'\\",
      '#!',
      '\\',
      '.',
      '?.',
      '...',
    ]) {
      expect(nestedTooDeep(text)).toBe(false)
    }
  })

  it('passes every file of this project', () => {
    for (const folder of ['src', 'tests']) {
      const root = path.join(import.meta.dirname, '../..', folder)
      for (const name of readdirSync(root, { recursive: true })) {
        if (!/\.tsx?$/.test(String(name))) continue
        expect(nestedTooDeep(readFileSync(path.join(root, String(name)), 'utf8')), String(name)).toBe(false)
      }
    }
  })
})
