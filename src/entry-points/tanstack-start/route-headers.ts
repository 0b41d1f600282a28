/** `headers()` of a route that is for some people only: caches on the way keep the page for everybody. */
import { callValue } from '../../analysis/code/calls.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import { noteHeaders } from '../../analysis/library/request.ts'
import type { Range } from '../../model/form.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { signedIn } from './declared-middleware.ts'
import { guardOfRoute } from './page-guard.ts'
import { ancestorRoutes } from './route-tree.ts'
import { isRoute, routeOf, routeOptions } from './routes.ts'

export function sharedPages(request: FindingsRequest): Finding[] {
  const { world, file, app } = request
  const m = new Machine(world, signedIn)
  const route = routeOf(m, file)
  if (!route || !isRoute(route) || route.site.file !== file) return []
  const options = routeOptions(m, route)
  const headers = options?.props.get('headers')
  const range = headersKey(m, file)
  if (headers?.t !== 'function' || !range) return []
  noteHeaders(m, callValue(m, headers, [m.heap.newObject({}, {})], route.site, { awaited: true }), route.site)
  const kept = m.log.notes.find(({ cause }) => cause === 'header')
  if (!kept) return []
  const above = ancestorRoutes(m, file, app.routesFolder)
  const isFor = [...above, file].some((at, i, all) => guardOfRoute(request, at, all.slice(0, i)))
  if (!isFor) return []
  const data = { name: 'headers', culprit: kept.name }
  return [{ rule: 'no-shared-cache-of-private-data', problem: 'routeHeaders', range, data }]
}

function headersKey(m: Machine, file: string): Range | undefined {
  let found: Range | undefined
  walk(moduleForm(m, file), (e) => {
    if (e.t !== 'object') return
    for (const prop of e.props) if (prop.t === 'prop' && prop.key === 'headers') found ??= prop.keyRange
  })
  return found
}
