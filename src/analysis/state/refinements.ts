/**
 * What tests have told of what modules hold. Nobody has changed it: where the paths meet again that know more of it, what was
 * held before holds again, and so does its version.
 */
import type { Cell, Value } from '../values/value.ts'

/** What a test has told more of. */
export interface Refinement {
  readonly from: Value | Cell
  readonly version: number
  /** The versions that the properties had of which it told. */
  readonly properties?: ReadonlyMap<string, number>
}

/** Those of one run. */
export class Refinements {
  private readonly known = new Map<Value | Cell, Refinement>()

  /** A path has found out more of what a module holds: of what, and of which version of it. */
  add(value: Value | Cell, before: Refinement): void {
    this.known.set(value, before)
  }

  /** What was held before two paths found out more of it. */
  before(a: Value | Cell, b: Value | Cell): Value | Cell | undefined {
    const ofA = new Set(this.lineOf(a))
    return this.lineOf(b).find((value) => ofA.has(value))
  }

  /**
   * The version that what was held before then had, or a property of it.
   *
   * @param value what was made of it
   * @param version what that one has: the same where no test told of it
   */
  versionBefore(before: Value | Cell, value: Value | Cell, version: number, property?: string): number {
    const line = this.lineOf(value)
    const steps = line.slice(0, line.indexOf(before)).map((at) => this.known.get(at))
    const versions = steps.map((step) => (property === undefined ? step?.version : step?.properties?.get(property)))
    return versions.findLast((was) => was !== undefined) ?? version
  }

  /** What was held one after the other, the last first. */
  private lineOf(value: Value | Cell): readonly (Value | Cell)[] {
    const line = new Set<Value | Cell>()
    for (let at: Value | Cell | undefined = value; at && !line.has(at); at = this.known.get(at)?.from) line.add(at)
    return [...line]
  }
}
