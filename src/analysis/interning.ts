/** One identity for what is equal, over all runs of a world. */
import type { Source } from './origins.ts'

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
