import { useState } from 'react'
import { useWords } from '../words.ts'
import { Asking } from './asking.tsx'
import css from './review.module.css'

interface RejectValueProps {
  element: string
  /** Whether the whole element is rejected, and what comes later too. */
  isWhole: boolean
  onReject: (reason: string) => void
  onClose: () => void
}

export function RejectValue({ element, isWhole, onReject, onClose }: RejectValueProps) {
  const { review, reviewValues: words } = useWords()
  const [reason, setReason] = useState('')
  return (
    <Asking title={isWhole ? words.rejectAllTitle(element) : words.rejectTitle(element)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onReject(reason.trim())
        }}
      >
        <p className={css.quiet}>{isWhole ? words.rejectAllDetail : words.rejectDetail}</p>
        <input
          className={css.input}
          aria-label={words.why}
          placeholder={words.why}
          maxLength={500}
          value={reason}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={css.answers}>
          <button type="submit" className={css.act} data-kind="reject">
            <kbd aria-hidden="true">Enter</kbd>
            <span>{review.reject}</span>
          </button>
          <button type="button" className={css.act} onClick={onClose}>
            <kbd aria-hidden="true">Esc</kbd>
            <span>{review.cancel}</span>
          </button>
        </div>
      </form>
    </Asking>
  )
}
