import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { Freshness, type Observed, type Source } from './freshness.ts'

/** What stands at a path; symbolic links are followed, and whatever cannot be looked at counts as absent. */
export type Kind = 'file' | 'directory' | 'absent'

export type Content =
  | { readonly state: 'read'; readonly bytes: Buffer; readonly key: string }
  | { readonly state: 'absent' | 'directory' | 'too large' | 'unreadable'; readonly key: string }

/** A clock tick of the coarsest file systems: within it, equal times and sizes do not prove equal contents. */
const YOUNG_MS = 2_000

/** Above this, nodes that no lint has asked for in a while are dropped. */
const MAX_NODES = 200_000

/**
 * The files on disk, read through nodes, so that whoever looks at them can be told later whether they changed. Nothing here
 * throws: paths vanish, loop and refuse at any time.
 */
export class Disk {
  readonly world: Freshness = new Freshness()
  readonly #stats = new Map<string, Stat>()
  readonly #kinds = new Map<string, Source<Kind>>()
  readonly #lists = new Map<string, Source<readonly string[]>>()
  readonly #reals = new Map<string, Source<string>>()
  readonly #contents = new Map<string, Source<unknown>>()

  begin(): void {
    this.world.begin()
    this.#stats.clear()
    for (const nodes of [this.#kinds, this.#lists, this.#reals, this.#contents]) {
      // Answers that hold a dropped node keep checking it; only sharing is lost.
      if (nodes.size > MAX_NODES) nodes.clear()
    }
  }

  kind(file: string): Kind {
    return node(this.#kinds, file, () =>
      this.world.source(() => {
        const { kind } = this.#stat(file)
        return { value: kind, version: kind }
      }),
    ).get()
  }

  isFile(file: string): boolean {
    return this.kind(file) === 'file'
  }

  isDirectory(file: string): boolean {
    return this.kind(file) === 'directory'
  }

  /** The names in a directory, sorted; none when it cannot be listed. */
  list(directory: string): readonly string[] {
    let sign = ''
    return node(this.#lists, directory, () =>
      this.world.source<readonly string[]>((previous) => {
        const stat = this.#stat(directory)
        const now = stat.sign
        if (previous !== undefined && now === sign && !isYoung(stat)) return previous
        sign = isYoung(stat) ? '' : now
        const names = stat.kind === 'directory' ? namesIn(directory) : []
        return { value: names, version: names.join('\0') }
      }),
    ).get()
  }

  /** The path without symbolic links; the path itself when it cannot be had. */
  real(file: string): string {
    return node(this.#reals, file, () =>
      this.world.source(() => {
        const real = realPath(file)
        return { value: real, version: real }
      }),
    ).get()
  }

  /**
   * What `parse` makes of a file. It runs again only when the content changed. `tag` tells apart the things that are made of
   * one file.
   */
  parsed<T>(tag: string, file: string, maxBytes: number, parse: (content: Content) => T): T {
    return this.contentNode(tag, file, maxBytes, parse).get()
  }

  contentNode<T>(tag: string, file: string, maxBytes: number, parse: (content: Content) => T): Source<T> {
    return node(this.#contents as Map<string, Source<T>>, `${tag}\0${file}`, () => {
      const refresh = this.refresher(file, maxBytes, parse)
      return this.world.source(refresh)
    })
  }

  /** How the node of a file's content is brought up to date: by stat, and by hash where a stat cannot tell. */
  refresher<T>(
    file: string,
    maxBytes: number,
    parse: (content: Content) => T,
  ): (previous: Observed<T> | undefined) => Observed<T> {
    let sign = ''
    return (previous) => {
      const stat = this.#stat(file)
      const now = stat.sign
      if (previous !== undefined && now === sign) return previous
      const content = contentOf(file, stat, maxBytes)
      sign = isYoung(stat) ? '' : now
      if (previous?.version === content.key) return previous
      return { value: parse(content), version: content.key }
    }
  }

  #stat(file: string): Stat {
    let stat = this.#stats.get(file)
    if (stat === undefined) {
      stat = statOf(file)
      this.#stats.set(file, stat)
    }
    return stat
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The same for a file with its byte-order mark and for its text as a host gives it, without. */
export function contentKey(content: Buffer | string): string {
  const marked = typeof content !== 'string' && content.subarray(0, 3).equals(BOM)
  return createHash('sha1')
    .update(marked ? content.subarray(3) : content)
    .digest('base64')
}

function node<N>(nodes: Map<string, N>, key: string, make: () => N): N {
  let found = nodes.get(key)
  if (found === undefined) {
    found = make()
    nodes.set(key, found)
  }
  return found
}

/** Little of what `stat` says, since there is one for each path of a lint. */
interface Stat {
  readonly kind: Kind
  readonly size: number
  /** Equal signs mean an equal content, unless the change may be as young as the clock is coarse. */
  readonly sign: string
  readonly changed: number
}

const ABSENT: Stat = { kind: 'absent', size: 0, sign: 'absent', changed: 0 }

function statOf(file: string): Stat {
  try {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined) return ABSENT
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'absent'
    const sign = `${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.mode}`
    return { kind, size: stat.size, sign, changed: Math.max(stat.mtimeMs, stat.ctimeMs) }
  } catch {
    // ELOOP, EACCES, ENOTDIR, a name that is too long, a NUL in the path.
    return ABSENT
  }
}

function isYoung(stat: Stat): boolean {
  return Date.now() - stat.changed < YOUNG_MS
}

function contentOf(file: string, stat: Stat, maxBytes: number): Content {
  const { kind } = stat
  if (kind !== 'file') return { state: kind, key: kind }
  if (stat.size > maxBytes) return { state: 'too large', key: 'too large' }
  try {
    const bytes = readFileSync(file)
    return { state: 'read', bytes, key: contentKey(bytes) }
  } catch {
    return { state: 'unreadable', key: 'unreadable' }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file)
  } catch {
    return path.resolve(file)
  }
}
