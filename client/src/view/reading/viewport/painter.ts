// What paints: the graphics card, or where there is none the processor. Both make the same greys.

import type { Area, Drawn } from '#pixels/raster.ts'

export interface Painted extends Drawn {
  readonly imageId: string
  /** Of the canvas, in its own pixels. */
  readonly area: Area
}

/** What paints: the card where there is one, or one of them for certain. */
export type Painting = 'auto' | 'card' | 'processor'

export interface Painter {
  readonly isAccelerated: boolean
  /** Most rows or columns that a level may have. */
  readonly largest: number
  /** Paint areas, the later ones over the earlier, and black where none is. */
  paint(width: number, height: number, items: readonly Painted[]): void
  /** Let go of what is kept of images but these. */
  keepOnly(imageIds: ReadonlySet<string>): void
  dispose(): void
}
