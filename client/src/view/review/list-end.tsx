import { Button } from '@mantine/core'
import { Link } from 'react-router'
import type { ListName } from '#schema/review.ts'
import { Nothing } from '../parts/nothing.tsx'
import { useWords } from '../words.ts'
import css from './review.module.css'

export function ListEmpty({ list }: { list: ListName }) {
  const { reviewImages: words } = useWords()
  return (
    <div className={css.end}>
      <Nothing title={words.empty[list]}>
        <BackToReview />
      </Nothing>
    </div>
  )
}

/** Behind the last image of a list. */
export function ListEnd({ hasOpen, onAgain }: { hasOpen: boolean; onAgain: () => void }) {
  const { reviewImages: words } = useWords()
  return (
    <div className={css.end}>
      <Nothing title={words.end} {...(hasOpen ? { detail: words.endDetail } : {})}>
        <Button variant="default" onClick={onAgain}>
          {words.again}
        </Button>{' '}
        <BackToReview />
      </Nothing>
    </div>
  )
}

function BackToReview() {
  const { reviewImages: words } = useWords()
  return (
    <Button component={Link} to="/review">
      {words.toReview}
    </Button>
  )
}
