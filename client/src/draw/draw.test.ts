import { describe, expect, it } from 'vitest'
import type { Box } from '#schema/marking.ts'
import { arcAround, distanceFrom, nippleOf } from './arc.ts'
import { around, type Bounds, boxAround, boxBetween, onPage, shifted } from './box.ts'
import { ALL, cursorOf, dragged, gripAt, grown, HANDLES, handleAt, handlesOf } from './grip.ts'
import { throughCorners, toImage, toPage, type Transform } from './transform.ts'

const BOUNDS: Bounds = { columns: 2800, rows: 3518, least: 10 }

/** Numbers that are the same at each run. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (state * 1103515245 + 12345) % 2147483648
    yield state / 2147483648
  }
}

const draw = numbers(7)
const between = (low: number, high: number) => low + draw.next().value * (high - low)

/** Every flip of both axes, at zooms from a stamp to single pixels. */
const TRANSFORMS: Transform[] = [-1, 1].flatMap((fx) =>
  [-1, 1].flatMap((fy) => [0.05, 0.2, 1, 3.7, 12].map((zoom) => ({ ax: fx * zoom, bx: between(-500, 900), ay: fy * zoom, by: between(-500, 900) }))),
)

const by = (held: string | null, edge: string, change: number) => (held === edge ? change : 0)

const isFine = ([xmin, ymin, xmax, ymax]: Box, { columns, rows, least }: Bounds) =>
  [xmin, ymin, xmax, ymax].every(Number.isInteger) && xmin >= 0 && ymin >= 0 && xmax <= columns && ymax <= rows && xmax - xmin >= least && ymax - ymin >= least

describe('a rectangle', () => {
  it('is within the image and large enough wherever it is drawn', () => {
    for (let n = 0; n < 2000; n += 1) {
      const [one, other] = [1, 2].map(() => ({ x: between(-900, 3700), y: between(-900, 4400) })) as [{ x: number; y: number }, { x: number; y: number }]
      expect(isFine(boxBetween(one, other, BOUNDS), BOUNDS)).toBe(true)
    }
  })

  it('is read back within a pixel of the screen at every flip and zoom', () => {
    for (const transform of TRANSFORMS) {
      for (let n = 0; n < 40; n += 1) {
        const corners = [1, 2].map(() => toPage(transform, { x: between(0, 2800), y: between(0, 3518) })) as [{ x: number; y: number }, { x: number; y: number }]
        const [one, other] = corners.map((corner) => toImage(transform, corner)) as typeof corners
        const box = boxBetween(one, other, { ...BOUNDS, least: 0 })
        const { x, y, width, height } = onPage(box, transform)
        // half a pixel of the image is lost where the screen shows single ones
        const most = Math.max(1, Math.abs(transform.ax) / 2)
        expect(Math.abs(x - Math.min(corners[0].x, corners[1].x))).toBeLessThanOrEqual(most)
        expect(Math.abs(y - Math.min(corners[0].y, corners[1].y))).toBeLessThanOrEqual(most)
        expect(Math.abs(width - Math.abs(corners[0].x - corners[1].x))).toBeLessThanOrEqual(2 * most)
        expect(Math.abs(height - Math.abs(corners[0].y - corners[1].y))).toBeLessThanOrEqual(2 * most)
      }
    }
  })

  it('grows the way that it was dragged when it is too small', () => {
    expect(boxBetween({ x: 100, y: 100 }, { x: 102, y: 97 }, BOUNDS)).toEqual([100, 90, 110, 100])
    expect(boxBetween({ x: 2799, y: 3 }, { x: 2805, y: 1 }, BOUNDS)).toEqual([2790, 0, 2800, 10])
  })

  it('stays as it is when it is moved and only its place changes', () => {
    for (let n = 0; n < 500; n += 1) {
      const box = boxAround({ x: between(0, 2800), y: between(0, 3518) }, 200, BOUNDS)
      const moved = shifted(box, between(-4000, 4000), between(-4000, 4000), BOUNDS)
      expect(isFine(moved, BOUNDS)).toBe(true)
      expect([moved[2] - moved[0], moved[3] - moved[1]]).toEqual([box[2] - box[0], box[3] - box[1]])
    }
  })
})

describe('a grip', () => {
  const box: Box = [400, 600, 900, 1000]

  it('is found where its handle is, at every flip and zoom', () => {
    for (const transform of TRANSFORMS) for (const grip of HANDLES) expect(gripAt(box, handleAt(box, grip, transform), transform)).toEqual(grip)
  })

  it('has its handle outside, where it is found too, and what is small shows those of its corners alone', () => {
    for (const transform of TRANSFORMS) {
      const { x, y, width, height } = onPage(box, transform)
      const isIn = (at: { x: number; y: number }) => at.x > x && at.x < x + width && at.y > y && at.y < y + height
      for (const grip of HANDLES) {
        const at = handleAt(box, grip, transform, 6)
        expect(gripAt(box, at, transform)).toEqual(grip)
        expect(isIn(at)).toBe(false)
      }
      expect(handlesOf(box, transform)).toHaveLength(width < 40 ? 4 : height < 40 ? 6 : 8)
    }
    expect(around({ x: 10, y: 20, width: 5, height: 6 }, 2)).toEqual({ x: 8, y: 18, width: 9, height: 10 })
  })

  it('is the whole in the middle and nothing far away', () => {
    for (const transform of TRANSFORMS) {
      expect(gripAt(box, handleAt(box, ALL, transform), transform)).toEqual(ALL)
      expect(gripAt(box, toPage(transform, { x: 400 - 400 / Math.abs(transform.ax), y: 800 }), transform)).toBeNull()
    }
  })

  it('moves the edges that it holds by what it was dragged, and no other', () => {
    for (const grip of HANDLES) {
      const [dx, dy] = [Math.round(between(-80, 80)), Math.round(between(-80, 80))]
      const after = dragged(box, grip, { x: 5, y: 5 }, { x: 5 + dx, y: 5 + dy }, BOUNDS)
      expect(after).toEqual([400 + by(grip.x, 'min', dx), 600 + by(grip.y, 'min', dy), 900 + by(grip.x, 'max', dx), 1000 + by(grip.y, 'max', dy)])
    }
  })

  it('leaves a rectangle in the image wherever it is dragged, past the other edge too', () => {
    for (const grip of [ALL, ...HANDLES]) {
      for (let n = 0; n < 200; n += 1) {
        expect(isFine(dragged(box, grip, { x: 0, y: 0 }, { x: between(-5000, 5000), y: between(-5000, 5000) }, BOUNDS), BOUNDS)).toBe(true)
      }
    }
    expect(dragged(box, { x: 'min', y: null }, { x: 0, y: 0 }, { x: 700, y: 0 }, BOUNDS)).toEqual([900, 600, 1100, 1000])
  })

  it('shows the way in which its edge goes on the page', () => {
    expect(cursorOf({ x: 'min', y: 'min' }, { ax: 1, bx: 0, ay: 1, by: 0 })).toBe('nwse-resize')
    expect(cursorOf({ x: 'min', y: 'min' }, { ax: -1, bx: 0, ay: 1, by: 0 })).toBe('nesw-resize')
    expect(cursorOf({ x: 'max', y: null }, { ax: -1, bx: 0, ay: 1, by: 0 })).toBe('ew-resize')
    expect(cursorOf({ x: null, y: 'min' }, { ax: 1, bx: 0, ay: 1, by: 0 })).toBe('ns-resize')
    expect(cursorOf(ALL, { ax: 1, bx: 0, ay: 1, by: 0 })).toBe('move')
  })

  it('grows around the middle, and not below what is allowed', () => {
    expect(grown(box, 20, 10, BOUNDS)).toEqual([380, 590, 920, 1010])
    expect(grown([0, 0, 12, 12], -4, -4, BOUNDS)).toEqual([0, 0, 12, 12])
    expect(isFine(grown(box, 9000, 9000, BOUNDS), BOUNDS)).toBe(true)
  })
})

describe('the transform through two corners', () => {
  it('takes them there, and back', () => {
    const made = throughCorners({ x: 700, y: 20 }, { x: 100, y: 920 }, 600, 900)
    expect(toPage(made, { x: 600, y: 900 })).toEqual({ x: 100, y: 920 })
    expect(toImage(made, { x: 700, y: 20 }).x).toBeCloseTo(0)
    expect(made.ax).toBe(-1)
  })
})

describe('the arc of equal distance', () => {
  const scaled = { nipple: { x: 1500, y: 1700 }, across: 0.1, down: 0.05 }

  it('is everywhere as far from the nipple in millimetres, and inside the part with the breast', () => {
    const runs = arcAround(scaled, 60, { left: 100, top: 0, right: 1900, bottom: 3000 })
    expect(runs.length).toBeGreaterThan(0)
    for (const point of runs.flat()) {
      expect(distanceFrom(scaled, point)).toBeCloseTo(60)
      expect(point.x >= 100 && point.x <= 1900 && point.y >= 0 && point.y <= 3000).toBe(true)
    }
  })

  it('begins at the place of the skin farthest from the chest wall, on either side', () => {
    const [columns, rows] = [40, 60]
    for (const wall of ['left', 'right'] as const) {
      const values = Array.from({ length: columns * rows }, (_, n) => {
        const [row, column] = [Math.floor(n / columns), n % columns]
        const depth = wall === 'left' ? column : columns - 1 - column
        // and a label in the air
        return depth < 30 - Math.abs(row - 22) || (row === 50 && depth > 36) ? 900 : 0
      })
      const found = nippleOf({ values, columns, rows, wall }, 10)
      expect(found?.y).toBeCloseTo(22.5 / 60)
      expect(found?.x).toBeCloseTo(wall === 'left' ? 30 / 40 : 10 / 40)
    }
    expect(nippleOf({ values: new Uint16Array(100), columns: 10, rows: 10, wall: 'left' }, 0)).toBeNull()
  })
})
