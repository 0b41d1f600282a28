/** The calls of a run that have not returned yet: where a recursion is cut, and what deeper calls of it are given. */
import { unknown, type FunctionValue, type Value } from '../values/value.ts'

const maxCallDepth = 48

interface Activation {
  readonly depth: number
  readonly args: readonly Value[]
}

/**
 * A function that is called again while it runs is a recursion where it is given the same functions: a memo or a wrapper that
 * runs another callback is on its way to something else.
 */
const activityOf = (fn: FunctionValue, args: readonly Value[]): string =>
  [fn, ...args].flatMap((part) => (part.t === 'function' ? [`${part.file}#${String(part.fn)}`] : [])).join()

/** An argument of a recursion: a number or a text that is another one in each call is any, since only two are followed. */
function afterMany(arg: Value, before: Value | undefined): Value {
  if (arg.t !== 'const' || before?.t !== 'const' || typeof arg.value !== typeof before.value) return arg
  const changes = (typeof arg.value === 'number' || typeof arg.value === 'string') && arg.value !== before.value
  return changes ? unknown(arg.origins, { nullish: 'no' }) : arg
}

export class RunningCalls {
  /**
   * Calls that were not followed, since they were already running or too deep: how deep that function was running. What was
   * computed in between is not the whole truth.
   */
  readonly cuts: number[] = []
  private readonly active = new Map<string, readonly Activation[]>()
  private builders = 0

  /** What runs there runs here too. */
  startBelow(outer: RunningCalls): void {
    for (const [key, running] of outer.active) this.active.set(key, running)
    this.builders = outer.builders
  }

  has(fn: FunctionValue, args: readonly Value[]): boolean {
    return this.active.has(activityOf(fn, args))
  }

  /** @returns the arguments that it is followed with; nothing when it is already running (twice), or too deep */
  enter(fn: FunctionValue, args: readonly Value[], depth: number): readonly Value[] | undefined {
    const key = activityOf(fn, args)
    const running = this.active.get(key) ?? []
    if (running.length >= 2 || depth >= maxCallDepth) {
      this.cuts.push(depth >= maxCallDepth ? -1 : running[0]!.depth)
      return undefined
    }
    const last = running.at(-1)
    const given = last ? args.map((arg, i) => afterMany(arg, last.args[i])) : args
    this.active.set(key, [...running, { depth, args: given }])
    return given
  }

  /** @param args as they were when it was entered */
  leave(fn: FunctionValue, args: readonly Value[]): void {
    const key = activityOf(fn, args)
    const left = (this.active.get(key) ?? []).slice(0, -1)
    if (left.length > 0) this.active.set(key, left)
    else this.active.delete(key)
  }

  /** Calls a builder, which may lead to itself with no function in between: nothing when it does, too deep. */
  within<T>(call: () => T): T | undefined {
    if (this.builders >= maxCallDepth) {
      this.cuts.push(-1)
      return undefined
    }
    this.builders++
    const result = call()
    this.builders--
    return result
  }
}
