/** Routes that check the caller while the server functions that they call are open. */
import { Machine } from '../../analysis/machine.ts'
import type { Site } from '../../analysis/origins.ts'
import type { BuilderValue } from '../../analysis/value.ts'
import type { FileFacts, Verdict } from '../../verdicts.ts'
import type { OpenFunction, RouteReport } from '../../model/report.ts'
import type { SharedWorld } from '../../shared-world.ts'
import { guardOfRoute, type RouteGuard } from './page-guard.ts'
import { ancestorRoutes } from './route-tree.ts'
import { isRoute, routeOf } from './routes.ts'
import { serverFnsCalled } from './server-fn-calls.ts'
import { serverFnOf } from './server-fn.ts'

interface Request {
  readonly shared: SharedWorld
  readonly facts: FileFacts
  /** The verdict on the server function whose handler is given at a place. */
  readonly verdictOf: (file: string, handlerSite: Site) => Verdict | undefined
}

export interface Routes {
  readonly reports: readonly RouteReport[]
  /** By name of a server function of this file: where the only guard stands. */
  readonly causes: ReadonlyMap<string, string>
}

const none: Routes = { reports: [], causes: new Map() }

export function routeReports({ shared, facts, verdictOf }: Request): Routes {
  const { file, app } = facts
  const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
  const route = routeOf(m, file)
  if (!route || !isRoute(route)) return none
  const opens = serverFnsCalled(m, file).flatMap(({ builder, range }): OpenFunction[] => {
    const verdict = verdictAt(m, builder, verdictOf)
    if (verdict?.report.verdict !== 'unguarded') return []
    const { name, effects, exposure } = verdict.report
    const what = (effects.find((effect) => effect.write) ?? effects[0])?.what ?? 'does its work'
    return [
      {
        name,
        file: serverFnOf(m, builder)!.handlerSite.file,
        what,
        callRange: range,
        ...(exposure ? { exposure } : {}),
      },
    ]
  })
  if (opens.length === 0) return none
  const above = ancestorRoutes(m, file, app.routesFolder)
  const found = guardAt(shared, file, above)
  const guard = found ? { ...found, inherited: undefined } : inheritedGuard(shared, above)
  if (!guard) return none
  const { inherited, guardedIn } = guard
  const report: RouteReport = {
    path: pathOf(route),
    range: inherited === undefined ? guard.range : opens[0]!.callRange!,
    guardedIn,
    ...(inherited === undefined ? {} : { inherited }),
    opens,
  }
  const causes = opens.filter((open) => open.file === file).map((open) => [open.name, guardedIn] as const)
  return { reports: [report], causes: new Map(causes) }
}

function verdictAt(m: Machine, builder: BuilderValue, verdictOf: Request['verdictOf']): Verdict | undefined {
  const site = serverFnOf(m, builder)?.handlerSite
  return site && verdictOf(site.file, site)
}

const guardAt = (shared: SharedWorld, file: string, above: readonly string[]): RouteGuard | undefined =>
  shared.ask(`route guard\0${file}\0${above.join('\0')}`, () => guardOfRoute(shared.world, file, above) ?? null) ??
  undefined

/** The nearest of the routes above that checks the caller. */
function inheritedGuard(
  shared: SharedWorld,
  above: readonly string[],
): (RouteGuard & { readonly inherited: string }) | undefined {
  for (const [at, file] of [...above.entries()].reverse()) {
    const guard = guardAt(shared, file, above.slice(0, at))
    if (guard) return { ...guard, inherited: file }
  }
  return undefined
}

function pathOf(route: BuilderValue): string {
  for (const call of route.calls) {
    const [first] = call.args
    if (first?.t === 'const' && typeof first.value === 'string') return first.value
  }
  return '__root__'
}
