/** Tests that told callers apart. */
import type { StackEntry } from './frame.ts'
import type { Site, Source } from './origins.ts'

/** A test that told callers apart, and where. */
export interface Decision {
  readonly sources: readonly Source[]
  readonly site: Site
  /** The functions that were being run: the outermost below the entry point names the guard. */
  readonly stack: readonly StackEntry[]
  /** Something was left out for this caller, and nothing else. */
  readonly passing?: boolean
  /** What had been written last on this path by then, as an index of the log's effects. */
  readonly lastWrite?: number | undefined
  /** Nothing tests anything: what was read of nothing is what stops this caller. */
  readonly crash?: boolean
}

/** It tells callers apart, and not the environments in which the application runs. */
export const isAboutCallers = ({ sources }: Decision): boolean => sources.some(({ proof }) => proof !== 'env-gate')
