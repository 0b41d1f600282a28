/** Looks at an expression a second time without anything happening: only what has no effect is looked at. */
import type { Expr } from '../../model/form.ts'
import { isLength } from '../language/lists.ts'
import { lookup } from './module-values.ts'
import type { Machine } from '../machine.ts'
import {
  alternatives,
  constant,
  isNullish,
  shallowOrigins,
  truth,
  undefinedValue,
  union,
  type Value,
} from '../values/value.ts'

/** The value of a name, a property path or a literal; undefined for anything that would have to run. */
export function evaluateQuietly(m: Machine, e: Expr): Value | undefined {
  switch (e.t) {
    case 'literal':
      return constant(e.value)
    case 'undefined':
      return undefinedValue
    case 'name':
      return lookup(m, e.binding)
    case 'chain':
    case 'await':
      return evaluateQuietly(m, e.expr)
    case 'unary': {
      const value = e.op === '!' ? evaluateQuietly(m, e.expr) : undefined
      const known = value && truth(value)
      return known === undefined ? undefined : constant(!known, shallowOrigins(value!))
    }
    case 'member': {
      if (typeof e.key !== 'string') return undefined
      const key = e.key
      const object = evaluateQuietly(m, e.object)
      if (!object) return undefined
      const inner = alternatives(object).flatMap((part): Value[] => {
        const cell = m.heap.object(part)
        const found = cell?.props.get(key) ?? cell?.rest
        if (isNullish(part) === true) return [undefinedValue]
        if (found) return [found]
        if (part.t !== 'unknown') return []
        return [{ ...part, key, ...(isLength(key) ? { lengthOf: part.origins.flags } : {}) }]
      })
      return inner.length > 0 ? union(inner) : undefined
    }
    default:
      return undefined
  }
}
