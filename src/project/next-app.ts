/** Where a Next.js application keeps what the framework finds by convention (docs: getting-started/project-structure). */
import path from 'node:path'
import { configFile } from './config-source.ts'
import type { Disk } from './disk.ts'
import type { Derived } from './freshness.ts'
import { isObject } from './json.ts'
import { SOURCE_EXTENSIONS } from './parse.ts'
import { readJson, readText } from './read-json.ts'

export interface NextApp {
  readonly root: string
  /** `app` or `src/app`, when it is there. */
  readonly appFolder: string | undefined
  /** `pages` or `src/pages`, when it is there. */
  readonly pagesFolder: string | undefined
  /** What pages and routes end with, without the dot. */
  readonly pageExtensions: readonly string[]
  /** `proxy.ts`, or `middleware.ts` of Next.js 15 and older. */
  readonly proxyFile: string | undefined
  /** Why its configuration could not be read in full. */
  readonly problem?: string
}

const proxyName = /^(?:proxy|middleware)\.\w+$/

const rootOf = (folder: string): string => (path.basename(folder) === 'src' ? path.dirname(folder) : folder)

const defaultExtensions: readonly string[] = ['tsx', 'ts', 'jsx', 'js']

export class NextApps {
  readonly #disk: Disk
  readonly #byRoot = new Map<string, Derived<NextApp | undefined>>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /**
   * The application whose `app` or `pages` folder a file is in, or whose proxy it is. It need not have a package.json of its own: a monorepo may
   * keep one for all.
   */
  of(file: string): NextApp | undefined {
    const segments = file.split(path.sep)
    for (let at = 1; at < segments.length - 1; at++) {
      if (segments[at] !== 'app' && segments[at] !== 'pages') continue
      const folder = segments.slice(0, at).join(path.sep)
      const root = segments[at - 1] === 'src' ? path.dirname(folder) : folder
      const app = this.at(root)
      if (app) return app
    }
    const app = proxyName.test(path.basename(file)) ? this.at(rootOf(path.dirname(file))) : undefined
    return app?.proxyFile === file ? app : undefined
  }

  at(root: string): NextApp | undefined {
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

  #read(root: string): NextApp | undefined {
    const config = configFile(this.#disk, root, 'next.config')
    if (config === undefined && !this.#dependsOnNext(root)) return undefined
    // beside `app` at the root, `src/app` is ignored
    const sources = [root, path.join(root, 'src')]
    const folder = (name: string): string | undefined =>
      sources.map((at) => path.join(at, name)).find((at) => this.#disk.isDirectory(at))
    const proxyFile = sources
      .flatMap((at) => ['proxy', 'middleware'].map((name) => path.join(at, name)))
      .flatMap((stem) => SOURCE_EXTENSIONS.map((extension) => stem + extension))
      .find((at) => this.#disk.isFile(at))
    const written = config === undefined ? undefined : pageExtensionsIn(readText(this.#disk, config) ?? '')
    return {
      root,
      appFolder: folder('app'),
      pagesFolder: folder('pages'),
      pageExtensions: written?.extensions ?? defaultExtensions,
      proxyFile,
      ...(written?.problem === undefined ? {} : { problem: written.problem }),
    }
  }

  #dependsOnNext(root: string): boolean {
    const json = readJson(this.#disk, path.join(root, 'package.json'))
    return ['dependencies', 'devDependencies', 'peerDependencies'].some((group) => {
      const declared = json?.[group]
      return isObject(declared) && Object.hasOwn(declared, 'next')
    })
  }
}

/** `pageExtensions` of a configuration that is not run: a literal list, wherever it stands. */
function pageExtensionsIn(
  text: string,
): { readonly extensions?: readonly string[]; readonly problem?: string } | undefined {
  const found = /\bpageExtensions\s*(?::|=(?!=))\s*(?<list>\[[^\]]*\])?/.exec(text)
  if (!found) return undefined
  const list = found.groups?.list
  const extensions = [...(list ?? '').matchAll(/['"`]([\w.-]+)['"`]/g)].map((match) => match[1]!)
  return extensions.length > 0
    ? { extensions }
    : { problem: '`pageExtensions` is not written as a list of texts: the usual ones are taken' }
}
