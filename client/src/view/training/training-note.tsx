import { Link } from 'react-router'
import { useTraining } from '#state/training.ts'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'

/** Above a worklist, for who has not been through the training: that it is there, or that it comes first. */
export function TrainingNote() {
  const { training: words } = useWords()
  const { data } = useTraining()
  if (data === undefined || data.finished_at !== null || data.exams.length === 0) return null
  return (
    <Note kind={data.is_required ? 'mark' : 'good'}>
      {data.is_required ? words.requiredFirst : words.offered} <Link to="/training">{words.open}</Link>
    </Note>
  )
}
