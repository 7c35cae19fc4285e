// Names for what the viewer gets; the shapes are in api.ts.

import type { ExamImageOut, PresentationOut, ReadingExamOut, VoiLutOut, WindowOut } from './api.ts'

export type Side = 'R' | 'L'
export type Exam = Omit<ReadingExamOut, 'images'> & { images: ExamImage[] }
export type ExamImage = Omit<ExamImageOut, 'laterality'> & { laterality: Side }
export type CodeStream = ExamImageOut['codestream']
export type PresentationSaid = PresentationOut
export type WindowSaid = WindowOut
export type VoiLutSaid = VoiLutOut
