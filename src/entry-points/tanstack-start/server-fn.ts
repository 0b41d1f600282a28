/** `createServerFn()`: every finished one that is reachable from the server's module graph is an endpoint (claims.md 1). */
import { runAsync } from '../../analysis/code/call-ends.ts'
import { callValue } from '../../analysis/code/calls.ts'
import type { Machine } from '../../analysis/machine.ts'
import { From, origins, type Site } from '../../analysis/values/origins.ts'
import { constant, undefinedValue, unknown, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { BuilderBehaviour } from '../../analysis/world.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { fromTheWire, middlewareOf, runChain, validate, type Incoming, type Middleware } from './chain.ts'

export const SERVER_FN = 'start.server-fn'

export interface ServerFn {
  readonly builder: BuilderValue
  readonly middleware: readonly Middleware[]
  readonly validator?: Value
  readonly handler: Value
  readonly handlerSite: Site
  readonly method: string
}

/** The parts of a finished server function; undefined for a base that has no handler yet. */
export function serverFnOf(m: Machine, builder: BuilderValue): ServerFn | undefined {
  const handler = builder.calls.findLast((call) => call.method === 'handler')
  if (!handler) return undefined
  const validator = builder.calls.findLast((call) => call.method === 'validator' || call.method === 'inputValidator')
  const options = builder.calls.filter((call) => call.method === '' || call.method === '()').map((call) => call.args[0])
  const method = options
    .map((option) => (option ? m.heap.object(option)?.props.get('method') : undefined))
    .findLast((value) => value?.t === 'const')
  const seen = new Set<string>()
  return {
    builder,
    // on a server function further calls of `.middleware()` add to the list
    middleware: builder.calls
      .filter((call) => call.method === 'middleware')
      .flatMap((call) => middlewareOf(m, call.args[0] ?? undefinedValue, 'middleware', seen)),
    ...(validator?.args[0] ? { validator: validator.args[0] } : {}),
    handler: handler.args[0] ?? undefinedValue,
    handlerSite: handler.site,
    method: method?.t === 'const' && typeof method.value === 'string' ? method.value.toUpperCase() : 'GET',
  }
}

/** The middleware, then the validator, then the handler. Gives the answer. */
export function runServerFn(m: Machine, fn: ServerFn, global: readonly Middleware[], incoming: Incoming): Value {
  return runChain(m, [...global, ...fn.middleware], incoming, (machine, now) => {
    const data = fn.validator ? validate(machine, fn.validator, now.data, fn.handlerSite) : now.data
    if (!machine.state.alive) return undefinedValue
    const given = machine.heap.newObject(
      new Map<string, Value>([
        ['data', data],
        ['context', now.context],
        ['request', now.request],
        ['signal', unknown()],
        ...now.more,
      ]),
    )
    return callValue(machine, fn.handler, [given], fn.handlerSite, {
      awaited: true,
      how: 'handler',
      name: fn.builder.name ?? 'handler',
    })
  })
}

export function callFromOutside(
  m: Machine,
  fn: ServerFn,
  global: readonly Middleware[],
  meta: { readonly name: string; readonly filename: string },
): Value {
  const about = m.heap.newObject({
    name: constant(meta.name),
    filename: constant(meta.filename),
    id: unknown(undefined, { nullish: 'no' }),
  })
  return runServerFn(
    m,
    fn,
    global,
    fromTheWire(
      m,
      new Map<string, Value>([
        ['serverFnMeta', about],
        ['functionId', unknown()],
        ['method', constant(fn.method)],
      ]),
    ),
  )
}

/** A server function that other server code calls runs in the same request, behind its own middleware. */
export const serverFnBehaviour: BuilderBehaviour = {
  call: (m, builder, args, site, awaited) => {
    const fn = serverFnOf(m, builder)
    if (!fn) return { ...builder, calls: [...builder.calls, { method: '()', args, site }] }
    const options = args[0] ? m.heap.object(args[0]) : undefined
    const incoming: Incoming = {
      data: options?.props.get('data') ?? (args[0] && !options ? unknown(m.heap.originsOf(args[0])) : undefinedValue),
      context: m.heap.newObject({}, {}),
      request: requestValue(m),
      more: new Map(),
    }
    const name = builder.name ?? 'server function'
    return runAsync(m, { name, site, awaited, body: builder.site }, () => runHelper(m, fn, incoming))
  },
}

function runHelper(m: Machine, fn: ServerFn, incoming: Incoming): Value {
  return runChain(
    m,
    fn.middleware.map((middleware) => ({ ...middleware })),
    incoming,
    (machine, now) => {
      const given = machine.heap.newObject(
        new Map<string, Value>([
          ['data', now.data],
          ['context', now.context],
          ['request', now.request],
          ['signal', unknown()],
        ]),
      )
      return callValue(machine, fn.handler, [given], fn.handlerSite, {
        awaited: true,
        name: fn.builder.name ?? 'handler',
      })
    },
  )
}

/** `createIsomorphicFn().server(a).client(b)`: on the server it is `a`. */
export const isomorphicBehaviour: BuilderBehaviour = {
  call: (m, builder, args, site, awaited) => {
    const server = builder.calls.findLast((call) => call.method === 'server')?.args[0]
    return server ? callValue(m, server, args, site, { awaited }) : unknown(origins(From.nothing))
  },
}
