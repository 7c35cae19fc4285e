import { useQuery } from '@tanstack/react-query'
import { getAgreement, getProgress } from '#api/dashboard.ts'
import type { Agreement, Progress } from '#schema/administering.ts'

/** While the server is still making a number. */
const SOON_MS = 2_000
const POLL_MS = 30_000

export function useProgress() {
  return useQuery({
    queryKey: ['dashboard', 'progress'],
    queryFn: ({ signal }) => getProgress(signal),
    refetchInterval: ({ state }) => (isFlowToCome(state.data) ? SOON_MS : POLL_MS),
  })
}

/** @param isTold whether this person may be told how the readers agree; nobody else asks. */
export function useAgreement(isTold: boolean) {
  return useQuery({
    queryKey: ['dashboard', 'agreement'],
    queryFn: ({ signal }) => getAgreement(signal),
    enabled: isTold,
    refetchInterval: ({ state }) => (isMeasured(state.data) ? POLL_MS : SOON_MS),
  })
}

export function isFlowToCome(progress: Progress | undefined): boolean {
  return progress !== undefined && !progress.is_withheld && progress.flow === null
}

function isMeasured(agreement: Agreement | undefined): boolean {
  return agreement?.state === 'ready'
}
