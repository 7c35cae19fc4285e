import { Button, NativeSelect } from '@mantine/core'
import { useRef } from 'react'
import { useSearchParams } from 'react-router'
import type { Happening } from '#schema/administering.ts'
import { maySeeDataset } from '#state/access.ts'
import { asEventKind, EVENT_KINDS, useEvents } from '#state/events.ts'
import { usePeople } from '#state/people.ts'
import { useMe } from '#state/session.ts'
import filters from '../parts/filters.module.css'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Pager, usePages } from '../parts/pager.tsx'
import table from '../parts/parts.module.css'
import { TableSkeleton } from '../parts/skeletons.tsx'
import plots from '../plots/plots.module.css'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import css from './events.module.css'
import { useTelling } from './telling.ts'

export default function EventsPage() {
  const [search] = useSearchParams()
  const asked = { kind: search.get('kind'), by: search.get('by') }
  // another choice begins at its first page
  return <Events key={JSON.stringify(asked)} asked={asked} />
}

function Events({ asked }: { asked: { kind: string | null; by: string | null } }) {
  const { events: words } = useWords()
  const formats = useFormats()
  const pages = usePages()
  const events = useEvents({ ...asked, cursor: pages.cursor })
  const total = events.data?.total ?? null
  const isChosen = asked.kind !== null || asked.by !== null
  return (
    <>
      <PageTitle title={words.title} beside={total === null ? undefined : words.beside(formats.number(total))} />
      <Filters asked={asked} />
      <Loaded query={events} skeleton={<TableSkeleton rows={12} />}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <Nothing title={isChosen ? words.noneFound : words.none} />
          ) : (
            <>
              <EventTable events={items} />
              <Pager pages={pages} nShown={items.length} total={total} next={next_cursor} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

function Filters({ asked }: { asked: { kind: string | null; by: string | null } }) {
  const { filters: words, names } = useWords().events
  const [search, setSearch] = useSearchParams()
  const people = usePeople().data?.items.map(({ name }) => name) ?? []
  const isTold = maySeeDataset(useMe())
  const first = useRef<HTMLSelectElement>(null)
  useKeys('administration', { findInList: () => first.current?.focus() })
  const choose = (name: string, value: string) => {
    const after = new URLSearchParams(search)
    if (value === '') after.delete(name)
    else after.set(name, value)
    setSearch(after, { replace: true })
  }
  const kinds = EVENT_KINDS.filter(({ isAfterReadings }) => isTold || isAfterReadings !== true)
  return (
    <div className={filters.filters} role="group" aria-label={words.label}>
      <NativeSelect
        ref={first}
        label={words.kind}
        data={[{ value: '', label: words.everything }, ...kinds.map(({ kind }) => ({ value: kind, label: names[kind] }))]}
        value={asEventKind(asked.kind) ?? ''}
        onChange={(event) => choose('kind', event.currentTarget.value)}
      />
      <NativeSelect
        label={words.by}
        data={[{ value: '', label: words.anybody }, ...people]}
        value={asked.by ?? ''}
        onChange={(event) => choose('by', event.currentTarget.value)}
      />
      {(asked.kind !== null || asked.by !== null) && (
        <Button variant="default" onClick={() => setSearch({}, { replace: true })}>
          {words.clear}
        </Button>
      )}
    </div>
  )
}

function EventTable({ events }: { events: readonly Happening[] }) {
  const { events: words } = useWords()
  const formats = useFormats()
  const tell = useTelling()
  return (
    <div className={plots.scroll}>
      <table className={`${table.table} ${table.fitted} ${css.events}`}>
        <thead>
          <tr>
            <th scope="col">{words.columns.when}</th>
            <th scope="col">{words.columns.who}</th>
            <th scope="col">{words.columns.what}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => {
            const { who, what, more } = tell(event)
            return (
              <tr key={event.number}>
                <td className={css.when}>
                  <time dateTime={event.at}>{formats.instant(event.at)}</time>
                </td>
                <td>{who}</td>
                <td>
                  {what} {more !== '' && <span className={table.quiet}>({more})</span>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
