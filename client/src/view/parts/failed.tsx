import { Button } from '@mantine/core'
import { explain } from '#state/problems.ts'
import { useWords } from '../words.ts'
import { Note } from './note.tsx'
import { Nothing } from './nothing.tsx'

interface FailedProps {
  error: unknown
  onAgain: () => void
  /** One line above what is still shown from before. */
  isSmall?: boolean
}

export function Failed({ error, onAgain, isSmall = false }: FailedProps) {
  const words = useWords()
  const again = (
    <Button size="compact-sm" variant="default" onClick={onAgain}>
      {words.states.again}
    </Button>
  )
  if (isSmall) return <Note kind="bad">{explain(error, words)} {again}</Note>
  return (
    <div role="alert">
      <Nothing title={words.states.failed} detail={explain(error, words)}>
        {again}
      </Nothing>
    </div>
  )
}
