// What a screen can show, and what of it a reader should know.

export interface Screen {
  /** Of the whole screen, in pixels of the device. */
  readonly width: number
  readonly height: number
  /** Bits for a color: 24 is 8 for each of red, green and blue. */
  readonly colorDepth: number
  /** Pixels of the device for one of the page. */
  readonly devicePixels: number
}

export type Warning = 'small' | 'shallow' | 'blurred' | 'slow'

/** Reading mammograms is done on 5 megapixels; on fewer than 2 little of a view fits at 1:1. */
const LEAST_PIXELS = 1.9e6
const GREYSCALE_BITS = 30

export function warningsOf(screen: Screen, isAccelerated: boolean): readonly Warning[] {
  return [
    ...(screen.width * screen.height < LEAST_PIXELS ? (['small'] as const) : []),
    ...(screen.colorDepth < GREYSCALE_BITS ? (['shallow'] as const) : []),
    ...(Number.isInteger(screen.devicePixels) ? [] : (['blurred'] as const)),
    ...(isAccelerated ? [] : (['slow'] as const)),
  ]
}

/** Pixels of the page for a millimetre on the screen, from the diagonal that is printed on its box. */
export function trueScale({ width, height, devicePixels }: Screen, diagonalInches: number): number {
  return Math.hypot(width, height) / (diagonalInches * 25.4) / devicePixels
}
