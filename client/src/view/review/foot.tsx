import type { ReactNode } from 'react'
import { useWords } from '../words.ts'
import css from './review.module.css'

interface ActProps {
  sign: string
  name: string
  onClick: () => void
  kind?: 'approve' | 'reject'
  isOff?: boolean
  isPressed?: boolean
}

/** Something that a key does, as a button that names the key. */
export function Act({ sign, name, onClick, kind, isOff = false, isPressed }: ActProps) {
  return (
    <button type="button" className={css.act} data-kind={kind} aria-disabled={isOff} aria-pressed={isPressed} onClick={onClick}>
      <kbd aria-hidden="true">{sign}</kbd>
      <span>{name}</span>
    </button>
  )
}

export function Foot({ children }: { children: ReactNode }) {
  const { shell } = useWords()
  return (
    <div className={css.foot} role="toolbar" aria-label={shell.keys}>
      {children}
    </div>
  )
}
