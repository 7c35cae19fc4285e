import { Button } from '@mantine/core'
import { useWords } from '../words.ts'
import { Nothing } from '../parts/nothing.tsx'

/** Instead of a page whose code failed or is no longer on the server. */
export function Broken() {
  const { states } = useWords()
  return (
    <main>
      <Nothing title={states.failed} detail={states.newVersion}>
        <Button onClick={() => globalThis.location.reload()}>{states.reload}</Button>
      </Nothing>
    </main>
  )
}
