import { describe, expect, it } from 'vitest'
import type { Feedback, FindingFeedback } from '#schema/training.ts'
import { hintsOf } from './training-hints.ts'

const finding = (outcome: FindingFeedback['outcome'], planted: string | null, given: string | null): FindingFeedback => ({
  image_id: 'i',
  outcome,
  planted: planted === null ? null : { image_id: 'i', box: [0, 0, 9, 9], categories: [planted], birads: 4 },
  given: given === null ? null : { image_id: 'i', box: [0, 0, 9, 9], categories: [given], birads: 4 },
})

const feedback = (findings: FindingFeedback[], more: Partial<Feedback['breasts'][number]> = {}): Feedback => ({
  number: 1,
  breasts: [{ laterality: 'R', planted_birads: 4, given_birads: 4, planted_density: 'B', given_density: 'B', ...more }],
  findings,
  score: { found: 0, missed: 0, extra: 0, birads_alike: 0, birads_asked: 0, density_alike: 0, density_asked: 0 },
  next_number: null,
})

describe('hints', () => {
  it('say how to find what was missed before anything else, and no more than two things', () => {
    const missed = finding('missed', 'Suspicious Calcification', null)
    expect(hintsOf(feedback([missed, finding('extra', null, 'Mass')], { given_density: 'C' }))).toEqual(['calcification', 'missed'])
    expect(hintsOf(feedback([finding('missed', 'Focal Asymmetry', null)]))).toEqual(['asymmetry', 'missed'])
  })

  it('lead to the other view where one view was found', () => {
    expect(hintsOf(feedback([finding('found', 'Mass', 'Mass'), finding('missed', 'Mass', null)]))).toEqual(['otherView', 'missed'])
  })

  it('tell of marks where nothing was planted, of categories and of breasts', () => {
    expect(hintsOf(feedback([finding('extra', null, 'Mass')]))).toEqual(['extra'])
    expect(hintsOf(feedback([finding('found', 'Mass', 'Asymmetry')]))).toEqual(['category'])
    expect(hintsOf(feedback([], { given_birads: 2, given_density: 'C' }))).toEqual(['birads', 'density'])
  })

  it('say that all is alike where it is, and compare nothing that this project does not ask', () => {
    expect(hintsOf(feedback([finding('found', 'Mass', 'Mass')]))).toEqual(['allAlike'])
    expect(hintsOf(feedback([], { planted_density: null, planted_birads: null, given_birads: 0 }))).toEqual(['allAlike'])
  })
})
