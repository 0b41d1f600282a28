import { parseForESLint } from '@typescript-eslint/parser'
import { SourceCode } from 'eslint'
import { expect } from 'vitest'
import type { Edit } from '../../src/suggestions/edit.ts'
import type { Source } from '../../src/suggestions/source.ts'

export function sourceOf(code: string): Source {
  const { ast, scopeManager, services, visitorKeys } = parseForESLint(code, {
    comment: true,
    ecmaFeatures: { jsx: true },
    filePath: 'file.tsx',
    loc: true,
    range: true,
    sourceType: 'module',
    tokens: true,
  })
  const source = new SourceCode({ text: code, ast, parserServices: services, scopeManager, visitorKeys } as never)
  // as a host does before any rule is asked: nodes know what they stand in
  source.traverse()
  return source as unknown as Source
}

/** Applies the edits as a host would, and checks that what comes out can be parsed. */
export function applied(code: string, edits: readonly Edit[] | undefined): string | undefined {
  if (!edits) return undefined
  let output = ''
  let last = 0
  for (const { range, text } of edits.toSorted((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])) {
    expect(range[0]).toBeGreaterThanOrEqual(last)
    output += code.slice(last, range[0]) + text
    last = range[1]
  }
  output += code.slice(last)
  expect(() => sourceOf(output), output).not.toThrow()
  return output
}
