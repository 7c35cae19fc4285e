import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import type { Point } from '#hanging/frame.ts'
import type { Exam } from '#schema/viewing.ts'
import { useForgetting, useOpening, usePrefetching } from '#state/viewing.ts'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'
import { Lens } from './lens.tsx'
import { PaneOverlay } from './pane-overlay.tsx'
import css from './reading.module.css'
import { Toolbar } from './toolbar.tsx'
import { useViewerKeys } from './use-viewer-keys.ts'
import { useSnapshot, useViewport } from './use-viewport.ts'
import { listenToPointers } from './viewport/pointing.ts'
import { type Pane, stageOf } from './viewport/viewing.ts'
import type { Viewport } from './viewport/viewport.ts'

interface ViewerProps {
  exam: Exam
  title: string
  listPath: string
  /** What lies over a pane: marks. Coordinates by `storedToPage` and `pageToStored` of #hanging/sight.ts. */
  layer?: (pane: Pane, viewport: Viewport) => ReactNode
  /** What stands beside the images: the form. */
  aside?: ReactNode
  /** What the last stage shows in the place of images. */
  end?: (viewport: Viewport) => ReactNode
}

export function Viewer({ exam, title, listPath, layer, aside, end }: ViewerProps) {
  const { viewport, room } = useViewport(exam)
  const hover = useRef<Hover>(NOWHERE)
  const [hasTexts, setTexts] = useState(true)
  // painting goes before the form
  const beside = useDeferredValue(aside)
  return (
    <>
      {viewport === null ? <div className={css.bar} /> : <Toolbar viewport={viewport} title={title} listPath={listPath} hover={hover} />}
      <div className={css.body}>
        {/* the page behind the images is black in every color scheme, and so is what is written there white */}
        <div ref={room} className={css.room} data-viewport="">
          <canvas className={css.canvas} />
          {viewport !== null && <Stage viewport={viewport} listPath={listPath} hover={hover} hasTexts={hasTexts} onTexts={() => setTexts(!hasTexts)} layer={layer} end={end} />}
        </div>
        {beside}
      </div>
    </>
  )
}

/** The image under the pointer, and where the pointer is; keys work on it. */
export interface Hover {
  readonly imageId: string | null
  readonly at: Point
}

const NOWHERE: Hover = { imageId: null, at: { x: 0, y: 0 } }

interface StageProps {
  viewport: Viewport
  listPath: string
  hover: React.RefObject<Hover>
  hasTexts: boolean
  onTexts: () => void
  layer: ViewerProps['layer']
  end: ViewerProps['end']
}

function Stage({ viewport, listPath, hover, hasTexts, onTexts, layer, end }: StageProps) {
  const { viewing, levels, isSettled, faults, lens } = useSnapshot(viewport)
  const { viewing: words } = useWords()
  const over = useRef<HTMLDivElement>(null)
  const isEnd = stageOf(viewing).kind === 'done'
  // of the training nothing is written down, and no other exam waits
  const isTraining = listPath === '/training'
  const isSeen = levels.size > 0 && levels.size + faults.size >= viewing.panes.length
  useOpening(viewing.exam.study_id, !isTraining && (isSeen || isEnd))
  usePrefetching(viewing.exam, isSettled && !isTraining, listPath === '/arbitration' ? 'arbitration' : 'worklist')
  useForgetting()
  useViewerKeys(viewport, hover, onTexts)
  useEffect(() => {
    if (over.current === null) return
    // For tests and measurements: where images are, and what is painted.
    Object.assign(over.current, { viewport })
    return listenToPointers(over.current, viewport, {
      onHover: (imageId, at) => {
        hover.current = { imageId, at }
        if (viewport.snapshot().lens !== null && imageId !== null) viewport.hold({ imageId, at })
      },
    })
  }, [viewport, hover])
  return (
    <>
      <div ref={over} className={css.over} data-stage={viewing.stages[viewing.at]?.id} data-settled={isSettled} data-piece={viewing.piece} data-texts={hasTexts}>
        {viewing.panes.map((pane) => (
          <PaneOverlay
            key={pane.frame.imageId}
            pane={pane}
            viewing={viewing}
            level={levels.get(pane.frame.imageId)}
            fault={faults.get(pane.frame.imageId)}
            hasTexts={hasTexts}
            onAgain={() => viewport.again()}
          >
            {pane.priorMonths === undefined && layer?.(pane, viewport)}
          </PaneOverlay>
        ))}
        {lens !== null && <Lens viewing={viewing} lens={lens} />}
        {!viewing.isToScale && (
          <div className={css.notice}>
            <Note kind="mark">{words.notToScale}</Note>
          </div>
        )}
      </div>
      {isEnd && end?.(viewport)}
    </>
  )
}
