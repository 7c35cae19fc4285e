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

/** Whether the pixels of an image are as large as those of the screen, or larger. */
export function isAtFull(frame: Frame, sight: Sight, devicePixels: number): boolean {
  return screenScale(frame, sight, devicePixels) >= NEARLY_ONE
}

/** With the cells added whose middle is seen at 1:1 or larger; the same when there are none. */
export function withSeen(coverage: Coverage, frame: Frame, rect: Rect, sight: Sight, devicePixels: number): Coverage {
  if (!isAtFull(frame, sight, devicePixels)) return coverage
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

/** As it is kept: a digit for each cell. */
export function written({ cells }: Coverage): string {
  return cells.join('')
}

/** With the cells that were written down; the same where they are of another raster. */
export function withWritten(coverage: Coverage, text: string): Coverage {
  if (text.length !== coverage.cells.length) return coverage
  return { ...coverage, cells: coverage.cells.map((cell, n) => (text[n] === '1' ? 1 : cell)) }
}

/** The first of several sights that shows something not yet seen at 1:1; null when none does. */
export function firstUnseen(coverage: Coverage, frame: Frame, rect: Rect, sights: readonly Sight[], devicePixels: number): number | null {
  const found = sights.findIndex((sight) => withSeen(coverage, frame, rect, sight, devicePixels) !== coverage)
  return found === -1 ? null : found
}
