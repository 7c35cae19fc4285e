// What is to be painted: areas of the canvas, each with a level of an image, or with nothing while none is there.

import type { Frame, Point } from '#hanging/frame.ts'
import { oneToOne, placeAt, type Rect, screenScale, type Sight, toStored, zoomed } from '#hanging/sight.ts'
import { levelFor } from '#pixels/levels.ts'
import { type Area, type ScreenToStored, snapped } from '#pixels/raster.ts'
import type { Pane, Viewing } from './viewing.ts'

export interface Wanted {
  readonly pane: Pane
  /** Whether it is what the pane shows, not the magnifier over it. */
  readonly isPane: boolean
  readonly level: number
  readonly area: Area
  readonly toStored: ScreenToStored
}

/** Where the magnifier is held. */
export interface Lens {
  readonly imageId: string
  readonly at: Point
}

/** Pixels of the page. */
export const LENS_SIZE = 300
const LENS_FACTOR = 2

/** @param finest The finest level that can be painted, of an image. */
export function sceneOf(viewing: Viewing, lens: Lens | null, finest: (frame: Frame) => number): readonly Wanted[] {
  const panes = viewing.panes.map((pane) => wanted(viewing, pane, pane.rect, pane.sight, finest))
  const under = viewing.panes.find(({ frame }) => frame.imageId === lens?.imageId)
  if (lens === null || under === undefined) return panes
  const rect = lensRect(under.rect, lens.at)
  return [...panes, { ...wanted(viewing, { ...under, rect: centred(lens.at) }, rect, lensSight(viewing, under, lens.at), finest), isPane: false }]
}

function wanted(viewing: Viewing, pane: Pane, seen: Rect, sight: Sight, finest: (frame: Frame) => number): Wanted {
  const { devicePixels } = viewing.room
  const { frame, image } = pane
  const { ax, bx, ay, by } = toStored(frame, pane.rect, sight)
  const count = image.codestream.tile_part_ends.length
  return {
    pane,
    isPane: true,
    level: levelFor(screenScale(frame, sight, devicePixels), count, finest(frame)),
    area: areaOf(seen, devicePixels),
    toStored: snapped({ ax: ax / devicePixels, bx, ay: ay / devicePixels, by }),
  }
}

/** Twice as large as around it, and at least 1:1, with the place under the pointer in the middle. */
function lensSight(viewing: Viewing, pane: Pane, at: Point): Sight {
  const place = placeAt(pane.frame, pane.rect, pane.sight, at)
  const scale = Math.max(pane.sight.scale * LENS_FACTOR, oneToOne(pane.frame, viewing.room.devicePixels))
  return { ...zoomed(pane.sight, scale / pane.sight.scale, place), center: place }
}

function centred({ x, y }: Point): Rect {
  return { x: x - LENS_SIZE / 2, y: y - LENS_SIZE / 2, width: LENS_SIZE, height: LENS_SIZE }
}

/** The part of the magnifier that lies within its pane. */
export function lensRect(pane: Rect, at: Point): Rect {
  const whole = centred(at)
  const [x, y] = [Math.max(whole.x, pane.x), Math.max(whole.y, pane.y)]
  return {
    x,
    y,
    width: Math.min(whole.x + whole.width, pane.x + pane.width) - x,
    height: Math.min(whole.y + whole.height, pane.y + pane.height) - y,
  }
}

function areaOf({ x, y, width, height }: Rect, devicePixels: number): Area {
  const [left, right, top, bottom] = [x, x + width, y, y + height].map((edge) => Math.round(edge * devicePixels)) as [number, number, number, number]
  return { x: left, y: top, width: right - left, height: bottom - top }
}
