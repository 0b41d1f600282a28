/**
 * What `loader` and `beforeLoad` do themselves. They run on the server for the first page and in the browser for every other
 * (claims.md 1), with everything that they import: what belongs to the server goes behind a server function.
 */
import { publicVariable, secretVariable } from '../../catalog/names.ts'
import { moduleBinding, moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import type { Effect } from '../../analysis/effects.ts'
import { From, origins } from '../../analysis/values/origins.ts'
import { alternatives, unknown } from '../../analysis/values/value.ts'
import type { BuilderBehaviour, World } from '../../analysis/world.ts'
import type { Expr, ModuleForm, Range } from '../../model/form.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { signedIn } from './declared-middleware.ts'
import { callHook, hookOf } from './page-guard.ts'
import { isRoute, routeOf } from './routes.ts'
import { SERVER_FN, serverFnOf } from './server-fn.ts'

export function workInHooks(request: FindingsRequest): Finding[] {
  const { world, file } = request
  const route = routeOf(new Machine(world, signedIn), file)
  if (!route || !isRoute(route) || route.site.file !== file) return []
  return ['beforeLoad', 'loader'].flatMap((name) => workIn(world, file, name) ?? [])
}

type Problem = Extract<Finding, { rule: 'no-protected-work-in-loader' }>['problem']

function workIn(world: World, file: string, name: string): Finding | undefined {
  const m = new Machine(fromTheBrowser(world), signedIn)
  const hook = hookOf(m, file, name)
  if (!hook) return undefined
  const found = (problem: Problem, range: Range, what: string): Finding => ({
    rule: 'no-protected-work-in-loader',
    problem,
    range,
    data: { name, what },
  })
  callHook(m, hook, new Map(), { depth: 1, asked: false })
  for (const effect of m.log.effects) {
    const range = isServers(effect) ? placeIn(file, effect) : undefined
    if (range) return found('effect', range, effect.what)
  }
  if (hook.t !== 'function' || hook.file !== file) return undefined
  const form = moduleForm(m, file)
  const within = form.functions[hook.fn]?.range
  return within && serverOnly(m, form, within, found)
}

/** A world in which server functions are requests, and isomorphic functions are what the browser has of them. */
function fromTheBrowser(world: World): World {
  const elsewhere: BuilderBehaviour = {
    call: (m, builder, args, site, awaited) =>
      builder.builder === SERVER_FN && !serverFnOf(m, builder)
        ? world.behaviours.get(SERVER_FN)!.call!(m, builder, args, site, awaited)
        : unknown(origins(From.nothing), { nullish: 'no' }),
  }
  const behaviours = new Map([...world.behaviours, [SERVER_FN, elsewhere], ['start.isomorphic-fn', elsewhere]])
  return { ...world, behaviours, side: 'browser' }
}

const ofServers: ReadonlySet<Effect['kind']> = new Set([
  'db',
  'mail',
  'payment',
  'storage',
  'queue',
  'secret',
  'process',
])

/** A client that carries the caller's own token, to a service that decides by it, may be the browser's. */
const isServers = (effect: Effect): boolean =>
  ofServers.has(effect.kind) && effect.rowLevel !== true && effect.delegated !== true

/** Where the route's own code does it, or calls what does it. */
const placeIn = (file: string, { site, stack }: Effect): Range | undefined =>
  site.file === file ? site.range : stack.findLast(({ calledAt }) => calledAt.file === file)?.calledAt.range

const serverPackages =
  /^(?:(?:node:)?(?:fs|fs\/promises|child_process|net|tls|dgram|cluster|worker_threads)|@tanstack\/[a-z]+-start\/server)$/
const serverFile = /\.server\.[cm]?[jt]sx?$/

/** A secret that is read there, or a call of what the browser does not have. */
function serverOnly(
  m: Machine,
  form: ModuleForm,
  within: Range,
  found: (problem: Problem, range: Range, what: string) => Finding,
): Finding | undefined {
  let first: Finding | undefined
  walk(form, (e) => {
    if (first || e.range[0] < within[0] || within[1] < e.range[1]) return
    const variable = variableOf(form, e)
    if (variable !== undefined && secretVariable.test(variable) && !publicVariable.test(variable))
      first = found('secret', e.range, variable)
    const name = e.t === 'call' ? rootOf(e.callee) : undefined
    const from = name === undefined ? undefined : importOf(form, name)
    if (from === undefined || e.t !== 'call') return
    if (serverPackages.test(from) || isOfServerFile(m, form.file, name!, from))
      first = found('serverModule', e.range, from)
  })
  return first
}

/** Server functions may be imported from anywhere: what the browser gets of them are requests. */
function isOfServerFile(m: Machine, file: string, binding: number, from: string): boolean {
  const module = m.world.modules.resolve(from, file)
  if (module.kind !== 'module' || !serverFile.test(module.file)) return false
  return alternatives(moduleBinding(m, file, binding)).every((part) => part.t !== 'builder')
}

/** `process.env.NAME` */
function variableOf(form: ModuleForm, e: Expr): string | undefined {
  if (e.t !== 'member' || typeof e.key !== 'string' || e.object.t !== 'member' || e.object.key !== 'env')
    return undefined
  const { object } = e.object
  return object.t === 'global' && object.name === 'process' ? e.key : undefined
}

function rootOf(e: Expr): number | undefined {
  if (e.t === 'member' || e.t === 'chain') return rootOf(e.t === 'member' ? e.object : e.expr)
  return e.t === 'name' ? e.binding : undefined
}

function importOf(form: ModuleForm, binding: number): string | undefined {
  const at = form.bindings[binding]?.import
  const imported = at === undefined ? undefined : form.imports[at]
  return imported && !imported.typeOnly ? imported.from : undefined
}
