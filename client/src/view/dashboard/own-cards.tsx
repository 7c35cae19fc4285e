import type { PersonalProgress } from '#schema/administering.ts'
import { peopleInOrder } from '#state/progress.ts'
import { Card } from '../parts/card.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { partsOf } from '../plots/scale.ts'
import { Bar } from '../plots/track.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'

/** A person's own numbers, a card for each role they have exams in. */
export function OwnCards({ rows }: { rows: readonly PersonalProgress[] }) {
  const { own: words } = useWords().dashboard
  if (rows.length === 0) return <Nothing title={words.none} detail={words.noneDetail} />
  return (
    <div className={css.tiles}>
      {peopleInOrder(rows).map((row) => (
        <OwnCard key={row.role} row={row} />
      ))}
    </div>
  )
}

function OwnCard({ row }: { row: PersonalProgress }) {
  const { own: words } = useWords().dashboard
  const formats = useFormats()
  const { assigned, in_progress, submitted } = row
  const parts = partsOf([['done', submitted], ['begun', in_progress]] as const, assigned)
  return (
    <Card title={words.title[row.role]}>
      <p className={css.lead}>
        <span className={css.big}>{formats.percent(assigned === 0 ? 0 : submitted / assigned)}</span>
        <span>{words.done(formats.number(submitted), formats.number(assigned))}</span>
      </p>
      <Bar parts={parts} height={18} />
      <Facts row={row} />
    </Card>
  )
}

function Facts({ row }: { row: PersonalProgress }) {
  const { own: words } = useWords().dashboard
  const formats = useFormats()
  const { assigned, in_progress, submitted, seconds_per_exam: seconds, per_hour } = row
  const facts: [string, string][] = [
    [words.begun, formats.number(in_progress)],
    [words.left, formats.number(assigned - in_progress - submitted)],
  ]
  if (seconds !== null) facts.push([words.half, formats.duration(seconds.median)], [words.most, formats.duration(seconds.p90)])
  if (per_hour !== null) facts.push([words.perHour, formats.number(Math.round(per_hour))])
  return (
    <>
      <dl className={css.own}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {seconds === null && <p className={css.after}>{words.untimed}</p>}
    </>
  )
}
