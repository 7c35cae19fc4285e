// From stored values to grey values: modality, VOI and presentation transformations (PS3.3 C.11.1, C.11.2, C.11.6).
// The same as the server's grey_table, to the last value; tests/pixels/grey_vectors.json holds both to it.

import type { WindowSaid } from '#schema/viewing.ts'
import { type Presentation, storedRange, type VoiLut } from './presentation.ts'
import type { Peaks } from './raster.ts'

const WHITE = 255

/** What a reader has chosen: one of `choicesOf`, moved by `shift` of its width and made `stretch` times as wide. */
export interface Look {
  readonly choice: number
  readonly shift: number
  readonly stretch: number
  readonly isInverted: boolean
}

export const FIRST_LOOK: Look = { choice: 0, shift: 0, stretch: 1, isInverted: false }

/** A window or table that an image offers; `name` is the header's explanation, empty where there is none. */
export interface Choice {
  readonly kind: 'window' | 'table' | 'range'
  readonly name: string
  readonly center: number
  readonly width: number
}

/** Of 255 greys between black and white of a window as the header has it: more than noise makes up in it. */
const LEAST_PEAK = 32

/** What is kept beside the mean where many pixels of the image lie in one of the screen: noise grows with the contrast. */
export function peaksOf({ stretch, isInverted }: Look): Peaks {
  return { least: LEAST_PEAK / stretch, isDark: isInverted }
}

type Shares = (output: number) => number

/** What an image offers: its windows, then its tables; the range of its values when it offers neither. */
export function choicesOf(presentation: Presentation, range = storedRange(presentation)): readonly Choice[] {
  const windows = presentation.windows.map(({ center, width, explanation }): Choice => ({ kind: 'window', name: explanation, center, width }))
  const tables = presentation.voiLuts.map((lut): Choice => ({ kind: 'table', name: lut.explanation, ...spanOf(lut) }))
  if (windows.length + tables.length > 0) return [...windows, ...tables]
  const [low, high] = outputEnds(presentation, range)
  return [{ kind: 'range', name: '', center: (low + high) / 2, width: high - low }]
}

/** The choice of a look; an image that offers fewer shows its first. */
export function chosen(presentation: Presentation, look: Look, range?: readonly [number, number]): Choice & { at: number } {
  const choices = choicesOf(presentation, range)
  const at = look.choice < choices.length ? look.choice : 0
  const { center, width, ...choice } = choices[at] as Choice
  const stretched = { center: center + look.shift * width, width: Math.max(width * look.stretch, leastWidth(presentation)) }
  return { ...choice, ...(look.shift === 0 && look.stretch === 1 ? { center, width } : stretched), at }
}

/**
 * The grey value, 0 black to 255 white, of every value that Bits Stored allows, from the smallest on. Padding is black,
 * also inverted.
 *
 * @param range Stored values shown from black to white when the header offers neither window nor table.
 */
export function greyTable(presentation: Presentation, look: Look, range = storedRange(presentation)): Uint8Array<ArrayBuffer> {
  const [low, high] = storedRange(presentation)
  const share = sharesOf(presentation, look, range)
  const isInverted = presentation.isInverted !== look.isInverted
  const table = new Uint8Array(high - low + 1)
  for (let n = 0; n < table.length; n += 1) {
    const white = share((low + n) * presentation.rescaleSlope + presentation.rescaleIntercept)
    table[n] = rounded((isInverted ? 1 - white : white) * WHITE)
  }
  if (presentation.padding !== null) {
    const [first, last] = presentation.padding
    table.fill(0, Math.max(0, first - low), Math.max(0, last - low + 1))
  }
  return table
}

function sharesOf(presentation: Presentation, look: Look, range: readonly [number, number]): Shares {
  const { kind, at, center, width } = chosen(presentation, look, range)
  if (kind === 'window') return windowed({ center, width, explanation: '' }, presentation.voiLutFunction)
  if (kind === 'range') return ramp(center - width / 2, width)
  const lut = presentation.voiLuts[at - presentation.windows.length] as VoiLut
  const original = spanOf(lut)
  return lookedUp(lut, (output) => (look.shift === 0 && look.stretch === 1 ? output : original.center + ((output - center) * original.width) / width))
}

/** The share of white, 0 to 1 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.1, C.11.2.1.3.2). */
function windowed({ center, width }: WindowSaid, name: Presentation['voiLutFunction']): Shares {
  if (name === 'SIGMOID') return (output) => 1 / (1 + Math.exp(clamped((-4 * (output - center)) / width, -700, 700)))
  if (name === 'LINEAR_EXACT') return (output) => clamped((output - center) / width + 0.5, 0, 1)
  if (width <= 1) return (output) => (output > center - 0.5 ? 1 : 0)
  return (output) => clamped((output - (center - 0.5)) / (width - 1) + 0.5, 0, 1)
}

function ramp(first: number, width: number): Shares {
  return (output) => clamped((output - first) / Math.max(width, 1e-9), 0, 1)
}

function lookedUp({ first, bits, data }: VoiLut, input: (output: number) => number): Shares {
  const white = 2 ** bits - 1
  return (output) => (data[clamped(rounded(input(output)) - first, 0, data.length - 1)] as number) / white
}

function spanOf({ first, data }: VoiLut): { center: number; width: number } {
  return { center: first + (data.length - 1) / 2, width: data.length }
}

function outputEnds({ rescaleSlope, rescaleIntercept }: Presentation, range: readonly [number, number]): readonly [number, number] {
  const [a, b] = range.map((end) => end * rescaleSlope + rescaleIntercept) as [number, number]
  return a < b ? [a, b] : [b, a]
}

/** LINEAR wants a width of at least 1, the other functions one above 0. */
function leastWidth({ windows, voiLutFunction }: Presentation): number {
  return windows.length > 0 && voiLutFunction !== 'LINEAR' ? 1e-6 : 1
}

function clamped(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}

/** The nearest whole number; halves go to the even one, as NumPy rounds. */
function rounded(value: number): number {
  const near = Math.round(value)
  return near - value === 0.5 && near % 2 !== 0 ? near - 1 : near
}
