/**
 * A route that keeps people away in its `loader`. Loaders of nested routes run side by side, so those of the routes below
 * have been called by then; `beforeLoad` runs from the outermost inwards, and before all of them (claims.md 1).
 */
import { Machine } from '../../analysis/machine.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { anonymous } from './declared-middleware.ts'
import { guardOfRoute, hookOf } from './page-guard.ts'
import { ancestorRoutes } from './route-tree.ts'
import { isRoute, pathOf, routeOf } from './routes.ts'

export function guardsBesideOthers({ world, file, app, routeFiles }: FindingsRequest): Finding[] {
  const m = new Machine(world, anonymous)
  const route = routeOf(m, file)
  if (!route || !isRoute(route) || route.site.file !== file || !hookOf(m, file, 'loader')) return []
  const above = ancestorRoutes(m, file, app.routesFolder)
  const guard = guardOfRoute(world, file, above)
  if (guard?.guardedIn !== 'loader' || above.some((at, i) => isKeptAway(at, above.slice(0, i)))) return []
  const below = routeFiles().some(
    (at) => at !== file && ancestorRoutes(m, at, app.routesFolder).includes(file) && hookOf(m, at, 'loader'),
  )
  if (!below) return []
  return [
    {
      rule: 'no-ineffective-guard',
      problem: 'besideOthers',
      range: guard.range,
      data: { name: pathOf(route), culprit: 'loader' },
    },
  ]

  function isKeptAway(at: string, outer: readonly string[]): boolean {
    const found = guardOfRoute(world, at, outer)
    return found?.guardedIn === 'beforeLoad' || found?.guardedIn === 'server.middleware'
  }
}
