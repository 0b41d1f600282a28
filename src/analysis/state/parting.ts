/** Where paths parted: what was created since then is on one of them alone. */

/** The places at which a path split off from others, the last first. */
export interface Way {
  readonly from?: Way
  readonly length: number
  /** What was there by then, in numbers of `Memory.now`. */
  readonly since: number
}

/** The way of a path that has not split off from any. */
export const start: Way = { length: 0, since: 0 }

/** The way of a path that splits off. */
export const on = (from: Way, since: number): Way => ({ from, length: from.length + 1, since })

/** The way that two paths have in common, and since when each went its own. */
export function parting(a: Way, b: Way): Way {
  let [left, right, since] = [a, b, Infinity]
  while (left !== right) {
    if (left.length < right.length) [left, right] = [right, left]
    since = Math.min(since, left.since)
    left = left.from ?? start
  }
  return on(left, since)
}
