// Panes on the page.

import type { Frame } from './frame.ts'
import { fittingScale, type Rect } from './sight.ts'

/** Columns that so many panes may stand in; of several the one that shows the breasts larger is taken. */
const COLUMNS: Readonly<Record<number, readonly number[]>> = { 1: [1], 2: [2], 3: [3], 4: [2, 4] }

export interface Arrangement {
  readonly columns: number
  readonly rects: readonly Rect[]
  /** The scale at which every breast is whole. */
  readonly scale: number
}

/** Panes without gaps: back to back means that chest wall meets chest wall. */
export function arrange(frames: readonly Frame[], room: Rect): Arrangement {
  const choices = COLUMNS[frames.length] ?? [Math.ceil(Math.sqrt(frames.length))]
  const made = choices.map((columns) => {
    const rects = grid(room, frames.length, columns)
    return { columns, rects, scale: fittingScale(frames, rects) }
  })
  return made.reduce((best, one) => (one.scale > best.scale ? one : best))
}

function grid(room: Rect, count: number, columns: number): readonly Rect[] {
  const rows = Math.max(1, Math.ceil(count / columns))
  return Array.from({ length: count }, (_, n) => {
    const [column, row] = [n % columns, Math.floor(n / columns)]
    const [left, right] = [column, column + 1].map((edge) => Math.round((edge * room.width) / columns)) as [number, number]
    const [top, bottom] = [row, row + 1].map((edge) => Math.round((edge * room.height) / rows)) as [number, number]
    return { x: room.x + left, y: room.y + top, width: right - left, height: bottom - top }
  })
}
