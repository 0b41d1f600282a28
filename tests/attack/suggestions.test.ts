import { describe, expect, it } from 'vitest'
import { firstRepair, splice } from '../../scripts/attack/suggestions.mjs'

const suggestion = (messageId: string) => ({ messageId, desc: messageId, fix: { range: [0, 0], text: '' } })

describe('the suggestion to apply', () => {
  it('is the first of the first finding that has one', () => {
    const messages = [{}, { suggestions: [] }, { suggestions: [suggestion('addAwait'), suggestion('insertGuard')] }]
    expect(firstRepair(messages)).toEqual(suggestion('addAwait'))
  })

  it('is never to declare the endpoint public', () => {
    const messages = [{ suggestions: [suggestion('declarePublic')] }, { suggestions: [suggestion('refuseNull')] }]
    expect(firstRepair(messages)).toEqual(suggestion('refuseNull'))
  })

  it('is none where nothing is suggested', () => {
    expect(firstRepair([{}, { suggestions: [suggestion('declarePublic')] }])).toBeUndefined()
  })
})

it('a suggestion replaces its range', () => {
  expect(splice('abcdef', { range: [2, 4], text: 'XYZ' })).toBe('abXYZef')
})
