/**
 * Which way a path went at tests of rows. Where paths meet that went different ways, what they have written differently tells
 * of the rows: `if (row) taken = true`, `if (letter === 'a') text += 'a'`, a count in a loop.
 */
import type { Memory } from './memory.ts'
import { merge, noOrigins, type Origins } from '../values/origins.ts'
import { alternatives, isNullish, isSame, isValue, union, withOrigins, type Cell, type Value } from '../values/value.ts'

/** One way out of one test. */
export interface Turn {
  /** What it tells. */
  readonly hint: Origins
}

/** What is told by which of the two paths it is; undefined where both went the same ways. */
export function toldApart(one: readonly Turn[], other: readonly Turn[]): Origins | undefined {
  if (one === other) return undefined
  const apart = [...one.filter((turn) => !other.includes(turn)), ...other.filter((turn) => !one.includes(turn))]
  return apart.length === 0 ? undefined : apart.map((turn) => turn.hint).reduce(merge, noOrigins)
}

/** What each path has written and the other has not, with what that tells; what a test has narrowed is not written. */
export function telling(memory: Memory, one: Value | Cell, other: Value | Cell, hint: Origins): typeof one {
  if (memory.isNarrowed(one, other)) return one
  if (isValue(one)) return isValue(other) ? said(one, other, hint) : one
  if (isValue(other)) return one
  const inner = (value: Value, before: Value | undefined): Value =>
    value === before || (before && memory.isNarrowed(value, before)) ? value : said(value, before, hint)
  const rest = one.rest && inner(one.rest, other.rest)
  const withRest = rest ? { rest } : {}
  if (one.t === 'array') {
    // how many there are tells as much as what they are
    const items = one.items.map((item, i) => inner(item, other.t === 'array' ? other.items[i] : undefined))
    return rest === one.rest && items.every((item, i) => item === one.items[i]) ? one : { ...one, items, ...withRest }
  }
  const was = other.t === 'object' ? other.props : undefined
  const props = [...one.props].map(([key, value]) => [key, inner(value, was?.get(key))] as const)
  return rest === one.rest && props.every(([key, value]) => value === one.props.get(key))
    ? one
    : { ...one, props: new Map(props), ...withRest }
}

/** That there is nothing says nothing. */
function said(value: Value, other: Value | undefined, hint: Origins): Value {
  const known = other ? alternatives(other) : []
  const parts = alternatives(value)
  const marked = parts.map((part) =>
    isNullish(part) === true || known.some((was) => isSame(was, part)) ? part : marking(part, hint),
  )
  return marked.every((part, i) => part === parts[i]) ? value : union(marked)
}

/** What shows a row tells more of it than a hint could. */
function marking(part: Value, { flags, refs }: Origins): Value {
  if (part.t !== 'const' && part.t !== 'unknown' && part.t !== 'object') return part
  const news = refs.filter(
    (ref) =>
      !part.origins.refs.some(
        (has) => has === ref || (has.t === 'read' && ref.t === 'read' && has.effect === ref.effect),
      ),
  )
  return news.length === 0 ? part : withOrigins(part, { flags, refs: news })
}
