// Answers in the making of training exams: in this tab until they are submitted, for a reload.

import type { Kept } from './queue.ts'

const PREFIX = 'mammoset.training '

const keyOf = (name: string, studyId: string) => `${PREFIX}${name}\n${studyId}`

export function keptDraft(name: string, studyId: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name, studyId)) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

/** Where a tab keeps nothing one goes on without. */
export function keepDraft(kept: Kept): void {
  try {
    sessionStorage.setItem(keyOf(kept.name, kept.study_id), JSON.stringify(kept))
  } catch {
    return
  }
}

export function dropDraft(name: string, studyId: string): void {
  try {
    sessionStorage.removeItem(keyOf(name, studyId))
  } catch {
    return
  }
}
