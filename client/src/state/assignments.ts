import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Asked, assign, closePhase, draw, getAssignments, previewDraw, withdraw } from '#api/assignments.ts'
import type { Assignee, Assignment, ExamState, Person, ReadingRole } from '#schema/administering.ts'

export type { Asked }

const POLL_MS = 30_000

/** Every state, in the order in which an exam comes through them; `assigned` is said to who may not be told more. */
export const EXAM_STATES: readonly ExamState[] = [
  'unassigned',
  'assigned',
  'awaiting_reads',
  'awaiting_arbitration',
  'concordant',
  'final',
  'held',
  'excluded',
]

export function asExamState(text: string | null): ExamState | null {
  return EXAM_STATES.find((state) => state === text) ?? null
}

/** A number of an exam as somebody typed it; null for anything else. */
export function asExamNumber(text: string | null): number | null {
  const number = /^\s*\d{1,9}\s*$/.test(text ?? '') ? Number(text) : 0
  return number > 0 ? number : null
}

export function useAssignments(asked: Asked) {
  return useQuery({
    queryKey: ['assignments', 'list', asked],
    queryFn: ({ signal }) => getAssignments(asked, signal),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  })
}

/** What a draw would do now; asked anew each time it is shown. */
export function usePreviewOfDraw(isShown: boolean) {
  return useQuery({
    queryKey: ['assignments', 'preview'],
    queryFn: previewDraw,
    enabled: isShown,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
}

function useRefreshAll() {
  const store = useQueryClient()
  return () => void store.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'preview' })
}

export function useDraw() {
  return useMutation({ mutationFn: (isPartial: boolean) => draw(isPartial), onSuccess: useRefreshAll() })
}

export function useAssign() {
  return useMutation({ mutationFn: assign, onSuccess: useRefreshAll() })
}

export function useWithdraw() {
  return useMutation({ mutationFn: withdraw, onSuccess: useRefreshAll() })
}

export function useClosePhase() {
  return useMutation({ mutationFn: closePhase, onSuccess: useRefreshAll() })
}

export interface Held {
  name: string
  role: ReadingRole
  is_submitted: boolean | null
}

/** Everybody who has an exam now, and as what. */
export function holdersOf(exam: Assignment): Held[] {
  return [...as('reader', exam.readers), ...as('arbiter', [exam.arbiter]), ...as('senior', [exam.senior])]
}

function as(role: ReadingRole, people: readonly (Assignee | null)[]): Held[] {
  return people.flatMap((one) => (one === null ? [] : [{ role, name: one.name, is_submitted: one.is_submitted }]))
}

const NEEDED: Readonly<Record<ReadingRole, 'reader' | 'arbiter'>> = { reader: 'reader', arbiter: 'arbiter', senior: 'arbiter' }

/** Who could be given an exam as this: has the role, can sign in, has nothing of it yet; the available ones first. */
export function candidatesFor(exam: Assignment, role: ReadingRole, people: readonly Person[]): Person[] {
  const taken = new Set(holdersOf(exam).map((held) => held.name))
  return people
    .filter((one) => one.roles.includes(NEEDED[role]) && !one.is_disabled && !taken.has(one.name))
    .toSorted((one, other) => Number(other.is_available) - Number(one.is_available))
}

/** As what an exam lacks somebody who could be named now; what is not known is left to the server. */
export function lackingIn(exam: Assignment): ReadingRole[] {
  if (!exam.is_open) return []
  if (exam.state === 'awaiting_arbitration') return exam.arbiter === null ? ['arbiter'] : []
  if (exam.state === 'concordant') return exam.senior === null ? ['senior'] : []
  return READING_STATES.has(exam.state) ? ['reader'] : []
}

const READING_STATES: ReadonlySet<ExamState> = new Set(['unassigned', 'assigned', 'awaiting_reads'])

/** Who an exam can be taken from: from its readers only while nobody decides upon what they said. */
export function takableFrom(exam: Assignment): Held[] {
  const isSettled = exam.arbiter !== null || exam.senior !== null
  return holdersOf(exam).filter(({ role }) => role !== 'reader' || !isSettled)
}

/** Exams that keep the phase from being closed; null where this person may not know. */
export function waitingOf(states: Partial<Record<ExamState, number>> | null): number | null {
  if (states === null) return null
  return (states.awaiting_reads ?? 0) + (states.awaiting_arbitration ?? 0) + (states.held ?? 0)
}

/** Codes of refusals that mean the same to who assigns: the exam stands otherwise by now. */
const MOVED_ON: ReadonlySet<string> = new Set(['held', 'excluded', 'frozen', 'not_assigned', 'transition'])

/** What is said to a refusal by its code, with one sentence for all by which an exam has moved on. */
export function withMovedOn(known: Readonly<Record<string, string>> & { transition: string }): Record<string, string> {
  return { ...known, ...Object.fromEntries([...MOVED_ON].map((code) => [code, known.transition])) }
}
