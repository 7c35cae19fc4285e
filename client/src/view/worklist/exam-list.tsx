import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import type { WorkItem, Worklist, WorkState } from '#schema/reading-room.ts'
import { WORK_STATES } from '#state/worklist.ts'
import type { Words } from '#words/index.ts'
import { Choice } from '../parts/choice.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { Unsent } from '../reading-form/unsent.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import { ExamTable } from './exam-table.tsx'
import { moveRow } from './move-row.ts'

interface ExamListProps<Item extends WorkItem> {
  words: Words['worklist'] | Words['arbitration']
  state: WorkState
  query: UseQueryResult<Worklist<Item>>
  pathOf: (studyId: string) => string
  reasonsOf?: (item: Item) => ReactNode
  note?: ReactNode
}

/** A person's exams: new, begun, done. One key opens the next. */
export function ExamList<Item extends WorkItem>({ words, state, query, pathOf, reasonsOf, note }: ExamListProps<Item>) {
  const navigate = useNavigate()
  const [, setSearch] = useSearchParams()
  const list = useRef<HTMLDivElement>(null)
  const show = (chosen: WorkState) => setSearch({ state: chosen }, { replace: true })
  const next = query.data?.next_study_id ?? null
  useKeys('worklist', {
    ...(next === null ? {} : { openNext: () => void navigate(pathOf(next)) }),
    showNew: () => show('new'),
    showInProgress: () => show('in_progress'),
    showDone: () => show('done'),
    rowDown: () => moveRow(list.current, 1),
    rowUp: () => moveRow(list.current, -1),
  })
  return (
    <>
      <Title title={words.title} counts={query.data?.counts} next={next === null ? null : pathOf(next)} />
      <States words={words} state={state} counts={query.data?.counts} onChoose={show} />
      <Unsent />
      {note}
      <div ref={list}>
        <Loaded query={query} skeleton={<TableSkeleton />}>
          {({ items }) => {
            // While another state's exams are on their way only the counts of the ones before still hold.
            if (query.isPlaceholderData) return <TableSkeleton />
            if (items.length === 0) return <Nothing title={words.empty[state]} />
            return <ExamTable items={items} state={state} pathOf={pathOf} {...(reasonsOf && { reasonsOf })} />
          }}
        </Loaded>
      </div>
    </>
  )
}

type Counts = Record<WorkState, number> | undefined

function Title({ title, counts, next }: { title: string; counts: Counts; next: string | null }) {
  const { worklist: words } = useWords()
  const total = counts && counts.new + counts.in_progress + counts.done
  const progress = counts && total ? words.progress(counts.done, total) : undefined
  return (
    <PageTitle title={title} beside={progress}>
      {next !== null && (
        <Button component={Link} to={next} rightSection={<kbd>N</kbd>}>
          {words.next}
        </Button>
      )}
    </PageTitle>
  )
}

interface StatesProps {
  words: Words['worklist'] | Words['arbitration']
  state: WorkState
  counts: Counts
  onChoose: (state: WorkState) => void
}

function States({ words, state, counts, onChoose }: StatesProps) {
  const formats = useFormats()
  const options = WORK_STATES.map((value) => ({
    value,
    name: words.states[value],
    count: counts && formats.number(counts[value]),
  }))
  return <Choice label={words.title} options={options} chosen={state} onChoose={onChoose} />
}
