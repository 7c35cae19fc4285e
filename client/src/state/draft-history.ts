// Everything that was done to a draft can be undone and done again.

import type { Reading } from '#schema/marking.ts'
import { type Change, changed, type Draft, readingOf, sameReading } from './draft.ts'

export interface History {
  readonly present: Draft
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
  /** What the last change was of, when the next of the same kind belongs to it: letters of a comment, steps of a box. */
  readonly run: string | null
}

/** As it is kept in the browser: of how drafts were written down, and no longer than what somebody remembers having done. */
export interface KeptHistory extends Omit<History, 'run'> {
  readonly shape: number
}

const LONGEST = 500
const LONGEST_KEPT = 100
/** Raise it when a draft is another thing than before: what was kept until then is not undone any more. */
const SHAPE = 2

export function historyOf(present: Draft): History {
  return { present, past: [], future: [], run: null }
}

/** @param run Changes of one run are undone together. */
export function withChange(history: History, change: Change, run: string | null = null): History {
  const present = changed(history.present, change)
  if (present === history.present) return history
  const isRun = run !== null && run === history.run
  const past = isRun ? history.past : [...history.past, history.present].slice(-LONGEST)
  return { present, past, future: [], run }
}

export function undone(history: History): History {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return { present: before, past: history.past.slice(0, -1), future: [history.present, ...history.future], run: null }
}

export function redone(history: History): History {
  const [after, ...future] = history.future
  return after === undefined ? history : { present: after, past: [...history.past, history.present], future, run: null }
}

/** Whether an answer was given on the way to the present one, which so holds all of it, or it is undone. */
export function isPast({ past }: Pick<History, 'past'>, reading: Reading): boolean {
  return past.some((draft) => sameReading(readingOf(draft), reading))
}

export function toBeKept({ present, past, future }: History): KeptHistory {
  return { shape: SHAPE, present, past: past.slice(-LONGEST_KEPT), future: future.slice(0, LONGEST_KEPT) }
}

/** The history that was kept, where it led to this draft; else one that begins here. */
export function resumed(kept: KeptHistory | undefined, draft: Draft): History {
  if (kept?.shape !== SHAPE || !isSame(kept.present, draft)) return historyOf(draft)
  return { present: kept.present, past: kept.past, future: kept.future, run: null }
}

function isSame(one: Draft, other: Draft): boolean {
  return sameReading(readingOf(one), readingOf(other)) && besidesReading(one) === besidesReading(other)
}

function besidesReading({ breasts, decided }: Draft): string {
  return JSON.stringify([Object.keys(breasts).toSorted(), Object.entries(decided).toSorted()])
}
