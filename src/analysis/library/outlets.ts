/**
 * Objects through which answers leave: the response of Node.js, the end of a stream whose other end is answered. What is handed
 * to their methods has left; so has what is handed, together with one, to code that cannot be seen (`rows.pipe(response)`,
 * `pipeline(rows, response)`), and what is put later into what was connected so (`archive.pipe(response)`).
 */
import type { Expr } from '../../model/form.ts'
import type { Machine } from '../machine.ts'
import { chainRoot } from '../code/module-index.ts'
import { bindingKey } from '../state/keys.ts'
import { envOf, lookup, moduleForm } from '../code/module-values.ts'
import { From } from '../values/origins.ts'
import {
  alternatives,
  native,
  shallowOrigins,
  undefinedValue,
  unknown,
  type ObjectValue,
  type Value,
} from '../values/value.ts'

type Call = Extract<Expr, { t: 'call' }>

/** What becomes of that which is handed to such an object. */
export type Take = (m: Machine, given: readonly Value[]) => void

/**
 * Makes one.
 *
 * @param members what is known of it; of any other method nothing is but that it takes what it is given
 * @param written what becomes of that which is written to its properties
 */
export function outlet(
  m: Machine,
  members: Readonly<Record<string, Value>>,
  take: Take,
  written: Readonly<Record<string, Take>> = {},
): ObjectValue {
  const accessors = new Map(
    Object.entries(written).map(([name, takes]) => [
      name,
      { set: native(name, (machine, args) => (takes(machine, args), undefinedValue)) },
    ]),
  )
  const made = m.heap.newObject(members, { rest: unknown(), ...(accessors.size > 0 ? { accessors } : {}) })
  m.log.outlets.set(made.cell, take)
  return made
}

/** @param callee what is called, or, of a method, what it is a method of */
export function handOver(m: Machine, e: Call, callee: Value, args: readonly Value[]): void {
  if (m.log.outlets.size === 0 || args.length === 0) return
  const outlets = new Set([
    ...outletsIn(m, callee, 0),
    ...(isUnseen(m, callee) ? args.flatMap((arg) => outletsIn(m, arg, 1)) : []),
  ])
  for (const one of outlets) {
    m.log.outlets.get(one)?.(
      m,
      [callee, ...args].filter((value) => !outletsIn(m, value, 0).includes(one)),
    )
    for (const local of localsOf(m, e)) {
      const others = m.log.connected.get(local) ?? []
      if (others.includes(one)) continue
      m.log.connected.set(local, [...others, one])
      // where the call is kept, nothing would connect them again
      m.log.shows++
    }
  }
}

/** More is put into what the local holds. */
export function handOn(m: Machine, local: number, given: Value): void {
  for (const one of m.log.connected.get(local) ?? []) m.log.outlets.get(one)?.(m, [given])
}

/** The outlets that a value is, or that an object holds: `{ req, res }`. */
function outletsIn(m: Machine, value: Value, depth: number): readonly number[] {
  return alternatives(value).flatMap((part) => {
    if (part.t !== 'object') return []
    if (m.log.outlets.has(part.cell)) return [part.cell]
    const cell = depth > 0 ? m.heap.object(part) : undefined
    return cell && !cell.is && !cell.cls ? [...cell.props.values()].flatMap((inner) => outletsIn(m, inner, 0)) : []
  })
}

const isUnseen = (m: Machine, callee: Value): boolean =>
  alternatives(callee).some(
    (part) =>
      part.t === 'unknown' ||
      (part.t === 'library' && !('package' in part.base && part.base.package === 'global')) ||
      (part.t === 'object' && m.heap.array(part) !== undefined),
  )

/** The locals that it is called on and with. What came with the request is connected with nothing. */
function localsOf(m: Machine, e: Call): readonly number[] {
  const callee = e.callee.t === 'chain' ? e.callee.expr : e.callee
  const named = callee.t === 'member' ? [callee.object, ...e.args] : e.args
  const bindings = named.flatMap((one) => (one.t === 'spread' ? [] : (chainRoot(one) ?? [])))
  return bindings.flatMap((binding) => {
    const isModules = moduleForm(m, m.frame?.file ?? '').bindings[binding]?.owner === 0
    const env = isModules ? undefined : envOf(m, binding)
    if (!env) return []
    const held = lookup(m, binding)
    const comesAlong = (shallowOrigins(held).flags & From.request) !== 0 || outletsIn(m, held, 0).length > 0
    return comesAlong ? [] : [bindingKey(env.id, binding)]
  })
}
