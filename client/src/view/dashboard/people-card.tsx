import type { PersonalProgress } from '#schema/administering.ts'
import { peopleInOrder, togetherOf } from '#state/progress.ts'
import { Card } from '../parts/card.tsx'
import { Nothing } from '../parts/nothing.tsx'
import table from '../parts/parts.module.css'
import plots from '../plots/plots.module.css'
import { type Axis, axisOver, partsOf, STEPS } from '../plots/scale.ts'
import { Bar, Interval, Ticks } from '../plots/track.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'

/** How far everybody is and how long an exam takes them: a bar and a dot for each, the numbers beside them. */
export function PeopleCard({ rows, isWithheld }: { rows: readonly PersonalProgress[]; isWithheld: boolean }) {
  const { dashboard: words } = useWords()
  const times = rows.flatMap(({ seconds_per_exam: seconds }) => (seconds === null ? [] : [seconds.median, seconds.p90]))
  const axis = axisOver(times, STEPS.seconds, 0)
  if (rows.length === 0) {
    return (
      <Card title={words.people.title}>
        <Nothing title={words.people.none} detail={words.people.noneDetail} />
      </Card>
    )
  }
  return (
    <Card title={words.people.title}>
      <div className={plots.scroll}>
        <table className={`${table.table} ${css.people}`}>
          <caption className="unseen">{words.people.caption}</caption>
          <Head axis={axis} isTimed={times.length > 0} />
          <tbody>
            {peopleInOrder(rows).map((row) => (
              <Row
                key={`${row.role} ${row.name}`}
                row={row}
                axis={times.length > 0 ? axis : null}
                untimed={isWithheld ? words.people.withheld : words.people.untimed}
              />
            ))}
          </tbody>
          <Foot rows={rows} />
        </table>
      </div>
      {times.length > 0 && <p className={css.after}>{words.people.legend}</p>}
    </Card>
  )
}

function Head({ axis, isTimed }: { axis: Axis; isTimed: boolean }) {
  const { people: words } = useWords().dashboard
  const formats = useFormats()
  return (
    <thead>
      <tr>
        <th scope="col">{words.person}</th>
        <th scope="col">{words.role}</th>
        <th scope="col">{words.progress}</th>
        <NumberHeads names={[words.submitted, words.begun, words.assigned]} />
        {isTimed && (
          <>
            <td className={css.time}>
              <Ticks axis={axis} format={formats.duration} />
            </td>
            <NumberHeads names={[words.median, words.p90, words.perHour]} />
          </>
        )}
      </tr>
    </thead>
  )
}

function NumberHeads({ names }: { names: readonly string[] }) {
  return names.map((name) => (
    <th key={name} scope="col" className={table.number}>
      {name}
    </th>
  ))
}

interface RowProps {
  row: PersonalProgress
  /** Of the times; null where there are none at all. */
  axis: Axis | null
  /** What is said where there is no time. */
  untimed: string
}

function Row({ row, axis, untimed }: RowProps) {
  const words = useWords()
  const formats = useFormats()
  const { name, role, assigned, in_progress, submitted } = row
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={table.quiet}>{words.worklist.roles[role]}</td>
      <td className={css.bar}>
        <Bar parts={partsOf([['done', submitted], ['begun', in_progress]] as const, assigned)} />
      </td>
      <td className={table.number}>{formats.number(submitted)}</td>
      <td className={table.number}>{formats.number(in_progress)}</td>
      <td className={table.number}>{formats.number(assigned)}</td>
      {axis !== null && <Times row={row} axis={axis} untimed={untimed} />}
    </tr>
  )
}

function Times({ row: { seconds_per_exam: seconds, per_hour }, axis, untimed }: RowProps & { axis: Axis }) {
  const formats = useFormats()
  if (seconds === null) {
    return (
      <td className={`${table.quiet} ${css.untimed}`} colSpan={4}>
        {untimed}
      </td>
    )
  }
  return (
    <>
      <td className={css.time}>
        <Interval axis={axis} value={seconds.median} low={seconds.median} high={seconds.p90} />
      </td>
      <td className={table.number}>{formats.duration(seconds.median)}</td>
      <td className={table.number}>{formats.duration(seconds.p90)}</td>
      <td className={table.number}>{per_hour === null ? '–' : formats.number(Math.round(per_hour))}</td>
    </>
  )
}

function Foot({ rows }: { rows: readonly PersonalProgress[] }) {
  const { people: words } = useWords().dashboard
  const formats = useFormats()
  const all = togetherOf(rows)
  return (
    <tfoot>
      <tr>
        <th scope="row" colSpan={2}>
          {words.total}
        </th>
        <td className={css.bar}>
          <Bar parts={partsOf([['done', all.submitted], ['begun', all.in_progress]] as const, all.assigned)} />
        </td>
        <td className={table.number}>{formats.number(all.submitted)}</td>
        <td className={table.number}>{formats.number(all.in_progress)}</td>
        <td className={table.number}>{formats.number(all.assigned)}</td>
      </tr>
    </tfoot>
  )
}
