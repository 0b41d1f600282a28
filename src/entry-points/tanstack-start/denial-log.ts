/** Shared guards that refuse callers and leave no trace of it: each is run alone, and what it does on the way of a refusal is looked at. */
import type { EntryRun } from '../../analysis/verdict/runs.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import type { Aftermath } from '../../analysis/caller/aftermath.ts'
import type { Persona } from '../../analysis/caller/persona.ts'
import { isAboutCallers, type Decision } from '../../analysis/caller/decisions.ts'
import { siteKey } from '../../analysis/values/origins.ts'
import type { Value } from '../../analysis/values/value.ts'
import { withPatience, type World } from '../../analysis/world.ts'
import type { Range } from '../../model/form.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { reachedWork, sharedGuards, stepsOfGuard, type SharedGuard } from '../shared-guards.ts'
import { middlewareOf, type Middleware } from './chain.ts'
import { anonymous, declaredMiddleware, signedIn } from './declared-middleware.ts'
import { globalMiddleware } from './global.ts'
import { runAlone } from './guard-middleware.ts'
import { isCalledDemand, isCalledGuard } from '../guard-names.ts'

interface Subject {
  readonly name: string
  readonly range: Range
  readonly run: EntryRun
  /** Behind what runs in front of every request, which may keep the record. */
  readonly behindGlobal?: EntryRun
}

const refused: readonly Persona[] = [
  { ...anonymous, recording: true },
  { ...signedIn, privileges: 'none', recording: true },
]

export function silentDenials(request: FindingsRequest): Finding[] {
  const { world, file } = request
  return subjects(request).flatMap(({ name, range, run, behindGlobal = run }): Finding[] => {
    if (!guards(world, run)) return []
    const stop = silent(request, run)
    if (!stop || !silent(request, behindGlobal)) return []
    return [
      {
        rule: 'require-denial-log',
        problem: 'silent',
        range,
        data: { name },
        ...(stop.site.file === file ? { repair: stop.site.range } : {}),
      },
    ]
  })
}

function subjects({ world, file, app }: FindingsRequest): Subject[] {
  const middleware = declaredMiddleware(world, file).flatMap(({ name, range, builder }): Subject[] => {
    const m = new Machine(world, anonymous)
    const chain = middlewareOf(m, builder, 'middleware')
    const own = chain.at(-1)
    if (!own?.server) return []
    const parts: Middleware[] = [...chain.slice(0, -1), { ...own, how: 'handler' }]
    return [
      {
        name,
        range,
        run: (machine) => runAlone(machine, parts, builder.site),
        behindGlobal: (machine) => {
          const global = globalMiddleware(machine, app.startFile)
          return runAlone(machine, [...global.request, ...global.function, ...parts], builder.site)
        },
      },
    ]
  })
  return [...middleware, ...guardsOf(world, file)]
}

/** What a file of server actions hands out is called from outside, and does what it is for. */
function guardsOf(world: World, file: string): readonly SharedGuard[] {
  if (moduleForm(new Machine(world, anonymous), file).functions[0]?.directives.includes('use server')) return []
  return sharedGuards(world, file).filter(({ name }) => isCalledGuard(name) || isCalledDemand(name))
}

/** It stops callers who proved nothing, and lets others through. */
function guards(world: World, run: EntryRun): boolean {
  const logOf = (persona: Persona): Machine['log'] => {
    const m = new Machine(withPatience(world, stepsOfGuard), persona)
    run(m)
    return m.log
  }
  const reaches = (log: Machine['log']): boolean => log.effects.some(({ what }) => what === reachedWork)
  const stopped = logOf(anonymous)
  if (![...stopped.stops].some(isAboutCallers) || stopped.exhausted || reaches(stopped)) return false
  return reaches(logOf(signedIn))
}

/** A refusal of which nothing is written down. */
function silent(request: FindingsRequest, run: EntryRun): Decision | undefined {
  for (const persona of refused) {
    const recorders = request.recorders(new Machine(request.world, persona))
    const m = new Machine(request.world, persona)
    run(m)
    const records = m.log.aftermath.filter((step) => isRecord(step) || recorders.some((one) => isSame(one, step)))
    const found = [...m.log.stops].find(
      (stop) =>
        isAboutCallers(stop) &&
        // what crashes for want of a test is said to do so
        !stop.crash &&
        isOwn(stop) &&
        !isOfAnother(request, stop) &&
        !records.some(({ decisions }) => decisions.some((decision) => decision.site === stop.site)),
    )
    if (found) return found
  }
  return undefined
}

/** Not one of another guard that stands in front. */
const isOwn = ({ stack }: Decision): boolean => stack.some(({ how }) => how === 'handler')

/** The function that refuses is shared as well: there it is said, once for all that call it. */
const isOfAnother = ({ world, ask }: FindingsRequest, { stack }: Decision): boolean =>
  stack
    .slice(stack.findLastIndex(({ how }) => how === 'handler') + 1)
    .some(({ site }) =>
      ask(`denial log\0${site.file}`, () => guardsOf(world, site.file)).some(
        (guard) => siteKey(guard.site) === siteKey(site),
      ),
    )

/** A name is no proof of anything; of what cannot be seen into it is enough to say nothing. */
const recording =
  /log|warn|error|info|debug|trace|fatal|audit|track|report|capture|record|event|notify|alert|metric|count/i

/** A call of a log, of an error tracker, or of what nobody can see into and is called so; a row that is added, something sent. */
function isRecord({ name, called, effect }: Aftermath): boolean {
  if (effect) return effect.write && effect.verb !== 'delete' && effect.verb !== 'update'
  if (called?.t === 'library') return recording.test(called.path.at(-1) ?? '')
  return called?.t === 'unknown' && recording.test(name)
}

function isSame(recorder: Value, { called }: Aftermath): boolean {
  if (recorder.t === 'function')
    return called?.t === 'function' && called.file === recorder.file && called.fn === recorder.fn
  if (recorder.t !== 'library' || called?.t !== 'library') return false
  return JSON.stringify([recorder.base, recorder.path]) === JSON.stringify([called.base, called.path])
}
