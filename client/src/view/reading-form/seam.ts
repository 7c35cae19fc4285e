// Between the desk and the viewer: what is shown is remembered, and what is meant is shown.

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
}

export class Seam {
  readonly #desk: Desk
  #viewport: Viewport | null = null
  #stop: () => void = () => undefined
  #spot: { imageId: string; point: Point } | null = null
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
      const isOther = viewing.at !== before?.at || viewing.piece !== before.piece || viewing.looks !== before.looks
      before = viewing
      if (!isOther) return
      this.#desk.enter(stageOf(viewing).id)
      this.#desk.see({ piece: viewing.piece, looks: [...viewing.looks] } satisfies Seen)
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

  /** The pointer is over an image, at a place of the page; null: over none. */
  hover(pane: Pane | null, page: Point): void {
    this.#spot = pane === null ? null : { imageId: pane.frame.imageId, point: pageToStored(pane.frame, pane.rect, pane.sight, page) }
  }

  /** Where a box goes that is marked by keys alone: under the pointer, else in the middle of the first view. */
  spot(): { frame: Frame; point: Point; scale: number } | null {
    const panes = this.#viewport?.snapshot().viewing.panes ?? []
    const spot = this.#spot
    const pane = panes.find(({ frame }) => frame.imageId === spot?.imageId) ?? panes[0]
    if (pane === undefined) return null
    const { x, y, width, height } = pane.rect
    const middle = pageToStored(pane.frame, pane.rect, pane.sight, { x: x + width / 2, y: y + height / 2 })
    return { frame: pane.frame, point: spot !== null && spot.imageId === pane.frame.imageId ? spot.point : middle, scale: pane.sight.scale * pane.frame.across }
  }
}

/** The stage, the piece and the windows as they were kept; what is strange is left as it is. */
function asKept(viewing: Viewing, stage: string, kept: unknown): Viewing {
  const at = viewing.stages.findIndex(({ id }) => id === stage)
  const { piece = 0, looks = [] } = (kept ?? {}) as Partial<Seen>
  const staged = at === -1 ? viewing : toStage(viewing, at, piece)
  return looks.length === 0 ? staged : { ...staged, looks: new Map([...staged.looks, ...looks.filter(([id]) => staged.looks.has(id))]) }
}
