// Bytes of a code stream, put together from the pieces in which they came.

export interface Cut {
  readonly from: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Bytes `from` up to `end` of a stream; null where the pieces do not hold all of them. */
export function cutOf(pieces: readonly Cut[], from: number, end: number): Uint8Array<ArrayBuffer> | null {
  const cut = new Uint8Array(end - from)
  let at = from
  for (const { from: first, bytes } of pieces.toSorted((a, b) => a.from - b.from)) {
    const last = Math.min(end, first + bytes.length)
    if (first > at || last <= at) continue
    cut.set(bytes.subarray(at - first, last - first), at - from)
    at = last
  }
  return at >= end ? cut : null
}
