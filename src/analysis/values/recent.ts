/**
 * A map that forgets what was not looked at for long once it holds too much: a project of any size fits into it.
 *
 * It has two generations. What is put in or found goes to the young one; when that holds half of what may be held, the old
 * one is dropped and the young one grows old. So nothing has to be kept in order of its last use.
 */
interface Kept<V> {
  readonly value: V
  readonly weight: number
}

export class Recent<V> {
  private young = new Map<string, Kept<V>>()
  private old = new Map<string, Kept<V>>()
  private readonly limit: number
  private weight = 0

  /** @param limit how much it may hold, in the units of the weights; one thing that is heavier is kept all the same */
  constructor(limit: number) {
    this.limit = limit
  }

  get(key: string): V | undefined {
    const young = this.young.get(key)
    if (young) return young.value
    const old = this.old.get(key)
    if (old) this.set(key, old.value, old.weight)
    return old?.value
  }

  set(key: string, value: V, weight: number): void {
    const before = this.young.get(key)?.weight ?? 0
    if (this.young.size > 0 && this.weight - before + weight > this.limit / 2) {
      this.old = this.young
      this.young = new Map()
      this.weight = 0
    } else this.weight -= before
    this.young.set(key, { value, weight })
    this.weight += weight
  }

  clear(): void {
    this.young.clear()
    this.old.clear()
    this.weight = 0
  }
}
