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
  readonly peaks: Peaks
}

/** What of a pixel of the screen is kept beside the mean of the many samples that lie in it. */
export interface Peaks {
  /** Greys by which one of them has to differ from the mean: more than noise does. */
  readonly least: number
  /** Whether the darkest is kept, not the brightest: black and white are exchanged. */
  readonly isDark: boolean
}

/**
 * A pixel of the screen shows the mean of the samples in it. Where it holds more than so many along an axis, the mean
 * nearly is what is around, however bright a calcification among them is: half of what it is brighter is added.
 */
export const MANY = 2
export const KEPT_SHARE = 0.5

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
 * there on; of these the middles of `inner` up to `innerEnd` lie in it, and so in no other. Pixels `from` up to `end`
 * show the image, the others nothing.
 */
interface Axis {
  readonly first: Int32Array
  readonly shares: Float32Array
  readonly inner: Uint8Array
  readonly innerEnd: Uint8Array
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
  const [inner, innerEnd] = [new Uint8Array(count), new Uint8Array(count)]
  let [from, end] = [count, 0]
  for (let n = 0; n < count; n += 1) {
    const stored = step * (start + n + 0.5) + offset
    if (stored < 0 || stored >= length) continue
    ;[from, end] = [Math.min(from, n), n + 1]
    // Sample i of level n is that of pixel i · 2ⁿ: the wavelet halves by leaving every second one.
    const low = (stored - 0.5) / 2 ** level - width / 2
    const sample = Math.floor(low + 0.5)
    first[n] = sample
    inner[n] = Math.ceil(low) - sample
    innerEnd[n] = Math.ceil(low + width) - sample
    for (let k = 0; k < reach; k += 1) {
      const covered = Math.min(low + width, sample + k + 0.5) - Math.max(low, sample + k - 0.5)
      shares[n * reach + k] = Math.max(0, covered) / width
    }
  }
  return { first, shares, inner, innerEnd, reach, from, end: Math.max(from, end) }
}

/**
 * How many samples of a level a pixel of the screen covers along an axis. All count: were some left out, small bright dots
 * would be left out with them. Where samples are larger than pixels, two are mixed.
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

function hasPeaks({ level, toStored: { ax, ay } }: Drawn): boolean {
  return Math.max(coveredBy(ax, level), coveredBy(ay, level)) > MANY
}

/** First along rows, each of which is needed for one or two rows of the screen, then across them. */
function averaged(drawn: Drawn, across: Axis, down: Axis, width: number, out: Uint32Array): void {
  const rowOf = rowsOf(drawn, across)
  const { from, end } = across
  const isPeaked = hasPeaks(drawn)
  const [sums, tops] = [new Float32Array(end), new Float32Array(end)]
  for (let row = down.from; row < down.end; row += 1) {
    sums.fill(0)
    tops.fill(LOWEST)
    for (let k = 0; k < down.reach; k += 1) {
      const share = down.shares[row * down.reach + k] as number
      if (share === 0) continue
      const { greys, peaks } = rowOf(within((down.first[row] as number) + k, drawn.rows), down.reach)
      for (let column = from; column < end; column += 1) sums[column] = (sums[column] as number) + share * (greys[column] as number)
      if (isPeaked && k >= (down.inner[row] as number) && k < (down.innerEnd[row] as number)) raise(tops, peaks, from, end)
    }
    if (isPeaked) keepPeaks(sums, tops, drawn.peaks, from, end)
    for (let column = from; column < end; column += 1) out[row * width + column] = opaque((sums[column] as number) + 0.5)
  }
}

/** Below every grey, also of dark ones, which are compared as negative. */
const LOWEST = -256

function raise(tops: Float32Array, peaks: Float32Array, from: number, end: number): void {
  for (let column = from; column < end; column += 1) if ((peaks[column] as number) > (tops[column] as number)) tops[column] = peaks[column] as number
}

function keepPeaks(greys: Float32Array, tops: Float32Array, { least, isDark }: Peaks, from: number, end: number): void {
  const sign = isDark ? -1 : 1
  for (let column = from; column < end; column += 1) {
    const more = (tops[column] as number) - sign * (greys[column] as number) - least
    if (more > 0) greys[column] = (greys[column] as number) + sign * KEPT_SHARE * more
  }
}

interface Row {
  row: number
  readonly greys: Float32Array
  /** The brightest; the darkest as negative. */
  readonly peaks: Float32Array
}

/** Gives a row of a level in the columns of the screen; remembers the last `count` of them. */
function rowsOf(drawn: Drawn, across: Axis): (row: number, count: number) => Row {
  const { values, table, columns } = drawn
  const { first, shares, reach, from, end } = across
  const peaksOf = hasPeaks(drawn) ? peaksAlong(across, drawn.peaks.isDark ? -1 : 1) : null
  const kept = new Map<number, Row>()
  const ends = [first[from] ?? 0, first[end - 1] ?? 0]
  const lowest = Math.min(...ends)
  const line = new Float32Array(Math.max(...ends) + reach - lowest)
  return (row, count) => {
    const place = row % count
    const known = kept.get(place)
    if (known?.row === row) return known
    const made = known ?? { row, greys: new Float32Array(end), peaks: new Float32Array(end) }
    made.row = row
    kept.set(place, made)
    // Beyond its edges the image goes on as it ends.
    for (let n = 0; n < line.length; n += 1) line[n] = table[values[row * columns + within(lowest + n, columns)] as number] as number
    for (let column = from; column < end; column += 1) {
      const at = (first[column] as number) - lowest
      let sum = 0
      for (let k = 0; k < reach; k += 1) sum += (shares[column * reach + k] as number) * (line[at + k] as number)
      made.greys[column] = sum
    }
    peaksOf?.(line, lowest, made.peaks)
    return made
  }
}

function peaksAlong({ first, inner, innerEnd, from, end }: Axis, sign: number): (line: Float32Array, lowest: number, peaks: Float32Array) => void {
  return (line, lowest, peaks) => {
    for (let column = from; column < end; column += 1) {
      const at = (first[column] as number) - lowest
      let top = LOWEST
      for (let k = inner[column] as number; k < (innerEnd[column] as number); k += 1) top = Math.max(top, sign * (line[at + k] as number))
      peaks[column] = top
    }
  }
}

function within(sample: number, count: number): number {
  return sample < 0 ? 0 : sample >= count ? count - 1 : sample
}

function opaque(grey: number): number {
  return BLACK | (Math.trunc(grey) * 0x010101)
}
