import { Button } from '@mantine/core'
import { useState } from 'react'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { explainBy } from '#state/problems.ts'
import { SIDES } from '#state/draft.ts'
import { firstOf } from '#state/reading-order.ts'
import { Items } from '../arbitrating/items.tsx'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'
import { BreastFields } from './breast-fields.tsx'
import { Comment } from './comment.tsx'
import { Definitions } from './definitions.tsx'
import { Dialogs } from './dialogs.tsx'
import { FindingList } from './finding-list.tsx'
import css from './form.module.css'
import type { Seam } from './seam.ts'
import { Undoing } from './undoing.tsx'
import { Unsent } from './unsent.tsx'
import { useMarkingKeys } from './use-marking-keys.ts'
import { useWanted } from './use-wanted.ts'
import { usePlaceName, withoutPlace } from './violations.tsx'

interface FormProps {
  desk: Desk
  seam: Seam
}

/** What is asked of an exam: both breasts always, the findings, what is still missing, and the way on. */
export function Form({ desk, seam }: FormProps) {
  const { marking: words } = useWords()
  const { history, phase, active } = useDeskSnapshot(desk)
  const [hasDefinitions, setDefinitions] = useState(false)
  useMarkingKeys(desk, seam, () => setDefinitions(!hasDefinitions))
  const root = useWanted(desk, seam)
  const { items } = desk.seat
  return (
    <aside ref={root} className={css.form} aria-label={words.answer} data-phase={phase}>
      <Notes desk={desk} />
      {items.length > 0 && <Items desk={desk} />}
      <div className={css.breasts}>
        {SIDES.filter((side) => history.present.breasts[side] !== undefined).map((side) => (
          <BreastFields key={side} desk={desk} side={side} />
        ))}
      </div>
      <FindingList desk={desk} hasDefinitions={hasDefinitions} onDefinitions={() => setDefinitions(!hasDefinitions)} />
      {hasDefinitions && <Definitions labels={desk.seat.labels} isShort={active.kind === 'mark'} />}
      <Comment desk={desk} />
      <Foot desk={desk} />
      <Dialogs desk={desk} />
    </aside>
  )
}

/** What has to be known of the answer as a whole. */
function Notes({ desk }: { desk: Desk }) {
  const words = useWords()
  const { phase, refusal, saving } = useDeskSnapshot(desk)
  return (
    <>
      {phase === 'done' && (
        <Note kind="good">
          {words.marking.done}{' '}
          <Button size="compact-sm" variant="default" onClick={() => desk.startAmending()}>
            {words.marking.amend}
          </Button>
        </Note>
      )}
      {phase === 'frozen' && <Note kind="good">{words.marking.frozen}</Note>}
      {phase === 'amending' && <Note kind="mark">{words.marking.amending}</Note>}
      {refusal !== null && <Note kind="bad">{explainBy(refusal, words, words.marking.refusals)}</Note>}
      {saving === 'gone' && <Note kind="bad">{words.marking.saving.gone}</Note>}
      <Unsent />
    </>
  )
}

function Foot({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const placeName = usePlaceName()
  const { violations, wanted, history, phase, saving, isSubmitting } = useDeskSnapshot(desk)
  const errors = violations.filter(({ level }) => level === 'error').length
  const isOpen = phase === 'open' || phase === 'amending'
  const first = wanted === null ? null : firstOf(history.present, violations.filter(({ level }) => level === 'error'))
  const told = first === null ? '' : words.first(placeName(first), words.rule(first.code, withoutPlace(first.message)))
  const state = errors > 0 ? `${words.toDo(errors)}. ${told}` : violations.length > 0 ? words.toConfirm(violations.length) : words.complete
  return (
    <div className={css.foot}>
      <div className={css.line}>
        <Undoing desk={desk} />
        <span className={css.saving} data-saving={saving} role="status">
          {phase === 'open' ? words.saving[saving] : ''}
        </span>
      </div>
      {isOpen && (
        <p className={css.state} data-complete={violations.length === 0} role="status">
          {state}
        </p>
      )}
      {isOpen && (
        <div className={css.line}>
          <button type="button" className={css.quiet} onClick={() => desk.ask('flag')}>
            {words.flag} <kbd>F</kbd>
          </button>
          <Button onClick={() => void desk.submit()} loading={isSubmitting} disabled={saving === 'gone'} rightSection={<kbd>Enter</kbd>}>
            {words.submit}
          </Button>
        </div>
      )}
    </div>
  )
}
