import type { DraftSaid, FlagKind, Labels, Reading, Reads, Seconds } from '#schema/marking.ts'
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
  readonly stage: string | null
}

/** Save a draft in the place of a version. `isLast`: the page is going away. */
export function putDraft(studyId: string, draft: DraftSent, version: number, isLast = false): Promise<{ version: number; saved_at: string }> {
  return ask('PUT', `${study(studyId)}/draft`, { body: draft, headers: { 'If-Match': `"${version}"` }, keepalive: isLast })
}

export interface Answered {
  readonly next_study_id: string | null
}

export function postReading(studyId: string, answer: { reading: Reading; version: number; confirmed: readonly string[]; seconds: Seconds }): Promise<Answered> {
  return ask('POST', `${study(studyId)}/reading`, { body: answer })
}

export function postAmendment(studyId: string, answer: { reading: Reading; reason: string; confirmed: readonly string[]; seconds: Seconds }): Promise<Answered> {
  return ask('POST', `${study(studyId)}/amendment`, { body: answer })
}

export function postFlag(studyId: string, flag: { kind: FlagKind; reason: string; image_id: string | null }): Promise<void> {
  return ask('POST', `${study(studyId)}/flag`, { body: flag })
}

function study(studyId: string): string {
  return `/studies/${encodeURIComponent(studyId)}`
}
