/**
 * Answers that know what they looked at.
 *
 * A node is one fact (a file's content, whether a path exists, where an import leads) with a version. Reading a node while
 * another one is computed makes it a dependency of that one, so an answer remembers every path it looked at, absent ones
 * too. A lint is an epoch: within it each node is checked at most once, and one whose dependencies kept their versions is
 * not computed again.
 */

export type Version = string | number

/** What an answer rests on. Opaque: keep it and hand it to `isFresh`. */
export type Dependencies = ReadonlyMap<FreshnessNode, Version>

export interface Tracked<T> {
  readonly value: T
  readonly deps: Dependencies
}

interface FreshnessNode {
  /** Brings the node up to date for this epoch and returns its version. */
  check(): Version
}

export class Freshness {
  #epoch = 1
  #counter = 0
  readonly #active: Map<FreshnessNode, Version>[] = []

  /** A new lint: everything is checked again when it is next asked for. */
  begin(): void {
    this.#epoch++
  }

  get epoch(): number {
    return this.#epoch
  }

  /** A fact of the outside world. `read` gives its value and its version; equal versions mean an equal value. */
  source<T>(read: (previous: Observed<T> | undefined) => Observed<T>): Source<T> {
    return new Source(this, read)
  }

  /** A fact computed of others. `same` keeps the version when a new value says what the old one said. */
  derived<T>(compute: () => T, same: (a: T, b: T) => boolean = Object.is): Derived<T> {
    return new Derived(this, compute, same)
  }

  /** Computes an answer and gathers what it looks at; a computation around it looks at the same. */
  track<T>(compute: () => T): Tracked<T> {
    const answer = this.gather(compute)
    this.reuse(answer.deps)
    return answer
  }

  /** To be called when an answer of before is used again while another one is computed. */
  reuse(deps: Dependencies): void {
    const outer = this.#active.at(-1)
    if (outer === undefined) return
    for (const [node, version] of deps) outer.set(node, version)
  }

  gather<T>(compute: () => T): Tracked<T> {
    const deps = new Map<FreshnessNode, Version>()
    this.#active.push(deps)
    try {
      return { value: compute(), deps }
    } finally {
      this.#active.pop()
    }
  }

  isFresh(deps: Dependencies): boolean {
    for (const [node, version] of deps) if (node.check() !== version) return false
    return true
  }

  record(node: FreshnessNode, version: Version): void {
    this.#active.at(-1)?.set(node, version)
  }

  nextVersion(): number {
    return ++this.#counter
  }
}

export interface Observed<T> {
  readonly value: T
  readonly version: Version
}

export class Source<T> {
  readonly #world: Freshness
  readonly #read: (previous: Observed<T> | undefined) => Observed<T>
  #seen: Observed<T> | undefined
  #checked = 0

  constructor(world: Freshness, read: (previous: Observed<T> | undefined) => Observed<T>) {
    this.#world = world
    this.#read = read
  }

  get(): T {
    const seen = this.#current()
    this.#world.record(this, seen.version)
    return seen.value
  }

  check(): Version {
    return this.#current().version
  }

  /** To be read again although the epoch is the same. */
  forget(): void {
    this.#checked = 0
  }

  #current(): Observed<T> {
    if (this.#seen === undefined || this.#checked !== this.#world.epoch) {
      this.#seen = this.#read(this.#seen)
      this.#checked = this.#world.epoch
    }
    return this.#seen
  }
}

export class Derived<T> {
  readonly #world: Freshness
  readonly #compute: () => T
  readonly #same: (a: T, b: T) => boolean
  #answer: Tracked<T> | undefined
  #version: Version = 0
  #checked = 0

  constructor(world: Freshness, compute: () => T, same: (a: T, b: T) => boolean) {
    this.#world = world
    this.#compute = compute
    this.#same = same
  }

  get(): T {
    const version = this.check()
    this.#world.record(this, version)
    return this.#answer!.value
  }

  check(): Version {
    if (this.#checked === this.#world.epoch) return this.#version
    if (this.#answer === undefined || !this.#world.isFresh(this.#answer.deps)) {
      const before = this.#answer
      this.#answer = this.#world.gather(this.#compute)
      if (before !== undefined && this.#same(before.value, this.#answer.value)) {
        this.#answer = { value: before.value, deps: this.#answer.deps }
      } else {
        this.#version = this.#world.nextVersion()
      }
    }
    this.#checked = this.#world.epoch
    return this.#version
  }
}
