import { describe, expect, it } from 'vitest'
import { reasonOf, repairOf, repairs, splice } from '../../scripts/attack/suggestions.mjs'

const suggestion = (messageId: string, range = [0, 0]) => ({ messageId, desc: messageId, fix: { range, text: '' } })
const finding = (claim: string, range: number[]) => ({ claim, suggestions: [suggestion('addAwait', range)] })

describe('the suggestion to apply', () => {
  it('is the first', () => {
    const suggestions = [suggestion('addAwait'), suggestion('insertGuard')]
    expect(repairOf({ suggestions })).toEqual(suggestion('addAwait'))
  })

  it('is never to declare the endpoint public', () => {
    expect(repairOf({ suggestions: [suggestion('declarePublic')] })).toBeUndefined()
  })

  it('is none where nothing is suggested', () => {
    expect([repairOf({}), repairOf({ suggestions: [] })]).toEqual([undefined, undefined])
  })
})

describe('the findings of one file to repair at once', () => {
  const [first, second, third] = [
    finding('no-ineffective-guard/notAwaited', [0, 10]),
    finding('no-ineffective-guard/tooLate', [10, 20]),
    finding('no-unguarded-server-fn/noGuard', [30, 40]),
  ]

  it('are those whose edits do not meet, the last one first', () => {
    expect(repairs([first, second, third])).toEqual([third, first])
  })

  it('are those about whose rows it is when nothing else is left', () => {
    const rows = finding('require-tenant-scope/missing', [50, 60])
    expect(repairs([first, rows])).toEqual([first])
    expect(repairs([rows, {}])).toEqual([rows])
  })
})

it.each([
  ['no-authz-in-beforeload-only/loader', true],
  ['no-ineffective-guard/clientOnly', true],
  ['no-ineffective-guard/notAwaited', false],
])('why nothing is suggested for %s is known: %s', (claim, known) => {
  expect(reasonOf({ claim }) !== undefined).toBe(known)
})

it('a suggestion replaces its range', () => {
  expect(splice('abcdef', { range: [2, 4], text: 'XYZ' })).toBe('abXYZef')
})
