// Brings a draft to the server: a while after each change, one at a time, again when it did not arrive.

import { isSignedOut, mayPass, Problem } from '#api/problem.ts'
import type { DraftSent } from '#api/marking.ts'
import type { Reading, Seconds } from '#schema/marking.ts'
import { sameReading } from './draft.ts'

/** `waiting`: the server cannot be reached. `refused`: it will not have the draft, `problem` says why. */
export type Saving = 'saved' | 'unsaved' | 'saving' | 'waiting' | 'conflict' | 'refused' | 'gone'

/** What somebody, or another window, has saved meanwhile. */
export interface Conflict {
  readonly version: number
  readonly reading: Reading | null
  readonly seconds: Seconds
  readonly saved_at: string | null
}

export interface KeeperPorts {
  readonly put: (draft: DraftSent, version: number, isLast: boolean) => Promise<{ version: number }>
  /** Runs something after milliseconds; returns what prevents it. */
  readonly later: (run: () => void, ms: number) => () => void
  readonly onChange: () => void
  /** Whether an answer is one that this one was made from. */
  readonly isPast?: (reading: Reading) => boolean
  readonly onSignedOut: () => void
  /** The token against forged requests is another one: somebody has signed in anew in another window. */
  readonly onStaleToken: () => Promise<void>
}

const REST_MS = 1500
const AGAIN_MS = [2000, 4000, 8000, 15_000, 30_000]

export class DraftKeeper {
  readonly #content: () => DraftSent
  readonly #ports: KeeperPorts
  #version: number
  #saving: Saving
  #conflict: Conflict | null = null
  #problem: unknown = null
  /** Changes so far, and how many of them the server has. */
  #changes = 0
  #arrived = 0
  #failures = 0
  #isStopped = false
  #flight: Promise<void> | null = null
  #cancel: () => void = () => undefined

  constructor(content: () => DraftSent, version: number, isUnsaved: boolean, ports: KeeperPorts) {
    this.#content = content
    this.#ports = ports
    this.#version = version
    this.#saving = isUnsaved ? 'unsaved' : 'saved'
    if (isUnsaved) this.touch()
  }

  get version(): number {
    return this.#version
  }

  get saving(): Saving {
    return this.#saving
  }

  get isSaving(): boolean {
    return this.#flight !== null
  }

  get conflict(): Conflict | null {
    return this.#conflict
  }

  get problem(): unknown {
    return this.#problem
  }

  get isUnsaved(): boolean {
    return this.#arrived < this.#changes
  }

  /** Something has changed; it is saved when nothing more does for a while. */
  touch(): void {
    this.#changes += 1
    if (this.#isStopped || this.#conflict !== null) return
    if (this.#saving === 'saved' || this.#saving === 'refused') this.#become('unsaved')
    if (this.#failures === 0) this.#schedule(REST_MS)
  }

  /** Save at once what is not saved. `isLast`: the page may be going away. */
  now(isLast = false): Promise<void> {
    this.#cancel()
    if (this.#isStopped || this.#conflict !== null || !this.isUnsaved) return this.settled()
    this.#flight ??= this.#save(isLast).finally(() => {
      this.#flight = null
    })
    return this.#flight
  }

  /** When nothing is on its way any more. */
  async settled(): Promise<void> {
    this.#cancel()
    await this.#flight
    this.#cancel()
  }

  /** Go on without saving: what there is was submitted, or must not be kept. */
  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  /** Another version is there. Nothing is asked where it says the same, or is one's own that arrived without one's hearing of it. */
  meets(conflict: Conflict): void {
    this.#cancel()
    if (conflict.reading !== null && sameReading(conflict.reading, this.#content().reading)) {
      this.#version = conflict.version
      this.#arrived = this.#changes
      return this.#become('saved')
    }
    this.#conflict = conflict
    if (conflict.reading !== null && this.#ports.isPast?.(conflict.reading) === true) return this.settle(true)
    this.#become('conflict')
  }

  /** Go on from the other version: with one's own draft over it, or with the other as it is. */
  settle(isOwn: boolean): void {
    if (this.#conflict === null) return
    this.#version = this.#conflict.version
    this.#conflict = null
    if (isOwn) this.#changes += 1
    else this.#arrived = this.#changes
    this.#become(isOwn ? 'unsaved' : 'saved')
    if (isOwn && this.#flight === null) void this.now()
    else if (isOwn) this.#schedule(0)
  }

  async #save(isLast: boolean): Promise<void> {
    const sent = this.#changes
    this.#become('saving')
    try {
      const { version } = await this.#ports.put(this.#content(), this.#version, isLast)
      this.#version = version
      this.#arrived = sent
      this.#failures = 0
      this.#become(this.isUnsaved ? 'unsaved' : 'saved')
      if (this.isUnsaved) this.#schedule(REST_MS)
    } catch (error) {
      await this.#failed(error)
    }
  }

  async #failed(error: unknown): Promise<void> {
    this.#problem = error
    const conflict = conflictOf(error)
    if (conflict !== null) return this.meets(conflict)
    if (isSignedOut(error)) {
      this.#become('unsaved')
      return this.#ports.onSignedOut()
    }
    if (isGone(error)) {
      this.stop()
      return this.#become('gone')
    }
    const isStale = isStaleToken(error)
    if (isStale) await this.#ports.onStaleToken().catch(() => undefined)
    if (!isStale && !mayPass(error) && !(error instanceof Problem && error.status >= 500)) return this.#become('refused')
    this.#become('waiting')
    this.#schedule(AGAIN_MS[Math.min(this.#failures, AGAIN_MS.length - 1)] ?? REST_MS)
    this.#failures += 1
  }

  #schedule(ms: number): void {
    this.#cancel()
    if (this.#isStopped) return
    this.#cancel = this.#ports.later(() => void this.now(), ms)
  }

  #become(saving: Saving): void {
    this.#saving = saving
    this.#ports.onChange()
  }
}

/** The other version, where that is why something was refused. */
export function conflictOf(error: unknown): Conflict | null {
  if (!(error instanceof Problem) || error.status !== 409 || error.code !== 'conflict') return null
  const { version, reading, seconds, saved_at: at } = (error.details ?? {}) as unknown as Partial<Conflict>
  return typeof version === 'number' ? { version, reading: reading ?? null, seconds: seconds ?? {}, saved_at: at ?? null } : null
}

/** Whether an exam is not, or not any more, one that may be answered: held, or taken from this person. */
export function isGone(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 410)
}

export function isStaleToken(error: unknown): boolean {
  return error instanceof Problem && error.status === 403 && error.code === 'csrf'
}
