import type { Progress } from '#schema/administering.ts'
import { settledOf, statesInOrder, sumOf } from '#state/progress.ts'
import { Card } from '../parts/card.tsx'
import { Nothing } from '../parts/nothing.tsx'
import plots from '../plots/plots.module.css'
import { partsOf } from '../plots/scale.ts'
import { Bar } from '../plots/track.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'

/** Where the exams stand: one bar, and every part of it as a number. */
export function StatesCard({ states }: { states: NonNullable<Progress['states']> }) {
  const { dashboard: words, examStates } = useWords()
  const formats = useFormats()
  const counts = statesInOrder(states)
  const total = sumOf(counts)
  const settled = settledOf(counts)
  if (total === 0) {
    return (
      <Card title={words.states.title}>
        <Nothing title={words.states.none} detail={words.states.noneDetail} />
      </Card>
    )
  }
  const parts = partsOf(counts.map(({ state, count }) => [state, count] as const), total)
  return (
    <Card title={words.states.title}>
      <p className={css.lead}>
        <span className={css.big}>{formats.percent(settled / total)}</span>
        <span>{words.states.answered(formats.number(settled), formats.number(total))}</span>
      </p>
      <Bar parts={parts} height={18} />
      <ul className={css.legend}>
        {counts.map(({ state, count }) => (
          <li key={state} data-tone={state}>
            <span className={plots.swatch} aria-hidden="true" />
            {examStates[state]} <strong>{formats.number(count)}</strong>
          </li>
        ))}
      </ul>
    </Card>
  )
}
