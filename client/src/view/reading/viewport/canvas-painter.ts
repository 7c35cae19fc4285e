import { type Area, raster, type ScreenToStored } from '#pixels/raster.ts'
import type { Painted, Painter } from './painter.ts'

const MOST_PICTURES = 8

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
  /** What is on the canvas: when one of four images arrives, the others are not painted again. */
  #there: readonly Painted[] = []
  /** To paint into, by size: making one takes as long as painting a quarter of it. */
  readonly #pictures = new Map<string, ImageData>()

  constructor(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D) {
    this.#canvas = canvas
    this.#context = context
  }

  paint(width: number, height: number, items: readonly Painted[]): void {
    const isSame = this.#canvas.width === width && this.#canvas.height === height
    // Setting the size empties the canvas, also when it is the same.
    if (!isSame) {
      Object.assign(this.#canvas, { width, height })
      this.#pictures.clear()
    }
    const isPlain = !hasOverlap(items)
    const stays = isSame && isPlain && this.#there.every((one) => items.some(({ area }) => sameNumbers(area, one.area))) ? this.#there : []
    if (stays.length === 0) this.#context.fillRect(0, 0, width, height)
    for (const item of items) if (!stays.some((one) => looksAlike(one, item))) this.#draw(item)
    this.#there = isPlain ? items : []
  }

  #draw(item: Painted): void {
    const { area } = item
    if (area.width < 1 || area.height < 1) return
    const picture = this.#picture(area)
    raster(item, area, new Uint32Array(picture.data.buffer))
    this.#context.putImageData(picture, area.x, area.y)
  }

  #picture({ width, height }: Area): ImageData {
    const key = `${width} ${height}`
    const picture = this.#pictures.get(key) ?? new ImageData(width, height)
    if (this.#pictures.size >= MOST_PICTURES) this.#pictures.clear()
    this.#pictures.set(key, picture)
    return picture
  }

  keepOnly(): void {
    // Nothing is kept but what is shown.
  }

  dispose(): void {
    this.#there = []
    this.#pictures.clear()
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }
}

function looksAlike(one: Painted, other: Painted): boolean {
  return one.values === other.values && one.table === other.table && sameNumbers(one.area, other.area) && sameNumbers(one.toStored, other.toStored)
}

function sameNumbers<Numbers extends Area | ScreenToStored>(one: Numbers, other: Numbers): boolean {
  const [these, those] = [Object.values(one), Object.values(other)]
  return these.every((value, n) => value === those[n])
}

/** Whether something lies over something else: the magnifier. */
function hasOverlap(items: readonly Painted[]): boolean {
  return items.some(({ area: a }, n) =>
    items.slice(n + 1).some(({ area: b }) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  )
}
