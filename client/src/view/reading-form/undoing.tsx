import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'

export function Undoing({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const { history } = useDeskSnapshot(desk)
  return (
    <span className={css.undoing}>
      <button type="button" className={css.quiet} disabled={history.past.length === 0 || !desk.mayChange} onClick={() => desk.undo()}>
        {words.undo} <kbd>Z</kbd>
      </button>
      <button type="button" className={css.quiet} disabled={history.future.length === 0 || !desk.mayChange} onClick={() => desk.redo()}>
        {words.redo} <kbd>⇧Z</kbd>
      </button>
    </span>
  )
}
