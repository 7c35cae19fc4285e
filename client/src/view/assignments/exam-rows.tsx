import { Menu } from '@mantine/core'
import type { Assignee, Assignment } from '#schema/administering.ts'
import { lackingIn, takableFrom } from '#state/assignments.ts'
import { useMe } from '#state/session.ts'
import table from '../parts/parts.module.css'
import { RowMenu } from '../parts/row-menu.tsx'
import plots from '../plots/plots.module.css'
import { useWords } from '../words.ts'
import type { Asking } from './assignment-dialog.tsx'
import css from './assignments.module.css'

interface ExamRowsProps {
  exams: readonly Assignment[]
  onAsk: (asking: Asking) => void
}

export function ExamRows({ exams, onAsk }: ExamRowsProps) {
  const { columns } = useWords().assignments
  const { phase_is_closed } = useMe()
  // Whom one may not be told of has no column: it would always be empty.
  const isTold = exams.some((exam) => exam.flags !== null)
  const heads = [columns.exam, columns.state, columns.readers, ...(isTold ? [columns.arbiter, columns.senior, columns.flags] : [])]
  return (
    <div className={plots.scroll}>
      <table className={`${table.table} ${css.exams}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">{columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {exams.map((exam) => (
            <Row key={exam.study_id} exam={exam} isTold={isTold} isOver={phase_is_closed} onAsk={onAsk} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  exam: Assignment
  isTold: boolean
  isOver: boolean
  onAsk: (asking: Asking) => void
}

function Row({ exam, isTold, isOver, onAsk }: RowProps) {
  const { assignments: words, examStates } = useWords()
  return (
    <tr>
      <th scope="row">{words.exam(exam.number)}</th>
      <td>
        <span className={css.state} data-tone={exam.state}>
          <span className={plots.swatch} aria-hidden="true" />
          {examStates[exam.state]}
        </span>
        {!exam.is_open && exam.state !== 'excluded' && <span className={css.second}>{words.isShut}</span>}
      </td>
      <td>
        <People people={exam.readers} />
      </td>
      {isTold && (
        <>
          <td>
            <People people={exam.arbiter === null ? [] : [exam.arbiter]} />
          </td>
          <td>
            <People people={exam.senior === null ? [] : [exam.senior]} />
          </td>
          <td className={css.flags}>{(exam.flags ?? []).map((flag) => flagName(flag, words.flags)).join(', ')}</td>
        </>
      )}
      <td>{!isOver && <ExamMenu exam={exam} onAsk={onAsk} />}</td>
    </tr>
  )
}

/** A flag is its kind, and perhaps what was written beside it. */
function flagName(flag: string, kinds: Readonly<Record<string, string>>): string {
  const [kind = '', ...rest] = flag.split(': ')
  return [kinds[kind] ?? kind, ...rest].join(': ')
}

function People({ people }: { people: readonly Assignee[] }) {
  const { assignments: words } = useWords()
  if (people.length === 0) return <span className={table.quiet}>–</span>
  return (
    <ul className={css.people}>
      {people.map(({ name, is_submitted }) => (
        <li key={name} data-submitted={is_submitted ?? undefined}>
          {name}
          {is_submitted !== null && (
            <>
              <Sign isDone={is_submitted} />
              <span className="unseen">{is_submitted ? words.submitted : words.notSubmitted}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function Sign({ isDone }: { isDone: boolean }) {
  const { assignments: words } = useWords()
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <title>{isDone ? words.submitted : words.notSubmitted}</title>
      {isDone ? <path d="m3 8.500 3.500 3.500L13 4.500" /> : <circle cx="8" cy="8" r="3.500" />}
    </svg>
  )
}

function ExamMenu({ exam, onAsk }: { exam: Assignment; onAsk: (asking: Asking) => void }) {
  const { assignments: words, worklist } = useWords()
  const lacking = lackingIn(exam)
  const takable = takableFrom(exam)
  if (lacking.length + takable.length === 0) return null
  return (
    <RowMenu label={words.actions(exam.number)}>
      {lacking.map((role) => (
        <Menu.Item key={role} onClick={() => onAsk({ kind: 'give', exam, role })}>
          {words.give[role]}
        </Menu.Item>
      ))}
      {takable.map((held) => (
        <Menu.Item key={`${held.role} ${held.name}`} onClick={() => onAsk({ kind: 'take', exam, held })}>
          {words.take(held.name, worklist.roles[held.role])}
        </Menu.Item>
      ))}
    </RowMenu>
  )
}
