import type { Coverage } from '#hanging/coverage.ts'
import type { Frame } from '#hanging/frame.ts'
import { seenThrough } from '#hanging/sight.ts'
import css from './reading.module.css'
import type { Pane } from './viewport/viewing.ts'

const HEIGHT = 110

/** A view in small: which parts have been seen at 1:1, and which part is seen now. */
export function CoverageMap({ pane, coverage }: { pane: Pane; coverage: Coverage }) {
  const { frame, rect, sight } = pane
  const { near, far } = seenThrough(rect, sight)
  const { reach: width, top, bottom } = frame.breast
  const height = bottom - top
  const [cellWidth, cellHeight] = [width / coverage.columns, height / coverage.rows]
  const left = mirrored(frame, width)
  const cells = [...coverage.cells].flatMap((isSeen, n) => {
    const [column, row] = [n % coverage.columns, Math.floor(n / coverage.columns)]
    return isSeen === 1 ? [`M${left(column * cellWidth, cellWidth)} ${row * cellHeight}h${cellWidth}v${cellHeight}h${-cellWidth}z`] : []
  })
  return (
    <svg className={css.map} viewBox={`0 0 ${width} ${height}`} width={(HEIGHT * width) / height} height={HEIGHT} aria-hidden="true">
      <path d={cells.join('')} />
      <rect className={css.here} x={left(near.u, far.u - near.u)} y={near.v - top} width={far.u - near.u} height={far.v - near.v} />
    </svg>
  )
}

/** From the distance to the chest wall to where that is as the image hangs. */
function mirrored(frame: Frame, width: number): (u: number, length: number) => number {
  return (u, length) => (frame.side === 'R' ? width - u - length : u)
}
