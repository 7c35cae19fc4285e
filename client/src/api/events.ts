import type { Happenings } from '#schema/administering.ts'
import { ask } from './http.ts'

export interface AskedEvents {
  kind: string | null
  by: string | null
  cursor: string | null
}

export function getEvents(asked: AskedEvents, signal: AbortSignal): Promise<Happenings> {
  return ask('GET', '/events', { query: { ...asked }, signal })
}
