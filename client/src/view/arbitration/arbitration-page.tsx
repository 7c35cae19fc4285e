import { useSearchParams } from 'react-router'
import type { ArbitrationItem } from '#schema/reading-room.ts'
import { asWorkState, useArbitration } from '#state/worklist.ts'
import { useWarming } from '../reading/use-warming.ts'
import { useWords } from '../words.ts'
import { ExamList } from '../worklist/exam-list.tsx'
import { Reasons } from './reasons.tsx'

export default function ArbitrationPage() {
  const [search] = useSearchParams()
  const state = asWorkState(search.get('state'))
  useWarming('arbitration')
  return (
    <ExamList
      words={useWords().arbitration}
      state={state}
      query={useArbitration(state)}
      pathOf={(id) => `/arbitrate/${id}`}
      reasonsOf={(item: ArbitrationItem) => <Reasons reasons={item.reasons} />}
    />
  )
}
