/**
 * Runs code as one kind of caller.
 *
 * The machine executes a lowered function on abstract values, following every call that can be followed, as a caller who
 * proved nothing (or as one who is signed in). Tests that such a caller fails or passes for sure take one branch; all
 * others take both. What is left to ask is which effects this caller reached.
 */
import { noteVersions } from './call-keys.ts'
import { Commons } from './commons.ts'
import type { ArgPath, Proof, QueryMeaning } from '../catalog/meaning.ts'
import type { Range } from '../model/form.ts'
import {
  From,
  hasSource,
  isPrivilege,
  sourcesOf,
  type EffectKind,
  type OpaqueRef,
  type Origins,
  type ReadRef,
  type Site,
  type Source,
  merge,
  noOrigins,
  readOf,
} from './origins.ts'
import {
  bindingKey,
  contents,
  Memory,
  others,
  propertiesChanged,
  State,
  type Decision,
  type Doubt,
  type StackEntry,
} from './state.ts'
import {
  alternatives,
  shallowOrigins,
  undefinedValue,
  unknown,
  union,
  heldBy,
  type ArrayCell,
  type Cell,
  type ClassValue,
  type ConditionPair,
  type Env,
  type ObjectCell,
  type ObjectValue,
  type QueryValue,
  type Value,
} from './value.ts'
import { withProofs } from './answers.ts'
import { askedForCache, type Cached } from './cached.ts'
import { member } from './members.ts'
import { settle } from './queries.ts'
import { Effort } from './effort.ts'
import { handedTo, type Handed } from './handed.ts'
import type { ProvedName } from './in-reach.ts'
import { deedOf, SameReads } from './same-reads.ts'
import type { Insistence } from './insistence.ts'
import type { Reach } from './reach.ts'
import { RunningCalls } from './running-calls.ts'
import type { ModelFacts, World } from './world.ts'
import type { Cause, Leak } from '../model/report.ts'

/** Whom the machine plays. */
export interface Persona {
  readonly kind: 'anonymous' | 'signed-in'
  /** `NODE_ENV` and its like; code that runs in development only is not an entry point's answer. */
  readonly environment: 'production' | 'development'
  /** Other environment variables, and what the installation is set to: there or not (both paths are taken), all there, or none. */
  readonly variables?: 'set' | 'unset'
  /** Where none is set: those that have to be. */
  readonly insistence?: Insistence
  /** It asks whose rows are touched: values keep their names (`ties.ts`). */
  readonly tracing?: boolean
  /** Signed in, and without any role or permission that is asked for. */
  readonly privileges?: 'none'
  /** It is asked what is done on the way of a refusal: each call is run, none replayed, and noted. */
  readonly recording?: true
}

/** Module values and summaries are kept for each environment apart. */
export const environmentOf = ({ environment, variables, insistence }: Persona): string =>
  environment === 'production' && variables === undefined
    ? ''
    : `${environment}/${variables ?? ''}${insistence ? String(insistence.id) : ''}\0`

export interface Effect {
  readonly id: number
  readonly what: string
  readonly kind: EffectKind
  readonly write: boolean
  readonly site: Site
  readonly model?: ModelFacts
  readonly conditions?: readonly ConditionPair[]
  /** Which rows it can touch; kept while tracing. */
  readonly reach?: Reach
  /** What keeps the rows of tenants apart, whatever the conditions are; kept while tracing. */
  readonly apart?: string
  /** What it is given, where that is all that can be seen of it; kept while tracing. */
  readonly handed?: Handed
  /** What stands in reach of such a call and is proved; kept while tracing. */
  readonly inReach?: readonly ProvedName[]
  readonly privileged: boolean
  /** The functions that were being run. */
  readonly stack: readonly StackEntry[]
  /** What it writes, or where, is chosen by the caller's input. */
  readonly fromInput: boolean
  /** Of a query. */
  readonly verb?: QueryMeaning['verb']
  /** How many rows there are, not what is in them. */
  readonly countsOnly?: boolean
  /** What it keeps is found by a key alone. */
  readonly byKey?: boolean
  /** One row is read, and nothing says which. */
  readonly onlyRow?: boolean
  /** Somebody becomes a user by it. */
  readonly registers?: boolean
  /** The database filters the rows for the caller whose token the client carries. */
  readonly rowLevel?: boolean
  /** The service behind it decides by the caller's own token. */
  readonly delegated?: boolean
  /** The call asks for the caller's session by itself, and does its work for whom it finds: its name. */
  readonly asksItself?: string
  /** The client was made with what identifies the caller: the request's cookies, headers or token. */
  readonly carriesCaller?: boolean
  readonly doubts: readonly Doubt[]
  readonly proofs: readonly Proof[]
  readonly denying: State['denying']
  /** It is given the error of a denial that was caught: a record of it. */
  readonly ofFailure: boolean
  /** The caller had shown credentials to the SDK that owns them. */
  readonly proved: boolean
  /** What was read reached the answer, or other work. */
  exposed: 'no' | 'hinted' | 'shown'
  /** Which of its columns the caller gets; `*`: all, for all that is known. */
  shownColumns?: Set<string> | undefined
  /** It is given what the caller sent: it may do something with it. */
  readonly takesInput?: boolean
  /** It tells somebody of an error with which the function then ends. */
  reports?: boolean
  /** It was done on the way to a client that the same function then made. */
  forClient?: boolean
  /** What it is, in words, where it may be made again (`same-reads.ts`). */
  readonly deed?: string | undefined
  /** A denial followed on every path: set when the path ends. */
  denied?: boolean
}

/** Something seen on the way that may be why a guard does not guard. */
export interface Note {
  /** It happened because the caller lacks a role or a permission. */
  readonly privilege?: boolean
  /** Of a check that was swallowed, or of whose promise something else is read: nobody can learn how it ended. */
  readonly forgotten?: boolean
  /** Of an answer that says it in one of its properties. */
  readonly member?: string
  readonly cause: Cause | Leak
  readonly name: string
  readonly site: Site
}

export interface RunLog {
  /** In order; what is made again stands here again. */
  readonly effects: Effect[]
  readonly reads: SameReads
  readonly notes: Note[]
  readonly sources: Source[]
  readonly decided: Set<Source>
  /** Tests that told callers apart; and those of them that stopped this one. */
  readonly decisions: Decision[]
  readonly denials: Decision[]
  /** Denials that were thrown, or that ended the handler or the middleware itself. */
  readonly stops: Set<Decision>
  /** Denials that nobody waited for at once: what was done meanwhile is done. */
  readonly beside: Set<Decision>
  readonly stacks: Map<Source, readonly StackEntry[]>
  readonly credentials: Site[]
  readonly opaque: OpaqueRef[]
  /** Checks that can refuse the caller and whose promise nobody has awaited so far, by `siteKey`. */
  readonly unawaited: Map<string, { readonly name: string; readonly site: Site }>
  /** Tests of environment variables, and of what the installation is set to, that could come out either way. */
  readonly switches: { readonly name: string; readonly site: Site }[]
  /** How often a role or a permission was asked for. */
  privileges: number
  /** How often something told who the caller is, not only that it is one of those who may. */
  identified: number
  /** Reads whose rows were rendered, each with what was proved there; kept while tracing. */
  readonly rendered: { readonly effect: ReadRef['effect']; readonly proofs: readonly Proof[] }[]
  /** Names of the caller's tenant that functions hold on to which were handed to code that cannot be read; kept while tracing. */
  readonly tenantsHanded: string[]
  /** What was called, or written, once a test had told callers apart; kept while recording. */
  readonly aftermath: Aftermath[]
  /** Where the budget ran out. */
  exhausted?: Site
}

export interface Aftermath {
  readonly decisions: readonly Decision[]
  readonly name: string
  readonly called?: Value
  readonly effect?: Effect
}

export interface Thrown {
  readonly state: State
  readonly value: Value
}

/** Collects what is thrown below it. */
export interface ThrowSink {
  readonly thrown: Thrown[]
}

export interface Frame {
  readonly file: string
  readonly fn: number
  readonly env: Env
  readonly self: Value | undefined
  /** What the function was called with. */
  readonly args?: readonly Value[]
  /** Who called it; and where it stands in the stack. */
  readonly outer?: Frame | undefined
  readonly at?: number
  readonly async: boolean
  /** The caller awaits what this returns. */
  readonly awaited: boolean
  readonly returns: { readonly state: State; readonly value: Value }[]
  /** What a generator has handed out. */
  readonly yields: Value[]
  /** Open loops, switches and labelled blocks. */
  readonly jumps: JumpTarget[]
}

export interface JumpTarget {
  readonly label: string | undefined
  readonly loop: boolean
  readonly breaks: State[]
  readonly continues: State[]
  /** What held around it: a jump leaves the handling of a denial behind. */
  readonly denying: State['denying']
}

export interface OptionalChain {
  readonly skipped: Value[]
  /** Something in it is called, so whether it stops decides what happens. */
  readonly calls: boolean
  /** The paths on which it may have stopped. */
  readonly paths: State[]
  /** It stops for sure: nothing further of it runs. */
  stopped: boolean
}

/** The store of a request, or the token that a client sends along. */
type Kept = 'store' | 'token'

export const siteKey = (site: Site): string => `${site.file}:${String(site.range[0])}-${String(site.range[1])}`

export const newLog = (): RunLog => ({
  effects: [],
  reads: new SameReads(),
  notes: [],
  sources: [],
  decided: new Set(),
  decisions: [],
  denials: [],
  stops: new Set(),
  beside: new Set(),
  stacks: new Map(),
  credentials: [],
  privileges: 0,
  identified: 0,
  opaque: [],
  switches: [],
  unawaited: new Map(),
  rendered: [],
  tenantsHanded: [],
  aftermath: [],
})

/** What a run may cost (`effort.ts`). */
const patience = 150_000

export class Machine {
  readonly world: World
  readonly persona: Persona
  readonly log: RunLog
  readonly memory: Memory
  state: State
  sink: ThrowSink = { thrown: [] }
  frame: Frame | undefined
  stack: readonly StackEntry[] = []
  readonly effort: Effort
  /** How many effects there were when the running function was called. */
  begun = 0
  /** Open loops whose bodies may run more than once. */
  loops = 0
  readonly running: RunningCalls = new RunningCalls()
  /** What modules and request stores hold, and what this run has created and they have come to hold. */
  readonly commons: Commons
  /** It evaluates what a module holds, apart from any run. */
  atModuleLevel = false
  /** Something was changed that was there before, or of which nothing is known. */
  changedOthers = false
  /** A test tells more of what is held: nobody changes it. */
  private narrowing = false
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
    this.effort = from?.effort ?? new Effort(world.patience ?? patience)
    this.state = new State(this.memory)
  }

  /** Runs something from here of which nobody will know. */
  apart(): Machine {
    const apart = new Machine(this.world, this.persona, newLog(), this)
    apart.state = this.state.fork()
    apart.stack = this.stack
    apart.running.startBelow(this.running)
    return apart
  }

  get anonymous(): boolean {
    return this.persona.kind === 'anonymous'
  }

  /** Notes what is done where a test told callers apart. */
  follows(what: Omit<Aftermath, 'decisions'>): void {
    const { decisions } = this.state
    if (this.persona.recording && decisions.length > 0) this.log.aftermath.push({ ...what, decisions })
  }

  get tracing(): boolean {
    return this.persona.tracing === true
  }

  /** The caller has no role and no permission; nobody has who proved nothing. */
  get unprivileged(): boolean {
    return this.anonymous || this.persona.privileges === 'none'
  }

  /** False when the budget is used up: everything that follows is unknown. */
  step(site: () => Site): boolean {
    if (this.effort.step()) return true
    this.log.exhausted ??= site()
    return false
  }

  // --- bindings and cells ---------------------------------------------------------------------------------------------

  newEnv(file: string, fn: number, parent: Env | undefined, self: Value | undefined): Env {
    return { id: this.memory.create(), file, fn, parent, self }
  }

  /** The key of what the instance that is made at that place keeps, outside of bindings and objects. */
  slot(kept: Kept, site: Site): number {
    const name = `${kept} ${site.file}:${String(site.range[0])}`
    let slot = this.world.slots.get(name)
    if (slot === undefined) this.world.slots.set(name, (slot = -1 / (this.world.slots.size + 2)))
    return slot
  }

  /** What is kept there. */
  keptAt(kept: Kept, site: Site): Value | undefined {
    const slot = this.world.slots.get(`${kept} ${site.file}:${String(site.range[0])}`)
    return slot === undefined ? undefined : (this.read(slot) as Value | undefined)
  }

  /** Changes a binding of a module or what a request store holds: what later calls give may hang on it. */
  setShared(key: number, value: Value | Cell, state: State = this.state): void {
    if (!this.narrowing) this.changedOthers = true
    noteVersions(this, state, key, value)
    state.change(key, value)
  }

  /** Changes a binding or an object, whoever holds it. */
  write(key: number, value: Value | Cell, state: State = this.state): void {
    if (this.commons.has(key)) this.setShared(key, value, state)
    else state.set(key, value)
  }

  /** Keeps what a test has told of a binding or an object: nobody has changed it. */
  narrow(key: number, value: Value | Cell): void {
    const { state } = this
    const from = this.held(key)
    const version = state.versionOf(key)
    const changed = propertiesChanged(from, value) ?? []
    const properties = new Map(changed.map((property) => [property, state.versionOfProperty(key, property)]))
    this.narrowing = true
    this.write(key, value)
    this.narrowing = false
    if (from !== undefined && state.versionOf(key) !== version)
      this.memory.refined(value, { from, version, properties })
  }

  static bindingKey(env: Env, binding: number): number {
    return bindingKey(env.id, binding)
  }

  read(key: number): Value | Cell | undefined {
    this.commons.look(key)
    return this.held(key)
  }

  /** What is there; whoever asks says what of it he looked at. */
  held(key: number): Value | Cell | undefined {
    return this.state.get(key) ?? this.world.heap.get(key)
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
    const key = -this.memory.create()
    this.state.set(key, cell)
    return { t: 'object', cell: key, origins: from }
  }

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

  /** What was met while it was being computed, now that it can be told. */
  now(value: Value): Value {
    if (value.t === 'union')
      return value.of.some((part) => this.now(part) !== part) ? union(value.of.map((part) => this.now(part))) : value
    return value.t === 'unknown' && value.later ? (value.later.read(this) ?? value) : value
  }

  array(given: Value): ArrayCell | undefined {
    const value = this.now(given)
    if (value.t !== 'object') return undefined
    const cell = this.cell(value)
    return cell.t === 'array' ? cell : undefined
  }

  object(given: Value): ObjectCell | undefined {
    const value = this.now(given)
    if (value.t !== 'object') return undefined
    const cell = this.cell(value)
    return cell.t === 'object' ? cell : undefined
  }

  setCell(value: ObjectValue, cell: Cell): void {
    this.write(value.cell, cell)
  }

  classOf(value: Value): ClassValue | undefined {
    return this.kindOf(value)?.cls
  }

  /** What an object is, whatever its properties are. */
  kindOf(given: Value): Pick<ObjectCell, 'is' | 'cls' | 'status'> | undefined {
    const value = this.now(given)
    const cell = value.t === 'object' ? this.cellFor(value, others) : undefined
    return cell?.t === 'object' ? cell : undefined
  }

  /** Origins of a value and of everything it holds. */
  originsOf(value: Value, depth = 5): Origins {
    let found = shallowOrigins(value)
    if (depth === 0) return found
    for (const part of alternatives(value))
      for (const inner of this.partsOf(part, depth === 1)) found = merge(found, this.originsOf(inner, depth - 1))
    return found
  }

  /** Something in it is what the caller sent, and not what was found or made by means of it. */
  private holdsInput(value: Value, depth = 5): boolean {
    const { flags } = shallowOrigins(value)
    if ((flags & From.input) !== 0 && (flags & From.row) === 0) return true
    if (depth === 0) return false
    return alternatives(value).some((part) => this.partsOf(part).some((inner) => this.holdsInput(inner, depth - 1)))
  }

  /** What a value holds: items, properties, what a promise gives, what a condition or a query was given. */
  private partsOf(value: Value, forOrigins = false): readonly Value[] {
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

  originsOfAll(values: readonly Value[]): Origins {
    return values.map((value) => this.originsOf(value)).reduce(merge, noOrigins)
  }

  // --- paths ----------------------------------------------------------------------------------------------------------

  /** Runs alternatives from the present state and goes on with what they have in common. */
  split(paths: readonly (() => Value)[]): Value {
    const before = this.state
    const ends: State[] = []
    const values: Value[] = []
    for (const path of paths) {
      this.state = before.fork()
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
    return ends.length > 0 ? union(given.map((end) => end.value)) : undefinedValue
  }

  throw(value: Value): Value {
    if (this.state.alive) this.sink.thrown.push({ state: this.state, value })
    this.state = this.state.ended()
    return undefinedValue
  }

  /** A branch was taken because of who the caller is (not). */
  decide(from: Origins, site: Site, crash = false): Decision | undefined {
    const sources = sourcesOf(from)
    if (sources.length === 0) return undefined
    for (const source of sources) this.log.decided.add(source)
    const decision: Decision = {
      sources,
      site,
      stack: this.stack,
      lastWrite: this.state.lastWrite,
      ...(crash ? { crash } : {}),
    }
    this.state.decisions = [...this.state.decisions, decision]
    this.log.decisions.push(decision)
    return decision
  }

  /** Something does not run for this caller; the path goes on all the same. */
  barred(from: Origins, site: Site): void {
    const sources = sourcesOf(from)
    if (sources.length > 0) this.log.decisions.push({ sources, site, stack: this.stack, passing: true })
  }

  /** The decision ended the path. */
  denied(decision: Decision | undefined, stops = true): void {
    if (!decision || this.log.denials.includes(decision)) return
    this.log.denials.push(decision)
    if (stops) this.log.stops.add(decision)
  }

  /** A place that tells callers apart, with the functions that led there. */
  source(found: Source): Source {
    const known = this.log.sources.find(
      (s) =>
        s.site.file === found.site.file &&
        s.site.range[0] === found.site.range[0] &&
        s.site.range[1] === found.site.range[1],
    )
    askedForCache(this, known ?? found)
    if (known) this.commons.met.addSource(known, this.stack)
    if (known) return known
    const source = this.world.same(found)
    this.log.sources.push(source)
    this.log.stacks.set(source, this.stack)
    this.commons.met.addSource(source, this.stack)
    return source
  }

  /** The call refuses this caller by itself. */
  refuse(source: Source, site: Site, value: Value = undefinedValue): Value {
    this.denied(this.decide({ flags: 0, refs: [source] }, site))
    return this.throw(value)
  }

  doubt(ref: OpaqueRef): void {
    this.opaque(ref)
    if (this.state.doubts.some((doubt) => doubt.ref === ref)) this.commons.met.addDoubtAgain(ref)
    else this.state.doubts = [...this.state.doubts, { ref }]
  }

  /** Something could not be read. */
  opaque(ref: OpaqueRef): void {
    this.commons.met.addOpaque(ref)
    if (!this.log.opaque.includes(ref)) this.log.opaque.push(ref)
  }

  /** What decides for the caller at this place: a test of its answer may be the guard. */
  decider(name: string, reason: string, site: Site, asks?: Source): OpaqueRef {
    const known = this.log.opaque.find((ref) => ref.delegated && siteKey(ref.site) === siteKey(site))
    if (known) this.opaque(known)
    if (known) return known
    const ref = this.world.same<OpaqueRef>({
      t: 'opaque',
      name,
      reason,
      site,
      mayBeEffect: false,
      delegated: true,
      ...(asks ? { asks } : {}),
    })
    this.opaque(ref)
    return ref
  }

  note(cause: Cause | Leak, name: string, site: Site, more: Pick<Note, 'forgotten' | 'member'> = {}): void {
    const privilege = this.state.decisions.at(-1)?.sources.some(isPrivilege) ? { privilege: true } : {}
    const forgotten = more.forgotten ? { forgotten: true } : {}
    this.commons.met.addNote(`${cause} ${siteKey(site)}`, { cause, name, site, ...more, ...privilege, ...forgotten })
    const at = this.log.notes.findIndex(
      (n) => n.cause === cause && n.site.range[0] === site.range[0] && n.site.file === site.file,
    )
    if (at < 0) this.log.notes.push({ cause, name, site, ...more, ...privilege })
    else this.log.notes[at] = { ...this.log.notes[at]!, ...privilege, ...forgotten }
  }

  prove(proofs: readonly Proof[] | undefined): void {
    if (!proofs?.length) return
    const added = proofs.filter((proof) => !this.state.proofs.includes(proof))
    for (const proof of proofs) if (!added.includes(proof)) this.commons.met.addProofAgain(proof)
    if (added.length > 0) this.state.proofs = [...this.state.proofs, ...added]
  }

  // --- effects --------------------------------------------------------------------------------------------------------

  /** Records an effect, and gives the reference that its result carries. */
  effect(
    what: Pick<Effect, 'what' | 'kind' | 'write' | 'site'> &
      Partial<
        Pick<
          Effect,
          | 'model'
          | 'conditions'
          | 'reach'
          | 'inReach'
          | 'apart'
          | 'privileged'
          | 'rowLevel'
          | 'delegated'
          | 'asksItself'
          | 'takesInput'
          | 'carriesCaller'
          | 'countsOnly'
          | 'onlyRow'
          | 'registers'
          | 'byKey'
          | 'verb'
        >
      >,
    inputs: readonly Value[] = [],
    subjects?: readonly ArgPath[],
  ): ReadRef | undefined {
    if (!this.state.alive) return undefined
    const id = this.log.effects.length
    const given = this.originsOfAll(inputs).flags
    const deed = {
      privileged: false,
      fromInput: inputs.some((value) => this.holdsInput(value)),
      ofFailure: (given & From.failure) !== 0,
      ...what,
      ...(this.tracing && (!what.reach || what.reach.hidden) ? { handed: handedTo(this, inputs, subjects) } : {}),
    }
    const done = this.done({
      id,
      ...deed,
      stack: this.stack,
      doubts: this.state.doubts,
      proofs: this.state.proofs,
      denying: this.state.denying,
      proved: this.state.proved,
      exposed: 'no',
      deed: deedOf(this.world, deed, (value) => this.originsOf(value)),
    })
    if (done.write) this.state.lastWrite = id
    this.follows({ name: done.what, effect: done })
    return readOf(done)
  }

  /** Something is done, or the same again. @returns it, as it was when it was first done */
  done(effect: Effect): Effect {
    const { log, state } = this
    const done = log.reads.known(effect) ?? effect
    log.effects.push(done)
    if (state.denying !== 'no' && !state.denialEffects.includes(done.id))
      state.denialEffects = [...state.denialEffects, done.id]
    return done
  }

  /** A client of a service is made: what the running helper has done by now was done for it. */
  clientIsMade(): void {
    if (this.stack.at(-1)?.how !== 'call') return
    const { effects, reads } = this.log
    for (const effect of effects.slice(this.begun)) {
      // what was also done before is not done for it alone
      if (effect.id < this.begun || effect.forClient) continue
      reads.part(effect)
      effect.forClient = true
    }
  }

  /** What comes from there is part of a page. */
  render(from: Origins, given: readonly Proof[]): Origins {
    if (!this.tracing) return from
    const proofs = [...this.state.proofs, ...given]
    for (const ref of from.refs) {
      if (ref.t === 'read' && !ref.hint) this.log.rendered.push({ effect: ref.effect, proofs })
    }
    return from
  }

  /** The value is part of the answer that the caller gets. */
  answer(value: Value): void {
    this.expose(value, () => true)
  }

  /** The caller gets this error. What a service says of its own failure is in many; rows are in those that leak. */
  answerError(value: Value): void {
    this.expose(value, (kind) => kind === 'db')
  }

  private expose(value: Value, leaks: (kind: Effect['kind']) => boolean): void {
    this.noteColumns(value)
    for (const ref of this.originsOf(value, 8).refs) {
      if (ref.t !== 'read' || ref.effect.exposed === 'shown' || !leaks(ref.effect.kind)) continue
      ref.effect.exposed = ref.hint ? 'hinted' : 'shown'
    }
  }

  /** Which columns of what was read are in the answer: all of them where it is not told. */
  private noteColumns(value: Value, depth = 8, seen: Set<Value> = new Set()): void {
    if (seen.has(value)) return
    seen.add(value)
    for (const part of alternatives(value)) {
      if (depth > 0) for (const inner of this.partsOf(part)) this.noteColumns(inner, depth - 1, seen)
      // that something is absent tells nothing of what would be in it
      if (part.t === 'const') continue
      const column = part.t === 'unknown' && !/^(?:\d+|each)?$/.test(part.key ?? '') ? part.key! : '*'
      for (const ref of shallowOrigins(part).refs)
        if (ref.t === 'read') (ref.effect.shownColumns ??= new Set()).add(column)
    }
  }

  /** Every alternative of the answer is a denial: a response with a status of 400 and above, a redirect that was returned. */
  refuses(answer: Value): boolean {
    return alternatives(answer).every((part) => {
      const cell = this.kindOf(part)
      return (
        cell !== undefined &&
        (cell.is === 'denial' || (cell.is === 'response' && cell.status !== undefined && cell.status >= 300))
      )
    })
  }

  // --- calls ----------------------------------------------------------------------------------------------------------

  /** Nothing was done so far, asked of the caller, refused or changed that was there before. */
  get onlyComputed(): boolean {
    const { effects, notes, sources, decisions, opaque, credentials, unawaited, exhausted } = this.log
    const logged = [effects, notes, sources, decisions, opaque, credentials].some((list) => list.length > 0)
    const threw = !this.state.alive || this.sink.thrown.some(({ state }) => state.alive)
    return !logged && unawaited.size === 0 && exhausted === undefined && !threw && !this.changedOthers
  }

  site(range: Range): Site {
    return { file: this.frame?.file ?? '', range }
  }

  /** Runs a query that was not awaited yet. */
  settle(query: QueryValue): Value {
    return settle(this, query)
  }

  memberOf(object: Value, key: string): Value {
    return member(this, object, key, { file: this.frame?.file ?? '', range: [0, 0] })
  }

  identified(from: Origins): boolean {
    return hasSource(from)
  }
}
