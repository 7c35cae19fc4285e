import type { Side } from '#schema/viewing.ts'
import { fieldOf } from '#state/reading-order.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'
import { OneOf } from './one-of.tsx'
import { Violations } from './violations.tsx'

/** BI-RADS and density of one breast. The one that keys answer is marked. */
export function BreastFields({ desk, side }: { desk: Desk; side: Side }) {
  const words = useWords()
  const { history, active, violations } = useDeskSnapshot(desk)
  const { breast } = desk.seat.labels
  const answer = history.present.breasts[side]
  const isActive = active.kind === 'breast' && active.side === side
  const here = violations.filter((one) => one.laterality === side && one.finding_index === null)
  const birads = words.arbitration.kinds.birads
  const { told } = words.labels
  const grades = breast.birads.map(({ value, meaning }) => ({ value, meaning: told(meaning) }))
  const densities = breast.densities.map(({ value, meaning }) => ({ value, meaning: told(meaning) }))
  return (
    <section className={css.breast} data-active={isActive} data-place={side} aria-label={words.marking.sides[side]}>
      <h2>{words.marking.sides[side]}</h2>
      <Row name={birads} field="birads" isMissing={here.some((one) => fieldOf(one) === 'birads')} meaning={grades.find(({ value }) => value === answer?.birads)?.meaning}>
        <OneOf label={`${birads}, ${words.marking.sides[side]}`} options={grades} chosen={answer?.birads ?? null} isOff={!desk.mayChange} onEnter={() => void desk.submit()} onChoose={(value) => desk.change({ do: 'birads', side, value })} />
      </Row>
      <Row name={words.marking.density} field="density" isMissing={here.some((one) => fieldOf(one) === 'density')} meaning={densities.find(({ value }) => value === answer?.density)?.meaning}>
        <OneOf label={`${words.marking.density}, ${words.marking.sides[side]}`} options={densities} chosen={answer?.density ?? null} isOff={!desk.mayChange} onEnter={() => void desk.submit()} onChoose={(value) => desk.change({ do: 'density', side, value })} />
      </Row>
      <Violations violations={here.filter(({ code }) => !code.endsWith('_missing'))} />
    </section>
  )
}

interface RowProps {
  name: string
  field: string
  isMissing: boolean
  meaning: string | undefined
  children: React.ReactNode
}

function Row({ name, field, isMissing, meaning, children }: RowProps) {
  return (
    <div className={css.row} data-field={field} data-missing={isMissing}>
      <span className={css.name}>{name}</span>
      {children}
      <span className={css.meaning}>{meaning ?? ''}</span>
    </div>
  )
}
