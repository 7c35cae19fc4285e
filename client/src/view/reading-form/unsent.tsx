import { useWaiting } from '#state/reading.ts'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'

/** Answers that wait for the server, and those that it did not take. */
export function Unsent() {
  const { marking: words } = useWords()
  const { unsent, refused } = useWaiting()
  return (
    <>
      {unsent.length > 0 && <Note kind="mark">{words.unsent(unsent.length)}</Note>}
      {refused.map(({ study_id: id, number }) => (
        <Note key={id} kind="bad">
          {words.refusedLater(number)}
        </Note>
      ))}
    </>
  )
}
