import { NativeSelect, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Assignment } from '#schema/administering.ts'
import { candidatesFor, type Held, useAssign, useWithdraw, withMovedOn } from '#state/assignments.ts'
import { usePeople } from '#state/people.ts'
import { explainBy } from '#state/problems.ts'
import { Question } from '../parts/dialog.tsx'
import { Note } from '../parts/note.tsx'
import { useFormats, useWords } from '../words.ts'
import { optionsOf } from './give.tsx'

interface TakeProps {
  exam: Assignment
  held: Held
  onClose: (done: string | null) => void
}

const LONGEST_REASON = 1000

/** Take an exam from somebody, for a reason; and give it to another in the same step where one is chosen. */
export function Take({ exam, held, onClose }: TakeProps) {
  const words = useWords()
  const { taking, cancel, problems } = words.assignments
  const formats = useFormats()
  const people = usePeople().data?.items ?? []
  const [reason, setReason] = useState('')
  const [instead, choose] = useState('')
  const [isTried, setTried] = useState(false)
  const withdraw = useWithdraw()
  const assign = useAssign()
  const candidates = exam.is_open ? candidatesFor(exam, held.role, people) : []
  const error = withdraw.error ?? assign.error
  const go = () => {
    setTried(true)
    if (reason.trim() === '') return
    const turn = { study_id: exam.study_id, role: held.role, reason: reason.trim() }
    const onSuccess = () => onClose(taking.done(exam.number, held.name))
    if (instead === '') withdraw.mutate({ ...turn, name: held.name }, { onSuccess })
    else assign.mutate({ ...turn, name: instead, instead_of: held.name }, { onSuccess })
  }
  return (
    <Question
      yes={instead === '' ? taking.yes : taking.swap}
      no={cancel}
      isGrave
      isBusy={withdraw.isPending || assign.isPending}
      refusal={error === null ? null : explainBy(error, words, withMovedOn(problems))}
      onYes={go}
      onNo={() => onClose(null)}
    >
      <p>{taking.detail}</p>
      {held.is_submitted === true && <Note kind="mark">{taking.submitted}</Note>}
      <Textarea
        label={taking.reason}
        description={taking.reasonHint}
        data-autofocus
        rows={2}
        maxLength={LONGEST_REASON}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={isTried && reason.trim() === '' && taking.noReason}
      />
      {candidates.length > 0 && (
        <NativeSelect
          label={taking.instead}
          data={[{ value: '', label: taking.nobody }, ...optionsOf(candidates, held.role, words, formats)]}
          value={instead}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      )}
    </Question>
  )
}
