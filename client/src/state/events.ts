import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type AskedEvents, getEvents } from '#api/events.ts'
import type { EventKind } from '#schema/administering.ts'

export function useEvents(asked: AskedEvents) {
  return useQuery({
    queryKey: ['events', asked],
    queryFn: ({ signal }) => getEvents(asked, signal),
    placeholderData: keepPreviousData,
  })
}

/** Every kind, in groups; `isAfterReadings`: what it tells follows from how exams were read. */
export const EVENT_KINDS: readonly { kind: EventKind; isAfterReadings?: true }[] = [
  { kind: 'signed_in' },
  { kind: 'signed_out' },
  { kind: 'sign_in_failed' },
  { kind: 'account_made' },
  { kind: 'account_changed' },
  { kind: 'account_disabled' },
  { kind: 'account_enabled' },
  { kind: 'account_linked' },
  { kind: 'password_changed' },
  { kind: 'drawn' },
  { kind: 'arbitrations_drawn', isAfterReadings: true },
  { kind: 'reader_assigned' },
  { kind: 'reader_withdrawn' },
  { kind: 'arbiter_assigned', isAfterReadings: true },
  { kind: 'arbiter_withdrawn', isAfterReadings: true },
  { kind: 'senior_assigned', isAfterReadings: true },
  { kind: 'senior_withdrawn', isAfterReadings: true },
  { kind: 'phase_closed' },
  { kind: 'training_begun' },
  { kind: 'training_answered' },
  { kind: 'training_finished' },
]

export function asEventKind(text: string | null): EventKind | null {
  return EVENT_KINDS.find(({ kind }) => kind === text)?.kind ?? null
}
