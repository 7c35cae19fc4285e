// Everything that was done to a draft can be undone and done again.

import { type Change, changed, type Draft } from './draft.ts'

export interface History {
  readonly present: Draft
  readonly past: readonly Draft[]
  readonly future: readonly Draft[]
  /** What the last change was of, when the next of the same kind belongs to it: letters of a comment, steps of a box. */
  readonly run: string | null
}

const LONGEST = 500

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
