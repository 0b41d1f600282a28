/** Where functions are called, and what they are given there, apart from any run. */
import type { Arg, Expr, FunctionId } from '../../model/form.ts'
import type { Machine } from '../machine.ts'
import { visitCalls } from './module-index.ts'
import { atModuleLevel, moduleForm, valueWritten } from './module-values.ts'
import type { Origins } from '../values/origins.ts'
import { alternatives, type Value } from '../values/value.ts'
import { valueInParts } from './written.ts'

/** A function of a module. */
export interface Place {
  readonly file: string
  readonly fn: FunctionId
}

/** A call of one function in another. */
export interface CallSite extends Place {
  readonly of: Place
  readonly args: readonly Arg[]
}

/** Functions that are called in more places are helpers of everybody's. */
const maxCalls = 40

/** The calls of a function that can be found by its name; undefined where there are too many to tell anything. */
export function callsOf(m: Machine, of: Place): readonly CallSite[] | undefined {
  const { name, kind } = moduleForm(m, of.file).functions[of.fn] ?? { name: '' }
  if (!/^[A-Z_$][\w$]*$/i.test(name)) return []
  const files = [...new Set([of.file, ...m.world.modules.keepers(of.file, `name ${name}`)])]
  const found: CallSite[] = []
  for (const file of files) {
    const form = moduleForm(m, file)
    const isNamed = (callee: Expr): boolean => {
      if (callee.t === 'member') return callee.key === name
      if (callee.t !== 'name') return false
      const binding = form.bindings[callee.binding]
      const imported = binding?.import === undefined ? undefined : form.imports[binding.import]?.imported
      return binding?.name === name || imported === name || imported === 'default'
    }
    form.functions.forEach(({ body }, fn) => {
      visitCalls(body, ({ callee: written, args }) => {
        const callee = written.t === 'chain' ? written.expr : written
        if (found.length > maxCalls || !isNamed(callee)) return
        const isOwn = kind === 'method' && file === of.file && callee.t === 'member' && callee.object.t === 'this'
        if (isOwn || callsIt(m, file, fn, callee, of)) found.push({ file, fn, of, args })
      })
    })
  }
  return found.length > maxCalls ? undefined : found
}

const callsIt = (m: Machine, file: string, fn: FunctionId, callee: Expr, of: Place): boolean =>
  atModuleLevel(m, file, (inner) =>
    alternatives(valueWritten(inner, file, fn, callee) ?? inner.heap.newArray([])).some(
      (part) => part.t === 'function' && part.file === of.file && part.fn === of.fn,
    ),
  )

/**
 * What something that is written in a function comes to where it is called like this.
 *
 * @param chain from the call of that function outwards, each in the function that the next one calls
 */
export function valueAt(m: Machine, { file, fn }: Place, e: Arg, chain: readonly CallSite[]): Value {
  const [call, ...outer] = chain
  const given = call && new Map([[call.of.fn, call.args.map((arg) => valueAt(m, call, arg, outer))]])
  return atModuleLevel(m, file, (inner) => valueInParts(inner, file, fn, e, given))
}

/** The function of a module whose callers decide, of those that something hangs on. */
export function decidedByCallers(m: Machine, { refs }: Origins): Place | undefined {
  for (const ref of refs) {
    if (ref.t !== 'opaque' || ref.kept !== true) continue
    const { file, range } = ref.site
    const binding = moduleForm(m, file).bindings.find((one) => one.kind === 'parameter' && one.range[0] === range[0])
    if (binding && binding.owner > 0) return { file, fn: binding.owner }
  }
  return undefined
}

/** A function, and those that it is written in, from the inside. */
export function around(m: Machine, { file, fn }: Place): readonly Place[] {
  const places: Place[] = []
  for (let at: FunctionId | -1 = fn; at > 0; at = moduleForm(m, file).functions[at]?.parent ?? -1)
    places.push({ file, fn: at })
  return places
}
