// Workers that decode code streams.

/** Bytes to decode at a level; of a prefix no finer level than it holds. */
export interface Job {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly level: number
  readonly rows: number
  readonly columns: number
}

export interface Asked extends Job {
  readonly id: number
}

export type Answered = { readonly id: number } & ({ readonly values: Uint16Array<ArrayBuffer> } | { readonly fault: string })

/** A worker: told what to decode, it answers, or breaks. */
export interface Hand {
  ask(asked: Asked): void
  end(): void
}

export type MakeHand = (onAnswer: (answered: Answered) => void, onBreak: () => void) => Hand

interface Waiting {
  readonly job: Job
  readonly isUrgent: boolean
  readonly resolve: (values: Uint16Array<ArrayBuffer>) => void
  readonly reject: (error: Error) => void
}

/** Decodes a few code streams at a time: what is urgent first, else in the order asked. */
export class Decoders {
  readonly #make: MakeHand
  readonly #most: number
  #idle: Hand[] = []
  #busy = new Map<Hand, Waiting>()
  #waiting: Waiting[] = []
  #asked = 0

  constructor(make: MakeHand, most: number) {
    this.#make = make
    this.#most = most
  }

  /** Have workers made before there is anything to decode: they load the decoder meanwhile. */
  begin(): void {
    while (this.#idle.length + this.#busy.size < this.#most) this.#idle.push(this.#made())
  }

  decode(job: Job, isUrgent: boolean): Promise<Uint16Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const waiting = { job, isUrgent, resolve, reject }
      const at = isUrgent ? this.#waiting.findIndex((one) => !one.isUrgent) : -1
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, waiting)
      this.#goOn()
    })
  }

  #goOn(): void {
    const hand = this.#waiting.length > 0 ? this.#free() : undefined
    const next = hand === undefined ? undefined : this.#waiting.shift()
    if (hand === undefined || next === undefined) return
    this.#busy.set(hand, next)
    this.#asked += 1
    hand.ask({ ...next.job, id: this.#asked })
  }

  #free(): Hand | undefined {
    const idle = this.#idle.pop()
    return idle !== undefined || this.#busy.size >= this.#most ? idle : this.#made()
  }

  #made(): Hand {
    const hand: Hand = this.#make(
      (answered) => this.#done(hand, answered),
      () => this.#broken(hand),
    )
    return hand
  }

  #done(hand: Hand, answered: Answered): void {
    const asked = this.#busy.get(hand)
    this.#busy.delete(hand)
    this.#idle.push(hand)
    if ('values' in answered) asked?.resolve(answered.values)
    else asked?.reject(new Error(answered.fault))
    this.#goOn()
  }

  /** A worker that could not be started, or died: another one is made for the next job. */
  #broken(hand: Hand): void {
    hand.end()
    this.#idle = this.#idle.filter((one) => one !== hand)
    this.#busy.get(hand)?.reject(new Error('the decoder failed'))
    this.#busy.delete(hand)
    this.#goOn()
  }
}
