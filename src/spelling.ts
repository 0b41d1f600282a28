/** What somebody meant who wrote something else. */

/** The name that is meant: a letter in three may differ, and upper and lower case are the same. */
export function nearestTo(name: string, among: Iterable<string>): string | undefined {
  const most = Math.min(3, Math.floor(name.length / 3))
  const [best] = [...among]
    .map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase(), most) }))
    .filter(({ far }) => far <= most)
    .toSorted((a, b) => a.far - b.far)
  return best?.other
}

/** Letters to change, add, drop or swap; more than `most` where it is certain to be more. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length]!
}
