/**
 * Whose code did something, read from the stack of running functions: the entry point's own, that of a middleware in front of
 * it, or that of a helper which one of them called.
 */
import type { Site } from '../values/origins.ts'
import { isAnchor, type StackEntry } from '../code/frame.ts'

type Stack = readonly StackEntry[]

/** The handler or the middleware in which it was done; undefined where nothing but the entry point itself was running. */
export const anchorOf = (stack: Stack): StackEntry | undefined => stack.findLast(isAnchor)

/** The functions that were running below the handler or the middleware, the outermost first. */
export const calledBelow = (stack: Stack): Stack => stack.slice(stack.findLastIndex(isAnchor) + 1)

/** The function that the entry point's or the middleware's own code called; undefined in that code itself. */
export const helperOf = (stack: Stack): StackEntry | undefined => stack[stack.findLastIndex(isAnchor) + 1]

/** In the entry point's own code: where it called the helper that has the check. */
export const whereAsked = (stack: Stack): Site | undefined => helperOf(stack)?.calledAt

/** Of the handler that a wrapper was given, and not of the wrapper. */
export const isOfHandler = ({ stack }: { readonly stack: Stack }): boolean =>
  stack.some(({ isGiven }) => isGiven === true)

/**
 * The functions below the entry point's own code, a middleware being the first, in words that are the same for the same
 * function. What is handed on is not of who runs it.
 */
export function belowEntry(stack: Stack): readonly string[] {
  const at = stack.findLastIndex(isAnchor)
  const path: StackEntry[] = []
  for (let i = stack.length - 1; i > at; i = stack[i]!.owner ?? i - 1)
    if (stack[i]!.isClosure !== true) path.unshift(stack[i]!)
  const anchor = stack[at]
  if (anchor && anchor.how !== 'handler') path.unshift(anchor)
  return path.map(({ site }) => `${site.file}:${String(site.range[0])}`)
}
