/** Shared guards that stop nobody: middleware, helpers and wrappers, found by running each alone, in front of something to protect. */
import { judge, type Judgement } from '../../analysis/verdict/judge.ts'
import type { EntryRun } from '../../analysis/verdict/runs.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import { withPatience } from '../../analysis/world.ts'
import type { Range } from '../../model/form.ts'
import type { Finding, IneffectiveGuard } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { sharedGuards, stepsOfGuard, type SharedGuard } from '../shared-guards.ts'
import { walk } from '../walk.ts'
import { clientOnlyNotes, middlewareOf } from './chain.ts'
import { anonymous, declaredMiddleware, type DeclaredMiddleware } from './declared-middleware.ts'
import { runAlone } from './guard-middleware.ts'
import { isCalledGuard } from '../guard-names.ts'

export const ineffectiveGuards = (request: FindingsRequest): Finding[] => [
  ...declaredMiddleware(request.world, request.file).flatMap((declared) => [
    ...replacedLists(request, declared),
    ...weakMiddleware(request, declared),
  ]),
  ...sharedGuards(request.world, request.file).flatMap((guard) => weakFunction(request, guard)),
]

/** A denial is written, and it cannot work: whoever wrote it meant to guard. */
const evident: ReadonlySet<string> = new Set(['denialDropped', 'notAwaited', 'tooLate', 'secretUnset', 'crashOnly'])
/** It may be meant so: others may test what it found out. */
const questionable: ReadonlySet<string> = new Set(['resultIgnored', 'passesNull', 'swallowed', 'clientOnly'])

interface Subject {
  readonly name: string
  readonly range: Range
  /** It is there to guard somebody whom nothing else guards. */
  readonly isNeeded: () => boolean
}

function weakMiddleware(request: FindingsRequest, { name, range, builder }: DeclaredMiddleware): Finding[] {
  const m = new Machine(request.world, anonymous)
  const chain = middlewareOf(m, builder, 'middleware')
  const own = chain.at(-1)
  if (!own) return []
  const run: EntryRun = (machine) =>
    runAlone(machine, [...chain.slice(0, -1), { ...own, how: 'handler' }], builder.site)
  const isNeeded = (): boolean => request.usersOf(name, own.site).some(({ verdict }) => verdict === 'unguarded')
  return weakness(request.file, { name, range, isNeeded }, judge(request.world, run, clientOnlyNotes(chain)))
}

/** A helper that is not called a guard and that takes longer is somebody's work. */
const stepsOfHelper = 4_000

function weakFunction(request: FindingsRequest, { name, range, wraps, run }: SharedGuard): Finding[] {
  const isNeeded = (): boolean =>
    request.callersOf(name).some(({ verdict, culprit }) => verdict === 'unguarded' && culprit === name)
  const means = wraps || isCalledGuard(name)
  const judged = judge(withPatience(request.world, means ? stepsOfGuard : stepsOfHelper), run)
  // a function that lets everybody pass need not be there to stop anybody, unless it says so
  if (judged.verdict !== 'guarded' && !means && judged.cause !== 'denialDropped') return []
  // a helper has done its own work by then, and what it guards is still to come
  return judged.cause === 'tooLate' && !wraps ? [] : weakness(request.file, { name, range, isNeeded }, judged)
}

function weakness(file: string, { name, range, isNeeded }: Subject, judged: Judgement): Finding[] {
  const { cause, causeSite, culprit = '' } = judged
  const found = (problem: IneffectiveGuard, at: Range, called: string): Finding => ({
    rule: 'no-ineffective-guard',
    problem,
    range: at,
    data: { name, culprit: called },
  })
  if (judged.verdict === 'guarded')
    return (judged.lost ?? [])
      .filter(({ site }) => site.file === file)
      .flatMap((lost) => (isIneffective(lost.cause) ? [found(lost.cause, lost.site.range, lost.name)] : []))
  if (judged.switchedBy) {
    const { name: variable, site } = judged.switchedBy
    return site.file === file ? [found('switchedOff', site.range, variable)] : []
  }
  if (judged.verdict !== 'unguarded' || !cause || !isIneffective(cause) || causeSite?.file !== file) return []
  if (!evident.has(cause) && !(isCalledGuard(name) && isNeeded())) return []
  return [found(cause, cause === 'clientOnly' ? range : causeSite.range, culprit)]
}

const isIneffective = (cause: string): cause is IneffectiveGuard => evident.has(cause) || questionable.has(cause)

/** On a middleware each `.middleware()` replaces the one before (claim 23). */
function replacedLists({ world, file }: FindingsRequest, { name, builder }: DeclaredMiddleware): Finding[] {
  const calls = builder.calls.filter(({ method }) => method === 'middleware')
  if (calls.length < 2) return []
  const listOf = new Map<number, Range>()
  walk(moduleForm(new Machine(world, anonymous), file), (e) => {
    if (e.t === 'call' && e.args[0]) listOf.set(e.range[1], e.args[0].range)
  })
  return calls.slice(0, -1).flatMap((call): Finding[] => {
    const lost = call.site.file === file ? listOf.get(call.site.range[1]) : undefined
    return lost ? [{ rule: 'no-ineffective-guard', problem: 'replaced', range: lost, data: { name, culprit: '' } }] : []
  })
}
