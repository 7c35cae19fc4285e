// Whether what is as small as a microcalcification is seen when a whole view fits a window: levels and raster together.

import { expect, it } from 'vitest'
import { FIRST_LOOK, peaksOf } from './grey.ts'
import { levelFor, sizeAt } from './levels.ts'
import { raster } from './raster.ts'

const SIDE = 1536
/** Each square of this side has one bright dot of 2 × 2 pixels. */
const CELL = 48
const [GREY, BRIGHT] = [60, 255]
/** A dot is seen when it is so many greys of 255 brighter than what is around. */
const STEP = 4
const IDENTITY = Uint8Array.from({ length: 256 }, (_, n) => n)

function mirrored(n: number, count: number): number {
  return n < 0 ? -n : n >= count ? 2 * count - 2 - n : n
}

/** Sample n of those that are kept: lifted by the differences of its neighbours. */
function along(at: (n: number) => number, count: number, n: number): number {
  const high = (k: number) => at(mirrored(k, count)) - Math.floor((at(mirrored(k - 1, count)) + at(mirrored(k + 1, count))) / 2)
  return at(2 * n) + Math.floor((high(2 * n - 1) + high(2 * n + 1) + 2) / 4)
}

/** Low-pass filter of the reversible wavelet, keeping every second sample (ISO/IEC 15444-1 F.3.8.2.1.1). */
function halved(samples: Float32Array, rows: number, columns: number): Float32Array {
  const [halfRows, halfColumns] = [sizeAt(rows, 1), sizeAt(columns, 1)]
  const tall = Float32Array.from({ length: rows * halfColumns }, (_, n) => {
    const row = Math.floor(n / halfColumns) * columns
    return along((k) => samples[row + k] as number, columns, n % halfColumns)
  })
  return Float32Array.from({ length: halfRows * halfColumns }, (_, n) => {
    const column = n % halfColumns
    return along((k) => tall[k * halfColumns + column] as number, rows, Math.floor(n / halfColumns))
  })
}

function dotted() {
  const picture = new Float32Array(SIDE * SIDE).fill(GREY)
  let state = 1
  const drawn = (most: number) => (state = (state * 16807) % 2147483647) % most
  const dots = Array.from({ length: (SIDE / CELL) ** 2 }, (_, n) => {
    const [x, y] = [(n % (SIDE / CELL)) * CELL + 12 + drawn(24), Math.floor(n / (SIDE / CELL)) * CELL + 12 + drawn(24)]
    for (const at of [y * SIDE + x, y * SIDE + x + 1, (y + 1) * SIDE + x, (y + 1) * SIDE + x + 1]) picture[at] = BRIGHT
    return { x: x + 1, y: y + 1 }
  })
  const one = halved(picture, SIDE, SIDE)
  return { dots, levels: [picture, one, halved(one, SIDE / 2, SIDE / 2)] }
}

const { dots, levels } = dotted()
const stored = levels.map((level) => Uint16Array.from(level, (value) => Math.min(255, Math.max(0, value))))

it.each([0.05, 0.06, 0.07, 0.087, 0.095, 0.1, 0.11, 0.12, 0.13, 0.14, 0.17, 0.2, 0.25, 0.28, 0.35, 0.5, 0.6, 0.83])('a dot of two pixels is seen at %f of full size, wherever it is', (scale) => {
  const level = levelFor(scale, 6)
  const side = Math.floor(SIDE * scale)
  const out = new Uint32Array(side * side)
  const size = { rows: sizeAt(SIDE, level), columns: sizeAt(SIDE, level), imageRows: SIDE, imageColumns: SIDE }
  const toStored = { ax: 1 / scale, bx: 0.37, ay: 1 / scale, by: 0.11 }
  raster({ values: stored[level] as Uint16Array, level, ...size, table: IDENTITY, toStored, peaks: peaksOf(FIRST_LOOK) }, { x: 0, y: 0, width: side, height: side }, out)
  const brightest = dots.map(({ x, y }) => {
    const [column, row] = [Math.floor((x - 0.37) * scale), Math.floor((y - 0.11) * scale)]
    const around = Array.from({ length: 25 }, (_, n) => (out[(row + Math.floor(n / 5) - 2) * side + column + (n % 5) - 2] ?? 0) & 255)
    return Math.max(...around) - GREY
  })
  const seen = brightest.filter((contrast) => contrast >= STEP).length / dots.length
  expect(seen).toBeGreaterThanOrEqual(0.99)
})
