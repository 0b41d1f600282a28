import type { Keyed } from './meaning.ts'

/** Methods of stores that put something under a key that need not be there before. */
const putting = `set setex setEx psetex pSetEx setnx setNX getset getSet hset hSet hmset hsetnx hSetNX json.set put
  setItem setItemRaw setJSON`.split(/\s+/)

/** The last names of these. */
export const puttingMethods: ReadonlySet<string> = new Set(putting.map((path) => path.split('.').at(-1)!))

const calls = new RegExp(`\\.(?:${[...puttingMethods].join('|')})\\s*(?:<|\\()`)

/** Methods by which query libraries are given what to put into rows. */
export const fillingMethods: ReadonlySet<string> = new Set(
  'values create createMany upsert insert set update updateMany'.split(' '),
)

const fills = new RegExp(`\\.(?:${[...fillingMethods].join('|')})\\s*(?:<|\\()`)

/** Something in the text may put a value under a key of a store, or make rows; or a name stands in it. */
export const mayKeep = (text: string, of: 'keys' | 'rows' | `name ${string}`): boolean =>
  of === 'keys' ? calls.test(text) : of === 'rows' ? fills.test(text) : text.includes(of.slice('name '.length))

/** What is under the key, or null. */
export const found: Keyed = { missing: 'null' }
/** How many keys there were. */
export const counted: Keyed = { missing: 'none' }
/** An object of what is under the key, which is empty where nothing is. */
export const gathered: Keyed = { missing: { object: {}, rest: 'undefined' } }
/** It is there from now on. */
export const put: Keyed = {}
