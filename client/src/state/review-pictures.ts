// Pictures of images under review, asked for before they are needed. A name may be visible in them: they are kept
// decoded in the page's memory, within a bound, and are gone with it.

import type { Problem } from './problems.ts'

type Picture = Pick<ImageBitmap, 'width' | 'height' | 'close'>
type Fetch<Kept> = (url: string, signal: AbortSignal) => Promise<Kept>

export type Loaded<Kept> = Kept | Problem | undefined

const BYTES_OF_PIXEL = 4
export const MOST_BYTES = 512 * 1024 * 1024
/** Browsers keep six connections to a server: the others are for verdicts and lists. */
const AT_ONCE = 4

export class Pictures<Kept extends Picture> {
  readonly #fetch: Fetch<Kept>
  readonly #most: number
  readonly #kept = new Map<string, Kept>()
  readonly #failed = new Map<string, Problem>()
  readonly #loading = new Map<string, AbortController>()
  readonly #listeners = new Set<() => void>()
  #wanted: readonly string[] = []
  #bytes = 0

  constructor(fetch: Fetch<Kept>, most: number = MOST_BYTES) {
    this.#fetch = fetch
    this.#most = most
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get(url: string): Loaded<Kept> {
    return this.#kept.get(url) ?? this.#failed.get(url)
  }

  /** What shall be there, most urgent first. What is not wanted any more is no longer asked for. */
  want(urls: readonly string[]): void {
    this.#wanted = urls
    const wanted = new Set(urls)
    for (const [url, loading] of this.#loading) {
      if (!wanted.has(url)) loading.abort()
    }
    this.#next()
  }

  /** Ask once more for what failed. */
  again(): void {
    this.#failed.clear()
    this.#tell()
    this.#next()
  }

  /** Forget every picture. */
  clear(): void {
    this.want([])
    for (const picture of this.#kept.values()) picture.close()
    this.#kept.clear()
    this.#failed.clear()
    this.#bytes = 0
  }

  #next(): void {
    for (const url of this.#wanted) {
      if (this.#loading.size >= AT_ONCE) return
      if (!this.#kept.has(url) && !this.#failed.has(url) && !this.#loading.has(url)) void this.#load(url)
    }
  }

  async #load(url: string): Promise<void> {
    const loading = new AbortController()
    this.#loading.set(url, loading)
    try {
      this.#keep(url, await this.#fetch(url, loading.signal))
    } catch (error) {
      if (!loading.signal.aborted) this.#failed.set(url, error as Problem)
    }
    this.#loading.delete(url)
    this.#tell()
    this.#next()
  }

  #keep(url: string, picture: Kept): void {
    this.#kept.set(url, picture)
    this.#bytes += sizeOf(picture)
    const wanted = new Set(this.#wanted)
    for (const [old, one] of this.#kept) {
      if (this.#bytes <= this.#most) return
      if (wanted.has(old)) continue
      this.#kept.delete(old)
      this.#bytes -= sizeOf(one)
      one.close()
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function sizeOf(picture: Picture): number {
  return picture.width * picture.height * BYTES_OF_PIXEL
}
