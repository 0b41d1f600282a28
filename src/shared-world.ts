/** What lints have in common: values of modules and answers about files, kept as long as what they rest on stays the same. */
import type { World } from './analysis/world.ts'
import type { ModuleForm } from './model/form.ts'
import type { Dependencies } from './project/freshness.ts'
import { ModuleGraph, Stale } from './project/module-graph.ts'
import type { Project } from './project/project.ts'

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

export class SharedWorld {
  readonly #project: Project
  readonly #make: (graph: ModuleGraph, forms: Map<string, ModuleForm>) => World
  readonly #answers = new Map<string, Answer>()
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
    const { moduleValues, moduleEnvs, indexes, forms, summaries } = this.#world
    // keys name the file, behind the environment where that is not the usual one
    for (const key of moduleValues.keys())
      if (key.split('\0').some((part) => affected.has(part))) moduleValues.delete(key)
    for (const file of affected) {
      moduleEnvs.delete(file)
      indexes.delete(file)
      forms.delete(file)
    }
    summaries.clear()
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
