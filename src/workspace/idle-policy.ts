/**
 * What a project's policy file points at and what is not there: a glob that fits no entry point, a name that no module
 * exports. Only whoever has seen the whole project can say so: the inventory does, and an editor does not.
 */
import path from 'node:path'
import type { Modules } from '../analysis/code/modules.ts'
import type { FileReport } from '../model/report.ts'
import { policyNames, resolveReference, type Policy, type Reference } from '../policy.ts'

export class PolicyTargets {
  readonly #seen = new Map<Policy, { readonly files: Set<string>; readonly from: Set<string> }>()

  /**
   * A file that a policy speaks about, with what was found in it.
   * @param from where an application's aliases are looked up
   */
  seen(policy: Policy, from: string, report?: FileReport): void {
    const seen = this.#seen.get(policy) ?? { files: new Set(), from: new Set() }
    this.#seen.set(policy, seen)
    seen.from.add(from)
    // what was not understood may have any
    if (report && (report.entryPoints.length > 0 || report.problems.length > 0)) seen.files.add(report.file)
  }

  /** Of the policies whose files are below `root`: there are no more files that these could speak about. */
  *problems(root: string, modules: Modules): Generator<{ readonly file: string; readonly message: string }> {
    for (const [policy, { files, from }] of this.#seen) {
      const { file, points } = policy
      if (file === undefined || /^\.\.|^[a-z]:/i.test(path.relative(root, file))) continue
      for (const { key, glob } of points.globs)
        if (![...files].some((one) => policyNames(policy, [glob], one)))
          yield { file, message: `${key}: “${glob}” fits no file that has an entry point, ${consequence(key)}` }
      for (const { key, reference } of points.references) {
        const reasons = [...from].map((place) => missing(reference, modules, place))
        const [reason] = reasons
        if (reason !== undefined && !reasons.includes(undefined)) yield { file, message: `${key}: ${reason}` }
      }
    }
  }
}

function consequence(key: string): string {
  if (key.startsWith('require')) return 'so it demands nothing. Correct it'
  const would = key.startsWith('public') ? 'be public' : 'count as guarded'
  return `and whatever comes to stand there would ${would} unseen. Remove it`
}

/** Why a reference leads to nothing. A package that is not followed may have everything. */
function missing(reference: Reference, modules: Modules, from: string): string | undefined {
  const found = resolveReference(reference, modules, from)
  if (found.kind === 'package') return undefined
  if (found.kind === 'unresolved') return found.reason
  const { exports, unreadable } = modules.module(found.file)
  if (unreadable !== undefined) return `“${reference.from}” could not be read: ${unreadable}`
  const [name] = reference.name.split('.')
  // without exports of its own it is a script, or CommonJS
  if (exports.length === 0 || exports.some(({ exported }) => exported === name || exported === '*')) return undefined
  return `“${reference.from}” exports no \`${name}\``
}
