// Marking by mouse, pen or finger on one pane: a drag draws a box, moves it, or one of its edges.

import { type Bounds, boxBetween, sameBox } from '#draw/box.ts'
import { ALL, dragged, type Grip, gripAt } from '#draw/grip.ts'
import { type Point, toImage, type Transform } from '#draw/transform.ts'
import type { Box } from '#schema/marking.ts'

export interface Target {
  readonly id: number
  readonly box: Box
}

/** A box while it is dragged; `id` null: a new one. */
export interface Live {
  readonly id: number | null
  readonly box: Box
}

/** Asked anew at each event, so that listeners stay while everything else changes. */
export interface Marking {
  readonly transform: Transform
  readonly bounds: Bounds
  readonly isDrawing: boolean
  readonly mayChange: boolean
  readonly targets: readonly Target[]
  readonly onBegin: () => void
  readonly onSelect: (id: number) => void
  readonly onLive: (live: Live | null) => void
  readonly onDrawn: (box: Box) => void
  readonly onChanged: (id: number, box: Box) => void
}

interface Drag {
  readonly pointer: number
  readonly from: Point
  readonly target: Target | null
  readonly grip: Grip
  box: Box | null
}

/** Listen on an element that lies over a pane; returns how to stop. */
export function listenToMarking(element: SVGSVGElement, marking: () => Marking): () => void {
  const listening = new AbortController()
  const { signal } = listening
  let drag: Drag | null = null

  const at = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const begin = (event: PointerEvent) => {
    const now = marking()
    if (event.button !== 0 || drag !== null) return
    const id = Number((event.target as Element).closest('[data-mark]')?.getAttribute('data-mark') ?? Number.NaN)
    const target = now.isDrawing ? null : (now.targets.find((one) => one.id === id) ?? null)
    if (target === null && !now.isDrawing) return
    // Else the viewer moves the image as well.
    event.stopPropagation()
    event.preventDefault()
    now.onBegin()
    if (target !== null) now.onSelect(target.id)
    if (!now.mayChange) return
    element.setPointerCapture(event.pointerId)
    const grip = target === null ? ALL : (gripAt(target.box, at(event), now.transform) ?? ALL)
    drag = { pointer: event.pointerId, from: toImage(now.transform, at(event)), target, grip, box: null }
  }
  const move = (event: PointerEvent) => {
    if (drag === null || event.pointerId !== drag.pointer) return
    event.stopPropagation()
    const { transform, bounds, onLive } = marking()
    const to = toImage(transform, at(event))
    drag.box = drag.target === null ? boxBetween(drag.from, to, bounds) : dragged(drag.target.box, drag.grip, drag.from, to, bounds)
    onLive({ id: drag.target?.id ?? null, box: drag.box })
  }
  const end = (event: PointerEvent) => {
    if (drag === null || event.pointerId !== drag.pointer) return
    event.stopPropagation()
    const { target, box } = drag
    drag = null
    const { onDrawn, onChanged, onLive } = marking()
    onLive(null)
    if (box === null || event.type === 'pointercancel') return
    if (target === null) onDrawn(box)
    else if (!sameBox(box, target.box)) onChanged(target.id, box)
  }
  element.addEventListener('pointerdown', begin, { signal })
  element.addEventListener('pointermove', move, { signal })
  element.addEventListener('pointerup', end, { signal })
  element.addEventListener('pointercancel', end, { signal })
  return () => listening.abort()
}
