/** The guards of an entry point, as people know them: the outermost function that asks for a test names the guard. */
import type { Proof } from '../../catalog/meaning.ts'
import type { Effect } from '../effects.ts'
import type { RunLog } from '../run-log.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import type { StackEntry } from '../code/frame.ts'
import { siteKey, type Site, type Source } from '../values/origins.ts'
import { anchorOf, calledBelow, helperOf, isAnchor } from './stacks.ts'

/** What refuses callers. */
export interface Guard {
  readonly name: string
  readonly site: Site
  readonly how: 'middleware' | 'global' | 'call' | 'inline' | 'wrapper' | 'delegated' | 'declared'
  readonly trust: 'verified' | 'catalogue' | 'declared'
  /** The calls that lead to it, from the entry point's or the middleware's own code inwards, and those that look the caller up. */
  readonly asked: readonly Site[]
  /** The tests that told callers apart. */
  readonly tests: readonly Site[]
}

function guardOf({ stack, sources, site }: Decision, log: RunLog): Guard {
  const source = sources[0]!
  const trust = source.trust === 'declared' ? 'declared' : 'verified'
  const asked = [...calledBelow(stack).map((entry) => entry.calledAt), ...sources.map((one) => one.site)]
  const about = { trust, asked, tests: [site] } as const
  const anchor = anchorOf(stack)
  if (anchor && anchor.how !== 'handler') {
    const how = anchor.how === 'global' ? 'global' : 'middleware'
    return { name: anchor.name || 'middleware', site: anchor.site, how, ...about }
  }
  const helper = helperOf(stack)
  if (helper) {
    const how = helper.how === 'wrapper' ? 'wrapper' : 'call'
    return { name: helper.name || source.name, site: helper.site, how, ...about }
  }
  return { name: nameOfSource(source, log), site, how: source.trust === 'declared' ? 'declared' : 'inline', ...about }
}

/** What it would be called if it refused. */
export const nameOfGuard = (decision: Decision, log: RunLog): string => guardOf(decision, log).name

/** What the entry point's own code asked: the helper that it called for it, else what tells the callers apart. */
export const nameOfSource = (source: Source, log: RunLog): string =>
  helperOf(log.stacks.get(source) ?? [])?.name || source.name

/** A middleware that finds nobody and goes on leaves it to what it runs, or to the next one, to refuse. */
export function thoseThatStop(decisions: readonly Decision[], { stops }: RunLog): readonly Decision[] {
  const stopping = decisions.filter((decision) => stops.has(decision) && isAboutCallers(decision))
  const goesOn = ({ stack }: Decision): boolean =>
    stopping.some(({ stack: inner }) => stack.every((entry, i) => entry === inner[i]) && isRunByIt(inner[stack.length]))
  const isRunByIt = (entry: StackEntry | undefined): boolean => entry !== undefined && isAnchor(entry)
  const isHandlers = ({ stack }: Decision): boolean => (anchorOf(stack)?.how ?? 'handler') === 'handler'
  if (stopping.length === 0) return decisions
  return decisions.filter((one) => (stops.has(one) || isHandlers(one)) && !goesOn(one))
}

/** Those that made these decisions, each once. Whom an environment lets in is a guard where nothing else is. */
export function guardsOf(decisions: readonly Decision[], log: RunLog): readonly Guard[] {
  const real = decisions.filter(isAboutCallers)
  const guards: Guard[] = []
  for (const decision of real.length > 0 ? real : decisions) {
    const guard = guardOf(decision, log)
    const known = guards.findIndex((other) => other.name === guard.name && other.site.file === guard.site.file)
    const other = guards[known]
    if (!other) guards.push(guard)
    else
      guards[known] = {
        ...other,
        asked: distinct([...other.asked, ...guard.asked]),
        tests: distinct([...other.tests, ...guard.tests]),
      }
  }
  return guards
}

const distinct = (sites: readonly Site[]): Site[] => [...new Map(sites.map((site) => [siteKey(site), site])).values()]

/** What the decisions prove of a caller who comes through, and what is proved wherever something is reached. */
export function proofsOf(decisions: readonly Decision[], reached: readonly Effect[]): readonly Proof[] {
  // whoever refuses those whom anonymous sign-in let in wants a user
  const identity = decisions.flatMap((decision) =>
    decision.sources.map(({ proof }: Source): Proof => (proof === 'anonymous-session' ? 'authenticated' : proof)),
  )
  const real = identity.filter((proof) => proof !== 'env-gate')
  // that something was found tells little, and to find it may be how it is proved
  const full = reached.filter((effect) => effect.write || effect.exposed !== 'hinted')
  const counted = full.length > 0 ? full : reached
  const everywhere =
    counted.length === 0
      ? []
      : counted.map((effect) => effect.proofs).reduce((all, proofs) => all.filter((proof) => proofs.includes(proof)))
  return [...new Set([...(real.length > 0 ? real : identity), ...everywhere])]
}
