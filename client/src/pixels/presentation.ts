// How an image wants to be shown, in the form that grey values are made from.

import type { PresentationSaid, VoiLutSaid, WindowSaid } from '#schema/viewing.ts'

/** A VOI look-up table: `data[0]` belongs to the input `first`; white is `2 ** bits - 1` (PS3.3 C.11.2.1.1). */
export interface VoiLut {
  readonly first: number
  readonly bits: number
  readonly explanation: string
  readonly data: Uint16Array
}

export interface Presentation {
  readonly bitsStored: number
  readonly isSigned: boolean
  /** Small stored values are bright: MONOCHROME1, whose Presentation LUT Shape is INVERSE. */
  readonly isInverted: boolean
  readonly rescaleSlope: number
  readonly rescaleIntercept: number
  readonly windows: readonly WindowSaid[]
  readonly voiLutFunction: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'
  readonly voiLuts: readonly VoiLut[]
  /** First and last stored value that are background; null when the header names none. */
  readonly padding: readonly [number, number] | null
}

export function presentationOf(said: PresentationSaid): Presentation {
  return {
    bitsStored: said.bits_stored,
    isSigned: said.is_signed,
    isInverted: said.is_inverted,
    rescaleSlope: said.rescale_slope,
    rescaleIntercept: said.rescale_intercept,
    windows: said.windows,
    voiLutFunction: said.voi_lut_function,
    voiLuts: said.voi_luts.map(lutOf),
    padding: said.padding,
  }
}

function lutOf({ first, bits, explanation, data }: VoiLutSaid): VoiLut {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))
  const entries = Uint16Array.from({ length: bytes.length >> 1 }, (_, n) => (bytes[2 * n] ?? 0) | ((bytes[2 * n + 1] ?? 0) << 8))
  return { first, bits, explanation, data: entries }
}

/** Smallest and greatest value that Bits Stored allows. */
export function storedRange({ bitsStored, isSigned }: Pick<Presentation, 'bitsStored' | 'isSigned'>): readonly [number, number] {
  const half = 2 ** (bitsStored - 1)
  return isSigned ? [-half, half - 1] : [0, 2 * half - 1]
}
