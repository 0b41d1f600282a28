import { expect, test } from 'vitest'
import { versioning } from '../../src/analysis/interning.ts'
import { Recent } from '../../src/analysis/recent.ts'

test('what was put in first goes first, until the rest fits', () => {
  const recent = new Recent<number>(10)
  recent.set('a', 1, 4)
  recent.set('b', 2, 4)
  recent.set('c', 3, 4)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, 2, 3])
})

test('a value that is set again counts once', () => {
  const recent = new Recent<number>(10)
  for (let i = 0; i < 5; i++) recent.set('a', i, 4)
  recent.set('b', 9, 4)
  expect([recent.get('a'), recent.get('b')]).toEqual([4, 9])
})

test('what is too large alone is kept alone', () => {
  const recent = new Recent<number>(10)
  recent.set('a', 1, 4)
  recent.set('b', 2, 40)
  expect([recent.get('a'), recent.get('b')]).toEqual([undefined, 2])
})

test('equal words have equal versions, and a forgotten version is given to nothing else', () => {
  const version = versioning()
  const first = version('first')
  expect(version('first')).toBe(first)
  const numbers = Array.from({ length: 20 }, (_, i) => version(String(i).padEnd(1_000_000, '.')))
  expect(version('first')).not.toBe(first)
  expect(new Set([first, version('first'), ...numbers]).size).toBe(22)
})
