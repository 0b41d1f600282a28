/** Finds TanStack Start's entry points in a module. */
import { evaluate } from '../../analysis/code/expressions.ts'
import { atModuleLevel, moduleBinding, moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { Note } from '../../analysis/caller/notes.ts'
import { alternatives, undefinedValue, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { BuilderBehaviour } from '../../analysis/world.ts'
import type { Expr, ModuleForm, ObjectProp, Range } from '../../model/form.ts'
import type { Finding } from '../../model/report.ts'
import type { AppFacts, FindingsRequest, FoundEntryPoint, FrameworkEntryPoints } from '../entry-point.ts'
import { walk, type Around } from '../walk.ts'
import { clientOnlyNotes, inFront } from './chain.ts'
import { missingCsrf } from './csrf.ts'
import { silentDenials } from './denial-log.ts'
import { globalMiddleware } from './global.ts'
import { ineffectiveGuards } from './ineffective-guards.ts'
import { unsetKeys } from './injectable-context.ts'
import { workInHooks } from './loader-work.ts'
import { guardsBesideOthers } from './parent-loaders.ts'
import { sharedPages } from './route-headers.ts'
import { ancestorRoutes } from './route-tree.ts'
import { ancestorMiddleware, isRoute, routeHandlers, runRoute } from './routes.ts'
import { callFromOutside, isomorphicBehaviour, SERVER_FN, serverFnBehaviour, serverFnOf } from './server-fn.ts'

const behaviours: ReadonlyMap<string, BuilderBehaviour> = new Map([
  [SERVER_FN, serverFnBehaviour],
  ['start.isomorphic-fn', isomorphicBehaviour],
])

export const tanstackStart: FrameworkEntryPoints = { behaviours, find, findings }

function findings(request: FindingsRequest): Finding[] {
  return [
    ...ineffectiveGuards(request),
    ...unsetKeys(request),
    ...missingCsrf(request),
    ...sharedPages(request),
    ...workInHooks(request),
    ...silentDenials(request),
    ...guardsBesideOthers(request),
  ]
}

function find(m: Machine, file: string, app: AppFacts): FoundEntryPoint[] {
  const form = moduleForm(m, file)
  const found: FoundEntryPoint[] = []
  walk(form, (e, around) => {
    const call = e.t === 'chain' ? e.expr : e
    const key = call.t === 'call' && call.callee.t === 'member' ? call.callee.key : undefined
    if (call.t === 'call' && key === 'handler') serverFnCall(m, form, call, around, app, found)
    else if (key === undefined || key === 'methods') routeCall(m, form, e, around, app, found)
  })
  return found
}

function builderAt(m: Machine, form: ModuleForm, e: Expr, around: Around): BuilderValue | undefined {
  const direct =
    around.variable?.direct && around.fn === 0 ? moduleBinding(m, form.file, around.variable.binding) : undefined
  const value: Value = direct ?? atModuleLevel(m, form.file, (inner) => evaluate(inner, e))
  return alternatives(value).find((part): part is BuilderValue => part.t === 'builder')
}

function serverFnCall(
  m: Machine,
  form: ModuleForm,
  e: Extract<Expr, { t: 'call' }>,
  around: Around,
  app: AppFacts,
  found: FoundEntryPoint[],
): void {
  const builder = builderAt(m, form, e, around)
  if (builder?.builder !== SERVER_FN) return
  const { variable, property } = around
  const declared = variable && (variable.direct || !property) ? form.bindings[variable.binding] : undefined
  const name = declared?.name ?? property?.key ?? (isDefaultExport(form, around.statement) ? 'default' : '<inline>')
  const range: Range = declared?.range ?? property?.keyRange ?? e.range
  const fn = serverFnOf(m, { ...builder, name })
  if (!fn) return
  const [statement] = around.statement
  found.push({
    name,
    kind: 'server-fn',
    framework: 'tanstack-start',
    method: fn.method,
    range,
    shape: { ...chainShape(e), declaration: [statement, around.statement[1]] },
    markerAnchors: [statement, ...(around.property ? [around.property.range[0]] : []), e.range[0]],
    handlerSite: fn.handlerSite,
    chain: fn.middleware.map(({ site }) => site),
    inFront: inFront(fn.middleware),
    notes: [...clientOnlyNotes(fn.middleware), ...(isStatic(m, builder) ? [staticNote(form.file, range)] : [])],
    run: (machine) => {
      const global = globalMiddleware(machine, app.startFile)
      return callFromOutside(machine, fn, [...global.request, ...global.function], {
        name,
        filename: relative(app.root, form.file),
      })
    },
  })
}

/** Its answer is computed once, and kept in a file that everybody may fetch (claims.md 1). */
function isStatic(m: Machine, builder: BuilderValue): boolean {
  return builder.calls
    .filter(({ method }) => method === 'middleware')
    .flatMap(({ args }) => m.heap.array(args[0] ?? undefinedValue)?.items ?? [])
    .flatMap(alternatives)
    .some((part) => (part.t === 'builder' && part.builder === 'start.static') || isStaticExport(part))
}

const isStaticExport = (part: Value): boolean => part.t === 'library' && part.path.at(-1) === 'staticFunctionMiddleware'

const staticNote = (file: string, range: Range): Note => ({
  cause: 'staticFunction',
  name: 'staticFunctionMiddleware',
  site: { file, range },
})

const relative = (root: string, file: string): string =>
  file.startsWith(root)
    ? file
        .slice(root.length)
        .replace(/^[\\/]/, '')
        .replaceAll('\\', '/')
    : file

const isDefaultExport = (form: ModuleForm, range: Range): boolean =>
  form.exports.some((e) => e.exported === 'default' && e.range[0] === range[0])

/** The chain's start and its `.middleware(…)` in this file, for suggestions. */
function chainShape(e: Extract<Expr, { t: 'call' }>): { chainStart?: Range; middleware?: Range; handler?: Range } {
  let middleware: Range | undefined
  let at: Expr = e
  const handler = e.args[0]
  while (at.t === 'call' && at.callee.t === 'member') {
    if (at.callee.key === 'middleware' && at.args[0]) middleware = at.args[0].range
    at = at.callee.object
  }
  return { chainStart: at.range, ...(middleware ? { middleware } : {}), ...(handler ? { handler: handler.range } : {}) }
}

// --- routes --------------------------------------------------------------------------------------------------------------

function routeCall(
  m: Machine,
  form: ModuleForm,
  e: Expr,
  around: Around,
  app: AppFacts,
  found: FoundEntryPoint[],
): void {
  if (around.fn !== 0 || e.t !== 'call' || !around.variable?.direct) return
  const builder = builderAt(m, form, e, around)
  if (
    !builder ||
    (!isRoute(builder) && builder.builder !== 'start.server-file-route' && builder.builder !== 'start.api-file-route')
  )
    return
  const [statement] = around.statement
  for (const handler of routeHandlers(m, builder)) {
    const place = verbProperty(form, e, handler.verb)
    const range = place?.keyRange ?? around.variable.range
    found.push({
      name: handler.verb,
      kind: 'server-route',
      framework: 'tanstack-start',
      method: handler.verb,
      range,
      shape: {
        ...serverShape(e),
        ...(place ? { handler: place.value.range } : {}),
        declaration: place?.range ?? [statement, around.statement[1]],
      },
      markerAnchors: [statement, ...(place ? [place.range[0], place.value.range[0]] : [])],
      chain: handler.middleware.map(({ site }) => site),
      inFront: inFront(handler.middleware),
      notes: [],
      run: (machine) => {
        const global = globalMiddleware(machine, app.startFile)
        const above = isRoute(builder)
          ? ancestorMiddleware(machine, ancestorRoutes(machine, form.file, app.routesFolder))
          : []
        return runRoute(machine, handler, [...global.request, ...above], { file: form.file, range }, handler.verb)
      },
    })
  }
}

type Prop = Extract<ObjectProp, { t: 'prop' }>

/** The property of a verb, wherever in the route's declaration it is written. */
function verbProperty(form: ModuleForm, e: Expr, verb: string): Prop | undefined {
  let result: Prop | undefined
  const visit = (node: unknown): void => {
    if (result || typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    const prop = node as Partial<Prop>
    if (prop.t === 'prop' && prop.key === verb) {
      result = node as Prop
      return
    }
    const fn = node as { t?: string; fn?: number }
    if (fn.t === 'function' && fn.fn !== undefined) visit(form.functions[fn.fn]?.body)
    for (const [key, inner] of Object.entries(node)) if (key !== 'range') visit(inner)
  }
  visit(e)
  return result
}

/** The `server` object and its `middleware`, for suggestions. */
function serverShape(e: Expr): { server?: Range; middleware?: Range } {
  let server: Extract<Expr, { t: 'object' }> | undefined
  const visit = (node: unknown): void => {
    if (server || typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    const prop = node as Partial<Prop>
    if (prop.t === 'prop' && prop.key === 'server' && prop.value?.t === 'object') {
      server = prop.value
      return
    }
    for (const [key, inner] of Object.entries(node)) if (key !== 'range') visit(inner)
  }
  visit(e)
  const middleware = server?.props.find((prop): prop is Prop => prop.t === 'prop' && prop.key === 'middleware')
  return { ...(server ? { server: server.range } : {}), ...(middleware ? { middleware: middleware.value.range } : {}) }
}
