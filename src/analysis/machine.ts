/**
 * Runs code as one kind of caller.
 *
 * The machine executes a lowered function on abstract values, following every call that can be followed, as a caller who
 * proved nothing (or as one who is signed in). Tests that such a caller fails or passes for sure take one branch; all
 * others take both. What is left to ask is which effects this caller reached.
 *
 * It is where a run has come to: on which path (`state.ts`), in which functions (`frame.ts`), with what on the heap
 * (`heap.ts`). What code does there is told by functions of the machine, one file for each construct; what is seen on the
 * way (`decisions.ts`, `doubts.ts`, `effects.ts` …) goes to the log.
 */
import type { Proof } from '../catalog/meaning.ts'
import type { Range } from '../model/form.ts'
import { withProofs } from './values/answers.ts'
import type { Cached } from './library/cached.ts'
import { Commons } from './state/commons.ts'
import { Effort } from './kept/effort.ts'
import type { Frame, OptionalChain, StackEntry, ThrowSink } from './code/frame.ts'
import { Heap } from './state/heap.ts'
import { Memory } from './state/memory.ts'
import type { Origins, Site } from './values/origins.ts'
import { cannotShow, type Persona } from './caller/persona.ts'
import { newLog, type RunLog } from './run-log.ts'
import { RunningCalls } from './code/running-calls.ts'
import { State } from './state/state.ts'
import { undefinedValue, union, type Value } from './values/value.ts'
import type { World } from './world.ts'

/** One run, as far as it has come. */
export class Machine {
  readonly world: World
  readonly persona: Persona
  readonly log: RunLog
  readonly memory: Memory
  /** What modules and request stores hold, and what this run has created and they have come to hold. */
  readonly commons: Commons
  readonly effort: Effort
  readonly running: RunningCalls = new RunningCalls()
  /** The path that is being run. */
  state: State
  readonly heap: Heap
  sink: ThrowSink = { thrown: [] }
  frame: Frame | undefined
  stack: readonly StackEntry[] = []
  /** How many effects there were when the running function was called. */
  begun = 0
  /** Open loops whose bodies may run more than once. */
  loops = 0
  /** It evaluates what a module holds, apart from any run. */
  atModuleLevel = false
  /** The answer that is being made to be kept. */
  cached: Cached | undefined
  /** The optional chain that is being evaluated: what it gives where it stops early. */
  chain: OptionalChain | undefined

  constructor(world: World, persona: Persona, log: RunLog = newLog(), from?: Machine) {
    this.world = world
    this.persona = persona
    this.log = log
    this.memory = from?.memory ?? new Memory(world)
    this.commons = from?.commons ?? new Commons(world)
    this.effort = from?.effort ?? new Effort(world.patience)
    this.state = new State(this.memory)
    this.heap = new Heap(this)
  }

  /** Runs something from here of which nobody will know. */
  apart(): Machine {
    const apart = new Machine(this.world, this.persona, newLog(), this)
    apart.state = this.state.fork()
    apart.stack = this.stack
    apart.running.startBelow(this.running)
    return apart
  }

  // --- whom it plays --------------------------------------------------------------------------------------------------

  /** The caller has proved nothing. */
  get anonymous(): boolean {
    return this.persona.kind === 'anonymous'
  }

  /** The caller cannot show this. */
  lacks(proof: Proof): boolean {
    return cannotShow(this.persona, proof)
  }

  /** There is something that the caller cannot show, besides roles and permissions. */
  get lacking(): boolean {
    return this.anonymous || this.persona.lacks !== undefined
  }

  /** The caller has no role and no permission; nobody has who proved nothing. */
  get unprivileged(): boolean {
    return this.anonymous || this.persona.privileges === 'none'
  }

  /** Values keep their names. */
  get tracing(): boolean {
    return this.persona.tracing === true
  }

  // --- where it is ----------------------------------------------------------------------------------------------------

  /** False when the budget is used up: everything that follows is unknown. */
  step(site: () => Site): boolean {
    if (this.effort.step()) return true
    this.log.exhausted ??= site()
    return false
  }

  /** A place in the file of the function that is being run. */
  site(range: Range): Site {
    return { file: this.frame?.file ?? '', range }
  }

  /**
   * Runs alternatives from the present state and goes on with what they have in common.
   *
   * @param hint what is told of rows by which one it is
   */
  split(paths: readonly (() => Value)[], hint?: Origins): Value {
    const before = this.state
    const ends: State[] = []
    const values: Value[] = []
    for (const path of paths) {
      this.state = before.fork()
      this.state.turn(hint)
      const value = path()
      if (this.state.alive) {
        ends.push(this.state)
        values.push(value)
      }
    }
    const given = withProofs(
      this,
      ends.map((state, i) => ({ state, value: values[i]! })),
    )
    this.state = State.join(ends)
    this.state.turns = before.turns
    return ends.length > 0 ? union(given.map((end) => end.value)) : undefinedValue
  }

  /** The path ends here, and goes on wherever this is caught. */
  throw(value: Value): Value {
    if (this.state.alive) this.sink.thrown.push({ state: this.state, value })
    this.state = this.state.ended()
    return undefinedValue
  }
}
