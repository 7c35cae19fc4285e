import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useClosePhase, waitingOf } from '#state/assignments.ts'
import { useProgress } from '#state/dashboard.ts'
import { explainBy } from '#state/problems.ts'
import { useMe } from '#state/session.ts'
import { Card } from '../parts/card.tsx'
import { Dialog, Question } from '../parts/dialog.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './assignments.module.css'

/** The end of the reading phase: what it means, what still waits, and the way to it. */
export function ClosingCard({ onClosed }: { onClosed: () => void }) {
  const { closing: words } = useWords().assignments
  const formats = useFormats()
  const [isAsked, ask] = useState(false)
  const states = useProgress().data?.states ?? null
  const waiting = waitingOf(states)
  const untouched = states?.unassigned ?? 0
  return (
    <div className={css.closing}>
      <Card title={words.title}>
        <p>
          {words.detail}{' '}
          {waiting !== null && <strong>{waiting === 0 ? words.ready : words.waiting(formats.number(waiting))}</strong>}{' '}
          {untouched > 0 && words.untouched(formats.number(untouched))}
        </p>
        <Button variant="default" disabled={waiting !== null && waiting > 0} onClick={() => ask(true)}>
          {words.button}
        </Button>
      </Card>
      {isAsked && <Closing onClosed={onClosed} onClose={() => ask(false)} />}
    </div>
  )
}

function Closing({ onClosed, onClose }: { onClosed: () => void; onClose: () => void }) {
  const words = useWords()
  const { closing, cancel, problems } = words.assignments
  const { dataset } = useMe()
  const [typed, type] = useState('')
  const close = useClosePhase()
  return (
    <Dialog title={closing.confirmTitle} onClose={onClose}>
      <Question
        yes={closing.yes}
        no={cancel}
        isGrave
        isBusy={close.isPending}
        isPossible={typed === dataset}
        refusal={close.isError ? explainBy(close.error, words, problems) : null}
        onYes={() => close.mutate(typed, { onSuccess: onClosed })}
        onNo={onClose}
      >
        <p>{closing.confirmDetail}</p>
        <TextInput
          label={closing.confirm(dataset)}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
      </Question>
    </Dialog>
  )
}
