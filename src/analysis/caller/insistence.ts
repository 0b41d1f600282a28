/**
 * What the application insists on: a module that throws while it is loaded where no variable of the environment is set shows
 * that the application does not run without the variables that it speaks of. That is learnt on the way, for the run alone
 * that loads the module: what another entry point loads says nothing of this one. What is kept between runs keeps what was
 * learnt while it was made, and teaches it again.
 */

/** Names of variables, always the same object for the same names. */
export interface Insistence {
  readonly id: number
  readonly on: ReadonlySet<string>
}

export class Lessons {
  /** Each time that something was learnt in the present run, in order. */
  private readonly learnt: (readonly string[])[] = []
  private readonly known = new Map<string, Insistence>()
  private readonly taught = new Map<string, readonly string[]>()

  insistenceOn(names: ReadonlySet<string>): Insistence {
    const words = [...names].sort().join()
    const known = this.known.get(words)
    if (known) return known
    const insistence = { id: this.known.size, on: names }
    this.known.set(words, insistence)
    return insistence
  }

  get now(): number {
    return this.learnt.length
  }

  /** @param variables of the file that throws */
  learnOf(file: string, variables: () => readonly string[]): void {
    const key = `file\0${file}`
    if (!this.taught.has(key)) this.taught.set(key, variables())
    this.teach(key)
  }

  learn(names: readonly string[]): void {
    if (names.length > 0) this.learnt.push(names)
  }

  /** @param mark what `now` was then */
  since(mark: number): readonly string[] {
    return mark === this.learnt.length ? [] : [...new Set(this.learnt.slice(mark).flat())]
  }

  /** What has been learnt since then by what is kept under the key. */
  keep(key: string, mark: number): void {
    if (mark < this.learnt.length) this.taught.set(key, this.since(mark))
  }

  teach(key: string): void {
    this.learn(this.taught.get(key) ?? [])
  }

  /** Ends a run. */
  forget(mark: number): void {
    this.learnt.length = mark
  }

  /** What is kept is not kept any longer. */
  clear(): void {
    this.taught.clear()
    this.known.clear()
  }
}
