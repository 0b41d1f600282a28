/**
 * Trials: a function is run as somebody who may do all there is to do, and was sent none of the keys that are kept. What it
 * puts under a key shows whether it does so for everybody, or only once something was found by that very key: what is kept
 * there already, or a row that is found by nobody who was not sent the key.
 *
 * So a cache in front of a table of sessions holds what the table holds, and a session that is extended was there before.
 */
import type { FunctionId } from '../../model/form.ts'
import { callFunction } from '../code/function-calls.ts'
import { detachedFunction, moduleForm } from '../code/module-values.ts'
import { Machine } from '../machine.ts'
import { newLog } from '../run-log.ts'
import { From, origins, siteKey, type Site } from '../values/origins.ts'
import { unknown, type Hole, type Value } from '../values/value.ts'
import { withPatience } from '../world.ts'

/** A place in a store: the part of it that holds no other keys, and how the key is worded (`wording.ts`). */
export interface KeyPlace {
  readonly store: string
  readonly words: string
}

/** A key that a run has come to. */
export interface MetKey extends KeyPlace {
  readonly holes: readonly Hole[]
}

export interface Trial {
  /** What was put under keys. */
  readonly puts: { readonly site: string; readonly key: MetKey }[]
  /** Nothing is found by it. */
  readonly unknownKey?: MetKey
  /** No row is, at least. */
  readonly by?: 'rows' | undefined
}

/**
 * Whether a function puts something under its key at that place only behind a proof about the same key.
 *
 * @param shown what whoever looks under such a key shows of it: they are who has to prove it
 */
export function putsOnlyWhatIsFound(
  m: Machine,
  file: string,
  fn: FunctionId,
  at: Site,
  shown: MetKey,
  by?: 'rows',
): boolean {
  const key = `trial ${by ?? ''} ${file}\0${String(fn)}\0${siteKey(at)}\0${shown.store}\0${shown.words}\0${shown.holes.map(({ flags }) => flags).join()}`
  const known = m.world.trials.get(key)
  if (known !== undefined) return known
  // what is tried while it is tried proves nothing
  m.world.trials.set(key, false)
  const proved = isProvedThere(m, file, fn, siteKey(at), shown, by)
  m.world.trials.set(key, proved)
  return proved
}

function isProvedThere(
  m: Machine,
  file: string,
  fn: FunctionId,
  site: string,
  shown: MetKey,
  by: 'rows' | undefined,
): boolean {
  const puts = tried(m, file, fn)?.filter((put) => put.site === site && isLike(put.key, shown)) ?? []
  if (puts.length === 0) return false
  return puts.every(({ key: { holes } }) => {
    if (holes.some(({ made }) => made === undefined)) return false
    // whoever looks there shows each part in their own way
    const unknownKey = { ...shown, holes: holes.map((hole, i) => ({ ...hole, flags: shown.holes[i]!.flags })) }
    const left = tried(m, file, fn, { unknownKey, by })
    return left?.some((put) => put.site === site && isLike(put.key, shown)) === false
  })
}

const isLike = (key: MetKey, other: MetKey): boolean =>
  key.store === other.store && key.words === other.words && key.holes.length === other.holes.length

/** @returns what it puts under keys; undefined where it does more than can be followed */
function tried(m: Machine, file: string, fn: FunctionId, asked: Omit<Trial, 'puts'> = {}): Trial['puts'] | undefined {
  const trial: Trial = { puts: [], ...asked }
  const { environment } = m.persona
  const persona = { kind: 'signed-in', environment, variables: 'set', recording: true, trial } as const
  const inner = new Machine(withPatience(m.world), persona, newLog())
  const params = moduleForm(m, file).functions[fn]?.params ?? []
  const args = params.map((_, i): Value => unknown(origins(From.input), { nullish: 'no', made: `#${String(i)}` }))
  callFunction(inner, detachedFunction(inner, file, fn), args, { file, range: [0, 0] }, { awaited: true })
  return inner.log.exhausted ? undefined : trial.puts
}

/** Nothing is kept under the key: it is the one that nobody knows. */
export const isUnknownKey = (m: Machine, key: MetKey): boolean => {
  const { unknownKey, by } = m.persona.trial ?? {}
  return unknownKey !== undefined && by === undefined && isLike(key, unknownKey) && key.holes.every(isSame(unknownKey))
}

const isSame =
  ({ holes }: MetKey) =>
  (hole: Hole, i: number): boolean =>
    hole.made !== undefined && hole.made === holes[i]?.made

/** What somebody shows of a value who looks for what is kept under the key that it is part of. */
export const shownAs = (m: Machine, value: Value): number | undefined =>
  value.t === 'unknown' && value.made !== undefined
    ? m.persona.trial?.unknownKey?.holes.find(({ made }) => made === value.made)?.flags
    : undefined
