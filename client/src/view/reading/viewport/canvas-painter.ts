import { raster } from '#pixels/raster.ts'
import type { Painted, Painter } from './painter.ts'

/** Paints without a graphics card; null where the browser has no canvas at all. */
export function canvasPainter(canvas: HTMLCanvasElement): Painter | null {
  const context = canvas.getContext('2d', { alpha: false })
  return context === null ? null : new CanvasPainter(canvas, context)
}

class CanvasPainter implements Painter {
  readonly isAccelerated = false
  readonly largest = 65536
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D

  constructor(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D) {
    this.#canvas = canvas
    this.#context = context
  }

  paint(width: number, height: number, items: readonly Painted[]): void {
    // Setting the size empties the canvas, also when it is the same.
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height })
    this.#context.fillRect(0, 0, width, height)
    for (const item of items) {
      const { area } = item
      if (area.width < 1 || area.height < 1) continue
      const picture = new ImageData(area.width, area.height)
      raster(item, area, new Uint32Array(picture.data.buffer))
      this.#context.putImageData(picture, area.x, area.y)
    }
  }

  keepOnly(): void {
    // Nothing is kept.
  }

  dispose(): void {
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }
}
