/** What imports lead to: the exports of modules and packages, through whatever passes them on. */
import type { ExportForm, ModuleForm } from '../../model/form.ts'
import { evaluate } from './expressions.ts'
import { member } from './members.ts'
import { libraryExport } from '../library/meanings.ts'
import type { Machine } from '../machine.ts'
import { environmentOf } from '../caller/persona.ts'
import { atModuleLevel, moduleBinding, moduleForm, once } from './module-values.ts'
import { From, noOrigins, origins, type OpaqueRef, type Site } from '../values/origins.ts'
import { unknown, type Value } from '../values/value.ts'
import { speaksOfCaller } from '../../catalog/names.ts'

/** What an import of `name` from `specifier` gives. */
export function importedValue(m: Machine, file: string, specifier: string, name: string, site: Site): Value {
  const resolution = m.world.modules.resolve(specifier, file)
  const generated = m.world.generated(name)
  switch (resolution.kind) {
    case 'module':
      return name === '*' ? moduleNamespace(m, resolution.file) : exportedValue(m, resolution.file, name, site)
    case 'package':
      return (
        declaredGuard(m, resolution.name, name, site) ??
        libraryExport(m, resolution.name, name === '*' ? [] : [name], site)
      )
    case 'unresolved':
      // generated at build time, so it is not there: known by what it exports
      if (generated !== undefined) return libraryExport(m, generated, [name], site)
      return heldOutOfSight(m, name === '*' ? specifier : name, why(specifier, resolution.reason), site)
  }
}

/** What hides it, with its name said once. */
const why = (specifier: string, reason: string): string =>
  reason.includes(specifier) ? reason : `“${specifier}” cannot be followed: ${reason}`

/** Something that cannot be read, and why. */
export function opaqueValue(
  m: Machine,
  name: string,
  reason: string,
  site: Site,
  more: Pick<OpaqueRef, 'kept' | 'shared'> = {},
): Value {
  const ref = m.world.same<OpaqueRef>({ t: 'opaque', name, reason, site, mayBeEffect: true, ...more })
  return unknown(origins(From.opaque | (more.shared ? From.installation : From.nothing), ref), { nullish: 'no' })
}

/** What a module holds that cannot be read: it was there before anybody called, unless it says that it speaks of a caller. */
export const heldOutOfSight = (m: Machine, name: string, reason: string, site: Site): Value =>
  opaqueValue(m, name, reason, site, speaksOfCaller(name) ? {} : { shared: 'data' })

function declaredGuard(m: Machine, file: string, name: string, site: Site): Value | undefined {
  const guard = m.world.declared(file, name)
  return guard ? m.world.declaredGuardValue(guard, site) : undefined
}

/** An export of a module, through re-exports and `export *`. */
export function exportedValue(
  m: Machine,
  file: string,
  name: string,
  site: Site,
  seen: ReadonlySet<string> = new Set(),
): Value {
  const declared = declaredGuard(m, file, name, site)
  if (declared) return declared
  const form = moduleForm(m, file)
  if (form.unreadable !== undefined)
    return heldOutOfSight(m, name, `${shortName(file)} could not be read: ${form.unreadable}`, site)
  const key = `${file}\0${name}`
  if (seen.has(key) || seen.size > 200) return unknown()
  const direct = form.exports.find((e) => e.exported === name && !e.typeOnly)
  if (direct) return valueOfExport(m, file, direct, new Set([...seen, key]))
  const whole = wholeOf(form)
  if (whole) return member(m, valueOfExport(m, file, whole, new Set([...seen, key])), name, site)
  if (name === 'default' && form.exports.some(({ common }) => common)) return moduleNamespace(m, file)
  for (const star of form.exports) {
    if (star.exported !== '*' || star.from === undefined || star.typeOnly || name === 'default') continue
    const resolution = m.world.modules.resolve(star.from, file)
    if (resolution.kind === 'module') {
      if (exportsName(m, resolution.file, name, new Set([key])))
        return exportedValue(m, resolution.file, name, site, new Set([...seen, key]))
    } else if (resolution.kind === 'package') {
      const value = libraryExport(m, resolution.name, [name], site)
      if (form.exports.filter((e) => e.exported === '*').length === 1) return value
      if (m.world.catalog.exportOf(resolution.name, name)) return value
    }
  }
  return heldOutOfSight(m, name, `${shortName(file)} does not export it`, site)
}

/** What a CommonJS module is. */
const wholeOf = (form: ModuleForm): ExportForm | undefined => form.exports.find(({ common }) => common === 'whole')

/** By what people know a file. */
export const shortName = (file: string): string => file.split(/[\\/]/).slice(-2).join('/')

function valueOfExport(m: Machine, file: string, e: ExportForm, seen: ReadonlySet<string>): Value {
  const site = { file, range: e.range }
  if (e.from !== undefined) {
    const resolution = m.world.modules.resolve(e.from, file)
    if (resolution.kind === 'module' && e.imported !== undefined && e.imported !== '*')
      return exportedValue(m, resolution.file, e.imported, site, seen)
    return importedValue(m, file, e.from, e.imported ?? e.exported, site)
  }
  if (e.binding !== undefined) return moduleBinding(m, file, e.binding)
  if (e.value) {
    const key = `${environmentOf(m.persona)}${file}\0export ${e.exported}`
    const { value } = e
    return once(m, key, (machine) => atModuleLevel(machine, file, (inner) => evaluate(inner, value, true)))
  }
  return unknown()
}

function exportsName(m: Machine, file: string, name: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false
  seen.add(file)
  const form = moduleForm(m, file)
  return form.exports.some((e) => {
    if (e.common === 'whole') return true
    if (e.exported === name && !e.typeOnly) return true
    if (e.exported !== '*' || e.from === undefined) return false
    const resolution = m.world.modules.resolve(e.from, file)
    return resolution.kind === 'module' && exportsName(m, resolution.file, name, seen)
  })
}

/** `import * as x`, `await import(…)`: an object whose properties are the exports, each looked up when it is read. */
export function moduleNamespace(m: Machine, file: string): Value {
  const key = `${file}\0*`
  const known = m.world.moduleValues.get(key)
  if (known) return known
  const form = moduleForm(m, file)
  if (form.unreadable !== undefined)
    return heldOutOfSight(m, '*', `${shortName(file)} could not be read: ${form.unreadable}`, { file, range: [0, 0] })
  const value: Value = { t: 'library', base: { package: `module:${file}` }, path: [], origins: noOrigins }
  m.world.moduleValues.set(key, value)
  return value
}

/** What `import(…)` gives, or `require(…)`: a CommonJS module is what it exports. */
export function importModule(m: Machine, file: string, specifier: string, site: Site, required: boolean): Value {
  const resolution = required ? m.world.modules.resolve(specifier, file) : undefined
  const whole = resolution?.kind === 'module' ? wholeOf(moduleForm(m, resolution.file)) : undefined
  if (whole && resolution?.kind === 'module') return valueOfExport(m, resolution.file, whole, new Set())
  return importedValue(m, file, specifier, '*', site)
}

// --- where module bindings get their values ------------------------------------------------------------------------------
