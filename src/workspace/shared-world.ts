/** What lints have in common: values of modules and answers about files, kept as long as what they rest on stays the same. */
import type { World } from '../analysis/world.ts'
import type { ModuleForm } from '../model/form.ts'
import type { Dependencies } from '../project/freshness.ts'
import { ModuleGraph, Stale } from '../project/module-graph.ts'
import type { Project } from '../project/project.ts'

interface Answer {
  readonly value: unknown
  /** Modules that were looked at; it also rests on what can be reached from these. */
  readonly touched: ReadonlySet<string>
  /** What else on disk was looked at. */
  readonly deps: Dependencies
  /** The lint in which it was last found to hold. */
  checked: number
}

/** After so many changes what was forgotten outweighs what is known. */
const maxChanges = 100

const maxRetries = 3

/** An answer that rests on more than so many paths is not checked in each lint, if it need not be exact. */
const MANY_PATHS = 1_000
/** Then it is not checked again for so long: a check takes about a twentieth of that. */
const MS_PER_PATH = 0.05

export class SharedWorld {
  readonly #project: Project
  readonly #make: (graph: ModuleGraph, forms: Map<string, ModuleForm>) => World
  readonly #answers = new Map<string, Answer>()
  readonly #loose = new Map<string, { readonly value: unknown; readonly until: number }>()
  #graph!: ModuleGraph
  #world!: World
  #lint = 0
  #depth = 0
  #changes = 0

  constructor(project: Project, make: (graph: ModuleGraph, forms: Map<string, ModuleForm>) => World) {
    this.#project = project
    this.#make = make
    this.reset()
  }

  get world(): World {
    return this.#world
  }

  get graph(): ModuleGraph {
    return this.#graph
  }

  /** To be called in each lint, as often as one likes. */
  begin(lint: number): void {
    if (lint === this.#lint) return
    this.#lint = lint
    this.#graph.begin()
  }

  /** Forgets everything. */
  reset(): void {
    this.#graph = new ModuleGraph(this.#project)
    this.#graph.begin()
    this.#world = this.#make(this.#graph, new TouchingForms(this.#graph))
    this.#answers.clear()
    this.#loose.clear()
    this.#changes = 0
  }

  /** The answer to a question, of before when nothing changed that it rests on. */
  ask<T>(question: string, compute: () => T): T {
    for (let attempt = 1; ; attempt++) {
      const known = this.#known(question)
      if (known) return known.value as T
      const graph = this.#graph
      this.#depth++
      try {
        const { value, deps } = this.#project.track(() => graph.gather(compute))
        this.#answers.set(question, { value: value.value, touched: value.touched, deps, checked: this.#lint })
        return value.value
      } catch (error) {
        // Values that were being computed are half done.
        if (this.#depth > 1) throw error
        this.reset()
        if (!(error instanceof Stale) || attempt > maxRetries) throw error
      } finally {
        this.#depth--
      }
    }
  }

  /**
   * The same for what rests on every file of an application and only chooses words or offers: in a large one the answer may
   * be some tenths of a second old, so that not each lint with a finding looks at all files again.
   */
  askLoosely<T>(question: string, compute: () => T): T {
    const loose = this.#loose.get(question)
    // What is computed around it has to know all that it rests on.
    if (loose && this.#depth === 0 && performance.now() < loose.until) return loose.value as T
    const value = this.ask(question, compute)
    const paths = this.#answers.get(question)?.deps.size ?? 0
    if (paths > MANY_PATHS) this.#loose.set(question, { value, until: performance.now() + paths * MS_PER_PATH })
    return value
  }

  #known(question: string): Answer | undefined {
    const known = this.#answers.get(question)
    if (!known) return undefined
    if (known.checked !== this.#lint) {
      const stale = this.#graph.staleBelow(known.touched)
      if (stale.length > 0) {
        if (this.#depth > 0) throw new Stale(stale[0])
        this.#forget(stale)
        return undefined
      }
      if (!this.#project.isFresh(known.deps)) {
        this.#answers.delete(question)
        return undefined
      }
      known.checked = this.#lint
    }
    this.#graph.reuse(known.touched)
    this.#project.reuse(known.deps)
    return known
  }

  /** Drops what is known about modules, and about those that lead to them. */
  #forget(stale: readonly string[]): void {
    if (++this.#changes > maxChanges) {
      this.reset()
      return
    }
    const affected = this.#graph.forget(stale)
    const { moduleValues, moduleEnvs, indexes, puts, trials, fills, forms, summaries, unloadable, lessons, computes } =
      this.#world
    // keys name the file, behind the environment where that is not the usual one
    for (const key of moduleValues.keys())
      if (key.split('\0').some((part) => affected.has(part))) moduleValues.delete(key)
    for (const file of affected) {
      moduleEnvs.delete(file)
      indexes.delete(file)
      puts.delete(file)
      fills.delete(file)
      forms.delete(file)
    }
    unloadable.clear()
    lessons.clear()
    summaries.clear()
    trials.clear()
    computes.clear()
    for (const [question, answer] of this.#answers) {
      for (const file of answer.touched) {
        if (!affected.has(file)) continue
        this.#answers.delete(question)
        break
      }
    }
  }
}

/** Forms that the analysis keeps at hand: looking at one is looking at the module. */
class TouchingForms extends Map<string, ModuleForm> {
  readonly #graph: ModuleGraph

  constructor(graph: ModuleGraph) {
    super()
    this.#graph = graph
  }

  override get(file: string): ModuleForm | undefined {
    this.#graph.touch(file)
    return super.get(file)
  }
}
