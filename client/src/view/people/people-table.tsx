import { Menu, Switch } from '@mantine/core'
import type { Person } from '#schema/administering.ts'
import { entranceOf, isAnswering, useChangePerson } from '#state/people.ts'
import { explainBy } from '#state/problems.ts'
import { useMe } from '#state/session.ts'
import { Note } from '../parts/note.tsx'
import table from '../parts/parts.module.css'
import { RowMenu } from '../parts/row-menu.tsx'
import plots from '../plots/plots.module.css'
import { useFormats, useWords } from '../words.ts'
import type { Asking } from './people-dialog.tsx'
import css from './people.module.css'

const HEADS = ['name', 'roles', 'experience', 'reads', 'arbitrations', 'seniors', 'cap', 'available', 'training', 'entrance'] as const

interface PeopleTableProps {
  people: readonly Person[]
  onAsk: (asking: Asking) => void
}

export function PeopleTable({ people, onAsk }: PeopleTableProps) {
  const words = useWords()
  const { columns } = words.people
  const change = useChangePerson()
  const setAvailable = (name: string, is_available: boolean) => change.mutate({ name, change: { is_available } })
  const enable = (name: string) => change.mutate({ name, change: { is_disabled: false } })
  return (
    <>
      {change.isError && <Note kind="bad">{explainBy(change.error, words, words.people.problems)}</Note>}
      <div className={plots.scroll}>
        <table className={`${table.table} ${css.people}`}>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {columns[head]}
                </th>
              ))}
              <th scope="col">
                <span className="unseen">{columns.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row key={person.name} person={person} onAsk={onAsk} onAvailable={setAvailable} onEnable={enable} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

interface RowProps {
  person: Person
  onAsk: (asking: Asking) => void
  onAvailable: (name: string, isAvailable: boolean) => void
  onEnable: (name: string) => void
}

function Row({ person, onAsk, onAvailable, onEnable }: RowProps) {
  const { people: words, shell } = useWords()
  const formats = useFormats()
  const isSelf = useMe().name === person.name
  const entrance = entranceOf(person)
  return (
    <tr data-disabled={person.is_disabled || undefined}>
      <th scope="row">
        {person.name} {isSelf && <span className={css.you}>{words.you}</span>}
      </th>
      <td>{person.roles.map((role) => shell.roles[role]).join(', ')}</td>
      <td>
        <Experience person={person} />
      </td>
      <td>
        <Counts counts={person.reads} />
      </td>
      <td>
        <Counts counts={person.arbitrations} />
      </td>
      <td>
        <Counts counts={person.quality_reads} />
      </td>
      {isAnswering(person) ? (
        <>
          <td>{person.workload_cap === null ? <span className={table.quiet}>{words.noCap}</span> : formats.number(person.workload_cap)}</td>
          <td>
            <Switch
              size="sm"
              aria-label={words.isAvailable(person.name)}
              checked={person.is_available}
              onChange={(event) => onAvailable(person.name, event.currentTarget.checked)}
            />
          </td>
          <td className={person.trained_at === null ? table.quiet : undefined}>{person.trained_at === null ? words.untrained : words.trained(formats.time(person.trained_at))}</td>
        </>
      ) : (
        <td colSpan={3} className={table.quiet}>
          –
        </td>
      )}
      <td>
        <span className={css.entrance} data-kind={entrance}>
          {words.entrance[entrance]}
        </span>
      </td>
      <td>
        <PersonMenu person={person} onAsk={onAsk} onEnable={onEnable} />
      </td>
    </tr>
  )
}

function PersonMenu({ person, onAsk, onEnable }: Omit<RowProps, 'onAvailable'>) {
  const { people: words } = useWords()
  return (
    <RowMenu label={words.actions(person.name)}>
      <Menu.Item onClick={() => onAsk({ kind: 'edit', person })}>{words.edit}</Menu.Item>
      <Menu.Item onClick={() => onAsk({ kind: 'reset', person })}>{words.newPassword}</Menu.Item>
      {person.is_disabled ? (
        <Menu.Item onClick={() => onEnable(person.name)}>{words.enable}</Menu.Item>
      ) : (
        <Menu.Item onClick={() => onAsk({ kind: 'disable', person })}>{words.disable}</Menu.Item>
      )}
    </RowMenu>
  )
}

function Experience({ person: { years_experience: years, annual_volume: volume } }: { person: Person }) {
  const { people: words } = useWords()
  const formats = useFormats()
  const said = [years === null ? '' : words.years(years), volume === null ? '' : words.perYear(formats.number(volume))]
  return <>{said.filter((one) => one !== '').join(', ') || <span className={table.quiet}>–</span>}</>
}

/** How many of their exams somebody has answered; null where one may not know. */
function Counts({ counts }: { counts: Person['reads'] | null }) {
  const { people: words } = useWords()
  const formats = useFormats()
  if (counts === null) return <span className={table.quiet}>{words.withheld}</span>
  if (counts.assigned === 0) return <span className={table.quiet}>–</span>
  return <span className={css.counts}>{words.ofAssigned(formats.number(counts.submitted), formats.number(counts.assigned))}</span>
}
