// The one store of images of this page.

import wasm from '@cornerstonejs/codec-openjph/wasm?url'
import { getBytes } from '#api/viewing.ts'
import { offline } from '../offline/here.ts'
import { type Answered, Decoders, type Hand, type MakeHand } from './decoders.ts'
import { ImageStore } from './image-store.ts'

const MOST_DECODERS = 4

const decoders = new Decoders(newWorker, Math.max(1, Math.min(MOST_DECODERS, globalThis.navigator?.hardwareConcurrency ?? 1)))

export const imageStore = new ImageStore(offline.pictures(getBytes), (job, isUrgent) => decoders.decode(job, isUrgent))

function newWorker(...[onAnswer, onBreak]: Parameters<MakeHand>): Hand {
  const worker = new Worker(new URL('./decoding.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => onAnswer(data))
  worker.addEventListener('error', onBreak)
  decoder().then((module) => worker.postMessage(module, []), onBreak)
  return { ask: (asked) => worker.postMessage(asked, []), end: () => worker.terminate() }
}

let compiling: Promise<WebAssembly.Module> | null = null

/** The decoder, loaded and compiled once; once more where that failed. */
function decoder(): Promise<WebAssembly.Module> {
  compiling ??= WebAssembly.compileStreaming(fetch(wasm, { credentials: 'same-origin' })).catch((error: unknown) => {
    compiling = null
    throw error
  })
  return compiling
}

/** Have all at hand that decodes, before there is an image. */
export function beginDecoding(): void {
  decoders.begin()
}
