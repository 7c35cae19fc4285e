import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import css from './review.module.css'

interface AskingProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A question over the foot of the page; while it is open no other key counts. Escape closes it. */
export function Asking({ title, onClose, children }: AskingProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.querySelector<HTMLElement>('input, button')?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }
    if (event.key === 'ArrowDown') step(box.current, 1, event)
    if (event.key === 'ArrowUp') step(box.current, -1, event)
    if (event.key === 'Tab') step(box.current, event.shiftKey ? -1 : 1, event)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it closes itself and keeps the focus
    <div ref={box} className={css.asking} role="dialog" aria-modal="true" aria-label={title} onKeyDown={onKeyDown}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Move the focus among what can have it, and stay inside. */
function step(box: HTMLElement | null, by: 1 | -1, event: KeyboardEvent): void {
  const found = [...(box?.querySelectorAll<HTMLElement>('input, button') ?? [])]
  if (found.length === 0) return
  event.preventDefault()
  const here = found.findIndex((one) => one === document.activeElement)
  found[(here + by + found.length) % found.length]?.focus()
}
