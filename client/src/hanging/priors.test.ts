import { describe, expect, it } from 'vitest'
import type { Exam } from '#schema/viewing.ts'
import { image } from './exam.fixture.ts'
import { priorViewsOf } from './priors.ts'

const earlier = (more = {}) => ['CC', 'MLO'].map((view) => image('R', view, { image_id: `old ${view}`, ...more }))
const exam = (priors: Exam['priors']): Exam => ({
  study_id: '1',
  number: 1,
  role: 'reader',
  labels_version: '',
  images: [image('R', 'CC'), image('R', 'MLO'), image('L', 'CC'), image('R', 'CC', { image_id: 'spot', is_standard: false })],
  priors,
})

describe('earlier exams', () => {
  it('are shown view by view, the latest of them', () => {
    const found = priorViewsOf(exam([{ months: 5, images: earlier() }, { months: 17, images: earlier({ image_id: 'older' }) }]), true)
    expect([...found].map(([id, one]) => [id, one.image.image_id, one.months])).toEqual([
      ['RCC', 'old CC', 5],
      ['RMLO', 'old MLO', 5],
    ])
  })

  it('are left out where there are none, or where they cannot hang at the same scale', () => {
    expect(priorViewsOf(exam([]), true).size).toBe(0)
    expect(priorViewsOf(exam([{ months: 5, images: earlier({ attributes: {} }) }]), true).size).toBe(0)
    expect(priorViewsOf(exam([{ months: 5, images: earlier() }]), false).size).toBe(0)
  })
})
