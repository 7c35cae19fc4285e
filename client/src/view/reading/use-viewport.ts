import { useCallback, useState, useSyncExternalStore } from 'react'
import type { Exam } from '#schema/viewing.ts'
import { imageStore } from '#state/images/room.ts'
import { onServerBack } from '#state/session-now.ts'
import type { Painting } from './viewport/painter.ts'
import { type Snapshot, Viewport } from './viewport/viewport.ts'

/**
 * The viewer of an exam, and the ref for the element that it fills; that holds a canvas. Null until both are there.
 */
export function useViewport(exam: Exam): { viewport: Viewport | null; room: (element: HTMLElement | null) => () => void } {
  const [viewport, setViewport] = useState<Viewport | null>(null)
  const room = useCallback(
    (element: HTMLElement | null) => {
      const canvas = element?.querySelector('canvas') ?? null
      if (element === null || canvas === null) return () => undefined
      const made = new Viewport(canvas, imageStore, exam, painting())
      const stop = follow(made, element)
      setViewport(made)
      return () => {
        stop()
        made.dispose()
        setViewport(null)
      }
    },
    [exam],
  )
  return { viewport, room }
}

/** What it shows, anew whenever that changes. */
export function useSnapshot(viewport: Viewport): Snapshot {
  return useSyncExternalStore(viewport.subscribe, viewport.snapshot)
}

/** Tell it of its size, and whether anybody sees it; returns how to stop. */
function follow(viewport: Viewport, element: HTMLElement): () => void {
  const measure = () => viewport.resize(element.clientWidth, element.clientHeight, globalThis.devicePixelRatio)
  const observer = new ResizeObserver(measure)
  observer.observe(element)
  const listening = new AbortController()
  const { signal } = listening
  // Zooming the browser's page changes how many pixels of the device one of the page has, not always its size.
  globalThis.addEventListener('resize', measure, { signal })
  document.addEventListener('visibilitychange', () => viewport.setHidden(document.hidden), { signal })
  measure()
  // What was not there without the server is there now.
  const stopKnocking = onServerBack(() => viewport.again())
  return () => {
    stopKnocking()
    observer.disconnect()
    listening.abort()
  }
}

/** `?paint=processor` does without the graphics card, where that fails to paint right; `?paint=card` takes any. */
function painting(): Painting {
  const said = new URLSearchParams(globalThis.location.search).get('paint')
  return said === 'processor' || said === 'card' ? said : 'auto'
}
