/** What is done on the way of a refusal, once a test has told callers apart: a record of it may be there. */
import type { Decision } from './decisions.ts'
import type { Effect } from '../effects.ts'
import type { Machine } from '../machine.ts'
import type { Value } from '../values/value.ts'

/** One call, or one effect. */
export interface Aftermath {
  readonly decisions: readonly Decision[]
  readonly name: string
  readonly called?: Value
  readonly effect?: Effect
}

/** Notes what is done where a test told callers apart. */
export function addAftermath(m: Machine, what: Omit<Aftermath, 'decisions'>): void {
  const { decisions } = m.state
  if (m.persona.recording && decisions.length > 0) m.log.aftermath.push({ ...what, decisions })
}
