import { Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import { labelOf } from '#hanging/labels.ts'
import type { FlagKind } from '#schema/marking.ts'
import { explainBy } from '#state/problems.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { Dialog, Question } from '../parts/dialog.tsx'
import { useWords } from '../words.ts'
import { ConflictDialog } from './conflict.tsx'
import { Violations } from './violations.tsx'

/** What is asked before going on. */
export function Dialogs({ desk }: { desk: Desk }) {
  const { asking, conflict } = useDeskSnapshot(desk)
  if (conflict !== null) return <ConflictDialog desk={desk} conflict={conflict} />
  if (asking === 'confirm') return <Confirming desk={desk} />
  if (asking === 'flag') return <Flagging desk={desk} />
  return asking === 'reason' ? <Amending desk={desk} /> : null
}

function useRefusal(desk: Desk): { isBusy: boolean; refusal: string | null; close: () => void } {
  const words = useWords()
  const { isSubmitting: isBusy, refusal } = useDeskSnapshot(desk)
  return { isBusy, refusal: refusal === null ? null : explainBy(refusal, words, words.marking.refusals), close: () => desk.ask(null) }
}

function Confirming({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const { violations } = useDeskSnapshot(desk)
  const { close, ...state } = useRefusal(desk)
  return (
    <Dialog title={words.confirmTitle} onClose={close}>
      <Question yes={words.confirmYes} no={words.back} onYes={() => desk.confirm()} onNo={close} {...state}>
        <Violations violations={violations} isPlaced />
      </Question>
    </Dialog>
  )
}

const KINDS: readonly FlagKind[] = ['visible_identifier', 'image_quality', 'other']
const LONGEST = 900

function Flagging({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const [kind, setKind] = useState<FlagKind | null>(null)
  const [imageId, setImageId] = useState('')
  const [reason, setReason] = useState('')
  const { close, ...state } = useRefusal(desk)
  const images = desk.seat.exam.images.map((one) => ({ value: one.image_id, label: labelOf(one.laterality, one.view_position, one.attributes) }))
  const send = () => {
    if (kind !== null) void desk.flag({ kind, reason: reason.trim(), image_id: imageId === '' ? null : imageId })
  }
  return (
    <Dialog title={words.flagTitle} onClose={close} isKept>
      <Question yes={words.flagYes} no={words.back} isGrave isPossible={kind !== null && reason.trim() !== ''} onYes={send} onNo={close} {...state}>
        <p>{words.flagDetail}</p>
        <Select label={words.flagKind} data={KINDS.map((value) => ({ value, label: words.flagKinds[value] }))} value={kind} onChange={setKind} allowDeselect={false} data-autofocus />
        <Select label={words.flagImage} data={[{ value: '', label: words.flagWhole }, ...images]} value={imageId} onChange={(value) => setImageId(value ?? '')} allowDeselect={false} />
        <Textarea label={words.flagReason} value={reason} maxLength={LONGEST} onChange={(event) => setReason(event.currentTarget.value)} />
      </Question>
    </Dialog>
  )
}

function Amending({ desk }: { desk: Desk }) {
  const { marking: words } = useWords()
  const [reason, setReason] = useState('')
  const { close, ...state } = useRefusal(desk)
  return (
    <Dialog title={words.amendTitle} onClose={close} isKept>
      <Question yes={words.amendYes} no={words.back} isPossible={reason.trim() !== ''} onYes={() => void desk.amend(reason.trim())} onNo={close} {...state}>
        <Textarea label={words.amendReason} value={reason} maxLength={LONGEST} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      </Question>
    </Dialog>
  )
}
