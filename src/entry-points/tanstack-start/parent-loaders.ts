/**
 * A route that keeps people away in its `loader`. Loaders of nested routes run side by side, so those of the routes below
 * have been called by then; `beforeLoad` runs from the outermost inwards, and before all of them (claims.md 1).
 */
import { Machine } from '../../analysis/machine.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { anonymous } from './declared-middleware.ts'
import { guardOfRoute, hookOf } from './page-guard.ts'
import { ancestorRoutes, mayBeAbove } from './route-tree.ts'
import { isRoute, pathOf, routeOf } from './routes.ts'

export function guardsBesideOthers(request: FindingsRequest): Finding[] {
  const { world, file, app, routeFiles } = request
  const m = new Machine(world, anonymous)
  const route = routeOf(m, file)
  if (!route || !isRoute(route) || route.site.file !== file || !hookOf(m, file, 'loader')) return []
  const above = (at: string): readonly string[] => ancestorRoutes(m, at, app.routesFolder)
  const hasLoaderBelow = routeFiles().some(
    (at) => at !== file && mayBeAbove(file, at) && above(at).includes(file) && hookOf(m, at, 'loader'),
  )
  if (!hasLoaderBelow) return []
  const outer = above(file)
  const guard = guardOfRoute(request, file, outer)
  if (guard?.guardedIn !== 'loader' || outer.some((at, i) => isKeptAway(at, outer.slice(0, i)))) return []
  return [
    {
      rule: 'no-ineffective-guard',
      problem: 'besideOthers',
      range: guard.range,
      data: { name: pathOf(route), culprit: 'loader' },
    },
  ]

  function isKeptAway(at: string, outerOfIt: readonly string[]): boolean {
    const found = guardOfRoute(request, at, outerOfIt)
    return found?.guardedIn === 'beforeLoad' || found?.guardedIn === 'server.middleware'
  }
}
