import path from 'node:path'
import type { Disk } from './disk.ts'
import type { Derived } from './freshness.ts'
import { globToRegExp } from './glob.ts'
import { isObject, strings, type Json, type JsonObject } from './json.ts'
import { readJson, readText } from './read-json.ts'

const MAX_WORKSPACE_DEPTH = 8

/** Packages of the project: which folder they are in, and which source file an import of them means. */
export class Packages {
  readonly #disk: Disk
  readonly #workspaces = new Map<string, Derived<ReadonlyMap<string, string>>>()
  readonly #owners = new Map<string, Derived<string | undefined>>()
  readonly #roots = new Map<string, Derived<string | undefined>>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  json(folder: string): JsonObject | undefined {
    return readJson(this.#disk, path.join(folder, 'package.json'))
  }

  /** The nearest folder upward that has a package.json. */
  owner(folder: string): string | undefined {
    return this.#upward(this.#owners, folder, (at) => this.#disk.isFile(path.join(at, 'package.json')))
  }

  /** The folder of the workspace that a folder belongs to. */
  workspaceRoot(folder: string): string | undefined {
    return this.#upward(this.#roots, folder, (at) => this.#globs(at).length > 0)
  }

  /** Names to folders of the workspace's packages. */
  workspace(root: string): ReadonlyMap<string, string> {
    let node = this.#workspaces.get(root)
    if (node === undefined) {
      node = this.#disk.world.derived(
        () => this.#expand(root),
        (a, b) => a.size === b.size && [...a].every(([name, folder]) => b.get(name) === folder),
      )
      this.#workspaces.set(root, node)
    }
    return node.get()
  }

  /** The folder of a package that belongs to the project, seen from a folder of it: installed or not. */
  folder(name: string, from: string): string | undefined {
    const root = this.workspaceRoot(from)
    const own = root === undefined ? undefined : this.workspace(root).get(name)
    if (own !== undefined) return own
    const owner = this.owner(from)
    if (owner === undefined) return undefined
    const json = this.json(owner)
    if (json?.name === name) return owner
    for (const group of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
      const entries = json?.[group]
      const range = isObject(entries) ? entries[name] : undefined
      const link = typeof range === 'string' ? /^(?:file|link|portal):(.+)/.exec(range)?.[1] : undefined
      if (link === undefined) continue
      const folder = path.resolve(owner, link)
      if (this.#disk.isDirectory(folder)) return folder
    }
    return undefined
  }

  declares(name: string, from: string): boolean {
    for (let owner = this.owner(from); owner !== undefined; owner = this.owner(path.dirname(owner))) {
      const json = this.json(owner)
      for (const group of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
        const entries = json?.[group]
        if (isObject(entries) && Object.hasOwn(entries, name)) return true
      }
      if (path.dirname(owner) === owner) break
    }
    return false
  }

  /**
   * The places that `name/sub` may stand for in a package's folder, best first, without regard to what exists: the sources
   * that its entry points are built from, then the entry points, then the usual places.
   */
  places(folder: string, sub: string): readonly string[] {
    const json = this.json(folder) ?? {}
    const targets = json.exports === undefined ? [] : exportTargets(json.exports, sub === '' ? '.' : `./${sub}`)
    if (sub === '') {
      for (const field of ['source', 'module', 'main', 'types', 'typings']) {
        const target = json[field]
        if (typeof target === 'string') targets.push(target)
      }
    }
    const places = targets.flatMap((target) => sourcesOf(folder, target))
    if (sub === '') places.push(path.join(folder, 'src', 'index'), path.join(folder, 'index'))
    else places.push(path.join(folder, sub), path.join(folder, 'src', sub))
    return [...new Set(places)]
  }

  /** A target of this package, and before it the sources that it may have been built from. */
  sources(folder: string, target: string): readonly string[] {
    return sourcesOf(folder, target)
  }

  /** The targets of `#name` in package.json#imports: relative to its folder, or specifiers of other packages. */
  importTargets(specifier: string, folder: string): readonly string[] {
    const imports = this.json(folder)?.imports
    return isObject(imports) ? exportTargets(imports, specifier) : []
  }

  #upward(
    nodes: Map<string, Derived<string | undefined>>,
    folder: string,
    test: (at: string) => boolean,
  ): string | undefined {
    let node = nodes.get(folder)
    if (node === undefined) {
      node = this.#disk.world.derived(() => {
        if (test(folder)) return folder
        const parent = path.dirname(folder)
        return parent === folder ? undefined : this.#upward(nodes, parent, test)
      })
      nodes.set(folder, node)
    }
    return node.get()
  }

  #globs(folder: string): readonly string[] {
    const yaml = readText(this.#disk, path.join(folder, 'pnpm-workspace.yaml'))
    if (yaml !== undefined) {
      const globs = pnpmGlobs(yaml)
      if (globs.length > 0) return globs
    }
    const workspaces = this.json(folder)?.workspaces
    return strings(isObject(workspaces) ? workspaces.packages : workspaces)
  }

  #expand(root: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    const globs = this.#globs(root)
    const wanted = globs.filter((glob) => !glob.startsWith('!'))
    const refused = globs.filter((glob) => glob.startsWith('!')).map((glob) => globToRegExp(glob.slice(1)))
    const folders = new Set<string>(['.'])
    for (const glob of wanted) this.#walk(root, '', glob, globToRegExp(glob), folders)
    for (const relative of [...folders].sort()) {
      if (refused.some((pattern) => pattern.test(relative))) continue
      const folder = path.join(root, relative)
      const name = this.json(folder)?.name
      if (typeof name === 'string' && !found.has(name)) found.set(name, folder)
    }
    return found
  }

  #walk(root: string, relative: string, glob: string, pattern: RegExp, into: Set<string>): void {
    const segments = glob.replace(/^\.\//, '').replace(/\/+$/, '').split('/')
    const depth = relative === '' ? 0 : relative.split('/').length
    if (depth > 0 && pattern.test(relative)) into.add(relative)
    const deep = segments.findIndex((segment) => segment.includes('**') || segment.includes('{'))
    const limit = deep >= 0 ? MAX_WORKSPACE_DEPTH : segments.length
    if (depth >= limit) return
    const segment = deep >= 0 && depth >= deep ? undefined : segments[depth]
    // A plain segment needs no listing.
    if (segment !== undefined && !/[*?[\]{}]/.test(segment)) {
      const next = relative === '' ? segment : `${relative}/${segment}`
      if (segment !== '' && this.#disk.isDirectory(path.join(root, next))) this.#walk(root, next, glob, pattern, into)
      return
    }
    const matches = segment === undefined ? undefined : globToRegExp(segment)
    for (const name of this.#disk.list(path.join(root, relative))) {
      if (name === 'node_modules' || name.startsWith('.') || matches?.test(name) === false) continue
      const next = relative === '' ? name : `${relative}/${name}`
      if (this.#disk.isDirectory(path.join(root, next))) this.#walk(root, next, glob, pattern, into)
    }
  }
}

/**
 * The `packages` of a pnpm-workspace.yaml, which are a list of plain or quoted strings, in a block or in brackets. No YAML
 * library comes along for that.
 */
export function pnpmGlobs(yaml: string): readonly string[] {
  const lines = yaml.split(/\r?\n/)
  const at = lines.findIndex((line) => /^(?:packages|'packages'|"packages")\s*:/.test(line))
  if (at < 0) return []
  const rest = lines[at]!.replace(/^[^:]+:/, '')
  const globs: string[] = []
  const flow = /^\s*\[/.test(rest) ? [rest, ...lines.slice(at + 1)].join('\n') : undefined
  if (flow !== undefined) {
    const inside = flow.slice(flow.indexOf('[') + 1).split(']')[0] ?? ''
    for (const item of inside.split(',')) globs.push(scalar(item))
  } else {
    for (const line of lines.slice(at + 1)) {
      if (/^\s*(?:#.*)?$/.test(line)) continue
      const item = /^\s*-\s(.*)$/.exec(line)?.[1]
      if (item === undefined) break
      globs.push(scalar(item))
    }
  }
  return globs.filter((glob) => glob !== '')
}

function scalar(text: string): string {
  const trimmed = text.trim()
  const quoted = /^'((?:[^']|'')*)'|^"([^"]*)"/.exec(trimmed)
  if (quoted !== null) return (quoted[1]?.replaceAll("''", "'") ?? quoted[2] ?? '').trim()
  return trimmed.replace(/\s+#.*$/, '').trim()
}

/** `@scope/name/a/b` is the package `@scope/name` and `a/b` in it. */
export function splitSpecifier(specifier: string): readonly [name: string, sub: string] {
  const slash = specifier.indexOf('/', specifier.startsWith('@') ? specifier.indexOf('/') + 1 : 0)
  return slash <= 0 ? [specifier, ''] : [specifier.slice(0, slash), specifier.slice(slash + 1)]
}

/** Conditions of other places than the server; their targets come last. */
const ELSEWHERE = new Set([
  'browser',
  'worker',
  'workerd',
  'edge-light',
  'react-native',
  'react-server',
  'deno',
  'types',
])

/**
 * The targets of a key in `exports` or `imports`, all conditions of it: which of them exists as a source decides, since
 * nothing says what a project calls the condition that names its sources.
 */
export function exportTargets(field: Json, key: string): string[] {
  const map = isObject(field) ? field : { '.': field }
  const keys = Object.keys(map)
  // `{ "import": …, "default": … }` is the short form of `{ ".": { … } }`.
  const table: JsonObject = keys.every((k) => k.startsWith('.') || k.startsWith('#')) ? map : { '.': field }
  if (Object.hasOwn(table, key)) return leaves(table[key]!)
  let best: { readonly pattern: string; readonly star: string } | undefined
  for (const pattern of Object.keys(table)) {
    const at = pattern.indexOf('*')
    const [before, after] = at < 0 ? [pattern, ''] : [pattern.slice(0, at), pattern.slice(at + 1)]
    if (at < 0 && !pattern.endsWith('/')) continue
    if (!key.startsWith(before) || !key.endsWith(after) || key.length <= before.length + after.length) continue
    if (best !== undefined && before.length <= best.pattern.indexOf('*')) continue
    best = { pattern, star: key.slice(before.length, key.length - after.length) }
  }
  if (best === undefined) return []
  const { pattern, star } = best
  return leaves(table[pattern]!).map((target) =>
    pattern.includes('*') ? target.replaceAll('*', () => star) : target + star,
  )
}

function leaves(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(leaves)
  if (!isObject(value)) return []
  const entries = Object.entries(value)
  const here = entries.filter(([condition]) => !ELSEWHERE.has(condition))
  const elsewhere = entries.filter(([condition]) => ELSEWHERE.has(condition))
  return [...here, ...elsewhere].flatMap(([, target]) => leaves(target))
}

const BUILT = /^(?:dist|build|lib|out|output|esm|cjs|es|\.output|types)$/
const FLAVOUR = /^(?:esm|cjs|es|types|src|source|commonjs|module)$/

/** A target, and before it the sources that it may have been built from. */
export function sourcesOf(folder: string, target: string): readonly string[] {
  const segments = target.replace(/^\.\//, '').split('/')
  const places: string[] = []
  const [first, ...rest] = segments
  if (first !== undefined && BUILT.test(first) && rest.length > 0) {
    const plain = FLAVOUR.test(rest[0]!) && rest.length > 1 ? rest.slice(1) : rest
    for (const parts of new Set([rest, plain])) {
      const stem = withoutExtension(parts.join('/'))
      places.push(path.join(folder, 'src', stem), path.join(folder, stem))
    }
  }
  const whole = path.join(folder, ...segments)
  const declaration = /\.d\.[cm]?ts$/.test(target)
  if (declaration) places.push(withoutExtension(whole))
  else places.push(whole)
  return places
}

function withoutExtension(file: string): string {
  return file.replace(/\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/, '')
}
