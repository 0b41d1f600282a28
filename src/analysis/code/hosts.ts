/** What runs the application gives it: the same whoever calls. */
import { hostEvents } from '../../catalog/hosts.ts'
import type { BindingId, Expr, FunctionId, ModuleForm } from '../../model/form.ts'
import type { Machine } from '../machine.ts'
import { moduleForm } from './module-values.ts'

/** `export default { fetch(request, env, context) {} }`: all but the first parameter are of the host. */
export function isOfHost(m: Machine, file: string, fn: FunctionId, parameter: BindingId): boolean {
  const form = moduleForm(m, file)
  const at = form.functions[fn]?.params.findIndex(
    ({ pattern, rest }) => !rest && pattern.t === 'bind' && pattern.binding === parameter,
  )
  if (at === undefined || at < 1) return false
  return form.exports.some(
    ({ exported, value, binding }) =>
      exported === 'default' && handlersIn(m, form, value ?? initOf(form, binding)).includes(fn),
  )
}

/** Such methods of the object, as it stands there, or as a package makes something of it: code of the project may tell them more. */
function handlersIn(m: Machine, form: ModuleForm, e: Expr | undefined, depth = 3): readonly FunctionId[] {
  if (!e || depth === 0) return []
  switch (e.t) {
    case 'name':
      return handlersIn(m, form, initOf(form, e.binding), depth - 1)
    case 'call':
      if (!isOfPackage(m, form, e.callee)) return []
      return e.args.flatMap((arg) => (arg.t === 'spread' ? [] : handlersIn(m, form, arg, depth - 1)))
    case 'object':
      return e.props.flatMap((prop) =>
        prop.t === 'prop' && typeof prop.key === 'string' && hostEvents.has(prop.key) && prop.value.t === 'function'
          ? [prop.value.fn]
          : [],
      )
    default:
      return []
  }
}

function isOfPackage(m: Machine, form: ModuleForm, callee: Expr): boolean {
  const root = callee.t === 'member' ? callee.object : callee
  const imported = root.t === 'name' ? form.imports[form.bindings[root.binding]?.import ?? -1] : undefined
  return imported !== undefined && m.world.modules.resolve(imported.from, form.file).kind === 'package'
}

function initOf(form: ModuleForm, binding: BindingId | undefined): Expr | undefined {
  for (const statement of form.functions[0]?.body ?? [])
    if (statement.t === 'declare' && statement.pattern.t === 'bind' && statement.pattern.binding === binding)
      return statement.init
  return undefined
}
