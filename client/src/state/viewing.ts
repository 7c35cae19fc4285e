import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { getExam, postOpening } from '#api/viewing.ts'
import { getArbitration, getWorklist } from '#api/worklist.ts'
import type { Exam } from '#schema/viewing.ts'
import { forgetAtEnd, forgetHeld } from './images/forgetting.ts'
import { nextOf, prefetch } from './images/prefetching.ts'
import { imageStore } from './images/room.ts'

const examQuery = (studyId: string) => ({
  queryKey: ['exam', studyId],
  queryFn: ({ signal }: { signal: AbortSignal }) => getExam(studyId, signal),
  // It does not change while it is read.
  staleTime: Infinity,
})

/** An exam that is to be read. */
export function useExam(studyId: string) {
  return useQuery(examQuery(studyId))
}

/** Have it written down that the exam was opened, once its images are seen. */
export function useOpening(studyId: string, isSeen: boolean): void {
  const store = useQueryClient()
  useEffect(() => {
    if (!isSeen) return
    // Refused once the reading is in; what does not arrive is said when the exam is opened again or a draft saved.
    postOpening(studyId).then(() => store.invalidateQueries({ queryKey: ['worklist'] }), () => undefined)
  }, [studyId, isSeen, store])
}

/** Load the exams that come next, after all of the one that is shown, once that has been seen; null shows none. */
export function usePrefetching(shown: Exam | null, isSeen: boolean, list: 'worklist' | 'arbitration'): void {
  const queries = useQueryClient()
  const [wasSeen, setSeen] = useState(isSeen)
  if (isSeen && !wasSeen) setSeen(true)
  useEffect(() => {
    if (!wasSeen) return
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

let watching: (() => void) | null = null

/** From now on until the session ends: forget exams that are held, and everything when it does. */
export function useForgetting(): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (watching !== null) return
    const stopHeld = forgetHeld(queries, imageStore)
    const stopEnd = forgetAtEnd(queries, imageStore, () => watching?.())
    watching = () => {
      stopHeld()
      stopEnd()
      watching = null
    }
  }, [queries])
}
