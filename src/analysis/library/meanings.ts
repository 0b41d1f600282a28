/** What a library hands out: its exports and their members, each with what the catalogue says of it. */
import type { EffectMeaning, Meaning } from '../../catalog/meaning.ts'
import { builtinGlobal } from '../language/globals.ts'
import type { Machine } from '../machine.ts'
import { exportedValue, heldOutOfSight } from '../code/module-exports.ts'
import { keptInGlobal } from '../code/module-values.ts'
import { noOrigins, type Site } from '../values/origins.ts'
import { result } from './results.ts'
import { constant, undefinedValue, union, unknown, type LibraryValue, type Value } from '../values/value.ts'

/** An export of a package that is not followed. */
export function libraryExport(m: Machine, packageName: string, path: readonly string[], site: Site): Value {
  return valueOf(m, { t: 'library', base: { package: packageName }, path, origins: noOrigins }, site)
}

/** What the language or the platform calls so. */
export function globalValue(m: Machine, name: string, site: Site): Value {
  const meaning = m.world.catalog.global(name)
  if (meaning)
    return m.world.catalog.isGlobalPrefix(name) ? globalLibrary([name]) : valueOf(m, globalLibrary([name]), site)
  if (m.world.catalog.isGlobalPrefix(name)) return globalLibrary([name])
  const built = builtinGlobal(name)
  if (built) return built
  if (name === 'globalThis' || name === 'global' || name === 'self') return globalLibrary(['globalThis'])
  if (name === 'require' || name === 'module' || name === 'exports' || name === 'arguments') return unknown()
  if (name === 'window' || name === 'document' || name === 'localStorage') return unknown()
  if (name === 'NaN' || name === 'Infinity') return unknown(noOrigins, { nullish: 'no' })
  // declared somewhere, or put there by what runs the code
  return { ...heldOutOfSight(m, name, 'it is a global that nothing in sight defines', site), nullish: 'maybe' } as Value
}

const globalLibrary = (path: readonly string[]): LibraryValue => ({
  t: 'library',
  base: { package: 'global' },
  path,
  origins: noOrigins,
})

/** A library value; what the catalogue knows as a plain value becomes that value. */
function valueOf(m: Machine, value: LibraryValue, site: Site): Value {
  const meaning = meaningOf(m, value)
  if (meaning?.meaning.kind !== 'value') return value
  const plain = result(m, meaning.meaning.is, { args: [], site, name: nameOf(value), from: value.origins })
  const hasMembers = 'instance' in value.base && m.world.catalog.isPrefix(value.base.instance, value.path)
  return plain.t === 'unknown' && hasMembers ? { ...plain, key: value.path.at(-1)!, members: value } : plain
}

/** What the catalogue says of something, and the names that stand for its wildcards. */
export interface Found {
  readonly meaning: Meaning
  readonly segments: readonly string[]
}

/** What the catalogue says of it; undefined where it says nothing. */
export function meaningOf(m: Machine, value: LibraryValue): Found | undefined {
  if (value.meaning) return { meaning: value.meaning, segments: [] }
  if ('package' in value.base) {
    const path = value.path.join('.')
    const pkg = value.base.package
    const found = pkg === 'global' ? m.world.catalog.global(path) : m.world.catalog.exportOf(pkg, path)
    return found && { meaning: found, segments: [] }
  }
  if (value.path.length === 0) {
    const call = m.world.catalog.instance(value.base.instance)?.call
    return call && { meaning: call, segments: [] }
  }
  const found = m.world.catalog.member(value.base.instance, value.path)
  return typeof found === 'object' ? found : undefined
}

/** What calling it does to what the library keeps. */
export function effectOf(m: Machine, value: LibraryValue): EffectMeaning | undefined {
  const meaning = meaningOf(m, value)?.meaning
  return meaning?.kind === 'call' ? meaning.effect : undefined
}

/** The catalogue says what it is. */
export const isListed = (m: Machine, value: LibraryValue): boolean => meaningOf(m, value) !== undefined

/** What it is called in evidence. */
export const nameOf = (value: LibraryValue): string =>
  'package' in value.base
    ? value.path.join('.') || value.base.package
    : [value.base.instance.split('.').at(-1), ...value.path].join('.')

/** A member of something that a library gives. */
export function libraryMember(m: Machine, value: LibraryValue, key: string, site: Site): Value {
  if ('package' in value.base && value.base.package.startsWith('module:')) {
    return exportedValue(m, value.base.package.slice('module:'.length), key, site)
  }
  const longer: LibraryValue = { ...value, path: [...value.path, key], meaning: undefined }
  if ('package' in value.base && value.base.package === 'global') {
    const path = longer.path.join('.')
    if (value.path[0] === 'globalThis')
      return value.path.length === 1 ? globalSlot(m, key, site) : unknown(value.origins, { key })
    if (m.world.catalog.global(path) ?? m.world.catalog.isGlobalPrefix(path)) return valueOf(m, longer, site)
    return builtinGlobal(path) ?? unknown(value.origins, { key })
  }
  const enumerated = 'package' in value.base && m.world.catalog.libraryOf(value.base.package)?.enums
  if (enumerated && value.path.length === 1 && m.world.hasEnumValue?.(site.file, value.path[0]!, key))
    return constant(key)
  // the default export of an interop module is the module
  if ('package' in value.base && key === 'default' && value.path.length === 0 && !meaningOf(m, longer)) {
    return m.world.catalog.exportOf(value.base.package, 'default') ? valueOf(m, longer, site) : value
  }
  if (!('package' in value.base) && key === '$inferred') return unknown()
  return valueOf(m, longer, site)
}

/** `globalThis.db`: what the module at hand keeps there, or the global of that name. */
function globalSlot(m: Machine, key: string, site: Site): Value {
  const kept = keptInGlobal(m, key)
  if (kept) return union([kept, undefinedValue])
  const known = globalValue(m, key, site)
  return known.t === 'unknown' ? unknown(noOrigins, { key }) : known
}
