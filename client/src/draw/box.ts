// Rectangles in stored pixels: whole pixels, half-open, inside the image, never smaller than asked.

import type { Box } from '#schema/marking.ts'
import { type Point, toPage, type Transform } from './transform.ts'

export interface Bounds {
  readonly columns: number
  readonly rows: number
  /** Smallest width and height. */
  readonly least: number
}

/** The rectangle between two points, in any order. */
export function boxBetween(one: Point, other: Point, bounds: Bounds): Box {
  const [xmin, xmax] = span(one.x, other.x, bounds.columns, bounds.least)
  const [ymin, ymax] = span(one.y, other.y, bounds.rows, bounds.least)
  return [xmin, ymin, xmax, ymax]
}

/** From where a drag began to where it is: what is too short grows the way that it was dragged, or back from an edge. */
function span(from: number, to: number, length: number, least: number): [number, number] {
  const [fixed, moved] = [from, to].map((value) => clamp(Math.round(value), 0, length)) as [number, number]
  const size = Math.min(Math.ceil(least), length)
  if (Math.abs(moved - fixed) >= size) return [Math.min(fixed, moved), Math.max(fixed, moved)]
  const low = clamp(moved < fixed ? fixed - size : fixed, 0, length - size)
  return [low, low + size]
}

/** A rectangle of a size around a point. */
export function boxAround({ x, y }: Point, size: number, bounds: Bounds): Box {
  const half = size / 2
  return shifted(boxBetween({ x: x - half, y: y - half }, { x: x + half, y: y + half }, bounds), 0, 0, bounds)
}

/** Moved as a whole, as far as the image goes. */
export function shifted([xmin, ymin, xmax, ymax]: Box, dx: number, dy: number, { columns, rows }: Bounds): Box {
  const sx = clamp(Math.round(dx), -xmin, columns - xmax)
  const sy = clamp(Math.round(dy), -ymin, rows - ymax)
  return [xmin + sx, ymin + sy, xmax + sx, ymax + sy]
}

/** Where a rectangle is on the page: left, top, width, height. */
export function onPage([xmin, ymin, xmax, ymax]: Box, transform: Transform): { x: number; y: number; width: number; height: number } {
  const [one, other] = [toPage(transform, { x: xmin, y: ymin }), toPage(transform, { x: xmax, y: ymax })]
  return { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) }
}

/** A rectangle on the page with so much around it: a line drawn there covers nothing of what is inside. */
export function around({ x, y, width, height }: ReturnType<typeof onPage>, by: number): ReturnType<typeof onPage> {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by }
}

export function sameBox(one: Box, other: Box): boolean {
  return one.every((edge, n) => edge === other[n])
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
