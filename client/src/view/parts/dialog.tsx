import { Button, Modal } from '@mantine/core'
import { type ReactNode, type SubmitEvent, useEffect, useState } from 'react'
import { useWords } from '../words.ts'
import css from './filters.module.css'
import { Note } from './note.tsx'

interface DialogProps {
  title: string
  onClose: () => void
  /** What is in it must not be lost by a click beside it. */
  isKept?: boolean
  children: ReactNode
}

/** Something to be answered before one goes on. */
export function Dialog({ title, onClose, isKept = false, children }: DialogProps) {
  const { shell } = useWords()
  const [opener] = useState(() => document.activeElement)
  useEffect(() => () => focusAgain(opener), [opener])
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={560}
      closeOnClickOutside={!isKept}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      {children}
    </Modal>
  )
}

/** Give the keyboard back its place; a page that was left meanwhile has set its own. */
function focusAgain(opener: Element | null): void {
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
}

interface QuestionProps {
  /** What the button says that does it. */
  yes: string
  no: string
  isBusy: boolean
  /** Why it was refused; null while it was not. */
  refusal: string | null
  onYes: () => void
  onNo: () => void
  /** Whether it takes something away. */
  isGrave?: boolean
  /** Whether it can be done as things stand. */
  isPossible?: boolean
  children?: ReactNode
}

/** The inside of a dialog: what is asked, what was refused, and two buttons. Enter says yes. */
export function Question({ yes, no, isBusy, refusal, onYes, onNo, isGrave = false, isPossible = true, children }: QuestionProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (isPossible && !isBusy) onYes()
  }
  return (
    <form className={css.dialog} onSubmit={submit} noValidate>
      {children}
      {refusal !== null && <Note kind="bad">{refusal}</Note>}
      <div className={css.buttons}>
        <Button variant="default" onClick={onNo}>
          {no}
        </Button>
        <Button type="submit" loading={isBusy} disabled={!isPossible} className={isGrave ? css.grave : undefined}>
          {yes}
        </Button>
      </div>
    </form>
  )
}
