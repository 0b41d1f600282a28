import { expect, test } from 'vitest'
import { versioning } from '../../src/analysis/values/interning.ts'
import { Recent } from '../../src/analysis/values/recent.ts'

const of = (recent: Recent<number>, ...keys: readonly string[]): (number | undefined)[] =>
  keys.map((key) => recent.get(key))

test('what was not looked at for long goes, until the rest fits', () => {
  const recent = new Recent<number>(10)
  for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) recent.set(key, i, 1)
  expect(of(recent, 'a', 'b', 'c', 'd')).toEqual([0, 1, 2, 3])
  for (let i = 0; i < 20; i++) {
    expect(recent.get('a')).toBe(0)
    recent.set(`more${String(i)}`, i, 1)
  }
  expect(of(recent, 'a', 'b', 'c', 'd', 'more19')).toEqual([0, undefined, undefined, undefined, 19])
})

test('it holds no more than it may', () => {
  const recent = new Recent<number>(10)
  const keys = Array.from({ length: 50 }, (_, i) => `k${String(i)}`)
  for (const key of keys) recent.set(key, 1, 1)
  expect(keys.filter((key) => recent.get(key) !== undefined).length).toBeLessThanOrEqual(10)
})

test('a value that is set again counts once, and is the last one', () => {
  const recent = new Recent<number>(10)
  recent.set('b', 9, 1)
  for (let i = 0; i < 5; i++) recent.set('a', i, 4)
  expect(of(recent, 'a', 'b')).toEqual([4, 9])
  recent.set('c', 1, 4)
  recent.set('a', 7, 1)
  expect(recent.get('a')).toBe(7)
})

test('what is too large alone is kept until the next one comes', () => {
  const recent = new Recent<number>(10)
  recent.set('b', 2, 40)
  expect(recent.get('b')).toBe(2)
  recent.set('a', 1, 4)
  recent.set('c', 3, 4)
  expect(of(recent, 'a', 'b', 'c')).toEqual([1, undefined, 3])
})

test('nothing is left once it is cleared', () => {
  const recent = new Recent<number>(10)
  for (const key of ['a', 'b', 'c']) recent.set(key, 1, 4)
  recent.clear()
  expect(of(recent, 'a', 'b', 'c')).toEqual([undefined, undefined, undefined])
})

test('equal words have equal versions, and a forgotten version is given to nothing else', () => {
  const version = versioning()
  const first = version('first')
  expect(version('first')).toBe(first)
  const numbers = Array.from({ length: 20 }, (_, i) => version(String(i).padEnd(1_000_000, '.')))
  expect(version('first')).not.toBe(first)
  expect(new Set([first, version('first'), ...numbers]).size).toBe(22)
})
