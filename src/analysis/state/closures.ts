/** What a function holds on to of the functions that it is written in. */
import type { BindingId, FunctionForm, FunctionId, ModuleForm } from '../../model/form.ts'
import { bindingKey } from './keys.ts'
import type { Machine } from '../machine.ts'
import { moduleForm } from '../code/module-values.ts'
import { alternatives, isValue, type Env, type FunctionValue, type Value } from '../values/value.ts'

export interface Held {
  readonly name: string
  readonly value: Value
}

/** @returns the variables of the functions around it that it names, each with the values that it may have */
export function heldOnTo(m: Machine, fn: FunctionValue): readonly Held[] {
  const { bindings } = moduleForm(m, fn.file)
  return variablesOf(m, fn).flatMap(({ key, binding }): readonly Held[] => {
    const value = m.heap.read(key)
    const { name } = bindings[binding]!
    return value && isValue(value) ? alternatives(value).map((part) => ({ name, value: part })) : []
  })
}

/** The activations that a function is written in, from the inside out, without that of the module. */
export function activationsOf({ env }: FunctionValue): readonly Env[] {
  const found: Env[] = []
  for (let at = env; at && at.fn !== 0; at = at.parent) found.push(at)
  return found
}

/** The variables of the activations that a function is written in and that it names, or functions in it do. */
export function variablesOf(
  m: Machine,
  fn: FunctionValue,
): readonly { readonly key: number; readonly binding: BindingId; readonly env: Env }[] {
  const module = moduleForm(m, fn.file)
  const around = activationsOf(fn)
  if (around.length === 0) return []
  return outerNames(module, fn.fn).flatMap((binding) => {
    const env = around.find((at) => at.fn === module.bindings[binding]!.owner)
    return env ? [{ key: bindingKey(env.id, binding), binding, env }] : []
  })
}

const known = new WeakMap<FunctionForm, readonly BindingId[]>()

/** What a function names, reading or writing, that is neither its own nor the module's; the functions in it included. */
function outerNames(module: ModuleForm, fn: FunctionId): readonly BindingId[] {
  const form = module.functions[fn]
  if (!form) return []
  let names = known.get(form)
  if (!names) known.set(form, (names = findOuterNames(module, form)))
  return names
}

function findOuterNames({ functions, classes, bindings }: ModuleForm, form: FunctionForm): readonly BindingId[] {
  const isWithin = ({ range }: Pick<FunctionForm, 'range'>): boolean =>
    form.range[0] <= range[0] && range[1] <= form.range[1]
  const own = new Set(functions.flatMap((each, id) => (isWithin(each) ? [id] : [])))
  const found = new Set<BindingId>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { t, binding } = node as { t?: string; binding?: unknown }
    if ((t === 'name' || t === 'bind') && typeof binding === 'number') {
      const owner = bindings[binding]?.owner
      if (owner !== undefined && owner > 0 && !own.has(owner)) found.add(binding)
    }
    for (const inner of Object.values(node)) visit(inner)
  }
  for (const id of own) visit([functions[id]!.params, functions[id]!.body])
  for (const { base, members } of classes.filter(isWithin)) visit([base, members])
  return [...found]
}
