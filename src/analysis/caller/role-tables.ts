/**
 * What the caller's role leads to: `permissions[member.role]`, the rights that stand in rows of theirs. What is looked for in
 * it, and found, is a right that was asked for.
 */
import { permissionMember, roleColumn, snake } from '../../catalog/names.ts'
import type { Machine } from '../machine.ts'
import { From, origins, type Origins } from '../values/origins.ts'
import { alternatives, union, withOrigins, type UnknownValue, type Value } from '../values/value.ts'
import { rightHeld } from './ties.ts'

const ofRight = origins(From.right)

/** Rights that stand in a row of the caller's. */
export const rightsIn = (m: Machine, row: UnknownValue, key: string): Origins | undefined =>
  m.tracing && row.mine === true && permissionMember.test(key) ? ofRight : undefined

/** It is the role that the caller has. */
export const isOwnRole = (m: Machine, value: Value): boolean =>
  m.tracing &&
  alternatives(value).some(
    (part) =>
      part.t === 'unknown' &&
      part.key !== undefined &&
      roleColumn.test(snake(part.key)) &&
      (part.mine === true || (part.origins.flags & From.principal) !== 0),
  )

export const isOfRight = ({ flags }: Origins): boolean => (flags & From.right) !== 0

/** What stands in such a table for the caller's role: that a list is there says nothing, what is in it does. */
export const pickedByRole = (value: Value): Value => withOrigins(value.t === 'const' ? held(value) : value, ofRight)

/** An answer that such a table gives: where it is yes, the caller may. */
export function held(answer: Value): Value {
  switch (answer.t) {
    case 'union':
      return union(answer.of.map(held))
    case 'unknown':
      return { ...answer, whenTrue: [...(answer.whenTrue ?? []), rightHeld] }
    case 'const':
    case 'object':
      return { ...answer, given: [...(answer.given ?? []), rightHeld] }
    default:
      return answer
  }
}
