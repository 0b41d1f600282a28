import path from 'node:path'
import type { Disk } from './disk.ts'
import { Derived } from './freshness.ts'
import { isObject, strings, type JsonObject } from './json.ts'
import { splitSpecifier } from './packages.ts'
import { readJson } from './read-json.ts'

/** What a tsconfig says about where imports lead. */
export interface PathMap {
  readonly file: string
  /** Folder that `paths` are relative to. */
  readonly pathsBase?: string
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[]
  readonly baseUrl?: string
}

/**
 * A tolerant reader of `paths` and `baseUrl`. A tsconfig whose `extends` leads nowhere (nothing is installed, a framework
 * has not generated it yet) keeps what it says itself, as with tsc; other readers, native resolvers included, then answer
 * nothing at all, not even for relative imports.
 */
export class Tsconfigs {
  readonly #disk: Disk
  readonly #packageFolder: (name: string, from: string) => string | undefined
  readonly #byFolder = new Map<string, Derived<readonly PathMap[]>>()

  /** `packageFolder` finds workspace packages, which `extends` may name. */
  constructor(disk: Disk, packageFolder: (name: string, from: string) => string | undefined) {
    this.#disk = disk
    this.#packageFolder = packageFolder
  }

  /** The maps that apply to files of a folder, in the order in which they are asked. */
  mapsFor(folder: string): readonly PathMap[] {
    let node = this.#byFolder.get(folder)
    if (node === undefined) {
      node = this.#disk.world.derived(() => this.#maps(folder), sameJson)
      this.#byFolder.set(folder, node)
    }
    return node.get()
  }

  #maps(folder: string): readonly PathMap[] {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const file = path.join(folder, name)
      if (this.#disk.isFile(file)) return this.#withReferences(file)
    }
    const parent = path.dirname(folder)
    return parent === folder ? [] : this.mapsFor(parent)
  }

  /** A solution file has no paths of its own: those of the projects that it refers to apply. */
  #withReferences(file: string): readonly PathMap[] {
    const maps = [this.#load(file, new Set())]
    const references = readJson(this.#disk, file)?.references
    if (Array.isArray(references)) {
      for (const reference of references) {
        if (!isObject(reference) || typeof reference.path !== 'string') continue
        const target = path.resolve(path.dirname(file), reference.path)
        const config = this.#disk.isDirectory(target) ? path.join(target, 'tsconfig.json') : target
        // Another package's configuration is none of this folder's, a neighbour (tsconfig.app.json) is.
        if (path.dirname(config) === path.dirname(file)) maps.push(this.#load(config, new Set()))
      }
    }
    return maps.filter((map) => map.paths.length > 0 || map.baseUrl !== undefined)
  }

  #load(file: string, seen: Set<string>): PathMap {
    const empty: PathMap = { file, paths: [] }
    const json = seen.has(file) ? undefined : readJson(this.#disk, file)
    if (json === undefined) return empty
    seen.add(file)
    // Later entries of an `extends` array win over earlier ones.
    let inherited = empty
    for (const base of strings(json.extends)) {
      const found = this.#extended(base, path.dirname(file))
      if (found === undefined) continue
      const map = this.#load(found, seen)
      inherited = {
        file,
        paths: map.paths.length > 0 ? map.paths : inherited.paths,
        pathsBase: map.paths.length > 0 ? map.pathsBase : inherited.pathsBase,
        baseUrl: map.baseUrl ?? inherited.baseUrl,
      }
    }
    const options = isObject(json.compilerOptions) ? json.compilerOptions : {}
    const own = pathsOf(options)
    const folder = path.dirname(file)
    const absolute = (to: string): string => path.resolve(folder, to.replace('${configDir}', folder))
    const baseUrl = typeof options.baseUrl === 'string' ? absolute(options.baseUrl) : inherited.baseUrl
    return {
      file,
      paths: own ?? inherited.paths,
      pathsBase: own === undefined ? inherited.pathsBase : (baseUrl ?? folder),
      baseUrl,
    }
  }

  #extended(specifier: string, folder: string): string | undefined {
    const bases: string[] = []
    if (/^\.{1,2}(?:[/\\]|$)/.test(specifier) || path.isAbsolute(specifier)) {
      bases.push(path.resolve(folder, specifier))
    } else {
      const [name, rest] = splitSpecifier(specifier)
      const workspace = this.#packageFolder(name, folder)
      const folders = workspace === undefined ? [] : [workspace]
      for (let up = folder; ; up = path.dirname(up)) {
        folders.push(path.join(up, 'node_modules', name))
        if (path.dirname(up) === up) break
      }
      for (const found of folders) {
        const main = rest === '' ? readJson(this.#disk, path.join(found, 'package.json'))?.tsconfig : undefined
        bases.push(path.join(found, typeof main === 'string' ? main : rest))
      }
    }
    for (const base of bases) {
      for (const file of [base, `${base}.json`, path.join(base, 'tsconfig.json')]) {
        if (this.#disk.isFile(file)) return file
      }
    }
    return undefined
  }
}

/**
 * The places that a specifier may stand for by `paths`; none when no pattern matches. `aliased`: it is meant to be one of
 * them (a bare `*` matches every package too).
 */
export function mapped(
  specifier: string,
  map: PathMap,
): { readonly places: readonly string[]; readonly aliased: boolean } {
  let best: { readonly targets: readonly string[]; readonly star: string; readonly length: number } | undefined
  for (const [pattern, targets] of map.paths) {
    const star = pattern.indexOf('*')
    if (star < 0) {
      if (pattern === specifier) best = { targets, star: '', length: Infinity }
      continue
    }
    const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
    if (specifier.length < before.length + after.length) continue
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) continue
    // The longest prefix wins.
    if (best === undefined || before.length > best.length) {
      best = { targets, star: specifier.slice(before.length, specifier.length - after.length), length: before.length }
    }
  }
  if (best === undefined) return { places: [], aliased: false }
  const base = map.pathsBase ?? path.dirname(map.file)
  const places = best.targets.map((target) => {
    const at = target.replace('${configDir}', path.dirname(map.file)).replace('*', () => best.star)
    return path.resolve(base, at)
  })
  return { places, aliased: best.length > 0 }
}

function pathsOf(options: JsonObject): PathMap['paths'] | undefined {
  if (!isObject(options.paths)) return undefined
  return Object.entries(options.paths).map(([pattern, targets]) => [pattern, strings(targets)] as const)
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
