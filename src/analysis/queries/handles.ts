/**
 * Handles: keys of rows that the server makes up itself and hands to whoever caused the row, in a cookie (a guest's cart, a
 * draft without an account). Nobody else knows them, so who shows one may have its row.
 */
import type { Machine } from '../machine.ts'
import { assignedValues, atModuleLevel, moduleForm } from '../code/module-values.ts'
import { visitCalls } from '../code/module-index.ts'
import { callerChosen, From, type Origins } from '../values/origins.ts'
import { constant, truth } from '../values/value.ts'
import type { Arg, Expr } from '../../model/form.ts'
import type { ModelFacts } from '../world.ts'

/** Whether the value with which a column is compared is such a handle, shown by the caller. */
export function isHandle(m: Machine, file: string, model: ModelFacts, column: string, { flags }: Origins): boolean {
  if ((flags & callerChosen) !== From.cookie || (flags & From.row) !== 0) return false
  return model.madeUpKeys.includes(column) && isHandedOut(m, file, model.name)
}

/** The module puts the key of a row that it has just inserted into a cookie. */
function isHandedOut(m: Machine, file: string, model: string): boolean {
  const key = `${file}\0handle ${model}`
  const known = m.world.moduleValues.get(key)
  if (known) return truth(known) === true
  m.world.moduleValues.set(key, constant(false))
  const found = atModuleLevel(m, file, (inner) =>
    moduleForm(inner, file).functions.some((fn, id) => {
      const given: Expr[] = []
      visitCalls(fn.body, ({ callee, args }) => {
        if (callee.t === 'member' && callee.key === 'set') given.push(...keptBy(args))
      })
      return assignedValues(
        inner,
        file,
        given.map((value) => ({ value, fn: id })),
      ).some((value) => isOfNewRow(inner.heap.originsOf(value, 3), model))
    }),
  )
  m.world.moduleValues.set(key, constant(found))
  return found
}

/** `set(name, value)`, `set({ name, value })`. */
function keptBy([first, second]: readonly Arg[]): Expr[] {
  if (second) return second.t === 'spread' ? [] : [second]
  if (first?.t !== 'object') return []
  return first.props.flatMap((prop) => (prop.t === 'prop' && prop.key === 'value' ? [prop.value] : []))
}

const isOfNewRow = ({ refs }: Origins, model: string): boolean =>
  refs.some((ref) => ref.t === 'read' && ref.effect.verb === 'insert' && ref.effect.model?.name === model)
