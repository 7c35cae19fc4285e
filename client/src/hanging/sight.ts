// What of a hung image is seen in a pane: the place in the middle of the pane, and the scale.

import { type Frame, heightOf, hungOf, type Place, type Point, storedOf, topOf, widthOf } from './frame.ts'

/** Pixels of the page (CSS). */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Sight {
  /** Pixels of the page for a millimetre. */
  readonly scale: number
  /** In the middle of the pane. */
  readonly center: Place
}

/** x = ax · X + bx, y = ay · Y + by from the page (X, Y) to the stored image (x, y): hung images are never rotated. */
export interface ToStored {
  readonly ax: number
  readonly bx: number
  readonly ay: number
  readonly by: number
}

/** How much of an image stays in its pane, in pixels of the page, when it is moved as far as it goes. */
const KEPT = 60
/** Between a picture as small as a stamp and single pixels as large as coins. */
const SCALES = { least: 0.2, most: 400 }

export function onPage(frame: Frame, rect: Rect, sight: Sight, { u, v }: Place): Point {
  const outwards = (u - sight.center.u) * sight.scale
  return {
    x: rect.x + rect.width / 2 + (frame.side === 'R' ? -outwards : outwards),
    y: rect.y + rect.height / 2 + (v - sight.center.v) * sight.scale,
  }
}

export function placeAt(frame: Frame, rect: Rect, sight: Sight, { x, y }: Point): Place {
  const rightwards = (x - rect.x - rect.width / 2) / sight.scale
  return {
    u: sight.center.u + (frame.side === 'R' ? -rightwards : rightwards),
    v: sight.center.v + (y - rect.y - rect.height / 2) / sight.scale,
  }
}

export function storedToPage(frame: Frame, rect: Rect, sight: Sight, point: Point): Point {
  return onPage(frame, rect, sight, hungOf(frame, point))
}

export function pageToStored(frame: Frame, rect: Rect, sight: Sight, point: Point): Point {
  return storedOf(frame, placeAt(frame, rect, sight, point))
}

export function toStored(frame: Frame, rect: Rect, sight: Sight): ToStored {
  const origin = pageToStored(frame, rect, sight, { x: 0, y: 0 })
  const one = pageToStored(frame, rect, sight, { x: 1, y: 1 })
  return { ax: one.x - origin.x, bx: origin.x, ay: one.y - origin.y, by: origin.y }
}

/** The largest scale at which the breast of every frame is whole in its pane. */
export function fittingScale(frames: readonly Frame[], rects: readonly Rect[]): number {
  const scales = frames.map((frame, n) => {
    const { width, height } = rects[n] ?? { width: 1, height: 1 }
    return Math.min(width / frame.breast.reach, height / neededHeight(frame))
  })
  return Math.min(...scales, SCALES.most)
}

/** Views from above keep their middle in the middle of the pane, those from the side their top at its top. */
function neededHeight({ family, breast: { top, bottom } }: Frame): number {
  return family === 'cc' ? 2 * Math.max(-top, bottom, 1) : Math.max(bottom, 1)
}

/** Justified to the chest wall; a view from the side to the top, one from above half-way. */
export function home(frame: Frame, rect: Rect, scale: number): Sight {
  const v = frame.family === 'cc' ? 0 : rect.height / (2 * scale)
  return { scale, center: { u: rect.width / (2 * scale), v } }
}

/** The scale changed so that the place stays where it is on the page. */
export function zoomed(sight: Sight, factor: number, at: Place): Sight {
  const scale = Math.min(Math.max(sight.scale * factor, SCALES.least), SCALES.most)
  const share = sight.scale / scale
  const { u, v } = sight.center
  return { scale, center: { u: at.u - (at.u - u) * share, v: at.v - (at.v - v) * share } }
}

export function moved(sight: Sight, du: number, dv: number): Sight {
  return { ...sight, center: { u: sight.center.u + du, v: sight.center.v + dv } }
}

/** Moved back as far as is needed for the image not to leave the pane. */
export function keptInside(frame: Frame, rect: Rect, sight: Sight): Sight {
  const [du, dv] = [rect.width, rect.height].map((length) => (length / 2 - KEPT) / sight.scale) as [number, number]
  const top = topOf(frame)
  return {
    ...sight,
    center: {
      u: between(sight.center.u, -du, widthOf(frame) + du),
      v: between(sight.center.v, top - dv, top + heightOf(frame) + dv),
    },
  }
}

function between(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

/** Pixels of the screen for a pixel of the image, in the coarser direction. */
export function screenScale(frame: Frame, sight: Sight, devicePixels: number): number {
  return sight.scale * Math.max(frame.across, frame.down) * devicePixels
}

/** The scale at which a pixel of the image is one of the screen. */
export function oneToOne(frame: Frame, devicePixels: number): number {
  return 1 / (Math.max(frame.across, frame.down) * devicePixels)
}

/** The part of the hung image that a pane shows, as the places of its corner near the chest wall's top and of the far one. */
export function seenThrough(rect: Rect, sight: Sight): { near: Place; far: Place } {
  const [du, dv] = [rect.width / (2 * sight.scale), rect.height / (2 * sight.scale)]
  const { u, v } = sight.center
  return { near: { u: u - du, v: v - dv }, far: { u: u + du, v: v + dv } }
}
