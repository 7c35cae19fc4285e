// Mouse, pen and fingers: wheel and two fingers zoom, a drag moves, a drag with the right button changes the window.

import type { Point } from '#hanging/frame.ts'
import { placeAt, type Rect } from '#hanging/sight.ts'
import { FIRST_LOOK, type Look } from '#pixels/grey.ts'
import { greying, move, type Pane, toOneToOne, zoom } from './viewing.ts'
import type { Viewport } from './viewport.ts'

/** For one pixel of the wheel. */
const WHEEL = 0.0016
const LINE = 16
/** Pixels of the page over which a window becomes e times as wide, and over which it is moved by its width. */
const WINDOW = { stretch: 260, shift: 700 }
const NARROWEST = 0.02
const WIDEST = 20

type Drag = 'move' | 'window'
const BUTTONS: Readonly<Record<number, Drag>> = { 0: 'move', 1: 'move', 2: 'window' }

export interface Pointing {
  /** The image under the pointer, or null; told when it becomes another one, and with each move for the magnifier. */
  readonly onHover: (imageId: string | null, at: Point) => void
}

/** Listen to what is done with the mouse over an element that lies over the viewer; returns how to stop. */
export function listenToPointers(element: HTMLElement, viewport: Viewport, { onHover }: Pointing): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const pointers = new Map<number, Point>()
  let dragged: { imageId: string; drag: Drag } | null = null

  const at = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  element.addEventListener('wheel', (event) => zoomByWheel(viewport, event, at(event)), { signal, passive: false })
  element.addEventListener('dblclick', (event) => doubleClick(viewport, at(event)), { signal })
  element.addEventListener(
    'pointerdown',
    (event) => {
      const pane = paneUnder(viewport, at(event))
      const meant = BUTTONS[event.button]
      if (pane === undefined || meant === undefined) return
      // Else the middle button scrolls by itself, and a drag selects text.
      event.preventDefault()
      element.setPointerCapture(event.pointerId)
      pointers.set(event.pointerId, at(event))
      dragged = { imageId: pane.frame.imageId, drag: meant }
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const here = at(event)
      onHover(paneUnder(viewport, here)?.frame.imageId ?? null, here)
      const before = pointers.get(event.pointerId)
      if (before === undefined || dragged === null) return
      const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point)
      pointers.set(event.pointerId, here)
      if (others[0] !== undefined) pinch(viewport, dragged.imageId, before, here, others[0])
      else if (dragged.drag === 'move') moveBy(viewport, dragged.imageId, here.x - before.x, here.y - before.y)
      else changeWindow(viewport, dragged.imageId, here.x - before.x, here.y - before.y)
    },
    { signal },
  )
  const end = (event: PointerEvent) => {
    pointers.delete(event.pointerId)
    if (pointers.size === 0) dragged = null
  }
  for (const name of ['pointerup', 'pointercancel'] as const) element.addEventListener(name, end, { signal })
  element.addEventListener('pointerleave', (event) => onHover(null, at(event)), { signal })
  return () => listening.abort()
}

export function paneUnder(viewport: Viewport, { x, y }: Point): Pane | undefined {
  const isIn = (rect: Rect) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height
  return viewport.snapshot().viewing.panes.find(({ rect }) => isIn(rect))
}

function zoomByWheel(viewport: Viewport, event: WheelEvent, at: Point): void {
  event.preventDefault()
  const pane = paneUnder(viewport, at)
  if (pane === undefined) return
  const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1)
  const place = placeAt(pane.frame, pane.rect, pane.sight, at)
  viewport.act((viewing) => zoom(viewing, pane.frame.imageId, Math.exp(-pixels * WHEEL), place))
}

function doubleClick(viewport: Viewport, at: Point): void {
  const pane = paneUnder(viewport, at)
  if (pane === undefined) return
  const place = placeAt(pane.frame, pane.rect, pane.sight, at)
  viewport.act((viewing) => toOneToOne(viewing, pane.frame.imageId, place))
}

/** The image goes with the pointer: what is seen moves the other way. */
function moveBy(viewport: Viewport, imageId: string, dx: number, dy: number): void {
  const pane = viewport.snapshot().viewing.panes.find(({ frame }) => frame.imageId === imageId)
  if (pane === undefined) return
  const outwards = pane.frame.side === 'R' ? -dx : dx
  viewport.act((viewing) => move(viewing, imageId, -outwards / pane.sight.scale, -dy / pane.sight.scale))
}

function pinch(viewport: Viewport, imageId: string, before: Point, here: Point, other: Point): void {
  const pane = viewport.snapshot().viewing.panes.find(({ frame }) => frame.imageId === imageId)
  if (pane === undefined) return
  const place = placeAt(pane.frame, pane.rect, pane.sight, other)
  viewport.act((viewing) => zoom(viewing, imageId, distance(here, other) / distance(before, other), place))
}

function distance(a: Point, b: Point): number {
  return Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))
}

/** To the right wider, so with less contrast; downwards darker. */
function changeWindow(viewport: Viewport, imageId: string, dx: number, dy: number): void {
  viewport.act((viewing) => greying(viewing, imageId, (look) => windowMoved(look, dy / WINDOW.shift, Math.exp(dx / WINDOW.stretch))))
}

export function windowMoved(look: Look, shift: number, factor: number): Look {
  const stretch = Math.min(Math.max(look.stretch * factor, NARROWEST), WIDEST)
  // By the width that it has now: a narrow window is moved finely.
  return { ...look, stretch, shift: look.shift + shift * Math.min(1, look.stretch) }
}

export function windowReset(look: Look): Look {
  return { ...FIRST_LOOK, choice: look.choice, isInverted: look.isInverted }
}
