import { useEffect, useRef } from 'react'
import { onPage } from '#draw/box.ts'
import { cursorOf, handleAt, HANDLES } from '#draw/grip.ts'
import type { Transform } from '#draw/transform.ts'
import type { Box } from '#schema/marking.ts'
import css from './marks.module.css'

interface BoxMarkProps {
  id: number
  box: Box
  transform: Transform
  label: string
  name: string
  isActive: boolean
  onFocus: () => void
  onKeyDown: (event: React.KeyboardEvent) => void
}

const HANDLE = 7
/** How far below a box that is only seen its label stands: boxes that nearly coincide keep theirs apart. */
const UNDER = { a: 14, b: 28, new: 14 }

/** A box that can be taken hold of: by its line, and when keys answer it by all of it and by its handles. */
export function BoxMark({ id, box, transform, label, name, isActive, onFocus, onKeyDown }: BoxMarkProps) {
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
      <rect className={css.shade} {...place} />
      <rect className={css.line} {...place} />
      <Label x={place.x} y={place.y} text={label} />
      {isActive &&
        HANDLES.map((grip) => {
          const { x, y } = handleAt(box, grip, transform)
          return <rect key={`${grip.x} ${grip.y}`} className={css.handle} x={x - HANDLE / 2} y={y - HANDLE / 2} width={HANDLE} height={HANDLE} style={{ cursor: cursorOf(grip, transform) }} />
        })}
    </g>
  )
}

interface PlainBoxProps {
  box: Box
  transform: Transform
  label: string
  tone: 'a' | 'b' | 'new'
  isMeant: boolean
}

/** A box that is only seen. */
export function PlainBox({ box, transform, label, tone, isMeant }: PlainBoxProps) {
  const place = onPage(box, transform)
  return (
    <g className={css.plain} data-tone={tone} data-meant={isMeant}>
      <rect className={css.shade} {...place} />
      <rect className={css.line} {...place} />
      <text className={css.label} x={place.x + 2} y={place.y + place.height + UNDER[tone]}>
        {label}
      </text>
    </g>
  )
}

/** Above the box, or inside where there is no room. */
function Label({ x, y, text }: { x: number; y: number; text: string }) {
  return (
    <text className={css.label} x={x + 2} y={y < 18 ? y + 14 : y - 5}>
      {text}
    </text>
  )
}
