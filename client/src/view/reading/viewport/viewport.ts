// The viewer itself, without a framework: keeps what is seen, has levels loaded, and paints when something changed.

import type { Frame, Point } from '#hanging/frame.ts'
import { pageToStored, storedToPage } from '#hanging/sight.ts'
import { FIRST_LOOK, greyTable, type Look, peaksOf } from '#pixels/grey.ts'
import { finestWithin } from '#pixels/levels.ts'
import { rangeOf } from '#pixels/code-stream.ts'
import { storedRange } from '#pixels/presentation.ts'
import type { Exam } from '#schema/viewing.ts'
import { type ImageStore, type Level, sourceOf } from '#state/images/image-store.ts'
import { canvasPainter } from './canvas-painter.ts'
import { glPainter } from './gl-painter.ts'
import type { Painted, Painter, Painting } from './painter.ts'
import { type Lens, sceneOf, type Wanted } from './scene.ts'
import { StageClock } from './stage-clock.ts'
import { begin, inRoom, type Pane, paneOf, stageOf, type Viewing, withPainted } from './viewing.ts'

/** What a page shows of the viewer; another object whenever something changed. */
export interface Snapshot {
  readonly viewing: Viewing
  readonly lens: Lens | null
  /** Image to the level that is painted, of those that are shown and there. */
  readonly levels: ReadonlyMap<string, number>
  /** Whether every pane shows the level that belongs to its scale. */
  readonly isSettled: boolean
  /** Images that could not be loaded, with why. */
  readonly faults: ReadonlyMap<string, unknown>
}

interface Table {
  readonly look: Look
  readonly table: Uint8Array
}

/** How long the scale must rest before a finer level is fetched. */
const REST_MS = 70

export class Viewport {
  readonly #store: ImageStore
  readonly #painter: Painter
  readonly #listeners = new Set<() => void>()
  readonly #clock = new StageClock()
  readonly #tables = new Map<string, Table>()
  readonly #ranges = new Map<string, readonly [number, number]>()
  #snapshot: Snapshot
  #frame = 0
  #changedAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(canvas: HTMLCanvasElement, store: ImageStore, exam: Exam, painting: Painting = 'auto') {
    this.#store = store
    const byCard = painting === 'processor' ? null : glPainter(canvas, () => this.#later(), painting === 'card')
    const painter = byCard ?? canvasPainter(canvas)
    if (painter === null) throw new Error('this browser cannot draw')
    this.#painter = painter
    this.#snapshot = { viewing: begin(exam), lens: null, levels: new Map(), isSettled: false, faults: new Map() }
    this.#clock.enter(stageOf(this.#snapshot.viewing).id, performance.now())
  }

  get isAccelerated(): boolean {
    return this.#painter.isAccelerated
  }

  readonly snapshot = (): Snapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Change what is seen; null leaves it as it is. */
  act(change: (viewing: Viewing) => Viewing | null): void {
    const viewing = change(this.#snapshot.viewing)
    if (viewing === null || viewing === this.#snapshot.viewing) return
    if (viewing.at !== this.#snapshot.viewing.at) this.#clock.enter(stageOf(viewing).id, performance.now())
    if (viewing.panes !== this.#snapshot.viewing.panes) this.#changedAt = performance.now()
    this.#become({ viewing, isSettled: false })
    this.#later()
  }

  hold(lens: Lens | null): void {
    this.#become({ lens })
    this.#later()
  }

  resize(width: number, height: number, devicePixels: number): void {
    const { rect, devicePixels: before } = this.#snapshot.viewing.room
    if (rect.width === width && rect.height === height && before === devicePixels) return
    this.act((viewing) => inRoom(viewing, { rect: { x: 0, y: 0, width, height }, devicePixels }))
  }

  /** Try once more what could not be loaded. */
  again(): void {
    this.#become({ faults: new Map() })
    this.#later()
  }

  /** Seconds that each stage has been looked at. */
  seconds(): Record<string, number> {
    return this.#clock.seconds(performance.now())
  }

  setHidden(isHidden: boolean): void {
    if (isHidden) this.#clock.pause(performance.now())
    else this.#clock.enter(stageOf(this.#snapshot.viewing).id, performance.now())
  }

  /** Where a point of a stored image is in the viewer, in pixels of the page; null when it is not shown. */
  toPage(imageId: string, point: Point): Point | null {
    const pane = paneOf(this.#snapshot.viewing, imageId)
    return pane === undefined ? null : storedToPage(pane.frame, pane.rect, pane.sight, point)
  }

  /** The other way round. */
  toStored(imageId: string, page: Point): Point | null {
    const pane = paneOf(this.#snapshot.viewing, imageId)
    return pane === undefined ? null : pageToStored(pane.frame, pane.rect, pane.sight, page)
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    this.#listeners.clear()
    this.#painter.dispose()
  }

  #become(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }

  #later(): void {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0
        this.#paint()
      })
    }
  }

  #paint(): void {
    const { viewing, lens } = this.#snapshot
    const { rect, devicePixels } = viewing.room
    const scene = sceneOf(viewing, lens, (frame) => this.#finest(frame))
    const there = scene.map((wanted) => ({ wanted, level: this.#store.atHand(this.#source(wanted.pane), wanted.level) }))
    const items = there.flatMap(({ wanted, level }) => (level === undefined ? [] : [this.#painted(wanted, level)]))
    this.#painter.keepOnly(new Set(viewing.panes.map(({ frame }) => frame.imageId)))
    this.#painter.paint(Math.round(rect.width * devicePixels), Math.round(rect.height * devicePixels), items)
    const missing = there.filter(({ wanted, level }) => level?.level !== wanted.level)
    this.#tell(there, missing.length === 0)
    for (const { wanted, level } of missing) this.#load(wanted, level === undefined)
  }

  #tell(there: readonly { wanted: Wanted; level: Level | undefined }[], isSettled: boolean): void {
    const shown = there.filter((one) => one.wanted.isPane)
    const levels = new Map(shown.flatMap(({ level }) => (level === undefined ? [] : [[level.imageId, level.level] as const])))
    const isPainted = (pane: Pane) => shown.some(({ wanted, level }) => wanted.pane === pane && wanted.level === level?.level)
    const isSame = isSettled === this.#snapshot.isSettled && sameEntries(levels, this.#snapshot.levels)
    const viewing = withPainted(this.#snapshot.viewing, isPainted)
    if (!isSame || viewing !== this.#snapshot.viewing) this.#become({ viewing, levels, isSettled })
  }

  /** Have a level loaded: at once when nothing of the image is there, else when the scale has come to rest. */
  #load({ pane, level }: Wanted, isUrgent: boolean): void {
    const { imageId } = pane.frame
    if (this.#snapshot.faults.has(imageId)) return
    const rest = this.#changedAt + REST_MS - performance.now()
    if (!isUrgent && rest > 0) {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#later(), rest)
      return
    }
    this.#store.level(this.#source(pane), level).then(
      () => this.#later(),
      (fault: unknown) => this.#become({ faults: new Map(this.#snapshot.faults).set(imageId, fault) }),
    )
  }

  #painted({ pane, area, toStored }: Wanted, level: Level): Painted {
    const { image, frame } = pane
    const table = this.#table(frame.imageId, level)
    const peaks = peaksOf(this.#snapshot.viewing.looks.get(frame.imageId) ?? FIRST_LOOK)
    return { ...level, imageId: frame.imageId, imageRows: image.rows, imageColumns: image.columns, table, area, toStored, peaks }
  }

  #table(imageId: string, level: Level): Uint8Array {
    const { looks, presentations } = this.#snapshot.viewing
    const [look, presentation] = [looks.get(imageId), presentations.get(imageId)]
    const known = this.#tables.get(imageId)
    if (look === undefined || presentation === undefined) return new Uint8Array(1)
    if (known?.look === look) return known.table
    const range = this.#ranges.get(imageId) ?? this.#rangeOf(imageId, level)
    const table = greyTable(presentation, look, range ?? storedRange(presentation))
    this.#tables.set(imageId, { look, table })
    return table
  }

  /** Of stored values, for images whose header offers no window; taken once, so that levels look alike. */
  #rangeOf(imageId: string, { values }: Level): readonly [number, number] | null {
    const presentation = this.#snapshot.viewing.presentations.get(imageId)
    if (presentation === undefined || presentation.windows.length + presentation.voiLuts.length > 0) return null
    const [low] = storedRange(presentation)
    const padding = presentation.padding === null ? null : ([presentation.padding[0] - low, presentation.padding[1] - low] as const)
    const found = rangeOf(values, padding)
    if (found === null) return null
    const range = [found[0] + low, found[1] + low] as const
    this.#ranges.set(imageId, range)
    return range
  }

  #finest({ rows, columns }: Frame): number {
    return finestWithin(rows, columns, this.#painter.largest)
  }

  #source({ image }: Pane) {
    return sourceOf(this.#snapshot.viewing.exam.study_id, image)
  }

  /** What is kept in memory of all images; for tests and measurements. */
  get kept() {
    return this.#store.kept
  }
}

function sameEntries<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value)
}
