import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { asExamNumber, asExamState } from '#state/assignments.ts'
import { maySeeDataset } from '#state/access.ts'
import { useMe } from '#state/session.ts'
import { Note } from '../parts/note.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useWords } from '../words.ts'
import css from './assignments.module.css'
import { type Asking, AssignmentDialog } from './assignment-dialog.tsx'
import { ClosingCard } from './closing-card.tsx'
import { ExamAssignments } from './exam-assignments.tsx'

export default function AssignmentsPage() {
  const { assignments: words } = useWords()
  const me = useMe()
  const [search] = useSearchParams()
  const [asking, ask] = useState<Asking | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const asked = {
    state: asExamState(search.get('state')),
    person: search.get('person'),
    number: asExamNumber(search.get('number')),
  }
  const draw = () => (setDone(null), ask({ kind: 'draw' }))
  useKeys('administration', me.phase_is_closed ? {} : { drawPeople: draw })
  const close = (said: string | null) => {
    ask(null)
    if (said !== null) setDone(said)
  }
  return (
    <>
      <PageTitle title={words.title}>
        {!me.phase_is_closed && (
          <Button onClick={draw} rightSection={<kbd aria-hidden="true">D</kbd>}>
            {words.draw.button}
          </Button>
        )}
      </PageTitle>
      <div className={css.notes}>
        {me.phase_is_closed && <Note kind="mark">{words.closed}</Note>}
        {!maySeeDataset(me) && <Note kind="mark">{words.withheld}</Note>}
        {done !== null && <Note kind="good">{done}</Note>}
      </div>
      {/* another choice begins at its first page */}
      <ExamAssignments key={JSON.stringify(asked)} asked={asked} onAsk={ask} />
      {!me.phase_is_closed && <ClosingCard onClosed={() => setDone(words.closing.done)} />}
      {asking !== null && <AssignmentDialog asking={asking} onClose={close} />}
    </>
  )
}
