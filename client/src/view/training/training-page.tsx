import { Button } from '@mantine/core'
import { useRef } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Training } from '#schema/training.ts'
import { explain } from '#state/problems.ts'
import { useBeginAgain, useTraining } from '#state/training.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Note } from '../parts/note.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import { moveRow } from '../worklist/move-row.ts'
import { ScoreTable } from './score-table.tsx'
import css from './training.module.css'

/** The exams to train on, how each of this round went, and the way on. */
export default function TrainingPage() {
  const { training: words } = useWords()
  const training = useTraining()
  return (
    <Loaded
      query={training}
      skeleton={
        <>
          <PageTitle title={words.title} />
          <TableSkeleton />
        </>
      }
    >
      {(found) =>
        found.exams.length === 0 ? (
          <>
            <PageTitle title={words.title} />
            <Nothing title={words.none} detail={words.noneDetail} />
          </>
        ) : (
          <Rounds training={found} />
        )
      }
    </Loaded>
  )
}

function Rounds({ training }: { training: Training }) {
  const words = useWords()
  const formats = useFormats()
  const navigate = useNavigate()
  const again = useBeginAgain()
  const list = useRef<HTMLDivElement>(null)
  const { next_number: next, exams, is_complete: isComplete, finished_at: finishedAt } = training
  const done = exams.filter(({ score }) => score !== null).length
  const begin = () => again.mutate(undefined, { onSuccess: ({ next_number: first }) => void navigate(`/training/${first ?? 1}`) })
  useKeys('training', {
    ...(next === null ? {} : { trainingNext: () => void navigate(`/training/${next}`) }),
    ...(isComplete ? { trainingAgain: begin } : {}),
    trainingDown: () => moveRow(list.current, 1),
    trainingUp: () => moveRow(list.current, -1),
  })
  return (
    <>
      <PageTitle title={words.training.title} beside={[words.training.done(done, exams.length), ...(training.round > 1 ? [words.training.round(training.round)] : [])].join(' · ')}>
        {next !== null && (
          <Button component={Link} to={`/training/${next}`} rightSection={<kbd>N</kbd>}>
            {done === 0 ? words.training.begin : words.training.next}
          </Button>
        )}
        {isComplete && (
          <Button variant="default" loading={again.isPending} onClick={begin} rightSection={<kbd>A</kbd>}>
            {words.training.again}
          </Button>
        )}
      </PageTitle>
      <div className={css.notes}>
        {again.isError && <Note kind="bad">{explain(again.error, words)}</Note>}
        {isComplete ? <Note kind="good">{words.training.complete}</Note> : <p className={css.about}>{words.training.about}</p>}
        {finishedAt !== null && <p className={css.about}>{words.training.finishedAt(formats.instant(finishedAt))}</p>}
      </div>
      <div ref={list}>
        <ScoreTable training={training} />
      </div>
      {done > 0 && <p className={css.under}>{words.training.whenFound}</p>}
    </>
  )
}
