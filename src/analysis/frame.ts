/** What code is run in. */
import type { Site } from './origins.ts'

/** A function that is being run, as one of those that led to what it does. */
export interface StackEntry {
  readonly name: string
  readonly site: Site
  /** Where it is called. */
  readonly calledAt: Site
  readonly how: 'middleware' | 'global' | 'call' | 'wrapper' | 'handler' | 'delegated'
  /** Called with a handler to run: a wrapper. */
  readonly file: string
  /**
   * Of a function that whoever calls it did not choose: where, further out, the function stands that it was written in or
   * that handed it on. What it does is that one's work.
   */
  readonly owner?: number
  /** It is written in its owner. */
  readonly isClosure?: boolean
  /** It was handed in to be run behind what its caller checks: a handler, as a wrapper sees it. */
  readonly isGiven?: boolean
}
