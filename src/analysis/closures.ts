/** What a function holds on to of the functions that it is written in. */
import { Machine } from './machine.ts'
import { moduleForm, namesUsedIn } from './module-values.ts'
import { alternatives, isValue, type FunctionValue, type Value } from './value.ts'

export interface Held {
  readonly name: string
  readonly value: Value
}

/** @returns the variables of the functions around it that it names, each with the values that it may have */
export function heldOnTo(m: Machine, { file, fn, env }: FunctionValue): readonly Held[] {
  const { bindings } = moduleForm(m, file)
  return namesUsedIn(m, file, fn).flatMap((id): readonly Held[] => {
    for (let at = env; at?.parent; at = at.parent) {
      if (at.fn !== bindings[id]?.owner) continue
      const value = m.read(Machine.bindingKey(at, id))
      const { name } = bindings[id]
      return value && isValue(value) ? alternatives(value).map((part) => ({ name, value: part })) : []
    }
    return []
  })
}
