// How many pictures stand on a screen, and how large.

import type { Look, PictureHeight, ReviewImage } from '#schema/review.ts'

/** One picture at a time for what a person should look at closely; all else in grids. */
const CLOSE_LOOK = new Set(['kept_region', 'masked_region', 'text_found', 'breast_lost', 'orientation'])

export function needsCloseLook(image: ReviewImage): boolean {
  return image.flag !== null || image.place === 'disagreement' || image.suspicions.some(({ code }) => CLOSE_LOOK.has(code))
}

export interface Screen {
  /** Place of its first image in the list. */
  readonly start: number
  readonly images: readonly ReviewImage[]
}

/** Share of a screen that is filled at least when it ends with an exam. */
const FULL_ENOUGH = 0.75

/** Images in their order, those that need a close look each alone, the others together, whole exams where that fits. */
export function screensOf(images: readonly ReviewImage[], most: number): Screen[] {
  const screens: Screen[] = []
  let start = 0
  while (start < images.length) {
    const length = lengthAt(images, start, most)
    screens.push({ start, images: images.slice(start, start + length) })
    start += length
  }
  return screens
}

function lengthAt(images: readonly ReviewImage[], start: number, most: number): number {
  const first = images[start]
  if (first === undefined || needsCloseLook(first)) return 1
  const behind = images.slice(start, start + most + 1)
  const close = behind.findIndex(needsCloseLook)
  const length = Math.min(close === -1 ? behind.length : close, most)
  const last = behind[length - 1]
  if (length < most || last === undefined || behind[length]?.study_id !== last.study_id) return length
  const whole = behind.findIndex((one) => one.study_id === last.study_id)
  return whole >= most * FULL_ENOUGH ? whole : length
}

export interface Area {
  readonly width: number
  readonly height: number
}

export interface Grid {
  readonly columns: number
  readonly rows: number
  /** Of one picture, in pixels of the page. */
  readonly height: number
}

/** The grid in which `count` pictures of a shape (width by height) are largest; `caption` is the room below each. */
export function gridFor(count: number, area: Area, shape: number, caption: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), height: 0 }
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const height = Math.floor(Math.min(area.height / rows - caption, area.width / columns / shape))
    if (height > best.height) best = { columns, rows, height }
  }
  return best
}

const HEIGHTS: readonly PictureHeight[] = ['216', '432', '864', '1728']
/** A picture may be shown so much larger than it is. */
const STRETCH = 1.15

/** The smallest picture that is good enough for a height on the screen, in device pixels. */
export function pictureFor(height: number): PictureHeight {
  return HEIGHTS.find((one) => Number(one) * STRETCH >= height) ?? 'full'
}

export function pictureUrl(image: ReviewImage, height: PictureHeight, look: Look): string {
  return `${image.preview_url}&height=${height}&look=${look}`
}

/** Looks of a picture, side by side: as it is, revealed, or both. */
export type Looks = 'both' | Look

export const LOOKS: readonly Looks[] = ['both', 'window', 'reveal']

export function looksOf(looks: Looks): readonly Look[] {
  return looks === 'both' ? ['window', 'reveal'] : [looks]
}

/** How many pictures may stand on a screen. */
export const SIZES: readonly number[] = [1, 2, 4, 8, 12, 20]

/** One of so many parts of the exams, from 1. */
export interface Part {
  readonly which: number
  readonly of: number
}

export const ALL: Part = { which: 1, of: 1 }
const MOST_PARTS = 4

/** All exams, or one of two, three or four parts of them: two people who look at once must not look at the same. */
export const PARTS: readonly Part[] = Array.from({ length: MOST_PARTS }, (_, n) => n + 1).flatMap((of) =>
  Array.from({ length: of }, (_, n) => ({ which: n + 1, of })),
)

export function isInPart(image: Pick<ReviewImage, 'number'>, { which, of }: Part): boolean {
  return image.number % of === which - 1
}
