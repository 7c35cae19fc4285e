// Pixels of images at the resolution levels that were asked for, within bounds of memory.

import { prefixOf, sizeAt } from '#pixels/levels.ts'
import type { Exam, ExamImage } from '#schema/viewing.ts'
import { Bounded } from './bounded.ts'
import type { Job } from './decoders.ts'

export interface Level {
  readonly imageId: string
  /** 0 is full resolution, each further one half of it. */
  readonly level: number
  readonly rows: number
  readonly columns: number
  /** Counted from the smallest value that Bits Stored allows, row by row. */
  readonly values: Uint16Array<ArrayBuffer>
}

/** What is known of an image's place: which exam it belongs to goes with it, so that all of an exam can be forgotten. */
export interface Source {
  readonly imageId: string
  readonly studyId: string
  readonly rows: number
  readonly columns: number
  readonly url: string
  readonly tilePartEnds: readonly number[]
}

export type Fetch = (url: string, from: number, end: number) => Promise<Uint8Array<ArrayBuffer>>
export type Decode = (job: Job, isUrgent: boolean) => Promise<Uint16Array<ArrayBuffer>>

/** Levels from this one on are kept of many exams, finer ones of what was shown last. */
export const COARSE = 2

const MB = 2 ** 20
/** Of decoded coarse levels, decoded fine levels and compressed bytes: some 20, 1 and 3 exams. */
export const BOUNDS = { coarse: 100 * MB, fine: 130 * MB, bytes: 80 * MB }

export class ImageStore {
  readonly #fetch: Fetch
  readonly #decode: Decode
  readonly #bytes: Bounded<Uint8Array<ArrayBuffer>>
  readonly #coarse: Bounded<Level>
  readonly #fine: Bounded<Level>
  readonly #making = new Map<string, Promise<unknown>>()
  /** Counts what was forgotten, so that what was on its way is not kept. */
  #forgotten = 0
  readonly #urgent = new Set<Promise<unknown>>()

  constructor(fetch: Fetch, decode: Decode, bounds = BOUNDS) {
    this.#fetch = fetch
    this.#decode = decode
    this.#bytes = new Bounded(bounds.bytes, (one) => one.byteLength)
    this.#coarse = new Bounded(bounds.coarse, (one) => one.values.byteLength)
    this.#fine = new Bounded(bounds.fine, (one) => one.values.byteLength)
  }

  /** The finest level at hand that is no finer than wanted, else the next finer one. */
  atHand(source: Source, wanted: number): Level | undefined {
    const coarser = Array.from({ length: source.tilePartEnds.length }, (_, n) => n)
    const order = [...coarser.filter((n) => n >= wanted), ...coarser.filter((n) => n < wanted).toReversed()]
    for (const level of order) {
      const found = this.#kept(level).get(keyOf(source, level))
      if (found !== undefined) return found
    }
    return undefined
  }

  level(source: Source, level: number, isUrgent = true): Promise<Level> {
    const found = this.#kept(level).get(keyOf(source, level))
    if (found !== undefined) return Promise.resolve(found)
    const coming = this.#once(`${keyOf(source, level)} ${isUrgent}`, async () => {
      const since = this.#forgotten
      const bytes = await this.#prefix(source, prefixOf(source.tilePartEnds, level))
      const values = await this.#decode({ bytes, level, rows: source.rows, columns: source.columns }, isUrgent)
      const made = { imageId: source.imageId, level, rows: sizeAt(source.rows, level), columns: sizeAt(source.columns, level), values }
      if (since === this.#forgotten) this.#kept(level).set(keyOf(source, level), made)
      return made
    })
    if (isUrgent) this.#hurry(coming)
    return coming
  }

  /** Until nothing urgent is on its way. */
  async quiet(): Promise<void> {
    await Promise.allSettled(this.#urgent)
    // What became urgent meanwhile comes first too.
    if (this.#urgent.size > 0) await this.quiet()
  }

  /** Have the whole code stream at hand. */
  async bytes(source: Source): Promise<void> {
    await this.#prefix(source, prefixOf(source.tilePartEnds, 0))
  }

  /** Forget everything of an exam, or of all. */
  forget(studyId?: string): void {
    this.#forgotten += 1
    const isUnwanted = (key: string) => studyId === undefined || key.startsWith(`${studyId} `)
    for (const kept of [this.#bytes, this.#coarse, this.#fine]) kept.forget(isUnwanted)
  }

  /** Keys of what is at hand; for tests and measurements. */
  get kept() {
    return { bytes: this.#bytes.keys(), levels: [...this.#coarse.keys(), ...this.#fine.keys()], total: this.#bytes.total + this.#coarse.total + this.#fine.total }
  }

  #hurry(made: Promise<unknown>): void {
    this.#urgent.add(made)
    const done = () => this.#urgent.delete(made)
    made.then(done, done)
  }

  #kept(level: number): Bounded<Level> {
    return level >= COARSE ? this.#coarse : this.#fine
  }

  /** At least the first bytes of a code stream; only what is missing is fetched. */
  #prefix(source: Source, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${source.studyId} ${source.imageId}`
    return this.#inTurn(key, async () => {
      const found = this.#bytes.get(key) ?? new Uint8Array()
      if (found.length >= end) return found.length === end ? found : found.slice(0, end)
      const since = this.#forgotten
      const rest = await this.#fetch(source.url, found.length, end)
      const whole = new Uint8Array(found.length + rest.length)
      whole.set(found)
      whole.set(rest, found.length)
      if (since === this.#forgotten) this.#bytes.set(key, whole)
      return whole
    })
  }

  #once<Made>(key: string, make: () => Promise<Made>): Promise<Made> {
    const known = this.#making.get(key)
    if (known !== undefined) return known as Promise<Made>
    const made = make().finally(() => this.#making.delete(key))
    this.#making.set(key, made)
    return made
  }

  /** One after another for a key: two ranges of one code stream at once would fetch the same bytes twice. */
  #inTurn<Made>(key: string, make: () => Promise<Made>): Promise<Made> {
    const before = this.#making.get(key)
    const made = before === undefined ? make() : before.then(make, make)
    this.#making.set(key, made)
    const done = () => {
      if (this.#making.get(key) === made) this.#making.delete(key)
    }
    made.then(done, done)
    return made
  }
}

function keyOf({ studyId, imageId }: Source, level: number): string {
  return `${studyId} ${imageId} ${level}`
}

export function sourceOf(studyId: string, image: ExamImage): Source {
  const { image_id: imageId, rows, columns, codestream } = image
  return { imageId, studyId, rows, columns, url: codestream.url, tilePartEnds: codestream.tile_part_ends }
}

export function sourcesOf(exam: Exam): readonly Source[] {
  return exam.images.map((image) => sourceOf(exam.study_id, image))
}
