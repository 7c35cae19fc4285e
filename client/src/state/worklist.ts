import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getArbitration, getWorklist } from '#api/worklist.ts'
import type { WorkState } from '#schema/reading-room.ts'
import { offline } from './offline/here.ts'

export const WORK_STATES: readonly WorkState[] = ['new', 'in_progress', 'done']

const POLL_MS = 30_000

export function useWorklist(state: WorkState) {
  return useQuery({
    queryKey: ['worklist', state],
    queryFn: ({ signal }) => offline.orKept(`worklist ${state}`, '', () => getWorklist(state, signal)),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  })
}

export function useArbitration(state: WorkState) {
  return useQuery({
    queryKey: ['arbitration', state],
    queryFn: ({ signal }) => offline.orKept(`arbitration ${state}`, '', () => getArbitration(state, signal)),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  })
}

export function asWorkState(text: string | null): WorkState {
  return WORK_STATES.find((state) => state === text) ?? 'new'
}
