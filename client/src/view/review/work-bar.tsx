import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Outbox, Sender } from '#state/review-outbox.ts'
import { useSession } from '#state/session.ts'
import { Note } from '../parts/note.tsx'
import { useFormats, useWords } from '../words.ts'
import { CalmFilter } from './calm.tsx'
import css from './review.module.css'
import type { Notice } from './use-notice.ts'

interface WorkBarProps {
  title: string
  left: string
  /** Share that is decided, 0 to 1. */
  share: number
  sender: Sender
  outbox: Outbox
  /** Go to what the server would not record. */
  onShow: (subject: string) => void
  /** Ask for everything anew. */
  onReload: () => void
  children?: ReactNode
}

/** What is left, whether what was said is saved, and what belongs to the page: always at the top. */
export function WorkBar({ title, left, share, sender, outbox, onShow, onReload, children }: WorkBarProps) {
  const dataset = useSession().data?.me?.dataset
  const { percent } = useFormats()
  return (
    <>
      <title>{dataset === undefined ? title : `${title} · ${dataset}`}</title>
      <div className={css.bar}>
        <h1>{title}</h1>
        {children}
        <span className={css.barEnd}>
          <Saving outbox={outbox} />
          <strong className={css.left} data-testid="left">
            {left}
          </strong>
        </span>
        <div
          className={css.progress}
          role="progressbar"
          aria-label={left}
          aria-valuenow={Math.round(share * 100)}
          aria-valuetext={percent(share)}
        >
          <span style={{ width: `${share * 100}%` }} />
        </div>
      </div>
      <CalmFilter />
      <Trouble outbox={outbox} sender={sender} />
      <Faults outbox={outbox} onShow={onShow} onReload={onReload} />
    </>
  )
}

/** Nothing can be sent just now. */
function Trouble({ outbox, sender }: Pick<WorkBarProps, 'outbox' | 'sender'>) {
  const words = useWords().review
  if (outbox.trouble === null) return null
  return (
    <div className={css.trouble}>
      <Note kind="bad">
        {words.trouble(unsentOf(outbox))}{' '}
        <Button size="compact-sm" variant="default" onClick={() => void sender.flush()}>
          {words.sendNow}
        </Button>
      </Note>
    </div>
  )
}

/** What the server would not record; it is undecided again. */
function Faults({ outbox, onShow, onReload }: Pick<WorkBarProps, 'outbox' | 'onShow' | 'onReload'>) {
  const words = useWords().review
  const first = [...outbox.faults][0]
  if (first === undefined) return null
  const [subject, message] = first
  return (
    <div className={css.trouble}>
      <Note kind="bad">
        {words.notRecorded(outbox.faults.size, message)}{' '}
        <Button size="compact-sm" variant="default" onClick={() => onShow(subject)}>
          {words.show}
        </Button>{' '}
        <Button size="compact-sm" variant="default" onClick={onReload}>
          {words.reload}
        </Button>
      </Note>
    </div>
  )
}

function unsentOf({ entries }: Outbox): number {
  return entries.filter((one) => one.stand === 'held' || one.stand === 'sending').length
}

function Saving({ outbox }: { outbox: Outbox }) {
  const words = useWords().review
  const unsent = unsentOf(outbox)
  if (outbox.entries.length === 0) return null
  return (
    <span className={css.saving} data-saved={unsent === 0} role="status">
      {unsent === 0 ? words.saved : words.unsent(unsent)}
    </span>
  )
}

/** What was just done, over the foot of the page. */
export function NoticeLine({ notice }: { notice: Notice | null }) {
  return (
    <div className={css.notice} role="status" data-kind={notice?.kind}>
      {notice?.text}
    </div>
  )
}
