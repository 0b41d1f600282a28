/** What all runs over one project share: modules, catalogue, module values, and what the framework's builders do. */
import type { Catalog } from '../catalog/index.ts'
import type { BindingId, ModuleForm, Stmt, Expr, FunctionId } from '../model/form.ts'
import { Lessons } from './caller/insistence.ts'
import type { KeyedPut } from './queries/minted.ts'
import type { Modules } from './code/modules.ts'
import type { Machine } from './machine.ts'
import type { Fill } from './queries/one-time.ts'
import type { OpaqueRef, Origins, Site, Source } from './values/origins.ts'
import type { Schema } from './queries/schema.ts'
import { newSummaries, type Summaries } from './kept/summaries.ts'
import { interning, numbering, versioning } from './values/interning.ts'
import type { BuilderValue, Cell, Env, QueryValue, Value } from './values/value.ts'

/** What a framework's builder does when it is called, or has a member that is more than a recorded call. */
export interface BuilderBehaviour {
  /** The finished builder is called like a function (a server function used as a helper). */
  readonly call?: (
    machine: Machine,
    builder: BuilderValue,
    args: readonly Value[],
    site: Site,
    awaited: boolean,
  ) => Value
  /** A method that hands out something else than the same builder with one more recorded call. */
  readonly methods?: Readonly<
    Record<string, (machine: Machine, builder: BuilderValue, args: readonly Value[], site: Site) => Value | undefined>
  >
}

export interface ModelFacts {
  /** As users call it: the table or model name. */
  readonly name: string
  /** Rows belong to a user or a tenant, hold secrets, or nothing is known about them. */
  readonly owned: boolean
  readonly tenantKeys: readonly string[]
  readonly ownerKeys: readonly string[]
  /** Columns whose value proves possession: tokens, hashes, keys. */
  readonly secretColumns: readonly string[]
  /** Keys that the application makes up, and no database counts. */
  readonly madeUpKeys: readonly string[]
  /** Rows hold until a time; rows say that they were used. */
  readonly expires: boolean
  readonly spent: boolean
  /** Rows stand for sessions or credentials: an expiry and a principal. */
  readonly session: boolean
}

export interface World {
  readonly modules: Modules
  readonly catalog: Catalog
  readonly behaviours: ReadonlyMap<string, BuilderBehaviour>
  /** Facts about the model that a query touches. */
  readonly modelOf: (machine: Machine, query: QueryValue) => ModelFacts
  /** Whose rows the models are that the code of a file can reach. */
  readonly schemaFor: (file: string) => Schema | undefined
  /** Values that hold the caller's own tenant by what the project says, as they are written in the code of a file. */
  readonly provedIn?: (file: string) => readonly string[]
  /** Guards that the policy file declares, by resolved file (or package) and exported name. */
  readonly declared: (fileOrPackage: string, name: string) => DeclaredGuard | undefined
  /** The value that stands for a declared guard: calling it does what the policy file says. */
  readonly declaredGuardValue: (guard: DeclaredGuard, site: Site) => Value
  /** The package that describes an instance of the catalogue: its operators are given to callbacks. */
  readonly packageOf: (instance: string) => string | undefined
  /** The package that an import stands for whose file is generated at build time and is not there. */
  readonly generated: (name: string) => string | undefined
  /** The schema that the code of a file queries has an enum with that value: what is generated of it exports the two. */
  readonly hasEnumValue?: (file: string, name: string, value: string) => boolean
  readonly exists: (file: string) => boolean
  readonly heap: Map<number, Value | Cell>
  readonly moduleValues: Map<string, Value>
  readonly computing: Computing
  /** Which modules, and which of these values, are not there because the module throws while it is loaded without variables. */
  readonly unloadable: Map<string, boolean>
  /** What is learnt on the way of the variables that the application insists on. */
  readonly lessons: Lessons
  readonly moduleEnvs: Map<string, Env>
  /** The numbers of all that ever were one of these. */
  readonly moduleActivations: Set<number>
  readonly forms: Map<string, ModuleForm>
  readonly summaries: Summaries
  /** What a run may cost, where that is not the usual (`effort.ts`). */
  readonly patience?: number | undefined
  /** Calls that take more steps are kept, where that is not the usual (`followed-calls.ts`). */
  readonly keepsFrom?: number
  /** The same code gives something else there than on the server: its summaries are its own. */
  readonly side?: 'browser'
  /** Recursions that only compute, and of what besides their arguments; null for others: see `recursion.ts`. */
  readonly computes: Map<string, Origins | null>
  /** A number for a reference, the same whenever it is asked. */
  readonly refId: (ref: object) => number
  /** The keys of what is kept outside of bindings and objects: see `Heap.slot`. */
  readonly slots: Map<string, number>
  /** Versions of what modules and request stores hold: see `State.versionOf`. */
  readonly version: (words: string) => number
  /** The same object for what is met at the same place, in whatever run. */
  readonly same: <T extends Source | OpaqueRef>(found: T) => T
  readonly indexes: Map<string, ModuleIndex>
  /** Where each module puts something under keys of stores: see `minted.ts`. */
  readonly puts: Map<string, readonly KeyedPut[]>
  /** Which keys are minted, and which functions put under them only what is found: see `minted.ts`, `trial.ts`. */
  readonly trials: Map<string, boolean | undefined>
  /** What each module fills columns with: see `one-time.ts`. */
  readonly fills: Map<string, readonly Fill[]>
  /** Numbers for activations and cells, growing over all runs. */
  readonly ids: { next: number }
  /** A server of the application's own sees every request before the framework does. */
  readonly hasOwnServer: (file: string) => boolean
  /** Something in the application of this file calls a method of that name. */
  readonly callsSomewhere: (file: string, method: string) => boolean
}

/** Which values of modules are being computed: a cycle of imports leads back into it. */
export interface Computing {
  /** From the outermost inwards. */
  readonly keys: string[]
  /** The outermost of them that was used before it was there; Infinity when none was. */
  usedEarly: number
  /** How many questions are open whose answer is taken for granted meanwhile. */
  granted: number
  /** How often each was computed and not kept. */
  readonly again: Map<string, number>
}

/** The same project, for runs that may cost so much; as much as usual where nothing is said. */
export const withPatience = (world: World, patience?: number): World =>
  world.patience === patience ? world : { ...world, patience }

/** What runs have found out so far, and keep for those that come later. */
export type Kept = Pick<
  World,
  | 'heap'
  | 'moduleValues'
  | 'computing'
  | 'unloadable'
  | 'lessons'
  | 'moduleEnvs'
  | 'moduleActivations'
  | 'indexes'
  | 'puts'
  | 'fills'
  | 'trials'
  | 'forms'
  | 'summaries'
  | 'computes'
  | 'refId'
  | 'ids'
  | 'slots'
  | 'version'
  | 'same'
>

/** Nothing, before the first run. */
export const nothingKept = (): Kept => ({
  heap: new Map(),
  moduleValues: new Map(),
  computing: { keys: [], usedEarly: Infinity, granted: 0, again: new Map() },
  unloadable: new Map(),
  lessons: new Lessons(),
  moduleEnvs: new Map(),
  moduleActivations: new Set(),
  indexes: new Map(),
  puts: new Map(),
  fills: new Map(),
  trials: new Map(),
  forms: new Map(),
  summaries: newSummaries(),
  computes: new Map(),
  refId: numbering(),
  ids: { next: 0 },
  slots: new Map(),
  version: versioning(),
  same: interning(),
})

export interface DeclaredGuard {
  readonly name: string
  readonly proves: readonly string[]
  readonly denies: 'throws' | 'returns' | 'result'
}

/** Where a module's bindings get their values: computed once for each module. */
export interface ModuleIndex {
  readonly declared: ReadonlyMap<BindingId, Extract<Stmt, { t: 'declare' }>>
  /** Assignments to module bindings, wherever they stand. */
  readonly assigned: ReadonlyMap<BindingId, readonly { readonly value: Expr; readonly fn: FunctionId }[]>
  /** Assignments to properties, by property name. */
  readonly kept: ReadonlyMap<string, readonly { readonly value: Expr; readonly fn: FunctionId }[]>
  /** Statements of the module's body that may change what a binding of its own holds: `clients.set('main', db)`. */
  readonly changes: ReadonlyMap<BindingId, readonly Stmt[]>
  /** Slots that each function fills itself (`memo[key] = …`, `cache.set(key, …)`): see `slotOf`. */
  readonly slots: ReadonlyMap<FunctionId, ReadonlySet<string>>
  readonly form: ModuleForm
}
