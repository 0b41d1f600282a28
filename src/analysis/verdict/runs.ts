/** Runs of an entry point, each as one kind of caller: which effects that caller reaches, and whether it gets an answer. */
import type { Proof } from '../../catalog/meaning.ts'
import { Machine } from '../machine.ts'
import type { Effect } from '../effects.ts'
import type { Persona } from '../caller/persona.ts'
import type { RunLog } from '../run-log.ts'
import { wasAsked } from '../library/vouching.ts'
import { showAnswer, showError } from '../caller/shown.ts'
import { isRefusal } from '../caller/decisions.ts'
import { countModel, snake } from '../../catalog/names.ts'
import { callerChosen, From, isOwn } from '../values/origins.ts'
import { shallowOrigins, type Value } from '../values/value.ts'
import type { World } from '../world.ts'

/** Runs the entry point on the machine and gives its answer. */
export type EntryRun = (m: Machine) => Value

/** What came of it. */
export interface Run {
  readonly persona: Persona
  readonly log: RunLog
  /** Some path came to an ordinary end: not a throw, not a response that refuses. */
  readonly answered: boolean
  /** What is proved of whoever gets an answer. */
  readonly proofs: readonly Proof[]
  /** What is answered says who the caller is. */
  readonly own: boolean
  /** It was made with what only the server knows: a signature over the caller's id. */
  readonly secret: boolean
  readonly reached: readonly Effect[]
}

/** Whoever asks, having proved nothing. */
export const anonymous: Persona = { kind: 'anonymous', environment: 'production' }

/** The same, where anonymous sign-in hands sessions out: one who has just got one, and has no rows so far. */
export const newcomer: Persona = { ...anonymous, fresh: true }

/** Somebody with a session, and with whatever role or permission is asked for. */
export const signedIn: Persona = { kind: 'signed-in', environment: 'production' }

/** The same where the application is developed: for what refuses everybody elsewhere. */
export const developer: Persona = { kind: 'signed-in', environment: 'development' }

/** Somebody with a session and nothing else. */
export const unprivileged: Persona = { ...signedIn, privileges: 'none' }

/** Runs it as this caller. */
export function perform(world: World, persona: Persona, run: EntryRun): Run {
  const m = new Machine(world, persona)
  const answer = run(m)
  showAnswer(m, answer)
  // the message of an error reaches the caller as well
  const answered = m.state
  for (const thrown of m.sink.thrown) {
    m.state = thrown.state
    showError(m, thrown.value)
  }
  m.state = answered
  const promoted = new Set(m.state.alive ? m.state.denialEffects : [])
  const reached = [...new Set(m.log.effects)].filter(
    (effect) =>
      !effect.proved &&
      effect.reports !== true &&
      !isSetUp(effect) &&
      !(effect.mints && wasAsked(m.log, effect)) &&
      !isCount(effect) &&
      (effect.denying === 'no' || (promoted.has(effect.id) && !isRecord(effect))) &&
      (effect.write ||
        effect.exposed !== 'no' ||
        effect.mayChange === true ||
        (effect.kind !== 'db' && effect.kind !== 'unknown' && !isQuiet(effect))),
  )
  const from = m.heap.originsOf(answer, 8)
  return {
    persona,
    log: m.log,
    reached,
    answered: m.state.alive && !isRefusal(m, answer),
    proofs: m.state.alive ? m.state.proofs : [],
    own: isOwn(from),
    secret: (from.flags & (From.secret | From.setting)) !== 0,
  }
}

/** What a client needs to be made (its settings, what it finds out of a service) is done for all who come later. */
const isSetUp = ({ forClient, kind, byKey, fromInput, mayChange, exposed }: Effect): boolean =>
  forClient === true &&
  (byKey === true || kind === 'http' || kind === 'other' || kind === 'unknown') &&
  !fromInput &&
  mayChange !== true &&
  exposed === 'no'

/** How often somebody has come is counted, and the count tested, to refuse those who come too often, whoever they are. */
const isCount = ({ write, decides, model }: Effect): boolean =>
  write && decides === true && countModel.test(snake(model?.name ?? ''))

/** A note of the denial, taken where it was caught; what is read there and answered is work. */
const isRecord = (effect: Effect): boolean =>
  effect.denying === 'caught' && effect.exposed === 'no' && (effect.ofFailure || (effect.write && !effect.fromInput))

/** Reads that matter only when what they give leaves the server. */
const isQuiet = (effect: Effect): boolean =>
  !effect.write &&
  (effect.kind === 'http' || effect.kind === 'identity' || effect.kind === 'storage' || effect.kind === 'secret')

/** What a session lookup does itself (its rows, and the row of the user whom it names) is no work for the caller. */
export function performSignedIn(world: World, persona: Persona, run: EntryRun): Run {
  const all = perform(world, persona, run)
  return { ...all, reached: all.reached.filter((effect) => !isSessionLookup(effect)) }
}

function isSessionLookup(effect: Effect): boolean {
  return (effect.conditions ?? []).some((pair) => {
    const from = shallowOrigins(pair.value)
    const { flags } = from
    if ((flags & From.principal) !== 0 && !isOwn(from)) return false
    // what the caller wants to have written there is no part of it
    const isAsked = effect.write && effect.fromInput
    if (effect.model?.session && !isAsked && (flags & (From.principal | From.cookie | From.header)) !== 0) return true
    return (
      !effect.write &&
      pair.op === 'eq' &&
      pair.column === 'id' &&
      (flags & From.principal) !== 0 &&
      (flags & callerChosen) === 0
    )
  })
}

/**
 * Runs it as an anonymous caller where no variable is set, but for those that the application insists on. Which these are is
 * learnt on the way: then it is run again with these.
 */
export function performWithoutVariables(world: World, run: EntryRun, on: ReadonlySet<string> = new Set()): Run {
  const { lessons } = world
  const before = lessons.now
  const first = perform(world, { ...anonymous, variables: 'unset', insistence: lessons.insistenceOn(on) }, run)
  const all = new Set([...on, ...lessons.since(before)])
  lessons.forget(before)
  return all.size === on.size ? first : performWithoutVariables(world, run, all)
}
