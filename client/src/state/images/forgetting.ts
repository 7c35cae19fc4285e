// When images must not stay in memory: nobody is signed in any more, or an exam is held.

import type { QueryClient } from '@tanstack/react-query'
import { getHolds, listenToHolds } from '#api/viewing.ts'
import { SESSION, type Session } from '../store.ts'
import type { ImageStore } from './image-store.ts'

/** Forget all images as soon as the session ends, whatever ended it; returns how to stop watching. */
export function forgetAtEnd(queries: QueryClient, images: ImageStore, onEnd: () => void): () => void {
  return queries.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryKey[0] !== SESSION[0]) return
    if ((query.state.data as Session | undefined)?.me !== null) return
    images.forget()
    queries.removeQueries({ queryKey: ['exam'] })
    onEnd()
  })
}

/** Forget each exam that is held, as soon as that is told; returns how to stop. */
export function forgetHeld(queries: QueryClient, images: ImageStore, ask = getHolds, listen = listenToHolds): () => void {
  let known: number | null = null
  const forget = (studyId: string) => {
    images.forget(studyId)
    // The exam that is shown is asked for again, and what the server says of it is shown instead.
    void queries.resetQueries({ queryKey: ['exam', studyId] })
    void queries.invalidateQueries({ queryKey: ['worklist'] })
  }
  // Also when the connection was lost for a while: what was told meanwhile is asked for.
  const catchUp = () =>
    ask(known ?? 0).then(
      ({ number, study_ids }) => {
        if (known !== null) study_ids.forEach(forget)
        known = number
      },
      () => undefined,
    )
  return listen(forget, () => void catchUp())
}
