// Resolution levels of a code stream: level n has 1 / 2 ** n of the rows and columns.

/** A pixel of the level that is shown is at most this large on the screen: larger ones are taken from a finer level. */
export const LARGEST_TEXEL = 1.1

/**
 * The coarsest level that is fine enough. Coarse levels are averages: showing a finer one much reduced would leave
 * pixels out, and small bright dots with them.
 *
 * @param scale Pixels of the screen (the device's) for one pixel of the image.
 * @param count How many levels there are.
 * @param finest The finest level that can be shown.
 */
export function levelFor(scale: number, count: number, finest = 0): number {
  const wanted = Math.floor(Math.log2(LARGEST_TEXEL / scale))
  return Math.min(Math.max(wanted, finest), count - 1)
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
