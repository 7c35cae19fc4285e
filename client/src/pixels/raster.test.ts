import { expect, it } from 'vitest'
import { type Area, type Drawn, raster, type ScreenToStored, snapped } from './raster.ts'

const IDENTITY = Uint8Array.from({ length: 256 }, (_, n) => n)

function drawn(values: number[][], more: Partial<Drawn> = {}): Drawn {
  const [rows, columns] = [values.length, values[0]?.length ?? 0]
  const toStored = { ax: 1, bx: 0, ay: 1, by: 0 }
  const peaks = { least: 32, isDark: false }
  return { values: Uint16Array.from(values.flat()), level: 0, rows, columns, imageRows: rows, imageColumns: columns, table: IDENTITY, toStored, peaks, ...more }
}

function shown(what: Drawn, area: Area): number[][] {
  const out = new Uint32Array(area.width * area.height)
  raster(what, area, out)
  expect([...out].every((one) => one >>> 24 === 255)).toBe(true)
  return Array.from({ length: area.height }, (_, row) => [...out.subarray(row * area.width, (row + 1) * area.width)].map((one) => one & 255))
}

it('shows every pixel as its table says at 1:1, and black beyond', () => {
  const table = Uint8Array.from(IDENTITY, (grey) => 255 - grey)
  expect(shown(drawn([[1, 2], [3, 4]], { table }), { x: -1, y: 0, width: 4, height: 3 })).toEqual([
    [0, 254, 253, 0],
    [0, 252, 251, 0],
    [0, 0, 0, 0],
  ])
})

it('mixes neighbours when enlarged, in grey values', () => {
  const table = Uint8Array.of(0, 0, 100, 200)
  const enlarged = drawn([[0, 2], [0, 2]], { table, toStored: { ax: 0.25, bx: 0, ay: 0.25, by: 0 } })
  expect(shown(enlarged, { x: 0, y: 0, width: 8, height: 1 })).toEqual([[0, 0, 13, 38, 63, 88, 100, 100]])
})

it('shows the mean of all that lies in a pixel of the screen, and leaves nothing out', () => {
  const reduced = drawn([[0, 60, 120, 180], [20, 80, 140, 200]], { toStored: { ax: 2, bx: 0, ay: 2, by: 0 } })
  expect(shown(reduced, { x: 0, y: 0, width: 2, height: 1 })).toEqual([[40, 160]])
  const apart = drawn([[0, 60, 120]], { toStored: { ax: 1.5, bx: 0, ay: 1, by: 0 } })
  expect(shown(apart, { x: 0, y: 0, width: 2, height: 1 })).toEqual([[20, 100]])
})

const many = (spot: number) => [[20, 20, 20, 20, 20, 20], [20, 20, 20, 20, spot, 20], [20, 20, 20, 20, 20, 20]]
const THIRD = { ax: 3, bx: 0, ay: 3, by: 0 }

it('keeps half of what a small bright thing is brighter than the mean of many, beyond what noise may be', () => {
  // nine pixels, one of them 180 brighter: their mean is 40, and 200 lies 128 above that and what noise may be
  expect(shown(drawn(many(200), { toStored: THIRD }), { x: 0, y: 0, width: 2, height: 1 })).toEqual([[20, 104]])
  expect(shown(drawn(many(50), { toStored: THIRD }), { x: 0, y: 0, width: 2, height: 1 })).toEqual([[20, 23]])
  expect(shown(drawn(many(0), { toStored: THIRD }), { x: 0, y: 0, width: 2, height: 1 })).toEqual([[20, 18]])
})

it('keeps it also where black and white are exchanged, to the same grey', () => {
  const table = Uint8Array.from(IDENTITY, (grey) => 255 - grey)
  const dark = drawn(many(200), { toStored: THIRD, table, peaks: { least: 32, isDark: true } })
  expect(shown(dark, { x: 0, y: 0, width: 2, height: 1 })).toEqual([[235, 151]])
})

it.each([0.08, 0.13, 0.21, 0.33])('makes noise at %f of its size no brighter', (scale) => {
  let state = 1
  const drawnAtRandom = () => (state = (state * 16807) % 2147483647) / 2147483647
  // of a deviation of five greys: the sum of twelve has one of one
  const noise = Array.from({ length: 120 }, () => Array.from({ length: 120 }, () => Math.round(95 + 5 * Array.from({ length: 12 }, drawnAtRandom).reduce((sum, one) => sum + one, -6 + 1))))
  const side = Math.floor(120 * scale) - 1
  const what = { toStored: { ax: 1 / scale, bx: 0, ay: 1 / scale, by: 0 } }
  const [kept, plain] = [32, 1000].map((least) => shown(drawn(noise, { ...what, peaks: { least, isDark: false } }), { x: 0, y: 0, width: side, height: side }).flat())
  expect(kept).toEqual(plain)
})

it.each([0.07, 0.23, 0.5, 0.77, 1, 1.9])('keeps the brightness of a picture at %f of its size', (scale) => {
  // a gradient: whatever the place and the scale, a pixel is as bright as the place is
  const row = Array.from({ length: 240 }, (_, n) => n)
  const what = drawn([row, row, row], { toStored: { ax: 1 / scale, bx: 0.3, ay: 1, by: 0 } })
  const [line = []] = shown(what, { x: 0, y: 1, width: Math.floor(240 * scale) - 1, height: 1 })
  const middles = line.map((_, n) => (n + 0.5) / scale + 0.3 - 0.5)
  const isInner = (at: number) => at > 1 / scale && at < 238 - 1 / scale
  const errors = line.flatMap((grey, n) => (isInner(middles[n] ?? 0) ? [Math.abs(grey - (middles[n] ?? 0))] : []))
  expect(errors.length).toBeGreaterThan(10)
  expect(Math.max(...errors)).toBeLessThanOrEqual(0.51)
})

it('turns images over', () => {
  expect(shown(drawn([[1, 2, 3]], { toStored: { ax: -1, bx: 3, ay: 1, by: 0 } }), { x: 0, y: 0, width: 3, height: 1 })).toEqual([[3, 2, 1]])
})

it.each([1, 2, 3])('has the world of full resolution at level %i', (level) => {
  // Sample i of a level is that of pixel i · 2ⁿ.
  const step = 2 ** level
  const samples = [[10, 20, 30, 40]]
  const what = drawn(samples, { level, imageRows: step, imageColumns: 4 * step })
  const [row] = shown(what, { x: 0, y: 0, width: 4 * step, height: 1 })
  expect([0, 1, 2, 3].map((n) => row?.[n * step])).toEqual([10, 20, 30, 40])
})

it('lets pixels of the image lie on those of the screen at 1:1', () => {
  const near: ScreenToStored = { ax: -1.0004, bx: 812.3, ay: 0.9999, by: -3.6 }
  expect(snapped(near)).toEqual({ ax: -1, bx: 812, ay: 1, by: -4 })
  const other = { ax: 1.1, bx: 0.3, ay: 1.1, by: 0 }
  expect(snapped(other)).toEqual(other)
})
