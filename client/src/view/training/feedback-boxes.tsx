import { around, onPage } from '#draw/box.ts'
import { labelAt, letteringIn } from '#draw/label.ts'
import type { Transform } from '#draw/transform.ts'
import type { Finding } from '#schema/marking.ts'
import type { FindingFeedback, Outcome } from '#schema/training.ts'
import type { Pane } from '../reading/viewport/viewing.ts'
import { LINE_OUT, type Size } from '../reading-form/box-mark.tsx'
import { transformOf } from '../reading-form/marks.tsx'
import { useWords } from '../words.ts'
import css from './boxes.module.css'

/** Which boxes are shown, in the order of the key. */
export const BOXES = ['all', 'planted', 'given', 'none'] as const

interface FeedbackBoxesProps {
  pane: Pane
  findings: readonly FindingFeedback[]
  chosen: number
  boxes: (typeof BOXES)[number]
}

/** What was planted in the image of a pane, and what was marked there. */
export function FeedbackBoxes({ pane, findings, chosen, boxes }: FeedbackBoxesProps) {
  const transform = transformOf(pane)
  const here = findings.map((finding, n) => ({ finding, n })).filter(({ finding }) => finding.image_id === pane.frame.imageId)
  return (
    <svg className={css.boxes} data-feedback={pane.frame.imageId}>
      {here.map(({ finding, n }) => (
        <g key={n}>
          {(['given', 'planted'] as const).map((side) => {
            const said = finding[side]
            if (said === null || (boxes !== 'all' && boxes !== side)) return null
            return <OneBox key={side} n={n + 1} side={side} finding={said} outcome={finding.outcome} isChosen={n === chosen} transform={transform} pane={pane.rect} />
          })}
        </g>
      ))}
    </svg>
  )
}

interface OneBoxProps {
  n: number
  side: 'planted' | 'given'
  finding: Finding
  outcome: Outcome
  isChosen: boolean
  transform: Transform
  pane: Size
}

function OneBox({ n, side, finding, outcome, isChosen, transform, pane }: OneBoxProps) {
  const { training: words } = useWords()
  const place = onPage(finding.box, transform)
  const isPlanted = side === 'planted'
  const name = isPlanted ? (outcome === 'missed' ? words.outcomes.missed : words.planted) : words.given
  const text = `${n} ${name.toLowerCase()}`
  // the planted one's above, one's own beneath, so that neither hides the other
  const at = labelAt(place, text, pane, letteringIn(globalThis), isPlanted ? 0 : 1)
  const outside = around(place, LINE_OUT)
  return (
    <g className={css.box} data-side={side} data-outcome={outcome} data-chosen={isChosen} data-box={finding.box.join(' ')}>
      <rect className={css.shade} {...outside} />
      <rect className={css.line} {...outside} />
      {at !== null && (
        <text className={css.label} {...at}>
          {text}
        </text>
      )}
    </g>
  )
}
