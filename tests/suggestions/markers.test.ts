import { describe, expect, it } from 'vitest'
import { correctMarker } from '../../src/suggestions/correct-marker.ts'
import { declarePublic } from '../../src/suggestions/declare-public.ts'
import { entryPoint, rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

describe('declarePublic', () => {
  const declared = (code: string, declaration: string) => {
    const range = rangesOf(code)(declaration)
    return applied(code, declarePublic(sourceOf(code), entryPoint({ range, shape: { declaration: range } })).edits)
  }

  it('stands above the declaration', () => {
    expect(declared('a()\nexport const f = b()\n', 'export const f = b()')).toBe(
      'a()\n// authz: public -- <reason>\nexport const f = b()\n',
    )
  })

  it('is indented like the property below it', () => {
    expect(declared('const h = {\r\n\tGET: get,\r\n}\r\n', 'GET: get')).toBe(
      'const h = {\r\n\t// authz: public -- <reason>\r\n\tGET: get,\r\n}\r\n',
    )
  })

  it('is a block comment inside of a line', () => {
    expect(declared('const h = { GET: get }', 'GET: get')).toBe(
      'const h = { /* authz: public -- <reason> */ GET: get }',
    )
  })
})

describe('correctMarker', () => {
  const corrected = (comment: string, text: string) => {
    const code = `${comment}\nwork()\n`
    const correction = correctMarker(sourceOf(code), { range: [0, comment.length], problem: 'misspelt', text })
    return correction && applied(code, [correction.edit])?.split('\nwork()')[0]
  }

  it.each([
    ['// authz: pubic -- uptime probe', 'pubic -- uptime probe', '// authz: public -- uptime probe'],
    ['// authz: public - uptime probe', 'public - uptime probe', '// authz: public -- uptime probe'],
    ['// authz: public — uptime probe', 'public — uptime probe', '// authz: public -- uptime probe'],
    ['// authz: Public: uptime probe', 'Public: uptime probe', '// authz: public -- uptime probe'],
    ['// authz: public uptime probe', 'public uptime probe', '// authz: public -- uptime probe'],
    ['//authz:publik', 'publik', '//authz: public -- <reason>'],
    ['/* authz: pubic -- probe */', 'pubic -- probe', '/* authz: public -- probe */'],
    ['// authz public -- probe', 'public -- probe', '// authz: public -- probe'],
    ['/** @authz public -- probe */', 'public -- probe', '/** authz: public -- probe */'],
    ['// AUTHZ: public -- probe', 'public -- probe', '// authz: public -- probe'],
  ])('%s', (comment, text, output) => {
    expect(corrected(comment, text)).toBe(output)
  })

  it('is not offered for a comment that it does not recognise', () => {
    expect(corrected('// hello', 'public')).toBeUndefined()
    expect(corrected('/**\n * Says that it is up.\n * authz: public -- probe\n */', 'public -- probe')).toBeUndefined()
  })
})
