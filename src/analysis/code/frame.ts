/** Where the code stands that is being run: in which functions, and where it goes on when it throws, returns or jumps. */
import type { Site } from '../values/origins.ts'
import type { State } from '../state/state.ts'
import type { Env, Value } from '../values/value.ts'

/** A function that is being run, as one of those that led to what it does. */
export interface StackEntry {
  readonly name: string
  readonly site: Site
  /** Where it is called. */
  readonly calledAt: Site
  /** 'wrapper': called with a handler to run. */
  readonly how: 'middleware' | 'global' | 'call' | 'wrapper' | 'handler' | 'delegated'
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

/** What the framework runs: a middleware, or the handler. What stands below was called by the application's code. */
export const isAnchor = ({ how }: StackEntry): boolean => how === 'middleware' || how === 'global' || how === 'handler'

/** What was thrown, and what was known by then. */
export interface Thrown {
  readonly state: State
  readonly value: Value
}

/** Collects what is thrown below it. */
export interface ThrowSink {
  readonly thrown: Thrown[]
}

/** A function that is being run, with what it has come to. */
export interface Frame {
  readonly file: string
  readonly fn: number
  readonly env: Env
  readonly self: Value | undefined
  /** What the function was called with. */
  readonly args?: readonly Value[]
  /** Who called it; and where it stands in the stack. */
  readonly outer?: Frame | undefined
  readonly at?: number
  readonly async: boolean
  /** The caller awaits what this returns. */
  readonly awaited: boolean
  readonly returns: { readonly state: State; readonly value: Value }[]
  /** What a generator has handed out. */
  readonly yields: Value[]
  /** Open loops, switches and labelled blocks. */
  readonly jumps: JumpTarget[]
}

/** What `break` and `continue` leave. */
export interface JumpTarget {
  readonly label: string | undefined
  readonly loop: boolean
  readonly breaks: State[]
  readonly continues: State[]
  /** What held around it: a jump leaves the handling of a denial behind. */
  readonly denying: State['denying']
}

/** `a?.b.c()`: what it gives where it stops early. */
export interface OptionalChain {
  readonly skipped: Value[]
  /** Something in it is called, so whether it stops decides what happens. */
  readonly calls: boolean
  /** The paths on which it may have stopped. */
  readonly paths: State[]
  /** It stops for sure: nothing further of it runs. */
  stopped: boolean
}
