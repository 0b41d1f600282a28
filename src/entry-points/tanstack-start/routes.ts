/** Server routes: `server.handlers` of a file route, and the older API routes (claims.md 1, 8). */
import { callValue } from '../../analysis/code/calls.ts'
import { exportedValue } from '../../analysis/code/module-exports.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import { From, origins, type Site } from '../../analysis/values/origins.ts'
import {
  alternatives,
  constant,
  native,
  undefinedValue,
  union,
  unknown,
  type BuilderValue,
  type ObjectCell,
  type Value,
} from '../../analysis/values/value.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { middlewareOf, runChain, type Middleware } from './chain.ts'

export const verbs: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'ANY', 'ALL']

const fileRoutes = new Set(['router.file-route', 'router.root-route', 'router.route', 'router.lazy-route'])

export interface RouteHandler {
  readonly verb: string
  readonly handler: Value
  readonly middleware: readonly Middleware[]
}

/** The options object of a route builder: the argument of its last call. */
export function routeOptions(m: Machine, builder: BuilderValue): ObjectCell | undefined {
  for (const call of [...builder.calls].reverse()) {
    for (const arg of call.args) {
      const cell = m.heap.object(alternatives(arg).find((part) => m.heap.object(part)) ?? undefinedValue)
      if (cell) return cell
    }
  }
  return undefined
}

export const isRoute = (builder: BuilderValue): boolean => fileRoutes.has(builder.builder)

export function pathOf(route: BuilderValue): string {
  for (const call of route.calls) {
    const [first] = call.args
    if (first?.t === 'const' && typeof first.value === 'string') return first.value
  }
  return '__root__'
}

/** The handlers of a route by verb, each with the middleware that runs before it, the route's own included. */
export function routeHandlers(m: Machine, builder: BuilderValue): RouteHandler[] {
  if (isRoute(builder)) {
    const server = objectAt(m, routeOptions(m, builder), 'server')
    const own = server ? middlewareOf(m, server.props.get('middleware') ?? undefinedValue, 'middleware') : []
    const handlers = server?.props.get('handlers')
    return handlers ? verbHandlers(m, handlers, own, builder.site) : []
  }
  if (builder.builder === 'start.api-file-route') {
    const given = builder.calls.findLast((call) => call.method === '()')?.args[0]
    return given ? verbHandlers(m, given, [], builder.site) : []
  }
  const methods = builder.calls.findLast((call) => call.method === 'methods')?.args[0]
  const own = builder.calls
    .filter((call) => call.method === 'middleware')
    .flatMap((call) => middlewareOf(m, call.args[0] ?? undefinedValue, 'middleware'))
  return methods ? verbHandlers(m, methods, own, builder.site) : []
}

function verbHandlers(m: Machine, value: Value, own: readonly Middleware[], site: Site): RouteHandler[] {
  let handlers = value
  if (value.t === 'function') {
    const createHandlers = native('createHandlers', (_machine, args) => args[0] ?? undefinedValue)
    // `(api) => ({ GET: api.middleware([…]).handler(fn) })`, `({ createHandlers }) => createHandlers({ … })`
    const api: Value = { t: 'builder', builder: 'start.method', calls: [], site }
    const given = m.heap.newObject({
      createHandlers,
      middleware: native('middleware', (_machine, args, at): Value => ({
        ...api,
        calls: [{ method: 'middleware', args, site: at }],
      })),
      handler: native('handler', (_machine, args): Value => args[0] ?? undefinedValue),
    })
    handlers = callValue(m, value, [given], site, { awaited: true })
  }
  const cell = m.heap.object(alternatives(handlers).find((part) => m.heap.object(part)) ?? undefinedValue)
  if (!cell) return []
  const result: RouteHandler[] = []
  for (const [verb, entry] of cell.props) {
    if (!verbs.includes(verb)) continue
    const inner = m.heap.object(entry)
    if (inner?.props.has('handler')) {
      const middleware = middlewareOf(m, inner.props.get('middleware') ?? undefinedValue, 'middleware')
      result.push({ verb, handler: inner.props.get('handler') ?? undefinedValue, middleware: [...own, ...middleware] })
    } else if (entry.t === 'builder' && entry.builder === 'start.method') {
      const middleware = entry.calls
        .filter((call) => call.method === 'middleware')
        .flatMap((call) => middlewareOf(m, call.args[0] ?? undefinedValue, 'middleware'))
      result.push({
        verb,
        handler: entry.calls.findLast((call) => call.method === 'handler')?.args[0] ?? undefinedValue,
        middleware: [...own, ...middleware],
      })
    } else result.push({ verb, handler: entry, middleware: own })
  }
  return result
}

function objectAt(m: Machine, cell: ObjectCell | undefined, key: string): ObjectCell | undefined {
  const value = cell?.props.get(key)
  return value ? m.heap.object(alternatives(value).find((part) => m.heap.object(part)) ?? undefinedValue) : undefined
}

/** Middleware of the routes above (claims.md 1: all matched ancestors', pathless layouts included). */
export function ancestorMiddleware(m: Machine, files: readonly string[]): Middleware[] {
  return files.flatMap((file) => {
    const route = routeOf(m, file)
    const server = route ? objectAt(m, routeOptions(m, route), 'server') : undefined
    return server ? middlewareOf(m, server.props.get('middleware') ?? undefinedValue, 'middleware') : []
  })
}

export function routeOf(m: Machine, file: string): BuilderValue | undefined {
  const form = moduleForm(m, file)
  const exported = form.exports.find((e) => (e.exported === 'Route' || e.exported === 'ServerRoute') && !e.typeOnly)
  if (!exported) return undefined
  return alternatives(exportedValue(m, file, exported.exported, { file, range: exported.range })).find(
    (part): part is BuilderValue => part.t === 'builder',
  )
}

/** By which method it is reached: a handler of GET may also answer to HEAD. */
function methodOf(verb: string): Value | undefined {
  if (verb === 'ANY' || verb === 'ALL') return undefined
  return verb === 'GET' ? union([constant('GET'), constant('HEAD')]) : constant(verb)
}

/** Runs a handler as the framework does: global request middleware, the ancestors', its own. */
export function runRoute(
  m: Machine,
  handler: RouteHandler,
  before: readonly Middleware[],
  site: Site,
  name: string,
): Value {
  const context = m.heap.newObject({}, {})
  const method = methodOf(handler.verb)
  const request = requestValue(m, method ? { method } : {})
  const params = m.heap.newObject({}, { rest: unknown(origins(From.input), { nullish: 'no' }) })
  const incoming = {
    data: undefinedValue,
    context,
    request,
    more: new Map<string, Value>([
      ['params', params],
      ['handlerType', constant('router')],
    ]),
  }
  return runChain(m, [...before, ...handler.middleware], incoming, (machine, now) => {
    const given = machine.heap.newObject(
      new Map<string, Value>([
        ['request', now.request],
        ['params', params],
        ['context', now.context],
        ['pathname', unknown(origins(From.input), { nullish: 'no' })],
        ['next', native('next', () => undefinedValue)],
      ]),
    )
    return callValue(machine, handler.handler, [given], site, { awaited: true, how: 'handler', name })
  })
}
