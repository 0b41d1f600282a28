/** Routes that check the caller while the server functions that they call are open. */
import { Machine } from '../../analysis/machine.ts'
import type { Site } from '../../analysis/values/origins.ts'
import type { EntryPointReport, OpenFunction, RouteReport } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { guardOfRoute, type RouteGuard } from './page-guard.ts'
import { ancestorRoutes } from './route-tree.ts'
import { isRoute, pathOf, routeOf } from './routes.ts'
import { serverFnsCalled } from './server-fn-calls.ts'
import { serverFnOf } from './server-fn.ts'

interface Request extends Pick<FindingsRequest, 'world' | 'file' | 'app' | 'ask'> {
  /** The report on the server function whose handler is given at a place. */
  readonly reportOf: (handlerSite: Site) => EntryPointReport | undefined
}

export interface Routes {
  readonly reports: readonly RouteReport[]
  /** By name of a server function of this file: where the only guard stands. */
  readonly causes: ReadonlyMap<string, string>
}

const none: Routes = { reports: [], causes: new Map() }

export function routeReports(request: Request): Routes {
  const { world, file, app, reportOf } = request
  const m = new Machine(world, { kind: 'anonymous', environment: 'production' })
  const route = routeOf(m, file)
  if (!route || !isRoute(route)) return none
  const opens = serverFnsCalled(m, file).flatMap(({ builder, range }): OpenFunction[] => {
    const site = serverFnOf(m, builder)?.handlerSite
    const called = site && reportOf(site)
    if (called?.verdict !== 'unguarded') return []
    const { name, effects, exposure } = called
    const what = (effects.find((effect) => effect.write) ?? effects[0])?.what ?? 'does its work'
    return [
      {
        name,
        file: site!.file,
        what,
        callRange: range,
        ...(exposure ? { exposure } : {}),
      },
    ]
  })
  if (opens.length === 0) return none
  const above = ancestorRoutes(m, file, app.routesFolder)
  const found = guardOfRoute(request, file, above)
  const guard = found ? { ...found, inherited: undefined } : inheritedGuard(request, above)
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

/** The nearest of the routes above that checks the caller. */
function inheritedGuard(
  request: Request,
  above: readonly string[],
): (RouteGuard & { readonly inherited: string }) | undefined {
  for (const [at, file] of [...above.entries()].reverse()) {
    const guard = guardOfRoute(request, file, above.slice(0, at))
    if (guard) return { ...guard, inherited: file }
  }
  return undefined
}
