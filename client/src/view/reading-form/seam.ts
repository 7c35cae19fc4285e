// Between the desk and the viewer: what is shown is remembered, and what is meant is shown.

import { isAtFull, shareOf, withWritten, written } from '#hanging/coverage.ts'
import { type Frame, type Point } from '#hanging/frame.ts'
import { pageToStored } from '#hanging/sight.ts'
import type { Look } from '#pixels/grey.ts'
import type { Desk } from '#state/reading.ts'
import { type Pane, stageOf, toStage, type Viewing } from '../reading/viewport/viewing.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'

/** How images were looked at, as it is kept. */
interface Seen {
  readonly piece: number
  readonly looks: readonly (readonly [string, Look])[]
  /** Of each image the cells that were seen at 1:1. */
  readonly cells: readonly (readonly [string, string])[]
}

export class Seam {
  readonly #desk: Desk
  #viewport: Viewport | null = null
  #stop: () => void = () => undefined
  #pointer: Point | null = null
  #stage: string

  constructor(desk: Desk) {
    this.#desk = desk
    this.#stage = desk.stage ?? ''
  }

  attach(viewport: Viewport): void {
    if (viewport === this.#viewport) return
    this.#stop()
    this.#viewport = viewport
    viewport.act((viewing) => asKept(viewing, this.#stage, this.#desk.view))
    let before: Viewing | null = null
    const tell = () => {
      const { viewing } = viewport.snapshot()
      if (viewing === before) return
      const isMoved = viewing.panes !== before?.panes
      const isOther = viewing.at !== before?.at || viewing.piece !== before.piece || viewing.looks !== before.looks
      const hasMore = viewing.coverage !== before?.coverage
      before = viewing
      // Another viewer of the exam goes on where this one is.
      this.#stage = stageOf(viewing).id
      if (isMoved || isOther) this.#desk.enter(stageOf(viewing).id, onScreen(viewing))
      if (isOther || hasMore) this.#desk.see(seenOf(viewing), new Map([...viewing.coverage].map(([id, one]) => [id, shareOf(one)])))
    }
    tell()
    this.#stop = viewport.subscribe(tell)
  }

  detach(): void {
    this.#stop()
    this.#viewport = null
  }

  /** Show an image: the first stage that holds it, unless the one that is shown does. */
  reveal(imageId: string): void {
    this.#viewport?.act((viewing) => {
      if (viewing.panes.some(({ frame }) => frame.imageId === imageId)) return null
      const at = viewing.stages.findIndex(({ imageIds }) => imageIds.includes(imageId))
      return at === -1 ? null : toStage(viewing, at)
    })
  }

  /** Where the pointer is on the page, in the viewer's own pixels. */
  hover(page: Point): void {
    this.#pointer = page
  }

  /** The image under the pointer and where in it, in stored pixels; null where none is. */
  under(): { imageId: string; point: Point } | null {
    const pane = this.#paneUnder()
    return pane === undefined || this.#pointer === null ? null : { imageId: pane.frame.imageId, point: pageToStored(pane.frame, pane.rect, pane.sight, this.#pointer) }
  }

  /** Where a box goes that is marked by keys alone: under the pointer, else in the middle of the first view. */
  spot(): { frame: Frame; point: Point; scale: number } | null {
    const pane = this.#paneUnder() ?? this.#panes[0]
    if (pane === undefined) return null
    const { x, y, width, height } = pane.rect
    const middle = pageToStored(pane.frame, pane.rect, pane.sight, { x: x + width / 2, y: y + height / 2 })
    return { frame: pane.frame, point: this.under()?.point ?? middle, scale: pane.sight.scale * pane.frame.across }
  }

  /** Those of the exam itself: earlier ones are not marked. */
  get #panes(): readonly Pane[] {
    return this.#viewport?.snapshot().viewing.panes.filter(isOwn) ?? []
  }

  #paneUnder(): Pane | undefined {
    const at = this.#pointer
    return at === null ? undefined : this.#panes.find(({ rect: { x, y, width, height } }) => at.x >= x && at.x < x + width && at.y >= y && at.y < y + height)
  }
}

function isOwn({ priorMonths }: Pane): boolean {
  return priorMonths === undefined
}

function onScreen({ panes, room }: Viewing): ReadonlyMap<string, boolean> {
  return new Map(panes.filter(isOwn).map(({ frame, sight }) => [frame.imageId, isAtFull(frame, sight, room.devicePixels)]))
}

function seenOf({ piece, looks, coverage }: Viewing): Seen {
  return { piece, looks: [...looks], cells: [...coverage].map(([id, one]) => [id, written(one)]) }
}

/** The stage, the piece, the windows and what was seen, as they were kept; what is strange is left as it is. */
function asKept(viewing: Viewing, stage: string, kept: unknown): Viewing {
  const at = viewing.stages.findIndex(({ id }) => id === stage)
  const { piece = 0, looks = [], cells = [] } = (kept ?? {}) as Partial<Seen>
  const staged = at === -1 ? viewing : toStage(viewing, at, piece)
  const seen = new Map(cells)
  return {
    ...staged,
    looks: new Map([...staged.looks, ...looks.filter(([id]) => staged.looks.has(id))]),
    coverage: new Map([...staged.coverage].map(([id, one]) => [id, withWritten(one, seen.get(id) ?? '')])),
  }
}
