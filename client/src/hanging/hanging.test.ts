import { describe, expect, it } from 'vitest'
import type { Side } from '#schema/viewing.ts'
import vectors from '../../../tests/web/hanging_vectors.json'
import { image } from './exam.fixture.ts'
import { framesOf, heightOf, hungOf, type Point, storedOf, widthOf } from './frame.ts'
import { fittingScale, home, keptInside, moved, pageToStored, type Rect, storedToPage, toStored, zoomed } from './sight.ts'
import { type Attributes, spacingOf, turnOf } from './turning.ts'

const SIDES: Side[] = ['R', 'L']
const VIEWS = ['CC', 'MLO', 'ML', 'LM', 'LMO', 'XCC', 'XCCL', 'XCCM', 'FB', 'SIO']
const WALLS = ['left', 'right'] as const
const PANE: Rect = { x: 300, y: 40, width: 640, height: 480 }

/** Every side and view, stored in each of the four ways that an image can lie. */
const EVERY = SIDES.flatMap((side) =>
  VIEWS.flatMap((view) =>
    WALLS.flatMap((wall) =>
      [true, false].map((isUpsideDown) => {
        const right = ['CC', 'XCC', 'XCCL', 'XCCM', 'FB'].includes(view) ? (side === 'L' ? 'RL' : 'LR') : 'FH'
        const down = right[isUpsideDown ? 1 : 0]
        const attributes = { imager_pixel_spacing: [0.1, 0.07], chest_wall: wall, patient_orientation: [wall === 'left' ? 'A' : 'P', down] }
        return { side, view, wall, isUpsideDown, image: image(side, view, { attributes }) }
      }),
    ),
  ),
)

describe('images are turned as the server turns them', () => {
  it('for every side, view, chest wall and orientation', () => {
    for (const { laterality, view_position, attributes, is_flipped, is_upside_down } of vectors.turns) {
      const turn = turnOf(laterality as Side, view_position, attributes as Attributes)
      expect(turn, JSON.stringify([laterality, view_position, attributes])).toEqual({ isFlipped: is_flipped, isUpsideDown: is_upside_down })
    }
  })

  it('and measure what they measure there', () => {
    for (const [attributes, spacing] of vectors.spacings) expect(spacingOf(attributes as Attributes)).toEqual(spacing)
  })
})

describe('a hung image', () => {
  it.each(EVERY)('has the chest wall on the side of the other breast: $side $view, stored $wall, upside down $isUpsideDown', (one) => {
    const [frame] = framesOf([one.image]).frames
    if (frame === undefined) throw new Error('no frame')
    const sight = home(frame, PANE, fittingScale([frame], [PANE]))
    const wallColumn = one.wall === 'left' ? 0 : frame.columns
    const atWall = storedToPage(frame, PANE, sight, { x: wallColumn, y: 0 })
    expect(atWall.x).toBeCloseTo(one.side === 'R' ? PANE.x + PANE.width : PANE.x, 6)
    const upperRow = one.isUpsideDown ? frame.rows : 0
    const [upper, lower] = [upperRow, frame.rows - upperRow].map((y) => storedToPage(frame, PANE, sight, { x: 0, y }).y) as [number, number]
    expect(upper).toBeLessThan(lower)
    const isSeenFromAbove = frame.family === 'cc'
    expect(isSeenFromAbove ? (upper + lower) / 2 : upper).toBeCloseTo(isSeenFromAbove ? PANE.y + PANE.height / 2 : PANE.y, 6)
  })

  it('has every point at one place of the page, and back', () => {
    for (const { image: stored } of EVERY) {
      const [frame] = framesOf([stored]).frames
      if (frame === undefined) throw new Error('no frame')
      const sight = moved(home(frame, PANE, 3.7), 11, -7)
      const { ax, bx, ay, by } = toStored(frame, PANE, sight)
      for (const point of [{ x: 0, y: 0 }, { x: 2800, y: 3518 }, { x: 17.5, y: 3000.25 }]) {
        const page = storedToPage(frame, PANE, sight, point)
        expectNear(pageToStored(frame, PANE, sight, page), point)
        expectNear({ x: ax * page.x + bx, y: ay * page.y + by }, point)
        expectNear(storedOf(frame, hungOf(frame, point)), point)
      }
    }
  })

  it('mirrors the other side: linked views share their numbers', () => {
    const { frames } = framesOf([image('R', 'CC', { attributes: { imager_pixel_spacing: [0.1, 0.1], chest_wall: 'left' } }), image('L', 'CC', { attributes: { imager_pixel_spacing: [0.1, 0.1], chest_wall: 'left' } })])
    const [right, left] = frames
    if (right === undefined || left === undefined) throw new Error('no frames')
    const sight = moved(home(right, PANE, 2), 20, 5)
    const mirrored = (x: number) => 2 * PANE.x + PANE.width - x
    const onRight = storedToPage(right, PANE, sight, storedOf(right, { u: 33, v: 12 }))
    const onLeft = storedToPage(left, PANE, sight, storedOf(left, { u: 33, v: 12 }))
    expectNear(onLeft, { x: mirrored(onRight.x), y: onRight.y })
  })
})

describe('scale', () => {
  it('is one for all images, whatever their detectors', () => {
    const { frames, isToScale } = framesOf([image('R', 'CC', { attributes: { imager_pixel_spacing: [0.1, 0.1] } }), image('L', 'CC', { rows: 4915, columns: 3840, attributes: { imager_pixel_spacing: [0.05, 0.05] } })])
    expect(isToScale).toBe(true)
    expect(frames.map((frame) => [widthOf(frame), heightOf(frame)].map(Math.round))).toEqual([[280, 352], [192, 246]])
  })

  it('is by pixels for all when one image does not say its spacing', () => {
    const { frames, isToScale } = framesOf([image('R', 'CC'), image('L', 'CC', { attributes: {} })])
    expect(isToScale).toBe(false)
    expect(frames.map((frame) => frame.across)).toEqual([1, 1])
  })

  it('is that of the breast, not of the detector, when a view is magnified', () => {
    const attributes = { imager_pixel_spacing: [0.1, 0.1], estimated_radiographic_magnification_factor: 2 }
    expect(framesOf([image('R', 'CC', { attributes })]).frames[0]?.across).toBe(0.05)
  })
})

describe('zooming and moving', () => {
  const [frame] = framesOf([image('R', 'MLO')]).frames
  if (frame === undefined) throw new Error('no frame')

  it('keeps the place under the pointer', () => {
    const sight = home(frame, PANE, 2)
    const page = { x: 400, y: 200 }
    const point = pageToStored(frame, PANE, sight, page)
    const at = hungOf(frame, point)
    for (const factor of [1.2, 0.5, 9]) expectNear(storedToPage(frame, PANE, zoomed(sight, factor, at), point), page)
  })

  it('has an end in both directions', () => {
    const sight = home(frame, PANE, 2)
    const at = { u: 0, v: 0 }
    expect(zoomed(sight, 1e9, at).scale).toBe(400)
    expect(zoomed(sight, 1e-9, at).scale).toBe(0.2)
  })

  it('does not lose the image', () => {
    for (const [du, dv] of [[1e4, 0], [-1e4, 0], [0, 1e4], [0, -1e4]] as const) {
      const sight = keptInside(frame, PANE, moved(home(frame, PANE, 2), du, dv))
      const corners = [{ x: 0, y: 0 }, { x: frame.columns, y: frame.rows }].map((point) => storedToPage(frame, PANE, sight, point)) as [Point, Point]
      const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
      expect(Math.min(...xs)).toBeLessThan(PANE.x + PANE.width)
      expect(Math.max(...xs)).toBeGreaterThan(PANE.x)
      expect(Math.min(...ys)).toBeLessThan(PANE.y + PANE.height)
      expect(Math.max(...ys)).toBeGreaterThan(PANE.y)
    }
  })
})

function expectNear(found: Point, wanted: Point) {
  expect(found.x).toBeCloseTo(wanted.x, 6)
  expect(found.y).toBeCloseTo(wanted.y, 6)
}
