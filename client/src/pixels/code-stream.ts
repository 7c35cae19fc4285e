// What has to be done around the decoder of HTJ2K code streams, as the server's decode_level does it.

/** Offset of Ssiz of the first component in a code stream that begins SOC, SIZ (ISO/IEC 15444-1 A.5.1). */
const PRECISION = 42
const SIGNED_16 = 0x8f

export function statedBits(stream: Uint8Array): number {
  return ((stream[PRECISION] ?? 0) & 0x7f) + 1
}

/** State that samples are signed: the decoder would wrap the wavelet's ripple around where it falls below zero. */
export function stateSigned(stream: Uint8Array): void {
  stream[PRECISION] = SIGNED_16
}

/** Samples that were decoded as signed, counted from the smallest value that the stated precision allows, and clipped to it. */
export function fromSmallest(samples: Int16Array, bits: number): Uint16Array<ArrayBuffer> {
  const half = 2 ** (bits - 1)
  const found = new Uint16Array(samples.length)
  for (let n = 0; n < samples.length; n += 1) {
    const value = samples[n] as number
    found[n] = (value < -half ? -half : value >= half ? half - 1 : value) + half
  }
  return found
}

/** The smallest and greatest of values that are not background; null when all are. */
export function rangeOf(values: Uint16Array, padding: readonly [number, number] | null): readonly [number, number] | null {
  const [first, last] = padding ?? [1, 0]
  let low = 65536
  let high = -1
  for (const value of values) {
    if (value >= first && value <= last) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return high < 0 ? null : [low, high]
}
