/**
 * A chain of middleware is a function that runs a continuation: each one runs with a `next` that runs the rest.
 * Facts: claims.md sections 1 and 2 (verified by running `@tanstack/start-client-core`).
 */
import { callValue } from '../../analysis/code/calls.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { Note } from '../../analysis/caller/notes.ts'
import { addDoubt } from '../../analysis/caller/doubts.ts'
import { From, origins, type OpaqueRef, type Origins, type Site } from '../../analysis/values/origins.ts'
import {
  alternatives,
  native,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type BuilderValue,
  type LibraryValue,
  type Value,
} from '../../analysis/values/value.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { resolved } from '../../analysis/language/promises.ts'
import { checkedBy } from '../../analysis/values/shapes.ts'
import { rootTerm } from '../../analysis/caller/ties.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { makerOf } from '../../model/functions.ts'
import { extend } from '../context.ts'
import type { InFront, Through } from '../entry-point.ts'

export interface Middleware {
  readonly builder?: BuilderValue
  /** The `.server()` function. */
  readonly server?: Value
  readonly client: boolean
  readonly validator?: Value
  readonly name: string
  /** 'handler': it is the code that is asked about, not what stands in front of it. */
  readonly how: 'middleware' | 'global' | 'handler'
  readonly site: Site
  /** Could not be read. */
  readonly opaque?: OpaqueRef
  /** A condition decides whether it is attached. */
  readonly optional?: boolean
  /** The middleware that brings it along, the attached one first: a parent runs before its child. */
  readonly through?: readonly Through[]
  /** Told of each call of its `next`, and of what that adds to the context. */
  readonly onNext?: (m: Machine, added: Value | undefined, before: Value, site: Site) => void
}

export interface Incoming {
  readonly data: Value
  readonly context: Value
  readonly request: Value
  /** What the handler gets besides: params, method, serverFnMeta. */
  readonly more: ReadonlyMap<string, Value>
}

/** The middleware of an argument of `.middleware(…)`: lists, spreads, tuples, bases and parents, in the order they run. */
export function middlewareOf(
  m: Machine,
  value: Value,
  how: Middleware['how'],
  seen: Set<string> = new Set(),
  through?: Middleware['through'],
): Middleware[] {
  const led = through ? { through } : {}
  const parts = alternatives(m.heap.now(value))
  if (parts.length > 1)
    return parts.flatMap((part) =>
      middlewareOf(m, part, how, seen, through).map((middleware) => ({ ...middleware, optional: true })),
    )
  return parts.flatMap((part): Middleware[] => {
    const list = m.heap.array(part)
    if (list)
      return [...list.items, ...(list.rest ? [list.rest] : [])].flatMap((item) =>
        middlewareOf(m, item, how, seen, through),
      )
    if (part.t === 'builder') return builderMiddleware(m, part, how, seen, through)
    if (part.t === 'const') return []
    // a guard that the policy declares is called with `next` like any other
    if (part.t === 'native')
      return [
        {
          name: part.name,
          client: false,
          how,
          site: { file: m.frame?.file ?? '', range: [0, 0] },
          server: part,
          ...led,
        },
      ]
    // a catalogued library's middleware is known not to refuse anybody
    if (part.t === 'library' && isCatalogued(m, part)) return []
    const opaque = opaqueOf(m, part)
    return [{ name: opaque.name, client: false, how, site: opaque.site, opaque, ...led }]
  })
}

const isCatalogued = (m: Machine, { base }: LibraryValue): boolean =>
  m.world.catalog.libraryOf('package' in base ? base.package : '') !== undefined

/** What a middleware does on the server. A function that a library exports for it is a middleware of that library. */
function serverOf(m: Machine, given: Value | undefined): Pick<Middleware, 'server' | 'opaque'> {
  if (!given) return {}
  const server = m.heap.now(given)
  const isHidden =
    server.t === 'library'
      ? 'package' in server.base && !isCatalogued(m, server)
      : server.t === 'unknown' && server.origins.refs.some((ref) => ref.t === 'opaque')
  return isHidden ? { opaque: opaqueOf(m, server) } : { server: given }
}

/** All that it may be is code that can be run: it hands on, or does not. */
const isFollowed = (m: Machine, server: Value): boolean =>
  alternatives(m.heap.now(server)).every((part) => part.t === 'function' || part.t === 'native')

/** A middleware, or its `.server()` function, that nobody here can follow: it may refuse, and does no work of the application's. */
function opaqueOf(m: Machine, value: Value): OpaqueRef {
  const hidden =
    value.t === 'unknown' ? value.origins.refs.find((ref): ref is OpaqueRef => ref.t === 'opaque') : undefined
  if (hidden) return hidden
  return m.world.same<OpaqueRef>({
    t: 'opaque',
    name: (value.t === 'library' && value.path.at(-1)) || 'middleware',
    reason: 'this middleware could not be followed',
    site: { file: m.frame?.file ?? '', range: [0, 0] },
    mayBeEffect: false,
  })
}

function builderMiddleware(
  m: Machine,
  builder: BuilderValue,
  how: Middleware['how'],
  seen: Set<string>,
  through: Middleware['through'],
): Middleware[] {
  const key = `${builder.builder}:${builder.site.file}:${String(builder.site.range[0])}:${String(builder.calls.length)}`
  if (seen.has(key)) return []
  seen.add(key)
  if (builder.builder === 'start.server-fn') {
    // a base passed as middleware: its own are spread here
    return builder.calls
      .filter((call) => call.method === 'middleware')
      .flatMap((call) => middlewareOf(m, call.args[0] ?? undefinedValue, how, seen, through))
  }
  if (builder.builder !== 'start.middleware') return []
  const name = builder.name ?? makerOf(moduleForm(m, builder.site.file), builder.site.range) ?? 'middleware'
  const site = builder.calls.findLast((call) => call.method === 'server')?.site ?? builder.site
  const parents = builder.calls.findLast((call) => call.method === 'middleware')
  const server = builder.calls.findLast((call) => call.method === 'server')?.args[0]
  const validator = builder.calls.findLast((call) => call.method === 'validator' || call.method === 'inputValidator')
  return [
    // a second `.middleware()` replaces the first (claim 23)
    ...(parents
      ? middlewareOf(m, parents.args[0] ?? undefinedValue, how, seen, [...(through ?? []), { name, site }])
      : []),
    {
      builder,
      name,
      client: builder.calls.some((call) => call.method === 'client'),
      how,
      site,
      ...serverOf(m, server),
      ...(validator?.args[0] ? { validator: validator.args[0] } : {}),
      ...(through ? { through } : {}),
    },
  ]
}

/** What stands in front of an entry point, as evidence names it. */
export const inFront = (chain: readonly Middleware[]): InFront[] =>
  chain.map(({ name, site, server, through = [] }) => ({
    name,
    file: server?.t === 'function' ? server.file : site.file,
    through,
  }))

/** Middleware that runs in the caller's browser only guards nothing: why the entry point may look guarded. */
export const clientOnlyNotes = (chain: readonly Middleware[]): Note[] =>
  chain
    .filter((middleware) => middleware.client && !middleware.server)
    .map((middleware) => ({ cause: 'clientOnly' as const, name: middleware.name, site: middleware.site }))

/** Runs the chain and then `end`, with what the middleware put into the context. Gives the answer. */
export function runChain(
  m: Machine,
  chain: readonly Middleware[],
  incoming: Incoming,
  end: (m: Machine, incoming: Incoming) => Value,
): Value {
  const answers: Value[] = []
  const step = (machine: Machine, at: number, now: Incoming): Value => {
    const middleware = chain[at]
    if (middleware?.optional)
      return machine.split([() => runOne(machine, middleware, at, now), () => step(machine, at + 1, now)])
    return runOne(machine, middleware, at, now)
  }
  const runOne = (machine: Machine, middleware: Middleware | undefined, at: number, now: Incoming): Value => {
    if (!middleware) {
      const answer = end(machine, now)
      answers.push(answer)
      return answer
    }
    if (middleware.opaque) addDoubt(machine, middleware.opaque)
    if (middleware.validator) validate(machine, middleware.validator, now.data, middleware.site)
    if (!middleware.server) return step(machine, at + 1, now)
    const handed = { on: false }
    const next = native('next', (inner, args, site) => {
      handed.on = true
      const options = args[0] ?? undefinedValue
      const added = inner.heap.object(options)?.props.get('context')
      middleware.onNext?.(inner, added, now.context, site)
      const context = added ? extend(inner, now.context, saidOfCaller(inner, added)) : now.context
      const result = step(inner, at + 1, { ...now, context })
      return resolved(
        inner.heap.newObject(
          { context, result, response: unknown(inner.heap.originsOf(result), { nullish: 'no' }) },
          { rest: unknown(inner.heap.originsOf(result)) },
        ),
        site,
      )
    })
    const given = machine.heap.newObject(
      new Map<string, Value>([
        ['next', next],
        ['data', now.data],
        ['context', now.context],
        ['request', now.request],
        ['pathname', unknown(origins(From.input), { nullish: 'no' })],
        ...now.more,
      ]),
    )
    const before = answers.length
    const value = callValue(machine, middleware.server, [given], middleware.site, {
      awaited: true,
      name: middleware.name,
      how: middleware.how,
    })
    // a library's that is not known to refuse anybody hands on, though nobody sees it call `next`
    if (!handed.on && machine.state.alive && !isFollowed(machine, middleware.server)) return step(machine, at + 1, now)
    // what is returned without `next()` is the answer
    if (answers.length === before) answers.push(value)
    return value
  }
  step(m, 0, incoming)
  return answers.length > 0 ? union(answers) : undefinedValue
}

/** `if (!session) return next({ context: { user: null } })`: what is handed on says who the caller is not. */
function saidOfCaller(m: Machine, added: Value): Value {
  const decision = m.state.denying === 'no' ? undefined : m.state.decisions.at(-1)
  const cell = decision && m.heap.object(added)
  if (!cell) return added
  const from: Origins = { flags: 0, refs: decision.sources }
  const props = [...cell.props].map(
    ([key, value]) => [key, value.t === 'const' ? withOrigins(value, from) : value] as const,
  )
  return m.heap.newObject(new Map(props), cell.rest ? { rest: cell.rest } : {})
}

/** A validator that is a function runs before the handler; a schema only shapes the data. */
export function validate(m: Machine, validator: Value, data: Value, site: Site): Value {
  // a schema checks the shape
  if (validator.t !== 'function') return data.t === 'unknown' ? checkedBy(validator, data) : data
  const value = callValue(m, validator, [data], site, { awaited: true, name: 'validator', how: 'handler' })
  return m.state.alive ? value : undefinedValue
}

/** What comes over the wire to a server function: data and `context` are the caller's to send. */
export function fromTheWire(m: Machine, meta: ReadonlyMap<string, Value>): Incoming {
  return {
    data: unknown(origins(From.input), { term: rootTerm('data') }),
    // the server merges the caller's `context` below its own (claim 26)
    context: m.heap.newObject({}, { rest: unknown(origins(From.input | From.context)) }),
    request: requestValue(m),
    more: meta,
  }
}
