/**
 * What a call or a `try` throws: whoever catches it can tell a denial of the caller from any other failure, and no more. So all
 * denials are one, and all others are one, wherever a call ends: the same for a call that is run and for one whose outcome is
 * known.
 */
import type { Thrown } from './frame.ts'
import { State } from '../state/state.ts'
import { union } from '../values/value.ts'

/** @param started where it began: who was refused since then was refused by it */
export function byReason(
  started: State,
  thrown: readonly Thrown[],
): { readonly denial: Thrown | undefined; readonly failure: Thrown | undefined } {
  const living = thrown.filter(({ state }) => state.alive)
  const isDenial = ({ state }: Thrown): boolean => state.decisions.length > started.decisions.length
  return { denial: merged(living.filter(isDenial)), failure: merged(living.filter((one) => !isDenial(one))) }
}

function merged(thrown: readonly Thrown[]): Thrown | undefined {
  const [first] = thrown
  if (!first || thrown.length === 1) return first
  const state = State.join(thrown.map((one) => one.state.fork()))
  // what refused may differ; that somebody was refused does not
  state.decisions = first.state.decisions
  return { state, value: union(thrown.map(({ value }) => value)) }
}
