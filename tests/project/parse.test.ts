import { describe, expect, it } from 'vitest'
import { createProject } from '../../src/project/project.ts'
import { parseText } from '../../src/project/parse.ts'
import { project } from './fixture.ts'

function unreadable(file: string, content: string | Uint8Array): string | undefined {
  const fixture = project({ [file]: content })
  return createProject().module(fixture.path(file)).unreadable
}

describe('reading a file', () => {
  it.each([
    ['a.ts', 'const a = <string>b as const; enum E { A }\n'],
    ['a.tsx', 'export const A = () => <a href="x">{y as string}</a>\n'],
    ['a.mts', 'import x from "y"; await x\n'],
    ['a.cts', 'import x = require("y"); export = x\n'],
    ['a.js', 'export const A = () => <a>{/* JSX in .js */}</a>\n'],
    ['a.jsx', 'export const A = () => <a />\n'],
    ['a.mjs', 'export default await import("x")\n'],
    ['a.cjs', 'if (process.env.X) return; module.exports = { a: 1 }\n'],
    ['b.ts', '@decorated class A { constructor(private readonly x: string) {} accessor y = 1 }\n'],
    ['c.ts', '#!/usr/bin/env node\nusing x = y()\n'],
    ['d.ts', ''],
    ['rows.d.ts', 'export const db: Database\nexport interface Database { invoice: Invoice }\n'],
    ['nul.ts', 'const key = `${a}\0${b}`\n'],
    ['e.ts', '\uFEFFexport const a = 1\r\n'],
  ])('%s: %j', (file, text) => {
    expect(unreadable(file, text)).toBeUndefined()
  })

  it.each([
    ['broken.ts', 'export const a = 1\nexport const = 2\n', 'syntax error in line 2: Unexpected token'],
    ['big.ts', `export const a = '${'x'.repeat(1_100_000)}'\n`, 'larger than 1 MB'],
    ['utf16.ts', Buffer.from('\uFEFFexport const a = 1\n', 'utf16le'), 'is UTF-16, not UTF-8'],
    ['utf16-unmarked.ts', Buffer.from('export const a = 1\n', 'utf16le'), 'is a binary file'],
    ['binary.ts', Buffer.from([0x89, 0x50, 0, 1, 2, 3]), 'is a binary file'],
    ['deep.ts', `x = ${'['.repeat(20_000)}\n`, 'nested too deep'],
    ['generated.js', `x = ${'('.repeat(50_000)}1${')'.repeat(50_000)}\n`, 'nested too deep'],
  ])('%s cannot be read, and says why', (file, content, reason) => {
    expect(unreadable(file, content)).toBe(reason)
  })

  it('reads a file whose comment is in an older encoding', () => {
    expect(unreadable('latin1.ts', Buffer.from('// caf\xe9\nexport const a = 1\n', 'latin1'))).toBeUndefined()
  })

  it('says so when the parser cannot be loaded on this platform', () => {
    expect(parseText('/a.ts', 'export {}', null).unreadable).toBe('parser not available')
  })

  it('says so when the parser throws', () => {
    const broken = {
      parseSync: () => {
        throw new Error('out of luck')
      },
    }
    expect(parseText('/a.ts', 'export {}', broken).unreadable).toBe('could not be analysed: out of luck')
  })
})
