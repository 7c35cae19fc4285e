// Where to look for a lesion in the other view of its breast: as far from the nipple, on an arc.

import type { Point } from './transform.ts'

export interface Scaled {
  /** In stored pixels. */
  readonly nipple: Point
  /** Millimetres of a pixel; 1 where they are not known. */
  readonly across: number
  readonly down: number
}

/** Millimetres from the nipple. */
export function distanceFrom({ nipple, across, down }: Scaled, point: Point): number {
  return Math.hypot((point.x - nipple.x) * across, (point.y - nipple.y) * down)
}

const STEPS = 72

/** Edges in stored pixels. */
export interface Part {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Stored pixels as far from the nipple as asked that lie inside a part of the image, in runs without gaps. */
export function arcAround({ nipple, across, down }: Scaled, distance: number, { left, top, right, bottom }: Part): readonly (readonly Point[])[] {
  const all = Array.from({ length: STEPS + 1 }, (_, n): Point => {
    const angle = (2 * Math.PI * n) / STEPS
    return { x: nipple.x + (Math.cos(angle) * distance) / across, y: nipple.y + (Math.sin(angle) * distance) / down }
  })
  const runs: Point[][] = [[]]
  for (const point of all) {
    const isIn = point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
    const last = runs.at(-1)
    if (isIn) last?.push(point)
    else if (last !== undefined && last.length > 0) runs.push([])
  }
  return runs.filter((run) => run.length > 1)
}

/** Values of an image, row by row; `wall` is the side of the chest wall. */
export interface Grid {
  readonly values: ArrayLike<number>
  readonly columns: number
  readonly rows: number
  readonly wall: 'left' | 'right'
}

/** A row counts as reaching the nipple within this share of the farthest reach. */
const NEAR = 0.985

/**
 * The place of the skin farthest from the chest wall, as shares of width and height: about where the nipple is.
 *
 * Null where nothing stands out from the background.
 *
 * @param air The largest value that is air.
 */
export function nippleOf({ values, columns, rows, wall }: Grid, air: number): Point | null {
  const reaches = Array.from({ length: rows }, (_, row) => reachOf(values, row * columns, columns, wall, air))
  const farthest = Math.max(...reaches)
  if (farthest <= 0) return null
  const nearest = reaches.flatMap((reach, row) => (reach >= farthest * NEAR ? [row] : []))
  const middle = nearest[Math.floor(nearest.length / 2)] ?? 0
  const share = farthest / columns
  return { x: wall === 'left' ? share : 1 - share, y: (middle + 0.5) / rows }
}

/** So many pixels of air on end are outside; fewer are a dark place within. */
const OUTSIDE = 4

/** Pixels from the chest wall to the first air, so that labels beside the breast do not count. */
function reachOf(values: ArrayLike<number>, from: number, columns: number, wall: 'left' | 'right', air: number): number {
  let dark = 0
  for (let n = 0; n < columns; n += 1) {
    const value = values[from + (wall === 'left' ? n : columns - 1 - n)] ?? 0
    dark = value <= air ? dark + 1 : 0
    if (dark === OUTSIDE) return n + 1 - OUTSIDE
  }
  return columns - dark
}
