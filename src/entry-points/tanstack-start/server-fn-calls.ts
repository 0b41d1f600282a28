/** The server functions that the code of a route uses: in its loader, its components, its hooks, or in a helper that it imports. */
import { moduleBinding, moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import { alternatives, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { Expr, ModuleForm, Range } from '../../model/form.ts'
import { walk } from '../walk.ts'
import { SERVER_FN, serverFnOf } from './server-fn.ts'

export interface ServerFnCall {
  readonly builder: BuilderValue
  /** In the route's file: the call, or the name where it is handed on. */
  readonly range: Range
}

interface Use {
  readonly binding: number
  readonly range: Range
}

export function serverFnsCalled(m: Machine, file: string): readonly ServerFnCall[] {
  const form = moduleForm(m, file)
  const found = new Map<string, ServerFnCall>()
  const add = (builder: BuilderValue, range: Range): void => {
    const site = serverFnOf(m, builder)?.handlerSite
    if (!site) return
    const key = `${site.file}\0${String(site.range[0])}`
    if (!found.has(key)) found.set(key, { builder, range })
  }
  for (const { binding, range } of usesIn(form, onServer(form))) {
    const value = moduleBinding(m, file, binding)
    const builders = serverFns(value)
    for (const builder of builders) add(builder, range)
    if (builders.length > 0 || form.bindings[binding]?.import === undefined) continue
    for (const builder of oneHop(m, value)) add(builder, range)
  }
  return [...found.values()].sort((a, b) => a.range[0] - b.range[0])
}

const serverFns = (value: Value): BuilderValue[] =>
  alternatives(value).filter((part): part is BuilderValue => part.t === 'builder' && part.builder === SERVER_FN)

/** Code that runs behind an endpoint of its own: handlers, the server's half of middleware, server routes. */
function onServer(form: ModuleForm): readonly Range[] {
  const ranges: Range[] = []
  walk(form, (e) => {
    if (e.t === 'call' && e.callee.t === 'member' && (e.callee.key === 'handler' || e.callee.key === 'server'))
      ranges.push(...e.args.map((arg) => arg.range))
    if (e.t === 'object')
      for (const prop of e.props)
        if (prop.t === 'prop' && prop.key === 'server' && prop.value.t === 'object') ranges.push(prop.value.range)
  })
  return ranges
}

/** Module bindings that are used, each where it is called first, or else named first. */
function usesIn(form: ModuleForm, except: readonly Range[], within?: Range): readonly Use[] {
  const uses = new Map<number, { readonly range: Range; readonly called: boolean }>()
  const note = (e: Expr, range: Range, called: boolean): void => {
    if (e.t !== 'name' || form.bindings[e.binding]?.owner !== 0) return
    if (
      except.some((r) => r[0] <= e.range[0] && e.range[1] <= r[1]) ||
      (within && (e.range[0] < within[0] || e.range[1] > within[1]))
    )
      return
    const known = uses.get(e.binding)
    if (!known || (called && !known.called)) uses.set(e.binding, { range, called })
  }
  walk(form, (e) => {
    if (e.t === 'call') note(e.callee, e.range, true)
    else note(e, e.range, false)
  })
  return [...uses].map(([binding, { range }]) => ({ binding, range }))
}

/** Server functions in the bodies of what was imported: hooks, query options, components. */
function oneHop(m: Machine, value: Value): BuilderValue[] {
  return functionsIn(m, value, 2).flatMap(({ file, fn }) => {
    const form = moduleForm(m, file)
    const range = form.functions[fn]?.range
    if (!range) return []
    return usesIn(form, onServer(form), range).flatMap(({ binding }) => serverFns(moduleBinding(m, file, binding)))
  })
}

function functionsIn(m: Machine, value: Value, depth: number): { readonly file: string; readonly fn: number }[] {
  return alternatives(value).flatMap((part) => {
    if (part.t === 'function') return [part]
    const cell = depth > 0 ? m.heap.object(part) : undefined
    return cell ? [...cell.props.values()].flatMap((inner) => functionsIn(m, inner, depth - 1)) : []
  })
}
