/** What is known after paths have met: what one of them adds nothing to stays what it was, so that calls that looked at it are known. */
import { describe, expect, it } from 'vitest'
import { versioning } from '../../src/analysis/values/interning.ts'
import { State } from '../../src/analysis/state/state.ts'
import { Memory } from '../../src/analysis/state/memory.ts'
import { constant, nullValue, union, unknown, type Cell, type Value } from '../../src/analysis/values/value.ts'

const one = constant('one')
const other = constant('other')
const key = -7

function paths(before: Value | Cell): { readonly left: State; readonly right: State } {
  const version = versioning()
  const memory = new Memory({ ids: { next: 10 }, version, heap: new Map(), moduleActivations: new Set() })
  for (const numbered of ['before', 'changed']) version(numbered)
  const started = new State(memory)
  started.change(key, before)
  started.setVersion(key, 1)
  return { left: started.fork(), right: started.fork() }
}

/** Changes it on the right, and gives what is held and its version where the paths have met. */
function meeting(before: Value | Cell, changed: Value | Cell): { readonly held: unknown; readonly version: number } {
  const { left, right } = paths(before)
  right.change(key, changed)
  right.setVersion(key, 2)
  const met = State.join([left, right])
  return { held: met.get(key), version: met.versionOf(key) }
}

const cell = (props: Record<string, Value>): Cell => ({ t: 'object', props: new Map(Object.entries(props)) })
const list = (...items: Value[]): Cell => ({ t: 'array', items })

describe('two paths meet', () => {
  const either = union([nullValue, one])
  it('and the first holds all that the other may hold', () => {
    expect(meeting(either, one)).toEqual({ held: either, version: 1 })
    expect(meeting(either, constant('one')).held).toBe(either)
  })
  it('and the second does', () => expect(meeting(one, either)).toEqual({ held: either, version: 2 }))
  it('and each holds something of its own', () => {
    const { held, version } = meeting(one, other)
    expect(held).toEqual(union([one, other]))
    expect([1, 2]).not.toContain(version)
  })
  it('with objects of which one holds all that the other may', () => {
    const wide = cell({ a: either })
    expect(meeting(wide, cell({ a: one }))).toEqual({ held: wide, version: 1 })
    expect(meeting(cell({ a: one }), wide)).toEqual({ held: wide, version: 2 })
    expect(meeting(wide, cell({ a: one, b: one })).version).toBeGreaterThan(2)
  })
  it('with lists of which one holds all that the other may', () => {
    const wide = list(either)
    expect(meeting(wide, list(one))).toEqual({ held: wide, version: 1 })
    expect(meeting(wide, list(one, one)).version).toBeGreaterThan(2)
  })
  it('and what both know of an object stays known', () => {
    const refusal = { ...cell({ a: one }), is: 'response', status: 403, keyed: true, checked: true } as Cell
    expect(meeting(refusal, { ...refusal })).toEqual({ held: refusal, version: 1 })
    const { held } = meeting(refusal, { ...refusal, status: 200 } as Cell)
    expect(held).toMatchObject({ is: 'response', keyed: true })
    expect(held).not.toHaveProperty('status')
  })
})

describe('one of several values', () => {
  it('is the one that allows all that the others allow', () => {
    const any = unknown()
    expect(union([any, unknown()])).toBe(any)
    expect(union([any, unknown(undefined, { nullish: 'no' })])).toBe(any)
    expect(union([unknown(undefined, { nullish: 'no' }), any])).toEqual(any)
  })
})
