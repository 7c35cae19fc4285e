import { Button, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Person } from '#schema/administering.ts'
import { named, usePeople } from '#state/people.ts'
import filters from '../parts/filters.module.css'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useWords } from '../words.ts'
import { type Asking, PeopleDialog } from './people-dialog.tsx'
import { PeopleTable } from './people-table.tsx'

/** From so many people on one is looked for by name. */
const MANY = 9

export default function PeoplePage() {
  const { people: words } = useWords()
  const people = usePeople()
  const [asking, ask] = useState<Asking | null>(null)
  const add = () => ask({ kind: 'add' })
  useKeys('administration', { addPerson: add })
  return (
    <>
      <PageTitle title={words.title} beside={people.data && words.count(people.data.items.length)}>
        <Button onClick={add} rightSection={<kbd aria-hidden="true">A</kbd>}>
          {words.add}
        </Button>
      </PageTitle>
      <Loaded query={people} skeleton={<TableSkeleton />}>
        {({ items }) => <People people={items} onAsk={ask} />}
      </Loaded>
      {asking !== null && <PeopleDialog asking={asking} onAsk={ask} onClose={() => ask(null)} />}
    </>
  )
}

function People({ people, onAsk }: { people: readonly Person[]; onAsk: (asking: Asking) => void }) {
  const { people: words } = useWords()
  const [sought, seek] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useKeys('administration', { findInList: () => field.current?.focus() })
  const shown = named(people, sought)
  return (
    <>
      {people.length >= MANY && (
        <div className={filters.filters}>
          <TextInput
            ref={field}
            type="search"
            label={words.find}
            value={sought}
            onChange={(event) => seek(event.currentTarget.value)}
          />
        </div>
      )}
      {shown.length === 0 ? <Nothing title={words.found} /> : <PeopleTable people={shown} onAsk={onAsk} />}
    </>
  )
}
