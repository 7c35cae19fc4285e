import { useMemo } from 'react'
import { arcAround, distanceFrom, nippleOf, type Part, type Scaled } from '#draw/arc.ts'
import { type Point, toPage, type Transform } from '#draw/transform.ts'
import { type Frame, storedOf } from '#hanging/frame.ts'
import { type Level, sourceOf } from '#state/images/image-store.ts'
import { imageStore } from '#state/images/room.ts'
import type { Nipples } from '#state/draft.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import type { Pane } from '../reading/viewport/viewing.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'

/** Air is what differs less than this share of the range from the darkest value. */
const AIR = 0.02

/** Image to its nipple, found once; null where it was not found. */
const nipples = new WeakMap<Frame, Scaled | null>()

export interface Arcs {
  /** Points of lines, for SVG. */
  readonly arcs: readonly string[]
  /** Where the nipple of this view is taken to be, in stored pixels; null where it is not shown. */
  readonly nipple: Point | null
}

const NO_ARCS: Arcs = { arcs: [], nipple: null }

/**
 * Where the active finding may be in another view of its breast: as far from the nipple. None in its
 * own view, which shows the nipple alone, nor where the pixels' size or the place of a nipple is not known. The nipple is
 * where its reader has put it, else where the outline lets guess.
 */
export function useArcs(desk: Desk, pane: Pane, viewport: Viewport, transform: Transform): Arcs {
  const { history, active } = useDeskSnapshot(desk)
  const { viewing } = viewport.snapshot()
  const mark = active.kind === 'mark' ? history.present.marks.find(({ id }) => id === active.id) : undefined
  const here = pane.frame
  const there = mark === undefined ? undefined : viewing.frames.get(mark.image_id)
  const isMeant = there !== undefined && there.side === here.side && viewing.isToScale
  const { nipples: put } = history.present
  const [from, to] = isMeant ? [nippleIn(viewport, there, put), nippleIn(viewport, here, put)] : [null, null]
  const isOther = there?.family !== here.family
  const box = mark?.box
  const arcs = useMemo(() => {
    if (from === null || to === null || box === undefined || !isOther) return []
    const middle = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 }
    return arcAround(to, distanceFrom(from, middle), breastIn(here))
  }, [from, to, box, here, isOther])
  if (to === null) return NO_ARCS
  const told = arcs.map((points) => points.map((point) => toPage(transform, point)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '))
  return { arcs: told, nipple: to.nipple }
}

/** Where the breast is: in the air beside it there is nothing to look for. */
function breastIn(frame: Frame): Part {
  const { reach, top, bottom } = frame.breast
  const [one, other] = [storedOf(frame, { u: 0, v: top }), storedOf(frame, { u: reach, v: bottom })]
  return { left: Math.min(one.x, other.x), right: Math.max(one.x, other.x), top: Math.min(one.y, other.y), bottom: Math.max(one.y, other.y) }
}

/** Made once for each place, so that what follows from it is kept. */
const placed = new WeakMap<Point, Scaled>()

function nippleIn(viewport: Viewport, frame: Frame, put: Nipples): Scaled | null {
  const point = put[frame.imageId]
  if (point === undefined) return guessedIn(viewport, frame)
  const made = placed.get(point) ?? { nipple: point, across: frame.across, down: frame.down }
  placed.set(point, made)
  return made
}

function guessedIn(viewport: Viewport, frame: Frame): Scaled | null {
  const found = nipples.get(frame)
  if (found !== undefined) return found
  const { exam, presentations } = viewport.snapshot().viewing
  const image = exam.images.find(({ image_id: id }) => id === frame.imageId)
  const level = image === undefined ? undefined : imageStore.atHand(sourceOf(exam.study_id, image), Number.POSITIVE_INFINITY)
  if (level === undefined) return null
  const share = nippleOf({ ...level, values: brightTissue(level, presentations.get(frame.imageId)?.isInverted ?? false), wall: frame.wall }, airOf(level))
  const made = share === null ? null : { nipple: { x: share.x * frame.columns, y: share.y * frame.rows }, across: frame.across, down: frame.down }
  nipples.set(frame, made)
  return made
}

/** Counted from the darkest value, tissue above air. */
function brightTissue({ values }: Level, isInverted: boolean): Uint16Array {
  const [low, high] = rangeOf(values)
  return values.map((value) => (isInverted ? high - value : value - low))
}

function airOf({ values }: Level): number {
  const [low, high] = rangeOf(values)
  return (high - low) * AIR
}

function rangeOf(values: Uint16Array): [number, number] {
  let [low, high] = [0xffff, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
