import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Assignment, Person, ReadingRole } from '#schema/administering.ts'
import { candidatesFor, useAssign, withMovedOn } from '#state/assignments.ts'
import { usePeople } from '#state/people.ts'
import { explainBy } from '#state/problems.ts'
import type { Formats } from '#words/format.ts'
import type { Words } from '#words/index.ts'
import { Question } from '../parts/dialog.tsx'
import { useFormats, useWords } from '../words.ts'

interface GiveProps {
  exam: Assignment
  role: ReadingRole
  onClose: (done: string | null) => void
}

/** Give an exam to somebody who is named. */
export function Give({ exam, role, onClose }: GiveProps) {
  const words = useWords()
  const { giving, cancel, problems } = words.assignments
  const formats = useFormats()
  const people = usePeople()
  const assign = useAssign()
  const [name, choose] = useState('')
  const candidates = candidatesFor(exam, role, people.data?.items ?? [])
  const go = () =>
    assign.mutate({ study_id: exam.study_id, name, role }, { onSuccess: () => onClose(giving.done(exam.number, name)) })
  return (
    <Question
      yes={giving.yes}
      no={cancel}
      isBusy={assign.isPending}
      isPossible={name !== ''}
      refusal={assign.isError ? explainBy(assign.error, words, withMovedOn(problems)) : null}
      onYes={go}
      onNo={() => onClose(null)}
    >
      {people.isSuccess && candidates.length === 0 ? (
        <p>{giving.nobody}</p>
      ) : (
        <NativeSelect
          label={giving.person}
          data-autofocus
          data={[{ value: '', label: giving.choose }, ...optionsOf(candidates, role, words, formats)]}
          value={name}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      )}
    </Question>
  )
}

/** People to choose from, with how many exams they have in a role. */
export function optionsOf(people: readonly Person[], role: ReadingRole, { assignments: { giving } }: Words, formats: Formats) {
  const counts = { reader: 'reads', arbiter: 'arbitrations', senior: 'quality_reads' } as const
  return people.map((one) => {
    const load = one[counts[role]]?.assigned
    const name = load === undefined ? one.name : giving.load(one.name, formats.number(load))
    return { value: one.name, label: one.is_available ? name : `${name}, ${giving.notAvailable}` }
  })
}
