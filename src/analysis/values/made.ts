/**
 * How values are made of the arguments of a function that is tried (`trial.ts`): two of the same name are the same value, as
 * long as what makes them computes. Names are given on trials only.
 */
import type { Machine } from '../machine.ts'
import type { UnknownValue, Value } from './value.ts'

type Made = Pick<UnknownValue, 'made'>

/** Longer names are none. */
const longest = 400

/** What an argument is called, or something that the caller sends. */
export const madeAs = (m: Machine, name: string): Made => (m.persona.trial ? { made: name } : {})

/** Something that is computed of these, of which one has a name. */
export function madeOf(m: Machine, name: string, of: readonly (Value | undefined)[]): Made {
  if (!m.persona.trial) return {}
  const names = of.map((part) =>
    part?.t === 'unknown'
      ? part.made
      : part?.t === 'const'
        ? JSON.stringify(part.value)
        : part
          ? plain(part)
          : undefined,
  )
  if (!of.some((part) => part?.t === 'unknown') || names.some((each) => each === undefined)) return {}
  const made = `${name}(${names.join()})`
  return made.length <= longest ? { made } : {}
}

/** What is left out of a list makes it another one. */
export const withoutName = (m: Machine, value: Value): Value =>
  m.persona.trial && value.t === 'unknown' && value.made !== undefined ? { ...value, made: undefined } : value

/** What hangs on nobody. */
const plain = (part: Value): string | undefined =>
  part.t === 'function' ? `${part.file}:${String(part.fn)}` : undefined
