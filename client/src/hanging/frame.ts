// The frame of a hung image: u from the chest wall into the air, v downwards, in millimetres of the breast. Right and
// left breast have the same u and v where they mirror each other, so what is linked shares numbers.

import type { ExamImage, Side } from '#schema/viewing.ts'
import { type Family, familyOf, hungWall, spacingOf, turnOf, type Wall } from './turning.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A place in a hung image. v is 0 at the top of a view from the side, and half-way down in a view from above. */
export interface Place {
  readonly u: number
  readonly v: number
}

export interface Frame {
  readonly imageId: string
  readonly side: Side
  readonly family: Family
  /** Pixels. */
  readonly rows: number
  readonly columns: number
  /** Of a pixel; 1 where the spacing of one of the images hung together is not known. */
  readonly down: number
  readonly across: number
  /** On which side of the stored image the chest wall is. */
  readonly wall: Wall
  readonly isUpsideDown: boolean
  /** The part that holds breast, in the hung image's own coordinates; from the chest wall on. */
  readonly breast: { readonly reach: number; readonly top: number; readonly bottom: number }
}

/** Air that is shown around the breast. */
const AIR = 0.05

/** The frames of images that hang together: to one scale when the spacing of all is known, else pixel by pixel. */
export function framesOf(images: readonly ExamImage[]): { frames: readonly Frame[]; isToScale: boolean } {
  const isToScale = images.every((image) => spacingOf(image.attributes) !== null)
  return { frames: images.map((image) => frameOf(image, isToScale)), isToScale }
}

function frameOf(image: ExamImage, isToScale: boolean): Frame {
  const { laterality: side, view_position: view, rows, columns, attributes } = image
  const [down, across] = (isToScale ? spacingOf(attributes) : null) ?? [1, 1]
  const { isFlipped, isUpsideDown } = turnOf(side, view, attributes)
  const hung = hungWall(side)
  const wall = isFlipped ? (hung === 'left' ? 'right' : 'left') : hung
  const bare = { imageId: image.image_id, side, family: familyOf(view), rows, columns, down, across, wall, isUpsideDown }
  return { ...bare, breast: breastOf(bare, image.extent) }
}

type Bare = Omit<Frame, 'breast'>

function breastOf(bare: Bare, [left, top, right, bottom]: ExamImage['extent']): Frame['breast'] {
  const corners = [
    { x: left, y: top },
    { x: right, y: bottom },
  ].map(({ x, y }) => hungOf(bare, { x: x * bare.columns, y: y * bare.rows }))
  const [us, vs] = [corners.map(({ u }) => u), corners.map(({ v }) => v)]
  const [first, last] = [topOf(bare), topOf(bare) + heightOf(bare)]
  const air = AIR * heightOf(bare)
  return {
    reach: Math.min(widthOf(bare), Math.max(...us) + AIR * widthOf(bare)),
    top: Math.max(first, Math.min(...vs) - air),
    bottom: Math.min(last, Math.max(...vs) + air),
  }
}

export function widthOf(frame: Bare): number {
  return frame.columns * frame.across
}

export function heightOf(frame: Bare): number {
  return frame.rows * frame.down
}

/** v of the top edge. */
export function topOf(frame: Bare): number {
  return frame.family === 'cc' ? -heightOf(frame) / 2 : 0
}

/** Where a point of the stored image hangs; the first pixel covers 0 to 1. */
export function hungOf(frame: Bare, { x, y }: Point): Place {
  const u = (frame.wall === 'left' ? x : frame.columns - x) * frame.across
  const v = (frame.isUpsideDown ? frame.rows - y : y) * frame.down
  return { u, v: v + topOf(frame) }
}

/** The other way round. */
export function storedOf(frame: Frame, { u, v }: Place): Point {
  const x = u / frame.across
  const y = (v - topOf(frame)) / frame.down
  return { x: frame.wall === 'left' ? x : frame.columns - x, y: frame.isUpsideDown ? frame.rows - y : y }
}
