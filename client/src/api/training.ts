import type { Reading, Seconds } from '#schema/marking.ts'
import type { Feedback, Training } from '#schema/training.ts'
import type { Exam } from '#schema/viewing.ts'
import { ask } from './http.ts'

export function getTraining(signal: AbortSignal): Promise<Training> {
  return ask('GET', '/training', { signal })
}

export function getTrainingExam(number: number, signal: AbortSignal): Promise<Exam> {
  return ask('GET', `/training/exams/${number}`, { signal })
}

export function getFeedback(number: number, signal: AbortSignal): Promise<Feedback> {
  return ask('GET', `/training/exams/${number}/feedback`, { signal })
}

export interface TrainingAnswer {
  readonly reading: Reading
  readonly confirmed: readonly string[]
  readonly seconds: Seconds
}

export function postTrainingAnswer(number: number, { reading, confirmed, seconds }: TrainingAnswer): Promise<Feedback> {
  return ask('POST', `/training/exams/${number}/reading`, { body: { reading, confirmed, seconds } })
}

/** Begin another round. */
export function postRound(): Promise<Training> {
  return ask('POST', '/training/rounds')
}
