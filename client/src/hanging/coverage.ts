// How much of each breast has been seen at 1:1 or larger, in cells of half a centimetre.

import type { Frame } from './frame.ts'
import { type Rect, screenScale, seenThrough, type Sight } from './sight.ts'

const CELL = 5
/** A pixel of the image may be this much smaller than one of the screen and still count: zooming is not exact. */
const NEARLY_ONE = 0.995

export interface Coverage {
  readonly columns: number
  readonly rows: number
  /** 1 where a cell has been seen, row by row. */
  readonly cells: Uint8Array
}

export function nothingSeen(frame: Frame): Coverage {
  const { reach, top, bottom } = frame.breast
  const columns = Math.max(1, Math.ceil(reach / cellOf(frame)))
  const rows = Math.max(1, Math.ceil((bottom - top) / cellOf(frame)))
  return { columns, rows, cells: new Uint8Array(columns * rows) }
}

/** In millimetres; of images without spacing as many pixels as would make a pixel of a tenth of a millimetre. */
function cellOf(frame: Frame): number {
  return frame.across === 1 ? CELL * 10 : CELL
}

/** With the cells added whose middle is seen at 1:1 or larger; the same when there are none. */
export function withSeen(coverage: Coverage, frame: Frame, rect: Rect, sight: Sight, devicePixels: number): Coverage {
  if (screenScale(frame, sight, devicePixels) < NEARLY_ONE) return coverage
  const { near, far } = seenThrough(rect, sight)
  const { reach, top, bottom } = frame.breast
  const [width, height] = [reach / coverage.columns, (bottom - top) / coverage.rows]
  const cells = coverage.cells.slice()
  for (let n = 0; n < cells.length; n += 1) {
    const u = ((n % coverage.columns) + 0.5) * width
    const v = top + (Math.floor(n / coverage.columns) + 0.5) * height
    if (u >= near.u && u <= far.u && v >= near.v && v <= far.v) cells[n] = 1
  }
  return cells.some((cell, n) => cell !== coverage.cells[n]) ? { ...coverage, cells } : coverage
}

/** Between 0 and 1. */
export function shareOf({ cells }: Coverage): number {
  return cells.reduce((sum, cell) => sum + cell, 0) / cells.length
}
