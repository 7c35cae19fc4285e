import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { WorkItem, WorkState } from '#schema/reading-room.ts'
import css from '../parts/parts.module.css'
import { useAboutToOpen } from '#state/viewing.ts'
import { useFormats, useWords } from '../words.ts'

interface ExamTableProps<Item extends WorkItem> {
  items: readonly Item[]
  state: WorkState
  pathOf: (studyId: string) => string
  reasonsOf?: (item: Item) => ReactNode
}

export function ExamTable<Item extends WorkItem>({ items, state, pathOf, reasonsOf }: ExamTableProps<Item>) {
  const { columns } = useWords().worklist
  return (
    <table className={`${css.table} ${css.fitted}`}>
      <thead>
        <tr>
          <th scope="col">{columns.exam}</th>
          <th scope="col" className={css.number}>
            {columns.images}
          </th>
          {reasonsOf ? <th scope="col">{columns.reasons}</th> : <th scope="col">{columns.role}</th>}
          {state === 'in_progress' && <th scope="col">{columns.opened}</th>}
          {state === 'done' && <th scope="col">{columns.submitted}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={item.study_id} item={item} state={state} to={pathOf(item.study_id)} reasons={reasonsOf?.(item)} />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  item: WorkItem
  state: WorkState
  to: string
  reasons: ReactNode
}

function Row({ item, state, to, reasons }: RowProps) {
  const { worklist: words } = useWords()
  const formats = useFormats()
  const load = useAboutToOpen()
  return (
    <tr>
      <td>
        <Link to={to} state={{ number: item.number }} onPointerDown={() => load(item.study_id)}>
          {words.exam(item.number)}
        </Link>
      </td>
      <td className={css.number}>{formats.number(item.n_images)}</td>
      <td>{reasons ?? <span className={css.quiet}>{words.roles[item.role]}</span>}</td>
      {state === 'in_progress' && <td>{formats.time(item.opened_at)}</td>}
      {state === 'done' && (
        <td>
          {formats.time(item.submitted_at)}{' '}
          <span className={css.quiet}>{item.can_amend ? words.canAmend : words.isFrozen}</span>
        </td>
      )}
    </tr>
  )
}
