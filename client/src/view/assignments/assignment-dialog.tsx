import type { Assignment, ReadingRole } from '#schema/administering.ts'
import type { Held } from '#state/assignments.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useWords } from '../words.ts'
import { Draw } from './draw.tsx'
import { Give } from './give.tsx'
import { Take } from './take.tsx'

/** What the page is asking for. */
export type Asking =
  | { kind: 'draw' }
  | { kind: 'give'; exam: Assignment; role: ReadingRole }
  | { kind: 'take'; exam: Assignment; held: Held }

interface AssignmentDialogProps {
  asking: Asking
  /** With what was done, in a sentence; null when nothing was. */
  onClose: (done: string | null) => void
}

export function AssignmentDialog({ asking, onClose }: AssignmentDialogProps) {
  const { assignments: words, worklist } = useWords()
  return (
    <Dialog title={titleOf()} onClose={() => onClose(null)}>
      {asking.kind === 'draw' && <Draw onClose={onClose} />}
      {asking.kind === 'give' && <Give exam={asking.exam} role={asking.role} onClose={onClose} />}
      {asking.kind === 'take' && <Take exam={asking.exam} held={asking.held} onClose={onClose} />}
    </Dialog>
  )

  function titleOf(): string {
    if (asking.kind === 'draw') return words.draw.title
    if (asking.kind === 'give') return words.giving.title(asking.exam.number, worklist.roles[asking.role])
    return words.taking.title(asking.exam.number, asking.held.name)
  }
}
