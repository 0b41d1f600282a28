/** One identity for what is equal, over all runs of a world. */
import type { Source } from './origins.ts'
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

/** Gives the first of all equal sources: two runs that meet the same place speak of the same source. */
export function interning(): (found: Source) => Source {
  const sources = new Map<string, Source>()
  return (found) => {
    const { proof, name, site, trust } = found
    const key = [site.file, site.range[0], site.range[1], proof, name, trust].join('\0')
    const known = sources.get(key)
    if (known) return known
    sources.set(key, found)
    return found
  }
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
