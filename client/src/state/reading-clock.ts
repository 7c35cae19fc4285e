// How long somebody has worked at each stage, in seconds: only while the page is seen and something is done.

import type { Seconds } from '#schema/marking.ts'

/** Without a sign of somebody for so long, nobody is there; the last sign counts this much. */
const IDLE_MS = 60_000

/** All times in milliseconds of any clock that only goes forward. */
export class WorkClock {
  readonly #seconds: Map<string, number>
  #stage: string | null = null
  #isSeen = true
  /** Up to when the work has been counted, and up to when it goes on without another sign. */
  #counted = 0
  #until = 0

  constructor(before: Seconds, now: number) {
    this.#seconds = new Map(Object.entries(before))
    this.#counted = now
    this.#until = now + IDLE_MS
  }

  enter(stage: string, now: number): void {
    this.#count(now)
    this.#stage = stage
    this.sign(now)
  }

  /** Somebody has moved the mouse or pressed a key. */
  sign(now: number): void {
    this.#count(now)
    this.#until = now + IDLE_MS
  }

  show(isSeen: boolean, now: number): void {
    this.#count(now)
    this.#isSeen = isSeen
    if (isSeen) this.#until = now + IDLE_MS
  }

  /** Seconds so far, of earlier sittings too, to the tenth. */
  seconds(now: number): Seconds {
    this.#count(now)
    return Object.fromEntries([...this.#seconds].map(([stage, value]) => [stage, Math.round(value * 10) / 10]))
  }

  #count(now: number): void {
    const end = Math.min(now, this.#until)
    if (this.#isSeen && this.#stage !== null && end > this.#counted) {
      this.#seconds.set(this.#stage, (this.#seconds.get(this.#stage) ?? 0) + (end - this.#counted) / 1000)
    }
    this.#counted = now
  }
}
