/**
 * Answers that are kept, and given to whoever asks the same. All that they hang on has to be asked with: what says who is
 * calling, too, whether it is read from around the function or looked up in there.
 */
import type { Machine } from '../machine.ts'
import type { Frame } from '../code/frame.ts'
import { addNote } from '../caller/notes.ts'
import { bindingName, envOf, lookup, moduleForm } from '../code/module-values.ts'
import { From, merge, sourcesOf, type Origins, type Site, type Source } from '../values/origins.ts'
import type { BindingId } from '../../model/form.ts'
import { shallowOrigins, type Value } from '../values/value.ts'

/** What is being run for such an answer. */
export interface Cached {
  /** Activations that were there before: what is read of them comes from around the function. */
  readonly since: number
  /** How deep it stands. */
  readonly depth: number
  /** What the answer is found by again. */
  key: Origins
  /** What makes it so, where only arguments and a key are asked with; absent where all is that is read from around it. */
  readonly by?: { readonly name: string; readonly site: Site }
}

/** By what the caller is known, or can be. */
const tellsCaller = From.cookie | From.header | From.request | From.principal

/** Runs what an answer is made by. What is kept within something that is kept is as good as part of it. */
export function cached<T>(m: Machine, key: Origins, by: Cached['by'], run: () => T): T {
  const outer = m.cached
  m.cached ??= { since: m.memory.now(), depth: m.stack.length, key, ...(by ? { by } : {}) }
  const result = run()
  m.cached = outer
  return result
}

/** Whether the answers of a function are kept for everybody: its directive says so, or that of its module. */
export function isCachedForAll(m: Machine, { file, fn }: Pick<Frame, 'file' | 'fn'>): boolean {
  const { functions } = moduleForm(m, file)
  const form = functions[fn]
  if (!form || (form.directives.length === 0 && form.parent !== 0)) return false
  const directives = [...form.directives, ...(form.parent === 0 ? (functions[0]?.directives ?? []) : [])]
  const kept = directives.flatMap((directive) => m.world.catalog.keptFor(directive) ?? [])
  return kept[0] === 'everybody'
}

/** A name that is read while an answer is made. */
export function readForCache(m: Machine, binding: BindingId, answer: Cached): Value {
  const value = lookup(m, binding)
  const env = envOf(m, binding)
  if (!env || env.fn === 0 || env.id > answer.since) return value
  const from = m.heap.originsOf(value)
  const { by } = answer
  if (!by) answer.key = merge(answer.key, from)
  else if (isMissingIn(m, answer.key, value, from))
    addNote(m, 'capturedIdentity', bindingName(m, binding), by.site, { member: by.name })
  return value
}

function isMissingIn(m: Machine, key: Origins, value: Value, from: Origins): boolean {
  const known = identitiesIn(m, key)
  return identitiesIn(m, from).some((source) => !known.includes(source)) || (known.length === 0 && carriesCaller(value))
}

/** A client that sends the caller's cookies or token along. */
const carriesCaller = (value: Value): boolean =>
  value.t === 'library' && (shallowOrigins(value).flags & tellsCaller) !== 0

/** Something asks who is calling while an answer is made for all, and was not given what it would be told apart by. */
export function askedForCache(m: Machine, source: Source): void {
  const { cached: answer } = m
  if (!answer || !isIdentity(source)) return
  if ((answer.key.flags & tellsCaller) !== 0) return
  const helper = m.stack[answer.depth + 1]
  addNote(m, 'askedWhenKept', helper?.name || source.name, helper?.calledAt ?? source.site)
}

const isIdentity = ({ proof }: Source): boolean => proof !== 'env-gate' && proof !== 'secret' && proof !== 'signature'

/** The lookups that told who is calling, through the rows that were found by what they gave. */
function identitiesIn(m: Machine, { flags, refs }: Origins, depth = 4): readonly Source[] {
  const own = (flags & From.principal) === 0 ? [] : sourcesOf({ flags, refs }).filter(isIdentity)
  if (depth === 0) return own
  const rows = refs.flatMap((ref) => (ref.t === 'read' && !ref.hint ? (ref.effect.conditions ?? []) : []))
  return [...own, ...rows.flatMap(({ value }) => identitiesIn(m, m.heap.originsOf(value), depth - 1))]
}
