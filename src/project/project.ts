import type { Kept, Modules, Resolution, Takers } from '../analysis/code/modules.ts'
import type { ModuleForm } from '../model/form.ts'
import { Apps, type App } from './app-root.ts'
import { appSources } from './app-sources.ts'
import { Disk } from './disk.ts'
import { sourceFiles, type FileListing } from './files.ts'
import type { Dependencies, Derived, Tracked } from './freshness.ts'
import type { JsonObject } from './json.ts'
import { ModuleStore } from './module-store.ts'
import { NextApps, type NextApp } from './next-app.ts'
import { decode, MAX_BYTES } from './parse.ts'
import { PrismaSchemas, type PrismaSchema } from './prisma-schema.ts'
import { readJson, readText } from './read-json.ts'
import { Resolver } from './resolver.ts'
import { takersOf } from './takers.ts'

export interface ProjectOptions {
  /** Packages whose compiled JavaScript is read, `*` allowed; as a function: by the importing file. */
  readonly follow?: readonly string[] | ((file: string) => readonly string[])
  /** Whether a package's meaning is known; such a one stays a package even where its sources are at hand. */
  readonly known?: (specifier: string) => boolean
  /** Whether a text may put something under a key of a store, or make rows. */
  readonly keeps?: (text: string, of: Kept) => boolean
  /** Whether a file, by its name and text, may have entry points. */
  readonly entry?: (file: string, text: string) => boolean
}

/**
 * The files of a project on disk, for a whole process. `begin` starts a lint; within it nothing is checked twice. An answer
 * that was computed by `track` holds as long as `isFresh` says so of what it looked at.
 */
export class Project implements Modules {
  readonly #disk = new Disk()
  readonly #store: ModuleStore
  readonly #resolver: Resolver
  readonly #apps: Apps
  readonly #nextApps: NextApps
  readonly #prisma: PrismaSchemas
  readonly #keeps: (text: string, of: Kept) => boolean
  readonly #entry: (file: string, text: string) => boolean
  readonly #keepers = new Map<string, Derived<readonly string[]>>()
  readonly #takers = new Map<string, Derived<Takers>>()

  constructor(options: ProjectOptions = {}) {
    const { follow = [], known = () => false, keeps = () => false, entry = () => false } = options
    this.#keeps = keeps
    this.#entry = entry
    this.#store = new ModuleStore(this.#disk)
    this.#resolver = new Resolver(this.#disk, { follow: typeof follow === 'function' ? follow : () => follow, known })
    this.#apps = new Apps(this.#disk, this.#resolver.packages)
    this.#nextApps = new NextApps(this.#disk)
    this.#prisma = new PrismaSchemas(this.#disk, this.#resolver.packages)
  }

  /** A new lint: what is on disk is looked at again, each path at most once. */
  begin(): void {
    this.#disk.begin()
    this.#resolver.begin()
    this.#store.begin()
  }

  /**
   * Until the next `begin` the host's form stands for the file, also when other modules import it. With its `text`, answers
   * that rest on it stay valid when the file on disk says the same.
   */
  withHostForm(file: string, form: ModuleForm, text?: string): void {
    this.#store.setHost(file, form, text)
    // What was computed from the file on disk in this lint is to be checked again.
    this.#disk.world.begin()
  }

  resolve(specifier: string, file: string): Resolution {
    return this.#resolver.resolve(specifier, file)
  }

  /** The `.d.ts` file behind an import that is `declaration only`; `module` reads it. */
  declaration(specifier: string, file: string): string | undefined {
    return this.#resolver.declaration(specifier, file)
  }

  module(file: string): ModuleForm {
    return this.#store.form(file)
  }

  /** Computes an answer and remembers every path that it looked at, absent ones too. */
  track<T>(compute: () => T): Tracked<T> {
    return this.#disk.world.track(compute)
  }

  /** When an answer of before is used again while another one is computed: that one rests on the same. */
  reuse(deps: Dependencies): void {
    this.#disk.world.reuse(deps)
  }

  isFresh(deps: Dependencies): boolean {
    return this.#disk.world.isFresh(deps)
  }

  /** A file's text, without its byte-order mark; undefined when it cannot be read. */
  text(file: string): string | undefined {
    return readText(this.#disk, file)
  }

  /** What `read` makes of a file's text, kept as long as the text stays the same; `tag` tells apart what is made of one file. */
  scan<T>(tag: string, file: string, read: (text: string) => T): T | undefined {
    return this.#disk.parsed(`scan ${tag}`, file, MAX_BYTES, (content) => {
      const text = content.state === 'read' ? decode(content.bytes) : undefined
      return typeof text === 'string' ? read(text) : undefined
    })
  }

  /** The source files of an application, one after the other, tracked: whoever stops early rests on no more than was seen. */
  sources(root: string): Iterable<string> {
    return appSources(this.#disk, root)
  }

  /** Source files of the same application that may keep something: another list only where others do. */
  keepers(file: string, of: Kept): readonly string[] {
    const { root } = this.app(file)
    const key = `${of} ${root}`
    let known = this.#keepers.get(key)
    if (!known) {
      const keeps = (text: string): boolean => this.#keeps(text, of)
      const find = (): readonly string[] =>
        [...this.sources(root)].filter((at) => this.scan(`keeps ${of}`, at, keeps) === true)
      known = this.#disk.world.derived(find, (a, b) => a.length === b.length && a.every((at, i) => at === b[i]))
      this.#keepers.set(key, known)
    }
    return known.get()
  }

  takers(file: string, names: readonly string[], from: string): Takers {
    const roots = new Set([this.app(file).root, this.app(from).root])
    const key = [file, ...roots, '', ...names].join('\0')
    let known = this.#takers.get(key)
    if (!known) {
      const find = (): Takers =>
        takersOf(
          {
            files: [...roots].flatMap((root) => [...this.sources(root)]),
            mentions: (at, words) =>
              this.scan(`mentions ${words.join()}`, at, (text) => words.some((word) => text.includes(word))) === true,
            text: (at) => this.text(at) ?? '',
            module: (at) => this.module(at),
            resolve: (specifier, at) => this.resolve(specifier, at),
            isEntry: (at, text) => this.app(at).startFile === at || this.#entry(at, text),
          },
          file,
          names,
        )
      known = this.#disk.world.derived(find, (a, b) => a.who === b.who && a.files.join('\0') === b.files.join('\0'))
      this.#takers.set(key, known)
    }
    return known.get()
  }

  json(file: string): JsonObject | undefined {
    return readJson(this.#disk, file)
  }

  isFile(file: string): boolean {
    return this.#disk.isFile(file)
  }

  isDirectory(folder: string): boolean {
    return this.#disk.isDirectory(folder)
  }

  /** The names in a folder, sorted. */
  list(folder: string): readonly string[] {
    return this.#disk.list(folder)
  }

  /** The nearest folder upward that has a package.json. */
  packageFolder(folder: string): string | undefined {
    return this.#resolver.packages.owner(folder)
  }

  /** The folder of a package, seen from another folder: in the workspace, else installed. */
  packageNamed(name: string, from: string): string | undefined {
    return this.#resolver.packages.folder(name, from) ?? this.#resolver.installedFolder(name, from)
  }

  /** The application that a file belongs to. */
  app(file: string): App {
    return this.#apps.of(file)
  }

  /** The Next.js application whose `app` or `pages` folder a file is in. */
  nextApp(file: string): NextApp | undefined {
    return this.#nextApps.of(file)
  }

  /** The Prisma schemas of the package that a file belongs to. */
  prismaSchemas(file: string): readonly PrismaSchema[] {
    return this.#prisma.in(this.app(file).root)
  }

  /** The schema of the Prisma client that `specifier` means in a file, generated or not; undefined when that is not known. */
  prismaClient(specifier: string, file: string): PrismaSchema | undefined {
    return this.#prisma.ofClient(specifier, this.#resolver.places(specifier, file), file)
  }

  /** The source files below a folder, for the inventory: read at once, not tracked. */
  sourceFiles(root: string): FileListing {
    return sourceFiles(root)
  }

  /** How many files were parsed so far. */
  get parsed(): number {
    return this.#store.parsed
  }
}

export function createProject(options: ProjectOptions = {}): Project {
  return new Project(options)
}
