import { keySign } from '#keys/match.ts'
import { useWords } from '../words.ts'
import { Act, Foot } from './foot.tsx'
import type { useValuesWork } from './use-values-work.ts'

interface ValuesFootProps {
  work: ReturnType<typeof useValuesWork>
  isExample: boolean
  onExample: () => void
}

export function ValuesFoot({ work, isExample, onExample }: ValuesFootProps) {
  const { review, reviewValues: words } = useWords()
  return (
    <Foot>
      <Act sign="A" name={review.approve} kind="approve" onClick={work.approve} />
      <Act sign={keySign('Shift+a')} name={words.approveAll} kind="approve" onClick={work.approveAll} />
      <Act sign="R" name={review.reject} kind="reject" onClick={() => work.ask('value')} />
      <Act sign={keySign('Shift+r')} name={words.rejectAll} kind="reject" onClick={() => work.ask('element')} />
      <Act sign="E" name={words.example} isPressed={isExample} onClick={onExample} />
      <Act sign="U" name={review.undo} onClick={work.undo} />
    </Foot>
  )
}
