/** The ways in which a row can meet a condition: one where all of it holds together, one for each side of an `or`. */
import type { ConditionValue, Ways } from './value.ts'

/** More ways than this are not told apart. */
const most = 16

/** Of what stands under `or` or `not` in a way that nobody has taken apart, nothing is sure to hold. */
export const waysOf = ({ ways, loose, pairs }: ConditionValue): Ways => ways ?? (loose ? [[]] : [pairs])

/** The one condition and the other. What would make too many ways is left out: then less is sure. */
export const inBoth = (a: Ways, b: Ways): Ways =>
  a.length * b.length > most ? a : a.flatMap((some) => b.map((more) => [...some, ...more]))

export const inEither = (sides: readonly Ways[]): Ways => (sides.flat().length > most ? [[]] : sides.flat())
