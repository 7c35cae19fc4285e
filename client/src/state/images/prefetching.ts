// What is loaded before anybody asks for it, in the order in which it will be wanted.

import type { Exam } from '#schema/viewing.ts'
import { COARSE, type ImageStore, type Source, sourcesOf } from './image-store.ts'

/** Exams whose coarse level is loaded ahead; of the first of them everything. */
export const AHEAD = 3

/**
 * Load the whole of the exam that is shown, then a coarse level of the next ones, then the whole of the next. One thing
 * at a time, and nothing while something that is shown is on its way. Returns how to stop.
 *
 * @param next Ids of the exams that will be read next, nearest first.
 * @param getExam Not asked for more than `AHEAD` of them.
 */
export function prefetch(store: ImageStore, shown: Exam | null, next: readonly string[], getExam: (studyId: string) => Promise<Exam>): () => void {
  let isStopped = false
  const inTurn = (steps: readonly Step[]) =>
    steps.reduce(async (before, step) => {
      await before
      await store.quiet()
      // What cannot be had now is asked for again, and its fault told, when the exam is opened.
      if (!isStopped) await step().catch(() => null)
    }, Promise.resolve())

  void (async () => {
    if (shown !== null) await inTurn(wholeOf(store, shown))
    const exams: Exam[] = []
    await inTurn(next.slice(0, AHEAD).map((studyId) => async () => exams.push(await getExam(studyId))))
    await inTurn(exams.flatMap((exam) => coarseOf(store, exam)))
    await inTurn(exams.slice(0, 1).flatMap((exam) => wholeOf(store, exam)))
  })()
  return () => {
    isStopped = true
  }
}

/** Have the images of an exam fetched that is about to be shown, while the page makes room for them. */
export function fetchShown(store: ImageStore, exam: Exam): void {
  // What cannot be had is asked for again, and its fault told, where it is to be shown.
  for (const source of sourcesOf(exam)) store.level(source, coarsestOf(source)).catch(() => null)
}

type Step = () => Promise<unknown>

function wholeOf(store: ImageStore, exam: Exam): readonly Step[] {
  return sourcesOf(exam).map((source) => () => store.bytes(source))
}

function coarseOf(store: ImageStore, exam: Exam): readonly Step[] {
  return sourcesOf(exam).map((source) => () => store.level(source, coarsestOf(source), false))
}

function coarsestOf({ tilePartEnds }: Source): number {
  return Math.min(COARSE, tilePartEnds.length - 1)
}

/** The exams that come after one in a list that is worked through from top to bottom and then from the top. */
export function nextOf(studyId: string | null, list: readonly { study_id: string; number: number }[]): readonly string[] {
  const inOrder = list.toSorted((a, b) => a.number - b.number).map((one) => one.study_id)
  const at = studyId === null ? -1 : inOrder.indexOf(studyId)
  return [...inOrder.slice(at + 1), ...inOrder.slice(0, Math.max(0, at))]
}
