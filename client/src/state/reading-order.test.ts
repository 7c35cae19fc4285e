import { describe, expect, it } from 'vitest'
import type { Violation } from '#schema/marking.ts'
import { type Change, changed, draftOf } from './draft.ts'
import { afterAnswer, firstOf, markBeside, placeIn, type Place, placesOf, stillConfirmed } from './reading-order.ts'

const RIGHT: Place = { kind: 'breast', side: 'R' }
const LEFT: Place = { kind: 'breast', side: 'L' }
const EMPTY = draftOf(['R', 'L'], null)
const withAll = (...changes: Change[]) => changes.reduce(changed, EMPTY)
const TWO = withAll({ do: 'mark', imageId: 'RCC', box: [0, 0, 20, 20] }, { do: 'mark', imageId: 'LCC', box: [0, 0, 20, 20] })
const violation = (code: string, laterality: 'L' | 'R' | null, finding_index: number | null = null): Violation => ({ code, key: code, level: 'error', message: '', laterality, finding_index })

describe('keys answer', () => {
  it('the right breast, then by itself the left one, and stay there', () => {
    const half = withAll({ do: 'birads', side: 'R', value: 1 })
    expect(afterAnswer(half, RIGHT)).toEqual(RIGHT)
    const right = changed(half, { do: 'density', side: 'R', value: 'B' })
    expect(afterAnswer(right, RIGHT)).toEqual(LEFT)
    const both = [{ do: 'birads', side: 'L', value: 1 } as const, { do: 'density', side: 'L', value: 'A' } as const].reduce(changed, right)
    expect(afterAnswer(both, LEFT)).toEqual(LEFT)
  })

  it('a finding as long as there is that one', () => {
    expect(placesOf(TWO).length).toBe(4)
    expect(markBeside(TWO, RIGHT, 1)).toEqual({ kind: 'mark', id: 1 })
    expect(markBeside(TWO, RIGHT, -1)).toEqual({ kind: 'mark', id: 2 })
    expect(markBeside(TWO, { kind: 'mark', id: 2 }, 1)).toEqual({ kind: 'mark', id: 1 })
    expect(markBeside(EMPTY, LEFT, 1)).toEqual(LEFT)
    expect(placeIn(changed(TWO, { do: 'unmark', id: 2 }), { kind: 'mark', id: 2 })).toEqual(RIGHT)
  })
})

it('what is missing first is that of the right breast, then of the left one, then of the findings', () => {
  const all = [violation('finding_birads_missing', 'R', 0), violation('category_missing', 'L', 1), violation('density_missing', 'L'), violation('birads_missing', 'L'), violation('density_missing', 'R')]
  const order: string[] = []
  let left = all
  for (let first = firstOf(TWO, left); first !== null; first = firstOf(TWO, left)) {
    const taken = first
    order.push(`${taken.code}:${taken.laterality}`)
    left = left.filter((one) => one !== taken)
  }
  expect(order).toEqual(['density_missing:R', 'birads_missing:L', 'density_missing:L', 'finding_birads_missing:R', 'category_missing:L'])
})

it('what was confirmed of a numbered finding is asked again once the numbers mean others', () => {
  const confirmed = new Set(['no_finding_marked:R', 'feature_on_benign:R:1'])
  const moved = changed(TWO, { do: 'box', id: 1, box: [5, 5, 30, 30] })
  expect(stillConfirmed(confirmed, TWO, moved)).toBe(confirmed)
  expect([...stillConfirmed(confirmed, TWO, changed(TWO, { do: 'unmark', id: 1 }))]).toEqual(['no_finding_marked:R'])
})
