/** In which properties an object differs from what it was: a call that looks at one of them hangs on no other. */
import { isSameOrigin, merge, noOrigins, type Origins } from '../values/origins.ts'
import { heldBy, isValue, shallowOrigins, type Cell, type ObjectCell, type Value } from '../values/value.ts'

/** Stands for what an object holds besides the properties that are known: others, and what it is. */
export const others = '\0others'

/** Stands for where what an object holds comes from, all of it taken together. */
export const contents = '\0contents'

/** The properties in which two objects differ; none where they are not two objects. */
export function propertiesChanged(
  before: Value | Cell | undefined,
  now: Value | Cell | undefined,
): readonly string[] | undefined {
  if (!before || !now || isValue(before) || isValue(now) || before.t !== 'object' || now.t !== 'object')
    return undefined
  const names = new Set([...before.props.keys(), ...now.props.keys()])
  const changed = [...names].filter((name) => before.props.get(name) !== now.props.get(name))
  if (!hasSameOthers(before, now)) changed.push(others)
  if (changed.length > 0 && !isSameOrigin(originOf(before), originOf(now))) changed.push(contents)
  return changed
}

/** Where what an object holds comes from. */
export const originOf = (cell: ObjectCell): Origins => heldBy(cell).map(shallowOrigins).reduce(merge, noOrigins)

const hasSameOthers = (a: ObjectCell, b: ObjectCell): boolean =>
  a.rest === b.rest &&
  a.is === b.is &&
  a.cls === b.cls &&
  a.status === b.status &&
  a.keyed === b.keyed &&
  a.checked === b.checked &&
  (a.accessors === b.accessors || isSameContent(a.accessors, b.accessors))

/** Two lists, or two maps, of the same things. */
export function isSameContent(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i])
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
  return false
}
