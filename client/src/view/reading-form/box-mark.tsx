import { useEffect, useRef } from 'react'
import { around, onPage } from '#draw/box.ts'
import { cursorOf, handleAt, handlesOf } from '#draw/grip.ts'
import { labelAt, type Lettering, letteringIn } from '#draw/label.ts'
import type { Transform } from '#draw/transform.ts'
import type { Box } from '#schema/marking.ts'
import css from './marks.module.css'

/** Of a pane, in pixels of the page. */
export interface Size {
  readonly width: number
  readonly height: number
}

interface BoxMarkProps {
  id: number
  box: Box
  transform: Transform
  pane: Size
  label: string
  name: string
  isActive: boolean
  onFocus: () => void
  onKeyDown: (event: React.KeyboardEvent) => void
}

const HANDLE = 7
/** From an edge outwards to the middle of its handle: what is marked may be no larger than a handle. */
const OUT = 6
/** From an edge outwards to the middle of its line. */
export const LINE_OUT = 1.7
/** The line below a box that is only seen in which its label stands: boxes that nearly coincide keep theirs apart. */
const UNDER = { a: 1, b: 2, new: 1 }

/**
 * A box that can be taken hold of: by its line, and when keys answer it by all of it and by its handles, which are there
 * while the pointer is. Nothing is drawn inside it.
 */
export function BoxMark({ id, box, transform, pane, label, name, isActive, onFocus, onKeyDown }: BoxMarkProps) {
  const group = useRef<SVGGElement>(null)
  const place = onPage(box, transform)
  useEffect(() => {
    // What keys answer is what they move, unless somebody types or goes through the form.
    const focused = document.activeElement
    if (!isActive && focused === group.current) group.current?.blur()
    if (isActive && (focused === null || focused === document.body || focused.id === 'content' || focused.closest('[data-mark]') !== null)) group.current?.focus({ preventScroll: true })
  }, [isActive])
  return (
    <g ref={group} className={css.mark} data-mark={id} data-active={isActive} data-box={box.join(' ')} tabIndex={0} role="button" aria-label={name} aria-pressed={isActive} onFocus={onFocus} onKeyDown={onKeyDown}>
      <rect className={css.grip} {...place} style={isActive ? { pointerEvents: 'all', cursor: 'move' } : { cursor: 'pointer' }} />
      <Line place={place} />
      <Label at={labelAt(place, label, pane, letteringIn(globalThis))} text={label} />
      {isActive &&
        handlesOf(box, transform).map((grip) => {
          const { x, y } = handleAt(box, grip, transform, OUT)
          return <rect key={`${grip.x} ${grip.y}`} className={css.handle} x={x - HANDLE / 2} y={y - HANDLE / 2} width={HANDLE} height={HANDLE} style={{ cursor: cursorOf(grip, transform) }} />
        })}
    </g>
  )
}

interface PlainBoxProps {
  box: Box
  transform: Transform
  pane: Size
  label: string
  tone: 'a' | 'b' | 'new'
  isMeant: boolean
}

/** A box that is only seen. */
export function PlainBox({ box, transform, pane, label, tone, isMeant }: PlainBoxProps) {
  const place = onPage(box, transform)
  return (
    <g className={css.plain} data-tone={tone} data-meant={isMeant}>
      <Line place={place} />
      <Label at={labelAt(place, label, pane, letteringIn(globalThis), UNDER[tone])} text={label} />
    </g>
  )
}

function Line({ place }: { place: ReturnType<typeof onPage> }) {
  const outside = around(place, LINE_OUT)
  return (
    <>
      <rect className={css.shade} {...outside} />
      <rect className={css.line} {...outside} />
    </>
  )
}

function Label({ at, text }: { at: Lettering | null; text: string }) {
  if (at === null) return null
  return (
    <text className={css.label} {...at}>
      {text}
    </text>
  )
}
