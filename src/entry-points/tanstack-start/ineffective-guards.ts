/** Middleware that is to guard and stops nobody: found by running each alone, in front of something to protect. */
import { judge } from '../../analysis/judge.ts'
import { moduleForm } from '../../analysis/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import type { Site } from '../../analysis/origins.ts'
import type { Range } from '../../model/form.ts'
import type { Finding, IneffectiveGuard } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { clientOnlyNotes, middlewareOf } from './chain.ts'
import { anonymous, declaredMiddleware, type DeclaredMiddleware } from './declared-middleware.ts'
import { runAlone } from './guard-middleware.ts'

export const ineffectiveGuards = (request: FindingsRequest): Finding[] =>
  declaredMiddleware(request.world, request.file).flatMap((declared) => [
    ...replacedLists(request, declared),
    ...weakness(request, declared),
  ])

/** A denial is written, and it cannot work: whoever wrote it meant to guard. */
const evident: ReadonlySet<string> = new Set(['denialDropped', 'notAwaited', 'tooLate', 'secretUnset'])
/** It may be meant so: others may test what it found out. */
const questionable: ReadonlySet<string> = new Set(['resultIgnored', 'passesNull', 'swallowed', 'clientOnly'])

function weakness(request: FindingsRequest, { name, range, builder }: DeclaredMiddleware): Finding[] {
  const { world, file } = request
  const m = new Machine(world, anonymous)
  const chain = middlewareOf(m, builder, 'middleware')
  const own = chain.at(-1)
  if (!own) return []
  const judged = judge(
    world,
    (machine) => runAlone(machine, [...chain.slice(0, -1), { ...own, how: 'handler' }], builder.site),
    clientOnlyNotes(chain),
  )
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
  if (!evident.has(cause) && !isTakenForGuard(request, name, own.site)) return []
  return [found(cause, cause === 'clientOnly' ? range : causeSite.range, culprit)]
}

const isIneffective = (cause: string): cause is IneffectiveGuard => evident.has(cause) || questionable.has(cause)

const guardName =
  /auth|guard|protect|require|ensure|assert|admin|private|secure|verify|signed.?in|logged.?in|permission|role|member/i
const softName = /optional|maybe|soft|un-?auth|public|guest|anonymous|session|attach|context|token|header/i

/** It is called a guard, and somebody stands behind it whom nothing else guards. */
function isTakenForGuard({ usersOf }: FindingsRequest, name: string, site: Site): boolean {
  if (!guardName.test(name) || softName.test(name)) return false
  return usersOf(name, site).some(({ verdict }) => verdict === 'unguarded')
}

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
