import { describe, expect, it } from 'vitest'
import type { Pair, PersonalProgress } from '#schema/administering.ts'
import { estimateOf, namesIn, peopleInOrder, rankedPairs, settledOf, statesInOrder, sumOf, togetherOf } from './progress.ts'

const NONE = { n: 0, observed: null, low: null, high: null, note: '' }
const findings = { ...NONE, n_matched: 0, f1: null, f1_images: null, mean_iou: null }

function pairOf(first: string, second: string, kappa: number | null, weighted: number | null = null): Pair {
  const field = { ...NONE, n: 8, kappa, weighted_kappa: weighted, low: 0.1, high: 0.9 }
  return { first, second, n: 4, fields: { birads: field }, findings }
}

const person = (name: string, role: PersonalProgress['role'], assigned: number, submitted: number): PersonalProgress => ({
  name,
  role,
  assigned,
  submitted,
  in_progress: 1,
  seconds_per_exam: null,
  per_hour: null,
})

describe('states', () => {
  it('are counted all, and those with a final answer among them', () => {
    const counts = statesInOrder({ awaiting_reads: 3, final: 2, concordant: 4, held: 1, unassigned: 0 })
    expect(counts.map(({ state }) => state)).toEqual(['final', 'concordant', 'awaiting_reads', 'held'])
    expect([settledOf(counts), sumOf(counts)]).toEqual([6, 10])
  })
})

describe('people', () => {
  it('are listed by role, then by name', () => {
    const rows = [person('zoe', 'reader', 1, 0), person('ann', 'arbiter', 1, 0), person('bo', 'reader', 1, 0)]
    expect(peopleInOrder(rows).map(({ name }) => name)).toEqual(['bo', 'zoe', 'ann'])
  })

  it('are summed up', () => {
    const rows = [person('a', 'reader', 10, 4), person('b', 'arbiter', 5, 5)]
    expect(togetherOf(rows)).toEqual({ assigned: 15, submitted: 9, in_progress: 2 })
  })
})

describe('pairs', () => {
  it('are compared by the weighted kappa where there is one', () => {
    expect(estimateOf(pairOf('a', 'b', 0.4, 0.7), 'birads')).toMatchObject({ value: 0.7, n: 8, low: 0.1 })
    expect(estimateOf(pairOf('a', 'b', 0.4), 'birads').value).toBe(0.4)
    expect(estimateOf(pairOf('a', 'b', 0.4), 'density').value).toBeNull()
    expect(estimateOf(pairOf('a', 'b', 0.4), 'findings').value).toBeNull()
  })

  it('come with the lowest first and the undefined last', () => {
    const pairs = [pairOf('a', 'b', null), pairOf('a', 'c', 1), pairOf('b', 'c', -0.2)]
    expect(rankedPairs(pairs, 'birads').map(({ estimate }) => estimate.value)).toEqual([-0.2, 1, null])
    expect(namesIn(pairs)).toEqual(['a', 'b', 'c'])
  })
})
