import { describe, expect, it } from 'vitest'
import { binned, daysPerBar } from './days.ts'
import { axisOver, partsOf, placeOn, STEPS } from './scale.ts'

describe('axisOver', () => {
  it('begins and ends at ticks around all values', () => {
    expect(axisOver([0.31, 0.93], STEPS.share, 0, 1).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(axisOver([-0.25, 1], STEPS.share, 0, 1).ticks).toEqual([-0.25, 0, 0.25, 0.5, 0.75, 1])
    expect(axisOver([48, 198], STEPS.seconds, 0).ticks).toEqual([0, 60, 120, 180, 240])
    expect(axisOver([0.118], STEPS.share, 0).high).toBe(0.15)
  })

  it('holds without any value, and where all are the same', () => {
    for (const axis of [axisOver([], STEPS.count, 0), axisOver([null], STEPS.count), axisOver([0, 0], STEPS.count, 0)]) {
      expect(axis.high).toBeGreaterThan(axis.low)
      expect(Number.isFinite(placeOn(axis, 0))).toBe(true)
    }
  })

  it('has few ticks, however large the values are', () => {
    for (const value of [1, 7, 99, 1234, 5e6, 1e9]) expect(axisOver([value], STEPS.count, 0).ticks.length).toBeLessThan(9)
  })
})

it('every mark is seen whole, those at and beyond the ends too', () => {
  const axis = axisOver([0, 1], STEPS.share)
  const places = [-3, 0, 0.5, 1, 7].map((value) => placeOn(axis, value))
  expect(places).toEqual([3, 3, 50, 97, 97])
})

it('parts of a whole fill it side by side', () => {
  const parts = partsOf([['done', 1], ['begun', 0], ['open', 3]] as const, 4)
  expect(parts).toEqual([
    { tone: 'done', from: 0, width: 25 },
    { tone: 'open', from: 25, width: 75 },
  ])
  expect(partsOf([['done', 0]] as const, 0)).toEqual([])
})

describe('days in bars', () => {
  const days = Array.from({ length: 20 }, (_, number) => ({ day: `2024-05-${String(number + 1).padStart(2, '0')}`, n: number }))

  it('keep every reading', () => {
    for (const width of [1, 7, 28]) {
      expect(binned(days, width).reduce((sum, bin) => sum + bin.n, 0)).toBe(190)
    }
    expect(binned(days, 1)).toHaveLength(20)
  })

  it('begin on Mondays where they are weeks', () => {
    // the first of May 2024 was a Wednesday
    expect(binned(days, 7).map((bin) => [bin.first, bin.last])).toEqual([
      ['2024-05-01', '2024-05-05'],
      ['2024-05-06', '2024-05-12'],
      ['2024-05-13', '2024-05-19'],
      ['2024-05-20', '2024-05-20'],
    ])
  })

  it('are never too many', () => {
    expect([daysPerBar(30), daysPerBar(100), daysPerBar(1000)]).toEqual([1, 7, 28])
  })
})
