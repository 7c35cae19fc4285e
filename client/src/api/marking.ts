import type { DraftSaid, FlagKind, Labels, Reading, Reads, Seconds, Viewed } from '#schema/marking.ts'
import type { ArbitrationItem, Worklist, WorkItem } from '#schema/reading-room.ts'
import { ask } from './http.ts'

export function getLabels(signal: AbortSignal): Promise<Labels> {
  return ask('GET', '/labels', { signal })
}

/** All of a person's list, whatever its state. */
export function getTasks(list: 'worklist' | 'arbitration', signal: AbortSignal): Promise<Worklist<WorkItem> | Worklist<ArbitrationItem>> {
  return ask('GET', `/${list}`, { signal })
}

export function getReads(studyId: string, signal: AbortSignal): Promise<Reads> {
  return ask('GET', `${study(studyId)}/reads`, { signal })
}

export function getDraft(studyId: string, signal?: AbortSignal): Promise<DraftSaid> {
  return ask('GET', `${study(studyId)}/draft`, signal === undefined ? {} : { signal })
}

export function getOwnReading(studyId: string, signal: AbortSignal): Promise<Reading> {
  return ask('GET', `${study(studyId)}/reading`, { signal })
}

export interface DraftSent {
  readonly reading: Reading
  readonly seconds: Seconds
  readonly viewed: Viewed
  readonly stage: string | null
}

/** Save a person's draft in the place of a version. `isLast`: the page is going away. */
export function putDraft(as: string, studyId: string, draft: DraftSent, version: number, isLast = false): Promise<{ version: number; saved_at: string }> {
  return ask('PUT', `${study(studyId)}/draft`, { body: draft, headers: { 'If-Match': `"${version}"` }, keepalive: isLast, as })
}

export interface Answered {
  readonly next_study_id: string | null
}

export interface AnswerSent {
  readonly reading: Reading
  /** Keys of what was asked and confirmed. */
  readonly confirmed: readonly string[]
  readonly seconds: Seconds
  readonly viewed: Viewed
}

export function postReading(as: string, studyId: string, answer: AnswerSent & { version: number }): Promise<Answered> {
  return ask('POST', `${study(studyId)}/reading`, { body: answer, as })
}

export function postAmendment(as: string, studyId: string, answer: AnswerSent & { reason: string }): Promise<Answered> {
  return ask('POST', `${study(studyId)}/amendment`, { body: answer, as })
}

export function postFlag(as: string, studyId: string, flag: { kind: FlagKind; reason: string; image_id: string | null }): Promise<void> {
  return ask('POST', `${study(studyId)}/flag`, { body: flag, as })
}

function study(studyId: string): string {
  return `/studies/${encodeURIComponent(studyId)}`
}
