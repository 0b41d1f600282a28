/**
 * What a module makes when it is first needed, and holds from then on: `client ??= new Client()`.
 *
 * A run that comes to it makes it anew, on each path. Where nothing tells it from what the module is known to hold, it is that
 * one: then what was found out about calls that look at it is true on all paths and in all runs.
 */
import type { BindingId, Expr } from '../../model/form.ts'
import type { Machine } from '../machine.ts'
import { moduleBinding, moduleForm } from './module-values.ts'
import { isSameOrigin } from '../values/origins.ts'
import { alternatives, isValue, type Cell, type ObjectValue, type Value } from '../values/value.ts'

/**
 * @param made what is assigned to a variable
 * @param e the expression that made it: nobody else holds it yet
 * @returns what the module is known to hold, where that is the same
 */
export function asHeld(m: Machine, binding: BindingId, made: Value, e: Expr): Value {
  const file = m.frame?.file
  if (made.t !== 'object' || m.atModuleLevel || file === undefined || m.world.heap.has(made.cell)) return made
  if (e.t === 'name' || e.t === 'member' || moduleForm(m, file).bindings[binding]?.owner !== 0) return made
  const [alike, another] = alternatives(moduleBinding(m, file, binding)).filter(
    (part): part is ObjectValue =>
      part.t === 'object' && m.world.heap.has(part.cell) && isAlike(m, made, part, new Map()),
  )
  return alike && !another ? { ...alike, origins: made.origins } : made
}

/** @param pairs the objects that are being compared: they may hold themselves */
function isAlike(m: Machine, a: Value, b: Value, pairs: Map<number, number>): boolean {
  if (a === b) return true
  if (a.t === 'object' && b.t === 'object') {
    if (!isSameOrigin(a.origins, b.origins)) return false
    const paired = pairs.get(a.cell)
    if (paired !== undefined) return paired === b.cell
    pairs.set(a.cell, b.cell)
    return isAlikeCell(m.heap.cell(a), m.heap.cell(b), (inner, of) => isAlike(m, inner, of, pairs))
  }
  if (a.t === 'function' && b.t === 'function') {
    const isOfAlike = a.self === b.self || (!!a.self && !!b.self && isAlike(m, a.self, b.self, pairs))
    return a.file === b.file && a.fn === b.fn && a.env === b.env && isOfAlike
  }
  if (a.t === 'const' || a.t === 'unknown' || a.t === 'library')
    return b.t === a.t && isSameOrigin(a.origins, b.origins) && hasSameFields(a, b)
  return false
}

/** But for where it comes from. */
function hasSameFields(a: Value, b: Value): boolean {
  const fields = new Map(Object.entries(a))
  const others = Object.entries(b)
  return fields.size === others.length && others.every(([name, of]) => name === 'origins' || fields.get(name) === of)
}

function isAlikeCell(a: Cell, b: Cell, alike: (a: Value, b: Value) => boolean): boolean {
  const both = (one: Value | undefined, other: Value | undefined): boolean =>
    one === other || (one !== undefined && other !== undefined && isValue(one) && alike(one, other))
  if (!both(a.rest, b.rest)) return false
  if (a.t === 'array')
    return b.t === 'array' && a.items.length === b.items.length && a.items.every((item, i) => both(item, b.items[i]))
  if (b.t === 'array') return false
  return (
    a.is === b.is &&
    a.cls?.file === b.cls?.file &&
    a.cls?.cls === b.cls?.cls &&
    a.status === b.status &&
    a.keyed === b.keyed &&
    a.checked === b.checked &&
    !a.accessors &&
    !b.accessors &&
    a.props.size === b.props.size &&
    [...a.props].every(([key, value]) => both(value, b.props.get(key)))
  )
}
