import { useEffect, useRef } from 'react'
import { isHeld, match } from '#keys/match.ts'
import type { KeyIdOf, Scope } from '#keys/table.ts'

type Handlers<S extends Scope> = Partial<Record<KeyIdOf<S>, (key: string) => void>>

/** Scopes that listen now, as often as somebody does. */
const listening: Scope[] = []

/** Whether the keys of a scope do something where one is. */
export function isHere(scope: Scope): boolean {
  return listening.includes(scope)
}

/** Listen for the keys of a scope while the component is shown; never while somebody types or a dialog is open. */
export function useKeys<S extends Scope>(scope: S, handlers: Handlers<S>): void {
  const newest = useRef(handlers)
  useEffect(() => {
    newest.current = handlers
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event)) return
      const id = match(event, scope) as KeyIdOf<S> | null
      const handler = id === null ? undefined : newest.current[id]
      if (id === null || handler === undefined) return
      event.preventDefault()
      if (isHeld(event, id)) return
      handler(event.key)
    }
    listening.push(scope)
    globalThis.addEventListener('keydown', onKeyDown)
    return () => {
      listening.splice(listening.indexOf(scope), 1)
      globalThis.removeEventListener('keydown', onKeyDown)
    }
  }, [scope])
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('input, textarea, select, [contenteditable="true"]') !== null) return true
  // the button or link that has the focus is pressed by these
  return (key === 'Enter' || key === ' ') && target.closest('button, a, summary') !== null
}
