// What is seen of an exam and how, as values; each function returns what it becomes.

import { type Coverage, nothingSeen, withSeen } from '#hanging/coverage.ts'
import { type Frame, framesOf, type Place } from '#hanging/frame.ts'
import { arrange } from '#hanging/layout.ts'
import { fittingScale, home, keptInside, moved, oneToOne, type Rect, screenScale, type Sight, zoomed } from '#hanging/sight.ts'
import { type PriorView, priorViewsOf } from '#hanging/priors.ts'
import { piecesOf, type Stage, stagesOf } from '#hanging/stages.ts'
import { choicesOf, FIRST_LOOK, type Look } from '#pixels/grey.ts'
import { type Presentation, presentationOf } from '#pixels/presentation.ts'
import type { Exam, ExamImage } from '#schema/viewing.ts'

/** Where there is room, in pixels of the page, and how many of the device each of them has. */
export interface Room {
  readonly rect: Rect
  readonly devicePixels: number
}

export interface Pane {
  readonly image: ExamImage
  readonly frame: Frame
  readonly rect: Rect
  readonly sight: Sight
  /** Of a view of an earlier exam: how many months before. It is looked at only. */
  readonly priorMonths?: number
}

export interface Viewing {
  readonly exam: Exam
  readonly isToScale: boolean
  readonly frames: ReadonlyMap<string, Frame>
  readonly presentations: ReadonlyMap<string, Presentation>
  readonly stages: readonly Stage[]
  readonly at: number
  /** Which piece of a view, in stages that show one piece by piece; 0 in others. */
  readonly piece: number
  readonly nPieces: number
  readonly room: Room
  readonly panes: readonly Pane[]
  readonly looks: ReadonlyMap<string, Look>
  /** Whether what is done to a view is done to the mirrored one too, and windows change for all. */
  readonly isLinked: boolean
  readonly coverage: ReadonlyMap<string, Coverage>
  /** Image to the same view of the earlier exam; empty where there is none, or none is to be seen. */
  readonly priors: ReadonlyMap<string, PriorView>
  /** Whether earlier views stand below those of the exam. */
  readonly hasPriors: boolean
}

const NO_ROOM: Room = { rect: { x: 0, y: 0, width: 1, height: 1 }, devicePixels: 1 }
/** How near to 1:1 counts as being there. */
const NEARLY = 0.005

export function begin(exam: Exam, room: Room = NO_ROOM): Viewing {
  const { frames, isToScale } = framesOf(exam.images)
  const priors = priorViewsOf(exam, isToScale)
  const earlier = [...priors.values()]
  const all = [...exam.images.map((image, n) => ({ image, frame: frames[n] as Frame })), ...earlier]
  const byId = <Value>(make: (image: ExamImage, frame: Frame) => Value) => new Map(all.map(({ image, frame }) => [image.image_id, make(image, frame)]))
  const begun: Viewing = {
    exam,
    isToScale,
    frames: byId((_, frame) => frame),
    presentations: byId((image) => presentationOf(image.presentation)),
    stages: stagesOf(exam.images),
    at: 0,
    piece: 0,
    nPieces: 1,
    room,
    panes: [],
    looks: byId(() => FIRST_LOOK),
    isLinked: true,
    coverage: new Map(frames.map((frame) => [frame.imageId, nothingSeen(frame)])),
    priors,
    hasPriors: false,
  }
  return toStage(begun, 0)
}

/** The stage with everything where it hangs at first; `piece` counts from the end where it is negative. */
export function toStage(viewing: Viewing, at: number, piece = 0): Viewing {
  const stage = viewing.stages[at]
  if (stage === undefined) return viewing
  const images = stage.imageIds.flatMap((id) => viewing.exam.images.filter((one) => one.image_id === id))
  const frames = images.map((one) => viewing.frames.get(one.image_id) as Frame)
  const earlier = viewing.hasPriors ? images.map((one) => viewing.priors.get(one.image_id)) : []
  const { rects, scale: own } = arrange(frames, roomOf(viewing))
  const scale = Math.min(own, ...earlier.flatMap((one, n) => (one === undefined ? [] : [fittingScale([one.frame], [rects[n] as Rect])])))
  const pieces = stage.kind === 'pieces' ? frames.flatMap((frame) => piecesOf(frame, rects[0] as Rect, viewing.room.devicePixels)) : []
  const shown = piece < 0 ? Math.max(0, pieces.length + piece) : Math.min(piece, Math.max(0, pieces.length - 1))
  const panes = images.map((image, n): Pane => {
    const [frame, rect] = [frames[n] as Frame, rects[n] as Rect]
    return { image, frame, rect, sight: pieces[shown] ?? home(frame, rect, scale) }
  })
  const below = earlier.flatMap((one, n): Pane[] => {
    const pane = panes[n]
    if (one === undefined || pane === undefined) return []
    const rect = { ...pane.rect, y: pane.rect.y + roomOf(viewing).height }
    return [{ image: one.image, frame: one.frame, rect, sight: pieces[shown] ?? home(one.frame, rect, scale), priorMonths: one.months }]
  })
  return { ...viewing, at, piece: shown, nPieces: Math.max(1, pieces.length), panes: [...panes, ...below] }
}

/** The room that the exam's own views have: the upper half while earlier ones stand below. */
export function roomOf({ room: { rect }, hasPriors }: Viewing): Rect {
  return hasPriors ? { ...rect, height: Math.floor(rect.height / 2) } : rect
}

/** The earlier views shown, or not shown any more; null where there are none. */
export function turnedToPriors(viewing: Viewing): Viewing | null {
  return viewing.priors.size === 0 ? null : toStage({ ...viewing, hasPriors: !viewing.hasPriors }, viewing.at)
}

export function inRoom(viewing: Viewing, room: Room): Viewing {
  return toStage({ ...viewing, room }, viewing.at, viewing.piece)
}

/** The next piece, or the next stage; null behind the last. */
export function following(viewing: Viewing): Viewing | null {
  if (viewing.piece + 1 < viewing.nPieces) return toStage(viewing, viewing.at, viewing.piece + 1)
  return viewing.at + 1 < viewing.stages.length ? toStage(viewing, viewing.at + 1) : null
}

/** The piece or stage before; the same at the first. */
export function preceding(viewing: Viewing): Viewing {
  if (viewing.piece > 0) return toStage(viewing, viewing.at, viewing.piece - 1)
  return viewing.at > 0 ? toStage(viewing, viewing.at - 1, -1) : viewing
}

export function paneOf(viewing: Viewing, imageId: string): Pane | undefined {
  return viewing.panes.find(({ frame }) => frame.imageId === imageId)
}

/** Change what is seen of an image; of the mirrored view too, while they are linked. */
function looking(viewing: Viewing, imageId: string, change: (pane: Pane) => Sight): Viewing {
  const family = viewing.frames.get(imageId)?.family
  const isMeant = ({ frame }: Pane) => frame.imageId === imageId || (viewing.isLinked && frame.family === family)
  const panes = viewing.panes.map((pane) => (isMeant(pane) ? { ...pane, sight: keptInside(pane.frame, pane.rect, change(pane)) } : pane))
  return { ...viewing, panes }
}

export function zoom(viewing: Viewing, imageId: string, factor: number, at: Place): Viewing {
  return looking(viewing, imageId, ({ sight }) => zoomed(sight, factor, at))
}

/** Move by millimetres in the direction of the hung image's own coordinates: mirrored views move in mirrored ways. */
export function move(viewing: Viewing, imageId: string, du: number, dv: number): Viewing {
  return looking(viewing, imageId, ({ sight }) => moved(sight, du, dv))
}

/** To a scale of pixels of the page for a millimetre. */
export function toScale(viewing: Viewing, imageId: string, scale: number, at: Place): Viewing {
  return looking(viewing, imageId, ({ sight }) => zoomed(sight, scale / sight.scale, at))
}

/** To 1:1 where the place is; back to how it hung when it is at 1:1 already. */
export function toOneToOne(viewing: Viewing, imageId: string, at: Place): Viewing {
  const pane = paneOf(viewing, imageId)
  if (pane === undefined) return viewing
  const { devicePixels } = viewing.room
  const isThere = Math.abs(screenScale(pane.frame, pane.sight, devicePixels) - 1) < NEARLY
  return isThere && stageOf(viewing).kind !== 'pieces' ? hungAnew(viewing) : toScale(viewing, imageId, oneToOne(pane.frame, devicePixels), at)
}

export function hungAnew(viewing: Viewing): Viewing {
  return toStage(viewing, viewing.at, viewing.piece)
}

export function stageOf(viewing: Viewing): Stage {
  return viewing.stages[viewing.at] ?? { id: 'overview', kind: 'overview', imageIds: [] }
}

/** Change the greys of an image; of all, while they are linked. */
export function greying(viewing: Viewing, imageId: string, change: (look: Look) => Look): Viewing {
  const looks = new Map([...viewing.looks].map(([id, look]) => [id, viewing.isLinked || id === imageId ? change(look) : look]))
  return { ...viewing, looks }
}

/** The next of the windows and tables that an image offers. */
export function nextChoice(viewing: Viewing, imageId: string): Viewing {
  const presentation = viewing.presentations.get(imageId)
  const count = presentation === undefined ? 1 : choicesOf(presentation).length
  return greying(viewing, imageId, (look) => ({ ...FIRST_LOOK, isInverted: look.isInverted, choice: (look.choice + 1) % count }))
}

/** With what is seen at 1:1 of the panes whose finest level has been painted. */
export function withPainted(viewing: Viewing, isPainted: (pane: Pane) => boolean): Viewing {
  const coverage = new Map(viewing.coverage)
  for (const pane of viewing.panes) {
    const { frame, rect, sight } = pane
    const before = coverage.get(frame.imageId)
    if (before !== undefined && isPainted(pane)) coverage.set(frame.imageId, withSeen(before, frame, rect, sight, viewing.room.devicePixels))
  }
  const hasMore = [...coverage].some(([id, one]) => one !== viewing.coverage.get(id))
  return hasMore ? { ...viewing, coverage } : viewing
}
