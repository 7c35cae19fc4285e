// Names for what a reader in training gets; the shapes are in api.ts.

import type { FeedbackOut, ScoreOut, TrainingBreastOut, TrainingFindingOut, TrainingOut } from './api.ts'
import type { Finding } from './marking.ts'

export type Training = TrainingOut
export type Score = ScoreOut
export type BreastFeedback = TrainingBreastOut
export type Outcome = TrainingFindingOut['outcome']
export type FindingFeedback = Omit<TrainingFindingOut, 'planted' | 'given'> & { planted: Finding | null; given: Finding | null }
export type Feedback = Omit<FeedbackOut, 'findings'> & { findings: FindingFeedback[] }
