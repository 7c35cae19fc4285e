// From a resolution level to the pixels of a screen. What the graphics card computes by shader.ts, for machines without
// one, and for tests of both.

/** x = ax · X + bx, y = ay · Y + by: from pixels of the screen to the stored image at full resolution. */
export interface ScreenToStored {
  readonly ax: number
  readonly bx: number
  readonly ay: number
  readonly by: number
}

export interface Drawn {
  /** Counted from the smallest value, row by row; `rows` and `columns` are the level's. */
  readonly values: Uint16Array
  readonly level: number
  readonly rows: number
  readonly columns: number
  /** Of the image at full resolution: beyond it is nothing. */
  readonly imageRows: number
  readonly imageColumns: number
  readonly table: Uint8Array
  readonly toStored: ScreenToStored
}

/** Pixels of the screen. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How much the scale may differ from 1:1 to be shown at exactly that. */
const NEARLY = 0.003

/**
 * A transformation in which, at 1:1, pixels of the image lie on those of the screen: between them every pixel would be
 * a mixture of four. Others are returned as they are.
 */
export function snapped({ ax, bx, ay, by }: ScreenToStored): ScreenToStored {
  const isNear = [ax, ay].every((step) => Math.abs(Math.abs(step) - 1) < NEARLY)
  return isNear ? { ax: Math.sign(ax), bx: Math.round(bx), ay: Math.sign(ay), by: Math.round(by) } : { ax, bx, ay, by }
}

/**
 * Along one axis: of each pixel of the screen the first sample that it covers, and the shares of `reach` samples from
 * there on. Pixels `from` up to `end` show the image, the others nothing.
 */
interface Axis {
  readonly first: Int32Array
  readonly shares: Float32Array
  readonly reach: number
  readonly from: number
  readonly end: number
}

interface AxisSize {
  readonly start: number
  readonly count: number
  readonly step: number
  readonly offset: number
  readonly length: number
  readonly level: number
}

function axisOf({ start, count, step, offset, length, level }: AxisSize): Axis {
  const width = coveredBy(step, level)
  const reach = Math.ceil(width) + 1
  const [first, shares] = [new Int32Array(count), new Float32Array(count * reach)]
  let [from, end] = [count, 0]
  for (let n = 0; n < count; n += 1) {
    const stored = step * (start + n + 0.5) + offset
    if (stored < 0 || stored >= length) continue
    ;[from, end] = [Math.min(from, n), n + 1]
    // Sample i of level n is that of pixel i · 2ⁿ: the wavelet halves by leaving every second one.
    const low = (stored - 0.5) / 2 ** level - width / 2
    const sample = Math.floor(low + 0.5)
    first[n] = sample
    for (let k = 0; k < reach; k += 1) {
      const covered = Math.min(low + width, sample + k + 0.5) - Math.max(low, sample + k - 0.5)
      shares[n * reach + k] = Math.max(0, covered) / width
    }
  }
  return { first, shares, reach, from, end: Math.max(from, end) }
}

/**
 * How many samples of a level a pixel of the screen covers along an axis. It shows their mean: were some left out, small
 * bright dots would be left out with them. Where samples are larger than pixels, two are mixed.
 */
export function coveredBy(step: number, level: number): number {
  return Math.max(1, Math.abs(step) / 2 ** level)
}

/** Write the opaque greys of an area of the screen, row by row; what is beyond the image is black. */
export function raster(drawn: Drawn, area: Area, out: Uint32Array): void {
  const { toStored, level, imageRows, imageColumns } = drawn
  const across = axisOf({ start: area.x, count: area.width, step: toStored.ax, offset: toStored.bx, length: imageColumns, level })
  const down = axisOf({ start: area.y, count: area.height, step: toStored.ay, offset: toStored.by, length: imageRows, level })
  out.fill(BLACK)
  if (isPixelByPixel(drawn)) copied(drawn, across, down, area.width, out)
  else averaged(drawn, across, down, area.width, out)
}

const BLACK = 0xff000000

function isPixelByPixel({ level, toStored: { ax, bx, ay, by } }: Drawn): boolean {
  return level === 0 && [ax, ay].every((step) => Math.abs(step) === 1) && [bx, by].every(Number.isInteger)
}

/** At 1:1 nothing is mixed. */
function copied({ values, table, columns }: Drawn, across: Axis, down: Axis, width: number, out: Uint32Array): void {
  for (let row = down.from; row < down.end; row += 1) {
    const line = (down.first[row] as number) * columns
    for (let column = across.from; column < across.end; column += 1) {
      out[row * width + column] = opaque(table[values[line + (across.first[column] as number)] as number] as number)
    }
  }
}

/** First along rows, each of which is needed for one or two rows of the screen, then across them. */
function averaged(drawn: Drawn, across: Axis, down: Axis, width: number, out: Uint32Array): void {
  const rowOf = rowsOf(drawn, across)
  const { from, end } = across
  const sums = new Float32Array(end)
  for (let row = down.from; row < down.end; row += 1) {
    sums.fill(0)
    for (let k = 0; k < down.reach; k += 1) {
      const share = down.shares[row * down.reach + k] as number
      if (share === 0) continue
      const greys = rowOf(within((down.first[row] as number) + k, drawn.rows), down.reach)
      for (let column = from; column < end; column += 1) sums[column] = (sums[column] as number) + share * (greys[column] as number)
    }
    for (let column = from; column < end; column += 1) out[row * width + column] = opaque((sums[column] as number) + 0.5)
  }
}

/** Gives a row of a level in the columns of the screen; remembers the last `count` of them. */
function rowsOf({ values, table, columns }: Drawn, { first, shares, reach, from, end }: Axis): (row: number, count: number) => Float32Array {
  const kept = new Map<number, { row: number; greys: Float32Array }>()
  const ends = [first[from] ?? 0, first[end - 1] ?? 0]
  const lowest = Math.min(...ends)
  const line = new Float32Array(Math.max(...ends) + reach - lowest)
  return (row, count) => {
    const place = row % count
    const known = kept.get(place)
    if (known?.row === row) return known.greys
    const greys = known?.greys ?? new Float32Array(end)
    kept.set(place, { row, greys })
    // Beyond its edges the image goes on as it ends.
    for (let n = 0; n < line.length; n += 1) line[n] = table[values[row * columns + within(lowest + n, columns)] as number] as number
    for (let column = from; column < end; column += 1) {
      const at = (first[column] as number) - lowest
      let sum = 0
      for (let k = 0; k < reach; k += 1) sum += (shares[column * reach + k] as number) * (line[at + k] as number)
      greys[column] = sum
    }
    return greys
  }
}

function within(sample: number, count: number): number {
  return sample < 0 ? 0 : sample >= count ? count - 1 : sample
}

function opaque(grey: number): number {
  return BLACK | (Math.trunc(grey) * 0x010101)
}
