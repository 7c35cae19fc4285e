import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'

const LONGEST = 4000

export function Comment({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const { history } = useDeskSnapshot(desk)
  return (
    <label className={css.comment}>
      <span>
        {words.comment} <kbd>;</kbd>
      </span>
      <textarea
        data-field="comment"
        rows={2}
        maxLength={LONGEST}
        value={history.present.comment}
        readOnly={!desk.mayChange}
        onChange={(event) => desk.change({ do: 'comment', text: event.currentTarget.value }, 'comment')}
        onKeyDown={(event) => (event.key === 'Escape' ? event.currentTarget.blur() : undefined)}
      />
    </label>
  )
}
