import { Skeleton } from '@mantine/core'
import type { FlowStep, Leaving } from '#schema/administering.ts'
import type { Words } from '#words/index.ts'
import { Card } from '../parts/card.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './dashboard.module.css'

/** Where every exam of the pool went, so that the counts add up; null while it is being counted. */
export function FlowCard({ flow }: { flow: readonly FlowStep[] | null }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <Card title={words.dashboard.flow.title}>
      {flow === null ? (
        <FlowSkeleton />
      ) : (
        <ol className={css.flow}>
          {flow.map((step, place) => (
            <li key={step.step} data-step={step.step}>
              <div className={css.step}>
                <strong>{formats.number(step.count)}</strong> <span>{stepName(step, words)}</span>
              </div>
              {place < flow.length - 1 && <LeavingHere step={step} />}
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

function LeavingHere({ step }: { step: FlowStep }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <div className={css.between}>
      {step.leaving.length > 0 && (
        <ul className={css.leaving} aria-label={words.dashboard.flow.leaving}>
          {step.leaving.map((one) => (
            <li key={`${one.reason} ${one.label}`} data-waiting={one.is_waiting || undefined}>
              <strong>{formats.number(one.count)}</strong>
              <span>
                {leavingName(step, one, words)}
                {one.is_waiting && <em className={css.waiting}>{words.dashboard.flow.waiting}</em>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** As the server says it where incomplete exams were let through, of which it counts how many. */
const INCOMPLETE = 'of them incomplete'

function stepName({ step, label }: FlowStep, { dashboard: { flow } }: Words): string {
  if (label.includes(INCOMPLETE)) return flow.incomplete
  return step in flow.steps ? flow.steps[step as keyof typeof flow.steps] : label
}

function leavingName({ step }: FlowStep, { reason, label }: Leaving, { dashboard: { flow }, reasons }: Words): string {
  if (reason === 'waiting' && step in flow.waitingFor) return flow.waitingFor[step as keyof typeof flow.waitingFor]
  return reasons[reason] ?? label
}

function FlowSkeleton() {
  const { dashboard: words } = useWords()
  return (
    <div aria-busy="true">
      <span className="unseen" role="status">
        {words.flow.toCome}
      </span>
      {[0, 1, 2, 3, 4].map((row) => (
        <Skeleton key={row} height={36} mb={22} />
      ))}
    </div>
  )
}
