// How long somebody has worked at each stage and on each image, in seconds, and how much of the images they have seen:
// counted only while the page is seen and something is done.

import type { Seconds, Viewed } from '#schema/marking.ts'

/** Without a sign of somebody for so long, nobody is there; the last sign counts this much. */
const IDLE_MS = 60_000

/** What is on the screen: the images, and whether each of them is there at 1:1 or larger. */
export type OnScreen = ReadonlyMap<string, boolean>

const NOTHING: OnScreen = new Map()
export const NOT_VIEWED = { share_at_full: 0, seconds: 0, seconds_at_full: 0 }

/** All times in milliseconds of any clock that only goes forward. */
export class WorkClock {
  readonly #seconds: Map<string, number>
  readonly #viewed: Map<string, Viewed[string]>
  #stage: string | null = null
  #images = NOTHING
  #isSeen = true
  /** Up to when the work has been counted, and up to when it goes on without another sign. */
  #counted = 0
  #until = 0

  constructor(before: Seconds, viewed: Viewed, now: number) {
    this.#seconds = new Map(Object.entries(before))
    this.#viewed = new Map(Object.entries(viewed))
    this.#counted = now
    this.#until = now + IDLE_MS
  }

  enter(stage: string, now: number, images: OnScreen = NOTHING): void {
    this.#count(now)
    this.#stage = stage
    this.#images = images
    this.sign(now)
  }

  /** So much of an image has been seen at 1:1 or larger, between 0 and 1; it does not become less. */
  cover(imageId: string, share: number): void {
    const before = this.#viewed.get(imageId) ?? NOT_VIEWED
    this.#viewed.set(imageId, { ...before, share_at_full: Math.max(before.share_at_full, share) })
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
    return Object.fromEntries([...this.#seconds].map(([stage, value]) => [stage, tenths(value)]))
  }

  /** What was seen of each image so far, of earlier sittings too: seconds to the tenth, shares to the thousandth. */
  viewed(now: number): Viewed {
    this.#count(now)
    return Object.fromEntries(
      [...this.#viewed].map(([id, one]) => [
        id,
        { share_at_full: Math.round(one.share_at_full * 1000) / 1000, seconds: tenths(one.seconds), seconds_at_full: tenths(one.seconds_at_full) },
      ]),
    )
  }

  #count(now: number): void {
    const end = Math.min(now, this.#until)
    if (this.#isSeen && this.#stage !== null && end > this.#counted) this.#add(this.#stage, (end - this.#counted) / 1000)
    this.#counted = now
  }

  #add(stage: string, spent: number): void {
    this.#seconds.set(stage, (this.#seconds.get(stage) ?? 0) + spent)
    for (const [id, isAtFull] of this.#images) {
      const before = this.#viewed.get(id) ?? NOT_VIEWED
      this.#viewed.set(id, { ...before, seconds: before.seconds + spent, seconds_at_full: before.seconds_at_full + (isAtFull ? spent : 0) })
    }
  }
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
