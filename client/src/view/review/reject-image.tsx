import { useEffect } from 'react'
import type { RejectionReason } from '#schema/review.ts'
import { useWords } from '../words.ts'
import { Asking } from './asking.tsx'
import css from './review.module.css'

const REASONS: readonly RejectionReason[] = ['visible_identifier', 'image_quality', 'other']

interface RejectImageProps {
  /** Whether it is rejected already: then that can be taken back. */
  isRejected: boolean
  /** null: it is not rejected after all. */
  onReject: (reason: RejectionReason | null) => void
  onClose: () => void
}

/** Why an image is rejected: by the number before the reason, or Enter for the first. */
export function RejectImage({ isRejected, onReject, onClose }: RejectImageProps) {
  const { review, reviewImages: words } = useWords()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const reason = REASONS[Number(event.key) - 1]
      if (event.repeat || (reason === undefined && (event.key !== '0' || !isRejected))) return
      event.preventDefault()
      onReject(reason ?? null)
    }
    globalThis.addEventListener('keydown', onKeyDown)
    return () => globalThis.removeEventListener('keydown', onKeyDown)
  }, [isRejected, onReject])
  return (
    <Asking title={words.why} onClose={onClose}>
      <div className={css.answers}>
        {REASONS.map((reason, place) => (
          <button key={reason} type="button" className={css.act} data-kind="reject" onClick={() => onReject(reason)}>
            <kbd aria-hidden="true">{place + 1}</kbd>
            <span>{words.reasons[reason]}</span>
          </button>
        ))}
        {isRejected && (
          <button type="button" className={css.act} onClick={() => onReject(null)}>
            <kbd aria-hidden="true">0</kbd>
            <span>{words.notRejected}</span>
          </button>
        )}
        <button type="button" className={css.act} onClick={onClose}>
          <kbd aria-hidden="true">Esc</kbd>
          <span>{review.cancel}</span>
        </button>
      </div>
    </Asking>
  )
}
