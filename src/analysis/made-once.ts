/**
 * What a module makes when it is first needed, and holds from then on: `client ??= new Client()`.
 *
 * A run that comes to it makes it anew, on each path. Where nothing tells it from what the module is known to hold, it is that
 * one: then what was found out about calls that look at it is true on all paths and in all runs.
 */
import type { BindingId, Expr } from '../model/form.ts'
import type { Machine } from './machine.ts'
import { moduleBinding, moduleForm } from './module-values.ts'
import { alternatives, isValue, type Cell, type ObjectValue, type Value } from './value.ts'

/** How deep two objects are compared. */
const depth = 4

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
    (part): part is ObjectValue => part.t === 'object' && m.world.heap.has(part.cell) && isAlike(m, made, part, depth),
  )
  return alike && !another ? { ...alike, origins: made.origins } : made
}

function isAlike(m: Machine, a: Value, b: Value, left: number): boolean {
  if (a === b) return true
  if (left === 0) return false
  switch (a.t) {
    case 'const':
      return b.t === 'const' && Object.is(a.value, b.value) && isSameOrigin(a, b)
    case 'function':
      return b.t === 'function' && a.file === b.file && a.fn === b.fn && a.env === b.env
    case 'unknown':
      return b.t === 'unknown' && a.key === b.key && a.nullish === b.nullish && isSameOrigin(a, b)
    case 'library':
      return b.t === 'library' && a.base === b.base && a.path.join('.') === b.path.join('.')
    case 'object': {
      if (b.t !== 'object' || !isSameOrigin(a, b)) return false
      const [one, other] = [m.cell(a), m.cell(b)]
      return isAlikeCell(one, other, (inner, of) => isAlike(m, inner, of, left - 1))
    }
    default:
      return false
  }
}

const isSameOrigin = (a: Pick<ObjectValue, 'origins'>, b: Pick<ObjectValue, 'origins'>): boolean =>
  a.origins.flags === b.origins.flags &&
  a.origins.refs.length === b.origins.refs.length &&
  a.origins.refs.every((ref) => b.origins.refs.includes(ref))

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
    !a.accessors &&
    !b.accessors &&
    a.props.size === b.props.size &&
    [...a.props].every(([key, value]) => both(value, b.props.get(key)))
  )
}
