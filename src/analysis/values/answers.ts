/** Answers of several ways, each with what was proved on its way: a test of the answer tells the ways apart. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Machine } from '../machine.ts'
import type { State } from '../state/state.ts'
import { meet } from '../caller/ties.ts'
import { alternatives, asProved, cellAsProved, type Value } from './value.ts'

interface End {
  readonly state: State
  readonly value: Value
}

/** Each answer with what was proved where it was returned, beyond what holds for all. */
export function withProofs(m: Machine, returns: readonly End[]): readonly End[] {
  // who proves nothing is told apart by no proof
  if (m.anonymous && !m.tracing) return returns
  const living = returns.filter(({ state }) => state.alive)
  if (living.length < 2) return returns
  const shared = living.map(({ state }) => state.proofs).reduce(meet)
  return living.map(({ state, value }) => {
    const more = state.proofs.filter((proof) => !shared.includes(proof))
    if (more.length === 0) return { state, value }
    for (const part of alternatives(value)) {
      const cell = part.t === 'object' ? state.get(part.cell) : undefined
      if (part.t === 'object') m.commons.look(part.cell)
      if (part.t === 'object' && cell && (cell.t === 'array' || 'props' in cell))
        state.set(part.cell, cellAsProved(cell, more))
    }
    return { state, value: withGiven(asProved(value, more), more) }
  })
}

export function withGiven(value: Value, proofs: readonly Proof[]): Value {
  if (proofs.length === 0) return value
  if (value.t === 'union') return { t: 'union', of: value.of.map((part) => withGiven(part, proofs)) }
  return value.t === 'const' || value.t === 'object' || value.t === 'unknown'
    ? { ...value, given: [...(value.given ?? []), ...proofs] }
    : value
}
