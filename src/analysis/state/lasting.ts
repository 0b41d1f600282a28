/** What outlives the call in which it was made: all but what holds on to that call's variables. */
import type { Machine } from '../machine.ts'
import { isBoundToCall, union, unknown, type Cell, type Value } from '../values/value.ts'

/**
 * The value with nothing known in the place of closures.
 *
 * @param met what has become of the objects met so far: they may lead back to themselves
 */
export function lasting(m: Machine, value: Value, met: Map<number, Value> = new Map()): Value {
  const inner = (part: Value): Value => lasting(m, part, met)
  switch (value.t) {
    case 'function':
    case 'class':
    case 'native':
      return isBoundToCall(value) ? outOfReach : value
    case 'union': {
      const parts = value.of.map(inner)
      return parts.every((part, i) => part === value.of[i]) ? value : union(parts)
    }
    case 'object': {
      const known = met.get(value.cell)
      if (known) return known
      met.set(value.cell, value)
      const cell = m.heap.cell(value)
      const kept = lastingCell(cell, inner)
      const made = kept === cell ? value : m.heap.newCell(kept, value.origins)
      met.set(value.cell, made)
      return made
    }
    default:
      return value
  }
}

const outOfReach = unknown(undefined, { nullish: 'no' })

function lastingCell(cell: Cell, inner: (value: Value) => Value): Cell {
  const rest = cell.rest && inner(cell.rest)
  if (cell.t === 'array') {
    const items = cell.items.map(inner)
    const isSame = rest === cell.rest && items.every((item, i) => item === cell.items[i])
    return isSame ? cell : { t: 'array', items, ...(rest ? { rest } : {}) }
  }
  const props = new Map([...cell.props].map(([key, value]) => [key, inner(value)]))
  const isSame = rest === cell.rest && [...props].every(([key, value]) => value === cell.props.get(key))
  const { accessors, ...plain } = cell
  if (isSame && !accessors) return cell
  return { ...plain, props, ...(rest ? { rest } : accessors ? { rest: unknown() } : {}) }
}
