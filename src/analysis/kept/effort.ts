/**
 * What a run costs: the steps that it would take if nothing were known before it. A step is one expression.
 *
 * A call whose outcome was known costs what it took to find that out, and nothing when the run meets it again. So a run is
 * given up at the same place whatever was looked at before it: ESLint, file by file, and an audit of all files agree.
 */

/** What a call takes: its own steps, and the calls in it whose outcomes are kept apart. */
export interface Cost {
  readonly steps: number
  readonly parts: ReadonlySet<KnownCost>
}

/** Of a call whose outcome is kept. */
export interface KnownCost extends Cost {
  /** The call and all that it hung on, in words: where it has to be made again, since it was forgotten, it is the same. */
  readonly of: string
}

interface Running {
  steps: number
  readonly parts: Set<KnownCost>
}

/** After how many steps a run is given up of which nothing else is said. */
const usualPatience = 150_000

export class Effort {
  private readonly limit: number
  private spent = 0
  private readonly met = new Set<string>()
  private running: Running = { steps: 0, parts: new Set() }

  /** @param limit after how many steps it is given up */
  constructor(limit: number = usualPatience) {
    this.limit = limit
  }

  /** @returns false once it is given up */
  step(): boolean {
    this.running.steps++
    return ++this.spent <= this.limit
  }

  /** What follows is the effort of a call. @returns what goes on when it ends */
  enter(): Running {
    const outer = this.running
    this.running = { steps: 0, parts: new Set() }
    return outer
  }

  /** @returns what the call took */
  leave(outer: Running): Cost {
    const cost = this.running
    this.running = outer
    return cost
  }

  /** The outcome of a call that has just ended is kept: meeting it again costs nothing, and neither did making it again. */
  keep(cost: KnownCost): void {
    if (this.met.has(cost.of)) this.spent -= cost.steps
    this.met.add(cost.of)
    this.running.parts.add(cost)
  }

  /** It is not kept: it was the effort of whoever made it. */
  share({ steps, parts }: Cost): void {
    this.running.steps += steps
    for (const part of parts) this.running.parts.add(part)
  }

  /**
   * The outcome of a call is known from elsewhere.
   * @returns false where the run would have been given up within it: it has to find out how far it comes
   */
  reuse(cost: KnownCost): boolean {
    const found = new Map<string, number>()
    this.collect(cost, found)
    let steps = 0
    for (const each of found.values()) steps += each
    if (this.spent + steps > this.limit) return false
    this.spent += steps
    for (const call of found.keys()) this.met.add(call)
    this.running.parts.add(cost)
    return true
  }

  /** What the run has not met yet. */
  private collect({ of, steps, parts }: KnownCost, into: Map<string, number>): void {
    if (this.met.has(of) || into.has(of)) return
    into.set(of, steps)
    for (const part of parts) this.collect(part, into)
  }
}
