/** One identity for what is equal, over all runs of a world. */
import type { OpaqueRef, Source } from './origins.ts'
import { Recent } from './recent.ts'

/** Gives each object a number, always the same. */
export function numbering(): (ref: object) => number {
  const ids = new WeakMap<object, number>()
  let next = 0
  return (ref) => {
    let id = ids.get(ref)
    if (id === undefined) ids.set(ref, (id = ++next))
    return id
  }
}

/** Gives the first of all that are equal: two runs that meet the same place speak of the same thing. */
export function interning(): <T extends Source | OpaqueRef>(found: T) => T {
  const known = new Map<string, Source | OpaqueRef>()
  return <T extends Source | OpaqueRef>(found: T): T => {
    const words = wordsFor(found)
    const first = known.get(words)
    // equal words are of the same kind
    if (first) return first as T
    known.set(words, found)
    return found
  }
}

function wordsFor(ref: Source | OpaqueRef): string {
  const { t, name, site } = ref
  const place = [t, name, site.file, ...site.range]
  if (ref.t === 'source') return [...place, ref.proof, ref.trust, ref.ofLink].join('\0')
  const { reason, mayBeEffect, delegated, kept, asks, shared, about, told } = ref
  return [...place, reason, mayBeEffect, delegated, kept, shared, asks && wordsFor(asks), about?.join(), told].join(
    '\0',
  )
}

/** How much the words of versions may take, in characters. */
const maxWords = 8_000_000

/** Gives equal words an equal number, and no number twice. Words that were not met for long are forgotten, and get a new one. */
export function versioning(): (words: string) => number {
  const known = new Recent<number>(maxWords)
  let next = 0
  return (words) => {
    const version = known.get(words) ?? ++next
    known.set(words, version, words.length)
    return version
  }
}
