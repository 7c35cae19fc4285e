import { Button } from '@mantine/core'
import type { Feedback } from '#schema/training.ts'
import { useWords } from '../words.ts'
import css from './boxes.module.css'

interface FeedbackEndProps {
  feedback: Feedback | undefined
  isLast: boolean
  onGoOn: () => void
}

/** What the last stage shows in the place of images. */
export function FeedbackEnd({ feedback, isLast, onGoOn }: FeedbackEndProps) {
  const { training: words } = useWords()
  if (feedback === undefined) return null
  const { found, missed, extra } = feedback.score
  return (
    <div className={css.end}>
      <p>{words.verdict(found, found + missed, extra)}</p>
      <Button onClick={onGoOn} rightSection={<kbd>Enter</kbd>}>
        {isLast ? words.summary : words.next}
      </Button>
    </div>
  )
}
