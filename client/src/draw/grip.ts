// What of a rectangle is held, and what becomes of it when that is dragged.

import type { Box } from '#schema/marking.ts'
import { type Bounds, boxBetween, clamp, onPage, shifted } from './box.ts'
import type { Point, Transform } from './transform.ts'

/** An edge of each axis, as they are in the stored image; null where that axis is not held. Neither: all of it. */
export interface Grip {
  readonly x: 'min' | 'max' | null
  readonly y: 'min' | 'max' | null
}

export const ALL: Grip = { x: null, y: null }

/** Corners first: they lie over the edges. */
export const HANDLES: readonly Grip[] = [
  { x: 'min', y: 'min' },
  { x: 'max', y: 'min' },
  { x: 'min', y: 'max' },
  { x: 'max', y: 'max' },
  { x: null, y: 'min' },
  { x: null, y: 'max' },
  { x: 'min', y: null },
  { x: 'max', y: null },
]

/** How far from an edge counts as on it, in pixels of the page: as far outside as the handles stand. */
const REACH = 10

/** What of a rectangle lies under a point of the page; null for nothing. Handles reach out, and in small boxes not in. */
export function gripAt(box: Box, at: Point, transform: Transform, reach = REACH): Grip | null {
  const { x, y, width, height } = onPage(box, transform)
  const [isAcross, isDown] = [at.x >= x && at.x <= x + width, at.y >= y && at.y <= y + height]
  const isIn = isAcross && isDown
  const across = heldEdge(at.x, x, width, transform.ax < 0, isAcross ? Math.min(reach, width / 4) : reach)
  const down = heldEdge(at.y, y, height, transform.ay < 0, isDown ? Math.min(reach, height / 4) : reach)
  const isNear = at.x >= x - reach && at.x <= x + width + reach && at.y >= y - reach && at.y <= y + height + reach
  if (!isNear) return null
  if (across !== null || down !== null) return { x: across, y: down }
  return isIn ? ALL : null
}

function heldEdge(at: number, low: number, length: number, isTurned: boolean, reach: number): 'min' | 'max' | null {
  const [near, far] = [Math.abs(at - low), Math.abs(at - low - length)]
  if (Math.min(near, far) > reach) return null
  return near <= far === isTurned ? 'max' : 'min'
}

/** A rectangle after its grip was dragged from one point of the image to another. Edges may be dragged past each other. */
export function dragged(box: Box, grip: Grip, from: Point, to: Point, bounds: Bounds): Box {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  if (grip.x === null && grip.y === null) return shifted(box, dx, dy, bounds)
  const [xFixed, xMoved] = ends(box[0], box[2], grip.x, dx)
  const [yFixed, yMoved] = ends(box[1], box[3], grip.y, dy)
  return boxBetween({ x: xFixed, y: yFixed }, { x: xMoved, y: yMoved }, bounds)
}

function ends(low: number, high: number, held: 'min' | 'max' | null, by: number): [number, number] {
  return held === 'min' ? [high, low + by] : [low, high + (held === 'max' ? by : 0)]
}

/** Enlarged (or made smaller) on each side by so many pixels, around its middle. */
export function grown([xmin, ymin, xmax, ymax]: Box, dx: number, dy: number, bounds: Bounds): Box {
  const [x0, x1] = around(xmin, xmax, dx, bounds.columns, bounds.least)
  const [y0, y1] = around(ymin, ymax, dy, bounds.rows, bounds.least)
  return [x0, y0, x1, y1]
}

function around(low: number, high: number, by: number, length: number, least: number): [number, number] {
  const [from, to] = [clamp(Math.round(low - by), 0, length), clamp(Math.round(high + by), 0, length)]
  return to - from >= Math.min(Math.ceil(least), length) ? [from, to] : [low, high]
}

/** The pointer over a grip, by where its edges are on the page. */
export function cursorOf({ x, y }: Grip, { ax, ay }: Transform): string {
  if (x === null && y === null) return 'move'
  if (x === null) return 'ns-resize'
  if (y === null) return 'ew-resize'
  const isLeft = (x === 'min') === ax > 0
  const isTop = (y === 'min') === ay > 0
  return isLeft === isTop ? 'nwse-resize' : 'nesw-resize'
}

function along(held: 'min' | 'max' | null, low: number, high: number): number {
  return held === null ? (low + high) / 2 : held === 'min' ? low : high
}

/** Where a grip is on the page, so many pixels of it outside the rectangle. */
export function handleAt(box: Box, { x, y }: Grip, { ax, bx, ay, by }: Transform, out = 0): Point {
  return { x: ax * along(x, box[0], box[2]) + bx + outwards(x, ax) * out, y: ay * along(y, box[1], box[3]) + by + outwards(y, ay) * out }
}

function outwards(held: 'min' | 'max' | null, factor: number): number {
  return held === null ? 0 : (held === 'max') === factor > 0 ? 1 : -1
}

/** The handles that are shown: on sides as short as this many pixels of the page those of the corners would touch others. */
const SHORT = 40

export function handlesOf(box: Box, transform: Transform): readonly Grip[] {
  const { width, height } = onPage(box, transform)
  return HANDLES.filter(({ x, y }) => (x !== null || width >= SHORT) && (y !== null || height >= SHORT))
}
