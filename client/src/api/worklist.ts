import type { ArbitrationItem, Worklist, WorkState } from '#schema/reading-room.ts'
import { ask } from './http.ts'

export function getWorklist(state: WorkState, signal: AbortSignal): Promise<Worklist> {
  return ask('GET', '/worklist', { query: { state }, signal })
}

export function getArbitration(state: WorkState, signal: AbortSignal): Promise<Worklist<ArbitrationItem>> {
  return ask('GET', '/arbitration', { query: { state }, signal })
}
