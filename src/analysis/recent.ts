/** A map that forgets what was put in first once it holds too much: a project of any size fits into it. */
export class Recent<V> {
  private readonly kept = new Map<string, { readonly value: V; readonly weight: number }>()
  private readonly limit: number
  private weight = 0

  /** @param limit how much it may hold, in the units of the weights */
  constructor(limit: number) {
    this.limit = limit
  }

  get(key: string): V | undefined {
    return this.kept.get(key)?.value
  }

  set(key: string, value: V, weight: number): void {
    this.weight += weight - (this.kept.get(key)?.weight ?? 0)
    this.kept.set(key, { value, weight })
    for (const [oldest, { weight: freed }] of this.kept) {
      if (this.weight <= this.limit || oldest === key) break
      this.kept.delete(oldest)
      this.weight -= freed
    }
  }

  clear(): void {
    this.kept.clear()
    this.weight = 0
  }
}
