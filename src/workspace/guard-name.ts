/** What a guard is called, where the code that runs it does not say. */
import { walk } from '../entry-points/walk.ts'
import type { FunctionForm, ModuleForm, Range } from '../model/form.ts'
import { functionsAround, makerOf } from '../model/functions.ts'
import type { GuardEvidence } from '../model/report.ts'

interface Place {
  readonly file: string
  readonly range: Range
}

interface Guard extends Pick<GuardEvidence, 'name' | 'how'> {
  readonly site: Place
  readonly asked: readonly Place[]
}

/**
 * `withTiming(withUser(handler))`: what `withUser` returns has no name. Given to another one, it is called by the name of
 * that one's parameter; standing alone, it is the handler, with a test in it. Whoever reads of it knows it as `withUser`.
 */
export function namedGuard(
  module: (file: string) => ModuleForm,
  { name, how, site, asked: [call] }: Guard,
): Pick<GuardEvidence, 'name' | 'how'> {
  const asWritten = { name, how }
  if (site.file === '') return asWritten
  const form = module(site.file)
  const own = functionsAround(form, site.range).at(-1)
  if (!own || !isReturned(form, own)) return asWritten
  const maker = makerOf(form, own.range)
  if (maker === undefined) return asWritten
  if (how === 'inline') return { name: maker, how: 'wrapper' }
  if (how === 'middleware' || !call || call.file === '') return asWritten
  return callsParameter(module(call.file), call.range) ? { name: maker, how } : asWritten
}

/** A function without a name, that the one around it gives back. */
function isReturned(form: ModuleForm, fn: FunctionForm): boolean {
  const body = fn.name === '' ? form.functions[fn.parent]?.body : undefined
  return body?.some((s) => s.t === 'return' && s.expr?.t === 'function' && form.functions[s.expr.fn] === fn) === true
}

function callsParameter(form: ModuleForm, [start, end]: Range): boolean {
  let found = false
  walk(form, (e) => {
    if (e.t !== 'call' || e.range[0] !== start || e.range[1] !== end || e.callee.t !== 'name') return
    found = form.bindings[e.callee.binding]?.kind === 'parameter'
  })
  return found
}
