/**
 * What bindings and objects hold where the run has come to.
 *
 * What was created or changed in the run is kept by its paths (`state.ts`); what is not found there is what modules hold,
 * which is kept once for all runs (`World.heap`). Whoever reads what the run has in common with other calls has looked at it,
 * and whoever changes it gives it another version (`commons.ts`).
 */
import { noteVersions } from '../kept/call-keys.ts'
import type { Commons } from './commons.ts'
import { slotKey } from './keys.ts'
import type { Machine } from '../machine.ts'
import { From, merge, noOrigins, type Origins, type Site } from '../values/origins.ts'
import { contents, others, propertiesChanged } from './properties.ts'
import type { State } from './state.ts'
import {
  alternatives,
  heldBy,
  shallowOrigins,
  union,
  unknown,
  type ArrayCell,
  type Cell,
  type ClassValue,
  type Env,
  type ObjectCell,
  type ObjectValue,
  type Value,
} from '../values/value.ts'
import type { World } from '../world.ts'

/** The store of a request, or the token that a client sends along. */
type Kept = 'store' | 'token'

/** The heap of a machine, on the path that it is on. */
export class Heap {
  /** Something was changed that was there before, or of which nothing is known. */
  changedOthers = false
  private readonly m: Machine
  private readonly commons: Commons
  private readonly ofModules: World['heap']

  constructor(m: Machine) {
    this.m = m
    this.commons = m.commons
    this.ofModules = m.world.heap
  }

  // --- by key ---------------------------------------------------------------------------------------------------------

  /** The key of what the instance that is made at that place keeps, outside of bindings and objects. */
  slot(kept: Kept, site: Site): number {
    const { slots } = this.m.world
    const name = slotName(kept, site)
    let slot = slots.get(name)
    if (slot === undefined) slots.set(name, (slot = slotKey(slots.size)))
    return slot
  }

  /** What is kept there. */
  keptAt(kept: Kept, site: Site): Value | undefined {
    const slot = this.m.world.slots.get(slotName(kept, site))
    return slot === undefined ? undefined : (this.read(slot) as Value | undefined)
  }

  /** What a binding or an object holds, which the running call hangs on from here on. */
  read(key: number): Value | Cell | undefined {
    this.commons.look(key)
    return this.held(key)
  }

  /** What is there; whoever asks says what of it he looked at. */
  private held(key: number): Value | Cell | undefined {
    return this.m.state.get(key) ?? this.ofModules.get(key)
  }

  /** Changes a binding or an object, whoever holds it. */
  write(key: number, value: Value | Cell, state: State = this.m.state): void {
    if (this.commons.has(key)) this.setShared(key, value, state)
    else state.set(key, value)
  }

  /** Changes a binding of a module or what a request store holds: what later calls give may hang on it. */
  setShared(key: number, value: Value | Cell, state: State = this.m.state): void {
    this.changedOthers = true
    this.setVersioned(key, value, state)
  }

  /** Keeps what a test has told of a binding or an object: nobody has changed it. */
  narrow(key: number, value: Value | Cell): void {
    const { state, memory } = this.m
    const from = this.held(key)
    const version = state.versionOf(key)
    const changed = propertiesChanged(from, value) ?? []
    const properties = new Map(changed.map((property) => [property, state.versionOfProperty(key, property)]))
    if (from !== undefined) memory.addNarrowed(from, value)
    if (this.commons.has(key)) this.setVersioned(key, value, state)
    else state.set(key, value)
    if (from !== undefined && state.versionOf(key) !== version)
      memory.refinements.add(value, { from, version, properties })
  }

  private setVersioned(key: number, value: Value | Cell, state: State): void {
    noteVersions(this.m, state, key, value)
    state.change(key, value)
  }

  // --- what is created ------------------------------------------------------------------------------------------------

  /** An activation of a function. */
  newEnv(file: string, fn: number, parent: Env | undefined, self: Value | undefined): Env {
    return { id: this.m.memory.create(), file, fn, parent, self }
  }

  newObject(
    props: ReadonlyMap<string, Value> | Record<string, Value>,
    extra: Partial<ObjectCell> = {},
    from: Origins = noOrigins,
  ): ObjectValue {
    const map = props instanceof Map ? props : new Map(Object.entries(props))
    return this.newCell({ t: 'object', props: map as ReadonlyMap<string, Value>, ...extra }, from)
  }

  newArray(items: readonly Value[], rest?: Value, from: Origins = noOrigins): ObjectValue {
    return this.newCell({ t: 'array', items, ...(rest ? { rest } : {}) }, from)
  }

  newCell(cell: Cell, from: Origins = noOrigins): ObjectValue {
    const key = -this.m.memory.create()
    this.m.state.set(key, cell)
    return { t: 'object', cell: key, origins: from }
  }

  // --- objects --------------------------------------------------------------------------------------------------------

  /** What an object holds, all of it. */
  cell(value: ObjectValue): Cell {
    this.commons.look(value.cell)
    return this.cellHeld(value)
  }

  /** An object of which one property is looked at. */
  cellFor(value: ObjectValue, property: string): Cell {
    const cell = this.cellHeld(value)
    // what they are decides what their properties are
    if (cell.t === 'array' || cell.is) this.commons.look(value.cell)
    else {
      this.commons.lookAt(value.cell, property)
      if (!cell.props.has(property)) this.commons.lookAt(value.cell, others)
    }
    return cell
  }

  private cellHeld(value: ObjectValue): Cell {
    const found = this.held(value.cell)
    return found && (found.t === 'array' || (found.t === 'object' && 'props' in found))
      ? found
      : { t: 'object', props: new Map(), rest: unknown(value.origins) }
  }

  setCell(value: ObjectValue, cell: Cell): void {
    this.write(value.cell, cell)
  }

  /** What was met while it was being computed, now that it can be told. */
  now(value: Value): Value {
    if (value.t === 'union')
      return value.of.some((part) => this.now(part) !== part) ? union(value.of.map((part) => this.now(part))) : value
    return value.t === 'unknown' && value.later ? (value.later.read(this.m) ?? value) : value
  }

  /** What a value holds that is a list. */
  array(given: Value): ArrayCell | undefined {
    const value = this.now(given)
    if (value.t !== 'object') return undefined
    const cell = this.cell(value)
    return cell.t === 'array' ? cell : undefined
  }

  /** What a value holds that is an object, and no list. */
  object(given: Value): ObjectCell | undefined {
    const value = this.now(given)
    if (value.t !== 'object') return undefined
    const cell = this.cell(value)
    return cell.t === 'object' ? cell : undefined
  }

  /** What an object is, whatever its properties are. */
  kindOf(given: Value): Pick<ObjectCell, 'is' | 'cls' | 'status'> | undefined {
    const value = this.now(given)
    const cell = value.t === 'object' ? this.cellFor(value, others) : undefined
    return cell?.t === 'object' ? cell : undefined
  }

  /** The class that an object is an instance of. */
  classOf(value: Value): ClassValue | undefined {
    return this.kindOf(value)?.cls
  }

  // --- all that a value holds -----------------------------------------------------------------------------------------

  /** Origins of a value and of everything it holds. */
  originsOf(value: Value, depth = 5): Origins {
    let found = shallowOrigins(value)
    if (depth === 0) return found
    for (const part of alternatives(value))
      for (const inner of this.partsOf(part, depth === 1)) found = merge(found, this.originsOf(inner, depth - 1))
    return found
  }

  originsOfAll(values: readonly Value[]): Origins {
    return values.map((value) => this.originsOf(value)).reduce(merge, noOrigins)
  }

  /** Something in it is what the caller sent, and not what was found or made by means of it. */
  holdsInput(value: Value, depth = 5): boolean {
    const { flags } = shallowOrigins(value)
    if ((flags & From.input) !== 0 && (flags & From.row) === 0) return true
    if (depth === 0) return false
    return alternatives(value).some((part) => this.partsOf(part).some((inner) => this.holdsInput(inner, depth - 1)))
  }

  /**
   * What a value holds: items, properties, what a promise gives, what a condition or a query was given.
   *
   * @param forOrigins nothing but where they come from is looked at
   */
  partsOf(value: Value, forOrigins = false): readonly Value[] {
    switch (value.t) {
      case 'object': {
        const cell = forOrigins ? this.cellFor(value, contents) : this.cell(value)
        if (cell.t === 'object' && cell.is === 'env') return cell.rest ? [cell.rest] : []
        return heldBy(cell)
      }
      case 'promise':
        return value.value ? [value.value] : []
      case 'condition':
        return value.pairs.map((pair) => pair.value)
      case 'query':
        return [...value.args, ...value.calls.flatMap((call) => call.args)]
      default:
        return []
    }
  }
}

const slotName = (kept: Kept, site: Site): string => `${kept} ${site.file}:${String(site.range[0])}`
