/**
 * How high the syntax tree can be at a place of the scan of nesting: for each open bracket the links of the current chain
 * (operators, calls, members, prefixes) and the highest bracket that was closed in it.
 */
const MAX_NESTING = 500
const MAX_HEIGHT = 2_000

// By level; what is known of each open bracket. One scan runs at a time, so they are allocated once.
const kinds = new Uint8Array(MAX_NESTING + 2)
/** Height below each level: the chains around it. */
const below = new Int32Array(MAX_NESTING + 2)
/** Links of the current chain. */
const links = new Int32Array(MAX_NESTING + 2)
/** Highest closed bracket in the current chain. */
const closed = new Int32Array(MAX_NESTING + 2)
/** Highest chain so far. */
const highest = new Int32Array(MAX_NESTING + 2)
/** Type arguments, or comparisons, that are open in the current statement. */
const angles = new Int32Array(MAX_NESTING + 2)
/** Flags of the bracket and of its current statement. */
const types = new Uint8Array(MAX_NESTING + 2)

const TYPES = 1
const TYPES_HERE = 2
const EXTENDS = 4

export class Heights {
  level = 0
  /** Set once, and then for good. */
  tooDeep = false
  private openAngles = 0

  constructor(kind: number) {
    this.open(0, kind, 0)
    types[0] = 0
  }

  kind(): number {
    return kinds[this.level]!
  }

  setKind(kind: number): void {
    kinds[this.level] = kind
  }

  link(n: number): void {
    const { level } = this
    links[level]! += n
    if (below[level]! + links[level]! + closed[level]! + angles[level]! > MAX_HEIGHT) this.tooDeep = true
  }

  /** The chain ends: at a comma, a semicolon, a new statement. */
  cut(): void {
    const { level } = this
    const height = links[level]! + closed[level]! + angles[level]!
    if (height > highest[level]!) highest[level] = height
    links[level] = 0
    closed[level] = 0
    types[level]! &= TYPES
    this.openAngles -= angles[level]!
    angles[level] = 0
  }

  /** A comma between type arguments does not end the chain. */
  comma(): void {
    if (angles[this.level] === 0) this.cut()
  }

  push(kind: number): void {
    const { level } = this
    const height = below[level]! + links[level]! + angles[level]! + 1
    if (height > MAX_HEIGHT || level + 1 + this.openAngles > MAX_NESTING) {
      this.tooDeep = true
      return
    }
    this.level = level + 1
    this.open(this.level, kind, height)
    types[this.level] = (types[level]! & (TYPES | TYPES_HERE)) === 0 ? 0 : TYPES
  }

  pop(): void {
    this.cut()
    const height = highest[this.level]! + 1
    this.level--
    if (height > closed[this.level]!) closed[this.level] = height
    this.link(0)
  }

  openAngle(): void {
    angles[this.level]!++
    this.openAngles++
    if (this.level + this.openAngles > MAX_NESTING) this.tooDeep = true
  }

  /** False when none is open. */
  closeAngle(): boolean {
    const { level } = this
    const open = angles[level]!
    if (open === 0) return false
    if (open > closed[level]!) closed[level] = open
    angles[level] = open - 1
    this.openAngles--
    return true
  }

  inTypes(): boolean {
    return (types[this.level]! & (TYPES | TYPES_HERE)) !== 0
  }

  startTypes(): void {
    types[this.level]! |= TYPES_HERE
  }

  /** `extends`: the next `?` may belong to a type. */
  extends(): void {
    types[this.level]! |= EXTENDS
  }

  /** An operator that no type has: each open `<` was a comparison. */
  comparison(isQuestion: boolean): void {
    const { level } = this
    if (angles[level] === 0 || (isQuestion && (types[level]! & EXTENDS) !== 0)) return
    this.openAngles -= angles[level]!
    angles[level] = 0
  }

  private open(level: number, kind: number, height: number): void {
    kinds[level] = kind
    below[level] = height
    links[level] = 0
    closed[level] = 0
    highest[level] = 0
    angles[level] = 0
  }
}
