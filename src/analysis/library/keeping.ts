/**
 * Code that nobody can see may keep what it is given: in the object that it is a method of, and in what it is given beside.
 * `sheet.addRow(row)` puts the row into the sheet, and into the workbook that the sheet was taken from.
 */
import type { Expr } from '../../model/form.ts'
import { isListed } from './meanings.ts'
import { chainRoot } from '../code/module-index.ts'
import { handOn } from './outlets.ts'
import { Machine } from '../machine.ts'
import { bindingKey } from '../state/keys.ts'
import { envOf, lookup, moduleForm } from '../code/module-values.ts'
import { moduleIndex } from '../code/module-index.ts'
import { From, merge, origins, type Origins } from '../values/origins.ts'
import { alternatives, union, unknown, type Value } from '../values/value.ts'

type Call = Extract<Expr, { t: 'call' }>

/** @param callee what is called, or, of a method, what it is a method of */
export function keepGiven(m: Machine, e: Call, callee: Value, args: readonly Value[]): void {
  const written = e.callee.t === 'chain' ? e.callee.expr : e.callee
  if (written.t === 'member' && typeof written.key === 'string' && asking.has(written.key)) return
  if (args.length === 0 || !alternatives(callee).some((part) => isForeign(m, part))) return
  const rows = m.heap.originsOfAll(args).refs.filter((ref) => ref.t === 'read' && !ref.hint)
  if (rows.length === 0) return
  const from = origins(From.row, ...rows)
  const places = [
    ...(written.t === 'member' ? [written.object] : []),
    ...e.args.flatMap((arg) => (arg.t === 'name' ? [arg] : [])),
  ]
  for (const place of places) put(m, place, from, 4)
}

/** Methods of texts and lists that only look at what they are given. */
const asking = new Set('includes has indexOf startsWith endsWith test match some every find filter map'.split(' '))

const isForeign = (m: Machine, value: Value): boolean =>
  value.t === 'unknown' ||
  (value.t === 'library' && 'package' in value.base && value.base.package !== 'global' && !isListed(m, value))

/** Into the local that is named there, and into what that was taken from. */
function put(m: Machine, place: Expr, from: Origins, hops: number): void {
  const binding = chainRoot(place)
  const frame = m.frame
  if (binding === undefined || !frame || hops === 0) return
  const env = moduleForm(m, frame.file).bindings[binding]?.owner === 0 ? undefined : envOf(m, binding)
  if (!env) return
  const held = lookup(m, binding)
  const kept = alternatives(held).map((part): Value => {
    if (part.t === 'unknown') return { ...part, origins: merge(part.origins, from) }
    const cell = m.heap.object(part)
    if (part.t === 'object' && cell && (!cell.is || cell.is === 'response'))
      m.heap.setCell(part, { ...cell, rest: cell.rest ? union([cell.rest, unknown(from)]) : unknown(from) })
    return part
  })
  const local = bindingKey(env.id, binding)
  m.heap.write(local, union(kept))
  handOn(m, local, unknown(from))
  const init = moduleIndex(m, frame.file).declared.get(binding)?.init
  if (init) put(m, init, from, hops - 1)
}
