// Decodes one HTJ2K code stream after another, at the resolution level that is asked for.

import factory from '@cornerstonejs/codec-openjph/wasmjs'
import { fromSmallest, stateSigned, statedBits } from '#pixels/code-stream.ts'
import { sizeAt } from '#pixels/levels.ts'
import type { Answered, Asked, Job } from './decoders.ts'

let give: (module: WebAssembly.Module) => void
/** The decoder: compiled once for all workers, and given to each before its first job. */
const openjph = new Promise<WebAssembly.Module>((resolve) => (give = resolve)).then((module) =>
  factory({
    instantiateWasm: (imports, onInstance) => {
      void WebAssembly.instantiate(module, imports).then((instance) => onInstance(instance, module))
      return {}
    },
  }),
)

globalThis.addEventListener('message', async ({ data }: MessageEvent<WebAssembly.Module | Asked>) => {
  if (data instanceof WebAssembly.Module) return give(data)
  try {
    const values = await decoded(data)
    answer({ id: data.id, values }, [values.buffer])
  } catch {
    // What the decoder says may be a number that means nothing here.
    answer({ id: data.id, fault: 'the code stream cannot be decoded' }, [])
  }
})

async function decoded({ bytes, level, rows, columns }: Job): Promise<Uint16Array<ArrayBuffer>> {
  const { HTJ2KDecoder } = await openjph
  const decoder = new HTJ2KDecoder()
  try {
    const encoded = decoder.getEncodedBuffer(bytes.length)
    encoded.set(bytes)
    const bits = statedBits(encoded)
    stateSigned(encoded)
    decoder.decodeSubResolution(level)
    const { buffer, byteOffset, byteLength } = decoder.getDecodedBuffer()
    const count = sizeAt(rows, level) * sizeAt(columns, level)
    if (byteLength < 2 * count) throw new Error('fewer samples than the image has')
    return fromSmallest(new Int16Array(buffer, byteOffset, count), bits)
  } finally {
    decoder.delete()
  }
}

function answer(answered: Answered, transfer: ArrayBuffer[]): void {
  globalThis.postMessage(answered, { transfer })
}
