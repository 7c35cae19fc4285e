import type { KeyboardEvent } from 'react'
import { type Bounds, shifted } from '#draw/box.ts'
import { dragged, type Grip } from '#draw/grip.ts'
import type { Transform } from '#draw/transform.ts'
import type { Mark } from '#state/draft.ts'
import type { Desk } from '#state/reading.ts'

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const FAST = 10

/** Arrows on a box: move it by a pixel of the page, with Shift its right or lower edge; with Ctrl ten times as far. */
export function useBoxKeys(desk: Desk, transform: Transform, bounds: Bounds): (event: KeyboardEvent, mark: Mark) => void {
  return (event, mark) => {
    const arrow = ARROWS[event.key]
    if (arrow === undefined || event.altKey || event.metaKey) return
    event.preventDefault()
    const far = event.ctrlKey ? FAST : 1
    const [dx, dy] = [step(arrow[0] * far, transform.ax), step(arrow[1] * far, transform.ay)]
    const zero = { x: 0, y: 0 }
    const box = event.shiftKey ? dragged(mark.box, lowerRight(transform, dx !== 0), zero, { x: dx, y: dy }, bounds) : shifted(mark.box, dx, dy, bounds)
    desk.change({ do: 'box', id: mark.id, box }, `box ${mark.id}`)
  }
}

/** Stored pixels for pixels of the page, at least one. */
function step(pixels: number, factor: number): number {
  const stored = pixels / factor
  return stored === 0 ? 0 : Math.sign(stored) * Math.max(1, Math.round(Math.abs(stored)))
}

function lowerRight({ ax, ay }: Transform, isAcross: boolean): Grip {
  return isAcross ? { x: ax > 0 ? 'max' : 'min', y: null } : { x: null, y: ay > 0 ? 'max' : 'min' }
}
