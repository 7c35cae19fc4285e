import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useSearchParams } from 'react-router'
import type { Assignments, ExamState } from '#schema/administering.ts'
import { type Asked, EXAM_STATES, useAssignments } from '#state/assignments.ts'
import { usePeople } from '#state/people.ts'
import { Choice } from '../parts/choice.tsx'
import filters from '../parts/filters.module.css'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { Pager, usePages } from '../parts/pager.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import type { Asking } from './assignment-dialog.tsx'
import { ExamRows } from './exam-rows.tsx'

type Chosen = Omit<Asked, 'cursor'>

/** The exams and who has them: chosen by state, person and number, in pages. */
export function ExamAssignments({ asked, onAsk }: { asked: Chosen; onAsk: (asking: Asking) => void }) {
  const { assignments: words } = useWords()
  const pages = usePages()
  const list = useAssignments({ ...asked, cursor: pages.cursor })
  const isChosen = asked.state !== null || asked.person !== null || asked.number !== null
  return (
    <>
      <States counts={list.data?.counts} chosen={asked.state} />
      <Filters asked={asked} isChosen={isChosen} />
      <Loaded query={list} skeleton={<TableSkeleton rows={12} />}>
        {({ items, next_cursor, total }) =>
          items.length === 0 ? (
            <Nothing title={isChosen ? words.noneFound : words.none} {...(isChosen ? {} : { detail: words.noneDetail })} />
          ) : (
            <>
              <ExamRows exams={items} onAsk={onAsk} />
              <Pager pages={pages} nShown={items.length} total={total} next={next_cursor} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

function useChoose() {
  const [, setSearch] = useSearchParams()
  return (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true },
    )
}

const ALL = 'all'

function States({ counts, chosen }: { counts: Assignments['counts'] | undefined; chosen: ExamState | null }) {
  const { assignments: words, examStates } = useWords()
  const formats = useFormats()
  const choose = useChoose()
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0)
  const known = EXAM_STATES.filter((state) => (counts?.[state] ?? 0) > 0 || state === chosen)
  const options = [
    { value: ALL, name: words.all, count: counts && formats.number(total) },
    ...known.map((state) => ({ value: state, name: capitalized(examStates[state]), count: counts && formats.number(counts[state] ?? 0) })),
  ]
  return (
    <Choice
      label={words.filters.states}
      options={options}
      chosen={chosen ?? ALL}
      onChoose={(state) => choose('state', state === ALL ? '' : state)}
    />
  )
}

function Filters({ asked, isChosen }: { asked: Chosen; isChosen: boolean }) {
  const { filters: words } = useWords().assignments
  const [search, setSearch] = useSearchParams()
  const people = usePeople().data?.items ?? []
  const choose = useChoose()
  const first = useRef<HTMLSelectElement>(null)
  useKeys('administration', { findInList: () => first.current?.focus() })
  const names = people.filter(({ roles }) => roles.includes('reader') || roles.includes('arbiter')).map(({ name }) => name)
  const known = asked.person !== null && !names.includes(asked.person) ? [...names, asked.person] : names
  return (
    <div className={filters.filters} role="group" aria-label={words.label}>
      <NativeSelect
        ref={first}
        label={words.person}
        data={[{ value: '', label: words.anybody }, ...known]}
        value={asked.person ?? ''}
        onChange={(event) => choose('person', event.currentTarget.value)}
      />
      <TextInput
        label={words.number}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        value={search.get('number') ?? ''}
        onChange={(event) => choose('number', event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
      {isChosen && (
        <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
          {words.clear}
        </Button>
      )}
    </div>
  )
}

function capitalized(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1)
}
