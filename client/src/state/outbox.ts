// Answers that were given: sent while their reader is at the next exam already, or when the server is there again.

import { postAmendment, postReading, putDraft } from '#api/marking.ts'
import { sameReading } from './draft.ts'
import { isPast } from './draft-history.ts'
import { conflictOf, isGone } from './draft-keeper.ts'
import type { Reading } from '#schema/marking.ts'
import { mayPass } from './problems.ts'
import type { Keep, Kept } from './queue.ts'

export interface Waiting {
  /** Exams whose answers wait for the server. */
  readonly unsent: readonly Kept[]
  /** Of them those that it refused: their reader has to look at them again. */
  readonly refused: readonly Kept[]
  /** Exams that are held or somebody else's by now: what was answered is kept nowhere any more. */
  readonly gone: readonly Kept[]
}

export interface Sent {
  readonly count: number
  readonly isThrough: boolean
}

export interface OutboxPorts {
  readonly put: typeof putDraft
  readonly submit: typeof postReading
  readonly amend: typeof postAmendment
}

export class Outbox {
  readonly #keep: Keep
  readonly #ports: OutboxPorts
  readonly #listeners = new Set<() => void>()
  /** Exams at which somebody sits; what is kept of them is theirs to send. */
  readonly #open = new Set<string>()
  /** Exams that were answered in this page, whether the server has heard of it or not. */
  readonly #given = new Set<string>()
  #waiting: Waiting = { unsent: [], refused: [], gone: [] }
  #flight: Promise<Sent> | null = null
  #after: Promise<Sent> | null = null

  constructor(keep: Keep, ports: OutboxPorts = { put: putDraft, submit: postReading, amend: postAmendment }) {
    this.#keep = keep
    this.#ports = ports
  }

  readonly waiting = (): Waiting => this.#waiting

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Leave an exam alone while somebody sits at it. Returns what takes that back. */
  open(studyId: string): () => void {
    this.#open.add(studyId)
    this.#given.delete(studyId)
    return () => this.#open.delete(studyId)
  }

  /** An exam is answered, and what is kept of it is to be sent. */
  give(studyId: string): void {
    this.#open.delete(studyId)
    this.#given.add(studyId)
  }

  isGiven(studyId: string): boolean {
    return this.#given.has(studyId)
  }

  /** When nothing is on its way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#flight, this.#after])
  }

  /** Send what waits of a person: how much does no longer, and whether nothing is left that the network stopped. */
  send(name: string): Promise<Sent> {
    if (this.#flight !== null) return (this.#after ??= this.#sendAfter(this.#flight, name))
    this.#flight = this.#send(name).finally(() => {
      this.#flight = null
    })
    return this.#flight
  }

  /** What is asked for meanwhile may come too late for what is under way: the connection may be back just now. */
  async #sendAfter(flight: Promise<Sent>, name: string): Promise<Sent> {
    await flight.catch(() => undefined)
    this.#after = null
    return this.send(name)
  }

  async #send(name: string): Promise<Sent> {
    const all = (await this.#keep.all()).toSorted((a, b) => a.at - b.at)
    const mine = all.filter((kept) => kept.name === name && kept.isUnsaved && kept.state !== 'amendment')
    const [refused, gone]: [Kept[], Kept[]] = [[], []]
    let [count, isThrough] = [0, true]
    for (const kept of mine.filter(({ study_id: id }) => !this.#open.has(id))) {
      if (!isThrough) break
      // one after the other: what came first is sent first
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await this.#sendOne(kept)
      if (outcome === 'later') isThrough = false
      if (outcome === 'refused') {
        refused.push(kept)
        this.#given.delete(kept.study_id)
      }
      if (outcome === 'gone' && isGiven(kept)) gone.push(kept)
      if (outcome === 'sent' || outcome === 'gone') count += 1
    }
    const left = (await this.#keep.all()).filter((kept) => kept.name === name && kept.isUnsaved && isGiven(kept))
    this.#waiting = { unsent: left, refused, gone: [...this.#waiting.gone.filter((kept) => kept.name === name), ...gone] }
    for (const listener of this.#listeners) listener()
    return { count, isThrough }
  }

  async #sendOne(kept: Kept, isAgain = false): Promise<'sent' | 'later' | 'refused' | 'gone'> {
    const { name, study_id: id } = kept
    try {
      await this.#deliver(kept)
      return 'sent'
    } catch (error) {
      const conflict = conflictOf(error)
      // a draft of one's own that arrived without one's hearing of it
      if (!isAgain && conflict !== null && isMadeFrom(kept, conflict.reading)) return this.#sendOne({ ...kept, version: conflict.version }, true)
      if (isGone(error)) {
        await this.#keep.drop(name, id)
        return 'gone'
      }
      if (mayPass(error) || isLater(error)) return 'later'
      if (isGiven(kept)) await this.#keep.put({ ...kept, state: kept.state === 'amended' ? 'amendment' : 'draft' })
      return 'refused'
    }
  }

  async #deliver(kept: Kept): Promise<void> {
    const { name, study_id: id, reading, seconds, viewed = {}, stage, version, confirmed, state, reason = '' } = kept
    if (isGiven(kept)) {
      const answer = { reading, confirmed, seconds, viewed }
      await (state === 'amended' ? this.#ports.amend(name, id, { ...answer, reason }) : this.#ports.submit(name, id, { ...answer, version }))
      return this.#keep.drop(name, id)
    }
    const saved = await this.#ports.put(name, id, { reading, seconds, viewed, stage }, version)
    await this.#keep.put({ ...kept, version: saved.version, isUnsaved: false })
  }
}

function isMadeFrom(kept: Kept, reading: Reading | null): boolean {
  return reading !== null && (sameReading(kept.reading, reading) || (kept.history !== undefined && isPast(kept.history, reading)))
}

/** Whether its reader has given it, and goes on without it. */
function isGiven({ state }: Kept): boolean {
  return state === 'submission' || state === 'amended'
}

/** The session, or the server, and not the answer, is why it was not taken. */
function isLater(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0
  return [401, 403, 429].includes(status) || status >= 500
}
