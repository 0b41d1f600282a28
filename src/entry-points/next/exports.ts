/** What a module exports, each name with where it stands and where a comment about it may stand. */
import { exportedValue } from '../../analysis/code/module-exports.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { Value } from '../../analysis/values/value.ts'
import type { ExportForm, FunctionForm, ModuleForm, Range, Stmt } from '../../model/form.ts'

export interface Exported {
  readonly name: string
  readonly value: Value
  /** The declared name; what is exported where it has none. */
  readonly range: Range
  readonly statement: Range
  readonly markerAnchors: readonly number[]
  /** The function itself, when it is written here. */
  readonly fn?: FunctionForm
  /** The module that it is brought from. */
  readonly from?: string
}

/** All names, those of `export *` included. */
export function exportsOf(m: Machine, file: string): Exported[] {
  const form = moduleForm(m, file)
  const names = new Set<string>()
  const found: Exported[] = []
  for (const e of form.exports) {
    if (e.typeOnly) continue
    const given = e.exported === '*' ? namesOf(m, file, e, new Set([file])) : [e.exported]
    for (const name of given) {
      if (names.has(name)) continue
      names.add(name)
      found.push({ name, ...placeOf(m, form, e), value: exportedValue(m, file, name, { file, range: e.range }) })
    }
  }
  return found
}

function namesOf(m: Machine, file: string, star: ExportForm, seen: Set<string>): string[] {
  const target = star.from === undefined ? undefined : m.world.modules.resolve(star.from, file)
  if (target?.kind !== 'module' || seen.has(target.file)) return []
  seen.add(target.file)
  return moduleForm(m, target.file).exports.flatMap((e) => {
    if (e.typeOnly || e.exported === 'default') return []
    return e.exported === '*' ? namesOf(m, target.file, e, seen) : [e.exported]
  })
}

function placeOf(m: Machine, form: ModuleForm, e: ExportForm): Omit<Exported, 'name' | 'value'> {
  const binding = e.binding === undefined ? undefined : form.bindings[e.binding]
  const imported = e.from ?? (binding?.import === undefined ? undefined : form.imports[binding.import]?.from)
  const target = imported === undefined ? undefined : m.world.modules.resolve(imported, form.file)
  const from = target?.kind === 'module' ? { from: target.file } : {}
  const declaration = e.binding === undefined || imported !== undefined ? undefined : declarationOf(form, e.binding)
  const statement = e.statement ?? declaration?.statement ?? declaration?.range ?? e.range
  // `export { a as GET }` is where that name is given
  const named = e.statement ? e.range : binding && binding.name !== 'default' ? binding.range : e.range
  const init = e.value ?? declaration?.init
  const fn = init?.t === 'function' ? form.functions[init.fn] : undefined
  const anchors = [statement[0], e.range[0], ...(declaration ? [(declaration.statement ?? declaration.range)[0]] : [])]
  return {
    range: named,
    statement: declaration?.statement ?? declaration?.range ?? statement,
    markerAnchors: [...new Set(anchors)],
    ...(fn ? { fn } : {}),
    ...from,
  }
}

type Declaration = Extract<Stmt, { t: 'declare' }>

function declarationOf(form: ModuleForm, binding: number): Declaration | undefined {
  return form.functions[0]?.body.find((s): s is Declaration => s.t === 'declare' && binds(s.pattern, binding))
}

function binds(pattern: Declaration['pattern'], binding: number): boolean {
  switch (pattern.t) {
    case 'bind':
      return pattern.binding === binding
    case 'object':
      return (
        pattern.props.some((prop) => binds(prop.value, binding)) ||
        (pattern.rest ? binds(pattern.rest, binding) : false)
      )
    case 'array':
      return pattern.items.some((item) => item !== null && binds(item, binding))
    case 'default':
      return binds(pattern.pattern, binding)
    case 'target':
      return false
  }
}
