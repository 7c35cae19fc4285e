import type { Range } from '#schema/review.ts'
import css from './review.module.css'

const WIDTH = 132
const HEIGHT = 26
const GAP = 1

/** How the numbers of a range spread; what holds anything is never without height. */
export function Histogram({ range }: { range: Range }) {
  const { counts } = range.histogram
  const most = Math.max(...counts, 1)
  const width = WIDTH / counts.length
  return (
    <svg className={css.histogram} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {counts.map((count, place) => {
        const height = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT)
        const x = place * width
        // oxlint-disable-next-line react/no-array-index-key -- bars stand where they stand
        return <rect key={place} x={x} y={HEIGHT - height} width={Math.max(1, width - GAP)} height={height} />
      })}
    </svg>
  )
}
