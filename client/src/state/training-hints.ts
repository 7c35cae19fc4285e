// Which advice helps after an answer of the training: what was missed decides, then what was too much or differs.

import type { Feedback, FindingFeedback } from '#schema/training.ts'

export type Hint = 'calcification' | 'asymmetry' | 'otherView' | 'missed' | 'extra' | 'category' | 'density' | 'birads' | 'allAlike'

const MOST = 2
const SMALL = ['Suspicious Calcification']
/** Seen by comparing the sides. */
const BESIDE = ['Asymmetry', 'Focal Asymmetry', 'Global Asymmetry', 'Architectural Distortion']

/** The most useful first, few. */
export function hintsOf({ breasts, findings }: Feedback): readonly Hint[] {
  const of = (outcome: FindingFeedback['outcome']) => findings.filter((one) => one.outcome === outcome)
  const [found, missed] = [of('found'), of('missed')]
  const missedAny = (categories: readonly string[]) => missed.some(({ planted }) => planted?.categories.some((one) => categories.includes(one)))
  const hints: readonly (readonly [Hint, boolean])[] = [
    ['calcification', missedAny(SMALL)],
    ['asymmetry', missedAny(BESIDE)],
    ['otherView', missed.length > 0 && found.length > 0],
    ['missed', missed.length > 0],
    ['extra', of('extra').length > 0],
    ['category', found.some(({ planted, given }) => !sameNames(planted?.categories ?? [], given?.categories ?? []))],
    ['birads', breasts.some((one) => one.planted_birads !== null && one.planted_birads !== one.given_birads)],
    ['density', breasts.some((one) => one.planted_density !== null && one.planted_density !== one.given_density)],
  ]
  const told = hints.filter(([, isSo]) => isSo).map(([hint]) => hint)
  return told.length === 0 ? ['allAlike'] : told.slice(0, MOST)
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name))
}
