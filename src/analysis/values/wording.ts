/**
 * How a text is worded: which parts of it are fixed, and how much of it chance has made. Two places speak of the same text
 * when it is worded alike in both (`` `session:${token}` ``), and nobody guesses one that chance has had enough part in.
 */
import { alternatives, MAX_TEXT, type UnknownValue, type Value } from './value.ts'

/** Stands where nothing is known of a text. */
export const hole = '\0'

/** Texts that are longer than this are no keys. */
const maxWording = 200

/** What is known of a text that is put together of these. */
export function wordingOf(parts: readonly (string | Value)[]): Partial<UnknownValue> {
  const text = parts.map(wordsIn).join('').replaceAll(/\0+/g, hole)
  const chance = Math.max(...parts.map((part) => (typeof part === 'string' ? 0 : chanceOf(part))))
  return {
    ...(text !== hole && text.length <= maxWording ? { wording: text } : {}),
    ...(chance > 0 ? { chance } : {}),
  }
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
  'toString toJSON valueOf toUpperCase toLowerCase trim normalize replace replaceAll padStart padEnd concat'.split(' '),
)

/** What a letter of a text made by chance is worth at the least: one of sixteen. */
const bitsOfLetter = 4

/** Of a text that a method gives of another one. */
export function wordingAfter(
  self: Value | undefined,
  method: string | undefined,
  args: readonly Value[],
): Partial<UnknownValue> {
  const chance = self ? chanceOf(self) : 0
  if (chance === 0 || method === undefined) return {}
  if (respelling.has(method)) return { chance }
  if (method !== 'slice' && method !== 'substring' && method !== 'substr') return {}
  const [from, to] = args.map((arg) => (arg.t === 'const' && typeof arg.value === 'number' ? arg.value : NaN))
  if (from === undefined || args.length > 2) return {}
  const letters = to !== undefined ? (method === 'substr' ? to : to - from) : from < 0 ? -from : NaN
  const left = letters >= 0 ? Math.min(chance, letters * bitsOfLetter) : 0
  return left > 0 ? { chance: left } : {}
}

/** Tells apart what is worded otherwise, among the words that stand for a value. */
export const wordingKey = ({ wording, chance }: UnknownValue): string =>
  `${wording === undefined ? '' : `"${wording}"`}${chance === undefined ? '' : `%${String(chance)}`}`
