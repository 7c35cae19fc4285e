// The training: which exams, a desk for one of them whose drafts stay in this tab, and what there is to say of an answer.

import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { getLabels } from '#api/marking.ts'
import { mayPass, Problem } from '#api/problem.ts'
import { getFeedback, getTraining, getTrainingExam, postRound, postTrainingAnswer } from '#api/training.ts'
import type { Labels } from '#schema/marking.ts'
import type { Training } from '#schema/training.ts'
import type { Exam } from '#schema/viewing.ts'
import type { Words } from '#words/index.ts'
import type { Seat } from './desk-parts.ts'
import { Desk, listenToPage, useName } from './reading.ts'
import { startOf } from './reading-start.ts'
import { SESSION, type Session } from './store.ts'
import { dropDraft, keepDraft, keptDraft } from './training-drafts.ts'

const TRAINING = ['training'] as const
const AN_HOUR = 3_600_000

export function useTraining() {
  return useQuery({ queryKey: TRAINING, queryFn: ({ signal }) => getTraining(signal) })
}

export function useTrainingExam(number: number) {
  return useQuery({ queryKey: ['training-exam', number], queryFn: ({ signal }) => getTrainingExam(number, signal), staleTime: Infinity })
}

const feedbackOf = (round: number, number: number) => ['training-feedback', round, number] as const

export function useFeedback(round: number, number: number) {
  return useQuery({ queryKey: feedbackOf(round, number), queryFn: ({ signal }) => getFeedback(number, signal), staleTime: Infinity })
}

export function useBeginAgain() {
  const store = useQueryClient()
  return useMutation({ mutationFn: postRound, onSuccess: (training) => store.setQueryData<Training>(TRAINING, training) })
}

export function useLabels() {
  return useQuery({ queryKey: ['labels'], queryFn: ({ signal }) => getLabels(signal), staleTime: AN_HOUR })
}

/** The desk at an exam of the training; null until it can be answered. */
export function useTrainingDesk(exam: Exam, round: number, labels: Labels | undefined, words: Words): Desk | null {
  const store = useQueryClient()
  const name = useName()
  const desk = useMemo(() => {
    if (labels === undefined) return null
    const start = startOf(null, keptDraft(name, exam.study_id))
    return makeDesk(store, { name, exam, labels, phase: 'open', list: 'worklist', start, items: [] }, round, words)
  }, [store, name, exam, round, labels, words])
  useEffect(() => {
    if (desk === null) return
    const stop = listenToPage(desk)
    return () => {
      desk.dispose()
      stop()
    }
  }, [desk])
  return desk
}

function makeDesk(store: QueryClient, seat: Seat, round: number, words: Words): Desk {
  const { name, exam } = seat
  return new Desk(seat, {
    now: () => performance.now(),
    // The server keeps no drafts of the training: what is kept here is saved.
    put: async (_, version) => ({ version: version + 1 }),
    later: (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    submit: async (answer) => {
      const told = await postTrainingAnswer(exam.number, answer).catch((error: unknown) => {
        // an answer of the training does not wait for the connection: its reader does
        throw mayPass(error) ? refusal(words.states.unreachable) : error
      })
      store.setQueryData(feedbackOf(round, exam.number), told)
      return { next_study_id: null }
    },
    amend: () => Promise.reject(refusal(words.marking.frozen)),
    flag: () => Promise.reject(refusal(words.training.noFlag)),
    keep: (kept) => keepDraft({ ...kept, at: Date.now() }),
    drop: () => dropDraft(name, exam.study_id),
    onSignedOut: () => store.setQueryData<Session>(SESSION, { me: null, hasEnded: true }),
    onStaleToken: () => store.invalidateQueries({ queryKey: SESSION }),
    onDone: () => void store.invalidateQueries({ queryKey: TRAINING }),
  })
}

/** What is not possible here, said in a sentence of this page. */
function refusal(detail: string): Problem {
  return new Problem(409, { type: 'about:blank', title: '', status: 409, detail, code: 'training' })
}
