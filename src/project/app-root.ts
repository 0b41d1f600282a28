import path from 'node:path'
import { configCalls, configFile } from './config-source.ts'
import type { Disk } from './disk.ts'
import type { Derived } from './freshness.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { Packages } from './packages.ts'
import { SOURCE_EXTENSIONS } from './parse.ts'
import { readJson } from './read-json.ts'

/** An application, or a package: where its parts are. All paths are absolute. */
export interface App {
  /** The nearest folder upward that has a package.json. */
  readonly root: string
  /** Names to ranges of everything that package.json declares. */
  readonly dependencies: Readonly<Record<string, string>>
  /** Where a file router looks for routes, when it is a folder. */
  readonly routesFolder: string | undefined
  /** The sources' folder that Start's options are relative to. */
  readonly sourceFolder: string
  /** `src/start.ts`, when it is there. */
  readonly startFile: string | undefined
  /** `src/routeTree.gen.ts`, whether it is there or not. */
  readonly routeTree: string
  /** The router's other options, as far as they are written literally: tokens, prefixes, virtual routes. */
  readonly routerOptions: JsonObject
}

const DEPENDENCY_GROUPS = ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies']

export class Apps {
  readonly #disk: Disk
  readonly #packages: Packages
  readonly #byRoot = new Map<string, Derived<App>>()

  constructor(disk: Disk, packages: Packages) {
    this.#disk = disk
    this.#packages = packages
  }

  /** The application that a file belongs to; its own folder when no package.json is above it. */
  of(file: string): App {
    const folder = path.dirname(file)
    return this.at(this.#packages.owner(folder) ?? folder)
  }

  at(root: string): App {
    let node = this.#byRoot.get(root)
    if (node === undefined) {
      node = this.#disk.world.derived(
        () => this.#read(root),
        (a, b) => JSON.stringify(a) === JSON.stringify(b),
      )
      this.#byRoot.set(root, node)
    }
    return node.get()
  }

  #read(root: string): App {
    const json = this.#packages.json(root)
    const dependencies: Record<string, string> = {}
    for (const name of DEPENDENCY_GROUPS) {
      const group = json?.[name]
      if (!isObject(group)) continue
      for (const [dependency, range] of Object.entries(group)) {
        dependencies[dependency] = typeof range === 'string' ? range : ''
      }
    }
    const start = this.#startOptions(root)
    const file = readJson(this.#disk, path.join(root, 'tsr.config.json')) ?? {}
    const router: JsonObject = { ...file, ...object(start.tsr), ...object(start.router) }

    const written = text(start.srcDirectory) ?? text(router.srcDirectory) ?? text(router.appDirectory)
    const sources = (written === undefined ? ['src', 'app', '.'] : [written]).map((at) => path.resolve(root, at))
    // Before 1.0 routes were in `app/`.
    const sourceFolder =
      sources.find((at) => this.#disk.isDirectory(path.join(at, 'routes'))) ??
      sources.find((at) => this.#disk.isDirectory(at)) ??
      sources[0]!

    // Start reads it relative to its sources, the router's own file relative to the root; older ones did otherwise.
    const routes = text(router.routesDirectory) ?? 'routes'
    const routesFolder = [path.resolve(sourceFolder, routes), path.resolve(root, routes)].find((at) =>
      this.#disk.isDirectory(at),
    )
    const tree = text(router.generatedRouteTree) ?? 'routeTree.gen.ts'
    const treeFolder = file.generatedRouteTree === tree ? root : sourceFolder
    return {
      root,
      dependencies,
      routesFolder,
      sourceFolder,
      startFile: this.#module(path.resolve(sourceFolder, text(object(start.start).entry) ?? 'start')),
      routeTree: path.resolve(treeFolder, tree),
      routerOptions: router,
    }
  }

  /** The options of Start's bundler plugin. */
  #startOptions(root: string): JsonObject {
    for (const name of ['vite.config', 'rsbuild.config', 'app.config']) {
      const config = configFile(this.#disk, root, name)
      if (config === undefined) continue
      for (const call of configCalls(this.#disk, config)) {
        const plugin = call.callee === 'tanstackStart' || (call.from?.includes('-start/plugin') ?? false)
        const older = name === 'app.config' && call.callee === 'defineConfig'
        if ((plugin || older) && isObject(call.argument)) return call.argument
      }
    }
    return {}
  }

  #module(base: string): string | undefined {
    if (SOURCE_EXTENSIONS.includes(path.extname(base))) return this.#disk.isFile(base) ? base : undefined
    return SOURCE_EXTENSIONS.map((extension) => base + extension).find((file) => this.#disk.isFile(file))
  }
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
