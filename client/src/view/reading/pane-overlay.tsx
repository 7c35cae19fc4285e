import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { shareOf } from '#hanging/coverage.ts'
import { flagsOf, labelOf, techniqueOf } from '#hanging/labels.ts'
import { uprightFrom } from '#hanging/turning.ts'
import { screenScale } from '#hanging/sight.ts'
import { chosen, FIRST_LOOK } from '#pixels/grey.ts'
import { explain } from '#state/problems.ts'
import { useFormats, useWords } from '../words.ts'
import { CoverageMap } from './coverage-map.tsx'
import css from './reading.module.css'
import type { Pane, Viewing } from './viewport/viewing.ts'

interface PaneOverlayProps {
  pane: Pane
  viewing: Viewing
  /** That is painted; undefined while none is. */
  level: number | undefined
  fault: unknown
  hasTexts: boolean
  onAgain: () => void
  children: ReactNode
}

/** What lies over a view: its name and how it was taken, on the side away from the chest wall. */
export function PaneOverlay({ pane, viewing, level, fault, hasTexts, onAgain, children }: PaneOverlayProps) {
  const words = useWords()
  const { frame, image, rect } = pane
  const label = labelOf(frame.side, image.view_position, image.attributes)
  const { x, y, width, height } = rect
  const named = pane.priorMonths === undefined ? label : `${label}, ${words.viewing.prior(pane.priorMonths)}`
  const place = { left: x, top: y, width, height }
  return (
    <section className={css.pane} data-prior={pane.priorMonths} style={place} data-side={frame.side} data-divided={(frame.side === 'R' && x > 0) || undefined} data-image={frame.imageId} data-level={level} aria-label={named}>
      {children}
      {hasTexts && <Texts pane={pane} viewing={viewing} label={label} />}
      {fault !== undefined && (
        <div className={css.fault} role="alert">
          <p>{words.viewing.imageFailed}</p>
          <p className={css.faint}>{explain(fault, words)}</p>
          <Button size="compact-sm" variant="default" onClick={onAgain}>
            {words.states.again}
          </Button>
        </div>
      )}
    </section>
  )
}

function Texts({ pane, viewing, label }: { pane: Pane; viewing: Viewing; label: string }) {
  const { viewing: words } = useWords()
  const formats = useFormats()
  const { attributes } = pane.image
  const coverage = viewing.coverage.get(pane.frame.imageId)
  const scale = screenScale(pane.frame, pane.sight, viewing.room.devicePixels)
  const isFull = Math.abs(scale - 1) < 0.005
  return (
    <>
      <div className={css.name}>
        <div className={css.label}>{label}</div>
        {pane.priorMonths !== undefined && <div className={css.prior}>{words.prior(pane.priorMonths)}</div>}
        {flagsOf(attributes).map((flag) => (
          <div key={flag} className={css.flag}>
            {words.flags[flag]}
          </div>
        ))}
        <Upright pane={pane} />
      </div>
      <div className={css.technique}>
        {techniqueOf(attributes).map((line) => (
          <div key={line}>{line}</div>
        ))}
        <GreyText pane={pane} viewing={viewing} />
        <div>{isFull ? '1:1' : formats.percent(scale)}</div>
      </div>
      {viewing.nPieces > 1 && coverage !== undefined && (
        <div className={css.pieces}>
          <CoverageMap pane={pane} coverage={coverage} />
          <div>{words.piece(viewing.piece + 1, viewing.nPieces)}</div>
          <div className={css.faint}>{words.atFullOf(label, formats.percent(shareOf(coverage)))}</div>
        </div>
      )}
    </>
  )
}

/** Where the header does not say which end is up: what was done instead. */
function Upright({ pane: { frame, image } }: { pane: Pane }) {
  const { viewing: words } = useWords()
  const from = uprightFrom(image.attributes)
  if (from === 'header' || (from === 'pixels' && !frame.isUpsideDown)) return null
  const told = from === 'pixels' ? 'turned' : frame.family === 'cc' ? 'lateral' : 'axilla'
  // of views from above it is missing for whole archives, and nothing in the image tells it
  return <div className={told === 'lateral' ? css.faint : css.flag}>{words.upright[told]}</div>
}

/** The window, where it is not the first one as it came. */
function GreyText({ pane, viewing }: { pane: Pane; viewing: Viewing }) {
  const { viewing: words } = useWords()
  const formats = useFormats()
  const { imageId } = pane.frame
  const look = viewing.looks.get(imageId) ?? FIRST_LOOK
  const presentation = viewing.presentations.get(imageId)
  if (presentation === undefined || (look.choice === 0 && look.shift === 0 && look.stretch === 1)) return null
  const { center, width } = chosen(presentation, look)
  return <div>{words.asMoved(formats.number(Math.round(center)), formats.number(Math.round(width)))}</div>
}
