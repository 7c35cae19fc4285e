import { describe, expect, it } from 'vitest'
import { fromSmallest, rangeOf, stateSigned, statedBits } from './code-stream.ts'
import { finestWithin, levelFor, prefixOf, sizeAt } from './levels.ts'

describe('the level that is shown', () => {
  it.each([
    [0.03, 4],
    [0.045, 3],
    [0.07, 1],
    [0.1, 1],
    [0.13, 2],
    [0.27, 2],
    [0.3, 1],
    [0.56, 0],
    [1, 0],
    [12, 0],
  ])('at %f screen pixels for a pixel is %i', (scale, level) => {
    expect(levelFor(scale, 6)).toBe(level)
  })

  it('is one that there is, and that can be shown', () => {
    expect(levelFor(0.001, 4)).toBe(3)
    expect(levelFor(3, 4, 1)).toBe(1)
    expect(levelFor(3, 1, 2)).toBe(0)
  })

  it('never has pixels much larger than those of the screen, unless it is the finest', () => {
    for (let scale = 0.02; scale < 4; scale *= 1.01) {
      if (levelFor(scale, 7) > 0) expect(scale * 2 ** levelFor(scale, 7)).toBeLessThanOrEqual(1.1)
    }
  })
})

it('a prefix holds the tile-parts up to its level', () => {
  expect([0, 1, 2].map((level) => prefixOf([20, 80, 300], level))).toEqual([300, 80, 20])
})

it('levels have the sizes that the decoder gives', () => {
  expect([0, 1, 2, 3].map((level) => sizeAt(3518, level))).toEqual([3518, 1759, 880, 440])
  expect(finestWithin(3518, 2800, 4096)).toBe(0)
  expect(finestWithin(9000, 2800, 4096)).toBe(2)
})

describe('samples', () => {
  it('are counted from the smallest value, and clipped to the stated precision', () => {
    expect([...fromSmallest(Int16Array.of(-9, -8, 0, 7, 8), 4)]).toEqual([0, 0, 8, 15, 15])
    expect([...fromSmallest(Int16Array.of(-32768, 32767), 16)]).toEqual([0, 65535])
  })

  it('state their precision in the code stream', () => {
    const stream = new Uint8Array(50)
    stream[42] = 11
    expect(statedBits(stream)).toBe(12)
    stateSigned(stream)
    expect(stream[42]).toBe(0x8f)
  })

  it('have a range without their background', () => {
    expect(rangeOf(Uint16Array.of(0, 5, 9, 0), [0, 0])).toEqual([5, 9])
    expect(rangeOf(Uint16Array.of(3), null)).toEqual([3, 3])
    expect(rangeOf(Uint16Array.of(0), [0, 0])).toBeNull()
  })
})
