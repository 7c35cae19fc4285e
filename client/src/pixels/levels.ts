// Resolution levels of a code stream: level n has 1 / 2 ** n of the rows and columns.

/** A pixel of the level that is shown is at most this large on the screen: larger ones are taken from a finer level. */
export const LARGEST_TEXEL = 1.1
/** No coarser level is shown: in those a bright dot of two pixels is fainter the more of them meet it in the wrong place. */
const COARSEST = 2
/** Pixels of the screen for one of the image below which a finer level than that is needed to see such a dot at all. */
const FAINT = 0.12
/** Below this a view is as small as a stamp. */
const STAMP = 0.05

/**
 * The coarsest level in which everything is seen that could be seen at this scale. Where several of its pixels lie in one
 * of the screen none is left out (raster.ts); but a level itself has lost some of what was small.
 *
 * @param scale Pixels of the screen (the device's) for one pixel of the image.
 * @param count How many levels there are.
 * @param finest The finest level that can be shown.
 */
export function levelFor(scale: number, count: number, finest = 0): number {
  return Math.min(Math.max(wantedAt(scale), finest), count - 1)
}

function wantedAt(scale: number): number {
  if (scale < STAMP) return Math.floor(Math.log2(1 / (2 * scale)))
  if (scale < FAINT) return COARSEST - 1
  return Math.min(COARSEST, Math.floor(Math.log2(LARGEST_TEXEL / scale)))
}

/** How many bytes from the begin of the code stream a level needs. */
export function prefixOf(tilePartEnds: readonly number[], level: number): number {
  return tilePartEnds[tilePartEnds.length - 1 - level] ?? 0
}

/** Rows or columns of a level. */
export function sizeAt(length: number, level: number): number {
  return Math.ceil(length / 2 ** level)
}

/** The finest level with no more rows and columns than a picture may have here. */
export function finestWithin(rows: number, columns: number, most: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(rows, columns) / most)))
}
