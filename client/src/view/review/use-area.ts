import { type RefObject, useLayoutEffect, useState } from 'react'
import type { Area } from '#state/review-screens.ts'

/** The room that an element has, in pixels of the page; null before it is known. */
export function useArea(element: RefObject<HTMLElement | null>): Area | null {
  const [area, setArea] = useState<Area | null>(null)
  useLayoutEffect(() => {
    const box = element.current
    if (box === null) return undefined
    const measure = () => setArea({ width: box.clientWidth, height: box.clientHeight })
    measure()
    const watcher = new ResizeObserver(measure)
    watcher.observe(box)
    return () => watcher.disconnect()
  }, [element])
  return area
}
