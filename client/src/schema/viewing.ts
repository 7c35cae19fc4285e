// Names for what the viewer gets; the shapes are in api.ts.

import type { ExamImageOut, PresentationOut, PriorOut, ReadingExamOut, VoiLutOut, WindowOut } from './api.ts'

export type Side = 'R' | 'L'
export type Exam = Omit<ReadingExamOut, 'images' | 'priors'> & { images: ExamImage[]; priors: PriorExam[] }
/** An earlier exam of the same patient, to be looked at only. */
export type PriorExam = Omit<PriorOut, 'images'> & { images: ExamImage[] }
export type ExamImage = Omit<ExamImageOut, 'laterality'> & { laterality: Side }
export type CodeStream = ExamImageOut['codestream']
export type PresentationSaid = PresentationOut
export type WindowSaid = WindowOut
export type VoiLutSaid = VoiLutOut
