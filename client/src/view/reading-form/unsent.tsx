import { useKeptSince, useWaiting } from '#state/reading.ts'
import { Note } from '../parts/note.tsx'
import { useFormats, useWords } from '../words.ts'

/** That the server is not there, answers that wait for it, and those that it did not take. */
export function Unsent() {
  const { marking: words } = useWords()
  const { unsent, refused, gone } = useWaiting()
  const since = useKeptSince()
  const formats = useFormats()
  return (
    <>
      {since !== null && <Note kind="mark">{words.keptSince(formats.time(new Date(since).toISOString()))}</Note>}
      {unsent.length > 0 && <Note kind="mark">{words.unsent(unsent.length)}</Note>}
      {refused.map(({ study_id: id, number }) => (
        <Note key={id} kind="bad">
          {words.refusedLater(number)}
        </Note>
      ))}
      {gone.map(({ study_id: id, number }) => (
        <Note key={id} kind="bad">
          {words.goneLater(number)}
        </Note>
      ))}
    </>
  )
}
