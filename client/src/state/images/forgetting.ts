// When nothing of an exam may stay here: nobody is signed in any more, or an exam is held.

import type { QueryClient } from '@tanstack/react-query'
import { getHolds, listenToHolds } from '#api/viewing.ts'
import type { Exam } from '#schema/viewing.ts'
import { SESSION, type Session } from '../store.ts'

/** Whatever keeps something of exams: forgets one of them, or all. */
export interface Keeping {
  readonly forget: (studyId?: string) => unknown
  /** Forgets the pixels alone of one of them: they are fetched anew. */
  readonly forgetPixels: (studyId: string) => unknown
  /** How many holds it knows of; null: of none yet. */
  readonly holds: () => Promise<number | null>
  readonly knowHolds: (number: number) => unknown
}

/** Forget all exams as soon as the session ends, whatever ended it; returns how to stop watching. */
export function forgetAtEnd(queries: QueryClient, kept: Keeping, onEnd: () => void): () => void {
  return queries.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryKey[0] !== SESSION[0]) return
    if ((query.state.data as Session | undefined)?.me !== null) return
    kept.forget()
    queries.removeQueries({ queryKey: ['exam'] })
    onEnd()
  })
}

/** Forget each exam that is held, as soon as that is told; returns how to stop. */
export function forgetHeld(queries: QueryClient, kept: Keeping, ask = getHolds, listen = listenToHolds): () => void {
  const forget = (studyId: string) => {
    kept.forget(studyId)
    // The exam that is shown is asked for again, and what the server says of it is shown instead.
    void queries.resetQueries({ queryKey: ['exam', studyId] })
    void queries.invalidateQueries({ queryKey: ['worklist'] })
  }
  // Which earlier exam is held is not told, only that one may be: it belongs to nobody here.
  const askPriors = () => {
    for (const query of queries.getQueryCache().findAll({ queryKey: ['exam'] })) {
      const before = query.state.data as Exam | undefined
      if (before === undefined || (before.priors ?? []).length === 0) continue
      query.fetch().then(() => (query.state.data === before ? undefined : kept.forgetPixels(before.study_id)), () => undefined)
    }
  }
  // Also when nobody listened for a while: what was told meanwhile is asked for.
  const catchUp = async () => {
    const known = await kept.holds()
    const { number, study_ids: held } = await ask(known ?? 0)
    if (known !== null) held.forEach(forget)
    kept.knowHolds(number)
  }
  const onOpen = () => {
    void catchUp().catch(() => undefined)
    askPriors()
  }
  return listen(forget, onOpen, askPriors)
}
