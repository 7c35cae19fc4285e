import type { Assignments, Drawn, ExamState, ReadingRole } from '#schema/administering.ts'
import { ask } from './http.ts'

export interface Asked {
  state: ExamState | null
  person: string | null
  number: number | null
  cursor: string | null
}

export interface Turn {
  study_id: string
  name: string
  role: ReadingRole
}

export function getAssignments({ state, ...asked }: Asked, signal: AbortSignal): Promise<Assignments> {
  return ask('GET', '/assignments', { query: { study_state: state, ...asked }, signal })
}

/** Give an exam to somebody; with `instead_of` and `reason` in the place of another. */
export function assign(turn: Turn & { instead_of?: string; reason?: string }): Promise<void> {
  return ask('POST', '/assignments', { body: turn })
}

export function withdraw(turn: Turn & { reason: string }): Promise<void> {
  return ask('POST', '/assignments/withdrawal', { body: turn })
}

/** What a draw would do; nothing is done. */
export function previewDraw(): Promise<Drawn> {
  return ask('POST', '/assignments/draw', { body: { dry_run: true, partial: true } })
}

export function draw(isPartial: boolean): Promise<Drawn> {
  return ask('POST', '/assignments/draw', { body: { dry_run: false, partial: isPartial } })
}

export function closePhase(confirm: string): Promise<void> {
  return ask('POST', '/phase/closing', { body: { confirm } })
}
