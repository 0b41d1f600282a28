/** What a module hands out that leads to one of its functions, or to one of its variables. */
import type { BindingId, FunctionId, ModuleForm, Stmt } from '../../model/form.ts'

/** What a part of a module's body speaks of, in the functions that it makes as well, and what it gives a value. */
interface Part {
  readonly functions: Set<FunctionId>
  readonly mentioned: Set<BindingId>
  readonly given: Set<BindingId>
}

/** A function of the module, or a variable of its body. */
export type Place = { readonly fn: FunctionId } | { readonly binding: BindingId }

/** Names of exports whose code speaks of it, or of something else of the module that does. */
export function exportsLeadingTo(form: ModuleForm, place: Place): readonly string[] {
  const parts = (form.functions[0]?.body ?? []).map((statement) => partOf(form, statement, statement))
  const known = new Set<BindingId>('binding' in place ? [place.binding] : [])
  const leads = ({ functions, mentioned }: Part): boolean =>
    ('fn' in place && functions.has(place.fn)) || [...mentioned].some((binding) => known.has(binding))
  for (let before = -1; before < known.size;) {
    before = known.size
    for (const part of parts) if (leads(part)) for (const binding of part.given) known.add(binding)
  }
  return form.exports.flatMap(({ binding, value, exported, typeOnly }) => {
    const isLed = (binding !== undefined && known.has(binding)) || (value && leads(partOf(form, value)))
    return isLed && !typeOnly ? [exported] : []
  })
}

function partOf(form: ModuleForm, root: unknown, statement?: Stmt): Part {
  const part: Part = { functions: new Set(), mentioned: new Set(), given: new Set() }
  const isOwn = (binding: BindingId): boolean => form.bindings[binding]?.owner === 0
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const { t, binding, fn, cls } = node as { t?: string; binding?: number; fn?: number; cls?: number }
    if (t === 'name' && binding !== undefined) part.mentioned.add(binding)
    if (t === 'bind' && binding !== undefined && isOwn(binding)) part.given.add(binding)
    if (fn !== undefined && !part.functions.has(fn)) {
      part.functions.add(fn)
      visit([form.functions[fn]?.params, form.functions[fn]?.body])
    }
    if (t === 'class' && cls !== undefined) {
      const { base, construct, members } = form.classes[cls] ?? {}
      visit([base, members, construct === undefined ? undefined : { fn: construct }])
    }
    for (const [key, inner] of Object.entries(node)) if (key !== 'range' && typeof inner === 'object') visit(inner)
  }
  visit(root)
  // it puts something into what it names: `api.run = run`
  if (statement && statement.t !== 'declare')
    for (const binding of part.mentioned) if (isOwn(binding)) part.given.add(binding)
  return part
}
