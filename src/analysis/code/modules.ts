/** What the analysis needs of the outside world. `project/` implements it on disk; tests implement it in memory. */
import type { ModuleForm } from '../../model/form.ts'

export type Resolution =
  /** A file of the project (or of a workspace package, or of a package that the policy says to follow). */
  | { readonly kind: 'module'; readonly file: string }
  /** A package that is not followed; `name` is the specifier as written. */
  | { readonly kind: 'package'; readonly name: string }
  /** Leads nowhere, or to something that is not code (`.vue`, `.css`, `.json`). */
  | { readonly kind: 'unresolved'; readonly reason: string }

export interface Modules {
  /** Where an import of `specifier` in `file` leads. Never throws. */
  resolve(specifier: string, file: string): Resolution
  /** The lowered module; one that cannot be read has `unreadable` set. Never throws. */
  module(file: string): ModuleForm
  /**
   * Other modules of the application whose text calls something that puts a value under a key of a store, or that makes
   * rows, or that holds a name: what is known of `file` may rest on them, although it leads to none.
   */
  keepers(file: string, of: Kept): readonly string[]
  /**
   * Who takes something of a module that it exports by these names, of the applications that these two files belong to. What
   * is known of `file` may rest on them, although it leads to none.
   */
  takers(file: string, names: readonly string[], from: string): Takers
}

export interface Takers {
  /**
   * - nobody: none that is in sight
   * - entry points: only code below these, which is followed where they run
   * - programs: also what is above them, such as a server that hands requests to the framework
   */
  readonly who: 'nobody' | 'entry points' | 'programs'
  /** Those that programs lead to. */
  readonly files: readonly string[]
}

export type Kept = 'keys' | 'rows' | `name ${string}`
