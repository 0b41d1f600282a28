import type { Instance, KeptFor, Library, Meaning, Unlisted } from './meaning.ts'
import { authJs } from './auth-js.ts'
import { authVendors } from './auth-vendors.ts'
import { awsSdk } from './aws.ts'
import { backends } from './backends.ts'
import { betterAuth } from './better-auth.ts'
import { clerk } from './clerk.ts'
import { convex } from './convex.ts'
import { documents } from './documents.ts'
import { drizzle } from './drizzle.ts'
import { globals } from './globals.ts'
import { harmless } from './harmless.ts'
import { keyValue } from './key-value.ts'
import { integrations } from './integrations.ts'
import { kysely } from './kysely.ts'
import { next } from './next.ts'
import { node } from './node.ts'
import { observability } from './observability.ts'
import { payments } from './payments.ts'
import { prisma, zenStack } from './prisma.ts'
import { procedures } from './procedures.ts'
import { random } from './random.ts'
import { react } from './react.ts'
import { samlJackson } from './saml-jackson.ts'
import { files } from './files.ts'
import { mails } from './mail.ts'
import { models } from './ai.ts'
import { services } from './services.ts'
import { sql } from './sql.ts'
import { supabase } from './supabase.ts'
import { tanstackStart } from './tanstack-start.ts'
import { tokens } from './tokens.ts'
import { validation } from './validation.ts'
import { workOs } from './workos.ts'

export const catalog: readonly Library[] = [
  ...tanstackStart,
  ...next,
  ...procedures,
  ...betterAuth,
  ...clerk,
  ...workOs,
  ...authJs,
  ...authVendors,
  samlJackson,
  ...tokens,
  ...random,
  ...supabase,
  ...convex,
  ...backends,
  ...drizzle,
  prisma,
  zenStack,
  kysely,
  ...sql,
  ...documents,
  ...keyValue,
  ...payments,
  ...awsSdk,
  ...mails,
  ...files,
  ...models,
  ...services,
  ...node,
  ...react,
  ...observability,
  ...validation,
  ...harmless,
  ...integrations,
  globals,
]

export interface Member {
  readonly meaning: Meaning
  /** What the '*' segments stood for, in order. */
  readonly segments: readonly string[]
}

export interface Catalog {
  /** An export by package as imported and dotted path; the exact package first, then the longest 'pkg/*'. */
  exportOf(packageName: string, path: string): Meaning | undefined
  /** What exports that are not listed mean; undefined when the package is not catalogued. */
  unlistedOf(packageName: string): Unlisted | undefined
  /** Whether a longer path below this one is listed: `auth` in 'auth.protect'. */
  isExportPrefix(packageName: string, path: string): boolean
  libraryOf(packageName: string): Library | undefined
  instance(name: string): Instance | undefined
  /** A member of an instance; `unlisted-…` when the instance exists and the member is not listed. */
  member(instance: string, path: readonly string[]): Member | `unlisted-${Unlisted}` | undefined
  /** Calls of the instance run functions that it was made with. */
  runsItsConfig(instance: string): boolean
  /** Whether a longer member path begins like this one: `db.query` alone is an object on the way. */
  isPrefix(instance: string, path: readonly string[]): boolean
  /** A global by dotted path: 'fetch', 'process.env', 'crypto.subtle.verify'. */
  global(path: string): Meaning | undefined
  isGlobalPrefix(path: string): boolean
  /** For whom the answers of functions with this directive are kept; undefined for one that keeps nothing. */
  keptFor(directive: string): KeptFor | undefined
}

/** Under this package name the globals are catalogued. */
const GLOBAL = 'global'
const DEFAULT = 'default.'

interface Node {
  meaning?: Meaning
  readonly children: Map<string, Node>
}

interface Listed {
  readonly instance: Instance
  readonly root: Node
  readonly runsItsConfig: boolean
}

export function createCatalog(libraries: readonly Library[]): Catalog {
  const exact = new Map<string, Library[]>()
  const patterns = new Map<string, Library[]>()
  const instances = new Map<string, Listed>()
  for (const library of libraries) {
    for (const name of library.packages) {
      if (name.endsWith('/*')) append(patterns, name.slice(0, -2), library)
      else append(exact, name, library)
    }
    for (const [name, instance] of Object.entries(library.instances ?? {})) {
      const runsItsConfig = [instance.call, ...Object.values(instance.members)].some(
        (meaning) => meaning?.kind === 'call' && meaning.runs?.some(({ of }) => of === 'maker'),
      )
      instances.set(name, { instance, root: tree(instance.members), runsItsConfig })
    }
  }

  /** The libraries that speak about a package, most specific first. */
  const found = new Map<string, readonly Library[]>()
  const librariesOf = (packageName: string): readonly Library[] => {
    const known = found.get(packageName)
    if (known) return known
    const result = [...(exact.get(packageName) ?? [])]
    for (let end = packageName.lastIndexOf('/'); end > 0; end = packageName.lastIndexOf('/', end - 1)) {
      result.push(...(patterns.get(packageName.slice(0, end)) ?? []))
    }
    found.set(packageName, result)
    return result
  }

  const kept = new Map(libraries.flatMap((library) => Object.entries(library.keeps ?? {})))
  const listed = new Map<string, Exports>()
  const exportsOf = (packageName: string): Exports => {
    let known = listed.get(packageName)
    if (!known) listed.set(packageName, (known = mergedExports(librariesOf(packageName))))
    return known
  }

  const exportOf = (packageName: string, path: string): Meaning | undefined =>
    exportsOf(packageName).meanings.get(path) ??
    // `import fs from 'node:fs'`: the default export is the module itself, unless it is listed.
    (path.startsWith(DEFAULT) ? exportOf(packageName, path.slice(DEFAULT.length)) : undefined)

  const isExportPrefix = (packageName: string, path: string): boolean =>
    (path === 'default' && librariesOf(packageName).length > 0) ||
    (path.startsWith(DEFAULT) && isExportPrefix(packageName, path.slice(DEFAULT.length))) ||
    exportsOf(packageName).prefixes.has(path)

  return {
    exportOf,
    isExportPrefix,
    unlistedOf: (packageName) => librariesOf(packageName)[0]?.unlisted,
    libraryOf: (packageName) => librariesOf(packageName)[0],
    instance: (name) => instances.get(name)?.instance,
    member(name, path) {
      const entry = instances.get(name)
      if (!entry) return undefined
      return find(entry.root, path, 0, []) ?? `unlisted-${entry.instance.unlisted}`
    },
    runsItsConfig: (name) => instances.get(name)?.runsItsConfig ?? false,
    isPrefix(name, path) {
      const entry = instances.get(name)
      return entry !== undefined && reaches(entry.root, path, 0)
    },
    global: (path) => exportOf(GLOBAL, path),
    isGlobalPrefix: (path) => isExportPrefix(GLOBAL, path),
    // `use cache: remote` is `use cache`, in a place of its own
    keptFor: (directive) => kept.get(directive) ?? kept.get(directive.split(':')[0]!),
  }
}

/** What the libraries that speak about a package say of its exports, and the paths that lead to these. */
interface Exports {
  readonly meanings: ReadonlyMap<string, Meaning>
  readonly prefixes: ReadonlySet<string>
}

/** @param libraries the most specific first: what it says holds */
function mergedExports(libraries: readonly Library[]): Exports {
  const meanings = new Map(libraries.toReversed().flatMap((library) => Object.entries(library.exports)))
  const prefixes = new Set<string>()
  for (const name of meanings.keys())
    for (let end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) prefixes.add(name.slice(0, end))
  return { meanings, prefixes }
}

function append<K, V>(map: Map<K, V[]>, key: K, item: V): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}

function tree(members: Readonly<Record<string, Meaning>>): Node {
  const root: Node = { children: new Map() }
  for (const [path, meaning] of Object.entries(members)) {
    let node = root
    for (const segment of path.split('.')) {
      let child = node.children.get(segment)
      if (!child) node.children.set(segment, (child = { children: new Map() }))
      node = child
    }
    node.meaning = meaning
  }
  return root
}

function find(node: Node, path: readonly string[], at: number, segments: readonly string[]): Member | undefined {
  if (at === path.length) return node.meaning && { meaning: node.meaning, segments }
  const name = path[at]!
  const exact = node.children.get(name)
  const wildcard = node.children.get('*')
  return (
    (exact && find(exact, path, at + 1, segments)) ?? (wildcard && find(wildcard, path, at + 1, [...segments, name]))
  )
}

function reaches(node: Node, path: readonly string[], at: number): boolean {
  if (at === path.length) return node.children.size > 0
  return [node.children.get(path[at]!), node.children.get('*')].some(
    (child) => child !== undefined && reaches(child, path, at + 1),
  )
}
