import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import type * as OxcResolver from 'oxc-resolver'
import type { Resolution } from '../analysis/code/modules.ts'
import type { Disk } from './disk.ts'
import type { Derived } from './freshness.ts'
import { matchesGlob } from './glob.ts'
import { Packages, splitSpecifier } from './packages.ts'
import { isDeclaration, SOURCE_EXTENSIONS } from './parse.ts'
import { mapped, Tsconfigs } from './tsconfig.ts'

/** Which TypeScript files a written JavaScript extension may stand for. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
}

const IN_NODE_MODULES = /[/\\]node_modules[/\\]/
const ALIAS = /^(?:~~?|@@?|#|\$)\//

type Found = { readonly file: string } | { readonly reason: string } | undefined

export interface ResolverOptions {
  /** The packages (`*` allowed) whose compiled JavaScript is read, by the importing file. */
  readonly follow: (file: string) => readonly string[]
  /** Whether a package is one whose meaning is known, so that its sources say nothing more, wherever they are. */
  readonly known: (specifier: string) => boolean
}

/**
 * Where imports lead. Everything inside the project (relative paths, tsconfig paths, workspace packages, package.json
 * imports) is looked up here, on a disk that remembers which paths were asked for, absent ones too: a native resolver keeps
 * them to itself, so no answer of it can be checked later. It is asked only for packages in node_modules that the policy
 * says to follow; other packages are not looked into at all, so nothing needs to be installed.
 */
export class Resolver {
  readonly packages: Packages
  readonly tsconfigs: Tsconfigs
  readonly #disk: Disk
  readonly #follow: (file: string) => readonly string[]
  readonly #known: (name: string) => boolean
  readonly #answers = new Map<string, Derived<Resolution>>()
  readonly #installed = new Installed()

  constructor(disk: Disk, options: ResolverOptions) {
    this.#disk = disk
    this.#follow = options.follow
    this.#known = options.known
    this.packages = new Packages(disk)
    this.tsconfigs = new Tsconfigs(disk, (name, from) => this.packages.folder(name, from))
  }

  begin(): void {
    this.#installed.forget()
    if (this.#answers.size > 100_000) this.#answers.clear()
  }

  resolve(specifier: string, file: string): Resolution {
    const folder = path.dirname(file)
    const key = `${folder}\0${specifier}\0${this.#follow(file).join(',')}`
    let node = this.#answers.get(key)
    if (node === undefined) {
      node = this.#disk.world.derived(() => this.#resolve(specifier, file), sameResolution)
      this.#answers.set(key, node)
    }
    return node.get()
  }

  /** The paths that a specifier may stand for, whether anything is there or not: to recognise what is generated later. */
  places(specifier: string, file: string): readonly string[] {
    const from = path.dirname(file)
    if (/^\.{0,2}\/|^\.{1,2}$/.test(specifier)) return [path.resolve(from, specifier)]
    const owner = this.packages.owner(from)
    const [name, sub] = splitSpecifier(specifier)
    const folder = this.packages.folder(name, from)
    return [
      ...this.tsconfigs.mapsFor(from).flatMap((map) => mapped(specifier, map).places),
      ...(folder === undefined ? [] : this.packages.places(folder, sub)),
      ...(owner === undefined
        ? []
        : this.packages.importTargets(specifier, owner).map((to) => path.resolve(owner, to))),
      ...(owner !== undefined && ALIAS.test(specifier) ? guesses(owner, specifier.replace(ALIAS, '')) : []),
    ]
  }

  /** The declaration file that a specifier leads to where there is nothing else: generated row types. */
  declaration(specifier: string, file: string): string | undefined {
    return this.places(specifier, file)
      .flatMap((base) => [base, `${base}.d.ts`, base.replace(/\.[cm]?js$/, '.d.ts'), path.join(base, 'index.d.ts')])
      .find((place) => isDeclaration(place) && this.#disk.isFile(place))
  }

  #resolve(specifier: string, file: string): Resolution {
    const from = path.dirname(file)
    if (specifier === '') return unresolved('the specifier is empty')
    if (specifier.includes('\0')) return { kind: 'package', name: specifier }
    if (isBuiltin(specifier) || /^[a-z][\w+.-]+:/i.test(specifier)) return { kind: 'package', name: specifier }
    const query = specifier.indexOf('?')
    if (query > 0) return unresolved(`“${specifier}” is an import by query, not code`)

    if (/^\.{0,2}\/|^\.{1,2}$|^[a-z]:[/\\]/i.test(specifier)) return this.#relative(specifier, from)

    const owner = this.packages.owner(from)
    if (specifier.startsWith('#') && owner !== undefined) {
      const answer = this.#packageImport(specifier, owner, file)
      if (answer !== undefined) return answer
    }

    const inside = IN_NODE_MODULES.test(file)
    let reason: string | undefined
    if (!inside) {
      for (const map of this.tsconfigs.mapsFor(from)) {
        const { places, aliased } = mapped(specifier, map)
        const bases = map.baseUrl === undefined ? places : [...places, path.resolve(map.baseUrl, specifier)]
        for (const base of bases) {
          const found = this.#fileAt(base)
          if (found !== undefined && 'file' in found) {
            // Paths may lead to types in node_modules.
            if (IN_NODE_MODULES.test(found.file)) continue
            return { kind: 'module', file: found.file }
          }
          reason ??= found?.reason ?? (aliased && places.includes(base) ? notThere(specifier) : undefined)
        }
      }
    }

    const [name, sub] = splitSpecifier(specifier)
    if (this.#known(specifier)) return { kind: 'package', name: specifier }
    const folder = inside ? undefined : this.packages.folder(name, from)
    if (folder !== undefined) return this.#inPackage(folder, sub, specifier)

    const installed = this.installedFolder(name, from)
    if (installed !== undefined) {
      const real = this.#disk.real(installed)
      if (!IN_NODE_MODULES.test(real)) return this.#inPackage(this.#asWritten(real, from), sub, specifier)
      if (this.#followed(name, file)) return this.#inNodeModules(specifier, installed, file)
      return { kind: 'package', name: specifier }
    }
    if (ALIAS.test(specifier)) {
      return this.#guess(specifier.replace(ALIAS, ''), owner) ?? unresolved(reason ?? notThere(specifier))
    }
    if (specifier.startsWith('#')) return unresolved(`“${specifier}” is not among the imports of package.json`)
    if (reason !== undefined && !isPackageName(name)) return unresolved(reason)
    // `src/lib/db`, `lib/db`: an alias of the bundler, when no package of that name is declared.
    if (!inside && owner !== undefined && specifier.includes('/') && !this.packages.declares(name, from)) {
      const guess = this.#fileAt(path.join(owner, specifier))
      if (guess !== undefined && 'file' in guess) return { kind: 'module', file: guess.file }
    }
    if (reason !== undefined && !this.packages.declares(name, from)) return unresolved(reason)
    return { kind: 'package', name: specifier }
  }

  #relative(specifier: string, from: string): Resolution {
    const base = path.resolve(from, specifier)
    const found = this.#fileAt(base, specifier.endsWith('/') || /^\.{1,2}$|\/\.{1,2}$/.test(specifier))
    if (found !== undefined && 'file' in found) return { kind: 'module', file: found.file }
    const owner = this.packages.owner(from)
    if (found === undefined && specifier.startsWith('/') && owner !== undefined) {
      // Bundlers read it from the application's root.
      const rooted = this.#fileAt(path.join(owner, specifier))
      if (rooted !== undefined && 'file' in rooted) return { kind: 'module', file: rooted.file }
    }
    return unresolved(found?.reason ?? notThere(specifier))
  }

  #packageImport(specifier: string, owner: string, file: string): Resolution | undefined {
    let reason: string | undefined
    for (const target of this.packages.importTargets(specifier, owner)) {
      if (target.startsWith('#')) continue
      if (!target.startsWith('.')) return this.resolve(target, file)
      for (const place of this.packages.sources(owner, target)) {
        const found = this.#fileAt(place)
        if (found !== undefined && 'file' in found) return { kind: 'module', file: found.file }
        reason ??= found?.reason
      }
      reason ??= notThere(specifier)
    }
    return reason === undefined ? undefined : unresolved(reason)
  }

  #inPackage(folder: string, sub: string, specifier: string): Resolution {
    let reason: string | undefined
    let script: string | undefined
    for (const place of this.packages.places(folder, sub)) {
      const found = this.#fileAt(place)
      if (found === undefined) continue
      if ('reason' in found) reason ??= found.reason
      else if (/\.[cm]?tsx?$/.test(found.file)) return { kind: 'module', file: found.file }
      else script ??= found.file
    }
    if (script !== undefined) return { kind: 'module', file: script }
    return unresolved(
      reason ?? assetReason(specifier) ?? `the sources of “${specifier}” were not found in the workspace`,
    )
  }

  #inNodeModules(specifier: string, installed: string, file: string): Resolution {
    this.packages.json(installed)
    const answer = this.#installed.resolve(file, specifier)
    if (answer === undefined) return unresolved(`“${specifier}” leads to no file of the package`)
    const found = this.#fileAt(answer)
    return found !== undefined && 'file' in found
      ? { kind: 'module', file: found.file }
      : unresolved(found?.reason ?? `“${specifier}” leads to no file of the package`)
  }

  /** The usual meanings of `~/` and `@/`, when no tsconfig says what they mean. */
  #guess(rest: string, owner: string | undefined): Resolution | undefined {
    if (owner === undefined || rest === '') return undefined
    for (const place of guesses(owner, rest)) {
      const found = this.#fileAt(place)
      if (found !== undefined && 'file' in found) return { kind: 'module', file: found.file }
    }
    return undefined
  }

  /** The folder in node_modules, upward; a link that leads nowhere is none. */
  installedFolder(name: string, from: string): string | undefined {
    for (let at = from; ; at = path.dirname(at)) {
      if (path.basename(at) !== 'node_modules') {
        const folder = path.join(at, 'node_modules', name)
        if (this.#disk.isDirectory(folder)) return folder
      }
      if (path.dirname(at) === at) return undefined
    }
  }

  /** The project may be seen through a link itself (/tmp on macOS): one file, one path. */
  #asWritten(real: string, from: string): string {
    const root = this.packages.workspaceRoot(from) ?? this.packages.owner(from)
    if (root === undefined) return real
    const relative = path.relative(this.#disk.real(root), real)
    return relative.startsWith('..') || path.isAbsolute(relative) ? real : path.join(root, relative)
  }

  #followed(name: string, file: string): boolean {
    return this.#follow(file).some((pattern) => matchesGlob(name, pattern))
  }

  /** The source file that a path without regard to extensions means: itself, with an extension, or its index. */
  #fileAt(base: string, onlyFolder = false): Found {
    const extension = path.extname(base).toLowerCase()
    let reason: string | undefined
    if (!onlyFolder) {
      const stem = base.slice(0, base.length - extension.length)
      const written = WRITTEN_AS[extension]?.map((other) => stem + other) ?? (isSource(extension) ? [base] : [])
      for (const file of [...written, ...SOURCE_EXTENSIONS.map((added) => base + added)]) {
        if (!this.#disk.isFile(file)) continue
        if (!isDeclaration(file)) return { file }
        reason ??= 'declaration only'
      }
      if (reason === undefined && extension !== '' && !isSource(extension) && this.#disk.isFile(base)) {
        reason = `a ${extension} file is not code`
      }
      for (const declared of extension in WRITTEN_AS ? [base, stem] : [base]) {
        for (const added of ['.d.ts', '.d.mts', '.d.cts']) {
          if (reason === undefined && this.#disk.isFile(declared + added)) reason = 'declaration only'
        }
      }
    }
    if (this.#disk.isDirectory(base)) {
      for (const added of SOURCE_EXTENSIONS) {
        const file = path.join(base, `index${added}`)
        if (this.#disk.isFile(file)) return { file }
      }
      const main = this.packages.json(base)?.main
      // Only downward: folders whose `main` is each other have none.
      const inside = typeof main === 'string' ? path.resolve(base, main) : base
      if (inside.startsWith(base + path.sep)) return this.#fileAt(inside)
    }
    return reason === undefined ? undefined : { reason }
  }
}

/** What stands in node_modules: Node's own rules, by the native resolver, loaded when a policy follows a package. */
class Installed {
  #factory: OxcResolver.ResolverFactory | null | undefined
  #used = false

  /** Its caches never notice a change. */
  forget(): void {
    if (this.#used) this.#factory?.clearCache()
    this.#used = false
  }

  resolve(file: string, specifier: string): string | undefined {
    this.#used = true
    try {
      if (this.#factory === undefined) this.#factory = create()
      return this.#factory?.sync(path.dirname(file), specifier).path
    } catch {
      this.#factory ??= null
      return undefined
    }
  }
}

function create(): OxcResolver.ResolverFactory {
  // Not an `import`: where the native binding of the platform is missing that would throw when the plugin is loaded.
  const oxc = createRequire(import.meta.url)('oxc-resolver') as typeof OxcResolver
  return new oxc.ResolverFactory({
    extensions: ['.mjs', '.js', '.cjs', '.ts', '.tsx', '.jsx'],
    conditionNames: ['import', 'module', 'node', 'require', 'default'],
    mainFields: ['module', 'main'],
    nodePath: false,
  })
}

function guesses(owner: string, rest: string): readonly string[] {
  return ['src', '.', 'app'].map((folder) => path.join(owner, folder, rest))
}

function isSource(extension: string): boolean {
  return SOURCE_EXTENSIONS.includes(extension)
}

function isPackageName(name: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w.-][\w.~-]*$/.test(name)
}

function notThere(specifier: string): string {
  return assetReason(specifier) ?? `“${specifier}” leads to no file`
}

function assetReason(specifier: string): string | undefined {
  const extension = path.extname(specifier)
  return ASSET.test(extension) ? `a ${extension} file is not code` : undefined
}

const ASSET =
  /^\.(?:vue|svelte|mdx?|astro|css|s[ac]ss|less|json5?|ya?ml|toml|txt|html|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|wasm|node|graphql|gql|sql|prisma)$/i

function unresolved(reason: string): Resolution {
  return { kind: 'unresolved', reason }
}

function sameResolution(a: Resolution, b: Resolution): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
