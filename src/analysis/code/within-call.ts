/** What is done below a call: on its stack, with its throws, its effects and its way of refusing kept apart from the caller's. */
import type { Machine } from '../machine.ts'
import type { Thrown, ThrowSink, StackEntry } from './frame.ts'

/**
 * Runs something as a call of its own, on a copy of the present state. The machine is left in the state in which it ended.
 *
 * @returns what it threw
 */
export function withinCall(m: Machine, entry: StackEntry, run: () => void): readonly Thrown[] {
  const { sink, stack, begun } = m
  const inner: ThrowSink = { thrown: [] }
  m.sink = inner
  m.stack = [...stack, entry]
  m.begun = m.log.effects.length
  m.state = m.state.fork()
  run()
  m.sink = sink
  m.stack = stack
  m.begun = begun
  return inner.thrown
}
