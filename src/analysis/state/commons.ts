/**
 * What calls have in common without being given it: what modules and request stores hold, and the objects and activations
 * within its reach.
 *
 * Two calls that are given the same do the same where all that they look at of this is the same. So what is here has a name
 * that means the same in every run, every change of it has a version (`State.versionOf`), and every call notes what it
 * looked at (`summaries.ts`).
 */
import { Met } from '../kept/met.ts'
import type { State } from './state.ts'
import { isOfModule } from './keys.ts'
import type { Cell, Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** A binding or an object, by its key; or a read, by its effect. */
export type Thing = number | object

interface Named {
  readonly name: string
  /** How many had a name before it. */
  readonly at: number
  /** What it held when it got its name, which tells of that too. */
  readonly held: Value | Cell | undefined
}

export class Commons {
  private readonly world: World
  private readonly names = new Map<Thing, Named>()
  private readonly things = new Map<string, Thing>()
  private readonly made = new Map<number, number>()
  /** What the running call has met so far. */
  met: Met = new Met()

  constructor(world: World) {
    this.world = world
  }

  /** How many things of the run have a name. */
  get count(): number {
    return this.names.size
  }

  /** The name of something that the run has created, if it had one when there were so many. */
  nameOf(thing: Thing, when?: number): string | undefined {
    const named = this.names.get(thing)
    return named && (when === undefined || named.at < when) ? named.name : undefined
  }

  named(name: string): Thing | undefined {
    return this.things.get(name)
  }

  add(thing: Thing, name: string, held?: Value | Cell): void {
    this.names.set(thing, { name, at: this.names.size, held })
    this.things.set(name, thing)
  }

  /** How often something of this version was made before; it was made now. */
  madeBefore(version: number): number {
    const times = this.made.get(version) ?? 0
    this.made.set(version, times + 1)
    return times
  }

  /** It is there before any run, and its key is its name. */
  isOfModule(key: number): boolean {
    return isOfModule(this.world, key)
  }

  has(key: number): boolean {
    return this.isOfModule(key) || this.names.has(key)
  }

  /** Notes that the running call hangs on what is held there. */
  look(key: number): void {
    const { keys } = this.met
    if (!keys.has(key) && this.has(key)) keys.add(key)
  }

  /** Notes that the running call hangs on a property of what is held there (`others`: on what else there is). */
  lookAt(key: number, property: string): void {
    if (!this.met.keys.has(key) && this.has(key)) this.met.addProperty(key, property)
  }

  /** What is met from here on is noted for a call. @returns what goes on when it ends */
  enter(): Met {
    const outer = this.met
    this.met = new Met()
    return outer
  }

  /** What the call has met. */
  leave(outer: Met): Met {
    const { met } = this
    outer.addAll(met)
    this.met = outer
    return met
  }

  /** Which version of it a path holds; undefined where that is not told: it was changed while nobody had a name for it. */
  versionOn(state: State, key: number): number | undefined {
    const version = state.versionOf(key)
    if (version !== 0) return version
    const held = this.isOfModule(key) ? undefined : this.names.get(key)?.held
    const holds = state.get(key)
    return holds === held || (held === undefined && holds === this.world.heap.get(key)) ? 0 : undefined
  }

  /** Of a property: see `versionOn`. */
  versionOfProperty(state: State, key: number, property: string): number | undefined {
    return this.versionOn(state, key) === undefined ? undefined : state.versionOfProperty(key, property)
  }
}
