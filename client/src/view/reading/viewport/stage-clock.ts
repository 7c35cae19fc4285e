/** How long each stage was looked at, in seconds; nothing runs while the page is hidden. */
export class StageClock {
  readonly #seconds = new Map<string, number>()
  #stage: string | null = null
  #since = 0

  /** @param now In milliseconds, of any clock that only goes forward. */
  enter(stage: string, now: number): void {
    this.#add(now)
    this.#stage = stage
  }

  pause(now: number): void {
    this.#add(now)
    this.#stage = null
  }

  seconds(now: number): Record<string, number> {
    this.#add(now)
    return Object.fromEntries(this.#seconds)
  }

  #add(now: number): void {
    if (this.#stage !== null) this.#seconds.set(this.#stage, (this.#seconds.get(this.#stage) ?? 0) + (now - this.#since) / 1000)
    this.#since = now
  }
}
