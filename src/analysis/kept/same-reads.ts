/**
 * Reads that are made again: on another way to the same place, in a loop, or by a call that is made again.
 *
 * Such a read is the effect that it was before: same place, same functions on the way there, and the same known of the
 * caller. So what is found of it is found of all, and a run holds each once, however many ways lead to it. What is written
 * keeps its order, and what a run says of an error may be a report on one way and work on another: these stay apart.
 */
import type { Effect } from '../effects.ts'
import { shallowOrigins, type Value } from '../values/value.ts'
import { siteKey, type Origins } from '../values/origins.ts'
import type { StackEntry } from '../code/frame.ts'
import type { World } from '../world.ts'

/** What is done, wherever it is done. */
type Deed = Omit<Effect, 'id' | 'stack' | 'doubts' | 'proofs' | 'denying' | 'proved' | 'exposed' | 'deed'>

/** @returns words for what is read; none where the effect is one of its own */
export function deedOf(world: World, deed: Deed, originsOf: (value: Value) => Origins): string | undefined {
  const { kind, write, model, ofFailure, reach, handed } = deed
  if (write || ofFailure || reach || handed || !(kind === 'unknown' || (kind === 'db' && model))) return undefined
  const { what, site, verb, asksItself, registers, conditions } = deed
  const { fromInput, privileged, mayChange, carriesCaller, rowLevel, delegated, countsOnly, byKey, onlyRow } = deed
  const told = conditions?.map(({ column, table, op, value }) => {
    const fixed = value.t === 'const' ? `${typeof value.value}:${String(value.value)}` : ''
    return [table, column, op, fixed, from(world, originsOf(value)), from(world, shallowOrigins(value))].join()
  })
  const is = [fromInput, privileged, mayChange, carriesCaller, rowLevel, delegated, countsOnly, byKey, onlyRow]
  return [
    what,
    kind,
    siteKey(site),
    model?.name,
    verb,
    asksItself,
    registers,
    is.map((each) => (each ? '1' : '0')).join(''),
    told ? `where ${told.join('&')}` : '',
  ].join('|')
}

const from = (world: World, { flags, refs }: Origins): string =>
  `${String(flags)}:${refs.map((ref) => world.refId(ref)).join('.')}`

/** The reads of one run. */
export class SameReads {
  private readonly effects = new Map<string, Effect>()
  private readonly places = new WeakMap<readonly StackEntry[], number>()
  private readonly numbers = new Map<string, number>()

  /** @returns the same read, where it was made before; else it is the one that is made from here on */
  known(effect: Effect): Effect | undefined {
    const words = this.wordsFor(effect)
    if (words === undefined) return undefined
    const known = this.effects.get(words)
    if (!known) this.effects.set(words, effect)
    return known
  }

  /** What is done from here on is not the same any more. */
  part(effect: Effect): void {
    const words = this.wordsFor(effect)
    if (words !== undefined && this.effects.get(words) === effect) this.effects.delete(words)
  }

  private wordsFor({ deed, stack, doubts, proofs, denying, proved, forClient }: Effect): string | undefined {
    if (deed === undefined) return undefined
    const known = [this.placeOf(stack), denying, proved, forClient === true, ...proofs].join()
    return `${known} ${doubts.map(({ ref }) => `${ref.name} ${siteKey(ref.site)}`).join()} ${deed}`
  }

  /** A number for the functions that were being run. */
  private placeOf(stack: readonly StackEntry[]): number {
    let place = this.places.get(stack)
    if (place === undefined) {
      place = 0
      for (const entry of stack) place = this.number(`${String(place)} ${wordsOf(entry)}`)
      this.places.set(stack, place)
    }
    return place
  }

  private number(words: string): number {
    let number = this.numbers.get(words)
    if (number === undefined) this.numbers.set(words, (number = this.numbers.size + 1))
    return number
  }
}

const known = new WeakMap<StackEntry, string>()

function wordsOf(entry: StackEntry): string {
  let words = known.get(entry)
  if (words === undefined) {
    const { name, site, calledAt, how, owner, isClosure, isGiven } = entry
    words = [name, siteKey(site), siteKey(calledAt), how, owner, isClosure, isGiven].join()
    known.set(entry, words)
  }
  return words
}
