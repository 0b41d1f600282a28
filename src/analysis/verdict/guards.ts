/** The guards of an entry point, as people know them: the outermost function that asks for a test names the guard. */
import type { RunLog } from '../run-log.ts'
import { isAboutCallers, type Decision } from '../caller/decisions.ts'
import { isAnchor, type StackEntry } from '../code/frame.ts'
import { siteKey, type Site, type Source } from '../values/origins.ts'
import { anchorOf, calledBelow, helperOf } from './stacks.ts'

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
  /** Where it refuses, and the function that does. */
  readonly refusal?: { readonly site: Site; readonly name: string }
}

function guardOf({ stack, sources, site, asked: lookedUp }: Decision, log: RunLog): Guard {
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
  return {
    name: nameOfSource(source, log, lookedUp),
    site,
    how: source.trust === 'declared' ? 'declared' : 'inline',
    ...about,
  }
}

/** What it would be called if it refused. */
export const nameOfGuard = (decision: Decision, log: RunLog): string => guardOf(decision, log).name

/** What the entry point's own code asked: the helper that it called for it, else what tells the callers apart. */
export const nameOfSource = (
  source: Source,
  log: RunLog,
  asked: readonly StackEntry[] | undefined = log.stacks.get(source),
): string => helperOf(asked ?? [])?.name || source.name

/** Decisions that are not beside the work; and those of them that were denials. */
interface Told {
  readonly decisions: readonly Decision[]
  readonly denials: readonly Decision[]
}

/** The request ended there. */
const isEnd = (decision: Decision, { stops, refusals }: RunLog): boolean =>
  stops.has(decision) || refusals.has(decision)

/**
 * Those that ended the request, with the lookups that they ask about. A helper that finds nobody and goes on is no guard, nor
 * is a middleware that leaves it to what it runs, or to the next one, to refuse. Where nothing ended, what was left out for
 * this caller was left out by the entry point's own tests.
 */
export function thoseThatStop({ decisions, denials }: Told, log: RunLog): readonly Decision[] {
  const stopping = decisions.filter((one) => isEnd(one, log) && isAboutCallers(one))
  const goesOn = ({ stack }: Decision): boolean =>
    stopping.some(({ stack: inner }) => stack.every((entry, i) => entry === inner[i]) && isRunByIt(inner[stack.length]))
  const isRunByIt = (entry: StackEntry | undefined): boolean => entry !== undefined && isAnchor(entry)
  const isOwn = ({ stack }: Decision): boolean => helperOf(stack) === undefined
  const left = decisions.filter((one) => isOwn(one) && isAboutCallers(one))
  const found = stopping.length > 0 ? stopping.filter((one) => !goesOn(one)) : left
  const all = denials.length > 0 ? denials : decisions
  if (found.length === 0) return all
  const names = new Set(found.map((one) => nameOfGuard(one, log)))
  const isLookup = (one: Decision): boolean =>
    all.includes(one) && !isOwn(one) && !goesOn(one) && names.has(nameOfGuard(one, log))
  return decisions.filter((one) => found.includes(one) || isLookup(one))
}

/** Those that made these decisions, each once. Whom an environment lets in is a guard where nothing else is. */
export function guardsOf(decisions: readonly Decision[], log: RunLog): readonly Guard[] {
  const real = decisions.filter(isAboutCallers)
  const guards: Guard[] = []
  for (const decision of real.length > 0 ? real : decisions) {
    const guard: Guard = { ...guardOf(decision, log), ...refusalOf(decision, log) }
    const known = guards.findIndex((other) => other.name === guard.name && other.site.file === guard.site.file)
    const other = guards[known]
    if (!other) guards.push(guard)
    else
      guards[known] = {
        ...other,
        asked: distinct([...other.asked, ...guard.asked]),
        tests: distinct([...other.tests, ...guard.tests]),
        ...(other.refusal ? {} : guard.refusal ? { refusal: guard.refusal } : {}),
      }
  }
  return guards
}

const refusalOf = (decision: Decision, log: RunLog): Pick<Guard, 'refusal'> =>
  isEnd(decision, log)
    ? { refusal: { site: decision.site, name: helperOf(decision.stack) ? decision.stack.at(-1)!.name : '' } }
    : {}

const distinct = (sites: readonly Site[]): Site[] => [...new Map(sites.map((site) => [siteKey(site), site])).values()]
