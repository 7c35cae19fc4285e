// The earlier exam of the same patient beside the one that is read: view by view.

import type { Exam, ExamImage } from '#schema/viewing.ts'
import { type Frame, framesOf } from './frame.ts'

export interface PriorView {
  readonly image: ExamImage
  readonly frame: Frame
  /** Whole months before the exam that is read. */
  readonly months: number
}

/**
 * Image of the exam to the same view of its latest earlier exam; empty where there is none.
 *
 * @param isToScale Whether the exam hangs in millimetres: an earlier one without spacing cannot hang beside it then.
 */
export function priorViewsOf({ images, priors }: Exam, isToScale: boolean): ReadonlyMap<string, PriorView> {
  const [latest] = priors
  if (latest === undefined) return new Map()
  const hung = framesOf(latest.images)
  if (hung.isToScale !== isToScale) return new Map()
  return new Map(
    images.flatMap((one) => {
      const at = one.is_standard ? latest.images.findIndex((other) => other.laterality === one.laterality && other.view_position === one.view_position) : -1
      const [image, frame] = [latest.images[at], hung.frames[at]]
      return image === undefined || frame === undefined ? [] : [[one.image_id, { image, frame, months: latest.months }] as const]
    }),
  )
}
