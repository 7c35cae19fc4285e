// Names of the review's answers and sayings; the shapes are in api.ts.

import type {
  ReviewDecisionsIn,
  ReviewElementOut,
  ReviewImageIn,
  ReviewImageOut,
  ReviewRangeOut,
  ReviewRecordedOut,
  ReviewRegionOut,
  ReviewSaidOut,
  ReviewSummaryOut,
  ReviewValueOut,
} from './api.ts'

export type Summary = ReviewSummaryOut
export type Element = ReviewElementOut
export type Value = ReviewValueOut
export type Range = ReviewRangeOut
export type ReviewImage = ReviewImageOut
export type Region = ReviewRegionOut
export type Said = ReviewSaidOut
export type Decisions = ReviewDecisionsIn
export type Recorded = ReviewRecordedOut

export type Verdict = 'approve' | 'reject'
export type RegionVerdict = 'mask' | 'keep'
export type RejectionReason = NonNullable<ReviewImageIn['reason']>

/** The lists of images, as the server calls them. */
export type ImageList = 'pending' | 'second' | 'disagreement' | 'flagged' | 'rejected' | 'approved'

/** With what is not listed as images. */
export type ListName = ImageList | 'regions'

/** As a workstation shows a picture, or with whatever is not air made bright. */
export type Look = 'window' | 'reveal'
export type PictureHeight = '216' | '432' | '864' | '1728' | 'full'

/** Why one thing of many that were said could not be recorded (problem details, `violations`). */
export interface Violation {
  code: 'unknown' | 'changed' | 'invalid'
  subject: string
  message: string
}
