/** Where an exported name was declared, through re-exports and barrels. */
import type { Modules } from './analysis/code/modules.ts'
import type { BindingId } from './model/form.ts'

export interface ExportOrigin {
  readonly file: string
  readonly name: string
  readonly binding?: BindingId
}

export function originOf(
  modules: Modules,
  file: string,
  name: string,
  seen: Set<string> = new Set(),
): ExportOrigin | undefined {
  const key = `${file}\0${name}`
  if (seen.has(key) || seen.size > 200) return undefined
  seen.add(key)
  const form = modules.module(file)
  const direct = form.exports.find((e) => e.exported === name && !e.typeOnly)
  if (direct?.from !== undefined) {
    const found = modules.resolve(direct.from, file)
    return found.kind === 'module' && direct.imported !== undefined && direct.imported !== '*'
      ? originOf(modules, found.file, direct.imported, seen)
      : undefined
  }
  if (direct) {
    const imported = direct.binding === undefined ? undefined : importedAs(modules, file, direct.binding)
    return imported
      ? originOf(modules, imported.file, imported.name, seen)
      : { file, name, ...(direct.binding === undefined ? {} : { binding: direct.binding }) }
  }
  for (const star of form.exports) {
    if (star.exported !== '*' || star.from === undefined || star.typeOnly || name === 'default') continue
    const found = modules.resolve(star.from, file)
    const origin = found.kind === 'module' ? originOf(modules, found.file, name, seen) : undefined
    if (origin) return origin
  }
  return undefined
}

/** The module and the name that an imported binding comes from, when that is a module of the project. */
export function importedAs(
  modules: Modules,
  file: string,
  binding: BindingId,
): { readonly file: string; readonly name: string; readonly specifier: string } | undefined {
  const form = modules.module(file)
  const at = form.bindings[binding]?.import
  const imported = at === undefined ? undefined : form.imports[at]
  if (imported?.imported === undefined || imported.imported === '*' || imported.typeOnly) return undefined
  const found = modules.resolve(imported.from, file)
  return found.kind === 'module' ? { file: found.file, name: imported.imported, specifier: imported.from } : undefined
}
