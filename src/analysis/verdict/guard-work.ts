/** What guards do for themselves on the way to a refusal: no work that a caller has reached. */
import { countModel, recordModel, snake } from '../../catalog/names.ts'
import type { Effect } from '../effects.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import type { Run } from './runs.ts'
import { anchorOf, belowEntry, isOfHandler } from './stacks.ts'

/**
 * What a guard does before it refuses: it refreshes a cache, counts an attempt, adds a note. Such work is done in the same
 * helper or middleware as the denial and takes nothing of the caller's input; or it is done on the way to the identity, in the
 * function below that helper which looks it up (it builds the client, fills the store of the settings).
 */
export function workOfGuards(run: Run): readonly Effect[] {
  const { stacks } = run.log
  // what refuses everybody in some environment is no guard that works for somebody
  const denials = run.log.denials.filter(isAboutCallers)
  const helpers = new Set(stoppingIn(run, denials).flatMap((denial) => belowEntry(denial.stack).slice(0, 1)))
  // nobody was let through: what was noted on the way is the refusal's
  const records = run.reached.filter(
    (effect) =>
      !run.answered && denials.length > 0 && effect.write && recordModel.test(snake(effect.model?.name ?? '')),
  )
  // a helper that looks whether the caller is known, and leaves it to others to refuse, keeps what it needs for that
  const asking = new Set(
    denials.flatMap((denial) => denial.sources.flatMap((source) => belowEntry(stacks.get(source) ?? []).slice(0, 1))),
  )
  if (helpers.size === 0 && asking.size === 0) return records
  const identities = [
    ...denials.flatMap((denial) => denial.sources),
    ...run.log.sources.filter((source) => source.proof === 'anonymous-session'),
  ]
  const lookups = new Set(
    identities
      .map((source) => belowEntry(stacks.get(source) ?? []))
      .filter((path) => path.length >= 2)
      .map((path) => path.slice(0, 2).join('>')),
  )
  const wrapped = denials.some(isOfHandler)
  return run.reached.filter((effect) => {
    if (records.includes(effect)) return true
    // what runs in front of every request is the application's work, not this entry point's
    if ((effect.kind === 'unknown' || !effect.write) && anchorOf(effect.stack)?.how === 'global') return true
    if (isReport(effect) && (anchorOf(effect.stack)?.how === 'middleware' || (wrapped && !isOfHandler(effect))))
      return true
    const path = belowEntry(effect.stack)
    if (asking.has(path[0] ?? '') && isCache(effect)) return true
    if (!helpers.has(path[0] ?? '')) return false
    if (path.length > 2 && lookups.has(path.slice(0, 2).join('>'))) return true
    return (
      !effect.fromInput && (effect.kind === 'unknown' || (effect.kind === 'db' && (!effect.write || isUpkeep(effect))))
    )
  })
}

/**
 * Those that stopped the request, and those whose answer made the code around their helper end its own way. What asks who is
 * calling, and goes on whoever it is, is no guard.
 */
function stoppingIn({ answered, log: { stops } }: Run, denials: readonly Decision[]): readonly Decision[] {
  if (!answered && stops.size === 0) return denials
  const helperOf = ({ stack }: Decision): string | undefined => belowEntry(stack)[0]
  const ends = (other: Decision, denial: Decision): boolean =>
    (stops.has(other) || helperOf(other) !== helperOf(denial)) &&
    other.sources.some((source) => denial.sources.includes(source))
  return denials.filter((denial) => denials.some((other) => ends(other, denial)))
}

/** A note that is added, sessions that have run out, attempts that are counted, a cache: any other write changes what is there. */
const isUpkeep = (effect: Effect): boolean =>
  effect.verb === 'insert' ||
  effect.model?.session === true ||
  isCache(effect) ||
  countModel.test(snake(effect.model?.name ?? ''))

/** What is kept under a key for the next time. */
export const isCache = (effect: Effect): boolean =>
  effect.byKey === true && effect.exposed === 'no' && !effect.fromInput

/** Middleware and wrappers stand around many entry points: they tell a service of the call, with nothing of what was sent. */
const isReport = (effect: Effect): boolean =>
  (effect.kind === 'http' || effect.kind === 'other') && !effect.fromInput && effect.exposed === 'no'
