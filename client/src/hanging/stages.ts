// The stages of reading an exam, on one key: all views, pairs, each side, further views, each view piece by piece at 1:1,
// and at the end what was done.

import type { ExamImage, Side } from '#schema/viewing.ts'
import type { Frame } from './frame.ts'
import { oneToOne, type Rect, type Sight } from './sight.ts'
import { familyOf } from './turning.ts'

export type StageKind = 'overview' | 'pair' | 'side' | 'pieces' | 'further' | 'done'

export interface Stage {
  /** As the time spent is written down under. */
  readonly id: string
  readonly kind: StageKind
  /** What is shown, from left to right, then the next row. */
  readonly imageIds: readonly string[]
}

const SIDES: readonly Side[] = ['R', 'L']
const MOST_FURTHER = 4
/** Pieces overlap by this share, so that nothing is cut in two. */
const OVERLAP = 0.06

/** R CC, L CC, R MLO, L MLO: in two rows and in one, the breasts stand back to back. */
const FOUR: readonly (readonly [Side, string])[] = [
  ['R', 'CC'],
  ['L', 'CC'],
  ['R', 'MLO'],
  ['L', 'MLO'],
]

/** The stages of an exam; those whose views there are none of are left out. */
export function stagesOf(images: readonly ExamImage[]): readonly Stage[] {
  const four = FOUR.flatMap(([side, view]) => images.filter((one) => one.is_standard && one.laterality === side && one.view_position === view).slice(0, 1))
  const further = byPlace(images.filter((one) => !four.includes(one)))
  const pairs = (['cc', 'mlo'] as const).map((family) => stage(`pair_${family}`, 'pair', four.filter((one) => familyOf(one.view_position) === family)))
  const sides = SIDES.map((side) => stage(`side_${side.toLowerCase()}`, 'side', four.filter((one) => one.laterality === side)))
  const pieces = [...four, ...further].map((one, n) => stage(n < four.length ? `full_${one.laterality}_${one.view_position}`.toLowerCase() : `full_further_${n - four.length + 1}`, 'pieces', [one]))
  const rest = chunks(further, MOST_FURTHER).map((some, n) => stage(`further_${n + 1}`, 'further', some))
  const overview = stage('overview', 'overview', four.length > 0 ? four : further.slice(0, MOST_FURTHER))
  const seen = [overview, ...pairs.filter(({ imageIds }) => imageIds.length > 1), ...sides.filter(({ imageIds }) => imageIds.length > 1)]
  const shown = [...seen, ...(four.length > 0 ? rest : rest.slice(1)), ...pieces].filter(({ imageIds }) => imageIds.length > 0)
  return shown.length === 0 ? [] : [...shown, stage('done', 'done', [])]
}

function stage(id: string, kind: StageKind, images: readonly ExamImage[]): Stage {
  return { id, kind, imageIds: images.map((one) => one.image_id) }
}

/** Views from above before those from the side, the right before the left breast. */
function byPlace(images: readonly ExamImage[]): readonly ExamImage[] {
  return images.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function placeOf(one: ExamImage): number {
  return (familyOf(one.view_position) === 'cc' ? 0 : 2) + SIDES.indexOf(one.laterality)
}

function chunks<One>(all: readonly One[], length: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, n) => all.slice(n * length, (n + 1) * length))
}

/**
 * The sights at 1:1 that together show the whole breast, from the chest wall outwards and back, row by row downwards.
 */
export function piecesOf(frame: Frame, rect: Rect, devicePixels: number): readonly Sight[] {
  const scale = oneToOne(frame, devicePixels)
  const { reach, top, bottom } = frame.breast
  const across = spread(reach, rect.width / scale)
  const down = spread(bottom - top, rect.height / scale).map((v) => v + top)
  // A view smaller than the pane still begins at the chest wall.
  const fromWall = across.length === 1 ? [rect.width / scale / 2] : across
  return down.flatMap((v, row) => (row % 2 === 0 ? fromWall : fromWall.toReversed()).map((u) => ({ scale, center: { u, v } })))
}

/** Middles of windows of `size` that together cover `length`. */
function spread(length: number, size: number): readonly number[] {
  if (size >= length) return [length / 2]
  const count = Math.ceil((length - size) / (size * (1 - OVERLAP))) + 1
  return Array.from({ length: count }, (_, n) => size / 2 + (n * (length - size)) / (count - 1))
}
