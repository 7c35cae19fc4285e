import { useMemo } from 'react'
import { arcAround, distanceFrom, nippleOf, type Scaled } from '#draw/arc.ts'
import { toPage, type Transform } from '#draw/transform.ts'
import type { Frame } from '#hanging/frame.ts'
import { type Level, sourceOf } from '#state/images/image-store.ts'
import { imageStore } from '#state/images/room.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import type { Pane } from '../reading/viewport/viewing.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'

/** Air is what differs less than this share of the range from the darkest value. */
const AIR = 0.02

/** Image to its nipple, found once; null where it was not found. */
const nipples = new WeakMap<Frame, Scaled | null>()

/**
 * Where the active finding may be in another view of its breast: as far from the nipple. Points of lines, for SVG; none
 * in its own view, nor where the pixels' size or the place of a nipple is not known.
 */
export function useArcs(desk: Desk, pane: Pane, viewport: Viewport, transform: Transform): readonly string[] {
  const { history, active } = useDeskSnapshot(desk)
  const { viewing } = viewport.snapshot()
  const mark = active.kind === 'mark' ? history.present.marks.find(({ id }) => id === active.id) : undefined
  const here = pane.frame
  const there = mark === undefined ? undefined : viewing.frames.get(mark.image_id)
  const isOther = there !== undefined && there.side === here.side && there.family !== here.family && viewing.isToScale
  const [from, to] = isOther ? [nippleIn(viewport, there), nippleIn(viewport, here)] : [null, null]
  const box = mark?.box
  const arcs = useMemo(() => {
    if (from === null || to === null || box === undefined) return []
    const middle = { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 }
    return arcAround(to, distanceFrom(from, middle), here.columns, here.rows)
  }, [from, to, box, here])
  return arcs.map((points) => points.map((point) => toPage(transform, point)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '))
}

function nippleIn(viewport: Viewport, frame: Frame): Scaled | null {
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
