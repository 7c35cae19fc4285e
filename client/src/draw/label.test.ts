import { expect, it } from 'vitest'
import { labelAt as labelOf, letteringIn } from './label.ts'

const labelAt = (box: Parameters<typeof labelOf>[0], text: string, pane: typeof PANE, row = 0) => labelOf(box, text, pane, 12, row)
const PANE = { width: 400, height: 300 }
const TEXT = '2 · Suspicious Calcification'

it('words stand above a rectangle, and below where there is no room', () => {
  expect(labelAt({ x: 50, y: 100, width: 40, height: 30 }, 'x', PANE)).toEqual({ x: 51, y: 94, fontSize: 12 })
  expect(labelAt({ x: 50, y: 4, width: 40, height: 30 }, 'x', PANE)).toEqual({ x: 51, y: 49, fontSize: 12 })
})

it('words of several rectangles that coincide stand below each other, and above where there is no room', () => {
  const [low, high] = [100, 262].map((y) => [1, 2].map((row) => labelAt({ x: 50, y, width: 40, height: 30 }, 'x', PANE, row)?.y ?? 0)) as [number[], number[]]
  expect(low.map(Math.round)).toEqual([145, 159])
  expect(high.map(Math.round)).toEqual([256, 242])
})

it('words are never cut off by the edge of the pane, wherever what is seen of the rectangle is', () => {
  for (let x = -90; x <= 395; x += 7) {
    for (let y = -90; y <= 295; y += 7) {
      const at = labelAt({ x, y, width: 100, height: 100 }, TEXT, PANE)
      expect(at?.x).toBeGreaterThanOrEqual(0)
      expect((at?.x ?? 0) + TEXT.length * 6.5).toBeLessThanOrEqual(PANE.width)
      expect(at?.y).toBeGreaterThanOrEqual(10)
      expect(at?.y).toBeLessThanOrEqual(PANE.height)
    }
  }
})

it('where nothing of the rectangle is seen there are no words', () => {
  const size = { width: 40, height: 30 }
  for (const at of [{ x: 401, y: 50 }, { x: -41, y: 50 }, { x: 50, y: -31 }, { x: 50, y: 301 }]) expect(labelAt({ ...at, ...size }, TEXT, PANE)).toBeNull()
})

it('letters grow with the window, within bounds', () => {
  expect([700, 1000, 2048, 4000].map((innerHeight) => Math.round(letteringIn({ innerWidth: 9000, innerHeight })))).toEqual([12, 12, 16, 18])
})
