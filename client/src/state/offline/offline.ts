// What the server has answered, kept for when it cannot be asked: only then, only for who was answered, not for long.

import { mayPass, Problem } from '#api/problem.ts'
import type { Me } from '#schema/reading-room.ts'
import type { Exam } from '#schema/viewing.ts'
import type { Fetch } from '../images/image-store.ts'
import { cutOf } from './pieces.ts'
import type { Shelf, Shelved } from './shelf.ts'

/** A session that was not used for so long is over at the server too. */
const LONGEST_MS = 12 * 3_600_000
/** Those that were shown last, and three ahead. */
const [MOST_SHOWN, MOST_AHEAD] = [2, 3]
const ME = 'me'
const HOLDS = 'holds'
const EXAM = 'exam '
const SHOWN = 'shown'

interface Place {
  readonly study_id: string
  readonly key: string
  /** Whether any of its bytes may be kept. */
  isKept: boolean
}

export class Offline {
  readonly #shelf: Shelf
  readonly #schema: string
  readonly #now: () => number
  readonly #later: (run: () => void) => void
  readonly #listeners = new Set<() => void>()
  /** Address of a code stream to the exam that it is of, and under what its bytes are kept. */
  readonly #places = new Map<string, Place>()
  /** Counts what was forgotten, so that what was on its way is not kept. */
  #forgotten = 0
  #since: number | null = null

  /** @param later Runs what keeps the browser busy and nobody waits for. */
  constructor(shelf: Shelf, schema: string, now: () => number = Date.now, later: (run: () => void) => void = (run) => run()) {
    this.#shelf = shelf
    this.#schema = schema
    this.#now = now
    this.#later = later
  }

  /** When the server gave what is shown in the place of its answers; null while it answers. */
  readonly since = (): number | null => this.#since

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What the server answers, and keep it; what was kept of it where the server is not there. */
  async orKept<Answer>(key: string, studyId: string, ask: () => Promise<Answer>): Promise<Answer> {
    const before = this.#forgotten
    try {
      const answer = await ask()
      if (before === this.#forgotten) void this.#put(key, studyId, answer)
      this.#tell(null)
      return answer
    } catch (error) {
      if (isGone(error) && studyId !== '') await this.forget(studyId)
      if (!mayPass(error)) throw error
      const kept = await this.#fresh(key)
      if (kept === null || before !== this.#forgotten) throw error
      this.#tell(kept.at)
      return kept.answer as Answer
    }
  }

  async exam(studyId: string, ask: () => Promise<Exam>): Promise<Exam> {
    const [before, exam] = await Promise.all([this.#shelf.get(EXAM + studyId), this.orKept(EXAM + studyId, studyId, ask)])
    for (const { codestream } of exam.images) {
      const key = `${codestream.url} ${codestream.size}`
      this.#places.set(codestream.url, { study_id: studyId, key, isKept: before !== null || this.#places.get(codestream.url)?.isKept === true })
    }
    void this.#forgetOldest()
    return exam
  }

  /** An exam is shown: it is kept, whatever is loaded ahead of it here or in another window. */
  async show(studyId: string): Promise<void> {
    const before = await this.#shown()
    if (before[0] === studyId) return
    await this.#put(SHOWN, '', [studyId, ...before.filter((id) => id !== studyId)].slice(0, MOST_SHOWN))
    await this.#forgetOldest()
  }

  /** Code streams of exams that were asked for: what was fetched of them once is not fetched again. */
  pictures(fetch: Fetch): Fetch {
    return async (url, from, end) => {
      const [before, place] = [this.#forgotten, this.#places.get(url)]
      const cut = place?.isKept === true ? cutOf(await this.#shelf.pieces(place.key, end), from, end) : null
      if (cut !== null && before === this.#forgotten) return cut
      const bytes = await fetch(url, from, end)
      if (place === undefined || before !== this.#forgotten) return bytes
      place.isKept = true
      this.#later(() => {
        if (before === this.#forgotten) void this.#shelf.putPiece({ key: place.key, study_id: place.study_id, from, bytes })
      })
      return bytes
    }
  }

  /** Who was signed in when the server was asked last, without the token of their session; null: nobody, or not known. */
  async me(): Promise<Me | null> {
    const kept = await this.#fresh(ME)
    if (kept !== null) this.#tell(kept.at)
    return (kept?.answer as Me | undefined) ?? null
  }

  /** From now on all that is kept is this person's. Whether another one's was there, and was forgotten. */
  async belongTo(me: Me): Promise<boolean> {
    const before = (await this.#shelf.get(ME))?.answer as Me | undefined
    const isOther = before !== undefined && before.name !== me.name
    // Once the phase is closed nothing is answered any more.
    if (isOther || me.phase_is_closed) await this.clear()
    // What is kept after this is written after it.
    void this.#put(ME, '', { ...me, csrf_token: '' })
    this.#tell(null)
    return isOther
  }

  /** How many holds of this person's exams this browser knows of; null: none was ever asked for. */
  async holds(): Promise<number | null> {
    return ((await this.#shelf.get(HOLDS))?.answer as number | undefined) ?? null
  }

  async knowHolds(number: number): Promise<void> {
    await this.#put(HOLDS, '', number)
  }

  /** Forget the exams of a list that are not among those that may still be answered. */
  async keepOnly(isArbitration: boolean, studyIds: ReadonlySet<string>): Promise<void> {
    const gone = (await this.#exams()).filter(({ role, study_id: id }) => (role === 'arbiter') === isArbitration && !studyIds.has(id))
    await Promise.all(gone.map(({ study_id: id }) => this.forget(id)))
  }

  async forget(studyId: string): Promise<void> {
    this.#forgotten += 1
    await this.#shelf.forget(studyId)
  }

  async clear(): Promise<void> {
    this.#forgotten += 1
    this.#places.clear()
    await this.#shelf.clear()
  }

  async #put(key: string, studyId: string, answer: unknown): Promise<void> {
    await this.#shelf.put({ key, study_id: studyId, answer, at: this.#now(), schema: this.#schema })
  }

  async #fresh(key: string): Promise<Shelved | null> {
    const kept = await this.#shelf.get(key)
    return kept === null || kept.schema !== this.#schema || this.#now() - kept.at > LONGEST_MS ? null : kept
  }

  async #exams(): Promise<readonly Exam[]> {
    const exams = (await this.#shelf.all()).filter(({ key }) => key.startsWith(EXAM))
    return exams.toSorted((a, b) => b.at - a.at).map(({ answer }) => answer as Exam)
  }

  async #forgetOldest(): Promise<void> {
    const shown = await this.#shown()
    const tooMany = (await this.#exams()).filter(({ study_id: id }) => !shown.includes(id)).slice(MOST_AHEAD)
    await Promise.all(tooMany.map(({ study_id: id }) => this.#shelf.forget(id)))
  }

  async #shown(): Promise<readonly string[]> {
    return ((await this.#shelf.get(SHOWN))?.answer as readonly string[] | undefined) ?? []
  }

  #tell(since: number | null): void {
    if (since === this.#since || (since !== null && this.#since !== null && since >= this.#since)) return
    this.#since = since
    for (const listener of this.#listeners) listener()
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 410)
}
