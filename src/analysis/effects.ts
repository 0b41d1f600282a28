/** Operations on protected things, each with what was known of the caller when it was done. */
import type { ArgPath, Proof, QueryMeaning } from '../catalog/meaning.ts'
import { addAftermath } from './caller/aftermath.ts'
import type { Doubt } from './caller/doubts.ts'
import type { StackEntry } from './code/frame.ts'
import { handedTo, type Handed } from './library/handed.ts'
import type { ProvedName } from './queries/in-reach.ts'
import type { Machine } from './machine.ts'
import { From, readOf, type EffectKind, type ReadRef, type Site } from './values/origins.ts'
import type { Reach } from './queries/reach.ts'
import { deedOf } from './kept/same-reads.ts'
import type { State } from './state/state.ts'
import type { ConditionPair, Value } from './values/value.ts'
import type { ModelFacts } from './world.ts'

/** One of them: what it is, what is known of the caller by then, and what becomes of it. */
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
  /** It may write, and is called as if it only read. */
  readonly soundsHarmless?: boolean
  /** Somebody becomes a user by it. */
  readonly registers?: boolean
  /** A session is made of what the caller says of themselves. */
  readonly mints?: boolean
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
  /** Nobody can see what it does: it is given what the caller sent, or its name says that something changes. */
  readonly mayChange?: boolean
  /** It tells somebody of an error with which the function then ends. */
  reports?: boolean
  /** What it gave back was tested, and one answer ended what was being done. */
  decides?: boolean
  /** It was done on the way to a client that the same function then made. */
  forClient?: boolean
  /** What it is, in words, where it may be made again (`same-reads.ts`). */
  readonly deed?: string | undefined
  /** A denial followed on every path: set when the path ends. */
  denied?: boolean
}

/** What whoever does it can tell of it. */
type Told = Pick<Effect, 'what' | 'kind' | 'write' | 'site'> &
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
      | 'mayChange'
      | 'carriesCaller'
      | 'countsOnly'
      | 'onlyRow'
      | 'registers'
      | 'mints'
      | 'soundsHarmless'
      | 'byKey'
      | 'verb'
    >
  >

/** Records an effect, and gives the reference that its result carries. */
export function addEffect(
  m: Machine,
  told: Told,
  inputs: readonly Value[] = [],
  subjects?: readonly ArgPath[],
): ReadRef | undefined {
  if (!m.state.alive) return undefined
  const { heap } = m
  const id = m.log.effects.length
  const given = heap.originsOfAll(inputs).flags
  const deed = {
    privileged: false,
    fromInput: inputs.some((value) => heap.holdsInput(value)),
    ofFailure: (given & From.failure) !== 0,
    ...told,
    ...(m.tracing && (!told.reach || told.reach.hidden) ? { handed: handedTo(m, inputs, subjects) } : {}),
  }
  const { state } = m
  const done = logEffect(m, {
    id,
    ...deed,
    stack: m.stack,
    doubts: state.doubts,
    proofs: state.proofs,
    denying: state.denying,
    proved: state.proved,
    exposed: 'no',
    deed: deedOf(m.world, deed, (value) => heap.originsOf(value)),
  })
  if (done.write) state.lastWrite = id
  addAftermath(m, { name: done.what, effect: done })
  return readOf(done)
}

/** Something is done, or the same again. @returns it, as it was when it was first done */
export function logEffect({ log, state }: Machine, effect: Effect): Effect {
  const done = log.reads.known(effect) ?? effect
  log.effects.push(done)
  if (state.denying !== 'no' && !state.denialEffects.includes(done.id))
    state.denialEffects = [...state.denialEffects, done.id]
  return done
}

/** A client of a service is made: what the running helper has done by now was done for it. */
export function clientIsMade(m: Machine): void {
  if (m.stack.at(-1)?.how !== 'call') return
  const { effects, reads } = m.log
  for (const effect of effects.slice(m.begun)) {
    // what was also done before is not done for it alone
    if (effect.id < m.begun || effect.forClient) continue
    reads.part(effect)
    effect.forClient = true
  }
}
