/** What belongs to a module outlives the request: the next caller finds what was put there for this one. */
import type { Machine } from '../machine.ts'
import { From, type Site } from '../values/origins.ts'
import { alternatives, shallowOrigins, type ObjectValue, type Value } from '../values/value.ts'
import { addNote } from './notes.ts'

/** @param name what it is called, where it is one caller's */
export function noteKept(m: Machine, name: () => string, value: Value, site: Site): void {
  if (m.atModuleLevel || m.frame?.fn === 0 || m.anonymous) return
  if (isPersonal(m, value)) addNote(m, 'moduleState', name(), site)
}

/** The same of a slot of an object: of one that a module has made, and that every request finds. */
export function noteKeptIn(m: Machine, object: Value, name: () => string, value: Value, site: Site): void {
  const parts = alternatives(object).map((part) => (part.t === 'class' ? part.statics : part))
  if (parts.some((part) => part?.t === 'object' && isOfModule(m, part))) noteKept(m, name, value, site)
}

const isOfModule = (m: Machine, { cell }: ObjectValue): boolean => m.world.heap.has(cell)

/** Who the caller is, or rows that were found by it. */
function isPersonal(m: Machine, value: Value): boolean {
  const { flags, refs } = m.heap.originsOf(value)
  if ((flags & From.principal) !== 0) return true
  return refs.some(
    (ref) =>
      ref.t === 'read' &&
      !ref.hint &&
      ref.effect.conditions?.some((pair) => (shallowOrigins(pair.value).flags & From.principal) !== 0) === true,
  )
}
