import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyMap, entriesOf, lookUp, merged, newOwner, withValue } from '../../src/analysis/state/persistent-map.ts'
import type { PersistentMap } from '../../src/analysis/state/persistent-map.ts'

const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1 })), { maxLength: 60 })

function changed(map: PersistentMap, list: readonly (readonly [number, number])[]): PersistentMap {
  const owner = newOwner()
  return list.reduce((now, [key, value]) => withValue(now, key, value, owner), map)
}

const contents = (map: PersistentMap): Map<number, unknown> => new Map(entriesOf(map))

test('it holds what a plain map would', () => {
  fc.assert(
    fc.property(changes, (list) => {
      const map = changed(emptyMap, list)
      expect(contents(map)).toEqual(new Map([...new Map(list)].sort(([a], [b]) => a - b)))
      for (const [key, value] of new Map(list)) expect(lookUp(map, key)).toBe(value)
      expect(lookUp(map, 5001)).toBeUndefined()
    }),
  )
})

test('changing a copy leaves the original as it was', () => {
  fc.assert(
    fc.property(changes, changes, (first, second) => {
      const map = changed(emptyMap, first)
      const before = contents(map)
      changed(map, second)
      expect(contents(map)).toEqual(before)
    }),
  )
})

test('merging asks only about what the two sides disagree on', () => {
  fc.assert(
    fc.property(changes, changes, changes, (common, ours, theirs) => {
      const base = changed(emptyMap, common)
      const [a, b] = [changed(base, ours), changed(base, theirs)]
      const asked = new Map<number, readonly [unknown, unknown]>()
      const result = merged(a, b, newOwner(), (key, left, right) => {
        asked.set(key, [left, right])
        return Math.max(Number(left ?? 0), Number(right ?? 0))
      })
      for (const key of new Set([...contents(a).keys(), ...contents(b).keys()])) {
        const [left, right] = [lookUp(a, key), lookUp(b, key)]
        expect(asked.has(key)).toBe(left !== right)
        expect(lookUp(result, key)).toBe(Math.max(Number(left ?? 0), Number(right ?? 0)))
      }
    }),
  )
})

test('merging a map with itself, or with an untouched copy, gives it back', () => {
  const map = changed(emptyMap, [[3, 1] as const, [700, 2] as const])
  const never = (): never => {
    throw new Error('nothing differs')
  }
  expect(merged(map, map, newOwner(), never)).toBe(map)
  expect(contents(merged(map, { ...map }, newOwner(), never))).toEqual(contents(map))
})
