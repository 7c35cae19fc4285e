/** Keeps values up to a total size; those not asked for the longest go first. The newest one is always kept. */
export class Bounded<Value> {
  readonly #kept = new Map<string, Value>()
  readonly #sizeOf: (value: Value) => number
  readonly bound: number
  total = 0

  constructor(bound: number, sizeOf: (value: Value) => number) {
    this.bound = bound
    this.#sizeOf = sizeOf
  }

  get(key: string): Value | undefined {
    const found = this.#kept.get(key)
    if (found !== undefined) {
      this.#kept.delete(key)
      this.#kept.set(key, found)
    }
    return found
  }

  set(key: string, value: Value): void {
    this.delete(key)
    this.#kept.set(key, value)
    this.total += this.#sizeOf(value)
    for (const oldest of this.#kept.keys()) {
      if (this.total <= this.bound || oldest === key) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const found = this.#kept.get(key)
    if (found === undefined) return
    this.#kept.delete(key)
    this.total -= this.#sizeOf(found)
  }

  /** Forget all whose key fits. */
  forget(isUnwanted: (key: string) => boolean): void {
    for (const key of [...this.#kept.keys()].filter(isUnwanted)) this.delete(key)
  }

  keys(): readonly string[] {
    return [...this.#kept.keys()]
  }
}
