// What a desk is given, what it can ask for, and what it shows.

import type { AnswerSent } from '#api/marking.ts'
import type { FlagKind, Labels, Violation } from '#schema/marking.ts'
import type { Exam } from '#schema/viewing.ts'
import type { Item } from './arbitrating.ts'
import type { History } from './draft-history.ts'
import type { Conflict, KeeperPorts, Saving } from './draft-keeper.ts'
import type { Kept } from './queue.ts'
import type { Field, Place } from './reading-order.ts'
import type { Start } from './reading-start.ts'

/** `done`: submitted, to be changed with a reason. `frozen`: submitted for good. */
export type Phase = 'open' | 'done' | 'frozen' | 'amending'

export interface Snapshot {
  readonly history: History
  readonly active: Place
  /** Whether the next drag draws a rectangle. */
  readonly isDrawing: boolean
  readonly confirmed: ReadonlySet<string>
  /** What is to be corrected or confirmed. */
  readonly violations: readonly Violation[]
  readonly phase: Phase
  readonly saving: Saving
  readonly conflict: Conflict | null
  readonly isSubmitting: boolean
  /** What is asked before going on. */
  readonly asking: 'confirm' | 'flag' | 'reason' | null
  /** Why the server refused; null when it did not. */
  readonly refusal: unknown
  /** What should get the focus; another object each time. */
  readonly wanted: { readonly place: Place; readonly field: Field } | null
  /** The item of an arbitration that is looked at. */
  readonly item: string | null
}

export interface FlagSent {
  readonly kind: FlagKind
  readonly reason: string
  readonly image_id: string | null
}

export interface Answered {
  readonly next_study_id: string | null
}

export interface DeskPorts extends Omit<KeeperPorts, 'onChange' | 'isPast'> {
  /** Milliseconds, going forward only. */
  readonly now: () => number
  /** Null: what is kept is sent later, and nobody waits for that. */
  readonly submit: ((answer: AnswerSent & { version: number }) => Promise<Answered>) | null
  readonly amend: (answer: AnswerSent & { reason: string }) => Promise<Answered>
  readonly flag: (flag: FlagSent) => Promise<void>
  /** `isLast`: the page may be going away. */
  readonly keep: (kept: Omit<Kept, 'at'>, isLast: boolean) => void
  readonly drop: () => void
  /** The exam is answered or left; null: the next is not known, or there is none. `isSent`: the server has it. */
  readonly onDone: (next: string | null, isSent: boolean) => void
}

export interface Seat {
  readonly name: string
  readonly exam: Exam
  readonly labels: Labels
  readonly phase: Phase
  readonly list: 'worklist' | 'arbitration'
  readonly start: Start
  /** Of an arbiter; none for readers. */
  readonly items: readonly Item[]
  /** What A and B wrote; of an arbiter. */
  readonly comments?: { readonly a: string; readonly b: string }
}
