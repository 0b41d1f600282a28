import type { Kept, Modules, Resolution, Takers } from '../analysis/code/modules.ts'
import type { ModuleForm } from '../model/form.ts'
import type { Dependencies } from './freshness.ts'
import type { Project } from './project.ts'

type Growing<D> = D extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

interface Node {
  form?: ModuleForm
  readonly resolutions: Map<string, Resolution>
  /** Modules that its imports lead to, as far as anybody followed them. */
  readonly to: Set<string>
  /** Modules that it leads to no import of, and that what is known of it rests on all the same. */
  readonly beside: Set<string>
  readonly keepers: Map<Kept, readonly string[]>
  readonly takers: Map<string, Takers>
  readonly deps: Growing<Dependencies>
  /** The lint in which the module was last found to be unchanged; and with all that it leads to. */
  checked: number
  closed: number
}

/** A module changed while an answer that rests on it was being computed. */
export class Stale extends Error {}

/**
 * The modules that one analysis has looked at: each is read once, and remembers where its imports lead and what on disk
 * that rests on. Values that are kept about a module hang on the modules that can be reached from it, and on nothing else.
 */
export class ModuleGraph implements Modules {
  readonly #project: Project
  readonly #nodes = new Map<string, Node>()
  #touched = new Set<string>()
  #last = ''
  #lint = 0

  constructor(project: Project) {
    this.#project = project
  }

  begin(): void {
    this.#lint++
    this.#last = ''
  }

  module(file: string): ModuleForm {
    this.touch(file)
    const node = this.#node(file)
    if (node.form) return node.form
    const { value, deps } = this.#project.track(() => this.#project.module(file))
    add(node.deps, deps)
    node.form = value
    return value
  }

  resolve(specifier: string, file: string): Resolution {
    this.touch(file)
    const node = this.#node(file)
    const known = node.resolutions.get(specifier)
    if (known) return known
    const { value, deps } = this.#project.track(() => this.#project.resolve(specifier, file))
    add(node.deps, deps)
    node.resolutions.set(specifier, value)
    if (value.kind === 'module') node.to.add(value.file)
    return value
  }

  keepers(file: string, of: Kept): readonly string[] {
    this.touch(file)
    const node = this.#node(file)
    const known = node.keepers.get(of)
    if (known) return known
    const { value, deps } = this.#project.track(() => this.#project.keepers(file, of))
    add(node.deps, deps)
    for (const at of value) node.beside.add(at)
    node.keepers.set(of, value)
    return value
  }

  takers(file: string, names: readonly string[], from: string): Takers {
    this.touch(file)
    const node = this.#node(file)
    const key = [from, ...names].join('\0')
    const known = node.takers.get(key)
    if (known) return known
    const { value, deps } = this.#project.track(() => this.#project.takers(file, names, from))
    add(node.deps, deps)
    for (const at of value.files) node.beside.add(at)
    node.takers.set(key, value)
    return value
  }

  /** The answer at hand rests on the module. @throws Stale when it changed since values about it were kept */
  touch(file: string): void {
    if (file === this.#last) return
    this.#last = file
    if (this.#touched.has(file)) return
    this.#touched.add(file)
    if (this.staleBelow([file]).length > 0) throw new Stale(file)
  }

  /** Runs something and says which modules it looked at. */
  gather<T>(run: () => T): { readonly value: T; readonly touched: ReadonlySet<string> } {
    const outer = this.#touched
    this.#touched = new Set()
    this.#last = ''
    try {
      return { value: run(), touched: this.#touched }
    } finally {
      for (const file of this.#touched) outer.add(file)
      this.#touched = outer
      this.#last = ''
    }
  }

  /** An answer of before, which rests on these modules, is used in the one at hand. */
  reuse(touched: ReadonlySet<string>): void {
    for (const file of touched) this.#touched.add(file)
  }

  /** Modules that can be reached from these and changed since they were read. Each is checked once a lint. */
  staleBelow(files: Iterable<string>): readonly string[] {
    const stale: string[] = []
    const open = [...files]
    const seen = new Set<Node>()
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      const node = this.#nodes.get(file)
      if (!node || node.closed === this.#lint || seen.has(node)) continue
      seen.add(node)
      if (node.checked !== this.#lint) {
        if (!this.#project.isFresh(node.deps)) {
          stale.push(file)
          continue
        }
        node.checked = this.#lint
      }
      open.push(...node.to, ...node.beside)
    }
    if (stale.length === 0) for (const node of seen) node.closed = this.#lint
    return stale
  }

  /** The modules that can be reached from one, itself included. */
  reachable(file: string): ReadonlySet<string> {
    const found = new Set<string>([file])
    for (const at of found) for (const next of this.#nodes.get(at)?.to ?? []) found.add(next)
    return found
  }

  /** Forgets modules, and gives those that lead to them. */
  forget(files: readonly string[]): ReadonlySet<string> {
    const from = new Map<string, string[]>()
    for (const [file, node] of this.#nodes) {
      for (const next of [...node.to, ...node.beside]) {
        const list = from.get(next)
        if (list) list.push(file)
        else from.set(next, [file])
      }
    }
    const affected = new Set(files)
    for (const file of affected) for (const next of from.get(file) ?? []) affected.add(next)
    for (const file of files) this.#nodes.delete(file)
    return affected
  }

  #node(file: string): Node {
    let node = this.#nodes.get(file)
    if (!node) {
      const [to, beside] = [new Set<string>(), new Set<string>()]
      const deps = new Map() as Node['deps']
      node = {
        resolutions: new Map(),
        to,
        beside,
        keepers: new Map(),
        takers: new Map(),
        deps,
        checked: this.#lint,
        closed: 0,
      }
      this.#nodes.set(file, node)
    }
    return node
  }
}

function add(to: Node['deps'], deps: Dependencies): void {
  for (const [node, version] of deps) to.set(node, version)
}
