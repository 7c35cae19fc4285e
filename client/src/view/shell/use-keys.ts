import { useEffect, useRef } from 'react'
import { match } from '#keys/match.ts'
import type { KeyIdOf, Scope } from '#keys/table.ts'

type Handlers<S extends Scope> = Partial<Record<KeyIdOf<S>, () => void>>

/** Listen for the keys of a scope while the component is shown; never while somebody types or a dialog is open. */
export function useKeys<S extends Scope>(scope: S, handlers: Handlers<S>): void {
  const newest = useRef(handlers)
  useEffect(() => {
    newest.current = handlers
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTaken(event.target)) return
      const id = match(event, scope) as KeyIdOf<S> | null
      const handler = id === null ? undefined : newest.current[id]
      if (handler === undefined) return
      event.preventDefault()
      handler()
    }
    globalThis.addEventListener('keydown', onKeyDown)
    return () => globalThis.removeEventListener('keydown', onKeyDown)
  }, [scope])
}

function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}
