// A desk as it is when somebody sits down at it.

import { check } from '#rules/check.ts'
import type { Violation } from '#schema/marking.ts'
import { disputed, isDecided, recognized } from './arbitrating.ts'
import type { Seat, Snapshot } from './desk-parts.ts'
import { type Draft, draftOf, readingOf, SIDES } from './draft.ts'
import { resumed } from './draft-history.ts'
import { placeIn } from './reading-order.ts'

export function firstSnapshot(seat: Seat): Snapshot {
  const { exam, start, phase, items } = seat
  const sides = SIDES.filter((side) => exam.images.some(({ laterality }) => laterality === side))
  const history = resumed(start.history, recognized(draftOf(sides, start.reading, start.decided, start.nipples), items))
  const draft = history.present
  const confirmed = new Set(start.confirmed)
  return {
    history,
    active: placeIn(draft, { kind: 'breast', side: 'R' }),
    isDrawing: false,
    confirmed,
    violations: violationsOf(seat, draft, confirmed),
    phase,
    saving: 'saved',
    conflict: start.conflict,
    isSubmitting: false,
    asking: null,
    refusal: null,
    wanted: null,
    item: disputed(items).find((item) => !isDecided(item, draft))?.key ?? items[0]?.key ?? null,
  }
}

/** What of a draft is to be corrected, or to be confirmed and was not. */
export function violationsOf({ exam, labels }: Seat, draft: Draft, confirmed: ReadonlySet<string>): readonly Violation[] {
  const images = exam.images.map((image) => ({ ...image, study_id: exam.study_id }))
  return check(readingOf(draft), { studyId: exam.study_id, images, labels }, confirmed)
}
