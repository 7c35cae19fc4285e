import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { Bounds } from '#draw/box.ts'
import { type Point, toImage, type Transform } from '#draw/transform.ts'

interface Putting {
  readonly transform: Transform
  readonly bounds: Bounds
  readonly mayChange: boolean
  /** While it is dragged; null at the end. */
  readonly onLive: (point: Point | null) => void
  readonly onPut: (point: Point) => void
}

/** Let the nipple of a pane be dragged to where it is. */
export function usePuttingNipple(svg: RefObject<SVGSVGElement | null>, putting: Putting): void {
  const newest = useRef(putting)
  useLayoutEffect(() => {
    newest.current = putting
  })
  useEffect(() => (svg.current === null ? undefined : listen(svg.current, () => newest.current)), [svg])
}

function listen(element: SVGSVGElement, putting: () => Putting): () => void {
  const listening = new AbortController()
  const { signal } = listening
  let pointer: number | null = null

  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top } = element.getBoundingClientRect()
    const { transform, bounds } = putting()
    const { x, y } = toImage(transform, { x: clientX - left, y: clientY - top })
    return { x: Math.min(Math.max(x, 0), bounds.columns), y: Math.min(Math.max(y, 0), bounds.rows) }
  }
  const begin = (event: PointerEvent) => {
    const isMeant = event.button === 0 && (event.target as Element).closest('[data-nipple]') !== null
    if (!isMeant || !putting().mayChange) return
    // Else the viewer moves the image as well.
    event.stopPropagation()
    event.preventDefault()
    element.setPointerCapture(event.pointerId)
    pointer = event.pointerId
  }
  const move = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return
    event.stopPropagation()
    putting().onLive(at(event))
  }
  const end = (event: PointerEvent) => {
    if (event.pointerId !== pointer) return
    event.stopPropagation()
    pointer = null
    const { onLive, onPut } = putting()
    onLive(null)
    if (event.type === 'pointerup') onPut(at(event))
  }
  element.addEventListener('pointerdown', begin, { signal })
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', end, { signal })
  element.addEventListener('pointercancel', end, { signal })
  return () => listening.abort()
}
