import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keepShell } from '#api/shell.ts'
import { getExam, postOpening } from '#api/viewing.ts'
import { getArbitration, getWorklist } from '#api/worklist.ts'
import type { Exam } from '#schema/viewing.ts'
import { forgetAtEnd, forgetHeld, type Keeping } from './images/forgetting.ts'
import { fetchShown, nextOf, prefetch } from './images/prefetching.ts'
import { imageStore } from './images/room.ts'
import { answers, offline } from './offline/here.ts'
import { useSession } from './session.ts'

const examQuery = (studyId: string) => ({
  queryKey: ['exam', studyId],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const exam = await offline.exam(studyId, () => getExam(studyId, signal))
    answers.unbar(studyId)
    return exam
  },
  // It does not change while it is read.
  staleTime: Infinity,
})

export { beginDecoding } from './images/room.ts'

/** Of an exam that is to be read: its images are on their way as soon as it is known. */
const shownQuery = (studyId: string) => {
  const { queryFn, ...query } = examQuery(studyId)
  return {
    ...query,
    queryFn: async (asked: { signal: AbortSignal }) => {
      const exam = await queryFn(asked)
      fetchShown(imageStore, exam)
      return exam
    },
  }
}

export function useExam(studyId: string) {
  return useQuery(shownQuery(studyId))
}

/** Have an exam loaded that is about to be opened: a mouse button goes down on it before it comes up again. */
export function useAboutToOpen(): (studyId: string) => void {
  const queries = useQueryClient()
  return (studyId) => void queries.prefetchQuery(shownQuery(studyId))
}

/** Have it written down that the exam was opened, once its images are seen. */
export function useOpening(studyId: string, isSeen: boolean): void {
  const store = useQueryClient()
  const name = useSession().data?.me?.name
  const [wasSeen, setSeen] = useState(isSeen)
  if (isSeen && !wasSeen) setSeen(true)
  useEffect(() => {
    if (!wasSeen || name === undefined) return
    void offline.show(studyId)
    // Refused once the reading is in; what does not arrive is said when the exam is opened again or a draft saved.
    postOpening(name, studyId).then(() => store.invalidateQueries({ queryKey: ['worklist'] }), () => undefined)
  }, [studyId, wasSeen, name, store])
}

/** Load the exams that come next, after all of the one that is shown, once that has been seen; null shows none. */
export function usePrefetching(shown: Exam | null, isSeen: boolean, list: 'worklist' | 'arbitration'): void {
  const queries = useQueryClient()
  const [wasSeen, setSeen] = useState(isSeen)
  if (isSeen && !wasSeen) setSeen(true)
  useEffect(() => {
    if (!wasSeen) return
    if (import.meta.env.PROD) void keepShell()
    let stop = () => {}
    const asking = new AbortController()
    void (async () => {
      const next = await comingAfter(shown, list, asking.signal).catch(() => [])
      if (!asking.signal.aborted) stop = prefetch(imageStore, shown, next, (studyId) => queries.fetchQuery(examQuery(studyId)))
    })()
    return () => {
      asking.abort()
      stop()
    }
  }, [shown, wasSeen, list, queries])
}

async function comingAfter(shown: Exam | null, list: 'worklist' | 'arbitration', signal: AbortSignal): Promise<readonly string[]> {
  const ask = list === 'worklist' ? getWorklist : getArbitration
  const parts = await Promise.all([ask('in_progress', signal), ask('new', signal)])
  return nextOf(shown?.study_id ?? null, parts.flatMap(({ items }) => items))
}

/** All that keeps something of exams here. Answers that were not sent wait for who gave them, but not those of a held exam. */
const everything: Keeping = {
  forget: (studyId) => {
    imageStore.forget(studyId)
    void (studyId === undefined ? offline.clear() : Promise.all([offline.forget(studyId), answers.bar(studyId)]))
  },
  forgetPixels: (studyId) => imageStore.forget(studyId),
  holds: () => offline.holds(),
  knowHolds: (number) => offline.knowHolds(number),
}

let watching: (() => void) | null = null

/** From now on until the session ends: forget exams that are held, and everything when it does. */
export function useForgetting(): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (watching !== null) return
    const stopHeld = forgetHeld(queries, everything)
    const stopEnd = forgetAtEnd(queries, everything, () => watching?.())
    watching = () => {
      stopHeld()
      stopEnd()
      watching = null
    }
  }, [queries])
}
