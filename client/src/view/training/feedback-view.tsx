import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Feedback, Training } from '#schema/training.ts'
import type { Exam } from '#schema/viewing.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Viewer } from '../reading/viewer.tsx'
import { toStage } from '../reading/viewport/viewing.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'
import form from '../reading-form/form.module.css'
import { useKeys } from '../shell/use-keys.ts'
import { FeedbackAside } from './feedback-aside.tsx'
import { FeedbackEnd } from './feedback-end.tsx'
import { BOXES, FeedbackBoxes } from './feedback-boxes.tsx'

interface FeedbackViewProps {
  training: Training
  exam: Exam
  title: string
  feedback: UseQueryResult<Feedback>
}

/** The exam once more, with what was planted and what was marked over the views, and beside them what it comes to. */
export function FeedbackView({ training, exam, title, feedback }: FeedbackViewProps) {
  const navigate = useNavigate()
  const viewport = useRef<Viewport>(null)
  const remember = useCallback((found: Viewport) => void (viewport.current = found), [])
  const [chosen, setChosen] = useState(-1)
  const [shown, setShown] = useState(0)
  const findings = feedback.data?.findings ?? []
  const next = training.next_number
  const goOn = () => void navigate(next === null ? '/training' : `/training/${next}`, { replace: true })
  const choose = (n: number) => {
    const finding = findings[n]
    if (finding === undefined) return
    setChosen(n)
    reveal(viewport.current, finding.image_id)
  }
  useKeys('feedback', {
    feedbackOn: goOn,
    feedbackNext: () => choose((chosen + 1) % Math.max(1, findings.length)),
    feedbackBefore: () => choose((Math.max(chosen, 0) - 1 + findings.length) % Math.max(1, findings.length)),
    feedbackBoxes: () => setShown((shown + 1) % BOXES.length),
  })
  return (
    <Viewer
      exam={exam}
      title={title}
      listPath="/training"
      layer={(pane, at) => (
        <>
          <Attached viewport={at} onViewport={remember} />
          <FeedbackBoxes pane={pane} findings={findings} chosen={chosen} boxes={BOXES[shown] ?? 'all'} />
        </>
      )}
      end={() => <FeedbackEnd feedback={feedback.data} isLast={next === null} onGoOn={goOn} />}
      aside={
        <Loaded query={feedback} skeleton={<aside className={form.form}><Skeleton height={260} animate={false} /></aside>}>
          {(found) => <FeedbackAside exam={exam} feedback={found} chosen={chosen} isLast={next === null} onChoose={choose} onGoOn={goOn} />}
        </Loaded>
      }
    />
  )
}

/** Remember the viewer, which says itself only to what lies over its panes. */
function Attached({ viewport, onViewport }: { viewport: Viewport; onViewport: (viewport: Viewport) => void }) {
  useEffect(() => onViewport(viewport), [viewport, onViewport])
  return null
}

/** Show an image: the first stage that holds it, unless the one that is shown does. */
function reveal(viewport: Viewport | null, imageId: string): void {
  viewport?.act((viewing) => {
    if (viewing.panes.some(({ frame }) => frame.imageId === imageId)) return null
    const at = viewing.stages.findIndex(({ imageIds }) => imageIds.includes(imageId))
    return at === -1 ? null : toStage(viewing, at)
  })
}
