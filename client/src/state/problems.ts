import { isSignedOut, mayPass, Problem } from '#api/problem.ts'
import type { Words } from '#words/index.ts'

export { isSignedOut, mayPass, Problem }

/** What went wrong, for people; the server's own words where it explains a refusal of what was asked. */
export function explain(error: unknown, words: Words): string {
  if (!(error instanceof Problem)) return words.states.failed
  if (error.status === 0) return words.states.unreachable
  if (error.status === 403) return error.code === 'training' ? words.training.requiredFirst : words.states.forbidden
  if (error.status === 404) return words.states.notFoundDetail
  if (error.status >= 500) return words.states.defect
  return error.details?.detail ?? words.states.failed
}

/** The same; what this part of the client knows a sentence for, by the problem's code, is said in that. */
export function explainBy(error: unknown, words: Words, known: Readonly<Record<string, string>>): string {
  const sentence = error instanceof Problem && error.code !== null ? known[error.code] : undefined
  return sentence ?? explain(error, words)
}
