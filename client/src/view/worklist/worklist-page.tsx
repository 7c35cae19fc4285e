import { useSearchParams } from 'react-router'
import { asWorkState, useWorklist } from '#state/worklist.ts'
import { useWarming } from '../reading/use-warming.ts'
import { TrainingNote } from '../training/training-note.tsx'
import { useWords } from '../words.ts'
import { ExamList } from './exam-list.tsx'

export default function WorklistPage() {
  const [search] = useSearchParams()
  const state = asWorkState(search.get('state'))
  useWarming('worklist')
  return <ExamList words={useWords().worklist} state={state} query={useWorklist(state)} pathOf={(id) => `/read/${id}`} note={<TrainingNote />} />
}
