import type { Day } from '#schema/administering.ts'
import { Card } from '../parts/card.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { daysPerBar } from '../plots/days.ts'
import { DaysPlot } from '../plots/days-plot.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'

export function DaysCard({ title, days }: { title: string; days: readonly Day[] }) {
  const { dashboard: words } = useWords()
  const formats = useFormats()
  const total = days.reduce((sum, { n }) => sum + n, 0)
  return (
    <Card title={title}>
      {total === 0 ? (
        <Nothing title={words.days.none} />
      ) : (
        <>
          <p className={css.about} title={words.days.zone}>
            {words.days.total(formats.number(total), days.length, daysPerBar(days.length))}
          </p>
          <DaysPlot days={days} />
        </>
      )}
    </Card>
  )
}
