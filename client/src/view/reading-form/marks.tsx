import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { labelOf } from '#hanging/labels.ts'
import { storedToPage } from '#hanging/sight.ts'
import { type Bounds } from '#draw/box.ts'
import { type Point, throughCorners, toPage, type Transform } from '#draw/transform.ts'
import type { Box } from '#schema/marking.ts'
import type { Mark } from '#state/draft.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import type { Pane } from '../reading/viewport/viewing.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'
import { useWords } from '../words.ts'
import { useArcs } from './use-arcs.ts'
import { BoxMark, PlainBox } from './box-mark.tsx'
import { useBoxKeys } from './box-keys.ts'
import css from './marks.module.css'
import { NippleMark } from './nipple-mark.tsx'
import { type Live, listenToMarking, type Marking } from './pointing.ts'
import type { Seam } from './seam.ts'
import { usePuttingNipple } from './use-putting-nipple.ts'
import { releaseFocus } from './use-wanted.ts'

/** A box of somebody else, to be seen only. */
export interface Shown {
  readonly key: string
  readonly imageId: string
  readonly box: Box
  readonly label: string
  readonly tone: 'a' | 'b'
  readonly isMeant: boolean
}

interface MarksProps {
  desk: Desk
  seam: Seam
  pane: Pane
  viewport: Viewport
  others: readonly Shown[]
}

/** The boxes of one pane, over its image. */
export function Marks({ desk, seam, pane, viewport, others }: MarksProps) {
  const words = useWords()
  const { history, active, isDrawing } = useDeskSnapshot(desk)
  const svg = useRef<SVGSVGElement>(null)
  const [live, setLive] = useState<Live | null>(null)
  const { frame, image } = pane
  const transform = transformOf(pane)
  const bounds: Bounds = { columns: frame.columns, rows: frame.rows, least: desk.seat.labels.finding.min_box_size }
  const marks = history.present.marks.filter((mark) => mark.image_id === frame.imageId)
  useSeam(seam, viewport, svg)
  usePointing(svg, {
    transform,
    bounds,
    isDrawing,
    mayChange: desk.mayChange,
    targets: marks,
    onBegin: releaseFocus,
    onSelect: (id) => desk.activate({ kind: 'mark', id }),
    onLive: setLive,
    onDrawn: (box) => desk.mark(frame.imageId, box),
    onChanged: (id, box) => desk.change({ do: 'box', id, box }),
  })
  const { arcs, nipple } = useArcs(desk, pane, viewport, transform)
  const [moved, setMoved] = useState<Point | null>(null)
  usePuttingNipple(svg, { transform, bounds, mayChange: desk.mayChange, onLive: setMoved, onPut: (point) => desk.change({ do: 'nipple', imageId: frame.imageId, point }) })
  const onKeyDown = useBoxKeys(desk, transform, bounds)
  const numberOf = (mark: Mark) => history.present.marks.indexOf(mark) + 1
  const view = labelOf(frame.side, image.view_position, image.attributes)
  return (
    <svg ref={svg} className={css.marks} style={{ pointerEvents: isDrawing ? 'all' : 'none' }} data-drawing={isDrawing} data-marks={frame.imageId}>
      {arcs.map((points) => (
        <polyline key={points} className={css.arc} points={points} />
      ))}
      {nipple !== null && <NippleMark at={toPage(transform, moved ?? nipple)} />}
      {others
        .filter((one) => one.imageId === frame.imageId)
        .map(({ key, box, label, tone, isMeant }) => (
          <PlainBox key={key} box={box} label={label} tone={tone} isMeant={isMeant} transform={transform} pane={pane.rect} />
        ))}
      {marks.map((mark) => (
        <BoxMark
          key={mark.id}
          id={mark.id}
          box={live?.id === mark.id ? live.box : mark.box}
          transform={transform}
          pane={pane.rect}
          label={[numberOf(mark), ...mark.categories].join(' · ')}
          name={words.marking.finding(numberOf(mark), view)}
          isActive={active.kind === 'mark' && active.id === mark.id}
          onFocus={() => desk.activate({ kind: 'mark', id: mark.id })}
          onKeyDown={(event) => onKeyDown(event, mark)}
        />
      ))}
      {live !== null && live.id === null && <PlainBox box={live.box} transform={transform} pane={pane.rect} label="" tone="new" isMeant />}
    </svg>
  )
}

/** From stored pixels to the pane. */
export function transformOf({ frame, rect, sight }: Pane): Transform {
  const inPane = (x: number, y: number) => {
    const found = storedToPage(frame, rect, sight, { x, y })
    return { x: found.x - rect.x, y: found.y - rect.y }
  }
  return throughCorners(inPane(0, 0), inPane(frame.columns, frame.rows), frame.columns, frame.rows)
}

function usePointing(svg: React.RefObject<SVGSVGElement | null>, marking: Marking): void {
  const newest = useRef(marking)
  useLayoutEffect(() => {
    newest.current = marking
  })
  useEffect(() => (svg.current === null ? undefined : listenToMarking(svg.current, () => newest.current)), [svg])
}

/** Tell the seam of the viewer, and where the pointer is: over the panes, which let it through. */
function useSeam(seam: Seam, viewport: Viewport, svg: React.RefObject<SVGSVGElement | null>): void {
  useEffect(() => {
    seam.attach(viewport)
    const over = svg.current?.closest<HTMLElement>('[data-stage]')
    if (over === null || over === undefined) return
    const onMove = ({ clientX, clientY }: PointerEvent) => {
      const { left, top } = over.getBoundingClientRect()
      seam.hover({ x: clientX - left, y: clientY - top })
    }
    over.addEventListener('pointermove', onMove)
    return () => over.removeEventListener('pointermove', onMove)
  }, [seam, viewport, svg])
}
