/**
 * How a text is worded: which parts of it are fixed, and how much of it chance has made. Two places speak of the same text
 * when it is worded alike in both (`` `session:${token}` ``), and nobody guesses one that chance has had enough part in.
 */
import type { Machine } from '../machine.ts'
import { callerChosen, From, kept } from './origins.ts'
import {
  alternatives,
  MAX_TEXT,
  shallowOrigins,
  type ArrayCell,
  type Hole,
  type UnknownValue,
  type Value,
} from './value.ts'

/** Stands where nothing is known of a text. */
export const hole = '\0'

/** Texts that are longer than this are no keys. */
const maxWording = 200

/** What is known of a text that is put together of these. */
export function wordingOf(parts: readonly (string | Value)[]): Partial<UnknownValue> {
  const text = parts.map(wordsIn).join('').replaceAll(/\0+/g, hole)
  return {
    ...(text !== hole && text.length <= maxWording ? { wording: text, holes: holesIn(parts) } : {}),
    ...chanceOfAll(parts.filter((part) => typeof part !== 'string')),
  }
}

/** What stands in the holes of a text that is put together of these; in one hole may stand several. */
export function holesIn(parts: readonly (string | Value)[]): readonly Hole[] {
  const holes: Hole[] = []
  let open = false
  for (const part of parts) {
    const words = wordsIn(part)
    const inside = typeof part === 'string' || !words.includes(hole) ? [] : holesOf(part)
    inside.forEach((one, i) => {
      const last = open && i === 0 && words.startsWith(hole) ? holes.pop() : undefined
      holes.push(last ? { flags: last.flags | one.flags } : one)
    })
    if (words !== '') open = words.endsWith(hole)
  }
  return holes
}

const holesOf = (part: Value): readonly Hole[] =>
  part.t === 'unknown' && part.wording !== undefined
    ? (part.holes ?? [])
    : [
        {
          flags: shallowOrigins(part).flags,
          ...(part.t === 'unknown' && part.made !== undefined ? { made: part.made } : {}),
        },
      ]

export type Chance = Pick<UnknownValue, 'chance' | 'draws'>

/** Draws that are told apart; more of them make nothing harder to guess. */
const maxDraws = 32

/**
 * The chance in what holds all of these. The same draw counts once, however often it is repeated; of chance that is not told
 * apart by draws, no more is counted than the one has that has most.
 */
export function chanceOfAll(parts: readonly Value[]): Chance {
  const draws = new Map<string, number>()
  let most = 0
  for (const part of parts) {
    most = Math.max(most, chanceOf(part))
    if (part.t === 'unknown')
      for (const [draw, bits] of part.draws ?? [])
        if (draws.size < maxDraws || draws.has(draw)) draws.set(draw, Math.max(bits, draws.get(draw) ?? 0))
  }
  const sum = [...draws.values()].reduce((all, bits) => all + bits, 0)
  if (sum >= most && sum > 0) return { chance: sum, draws }
  return most > 0 ? { chance: most } : {}
}

/** The chance in a value, or in all of a list. */
export function chanceIn(m: Machine, value: Value | undefined): Chance {
  if (!value) return {}
  const list = m.heap.array(value)
  if (list) return list.rest && chanceOf(list.rest) === 0 ? {} : chanceOfAll(list.items)
  const chance = chanceOf(value)
  return chance > 0 ? { chance, ...(value.t === 'unknown' && value.draws ? { draws: value.draws } : {}) } : {}
}

const isDrawn = (value: Value): boolean => value.t === 'unknown' && value.draws !== undefined

/** Each item is a draw of its own. */
export const isFilledByChance = ({ items, rest }: ArrayCell): boolean =>
  items.length > 0 && items.every(isDrawn) && (rest === undefined || isDrawn(rest))

/** What is made of so many bits cannot hold more of them: one letter of an alphabet, a digest of 256. */
export function atMost(bits: number, { chance = 0, draws }: Chance): Chance {
  if (chance <= bits) return { ...(chance > 0 ? { chance } : {}), ...(draws ? { draws } : {}) }
  const left = Math.floor(bits)
  if (left <= 0) return {}
  const [only, ...others] = draws?.keys() ?? []
  return { chance: left, ...(only !== undefined && others.length === 0 ? { draws: new Map([[only, left]]) } : {}) }
}

/** The words of a text, as far as they are known. */
export function wordsIn(part: string | Value): string {
  if (typeof part === 'string') return part
  if (part.t === 'const') return String(part.value).slice(0, MAX_TEXT)
  return (part.t === 'unknown' ? part.wording : undefined) ?? hole
}

/** The bits that chance has made, whichever of its alternatives it is. */
export const chanceOf = (value: Value): number =>
  Math.min(...alternatives(value).map((part) => (part.t === 'unknown' ? (part.chance ?? 0) : 0)))

/** Methods that write the same in another way, or lose so little that nobody is helped. */
const respelling = new Set(
  'toString toJSON valueOf toUpperCase toLowerCase trim normalize replace replaceAll padStart padEnd concat update digest'.split(
    ' ',
  ),
)

/** What a letter of a text made by chance is worth at the least: one of sixteen. */
const bitsOfLetter = 4

const isDigest = (self: Value | undefined): boolean => self?.t === 'unknown' && (self.origins.flags & From.digest) !== 0

/** Of a digest that is spelt in another way, or told more. */
function digestedAfter(m: Machine, self: Value | undefined, method: string, args: readonly Value[]): boolean {
  if (self?.t !== 'unknown' || !respelling.has(method)) return false
  const { flags } = m.heap.originsOfAll(args)
  if (method === 'update') return self.digested === true || (isDigest(self) && (flags & callerChosen) !== 0)
  // `replace` may put in what was there before
  return self.digested === true && (flags & kept) === 0
}

/** Of a text that a method gives of another one. */
export function wordingAfter(
  m: Machine,
  self: Value | undefined,
  method: string | undefined,
  args: readonly Value[],
): Partial<UnknownValue> {
  if (method === undefined) return {}
  const chance = chanceAfter(m, self, method, args)
  return digestedAfter(m, self, method, args) ? { ...chance, digested: true } : chance
}

function chanceAfter(m: Machine, self: Value | undefined, method: string, args: readonly Value[]): Chance {
  // a digest is one of all that it is told
  const whole = method === 'update' && isDigest(self) ? chanceIn(m, args[0]) : chanceIn(m, self)
  const { chance = 0 } = whole
  if (chance === 0) return {}
  if (respelling.has(method)) return whole
  if (method !== 'slice' && method !== 'substring' && method !== 'substr') return {}
  const [from, to] = args.map((arg) => (arg.t === 'const' && typeof arg.value === 'number' ? arg.value : NaN))
  if (from === undefined || args.length > 2) return {}
  const letters = to !== undefined ? (method === 'substr' ? to : to - from) : from < 0 ? -from : NaN
  const left = letters >= 0 ? Math.min(chance, letters * bitsOfLetter) : 0
  return left > 0 ? { chance: left } : {}
}

/** Tells apart what is worded otherwise, among the words that stand for a value. */
export const wordingKey = ({ wording, holes, chance, draws, digested }: UnknownValue): string =>
  `${digested ? '#' : ''}${wording === undefined ? '' : `"${wording}"${(holes ?? []).map(({ flags }) => flags).join()}`}${chance === undefined ? '' : `%${String(chance)}`}${draws ? `{${[...draws].join()}}` : ''}`
