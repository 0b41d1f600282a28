import { describe, expect, it } from 'vitest'
import { changesTo, marksIn } from '../../scripts/attack/database.mjs'

describe('marks', () => {
  it('say which tables gave rows away, and whose', () => {
    const text = '{"body":"Hello m1.notes.usr_ada.","by":"m1.notes.usr_ada.","plan":"Solo m1.prices.."}'
    expect(marksIn(text, 'm1')).toEqual([
      { table: 'notes', owner: 'usr_ada' },
      { table: 'prices', owner: undefined },
    ])
  })

  it('of another run, and what a caller made up, are none', () => {
    expect(marksIn('Hello m2.notes.usr_ada. notes.usr_ada.', 'm1')).toEqual([])
  })
})

describe('changes', () => {
  const ada = '{"id":1,"owner":"ada"}'
  const ben = '{"id":2,"owner":"ben"}'

  it('are none where the same rows are there', () => {
    expect(changesTo({ notes: [ada, ben] }, { notes: [ada, ben] })).toEqual({})
  })

  it('are the rows that are gone, new, or different', () => {
    const changed = '{"id":1,"owner":"cleo"}'
    expect(
      changesTo({ notes: [ada], leads: [ben], prices: [] }, { notes: [changed], leads: [], prices: [ben] }),
    ).toEqual({
      notes: [
        { id: 1, owner: 'ada' },
        { id: 1, owner: 'cleo' },
      ],
      leads: [{ id: 2, owner: 'ben' }],
      prices: [{ id: 2, owner: 'ben' }],
    })
  })
})
