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

/** Along one axis: the two samples beside each pixel of the screen, and the weight of the second; -1 beyond the image. */
interface Axis {
  readonly first: Int32Array
  readonly second: Int32Array
  readonly weight: Float32Array
}

function axisOf(start: number, count: number, step: number, offset: number, length: number, samples: number, level: number): Axis {
  const [first, second, weight] = [new Int32Array(count), new Int32Array(count), new Float32Array(count)]
  for (let n = 0; n < count; n += 1) {
    const stored = step * (start + n + 0.5) + offset
    // Sample i of level n is that of pixel i · 2ⁿ: the wavelet halves by leaving every second one.
    const at = (stored - 0.5) / 2 ** level
    const below = Math.floor(at)
    const isOutside = stored < 0 || stored >= length
    first[n] = isOutside ? -1 : Math.min(Math.max(below, 0), samples - 1)
    second[n] = Math.min(Math.max(below + 1, 0), samples - 1)
    weight[n] = at - below
  }
  return { first, second, weight }
}

/** Write the opaque greys of an area of the screen, row by row; what is beyond the image is black. */
export function raster(drawn: Drawn, area: Area, out: Uint32Array): void {
  const { values, table, toStored, level, rows, columns } = drawn
  const across = axisOf(area.x, area.width, toStored.ax, toStored.bx, drawn.imageColumns, columns, level)
  const down = axisOf(area.y, area.height, toStored.ay, toStored.by, drawn.imageRows, rows, level)
  const grey = (at: number) => table[values[at] as number] as number
  for (let row = 0, n = 0; row < area.height; row += 1) {
    const upper = (down.first[row] as number) * columns
    const lower = (down.second[row] as number) * columns
    const low = down.weight[row] as number
    for (let column = 0; column < area.width; column += 1, n += 1) {
      const left = across.first[column] as number
      if (left < 0 || upper < 0) {
        out[n] = 0xff000000
        continue
      }
      const weight = across.weight[column] as number
      if (weight === 0 && low === 0) {
        // At 1:1 nothing is mixed, and this is four times as fast.
        out[n] = 0xff000000 | (grey(upper + left) * 0x010101)
        continue
      }
      const right = across.second[column] as number
      const above = grey(upper + left) * (1 - weight) + grey(upper + right) * weight
      const below = grey(lower + left) * (1 - weight) + grey(lower + right) * weight
      out[n] = 0xff000000 | (Math.round(above * (1 - low) + below * low) * 0x010101)
    }
  }
}
