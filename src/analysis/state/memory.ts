/** What the paths of one run have in common: what was created on them, and numbers for what they have changed. */
import { born, isOfModule } from './keys.ts'
import { Refinements } from './refinements.ts'
import type { Cell, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** What all runs have in common: the numbers of what is created, and what modules hold. */
type Shared = Pick<World, 'ids' | 'version' | 'heap' | 'moduleActivations'>

const nothing: Shared = { ids: { next: 0 }, version: () => 0, heap: new Map(), moduleActivations: new Set() }

/**
 * Values of one run. What is created after a path split off is seen by that path alone, so it is kept once for all paths;
 * only changes of older values are kept for each path, under a small number that the value's key gets at its first change.
 */
export class Memory {
  readonly values: Map<number, Value | Cell> = new Map()
  /** Activations that ended and that no function value has captured: their bindings need no joining. */
  readonly finished: Set<number> = new Set()
  /** The keys of what was changed on some path, by number. */
  readonly changed: number[] = []
  readonly refinements: Refinements = new Refinements()
  private readonly narrowed = new WeakMap<Value | Cell, Value | Cell>()
  private readonly numbers = new Map<number, number>()
  /** Of numbers that stand for a property of what is held under the key. */
  private readonly propertyOf = new Map<number, string>()
  private readonly numbersOfProperties = new Map<number, Map<string, number>>()
  private readonly world: Shared

  constructor(world: Shared = nothing) {
    this.world = world
  }

  /** A test has told more of what is held somewhere; nobody has written there. */
  addNarrowed(from: Value | Cell, to: Value | Cell): void {
    if (from !== to) this.narrowed.set(to, from)
  }

  /** They are the same, as far as tests have told of it. */
  isNarrowed(one: Value | Cell, other: Value | Cell): boolean {
    const line = this.lineOf(one)
    return [...this.lineOf(other)].some((value) => line.has(value))
  }

  private lineOf(value: Value | Cell): ReadonlySet<Value | Cell> {
    const line = new Set<Value | Cell>()
    for (let at: Value | Cell | undefined = value; at && !line.has(at); at = this.narrowed.get(at)) line.add(at)
    return line
  }

  /** The number of what is held somewhere, by the words that tell of it; for all runs. */
  version(words: string): number {
    return this.world.version(words)
  }

  /** It was created after two paths had parted: there is nothing of the kind on the other. */
  isOfOnePath(key: number, parted: number): boolean {
    return born(key) > parted && !isOfModule(this.world, key)
  }

  /** What was there before any path changed it. */
  first(key: number): Value | Cell | undefined {
    return this.values.get(key) ?? this.world.heap.get(key)
  }

  /** A number that is larger than that of everything created before. */
  now(): number {
    return this.world.ids.next
  }

  /** A number for what is created now: an activation, an object. */
  create(): number {
    return ++this.world.ids.next
  }

  /** The number of a key; none where no path has changed anything there. */
  numberOf(key: number): number | undefined {
    return this.numbers.get(key)
  }

  /** The number of a key, which it gets here if it has none. */
  number(key: number): number {
    let found = this.numbers.get(key)
    if (found === undefined) {
      found = this.changed.push(key) - 1
      this.numbers.set(key, found)
    }
    return found
  }

  /** The property that a number stands for; none where it stands for all that is held under its key. */
  property(number: number): string | undefined {
    return this.propertyOf.get(number)
  }

  /** The number of a property of what is held under a key; none where no path has changed it. */
  numberOfProperty(key: number, property: string): number | undefined {
    return this.numbersOfProperties.get(key)?.get(property)
  }

  /** The number of a property, which it gets here if it has none. */
  propertyNumber(key: number, property: string): number {
    const known = this.numberOfProperty(key, property)
    if (known !== undefined) return known
    const number = this.changed.push(key) - 1
    this.propertyOf.set(number, property)
    const numbers = this.numbersOfProperties.get(key)
    if (numbers) numbers.set(property, number)
    else this.numbersOfProperties.set(key, new Map([[property, number]]))
    return number
  }
}
