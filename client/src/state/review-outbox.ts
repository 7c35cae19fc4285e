// What a reviewer has said and the server has not yet recorded. The view shows it at once; it is sent a few seconds
// later, so that it can be taken back without a trace on record, and in batches.

import type { Decisions, ImageList, RegionVerdict, RejectionReason, Verdict, Violation } from '#schema/review.ts'
import { isSignedOut, mayPass, Problem } from './problems.ts'

export interface ValueSaying {
  readonly kind: 'value'
  readonly element: string
  /** null: all values of the element, as they were shown under `mark`. */
  readonly value: string | null
  readonly verdict: Verdict
  readonly reason: string
  readonly mark: string | null
}

export interface ImageSaying {
  readonly kind: 'image'
  /** In which list it was looked at: a verdict given in one says nothing about the image in another. */
  readonly list: ImageList
  readonly image_id: string
  readonly study_id: string
  readonly verdict: Verdict
  readonly reason: RejectionReason | null
  readonly pixels: string
}

export interface RegionSaying {
  readonly kind: 'region'
  readonly region_id: string
  readonly verdict: RegionVerdict
}

export type Saying = ValueSaying | ImageSaying | RegionSaying

/** Where a saying stands; `counted` once the counts that the server gives hold it. */
export type Stand = 'held' | 'sending' | 'recorded' | 'counted'

export interface Entry {
  readonly saying: Saying
  readonly batch: number
  readonly stand: Stand
}

export interface Outbox {
  readonly entries: readonly Entry[]
  /** What the server refused, by subject: it is undecided again. */
  readonly faults: ReadonlyMap<string, string>
  /** Why nothing can be sent just now; what was said is kept and sent again. */
  readonly trouble: Problem | null
}

export interface Undone {
  readonly sayings: readonly Saying[]
  /** It is on record already: it can only be replaced. */
  readonly isRecorded: boolean
}

export const HOLD_MS = 5000
const AGAIN_MS = [1000, 2000, 5000, 10_000, 30_000]
const MOST_SENT = 500

/** How the server calls what a saying is about. */
export function subjectOf(saying: Saying): string {
  if (saying.kind === 'image') return saying.image_id
  if (saying.kind === 'region') return saying.region_id
  return saying.value === null ? saying.element : `${saying.element}=${saying.value}`
}

/** The body that says all of this; the latest where two are about the same. */
export function decisionsOf(sayings: readonly Saying[]): Decisions {
  const latest = new Map<string, Saying>()
  for (const saying of sayings) {
    latest.delete(subjectOf(saying))
    latest.set(subjectOf(saying), saying)
  }
  const body: Required<Decisions> = { values: [], images: [], regions: [] }
  for (const saying of latest.values()) {
    if (saying.kind === 'value') {
      const { element, value, verdict, reason, mark } = saying
      body.values.push({ element, value, verdict, reason, mark })
    } else if (saying.kind === 'image') {
      const { image_id, verdict, reason, pixels } = saying
      body.images.push({ image_id, verdict, reason, pixels })
    } else body.regions.push({ region_id: saying.region_id, verdict: saying.verdict })
  }
  return body
}

interface Ways {
  /** @throws Problem */
  send: (decisions: Decisions) => Promise<unknown>
  /** Something was recorded: ask for the counts again. */
  onRecorded: () => Promise<unknown>
}

const EMPTY: Outbox = { entries: [], faults: new Map(), trouble: null }

export class Sender {
  #now: Outbox = EMPTY
  #batch = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #sending: Promise<void> | null = null
  readonly #ways: Ways
  readonly #listeners = new Set<() => void>()

  constructor(ways: Ways) {
    this.#ways = ways
  }

  get now(): Outbox {
    return this.#now
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Say something; all of it is taken back together. */
  say(sayings: readonly Saying[]): void {
    if (sayings.length === 0) return
    this.#batch += 1
    const batch = this.#batch
    const faults = new Map(this.#now.faults)
    for (const saying of sayings) faults.delete(subjectOf(saying))
    const said = sayings.map((saying): Entry => ({ saying, batch, stand: 'held' }))
    this.#become({ entries: [...this.#now.entries, ...said], faults })
    this.#sendIn(HOLD_MS)
  }

  /** Take back what was said last; null when nothing is left to be taken back. */
  undo(): Undone | null {
    const last = this.#now.entries.at(-1)
    if (last === undefined) return null
    const undone = this.#now.entries.filter((one) => one.batch === last.batch)
    this.#become({ entries: this.#now.entries.filter((one) => one.batch !== last.batch) })
    return { sayings: undone.map((one) => one.saying), isRecorded: undone.some((one) => one.stand !== 'held') }
  }

  /** Take back what is held about one thing; false when it is on its way or on record. */
  withdraw(subject: string): boolean {
    const about = this.#now.entries.filter((one) => subjectOf(one.saying) === subject)
    if (about.length === 0 || about.some((one) => one.stand !== 'held')) return false
    this.#become({ entries: this.#now.entries.filter((one) => !about.includes(one)) })
    return true
  }

  /** Send what is held now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#sending
    if (this.#held().length === 0) return
    this.#sending = this.#send()
    await this.#sending
    this.#sending = null
  }

  /** Drop what is on record and true of a list that is about to be asked for anew. */
  forget(isForgotten: (saying: Saying) => boolean): void {
    const isKept = ({ stand, saying }: Entry) => stand === 'held' || stand === 'sending' || !isForgotten(saying)
    this.#become({ entries: this.#now.entries.filter(isKept), faults: new Map() })
  }

  /** Forget everything, unsent: somebody else has signed in. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#become(EMPTY)
  }

  get hasUnsent(): boolean {
    return this.#now.entries.some((one) => one.stand === 'held' || one.stand === 'sending')
  }

  #held(): Entry[] {
    return this.#now.entries.filter((one) => one.stand === 'held').slice(0, MOST_SENT)
  }

  #sendIn(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), ms)
  }

  async #send(): Promise<void> {
    const sent = new Set(this.#held())
    const sayings = [...sent].map((one) => one.saying)
    this.#stand(new Set(sayings), 'sending')
    try {
      await this.#ways.send(decisionsOf(sayings))
    } catch (error) {
      this.#failed(new Set(sayings), error)
      return
    }
    this.#failures = 0
    this.#stand(new Set(sayings), 'recorded')
    this.#become({ trouble: null })
    void this.#ways.onRecorded().then(() => this.#stand(new Set(sayings), 'counted'))
    if (this.#held().length > 0) this.#sendIn(HOLD_MS)
  }

  #failed(sayings: ReadonlySet<Saying>, error: unknown): void {
    this.#stand(sayings, 'held')
    const problem = error instanceof Problem ? error : new Problem(0, null)
    if (mayPass(problem) || isSignedOut(problem) || problem.status === 429 || problem.status >= 500) {
      this.#become({ trouble: problem })
      // somebody has to sign in first: the page that opens after that sends it
      if (isSignedOut(problem)) return
      const wait = problem.retryAfter === null ? AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length - 1)] : problem.retryAfter * 1000
      this.#failures += 1
      this.#sendIn(wait ?? HOLD_MS)
      return
    }
    const faults = faultsOf(sayings, problem)
    const isFaulty = (one: Entry) => sayings.has(one.saying) && faults.has(subjectOf(one.saying))
    const entries = this.#now.entries.filter((one) => !isFaulty(one))
    this.#become({ entries, faults: new Map([...this.#now.faults, ...faults]), trouble: null })
    if (this.#held().length > 0) this.#sendIn(0)
  }

  #stand(sayings: ReadonlySet<Saying>, stand: Stand): void {
    this.#become({ entries: this.#now.entries.map((one) => (sayings.has(one.saying) ? { ...one, stand } : one)) })
  }

  #become(change: Partial<Outbox>): void {
    this.#now = { ...this.#now, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** What of a refused batch was at fault, and why: what the server names, or all of it where it names nothing. */
function faultsOf(sayings: ReadonlySet<Saying>, problem: Problem): Map<string, string> {
  const said = problem.details?.['violations']
  const violations = Array.isArray(said) ? (said as Violation[]) : []
  const subjects = new Set([...sayings].map(subjectOf))
  const named = violations.flatMap(({ subject, message }): [string, string][] =>
    [...subjects].filter((one) => one === subject || one.startsWith(`${subject}=`)).map((one) => [one, message]),
  )
  if (named.length > 0) return new Map(named)
  return new Map([...subjects].map((one) => [one, problem.message]))
}
