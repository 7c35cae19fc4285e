// Where the words of a rectangle stand: beside it, never over it where there is room, and never beyond the edge of a pane.

import type { Point } from './transform.ts'

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Of the height of letters: a line of words, a letter at most, from the rectangle down to the baseline below it. */
const LINE = 1.2
const LETTER = 0.58
const BELOW = 1.25
/** Pixels of the page: from the rectangle up to the baseline above it, and to the edge of the pane. */
const ABOVE = 6
const MARGIN = 4

/** Pixels of the page, on the smallest windows and on the largest. */
const HEIGHTS = { least: 12, most: 18 }
const OF_WINDOW = 0.008

/** The height of letters beside images: a large screen has small pixels and is looked at from no nearer. */
export function letteringIn({ innerWidth, innerHeight }: { readonly innerWidth: number; readonly innerHeight: number }): number {
  return Math.min(HEIGHTS.most, Math.max(HEIGHTS.least, OF_WINDOW * Math.min(innerWidth, innerHeight)))
}

/** Where words begin, and how high they are. */
export interface Lettering extends Point {
  readonly fontSize: number
}

/**
 * Where the baseline begins; null where nothing of the rectangle is seen.
 *
 * @param row 0: above the rectangle, and below where there is no room. 1, 2 …: in that line below it, else above.
 */
export function labelAt(box: Area, text: string, pane: { readonly width: number; readonly height: number }, fontSize: number, row = 0): Lettering | null {
  if (box.x > pane.width || box.y > pane.height || box.x + box.width < 0 || box.y + box.height < 0) return null
  const line = LINE * fontSize
  const last = Math.max(MARGIN, pane.width - text.length * LETTER * fontSize - MARGIN)
  const x = Math.min(Math.max(box.x + 1, MARGIN), last)
  const away = Math.max(0, row - 1) * line
  const above = box.y - ABOVE - away
  const below = box.y + box.height + BELOW * fontSize + away
  const [first, second] = row === 0 ? [above, below] : [below, above]
  const isIn = (y: number) => y >= line && y <= pane.height - MARGIN
  return { x, y: [first, second].find(isIn) ?? line * Math.max(1, row), fontSize }
}
